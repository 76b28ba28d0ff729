"""From an assessment, or a run, to the result that tells it. Pure."""

from dataclasses import replace

from handler.gates import Assessment
from handler.outcome import Decision, Result, about, about_run, assessed, of_run
from handler.pair import Pair
from handler.run import Run
from handler.situation import Trigger
from handler.steps import Steps
from handler.ways import ways_out
from handler.wording import refusal
from handler.words import UNREADABLE


def outcome_of(run: Run, assessment: Assessment) -> Result:
    """What became of an order, with what was found before it."""
    found = assessed(about_run(run, Decision(run.state.value)), assessment)
    return replace(of_run(found, run), next_steps=found.next_steps or _next_steps(run, assessment))


def _next_steps(run: Run, assessment: Assessment) -> Steps:
    """Order again, where nothing was started."""
    return ways_out(assessment) if not run.holds else ()


def duplicate(pair: Pair, trigger: Trigger, run: Run) -> Result:
    """An event that belongs to a run which is there already."""
    reason = f"this belongs to run {run.run_id}, which is {run.state}"
    result = Result(Decision.DUPLICATE, run.state.value, reason, **about(pair, trigger))
    return of_run(result, run)


def no_evidence(assessment: Assessment) -> Result | None:
    """Blocked, if neither the detail nor the list could be read."""
    evidence = assessment.situation.evidence
    if evidence.shown is not None:
        return None
    fault = evidence.faults["detail"]
    why = f"the provider's state of the pair cannot be read: {fault.sentence}"
    blocked = answer_of(assessment, Decision.BLOCKED, f"provider_{fault.code}", why)
    return replace(blocked, retryable=fault.is_transient, next_steps=(UNREADABLE[fault.code],))


def rehearsal(assessment: Assessment) -> Result:
    """What a confirmed command would come to now."""
    if assessment.may_act:
        why = "every gate passes: a confirmed command would fail over now"
        return answer_of(assessment, Decision.REHEARSED, "would_submit", why)
    code, (_, why) = "ready" if assessment.is_ready else "would_refuse", refusal(assessment)
    return answer_of(assessment, Decision.REHEARSED, code, why)


def answer_of(assessment: Assessment, decision: Decision, code: str, why: str) -> Result:
    """A decision on an assessment, with all that was found and the ways out."""
    situation = assessment.situation
    result = Result(
        decision=decision,
        reason_code=code,
        reason=why,
        retryable=decision is not Decision.REHEARSED,
        next_steps=ways_out(assessment),
        **about(situation.pair, situation.trigger),
    )
    return assessed(result, assessment)
