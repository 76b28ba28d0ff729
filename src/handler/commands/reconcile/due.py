"""Open incidents are looked at in the moment in which production is down for long enough.

One invocation waits, for all pairs (`failover.next_look`). What it wakes gets an invocation of its
own each, which assesses the incident as an alarm would that comes just then.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.commands.reconcile.endings import is_over_with
from handler.commands.reconcile.time_over import over_since
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.attempt import trigger_of
from handler.failover.heard import with_waiting
from handler.failover.next_look import AWAKE_FOR, REACH, arrange
from handler.failover.ports import Ports
from handler.failover.pursue import pursue_incident
from handler.failover.results import about
from handler.gates.witnesses import lasts_until
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Command, Trigger

_TRIGGER: Final = Trigger(kind="command", name="reconcile", is_confirmed=True)
# Of the invocation: it is over before the alarm rings on those that come near to their end (240 s).
_LEAVES_S: Final = 90.0
_A_MOMENT: Final = timedelta(seconds=1)


def wait_for_due(ports: Ports, command: Command, until: datetime) -> Result:
    """Wait, and have each pair looked at when it is due, as long as one is soon.

    Whoever waits for an answer gets one at once.

    Raises:
        LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
        Exception: a bug, once all that is due has been seen to.
    """
    count, since = 0, min(until, ports.clock()) - _A_MOMENT
    due: datetime | None = until
    while due:
        is_mine = command.scheduled_at is not None and _slept(ports, due)
        now = ports.clock()
        dues = [*_dues(ports)]
        count += _have_looked_at(ports, [pair for at, pair in dues if since < at <= now], due)
        later = min((at for at, _ in dues if at > now), default=None)
        since, due = now, later if is_mine and later and _goes_on(ports, later) else None
    ports.guard.raise_bugs()
    why = f"{count} open incidents were looked at when they were due"
    return Result(Decision.RECONCILED, "due", why, command="reconcile")


def look_when_due(ports: Ports, pair: Pair) -> Result:
    """Assess a pair's open incident now. Whether it is to end is left to its minute.

    Raises:
        LedgerUnavailable: it cannot be read, or its answer neither stored nor told.
    """
    record = with_waiting(ports, pair, ports.ledger.read(pair.disaster_recovery_id))
    incident = record.open_incident
    if incident is None or _is_not_to_be_pursued(ports, pair, record):
        nothing = Reason("nothing_due", "no open incident is to be looked at now")
        return about(pair, _TRIGGER, incident).result(Decision.RECONCILED, nothing)
    return pursue_incident(ports, incident, pair, trigger_of(incident))


def _is_not_to_be_pursued(ports: Ports, pair: Pair, record: PairRecord) -> bool:
    """Whether an open incident has its run, or its time is over."""
    incident = record.open_incident
    if incident is None or record.in_flight or over_since(ports, pair, record):
        return True
    return is_over_with(record.run, incident) or any(map(incident.is_about, record.held))


def _slept(ports: Ports, until: datetime) -> bool:
    """Wait, then end the lease; False if it is someone else's, who wakes earlier.

    Without a lease that was handed over nothing is waited for: an event may come twice, and anyone
    may send one. It is ended before anything is read: whatever begins to wait from then on is
    waited for by someone else, or is in what is read.
    """
    lock = ports.ledger.waiting_lock
    lease = lock.take_up(until + AWAKE_FOR)
    if lease is None:
        return False
    left = min(until - ports.clock(), REACH).total_seconds()
    if left > 0:
        ports.wait(left)
    try:
        lock.give_back(lease, ports.clock())
    except Conflict:
        return False
    return True


def _dues(ports: Ports) -> Iterator[tuple[datetime, Pair]]:
    """When each pair with an open incident will have been down for long enough."""
    open_ = {one.disaster_recovery_id for one in ports.ledger.open_items() if one.incidents}
    pairs = [pair for pair in ports.pairs().good if pair.disaster_recovery_id in open_]
    records = ports.ledger.read_all([pair.disaster_recovery_id for pair in pairs])
    for pair in pairs:
        record = records[pair.disaster_recovery_id]
        if isinstance(record, LedgerUnavailable) or _is_not_to_be_pursued(ports, pair, record):
            continue  # whose it is, and what is damaged of it, its minute tells
        if at := lasts_until(record.observations, pair):
            yield at, pair


def _have_looked_at(ports: Ports, pairs: list[Pair], due: datetime) -> int:
    for pair in pairs:
        ports.guard.turn("not looked at", pair.name, partial(_look, ports, pair, due))
    return len(pairs)


def _look(ports: Ports, pair: Pair, due: datetime) -> None:
    if not ports.look(pair.name, due):
        look_when_due(ports, pair)


def _goes_on(ports: Ports, later: datetime) -> bool:
    """Whether this invocation waits for the next pair; if it does not last, another one does."""
    now = ports.clock()
    left_s = ports.remaining_s() - (later - now).total_seconds()
    if later - now <= REACH and left_s >= _LEAVES_S:
        return ports.ledger.waiting_lock.take(now, later + AWAKE_FOR)
    arrange(ports, later)
    return False
