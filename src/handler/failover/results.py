"""From an assessment, or a run, to the result that tells it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from handler.failover.remind import NEW_PRODUCTION_DOWN, NOT_SWITCHING
from handler.gates.assess import Assessment, Verdict
from handler.gates.brakes import may_come
from handler.gates.witnesses import NO_WITNESS
from handler.model.disaster_recovery import Roles
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.run import EXECUTED_LATE, Run, RunState
from handler.model.signals import Trigger
from handler.model.times import isoformat
from handler.notifications.diagnosis import diagnose
from handler.notifications.next_steps import (
    LOOK_FOR_IT,
    correct_secret,
    fails_over_at,
    next_steps_for,
    steps_of,
)
from handler.notifications.text import refusal


def outcome_of(run: Run, assessment: Assessment) -> Result:
    """What became of an order, with what was found before it."""
    found = assessed(about_run(run, Decision(run.state.value)), assessment)
    trigger = assessment.situation.trigger
    return replace(
        of_run(found, run),
        command=trigger.name if trigger.is_command else None,
        next_steps=found.next_steps or _next_steps(run, assessment),
    )


# What says that the credentials, or their rights, are the cause (not 0308: too many requests).
_DENIED: Final = frozenset({
    "http_401", "http_403",
    *(
        f"{gateway}.{code}"
        for gateway in ("APIG", "APIGW")
        for code in ("0301", "0302", "0303", "0305", "0306", "0307", "0802")
    ),
})  # fmt: skip


def _next_steps(run: Run, assessment: Assessment) -> Steps:
    """Order again, where nothing was started; by good credentials, where it was denied."""
    if run.holds_pair:
        return ()
    mending = correct_secret(assessment.situation.pair) if run.reason_code in _DENIED else ()
    return (*mending, *next_steps_for(assessment))


def duplicate(pair: Pair, trigger: Trigger, run: Run) -> Result:
    """An event that belongs to a run which is there already."""
    return of_run(about(pair, trigger).result(Decision.DUPLICATE, belongs_to(run)), run)


def belongs_to(run: Run) -> Reason:
    """Why nothing more is done about an event that a run is there for."""
    return Reason(run.state.value, f"this belongs to run {run.run_id}, which is {run.state}")


def no_evidence(assessment: Assessment) -> Result | None:
    """Blocked, if neither the detail nor the list could be read."""
    found = diagnose(assessment.situation.pair, assessment.situation.evidence)
    if found is None:
        return None
    why = Reason(f"provider_{found.fault.code}", found.sentence)
    blocked = answer_of(assessment, Decision.BLOCKED, why)
    return replace(blocked, retryable=not found.is_lasting, next_steps=found.next_steps)


def rehearsal(assessment: Assessment) -> Result:
    """What a confirmed command would come to now."""
    if assessment.may_act:
        aside = ", ".join(one.gate for one in assessment.verdicts if one.verdict == "overridden")
        but = f" or is set aside ({aside})" if aside else ""
        why = f"every gate passes{but}: a confirmed command would fail over now{_but(assessment)}"
        return answer_of(assessment, Decision.REHEARSED, Reason("would_submit", why))
    code = "ready" if assessment.is_ready else "would_refuse"
    reason = replace(refusal(assessment), code=code)
    return answer_of(assessment, Decision.REHEARSED, reason)


def _but(assessment: Assessment) -> str:
    """What nobody may overlook who sets gates aside."""
    orders = (f"; but {may_come(run)}" for run in assessment.situation.unsettled)
    return "".join([_of_witnesses(assessment), *orders])


def _of_witnesses(assessment: Assessment) -> str:
    (down,) = (one for one in assessment.verdicts if one.gate == "production_down")
    if down.verdict is not Verdict.OVERRIDDEN:
        return ""
    if assessment.has_word_of_life:
        return "; but a witness says that production is up"
    return "" if assessment.is_called_down else f"; but {NO_WITNESS}"


def answer_of(assessment: Assessment, decision: Decision, reason: Reason) -> Result:
    """A decision on an assessment, with all that was found and the ways out."""
    situation = assessment.situation
    subject = about(situation.pair, situation.trigger)
    result = subject.result(
        decision,
        reason,
        retryable=decision is not Decision.REHEARSED,
        next_steps=next_steps_for(assessment),
    )
    return assessed(result, assessment)


@dataclass(frozen=True)
class Subject:
    """Whom a result is about, and who asked."""

    pair: str | None = None
    disaster_recovery_id: str | None = None
    trigger: Trigger | None = None
    incident_id: str | None = None

    def result(
        self,
        decision: Decision,
        reason: Reason,
        *,
        next_steps: Steps = (),
        retryable: bool = False,
        roles: Roles | None = None,
    ) -> Result:
        """What was decided about it."""
        trigger = self.trigger
        return Result(
            decision,
            reason.code,
            reason.sentence,
            command=trigger.name if trigger and trigger.is_command else None,
            retryable=retryable,
            pair=self.pair,
            disaster_recovery_id=self.disaster_recovery_id,
            incident_id=self.incident_id,
            trigger=trigger_fields(trigger) if trigger else None,
            roles=roles,
            next_steps=next_steps,
        )


def about(pair: Pair, trigger: Trigger, incident: Incident | None = None) -> Subject:
    """A pair, for whoever asked."""
    incident_id = incident.incident_id if incident else None
    return Subject(pair.name, pair.disaster_recovery_id, trigger, incident_id)


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
    shown, due = assessment.situation.evidence.shown, fails_over_at(assessment)
    return replace(
        result,
        timings={"acts_at": isoformat(due)} if due else result.timings,
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
        retryable=not run.holds_pair,
        pair=run.pair,
        disaster_recovery_id=run.disaster_recovery_id,
        trigger=run.trigger,
        roles=run.roles.exchanged if run.state is RunState.SUCCEEDED else run.roles,
        attribution=run.attribution if is_switched else None,
        next_steps=steps_of(run, now),
    )
    return of_run(result, run)


def reminded(run: Run, kind: str) -> Result:
    """How an open run stands, for a person: what is more than its state goes by its own name."""
    result = about_run(run)
    if kind == NOT_SWITCHING:
        return replace(result, reason_code=kind, next_steps=(LOOK_FOR_IT, *result.next_steps))
    return replace(result, reason_code=kind) if kind == NEW_PRODUCTION_DOWN else result


def _code(run: Run, decision: Decision | None) -> str:
    """That a run goes on late is told once, as that; a reminder of it is one like any other."""
    code = run.reason_code or run.state.value
    return decision_of(run).value if decision is None and code == EXECUTED_LATE else code


def _seen(run: Run) -> str:
    """What the last look at an open run's pair showed."""
    if not run.is_in_flight or run.seen_at is None:
        return ""
    at = isoformat(run.seen_at)
    if run.new_down_since:
        new = run.roles.standby_cluster_id
        return f"; at {at} the roles are exchanged, and {new}, production now, is FAILED"
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
