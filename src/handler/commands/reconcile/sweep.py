"""Every minute, one at a time: what is open first, then a look at every pair.

Open runs and unsent notices come from the table, so that they are seen through even if their pair's
document is gone. Reading is done side by side in threads; all that is stored, told or ordered is
done by the invocation's own thread, in turns, and one turn's trouble never ends another's.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any, Final, TypeVar

from handler.aws.pairs import Pairs
from handler.commands.reconcile.findings import watched
from handler.commands.reconcile.one_pair import (
    TRIGGER,
    Seen,
    judge,
    look,
    pursue,
    tell_bad,
    tell_misconfigured,
)
from handler.dws.client import Unreadable
from handler.dws.side_by_side import Read
from handler.errors import Conflict, FailoverError, InvalidSettings, LedgerUnavailable
from handler.failover.alarms import release, take_up, waiting_alarms
from handler.failover.follow import follow, is_young, look_at, settle_run
from handler.failover.gather import Listed, item_of
from handler.failover.guard import attempted, found
from handler.failover.next_steps import correct_document
from handler.failover.ports import Ports
from handler.failover.results import about, about_run
from handler.failover.settle import Sighting
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.incident import Ending
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, OpenItems, PairRecord
from handler.model.result import Decision, Result
from handler.model.run import Run
from handler.notifications.resend import resend

LEASE: Final = timedelta(seconds=55)
_LIST_WITHIN_S: Final = 8.0
_RUNS_WITHIN_S: Final = 20.0
_ROUND_WITHIN_S: Final = 40.0
_LEAVES_S: Final = 60.0  # of the invocation: then what is left waits for the next minute
Lists = Mapping[str, tuple[DisasterRecovery, ...] | Unreadable]  # by endpoint and project
T = TypeVar("T")


def reconcile(ports: Ports) -> tuple[Result, ...]:
    """Reconcile everything, unless another invocation is at it.

    Raises:
        LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
        Exception: a bug, once everything else has been seen to: the alarm on errors rings.
    """
    now = ports.clock()
    until = now + LEASE
    if not ports.ledger.take_lease(now, until):
        why = "another reconcile is at work"
        return (Result(Decision.IGNORED, "busy", why, command="reconcile"),)
    try:
        results = _reconcile(ports, ports.ledger.work())
    finally:
        with contextlib.suppress(Conflict, LedgerUnavailable):
            ports.ledger.give_lease_back(until, ports.clock())
    ports.guard.raise_bugs()
    return results


def _reconcile(ports: Ports, work: tuple[OpenItems, ...]) -> tuple[Result, ...]:
    followed = tuple(_followed(ports, work))
    ports.guard.turn(
        "notices not sent", "reconcile", lambda: resend(ports.outbox, ports.failures, work)
    )
    ports.guard.turn("subscriptions not read", "reconcile", partial(_warn_of_unconfirmed, ports))
    # Only now: a table that shows open runs is enough to see them through.
    pairs = ports.pairs()
    _take_up(ports, pairs)
    busy = {result.disaster_recovery_id for result in followed}
    return (*followed, *_pairs(ports, pairs, work, busy))


def _take_up(ports: Ports, pairs: Pairs) -> None:
    """Take in the alarms whose documents are good now, each by itports."""
    waiting = ports.guard.turn(
        "waiting alarms not read", "reconcile", partial(waiting_alarms, ports)
    )
    for one in waiting or ():
        turn = partial(take_up, ports, one, pairs)
        ports.guard.turn("waiting alarm not taken", one.pair, turn)


def _warn_of_unconfirmed(ports: Ports) -> None:
    """Whoever has not confirmed a subscription hears nothing; the others hear that, daily."""
    count = ports.outbox.publisher.unconfirmed()
    if count == 0:
        return
    why = f"{count} of the notification topic's subscriptions wait for their confirmation"
    step = "open the confirmation mail, or remove the subscription"
    result = Result(Decision.RECONCILED, "unconfirmed_subscriptions", why, next_steps=(step,))
    today = f"{ports.clock():%Y-%m-%d}"
    ports.outbox.notify(result, f"unconfirmed-subscriptions/{today}", can_wait=True)


# What is open


def _followed(ports: Ports, work: tuple[OpenItems, ...]) -> Iterator[Result]:
    """Settle the runs that are in flight."""
    runs = {
        run_id: run
        for one in work
        for run_id in sorted(one.runs)
        if (run := _open_run(ports, one.disaster_recovery_id, run_id))
    }
    reads = {id_: attempted(partial(_sighting, ports, run)) for id_, run in runs.items()}
    seen = ports.side_by_side(reads, _RUNS_WITHIN_S)
    for run_id, run in runs.items():
        turn = partial(_settle, ports, run, seen[run_id])
        if result := ports.guard.turn("run not followed", run.pair, turn):
            yield result


def _open_run(ports: Ports, disaster_recovery_id: str, run_id: str) -> Run | None:
    read = partial(ports.ledger.run, disaster_recovery_id, run_id)
    return ports.guard.turn("run not read", disaster_recovery_id, read)


def _sighting(ports: Ports, run: Run) -> Sighting | None:
    return None if is_young(ports, run) else look_at(ports, run)


def _settle(ports: Ports, run: Run, seen: Any) -> Result:
    """One that could not be looked at is open all the same: people hear of it again."""
    try:
        sighting = found(seen)
    except FailoverError:
        sighting = None
    if isinstance(sighting, Unreadable) or (sighting is None and not is_young(ports, run)):
        sighting = Sighting(ports.clock())
    return about_run(settle_run(ports, run, sighting))


# The pairs


def _pairs(
    ports: Ports, pairs: Pairs, work: tuple[OpenItems, ...], busy: set[str | None]
) -> Iterator[Result]:
    """All pairs but those whose run has just been looked at."""
    configured = {pair.disaster_recovery_id for pair in pairs.good}
    for one in work:
        id_ = one.disaster_recovery_id
        if one.held - one.runs and id_ not in configured:
            late = partial(_late_without_pair, ports, id_)
            yield from _taken(ports, "held run not looked at", id_, late)
        if one.incidents and id_ not in configured:
            end = partial(_without_pair, ports, id_)
            yield from _taken(ports, "incident not ended", id_, end)
    left = tuple(pair for pair in pairs.good if pair.disaster_recovery_id not in busy)
    yield from _look_at_all(ports, left)
    for bad in pairs.bad:
        turn = partial(tell_bad, ports, bad)
        yield from _taken(ports, "bad pair not told", bad.name, turn)


def _look_at_all(ports: Ports, pairs: tuple[Pair, ...]) -> Iterator[Result]:
    """Pairs with an incident in an invocation each, then the others, longest unseen first."""
    records = ports.ledger.read_all([pair.disaster_recovery_id for pair in pairs])
    still: list[tuple[Pair, PairRecord]] = []
    for pair in pairs:
        if ports.remaining_s() < _LEAVES_S:
            return
        record = records[pair.disaster_recovery_id]
        if isinstance(record, LedgerUnavailable):
            yield _unreadable(ports, pair, record)
            continue
        _release_muted(ports, pair, record)
        if record.open_incident:
            yield from _taken(ports, "not pursued", pair.name, partial(_pursue, ports, pair), pair)
        else:
            still.append((pair, record))
    still.sort(key=lambda one: _looked_at(one[1]))
    yield from _look_at(ports, still)


def _release_muted(ports: Ports, pair: Pair, record: PairRecord) -> None:
    for key in sorted(record.pair_state.muted):
        turn = partial(release, ports, pair, key)
        ports.guard.turn("mute not ended", pair.name, turn)


def _pursue(ports: Ports, pair: Pair) -> Result:
    if ports.invoke(pair.name):
        why = "its incident is pursued in an invocation of its own"
        return Result(Decision.RECONCILED, "pursued", why, **about(pair, TRIGGER))
    return pursue(ports, ports.reload(pair))


def _look_at(ports: Ports, pairs: list[tuple[Pair, PairRecord]]) -> Iterator[Result]:
    """Look at the pairs side by side, then judge them in turn, in this thread."""
    lists = _lists(ports, [pair for pair, _ in pairs])
    reads = {
        pair.name: attempted(partial(look, ports, pair, record, _listed(pair, lists)))
        for pair, record in pairs
    }
    fleet = cache(ports.ledger.fleet)
    seen = ports.side_by_side(reads, _ROUND_WITHIN_S)
    for pair, record in pairs:
        if ports.remaining_s() < _LEAVES_S:
            return
        turn = partial(_judge, ports, pair, record, seen[pair.name], fleet)
        yield from _taken(ports, "not reconciled", pair.name, turn, pair)


def _judge(
    ports: Ports, pair: Pair, record: PairRecord, result: Any, fleet: Callable[[], Fleet]
) -> Result:
    if isinstance(result, Unreadable):
        raise LedgerUnavailable(f"it could not be looked at in time: {result}")
    seen: Seen = found(result)
    judged = judge(ports, pair, record, seen, fleet() if seen.is_close else None)
    # What the witnesses have opened by themselves is not left for a minute.
    if judged.reason_code != "watch" or ports.invoke(pair.name):
        return judged
    return pursue(ports, ports.reload(pair))


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
            return _in_trouble(ports, pair, err)

    if result := ports.guard.turn(what, subject, answered):
        yield result


def _in_trouble(ports: Ports, pair: Pair, err: FailoverError) -> Result:
    if isinstance(err, LedgerUnavailable):
        return _unreadable(ports, pair, err)
    code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
    steps = (f"correct the secret {pair.credentials_secret}",)
    result = Result(Decision.BLOCKED, code, str(err), next_steps=steps, **about(pair, TRIGGER))
    is_wrong = isinstance(err, InvalidSettings)
    return tell_misconfigured(ports, result) if is_wrong else result


def _unreadable(ports: Ports, pair: Pair, err: LedgerUnavailable) -> Result:
    """A pair that cannot be read now; what is damaged does not pass, and is told hourly."""
    result = Result(Decision.BLOCKED, "unavailable", str(err), **about(pair, TRIGGER))
    if not err.is_damaged:
        return result
    told = replace(result, decision=Decision.RECONCILED, reason_code="unreadable")
    hour = f"{ports.clock():%Y-%m-%dT%H}"
    notice_id = f"{pair.disaster_recovery_id}/unreadable-{hour}"
    notified = ports.outbox.notify(told, notice_id, can_wait=True).notified
    return replace(result, notified=notified)


def _lists(ports: Ports, pairs: list[Pair]) -> Lists:
    """One list call for each project and endpoint."""
    projects: dict[str, Pair] = {}
    for pair in pairs:
        projects.setdefault(_project(pair), pair)
    reads = {project: attempted(_list(ports, pair)) for project, pair in projects.items()}
    given = ports.side_by_side(reads, _LIST_WITHIN_S)
    return {project: _usable(ports, projects[project], one) for project, one in given.items()}


def _usable(ports: Ports, pair: Pair, given: Any) -> tuple[DisasterRecovery, ...] | Unreadable:
    """A list, or that there is none: then each of its pairs is looked at by itports.

    A bug is that of the pair with whose credentials it was asked for.
    """
    listed = ports.guard.turn("list not read", pair.name, partial(found, given))
    none = Unreadable("unavailable", "the list cannot be read", is_transient=True)
    return none if listed is None else listed


def _list(ports: Ports, pair: Pair) -> Read:
    return lambda: ports.connect(pair).listed(_LIST_WITHIN_S)


def _late_without_pair(ports: Ports, disaster_recovery_id: str) -> Result | None:
    """What holds a pair that is configured no more, or badly, may be executed late as well."""
    record = ports.ledger.read(disaster_recovery_id)
    for run in watched(record, ports.clock()):
        followed = follow(ports, run)
        if followed.transitions != run.transitions:
            return about_run(followed)
    return None


def _without_pair(ports: Ports, disaster_recovery_id: str) -> Result | None:
    """An incident whose pair is configured no more, or badly, ends when its time is over."""
    record = ports.ledger.read(disaster_recovery_id)
    incident, now = record.open_incident, ports.clock()
    if incident is None or record.in_flight:
        return None
    whom: dict[str, Any] = {
        "pair": incident.pair,
        "disaster_recovery_id": disaster_recovery_id,
        "incident_id": incident.incident_id,
        "next_steps": correct_document(incident.pair),
    }
    why = f"the document of {incident.pair} is bad or gone: its incident cannot be pursued"
    result = Result(Decision.BLOCKED, "invalid_pair", why, **whom)
    late = Result(Decision.BLOCKED, "retry_time_over", f"{why}; its time is over", **whom)
    with contextlib.suppress(Conflict):
        if now <= incident.retry_until:
            return ports.outbox.record_refusal(result, ("invalid_pair",), record, incident)
        return ports.outbox.end_incident(incident, Ending.RETRY_TIME_OVER, late, record)
    return None


def _project(pair: Pair) -> str:
    return f"{pair.endpoint} {pair.project_id}"


def _listed(pair: Pair, lists: Lists) -> Listed:
    """A pair's item in its project's list, or why there is none."""
    listed = lists[_project(pair)]
    if isinstance(listed, Unreadable):
        return listed
    try:
        return item_of(listed, pair.disaster_recovery_id)
    except Unreadable as err:
        return err


def _looked_at(record: PairRecord) -> str:
    checked_at = record.observations.checked_at
    return checked_at.isoformat() if checked_at else ""
