"""Alarms come in: for each the pairs that it speaks for, also those whose document is bad.

All that an event brings is stored first, then each incident that it has opened or joined is
assessed once, however many alarms have. Where an alarm was heard for the pairs of an index, the
others follow at the end: no index may lose an alarm, and none may keep an order waiting.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from handler.aws.telemetry import logger
from handler.failover.assessing import assess_each
from handler.failover.meant import Found, meant_by, turns_of
from handler.failover.ports import Ports
from handler.model.documents import Pairs
from handler.model.result import Result
from handler.model.signals import Alarm


@dataclass
class Taken:
    """What an event has come to so far.

    Attributes:
        found: the answers, and the incidents that are to be assessed.
        behind: the alarms that others may list by now, with the pairs that have heard them.
        trouble: the first that kept a part of the event out.
    """

    found: list[Found] = field(default_factory=list)
    behind: list[tuple[Alarm, Pairs]] = field(default_factory=list)
    trouble: Exception | None = None


def answer_alarms(ports: Ports, alarms: Iterable[Alarm]) -> tuple[Result, ...]:
    """Store what the alarms say, then assess what they have opened or joined.

    Raises:
        LedgerUnavailable: something could not be stored; the bus shall send the alarms again.
        Exception: a bug, once all other pairs have had their turns.
    """
    heard, taken = [(alarm, meant_by(ports, alarm)) for alarm in alarms], Taken()
    for alarm, pairs in heard:
        store_alarm(ports, alarm, pairs, taken)
    results = assess_all(ports, taken)
    if taken.trouble:
        raise taken.trouble
    return results


def store_alarm(ports: Ports, alarm: Alarm, pairs: Pairs, taken: Taken) -> None:
    """Store what an alarm says about each pair; trouble with one keeps no other out."""
    # Only as long as it is this alarm's turn: an event may bring ten.
    with logger.append_context_keys(trigger=alarm.name, event_id=alarm.correlation_id):
        logger.info("alarm heard", bus=alarm.kind, state=alarm.state)
        _store_alarm(ports, alarm, pairs, taken)


def _store_alarm(ports: Ports, alarm: Alarm, pairs: Pairs, taken: Taken) -> None:
    turns = ports.guard.outcome(alarm.name, lambda: (*turns_of(ports, alarm, pairs),))
    if isinstance(turns, Exception):
        _keep_trouble(taken, turns)
        return
    for name, turn in turns:
        found = ports.guard.outcome(name, turn)
        if isinstance(found, Exception):
            _keep_trouble(taken, found)
        elif found:
            taken.found.append(found)
    if not pairs.are_all:
        taken.behind.append((alarm, pairs))


def _keep_trouble(taken: Taken, trouble: Exception) -> None:
    """The first one is raised at the end, for the event to come again."""
    logger.error("alarm not stored", error=str(trouble))
    taken.trouble = taken.trouble or trouble


def assess_all(ports: Ports, taken: Taken) -> tuple[Result, ...]:
    """The answers, in their order; an incident is assessed once.

    Raises:
        LedgerUnavailable: one of them could neither be stored nor told.
        Exception: a bug. Either once all of them have been assessed.
    """
    late, seen = Taken(), set[str]()
    answers = assess_each(ports, taken.found, seen)
    _catch_up(ports, taken, late)
    answers += assess_each(ports, late.found, seen)
    troubles = (*(one for one in answers if isinstance(one, Exception)), late.trouble)
    if trouble := next((one for one in troubles if one), None):
        raise trouble
    return tuple(one for one in answers if isinstance(one, Result))


def _catch_up(ports: Ports, taken: Taken, late: Taken) -> None:
    """Let those hear of the alarms that list them since the index was made."""
    if not taken.behind:
        return
    pairs = ports.guard.outcome("-", ports.pairs)
    if isinstance(pairs, Exception):
        _keep_trouble(late, pairs)
        return
    for alarm, heard in taken.behind:
        listed = pairs.of_alarm(alarm, ports.account, ports.region)
        others = listed.but({one.name for one in heard.good})
        if others.good or others.bad:
            # It comes to them after the others' orders: if it is too old by then, that is told.
            _store_alarm(ports, replace(alarm, is_redelivered=True), others, late)
