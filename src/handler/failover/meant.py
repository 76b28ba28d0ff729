"""Whom an alarm speaks for, or may speak for, and what is to be stored of it for each of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from handler.failover.incidents import take
from handler.failover.mutes import muted_alarms, released
from handler.failover.ports import Ports
from handler.failover.pursue import IN_TURN, Opened
from handler.failover.results import Subject
from handler.failover.waiting import keep, keep_silently, keep_unlisted, open_incidents, with_part
from handler.model.alarm_patterns import speaks_for
from handler.model.documents import BadPair, Pairs
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import MOST_MUTED, PairState
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Alarm

Found = Opened | Result
Take = Callable[[], Found | None]
MOST_RELEASED: Final = 20  # of a pair in a minute; the first opens its incident
_LISTING_STEP: Final = "add the alarm to the pair that it speaks for, or stop sending it"


def meant_by(ports: Ports, alarm: Alarm) -> Pairs:
    """The documents of the pairs that an alarm speaks for, or may.

    Raises:
        InvalidSettings, LedgerUnavailable: they cannot be read.
    """
    return ports.some_pairs(lambda pairs: pairs.of_alarm(alarm, ports.account, ports.region))


def turns_of(ports: Ports, alarm: Alarm, pairs: Pairs) -> Iterator[tuple[str, Take]]:
    """What is to be stored, one call for each pair that the alarm speaks or may speak for."""
    left = [*_left_out(ports, alarm, pairs)]
    good = [*pairs.good, *(one for one in left if isinstance(one, Pair))]
    bad = [pair for pair in pairs.bad if pair.is_readable]
    dark = [pair for pair in pairs.bad if not pair.is_readable]
    kept_by = {pair.name for pair in (*bad, *dark)}
    gone = [one for one in left if isinstance(one, Incident) and one.pair not in kept_by]
    for number, pair in enumerate(good):
        mine = ports if number < IN_TURN else ports.without_hurry
        yield pair.name, partial(take, mine, alarm, pair)
    for one in bad:
        yield one.name, partial(keep, ports, alarm, one)
    for incident in gone:
        yield incident.pair, partial(_wait_for_document, ports, alarm, incident)
    if not good and not bad and not dark and not gone:
        yield alarm.name, partial(_keep_unlisted, ports, alarm)
    # Nobody knows which alarms they list; one that nobody else lists may well be theirs.
    quietly = _keep_silently if good or bad else keep
    for one in dark:
        yield one.name, partial(quietly, ports, alarm, one)


def _left_out(ports: Ports, alarm: Alarm, pairs: Pairs) -> Iterator[Pair | Incident]:
    """Where an alarm is part of an open incident though its pair does not list it.

    Its OK ends its part: else what it has opened would go on for an alarm that is over.

    Returns:
        of each such incident its pair, to an OK; or itself, where no document of its pair is good.

    Raises:
        LedgerUnavailable: it cannot be read; the bus shall send the alarm again.
    """
    if pairs.good and alarm.state != "OK":
        return
    listed = {pair.disaster_recovery_id for pair in pairs.good}
    parts = with_part(open_incidents(ports), alarm)
    incidents = [one for one in parts if one.disaster_recovery_id not in listed]
    good = ports.pairs().good if incidents else ()
    documents = {pair.disaster_recovery_id: pair for pair in good}
    for incident in incidents:
        pair = documents.get(incident.disaster_recovery_id)
        if pair is None:
            yield incident
        elif alarm.state == "OK":
            yield pair


def _wait_for_document(ports: Ports, alarm: Alarm, incident: Incident) -> Result:
    """The document is gone or bad: what the alarm says of its incident is heard when it is good."""
    keep_silently(ports, alarm, incident.pair)
    if alarm.state != "OK":
        return _ignore_unlisted(ports, alarm)
    why = f"the alarm is OK; its incident ends when the document of {incident.pair} is good"
    subject = Subject(incident.pair, incident.disaster_recovery_id, alarm.trigger)
    return subject.result(Decision.IGNORED, Reason("ok", why))


def _keep_silently(ports: Ports, alarm: Alarm, pair: BadPair) -> None:
    keep_silently(ports, alarm, pair.name)


def mutes_over(ports: Ports, pair: Pair, pair_state: PairState) -> tuple[Alarm, ...]:
    """The alarms of a pair that call because their mute is over; some of them, each minute.

    What it lists no more, or nothing is remembered of, is muted no more.

    Raises:
        LedgerUnavailable: they cannot be read.
    """
    id_, keys = pair.disaster_recovery_id, sorted(pair_state.muted)[:MOST_MUTED]
    known = muted_alarms(ports, pair, keys)
    kept = {
        key: one
        for key, one in known.items()
        if one is None
        or speaks_for(pair.alarms, released(ports, one).arn, ports.account, ports.region)
    }
    if forgotten := set(keys) - set(kept):
        ports.ledger.alarms.forget_muted(id_, *forgotten)
    if pair_state.more_are_muted and not kept:
        ports.ledger.alarms.forget_more_muted(id_)
    over = [one for one in kept.values() if one and one.is_mute_over(ports.clock())]
    return tuple(released(ports, one) for one in over[:MOST_RELEASED])


def _keep_unlisted(ports: Ports, alarm: Alarm) -> Result:
    """A document that is gone for a moment, as while it is replaced, lists it when it is back."""
    keep_unlisted(ports, alarm)
    return _ignore_unlisted(ports, alarm)


def _ignore_unlisted(ports: Ports, alarm: Alarm) -> Result:
    """Warn once a day, whatever the number of alarms: one storm is one message."""
    why = f"no pair lists the alarm {quoted(alarm.reported_as or alarm.arn)}"
    result = Subject(trigger=alarm.trigger).result(Decision.IGNORED, Reason("not_listed", why))
    told = replace(
        result,
        reason=f"{why}; further ones of today are in the log only",
        next_steps=(_LISTING_STEP,),
    )
    notice_id = f"not_listed/{ports.clock():%Y-%m-%d}"
    return replace(result, notified=ports.outbox.notify(told, notice_id, can_wait=True).notified)
