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
from handler.run import EXECUTED_LATE, Run, RunState
from handler.situation import Trigger
from handler.steps import Steps, acknowledging, verifying
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
    NO_RUN = "no_run"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    PAUSED = "paused"
    RESUMED = "resumed"
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
    timings: Mapping[str, str | int] = field(default_factory=dict)
    next_steps: tuple[str, ...] = ()
    notified: bool = False

    def as_json(self) -> dict[str, Any]:
        """The result as plain JSON, every field there."""
        values = {one.name: to_plain(getattr(self, one.name)) for one in fields(self)}
        return {"schema": SCHEMA, **values}

    def as_brief_json(self) -> dict[str, Any]:
        """The result as plain JSON, without what it does not say."""
        return {
            name: value for name, value in self.as_json().items() if value not in (None, [], {})
        }


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


def of_run(result: Result, run: Run) -> Result:
    """The result with what its run tells."""
    return replace(
        result,
        run_id=run.run_id,
        incident_id=run.incident_id or result.incident_id,
        estimated_data_loss_s=run.estimated_data_loss_s,
        at_most_data_loss_s=run.at_most_data_loss_s,
        provider_request_id=run.provider_request_id,
        timings=timings(run),
    )


def about_run(run: Run, decision: Decision | None = None, now: datetime | None = None) -> Result:
    """How a run stands: its decision, unless another is given, and the one next command.

    Args:
        run: as stored, or as it is about to be.
        decision: what is told of it.
        now: where that is not when people are told of it.
    """
    is_switched = run.state in (RunState.SUBMITTED, RunState.SUCCEEDED)
    reason = run.reason or f"run {run.run_id} is {run.state}"
    result = Result(
        decision or decision_of(run),
        _code(run, decision),
        reason + (_seen(run) if decision is None else ""),
        retryable=not run.holds,
        pair=run.pair,
        disaster_recovery_id=run.disaster_recovery_id,
        trigger=run.trigger,
        roles=run.roles.exchanged if run.state is RunState.SUCCEEDED else run.roles,
        attribution=run.attribution if is_switched else None,
        next_steps=steps_of(run, now),
    )
    return of_run(result, run)


def _code(run: Run, decision: Decision | None) -> str:
    """That a run goes on late is told once, as that; a reminder of it is one like any other."""
    code = run.reason_code or run.state.value
    return run.state.value if decision is None and code == EXECUTED_LATE else code


def _seen(run: Run) -> str:
    """What the last look at an open run's pair showed."""
    if not run.is_in_flight or run.seen_at is None:
        return ""
    at = isoformat(run.seen_at)
    if run.exchanged_since:
        return f"; at {at} the roles are exchanged, which a second look will have to confirm"
    if run.untouched_since:
        return f"; at {at} the roles are as before, nothing is being switched"
    return f"; at {at} the provider is switching the pair" if run.switching_at else ""


def decision_of(run: Run) -> Decision:
    """A run's state as a decision; an open one that takes too long is overdue."""
    if run.is_in_flight and run.overdue_at:
        return Decision.OVERDUE
    if run.state in (RunState.SUBMITTING, RunState.SUBMITTED):
        return Decision.IN_PROGRESS
    return Decision(run.state.value)


def timings(run: Run) -> Mapping[str, str | int]:
    """The points in time of a run that are known, its first estimate, and how long it took."""
    times = {
        "outage_began_at": run.outage_began_at,
        "alarmed_at": run.alarmed_at,
        "decided_at": run.decided_at,
        "claimed_at": run.claimed_at,
        "requested_at": run.requested_at,
        "answered_at": run.answered_at,
        "switching_seen_at": run.switching_at,
        "exchanged_seen_at": run.exchanged_since,
        "ended_at": run.ended_at,
        "last_sync_at": run.last_sync,
    }
    measured = {
        "estimate_at_decision_s": run.estimate_at_decision_s,
        "recovery_time_s": run.recovery_time_s,
    }
    return {
        **{name: time.isoformat() for name, time in times.items() if time},
        **{name: span for name, span in measured.items() if span is not None},
    }


def steps_of(run: Run, now: datetime | None = None) -> Steps:
    """The one next command about a run, if a person has to do something about it."""
    if not run.holds:
        return ()
    is_open = run.is_in_flight and not run.overdue_at
    return verifying(run) if is_open else acknowledging(run, now)
