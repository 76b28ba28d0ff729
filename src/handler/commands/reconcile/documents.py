"""What has become of the pairs' documents since the last minute, before any pair is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.aws.telemetry import put
from handler.commands.reconcile.finding import once
from handler.commands.reconcile.measured import NOT_READY
from handler.commands.reconcile.one_pair import TRIGGER
from handler.commands.reconcile.take_over import take_over
from handler.errors import LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import Subject, about
from handler.model.documents import Pairs
from handler.model.known_document import ByName, KnownDocument, seen
from handler.model.pair import Pair
from handler.model.result import Decision, Reason, Result
from handler.model.times import isoformat, ten_minutes_of
from handler.notifications.next_steps import restore_document, status_command

# Whoever replaces a document may remove the old one first.
GONE_FOR: Final = timedelta(minutes=2)
REMINDED_FOR: Final = timedelta(days=7)


@dataclass(frozen=True)
class Documents:
    """The documents as they are known by now.

    Attributes:
        known: by name.
        troubled: the pairs that must not be looked at yet, and why: what their names had under
            another id could not be read, and nothing of theirs may be armed before that.
    """

    known: ByName
    troubled: Mapping[str, LedgerUnavailable]


def follow_documents(ports: Ports, pairs: Pairs) -> Documents:
    """Note what has become of all documents, and tell it.

    What is told once is told before it is noted: a crash in between tells it twice.

    Raises:
        LedgerUnavailable: what is known of them cannot be read.
    """
    before = ports.ledger.documents.all()
    after, troubled = seen(before, pairs, ports.clock()), {}
    for pair in pairs.good:
        was, one = before.get(pair.name), after[pair.name]
        if was:
            turn = partial(_tell_less, ports, pair, was, one)
            ports.guard.turn("change of a document not told", pair.name, turn)
        if one.former_ids:
            found = ports.guard.outcome(pair.name, partial(take_over, ports, pair, was, one))
            if isinstance(found, KnownDocument):
                after[pair.name] = found
            else:
                troubled[pair.name] = _trouble(found)
                after[pair.name] = was or one
    _note(ports, before, after)
    return Documents(after, troubled)


def _note(ports: Ports, before: ByName, after: ByName) -> None:
    """Store what is new, each by itself: what cannot be stored of one is noted a minute later."""
    store, turn = ports.ledger.documents, ports.guard.turn
    for name, one in after.items():
        if one != before.get(name):
            turn("document not noted", name, partial(store.save, one))
    for name in before.keys() - after.keys():
        turn("document not forgotten", name, partial(store.forget, name))


def _trouble(err: Exception) -> LedgerUnavailable:
    if isinstance(err, LedgerUnavailable):
        return err
    return LedgerUnavailable(f"what its name had under another id cannot be taken over: {err}")


def _tell_less(ports: Ports, pair: Pair, was: KnownDocument, one: KnownDocument) -> None:
    """Tell once that less is done for a pair than before: somebody may not have meant it."""
    said = []
    if was.mode == "automatic" and one.mode == "observe":
        said.append("its mode is observe now, automatic before: alarms order nothing")
    if was.has_alarms and not one.has_alarms:
        said.append("it lists no alarm any more: only two witnesses that agree open an incident")
    if not said:
        return
    if one.is_retired:
        said.append("its document can be removed now without a reminder")
    why = Reason("watched_less", "; ".join(said))
    result = about(pair, TRIGGER).result(
        Decision.RECONCILED, why, next_steps=status_command(pair.name)
    )
    # Somebody may turn it to and fro.
    what = f"{one.mode}-{len(said)}-{ten_minutes_of(ports.clock())}"
    ports.outbox.notify(result, f"{pair.disaster_recovery_id}/watched-less-{what}", can_wait=True)


def tell_gone(ports: Ports, known: KnownDocument, since: datetime) -> Result | None:
    """Tell that a pair has no document any more, daily for a week.

    Returns:
        what is told; None while the document may only be replaced.
    """
    gone_for = ports.clock() - since
    if gone_for < GONE_FOR:
        return None
    put("pair", known.name, NOT_READY)
    if gone_for >= REMINDED_FOR:
        return None
    why = _why_gone(ports, known, since)
    subject = Subject(known.name, known.disaster_recovery_id, TRIGGER)
    result = subject.result(Decision.RECONCILED, why, next_steps=restore_document(known.name))
    key = f"{known.disaster_recovery_id}/{why.code}-{isoformat(since)}-{gone_for.days}"
    return ports.outbox.notify(result, once(key, since, ports.heard_since()), can_wait=True)


def _why_gone(ports: Ports, known: KnownDocument, since: datetime) -> Reason:
    lost = f"the document of {known.name} is gone since {isoformat(since)} (mode {known.mode})"
    means = "nobody looks at the pair, and its alarms open nothing"
    worse = _outage(ports, known)
    code = "document_gone_down" if worse else "document_gone"
    return Reason(code, f"{lost}: {means}{worse}")


def _outage(ports: Ports, known: KnownDocument) -> str:
    """What makes it urgent; what cannot be read may be an outage."""
    try:
        record = ports.ledger.read(str(known.disaster_recovery_id))
    except LedgerUnavailable as err:
        if not err.is_damaged:
            raise
        return f"; what is stored of it cannot be read: {err}"
    if record.open_incident:
        return "; an incident is open"
    if at := record.observations.down_since:
        return f"; production was down when it was looked at last, since {isoformat(at)}"
    return ""
