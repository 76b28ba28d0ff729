"""What keeps a pair from being looked after, as its result and as what people hear."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from handler.aws.pairs import BadPair
from handler.commands.reconcile.one_pair import TRIGGER
from handler.errors import FailoverError, InvalidSettings, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import Subject, about
from handler.model.alarm_history import key_of
from handler.model.pair import Pair
from handler.model.result import Decision, Reason, Result
from handler.notifications.next_steps import correct_document, correct_secret

# Three of the closer looks that a healthy pair gets: until then it may be a passing failure.
_PASSES_WITHIN: Final = timedelta(minutes=30)


def tell_bad(ports: Ports, bad: BadPair) -> Result:
    """Tell once a day that a pair's document is bad."""
    subject, reason = (
        Subject(bad.name, bad.disaster_recovery_id),
        Reason("invalid_pair", bad.sentence),
    )
    steps = correct_document(bad.name)
    result = subject.result(Decision.BLOCKED, reason, next_steps=steps)
    return tell_misconfigured(ports, replace(result, command="reconcile"))


def tell_misconfigured(ports: Ports, result: Result) -> Result:
    """What keeps a pair from being looked after is told daily, and when it is another thing."""
    told = replace(result, decision=Decision.RECONCILED, reason_code="misconfigured")
    day = f"{ports.clock():%Y-%m-%d}"
    what = key_of(result.reason)
    notice_id = f"{result.pair}/{result.reason_code}-{day}-{what}"
    return replace(result, notified=ports.outbox.notify(told, notice_id, can_wait=True).notified)


def in_trouble(ports: Ports, pair: Pair, err: FailoverError) -> Result:
    """Why a pair could not be looked after this time."""
    if isinstance(err, LedgerUnavailable):
        return unreadable(ports, pair, err)
    code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
    result = about(pair, TRIGGER).result(
        Decision.BLOCKED, Reason(code, str(err)), next_steps=correct_secret(pair)
    )
    is_wrong = isinstance(err, InvalidSettings)
    return tell_misconfigured(ports, result) if is_wrong else result


def unreadable(ports: Ports, pair: Pair, err: LedgerUnavailable) -> Result:
    """A pair that cannot be read now; what is damaged, or does not pass, is told hourly."""
    result = about(pair, TRIGGER).result(Decision.BLOCKED, Reason("unavailable", str(err)))
    if not err.is_damaged and not _lasts(ports, pair):
        return result
    told = replace(result, decision=Decision.RECONCILED, reason_code="unreadable")
    hour = f"{ports.clock():%Y-%m-%dT%H}"
    notice_id = f"{pair.disaster_recovery_id}/unreadable-{hour}"
    notified = ports.outbox.notify(told, notice_id, can_wait=True).notified
    return replace(result, notified=notified)


def _lasts(ports: Ports, pair: Pair) -> bool:
    """Whether the pair has not been checked for so long that it does not just pass."""
    try:
        checked_at = ports.ledger.read(pair.disaster_recovery_id).observations.checked_at
    except LedgerUnavailable:
        return False  # the table itself: nothing could be stored to be told
    return checked_at is not None and ports.clock() - checked_at > _PASSES_WITHIN
