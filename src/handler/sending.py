"""From a claimed run to the meaning of its answer: one order at most, and nothing is raised."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handler.dws.answers import Answer, Meaning
from handler.dws.auth import Clock
from handler.dws.client import Dws, Unreadable
from handler.dws.models import DisasterRecovery
from handler.run import Run, RunEvent
from handler.situation import Evidence

POST_WITHIN_S: Final = 20.0
READ_WITHIN_S: Final = 5.0
FRESH_FOR: Final = timedelta(seconds=5)
_EVENTS: Final = {
    Meaning.SUBMITTED: RunEvent.ACCEPTED,
    Meaning.NOT_STARTED: RunEvent.NOT_SENT,
    Meaning.PROVIDER_REJECTED: RunEvent.REJECTED,
    Meaning.UNKNOWN: RunEvent.DOUBTFUL,
}


def send(
    run: Run, evidence: Evidence, dws: Dws, clock: Clock, remaining_s: Callable[[], float]
) -> Run:
    """Give the order, unless the pair has changed since the evidence was read.

    Args:
        run: just claimed, in state `submitting`.
        evidence: what the claim rests on.
        dws: the pair's provider.
        clock: the time now.
        remaining_s: how long this invocation may go on.

    Returns:
        the run as its answer leaves it: submitted, rejected, not started or unknown.
    """
    if changed := _changed(evidence, run, dws, clock):
        answer = Answer(Meaning.NOT_STARTED, "evidence_changed", changed)
        return _settled(run, answer, clock)
    requested_at = clock()
    within_s = min(POST_WITHIN_S, remaining_s() - 2 * READ_WITHIN_S)
    answer = dws.fail_over(run.disaster_recovery_id, within_s)
    answered_at = clock()
    if answer.meaning is Meaning.PROVIDER_REJECTED:
        answer = _confirm_rejection(answer, run, dws)
    sent = replace(run, requested_at=requested_at, answered_at=answered_at)
    return _settled(sent, answer, clock)


def _settled(run: Run, answer: Answer, clock: Clock) -> Run:
    event = _EVENTS[answer.meaning]
    return run.after(
        event,
        clock(),
        answer=event,
        has_2xx=answer.has_2xx,
        reason_code=answer.reason_code,
        reason=answer.sentence,
        provider_request_id=answer.request_id,
    )


def _changed(evidence: Evidence, run: Run, dws: Dws, clock: Clock) -> str | None:
    """What is different by now; what was read a moment ago is not read again."""
    if evidence.detail and clock() - evidence.read_at <= FRESH_FOR:
        return None
    try:
        now = dws.detail(run.disaster_recovery_id, READ_WITHIN_S)
    except Unreadable as err:
        return f"the detail can no longer be read: {err}" if evidence.detail else None
    return _difference(evidence.shown, now)


def _difference(before: DisasterRecovery | None, now: DisasterRecovery) -> str | None:
    if before and (before.status, before.roles) == (now.status, now.roles):
        return None
    return f"the pair changed between the assessment and the order: it is {now.status} now"


def _confirm_rejection(answer: Answer, run: Run, dws: Dws) -> Answer:
    """A rejection is one only if a read shows that nothing is being switched."""
    try:
        shown = dws.detail(run.disaster_recovery_id, READ_WITHIN_S)
    except Unreadable as err:
        doubt = f"but whether the pair is switching cannot be read: {err}"
    else:
        if not shown.is_switching and shown.roles == run.roles:
            return answer
        doubt = "but the pair is being switched"
    return replace(answer, meaning=Meaning.UNKNOWN, sentence=f"{answer.sentence}, {doubt}")
