"""Alarms come in: for each the pairs that it speaks for, also those whose document is bad.

All that an event brings is stored first, then each incident that it has opened or joined is
assessed once, however many alarms have.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.aws.pairs import BadPair, Pairs, speaks_for
from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.incidents import muted_alarm, take
from handler.failover.ports import Ports
from handler.failover.pursue import Opened, assess_incident
from handler.failover.results import Subject, about, belongs_to
from handler.model.alarm_history import PendingAlarm, key_of
from handler.model.pair import Pair
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.signals import Alarm
from handler.model.times import isoformat
from handler.notifications.next_steps import correct_document, rehearse_command

Found = Opened | Result
Take = Callable[[], Found | None]
KEPT_FOR: Final = timedelta(hours=1)  # `max_event_age_s` of a document that cannot be read, at most
_TRIES: Final = 2  # the second finds what was claimed, or told, meanwhile
_LISTING_STEP: Final = "add the alarm to the pair that it speaks for, or stop sending it"


@dataclass
class Taken:
    """What an event has come to so far, and the first trouble that kept a part of it out."""

    found: list[Found] = field(default_factory=list)
    trouble: Exception | None = None


def answer_alarms(ports: Ports, alarms: Iterable[Alarm]) -> tuple[Result, ...]:
    """Store what the alarms say, then assess what they have opened or joined.

    Raises:
        LedgerUnavailable: something could not be stored; the bus shall send the alarms again.
        Exception: a bug, once all other pairs have had their turns.
    """
    pairs, taken = ports.pairs(), Taken()
    for alarm in alarms:
        store_alarm(ports, alarm, pairs, taken)
    results = assess_all(ports, taken.found)
    if taken.trouble:
        raise taken.trouble
    return results


def store_alarm(ports: Ports, alarm: Alarm, pairs: Pairs, taken: Taken) -> None:
    """Store what an alarm says about each pair; trouble with one keeps no other out."""
    logger.append_keys(trigger=alarm.name, correlation_id=alarm.correlation_id)
    if alarm.message_id and ports.ledger.alarms.has_taken(alarm.message_id):
        why = f"the message {quoted(alarm.message_id)} has been taken before"
        taken.found.append(Subject().result(Decision.IGNORED, Reason("repeated", why)))
        return
    before = taken.trouble
    turns = ports.guard.outcome(alarm.name, lambda: (*_each(ports, alarm, pairs),))
    if isinstance(turns, Exception):
        _keep_trouble(taken, turns)
        return
    for name, turn in turns:
        found = ports.guard.outcome(name, turn)
        if isinstance(found, Exception):
            _keep_trouble(taken, found)
        elif found:
            taken.found.append(found)
    if alarm.message_id and taken.trouble is before:
        # What it opened is stored: coming again, it could only open what has ended since.
        ports.ledger.alarms.note_taken(alarm.message_id, ports.clock())


def _keep_trouble(taken: Taken, trouble: Exception) -> None:
    """The first one is raised at the end, for the event to come again."""
    logger.error("alarm not stored", error=str(trouble))
    taken.trouble = taken.trouble or trouble


def assess_all(ports: Ports, found: Iterable[Found]) -> tuple[Result, ...]:
    """The answers, in their order; an incident is assessed once.

    Raises:
        LedgerUnavailable: one of them could neither be stored nor told.
        Exception: a bug. Either once all of them have been assessed.
    """
    seen: set[str] = set()
    answers = [
        ports.guard.outcome(_pair_of(one), partial(_assess, ports, one, seen)) for one in found
    ]
    if trouble := next((one for one in answers if isinstance(one, Exception)), None):
        raise trouble
    return tuple(one for one in answers if isinstance(one, Result))


def _assess(ports: Ports, found: Found, seen: set[str]) -> Result:
    if isinstance(found, Result):
        return found
    id_ = found.incident.incident_id
    if id_ in seen:
        why = "its incident was assessed with the alarms before it"
        subject = about(found.pair, found.trigger, found.incident)
        return subject.result(Decision.DUPLICATE, Reason("assessed", why))
    seen.add(id_)
    return assess_incident(ports, found)


def _each(ports: Ports, alarm: Alarm, pairs: Pairs) -> Iterator[tuple[str, Take]]:
    """What is to be stored, one call for each pair that the alarm speaks or may speak for."""
    good = [pair for pair in pairs.good if speaks(ports, alarm, pair)]
    good = good or _called_before(ports, alarm, pairs)
    bad = [pair for pair in pairs.bad if speaks(ports, alarm, pair)]
    dark = [pair for pair in pairs.bad if not pair.is_readable]
    for pair in good:
        yield pair.name, partial(take, ports, alarm, pair)
    for one in bad:
        yield one.name, partial(_keep, ports, alarm, one)
    if not good and not bad and not dark:
        yield alarm.name, partial(_ignore_unlisted, ports, alarm)
    # Nobody knows which alarms they list; one that nobody else lists may well be theirs.
    keep = partial(_keep_silently, ports) if good or bad else partial(_keep, ports)
    for one in dark:
        yield one.name, partial(keep, alarm, one)


def _called_before(ports: Ports, alarm: Alarm, pairs: Pairs) -> list[Pair]:
    """The pairs whose open incident an alarm is part of that they list no more.

    Its OK ends its part: else what it has opened would go on for an alarm that is over.
    """
    if alarm.state != "OK":
        return []
    ids = {one.disaster_recovery_id for one in ports.ledger.open_items() if one.incidents}
    open_ = [pair for pair in pairs.good if pair.disaster_recovery_id in ids]
    return [pair for pair in open_ if _is_part(ports, alarm, pair)]


def _is_part(ports: Ports, alarm: Alarm, pair: Pair) -> bool:
    with contextlib.suppress(LedgerUnavailable):  # one pair's damage keeps no other's alarm out
        incident = ports.ledger.read(pair.disaster_recovery_id).open_incident
        return incident is not None and key_of(alarm.part) in incident.alarms
    return False


def speaks(ports: Ports, alarm: Alarm, pair: Pair | BadPair) -> bool:
    """Of a pair speaks what names its id; what names no id, by its own name."""
    if alarm.disaster_recovery_id:
        return alarm.disaster_recovery_id == (pair.disaster_recovery_id or "").lower()
    return speaks_for(pair.alarms, alarm.arn, ports.account, ports.region)


def _keep(ports: Ports, alarm: Alarm, pair: BadPair) -> Result:
    """An alarm of a bad document waits until it is good; that it waits is told with it."""
    id_ = pair.disaster_recovery_id
    if not alarm.is_transition:
        _keep_silently(ports, alarm, pair)
        why = f"the alarm is {alarm.state}"
        return Subject(pair.name, id_).result(Decision.IGNORED, Reason(alarm.state.lower(), why))
    why = f"{_came(pair)} a pair whose document is bad: {pair.sentence}"
    result = Subject(pair.name, id_, alarm.trigger).result(
        Decision.BLOCKED, Reason("invalid_pair", why), next_steps=correct_document(pair.name)
    )
    # A storm of alarms is one word in ten minutes; each of them is kept.
    at = alarm.occurred_at
    notice_id = f"invalid_pair/{pair.name}/{at:%Y-%m-%dT%H}:{at.minute // 10}0"
    for _ in range(_TRIES):
        pair_state = ports.ledger.read(id_).pair_state if id_ else None
        if duplicate := _run_in_flight(ports, pair):
            _keep_silently(ports, alarm, pair)
            return duplicate
        waiting = PendingAlarm(pair.name, alarm)
        keep = partial(ports.ledger.alarms.keep_pending, waiting, pair_state=pair_state)
        with contextlib.suppress(Conflict):
            return ports.outbox.record_and_notify(result, notice_id, keep)
    _keep_silently(ports, alarm, pair)
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


def _keep_silently(ports: Ports, alarm: Alarm, pair: BadPair) -> None:
    if alarm.is_transition or alarm.state == "OK":
        try:
            ports.ledger.alarms.keep_pending(PendingAlarm(pair.name, alarm), None)
        except Conflict:
            logger.info("alarm waits already", pair=pair.name)


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


def release(ports: Ports, pair: Pair, key: str) -> None:
    """Let an alarm call whose mute is over, if the pair still lists it.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    muted = muted_alarm(ports, pair, key)
    if muted is None or not speaks(ports, muted[0], pair):
        ports.ledger.alarms.forget_muted(pair.disaster_recovery_id, key)
    elif muted[1]:
        take(ports, muted[0], pair)


def waiting_alarms(ports: Ports) -> list[PendingAlarm]:
    """The alarms that wait for a good document, oldest first.

    Raises:
        LedgerUnavailable: the table cannot be used.
    """

    def order(waiting: PendingAlarm) -> tuple[datetime, bool]:
        return waiting.alarm.occurred_at, waiting.alarm.state == "ALARM"

    return sorted(ports.ledger.alarms.pending(), key=order)


def take_up(ports: Ports, waiting: PendingAlarm, pairs: Pairs) -> None:
    """Take in an alarm whose document is good now; tell that it has become too old.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    name, alarm = waiting.pair, waiting.alarm
    is_bad = any(pair.name == name for pair in pairs.bad)
    meant = [pair for pair in pairs.good if pair.name == name]
    speaking = [] if is_bad else [one for one in pairs.good if speaks(ports, alarm, one)]
    # A document that is gone may be back in a minute, or have another name by now; and its old
    # name may be another pair's.
    takers = [one for one in speaking if one.name == name] or speaking
    for pair in takers:
        take(ports, replace(alarm, is_redelivered=True), pair)
    if not meant and not takers:
        if ports.clock() - alarm.occurred_at <= KEPT_FOR:
            return
        if alarm.is_transition:
            _tell_too_late(ports, name, alarm, pairs)
    ports.ledger.alarms.end_pending(waiting)


def _tell_too_late(ports: Ports, name: str, alarm: Alarm, pairs: Pairs) -> None:
    """Once a day where nobody can read what the document lists: then every alarm has waited."""
    is_dark = any(pair.name == name and not pair.is_readable for pair in pairs.bad)
    at = isoformat(alarm.occurred_at)
    once = f"{ports.clock():%Y-%m-%d}" if is_dark else at
    why = f"an alarm of {at} waited for the document of {name} to be good, and is too old now"
    steps = (*correct_document(name), *rehearse_command(name))
    reason = Reason("waiting_too_old", why)
    late = Subject(name).result(Decision.BLOCKED, reason, next_steps=steps)
    ports.outbox.notify(late, f"waiting-too-old/{name}/{once}")


def _came(pair: BadPair) -> str:
    return "an alarm came for" if pair.is_readable else "an alarm came that may be for"


def _pair_of(found: Found) -> str:
    """Whose turn it is, for the log."""
    return (found.pair if isinstance(found, Result) else found.pair.name) or "-"
