"""What keeps a pair from being looked after, as its result and as what people hear."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.aws.known import known_of
from handler.aws.telemetry import put
from handler.commands.reconcile.finding import begin_of_day, daily, once
from handler.commands.reconcile.measured import NOT_READY
from handler.commands.reconcile.one_pair import TRIGGER
from handler.errors import Conflict, FailoverError, InvalidSettings, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import Subject, about
from handler.model.alarm_history import key_of
from handler.model.documents import BadPair
from handler.model.pair import Pair
from handler.model.pair_state import OpenItems
from handler.model.result import Decision, Reason, Result
from handler.notifications.next_steps import correct_document, correct_secret

# Three of the closer looks that a healthy pair gets: until then it may be a passing failure.
_PASSES_WITHIN: Final = timedelta(minutes=30)


def tell_bad(ports: Ports, bad: BadPair, since: datetime) -> Result:
    """Tell once a day that a pair's document is bad, and when it is so again."""
    put("pair", bad.name, NOT_READY)
    subject, reason = (
        Subject(bad.name, bad.disaster_recovery_id),
        Reason("invalid_pair", bad.sentence),
    )
    steps = correct_document(bad.name)
    result = subject.result(Decision.BLOCKED, reason, next_steps=steps)
    return tell_misconfigured(ports, replace(result, command="reconcile"), since)


def tell_misconfigured(ports: Ports, result: Result, since: datetime) -> Result:
    """What keeps a pair from being looked after is told daily, and when it has come back."""
    told = replace(result, decision=Decision.RECONCILED, reason_code="misconfigured")
    now = ports.clock()
    key = daily(f"{result.pair}/{result.reason_code}-{key_of(result.reason)}", since, now)
    notice_id = once(key, begin_of_day(now), ports.heard_since())
    return replace(result, notified=ports.outbox.notify(told, notice_id, can_wait=True).notified)


def in_trouble(ports: Ports, pair: Pair, err: FailoverError) -> Result:
    """Why a pair could not be looked after this time."""
    if isinstance(err, LedgerUnavailable):
        return unreadable(ports, pair, err)
    put("pair", pair.name, NOT_READY)
    code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
    result = about(pair, TRIGGER).result(
        Decision.BLOCKED, Reason(code, str(err)), next_steps=correct_secret(pair)
    )
    if not isinstance(err, InvalidSettings):
        return result
    return tell_misconfigured(ports, result, _since(ports, pair, key_of(result.reason)))


def _since(ports: Ports, pair: Pair, fault: str) -> datetime:
    """Since when a pair has a fault that keeps it from being looked at, noted with its others.

    The next look that can read the pair notes that it is mended.
    """
    now, id_ = ports.clock(), pair.disaster_recovery_id
    observations = ports.ledger.read(id_).observations
    if fault in observations.faults:
        return observations.faults[fault]
    noted = replace(observations, faults={**observations.faults, fault: now})
    with contextlib.suppress(Conflict):  # somebody else has looked: it is noted in a minute
        ports.ledger.save_observations(id_, noted)
    return now


def unreadable(ports: Ports, pair: Pair, err: LedgerUnavailable) -> Result:
    """A pair that cannot be read now; what is damaged, or does not pass, is told hourly."""
    put("pair", pair.name, NOT_READY)
    result = about(pair, TRIGGER).result(Decision.BLOCKED, Reason("unavailable", str(err)))
    return _tell(ports, result) if err.is_damaged or _lasts(ports, pair) else result


def tell_damaged(ports: Ports, one: OpenItems) -> Result | None:
    """What is damaged of a pair without a good document, of which something is open: hourly."""
    known = known_of(ports.ledger, one)
    if known.trouble is None or not known.trouble.is_damaged:
        return None
    subject = Subject(known.names[0], one.disaster_recovery_id, TRIGGER)
    return _tell(ports, subject.result(Decision.BLOCKED, Reason("unavailable", str(known.trouble))))


def _tell(ports: Ports, result: Result) -> Result:
    told = replace(result, decision=Decision.RECONCILED, reason_code="unreadable")
    hour = f"{ports.clock():%Y-%m-%dT%H}"
    notice_id = f"{result.disaster_recovery_id}/unreadable-{hour}"
    notified = ports.outbox.notify(told, notice_id, can_wait=True).notified
    return replace(result, notified=notified)


def _lasts(ports: Ports, pair: Pair) -> bool:
    """Whether the pair has not been checked for so long that it does not just pass."""
    try:
        checked_at = ports.ledger.read(pair.disaster_recovery_id).observations.checked_at
    except LedgerUnavailable:
        return False  # the table itself: nothing could be stored to be told
    return checked_at is not None and ports.clock() - checked_at > _PASSES_WITHIN
