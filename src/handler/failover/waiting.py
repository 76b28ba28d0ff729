"""Alarms of pairs whose document is bad or gone: kept until it is good, then taken in."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.ignore import FURTHER, of_the_future
from handler.failover.incidents import take
from handler.failover.ports import Ports
from handler.failover.results import Subject, belongs_to
from handler.model.alarm_history import PendingAlarm, key_of
from handler.model.documents import BadPair, Pairs
from handler.model.incident import Incident
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.signals import Alarm
from handler.model.times import isoformat, ten_minutes_of
from handler.notifications.next_steps import correct_document, rehearse_command

KEPT_FOR: Final = timedelta(hours=1)  # `max_event_age_s` of a document that cannot be read, at most
SHARE: Final = timedelta(seconds=10)  # of reconcile's time: the pairs must not wait for old alarms
_NOBODYS: Final = ""  # the name of no pair
_TRIES: Final = 2  # the second finds what was claimed, or told, meanwhile


def keep(ports: Ports, alarm: Alarm, pair: BadPair) -> Result:
    """An alarm of a bad document waits until it is good; that it waits is told with it."""
    id_ = pair.disaster_recovery_id
    if why_not := of_the_future(alarm, ports.clock()):
        return Subject(pair.name, id_).result(Decision.IGNORED, why_not)
    if not alarm.is_transition:
        keep_silently(ports, alarm, pair.name)
        why = f"the alarm is {alarm.state}"
        return Subject(pair.name, id_).result(Decision.IGNORED, Reason(alarm.state.lower(), why))
    why = f"{_came(pair)} a pair whose document is bad: {pair.sentence}"
    result = Subject(pair.name, id_, alarm.trigger).result(
        Decision.BLOCKED, Reason("invalid_pair", why), next_steps=correct_document(pair.name)
    )
    # A storm of alarms is one word in ten minutes; each of them is kept.
    notice_id = f"invalid_pair/{pair.name}/{ten_minutes_of(ports.clock())}"
    for _ in range(_TRIES):
        pair_state = ports.ledger.read(id_).pair_state if id_ else None
        if duplicate := _run_in_flight(ports, pair):
            keep_silently(ports, alarm, pair.name)
            return duplicate
        waiting = PendingAlarm(pair.name, alarm)
        if not ports.ledger.alarms.may_wait(waiting):
            logger.warning("alarm not kept", pair=pair.name)
            return ports.outbox.notify(result, notice_id)
        keep = partial(ports.ledger.alarms.keep_pending, waiting, pair_state=pair_state)
        with contextlib.suppress(Conflict):
            return ports.outbox.record_and_notify(result, notice_id, keep)
    keep_silently(ports, alarm, pair.name)
    return result


def _run_in_flight(ports: Ports, bad: BadPair) -> Result | None:
    """The answer, where an order is on its way: then nobody is told that there is none.

    By the document's id and, as that may be what is bad, by the name that a run was claimed by.
    """
    ids = {one.disaster_recovery_id for one in ports.ledger.open_items() if one.runs}
    runs = (_run_of(ports, id_) for id_ in sorted(ids))
    run = next((one for one in runs if one and bad.is_of(one)), None)
    if run is None:
        return None
    subject = Subject(bad.name, run.disaster_recovery_id)
    return replace(subject.result(Decision.DUPLICATE, belongs_to(run)), run_id=run.run_id)


def _run_of(ports: Ports, id_: str) -> Run | None:
    """A pair's run in flight; what is damaged of another pair keeps no alarm out."""
    with contextlib.suppress(LedgerUnavailable):
        return ports.ledger.read(id_).in_flight
    return None


def keep_silently(ports: Ports, alarm: Alarm, pair: str) -> None:
    """The same of a pair's name, where it is told by others or need not be."""
    if not (alarm.is_transition or alarm.state == "OK") or of_the_future(alarm, ports.clock()):
        return
    waiting = PendingAlarm(pair, alarm)
    if not ports.ledger.alarms.may_wait(waiting):
        logger.warning("alarm not kept", pair=pair)
        return
    try:
        ports.ledger.alarms.keep_pending(waiting, None)
    except Conflict:
        logger.info("alarm waits already", pair=pair)


def keep_unlisted(ports: Ports, alarm: Alarm) -> None:
    """The same of one that no document lists at the moment.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    keep_silently(ports, alarm, _NOBODYS)


def open_incidents(ports: Ports) -> tuple[Incident, ...]:
    """The open incidents of all pairs; of a pair that is damaged there is none.

    Raises:
        LedgerUnavailable: the table cannot be used.
    """
    ids = [one.disaster_recovery_id for one in ports.ledger.open_items() if one.incidents]
    records = ports.ledger.read_all(ids).values() if ids else ()
    open_ = (one.open_incident for one in records if isinstance(one, PairRecord))
    return tuple(one for one in open_ if one)


def with_part(incidents: Iterable[Incident], alarm: Alarm) -> tuple[Incident, ...]:
    """Those of the incidents that an alarm is part of."""
    key = key_of(alarm.part)
    return tuple(one for one in incidents if key in one.alarms)


def waiting_alarms(ports: Ports) -> list[PendingAlarm]:
    """The alarms that wait for a good document, oldest first.

    Raises:
        LedgerUnavailable: the table cannot be used.
    """

    def order(waiting: PendingAlarm) -> tuple[datetime, bool]:
        return waiting.alarm.occurred_at, waiting.alarm.state == "ALARM"

    return sorted(ports.ledger.alarms.pending(), key=order)


def take_up_all(ports: Ports, pairs: Pairs) -> None:
    """Take in the alarms whose documents are good now, each by itself, for a share of the time."""
    turn, until = ports.guard.turn, ports.clock() + SHARE
    waiting = turn("waiting alarms not read", "reconcile", partial(waiting_alarms, ports))
    open_: tuple[Incident, ...] | None = None
    for one in waiting or ():
        if ports.clock() >= until:
            logger.warning("alarms wait for the next minute")
            return
        if one.alarm.state == "OK" and open_ is None:  # once for all that only wait
            open_ = turn("incidents not read", "reconcile", partial(open_incidents, ports))
            if open_ is None:
                return
        take = partial(take_up, ports, one, pairs, with_part(open_ or (), one.alarm))
        if turn("waiting alarm not taken", one.pair, take):
            open_ = None


def take_up(
    ports: Ports, waiting: PendingAlarm, pairs: Pairs, part_of: tuple[Incident, ...]
) -> bool:
    """Take in an alarm whose document is good now; tell that it has become too old.

    Returns:
        whether any pair has heard of it, so that other incidents may be open by now.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    name, alarm = waiting.pair, waiting.alarm
    is_bad = any(pair.name == name for pair in pairs.bad)
    meant = [pair for pair in pairs.good if pair.name == name]
    listed_by = pairs.of_alarm(alarm, ports.account, ports.region).good
    speaking = () if is_bad else listed_by
    # A document that is gone may be back in a minute, or have another name by now; and its old
    # name may be another pair's.
    takers = [one for one in speaking if one.name == name] or speaking
    ids = {one.disaster_recovery_id for one in part_of} if alarm.state == "OK" else set()
    # Whatever they list by now, and whatever they are called: an OK ends its part.
    others = [one for one in pairs.good if one.disaster_recovery_id in ids and one not in takers]
    for pair in (*takers, *others):
        take(ports, replace(alarm, is_redelivered=True), pair)
    if ids - {pair.disaster_recovery_id for pair in pairs.good}:
        return bool(takers or others)  # it waits for as long as the incident is open
    if not meant and not takers:
        if abs(ports.clock() - alarm.occurred_at) <= KEPT_FOR:
            return bool(others)
        if alarm.is_transition and name != _NOBODYS:  # that is told when it comes
            _tell_too_late(ports, name, alarm, pairs)
    ports.ledger.alarms.end_pending(waiting)
    return bool(takers or others)


def _tell_too_late(ports: Ports, name: str, alarm: Alarm, pairs: Pairs) -> None:
    """Once a day where nobody can read what the document lists: then every alarm has waited."""
    is_dark = any(pair.name == name and not pair.is_readable for pair in pairs.bad)
    at, now = isoformat(alarm.occurred_at), ports.clock()
    once = f"{now:%Y-%m-%d}" if is_dark else ten_minutes_of(now)
    why = f"an alarm of {at} waited for the document of {name} to be good, and is too old now"
    why = why if is_dark else f"{why}; {FURTHER}"
    steps = (*correct_document(name), *rehearse_command(name))
    reason = Reason("waiting_too_old", why)
    late = Subject(name).result(Decision.BLOCKED, reason, next_steps=steps)
    ports.outbox.notify(late, f"waiting-too-old/{name}/{once}")


def _came(pair: BadPair) -> str:
    return "an alarm came for" if pair.is_readable else "an alarm came that may be for"
