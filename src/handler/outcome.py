"""The result of an event, as callers, subscribers and state machines read it (contract §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from handler.codec import to_plain
from handler.dws.models import Roles
from handler.gates import Assessment
from handler.incident import Incident
from handler.pair import Pair
from handler.run import Run
from handler.situation import Trigger
from handler.times import isoformat

SCHEMA: Final = "dws-failover/1"


class Decision(StrEnum):
    """What was decided, or what became of it."""

    SUBMITTED = "submitted"
    REFUSED = "refused"
    BLOCKED = "blocked"
    REHEARSED = "rehearsed"
    DUPLICATE = "duplicate"
    PROVIDER_REJECTED = "provider_rejected"
    UNKNOWN = "unknown"
    IGNORED = "ignored"
    NOT_STARTED = "not_started"
    STATUS = "status"
    RECONCILED = "reconciled"


@dataclass(frozen=True)
class Result:
    """One result; absent figures are None and leave as null."""

    decision: Decision
    reason_code: str
    reason: str
    command: str | None = None
    retryable: bool = False
    pair: str | None = None
    disaster_recovery_id: str | None = None
    incident_id: str | None = None
    run_id: str | None = None
    trigger: Mapping[str, Any] | None = None
    gates: tuple[Mapping[str, Any], ...] = ()
    evidence: str | None = None
    estimated_data_loss_s: int | None = None
    at_most_data_loss_s: int | None = None
    roles: Roles | None = None
    attribution: str | None = None
    provider_request_id: str | None = None
    timings: Mapping[str, str] = field(default_factory=dict)
    next_steps: tuple[str, ...] = ()
    notified: bool = False

    def as_json(self) -> dict[str, Any]:
        """The result as plain JSON, every field there."""
        values = {one.name: to_plain(getattr(self, one.name)) for one in fields(self)}
        return {"schema": SCHEMA, **values}


def about(pair: Pair, trigger: Trigger, incident: Incident | None = None) -> dict[str, Any]:
    """The fields that say whom a result is about and who asked."""
    is_command = trigger.kind == "command"
    return {
        "command": trigger.name if is_command else None,
        "pair": pair.name,
        "disaster_recovery_id": pair.disaster_recovery_id,
        "incident_id": incident.incident_id if incident else None,
        "trigger": trigger_fields(trigger),
    }


def trigger_fields(trigger: Trigger) -> Mapping[str, Any]:
    """Who asked, as it leaves the function."""
    return {
        "kind": trigger.kind,
        "name": trigger.name,
        "occurred_at": isoformat(trigger.occurred_at) if trigger.occurred_at else None,
        "requested_by": trigger.requested_by,
    }


def assessed(result: Result, assessment: Assessment) -> Result:
    """The result with what its assessment found."""
    shown = assessment.situation.evidence.shown
    return replace(
        result,
        gates=tuple(
            {
                "gate": verdict.gate,
                "verdict": verdict.verdict.value,
                "measured": verdict.measured,
                "limit": verdict.limit,
                "reason": verdict.reason,
                "overridable": verdict.overridable,
            }
            for verdict in assessment.verdicts
        ),
        evidence=assessment.evidence,
        estimated_data_loss_s=assessment.estimated_data_loss_s,
        at_most_data_loss_s=assessment.at_most_data_loss_s,
        roles=shown.roles if shown else None,
    )


def timings(**times: datetime | None) -> Mapping[str, str]:
    """Points in time by name, those that are known."""
    return {name: time.isoformat() for name, time in times.items() if time}


def of_run(result: Result, run: Run) -> Result:
    """The result with what its run tells."""
    return replace(
        result,
        run_id=run.run_id,
        incident_id=run.incident_id or result.incident_id,
        provider_request_id=run.provider_request_id,
        timings=timings(
            outage_began_at=run.outage_began_at,
            claimed_at=run.claimed_at,
            requested_at=run.requested_at,
            answered_at=run.answered_at,
        ),
    )
