"""A run, an incident, or an item that cannot be read, as a row of the history."""

from collections.abc import Mapping
from typing import Any, Final

from handler.aws.past import Unread
from handler.failover.results import about_run
from handler.model.incident import Ending, Incident
from handler.model.printable import one_line
from handler.model.result import Decision
from handler.model.run import Run
from handler.model.times import isoformat

Row = Mapping[str, Any]
_LONGEST: Final = 300  # characters of a text: a hundred rows must fit one answer
_OF_A_RUN: Final = (
    "incident_id", "run_id", "decision", "reason_code", "reason", "attribution",
    "estimated_data_loss_s", "at_most_data_loss_s", "roles", "timings",
)  # fmt: skip
_LOST_NOTHING: Final = {"estimated_data_loss_s": None, "at_most_data_loss_s": None}
# What was last decided before the order was often a refusal, which is not what became of it.
_FAILED_OVER: Final = {
    "decision": Decision.SUCCEEDED.value,
    "reason": "the run of its outage has succeeded",
}
_OF_A_TRIGGER: Final = ("kind", "name", "occurred_at", "requested_by")


def run_row(id_: str, run: Run | Unread) -> Row:
    """A run as it is told, why it was ordered, and who ended its hold."""
    if isinstance(run, Unread):
        return _lined({"disaster_recovery_id": id_, "run_id": run.id, "unreadable": run.why})
    told = about_run(run).as_json()
    return _lined(
        {
            "pair": run.pair,
            "disaster_recovery_id": id_,
            **{name: told[name] for name in _OF_A_RUN},
            **(_LOST_NOTHING if run.never_started else {}),
            "state": run.state.value,
            "trigger": {name: run.trigger.get(name) for name in _OF_A_TRIGGER},
            "ordered_because": run.ordered_because,
            "overridden": run.overridden,
            "recovery_time_s": run.recovery_time_s,
            "holds_pair": run.holds_pair,
            "acknowledged_at": isoformat(run.acknowledged_at) if run.acknowledged_at else None,
            "acknowledged_by": run.acknowledged_by,
            "acknowledged_because": run.acknowledged_because,
        }
    )


def incident_row(id_: str, incident: Incident | Unread) -> Row:
    """An incident: who called, what was last decided, and why it is over."""
    if isinstance(incident, Unread):
        why, incident_id = incident.why, incident.id
        return _lined({"disaster_recovery_id": id_, "incident_id": incident_id, "unreadable": why})
    called = (incident.kind, incident.name, isoformat(incident.occurred_at), None)
    return _lined(
        {
            "pair": incident.pair,
            "disaster_recovery_id": id_,
            "incident_id": incident.incident_id,
            "state": incident.state.value,
            "trigger": dict(zip(_OF_A_TRIGGER, called, strict=True)),
            "decision": incident.decision,
            "reason": incident.reason,
            **(_FAILED_OVER if incident.ended_because is Ending.FAILED_OVER else {}),
            "opened_at": isoformat(incident.opened_at),
            "ended_at": isoformat(incident.ended_at) if incident.ended_at else None,
            "ended_because": incident.ended_because.value if incident.ended_because else None,
            "acknowledged_by": incident.acknowledged_by,
            "acknowledged_because": incident.acknowledged_because,
        }
    )


def _lined(row: Row) -> Row:
    """Whoever wrote the stored texts: each is one printable line that is not too long."""
    return {name: _line(value) for name, value in row.items()}


def _line(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value, _LONGEST)
    if isinstance(value, Mapping):
        return _lined(value)
    if isinstance(value, list | tuple):
        return [_line(one) for one in value]
    return value if value is None or isinstance(value, int) else one_line(str(value), _LONGEST)
