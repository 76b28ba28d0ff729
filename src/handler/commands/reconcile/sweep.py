"""Every minute, one at a time: what is open first, then a look at every pair.

Open runs and unsent notices come from the table, so that they are seen through even if their pair's
document is gone. Reading is done side by side in threads; all that is stored, told or ordered is
done by the invocation's own thread, in turns, and one turn's trouble never ends another's.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from typing import Any, Final, TypeVar

from handler.aws.ledger import Ledger
from handler.aws.pairs import Pairs
from handler.commands.reconcile.findings import watched
from handler.commands.reconcile.one_pair import TRIGGER, Rounds, Seen
from handler.dws.client import Dws, Unreadable
from handler.errors import Conflict, FailoverError, InvalidSettings, LedgerUnavailable
from handler.failover.alarms import Alarms
from handler.failover.follow import Follower
from handler.failover.gather import Listed, Read, SideBySide, item_of
from handler.failover.guard import Guard, attempted, found
from handler.failover.next_steps import correct_document
from handler.failover.results import about, about_run
from handler.failover.settle import Sighting
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.incident import Ending
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, OpenItems, PairRecord
from handler.model.result import Decision, Result
from handler.model.run import Run
from handler.notifications.outbox import Outbox
from handler.notifications.resend import Resending

LEASE: Final = timedelta(seconds=55)
_LIST_WITHIN_S: Final = 8.0
_RUNS_WITHIN_S: Final = 20.0
_ROUND_WITHIN_S: Final = 40.0
_LEAVES_S: Final = 60.0  # of the invocation: then what is left waits for the next minute
Lists = Mapping[str, tuple[DisasterRecovery, ...] | Unreadable]  # by endpoint and project
T = TypeVar("T")


@dataclass(frozen=True)
class Reconcile:
    """Looks after all that is open and all pairs.

    `invoke` starts an invocation of its own for one pair, by name; False if it cannot.
    """

    ledger: Ledger
    rounds: Rounds
    follower: Follower
    alarms: Alarms
    outbox: Outbox
    resending: Resending
    guard: Guard
    connect: Callable[[Pair], Dws]
    side_by_side: SideBySide
    invoke: Callable[[str], bool]
    remaining_s: Callable[[], float]

    def run(self, load: Callable[[], Pairs]) -> tuple[Result, ...]:
        """Reconcile everything, unless another invocation is at it.

        Args:
            load: gives the pairs; only asked once what is open has been seen to.

        Raises:
            LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
            Exception: a bug, once everything else has been seen to: the alarm on errors rings.
        """
        now = self.rounds.clock()
        until = now + LEASE
        if not self.ledger.reconcile_lock.take(now, until):
            why = "another reconcile is at work"
            return (Result(Decision.IGNORED, "busy", why, command="reconcile"),)
        try:
            results = self._run(self.ledger.open_items(), load)
        finally:
            with contextlib.suppress(Conflict, LedgerUnavailable):
                self.ledger.reconcile_lock.give_back(until, self.rounds.clock())
        self.guard.raise_bugs()
        return results

    def _run(self, work: tuple[OpenItems, ...], load: Callable[[], Pairs]) -> tuple[Result, ...]:
        followed = tuple(self._followed(work))
        self.guard.turn("notices not sent", "reconcile", lambda: self.resending.send(work))
        self.guard.turn("subscriptions not read", "reconcile", self._warn_of_unconfirmed)
        pairs = load()
        self._take_up(pairs)
        busy = {result.disaster_recovery_id for result in followed}
        return (*followed, *self._pairs(pairs, work, busy))

    def _take_up(self, pairs: Pairs) -> None:
        """Take in the alarms whose documents are good now, each by itself."""
        waiting = self.guard.turn("waiting alarms not read", "reconcile", self.alarms.waiting)
        for one in waiting or ():
            turn = partial(self.alarms.take_up, one, pairs)
            self.guard.turn("waiting alarm not taken", one.pair, turn)

    def _warn_of_unconfirmed(self) -> None:
        """Whoever has not confirmed a subscription hears nothing; the others hear that, daily."""
        count = self.outbox.publisher.unconfirmed()
        if count == 0:
            return
        why = f"{count} of the notification topic's subscriptions wait for their confirmation"
        step = "open the confirmation mail, or remove the subscription"
        result = Result(Decision.RECONCILED, "unconfirmed_subscriptions", why, next_steps=(step,))
        today = f"{self.rounds.clock():%Y-%m-%d}"
        self.outbox.notify(result, f"unconfirmed-subscriptions/{today}", can_wait=True)

    # What is open

    def _followed(self, work: tuple[OpenItems, ...]) -> Iterator[Result]:
        """Settle the runs that are in flight."""
        runs = {
            run_id: run
            for one in work
            for run_id in sorted(one.runs)
            if (run := self._open_run(one.disaster_recovery_id, run_id))
        }
        reads = {id_: attempted(partial(self._sighting, run)) for id_, run in runs.items()}
        seen = self.side_by_side(reads, _RUNS_WITHIN_S)
        for run_id, run in runs.items():
            turn = partial(self._settle, run, seen[run_id])
            if result := self.guard.turn("run not followed", run.pair, turn):
                yield result

    def _open_run(self, disaster_recovery_id: str, run_id: str) -> Run | None:
        read = partial(self.ledger.run, disaster_recovery_id, run_id)
        return self.guard.turn("run not read", disaster_recovery_id, read)

    def _sighting(self, run: Run) -> Sighting | None:
        return None if self.follower.is_young(run) else self.follower.look(run)

    def _settle(self, run: Run, seen: Any) -> Result:
        """One that could not be looked at is open all the same: people hear of it again."""
        try:
            sighting = found(seen)
        except FailoverError:
            sighting = None
        if isinstance(sighting, Unreadable) or (
            sighting is None and not self.follower.is_young(run)
        ):
            sighting = Sighting(self.rounds.clock())
        return about_run(self.follower.settle(run, sighting))

    # The pairs

    def _pairs(
        self, pairs: Pairs, work: tuple[OpenItems, ...], busy: set[str | None]
    ) -> Iterator[Result]:
        """All pairs but those whose run has just been looked at."""
        configured = {pair.disaster_recovery_id for pair in pairs.good}
        for one in work:
            id_ = one.disaster_recovery_id
            if one.held - one.runs and id_ not in configured:
                late = partial(self._late_without_pair, id_)
                yield from self._taken("held run not looked at", id_, late)
            if one.incidents and id_ not in configured:
                end = partial(self._without_pair, id_)
                yield from self._taken("incident not ended", id_, end)
        left = tuple(pair for pair in pairs.good if pair.disaster_recovery_id not in busy)
        yield from self._look_at_all(left)
        held = {one.disaster_recovery_id for one in work if one.held - one.runs}
        for bad in pairs.bad:
            turn = partial(self.rounds.tell_bad, bad)
            yield from self._taken("bad pair not told", bad.name, turn)
            if bad.disaster_recovery_id and bad.disaster_recovery_id not in held | busy:
                late = partial(self._late_without_pair, bad.disaster_recovery_id)
                yield from self._taken("run not looked at", bad.name, late)

    def _look_at_all(self, pairs: tuple[Pair, ...]) -> Iterator[Result]:
        """Pairs with an incident in an invocation each, then the others, longest unseen first."""
        records = self.ledger.read_all([pair.disaster_recovery_id for pair in pairs])
        still: list[tuple[Pair, PairRecord]] = []
        # Where Lambda takes no invocations there may not be time for all in one minute.
        for pair in sorted(pairs, key=lambda pair: _decided_at(records[pair.disaster_recovery_id])):
            if self.remaining_s() < _LEAVES_S:
                return
            record = records[pair.disaster_recovery_id]
            if isinstance(record, LedgerUnavailable):
                yield self._unreadable(pair, record)
                continue
            self._release_muted(pair, record)
            if record.open_incident:
                yield from self._taken("not pursued", pair.name, partial(self._pursue, pair), pair)
            else:
                still.append((pair, record))
        still.sort(key=lambda one: _looked_at(one[1]))
        yield from self._look_at(still)

    def _release_muted(self, pair: Pair, record: PairRecord) -> None:
        for key in sorted(record.pair_state.muted):
            turn = partial(self.alarms.release, pair, key)
            self.guard.turn("mute not ended", pair.name, turn)

    def _pursue(self, pair: Pair) -> Result:
        if self.invoke(pair.name):
            why = "its incident is pursued in an invocation of its own"
            return Result(Decision.RECONCILED, "pursued", why, **about(pair, TRIGGER))
        return self.rounds.pursue(self.rounds.failover.reload(pair))

    def _look_at(self, pairs: list[tuple[Pair, PairRecord]]) -> Iterator[Result]:
        """Look at the pairs side by side, then judge them in turn, in this thread."""
        lists = self._lists([pair for pair, _ in pairs])
        reads = {
            pair.name: attempted(partial(self.rounds.look, pair, record, _listed(pair, lists)))
            for pair, record in pairs
        }
        fleet = cache(self.ledger.fleet)
        seen = self.side_by_side(reads, _ROUND_WITHIN_S)
        for pair, record in pairs:
            if self.remaining_s() < _LEAVES_S:
                return
            turn = partial(self._judge, pair, record, seen[pair.name], fleet)
            yield from self._taken("not reconciled", pair.name, turn, pair)

    def _judge(
        self, pair: Pair, record: PairRecord, result: Any, fleet: Callable[[], Fleet]
    ) -> Result:
        if isinstance(result, Unreadable):
            raise LedgerUnavailable(f"it could not be looked at in time: {result}")
        seen: Seen = found(result)
        judged = self.rounds.judge(pair, record, seen, fleet() if seen.is_close else None)
        # What the witnesses have opened by themselves is not left for a minute.
        if judged.reason_code != "watch" or self.invoke(pair.name):
            return judged
        return self.rounds.pursue(self.rounds.failover.reload(pair))

    def _taken(
        self,
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
                return self._in_trouble(pair, err)

        if result := self.guard.turn(what, subject, answered):
            yield result

    def _in_trouble(self, pair: Pair, err: FailoverError) -> Result:
        if isinstance(err, LedgerUnavailable):
            return self._unreadable(pair, err)
        code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
        steps = (f"correct the secret {pair.credentials_secret}",)
        result = Result(Decision.BLOCKED, code, str(err), next_steps=steps, **about(pair, TRIGGER))
        is_wrong = isinstance(err, InvalidSettings)
        return self.rounds.tell_misconfigured(result) if is_wrong else result

    def _unreadable(self, pair: Pair, err: LedgerUnavailable) -> Result:
        """A pair that cannot be read now; what is damaged does not pass, and is told hourly."""
        result = Result(Decision.BLOCKED, "unavailable", str(err), **about(pair, TRIGGER))
        if not err.is_damaged:
            return result
        told = replace(result, decision=Decision.RECONCILED, reason_code="unreadable")
        hour = f"{self.rounds.clock():%Y-%m-%dT%H}"
        notice_id = f"{pair.disaster_recovery_id}/unreadable-{hour}"
        notified = self.outbox.notify(told, notice_id, can_wait=True).notified
        return replace(result, notified=notified)

    def _lists(self, pairs: list[Pair]) -> Lists:
        """One list call for each project and endpoint."""
        projects: dict[str, dict[str, Pair]] = {}
        for pair in pairs:
            projects.setdefault(_project(pair), {}).setdefault(pair.credentials_secret, pair)
        reads = {one: attempted(self._list([*some.values()])) for one, some in projects.items()}
        given = self.side_by_side(reads, _LIST_WITHIN_S)
        first = {project: next(iter(some.values())) for project, some in projects.items()}
        return {project: self._usable(first[project], one) for project, one in given.items()}

    def _usable(self, pair: Pair, given: Any) -> tuple[DisasterRecovery, ...] | Unreadable:
        """A list, or that there is none: then each of its pairs is looked at by itself.

        A bug is that of the pair with whose credentials it was asked for.
        """
        listed = self.guard.turn("list not read", pair.name, partial(found, given))
        none = Unreadable("unavailable", "the list cannot be read", is_transient=True)
        return none if listed is None else listed

    def _list(self, pairs: list[Pair]) -> Read:
        """The list, by the first credentials that may read it: one pair's must not blind others."""

        def read() -> tuple[DisasterRecovery, ...]:
            refused: Exception | None = None
            for pair in pairs:
                try:
                    return self.connect(pair).listed(_LIST_WITHIN_S)
                except InvalidSettings as err:
                    refused = refused or err
                except Unreadable as err:
                    if err.is_transient:
                        raise
                    refused = refused or err
            raise refused or AssertionError("a project without a pair")

        return read

    def _late_without_pair(self, disaster_recovery_id: str) -> Result | None:
        """What holds a pair that is configured no more, or badly, may be executed late as well."""
        record = self.ledger.read(disaster_recovery_id)
        for run in watched(record, self.rounds.clock()):
            followed = self.follower.follow(run)
            if followed.transitions != run.transitions:
                return about_run(followed)
        return None

    def _without_pair(self, disaster_recovery_id: str) -> Result | None:
        """An incident whose pair is configured no more, or badly, ends when its time is over."""
        record = self.ledger.read(disaster_recovery_id)
        incident, now = record.open_incident, self.rounds.clock()
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
                return self.outbox.record_refusal(result, ("invalid_pair",), record, incident)
            return self.outbox.end_incident(incident, Ending.RETRY_TIME_OVER, late, record)
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


def _decided_at(record: PairRecord | LedgerUnavailable) -> str:
    incident = None if isinstance(record, LedgerUnavailable) else record.open_incident
    return incident.decided_at.isoformat() if incident and incident.decided_at else ""


def _looked_at(record: PairRecord) -> str:
    checked_at = record.observations.checked_at
    return checked_at.isoformat() if checked_at else ""
