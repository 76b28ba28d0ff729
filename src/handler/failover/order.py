"""From a claimed run to the meaning of its answer: one order at most, and nothing is raised.

The order leaves on fresh evidence: at the moment when its first byte is about to be sent, all that
the gates rest on is at most `FRESH_FOR` old. Where reading, claiming or connecting took longer,
everything is read and judged once more, and a pair that no longer passes is not failed over.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import get_ident
from typing import Final

from handler.dws.answers import Answer, Meaning
from handler.dws.client import Dws
from handler.errors import FailoverError
from handler.failover.ports import Ports
from handler.failover.rejection import CONFIRM_WITHIN_S, confirm_rejection
from handler.gates.assess import Assessment
from handler.model.run import Run, RunEvent
from handler.model.times import Clock
from handler.notifications.text import refusal

# With the reads that confirm a rejection it fits what a claim leaves.
POST_WITHIN_S: Final = 20.0
# Production may come back at any moment: an order on an older picture could lose data for nothing.
FRESH_FOR: Final = timedelta(seconds=10)
STALE: Final = "stale"
_READINGS: Final = 3  # of the evidence, the first one included
_EVENTS: Final = {
    Meaning.SUBMITTED: RunEvent.ACCEPTED,
    Meaning.NOT_STARTED: RunEvent.NOT_SENT,
    Meaning.PROVIDER_REJECTED: RunEvent.REJECTED,
    Meaning.UNKNOWN: RunEvent.DOUBTFUL,
}


def send_order(
    ports: Ports, run: Run, assessment: Assessment, dws: Dws, judge: Callable[[], Assessment]
) -> Run:
    """Give the order.

    Args:
        ports: the clock, the time left, the thread that may order.
        run: just claimed, in state `submitting`.
        assessment: what the claim rests on.
        dws: the pair's provider.
        judge: reads and judges everything anew, but for the run itself.

    Returns:
        the run as its answer leaves it: submitted, rejected, not started or unknown.
    """
    requested_at = ports.clock()
    answer = _order(ports, run, assessment.situation.read_at, dws)
    for _ in range(_READINGS - 1):
        if (answer.meaning, answer.reason_code) != (Meaning.NOT_STARTED, STALE):
            break
        # Nothing has left: the same order may still be given, once it is judged anew. No claim
        # follows that would notice a pause of meanwhile, so all that is read now is as old as
        # the first of it.
        since = ports.clock()
        if no := _refused(judge):
            return _settled(run, no, ports.clock)
        requested_at = ports.clock()
        answer = _order(ports, run, since, dws)
    answered_at = ports.clock()
    if answer.meaning is Meaning.NOT_STARTED:
        return _settled(run, answer, ports.clock)
    if answer.meaning is Meaning.PROVIDER_REJECTED:
        answer = confirm_rejection(ports, answer, run, dws)
    sent = replace(run, requested_at=requested_at, answered_at=answered_at)
    return _settled(sent, answer, ports.clock)


def _order(ports: Ports, run: Run, read_at: datetime, dws: Dws) -> Answer:
    def still_good() -> str | None:
        if get_ident() != ports.thread_id:
            return "its invocation is over"
        age = ports.clock() - read_at
        # A clock that was set back says nothing of how old it is.
        is_fresh = -FRESH_FOR <= age <= FRESH_FOR
        return None if is_fresh else f"the evidence is {age.total_seconds():.0f} s old"

    if stale := still_good():
        return Answer(Meaning.NOT_STARTED, STALE, f"nothing was sent: {stale}")
    within_s = min(POST_WITHIN_S, ports.remaining_s() - CONFIRM_WITHIN_S)
    return dws.fail_over(run.disaster_recovery_id, within_s, still_good)


def _refused(judge: Callable[[], Assessment]) -> Answer | None:
    """Why what is found when everything is read once more is no reason to order, if it is none."""
    try:
        assessment = judge()
    except FailoverError as err:
        why = f"nothing was sent: the evidence is old and cannot be read again: {err}"
        return Answer(Meaning.NOT_STARTED, "evidence_changed", why)
    if assessment.may_act:
        return None
    why = f"nothing was sent: by now {refusal(assessment).sentence}"
    return Answer(Meaning.NOT_STARTED, "evidence_changed", why)


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
