"""Every minute, one at a time: what is open first, then a look at every pair.

Open runs and unsent notices come from the table, so that they are seen through even if their pair's
document is gone. Reading is done side by side in threads; all that is stored, told or ordered is
done by the invocation's own thread, in turns, and one turn's trouble never ends another's.
"""

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any, Final, TypeVar

from handler.aws.telemetry import MetricUnit, logger, metrics, put
from handler.commands.reconcile.documents import Documents, follow_documents, tell_gone
from handler.commands.reconcile.forgotten import name_again
from handler.commands.reconcile.lists import item_in, read_lists
from handler.commands.reconcile.look import look
from handler.commands.reconcile.measured import NOT_READY
from handler.commands.reconcile.one_pair import TRIGGER, judge, pursue
from handler.commands.reconcile.open_runs import follow_open_runs
from handler.commands.reconcile.overtaken import LEASE
from handler.commands.reconcile.subscriptions import check_subscriptions
from handler.commands.reconcile.troubles import in_trouble, tell_bad, tell_damaged, unreadable
from handler.commands.reconcile.undocumented import (
    expire_incident,
    settle_late,
    watch_old_production,
)
from handler.dws.client import Unreadable
from handler.errors import Conflict, FailoverError, LedgerUnavailable
from handler.failover.assessing import invoked
from handler.failover.guard import attempted, found
from handler.failover.incidents import take
from handler.failover.meant import mutes_over
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.failover.waiting import take_up_all
from handler.model.documents import Pairs
from handler.model.known_document import ByName, fault_of
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, OpenItems, PairRecord
from handler.model.result import Decision, Reason, Result
from handler.notifications.resend import resend

_ROUND_WITHIN_S: Final = 40.0
_LEAVES_S: Final = 60.0  # of the invocation: then what is left waits for the next minute
T = TypeVar("T")


def reconcile(ports: Ports) -> tuple[Result, ...]:
    """Reconcile everything, unless another invocation is at it.

    Raises:
        LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
        Exception: a bug, once everything else has been seen to: the alarm on errors rings.
    """
    now = ports.clock()
    until = now + LEASE
    if not ports.ledger.reconcile_lock.take(now, until):
        why = "another reconcile is at work"
        return (Result(Decision.IGNORED, "busy", why, command="reconcile"),)
    try:
        results = _reconcile(ports, ports.ledger.open_items())
    finally:
        with contextlib.suppress(Conflict, LedgerUnavailable):
            ports.ledger.reconcile_lock.give_back(until, ports.clock())
    _measure(ports, now)
    ports.guard.raise_bugs()
    return results


def _measure(ports: Ports, since: datetime) -> None:
    """How long it took, and that all have had their turns: an alarm rings where that stays out."""
    took_ms = (ports.clock() - since).total_seconds() * 1000
    metrics.add_metric(name="ReconcileDuration", unit=MetricUnit.Milliseconds, value=took_ms)
    if missed := ports.guard.missed:
        why = f"no time was left for {len(missed)}, which come in the next minute"
        logger.warning("not all had their turn", subject=missed[0], error=why)
        return
    metrics.add_metric(name="ReconcileCompleted", unit=MetricUnit.Count, value=1)


def _reconcile(ports: Ports, work: tuple[OpenItems, ...]) -> tuple[Result, ...]:
    followed = tuple(follow_open_runs(ports, work))
    overdue = sum(result.decision is Decision.OVERDUE for result in followed)
    metrics.add_metric(name="OverdueRuns", unit=MetricUnit.Count, value=overdue)
    undelivered = sum(len(one.notices) for one in work)
    metrics.add_metric(name="UndeliveredNotices", unit=MetricUnit.Count, value=undelivered)
    ports.guard.turn(
        "notices not sent", "reconcile", lambda: resend(ports.outbox, ports.failures, work)
    )
    ports.guard.turn("subscriptions not checked", "reconcile", partial(check_subscriptions, ports))
    # Only now: a table that shows open runs is enough to see them through.
    pairs = ports.pairs()
    documents = follow_documents(ports, pairs)
    take_up_all(ports, pairs)
    busy = {result.disaster_recovery_id for result in followed}
    for result in followed:
        put("pair", str(result.pair), NOT_READY)
    return (*followed, *_pairs(ports, pairs, documents, work, busy))


def _pairs(
    ports: Ports,
    pairs: Pairs,
    documents: Documents,
    work: tuple[OpenItems, ...],
    busy: set[str | None],
) -> Iterator[Result]:
    """All pairs but those whose run has just been looked at."""
    configured = {pair.disaster_recovery_id for pair in pairs.good}
    for one in work:
        id_ = one.disaster_recovery_id
        if one.held - one.runs and id_ not in configured:
            late = partial(settle_late, ports, id_)
            yield from _taken(ports, "held run not looked at", id_, late)
        if one.incidents and id_ not in configured:
            end = partial(expire_incident, ports, id_)
            yield from _taken(ports, "incident not ended", id_, end)
        if (one.held or one.incidents) and id_ not in configured | busy:
            damaged = partial(tell_damaged, ports, one)
            yield from _taken(ports, "damage not told", id_, damaged)
    left = tuple(pair for pair in pairs.good if pair.disaster_recovery_id not in busy)
    for pair in left:
        if why := documents.troubled.get(pair.name):
            yield unreadable(ports, pair, why)
    named = {one.disaster_recovery_id: one for one in work}
    well = tuple(pair for pair in left if pair.name not in documents.troubled)
    yield from _look_at_all(ports, well, named)
    held = {one.disaster_recovery_id for one in work if one.held - one.runs}
    for bad in pairs.bad:
        since = documents.known[bad.name].faults[fault_of(bad)]
        turn = partial(tell_bad, ports, bad, since)
        yield from _taken(ports, "bad pair not told", bad.name, turn)
        if bad.disaster_recovery_id and bad.disaster_recovery_id not in busy:
            again = partial(name_again, ports, _named(named, bad.disaster_recovery_id))
            ports.guard.turn("open items not named", bad.name, again)
        if bad.disaster_recovery_id and bad.disaster_recovery_id not in held | busy:
            late = partial(settle_late, ports, bad.disaster_recovery_id)
            yield from _taken(ports, "run not looked at", bad.name, late)
    ids = held | {bad.disaster_recovery_id for bad in pairs.bad if bad.disaster_recovery_id}
    yield from _tell_gone(ports, documents.known)
    yield from _watch_old(ports, ids - configured - busy)


def _tell_gone(ports: Ports, known: ByName) -> Iterator[Result]:
    for one in _in_time(ports, known.values(), lambda known: known.name):
        if one.gone_since:
            turn = partial(tell_gone, ports, one, one.gone_since)
            yield from _taken(ports, "gone document not told", one.name, turn)


def _watch_old(ports: Ports, ids: Iterable[str]) -> Iterator[Result]:
    """Last of all: a provider that hangs must not cost the pairs with documents their time."""
    for id_ in _in_time(ports, sorted(ids), str):
        turn = partial(watch_old_production, ports, id_)
        yield from _taken(ports, "old production not looked at", id_, turn)


def _named(named: Mapping[str, OpenItems], disaster_recovery_id: str) -> OpenItems:
    """What the open items name of a pair; nothing, where its item is not there."""
    return named.get(disaster_recovery_id) or OpenItems(disaster_recovery_id)


def _look_at_all(
    ports: Ports, pairs: tuple[Pair, ...], named: Mapping[str, OpenItems]
) -> Iterator[Result]:
    """Pairs with an incident in an invocation each, then a look at the others.

    What Lambda takes no invocation for comes last, as each takes long: where there is not time for
    all in one minute, nobody else has to wait for it.
    """
    records = ports.ledger.read_all([pair.disaster_recovery_id for pair in pairs])
    still: list[tuple[Pair, PairRecord]] = []
    open_: list[Pair] = []
    longest = sorted(pairs, key=lambda pair: _decided_at(records[pair.disaster_recovery_id]))
    for pair in _in_time(ports, longest, _name):
        record = records[pair.disaster_recovery_id]
        if isinstance(record, LedgerUnavailable):
            yield unreadable(ports, pair, record)
            continue
        again = partial(name_again, ports, _named(named, pair.disaster_recovery_id), record)
        ports.guard.turn("open items not named", pair.name, again)
        _release_muted(ports, pair, record)
        if record.open_incident:
            open_.append(pair)
        else:
            still.append((pair, record))
    taken = invoked(ports, {pair.name: pair.name for pair in open_})
    yield from (_pursued(pair) for pair in open_ if pair.name in taken)
    left = [pair for pair in open_ if pair.name not in taken]
    still.sort(key=lambda one: _looked_at(one[1]))
    opened = yield from _look_at(ports, still)
    # What has just been opened has never been decided about.
    for pair in _in_time(ports, [*opened, *left], _name):
        yield from _taken(ports, "not pursued", pair.name, partial(_pursue, ports, pair), pair)


def _in_time(ports: Ports, those: Iterable[T], name: Callable[[T], str]) -> Iterator[T]:
    """Those for whose turn there is time; the others are noted."""
    for one in those:
        if ports.remaining_s() < _LEAVES_S:
            ports.guard.missed.append(name(one))
        else:
            yield one


def _name(pair: Pair) -> str:
    return pair.name


def _release_muted(ports: Ports, pair: Pair, record: PairRecord) -> None:
    if not record.pair_state.has_muted:
        return
    over = partial(mutes_over, ports, pair, record.pair_state)
    for alarm in ports.guard.turn("mutes not read", pair.name, over) or ():
        ports.guard.turn("mute not ended", pair.name, partial(take, ports, alarm, pair))


def _pursued(pair: Pair) -> Result:
    why = "its incident is pursued in an invocation of its own"
    return about(pair, TRIGGER).result(Decision.RECONCILED, Reason("pursued", why))


def _pursue(ports: Ports, pair: Pair) -> Result:
    return pursue(ports, ports.reload(pair))


def _look_at(
    ports: Ports, pairs: list[tuple[Pair, PairRecord]]
) -> Generator[Result, None, list[Pair]]:
    """Look at the pairs side by side, then judge them in turn, in this thread.

    Returns:
        those whose witnesses have opened an incident that Lambda takes no invocation for.
    """
    left: list[Pair] = []
    lists = read_lists(ports, pairs)
    reads = {
        pair.name: attempted(partial(look, ports, pair, record, item_in(pair, lists)))
        for pair, record in pairs
    }
    fleet = cache(ports.ledger.fleet)
    seen = ports.side_by_side(reads, _ROUND_WITHIN_S)
    for pair, record in _in_time(ports, pairs, lambda one: one[0].name):
        turn = partial(_judge, ports, pair, record, seen[pair.name], fleet)
        for result in _taken(ports, "not reconciled", pair.name, turn, pair):
            # What the witnesses have opened by themselves is not left for a minute.
            if result.reason_code == "watch" and not invoked(ports, {pair.name: pair.name}):
                left.append(pair)
            else:
                yield result
    return left


def _judge(
    ports: Ports, pair: Pair, record: PairRecord, result: Any, fleet: Callable[[], Fleet]
) -> Result:
    if isinstance(result, Unreadable):
        raise LedgerUnavailable(f"it could not be checked in time: {result}")
    return judge(ports, pair, record, found(result), fleet)


def _taken(
    ports: Ports,
    what: str,
    subject: str,
    turn: Callable[[], Result | None],
    pair: Pair | None = None,
) -> Iterator[Result]:
    """A pair's turn; what is wrong with it is its own answer."""

    def answered() -> Result | None:
        try:
            return turn()
        except FailoverError as err:
            if pair is None:
                raise
            return in_trouble(ports, pair, err)

    if result := ports.guard.turn(what, subject, answered):
        yield result


def _decided_at(record: PairRecord | LedgerUnavailable) -> str:
    incident = None if isinstance(record, LedgerUnavailable) else record.open_incident
    return incident.decided_at.isoformat() if incident and incident.decided_at else ""


def _looked_at(record: PairRecord) -> str:
    checked_at = record.observations.checked_at
    return checked_at.isoformat() if checked_at else ""
