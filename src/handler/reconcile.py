"""Every minute, one at a time: what is open first, then a look at every pair.

Open runs and unsent notices come from the table, so that they are seen through even if their pair's
document is gone. Trouble with one pair never stops the others.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from handler.dws.client import Dws, Unreadable
from handler.dws.models import DisasterRecovery
from handler.errors import FailoverError, LedgerUnavailable
from handler.evidence import Listed, Read, SideBySide, item_of
from handler.following import Follower
from handler.incident import Ending
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about, about_run
from handler.pair import Pair
from handler.pairs import Pairs
from handler.record import Record, Work
from handler.rounds import TRIGGER, Rounds
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller

LEASE: Final = timedelta(seconds=55)
_LIST_WITHIN_S: Final = 8.0
_RUNS_WITHIN_S: Final = 20.0
_ROUND_WITHIN_S: Final = 40.0

Lists = Mapping[str, tuple[DisasterRecovery, ...] | Unreadable]  # by endpoint and project


@dataclass(frozen=True)
class Reconcile:
    """Looks after all that is open and all pairs.

    `invoke` starts an invocation of its own for one pair, by name; False if it cannot.
    """

    ledger: Ledger
    rounds: Rounds
    follower: Follower
    teller: Teller
    connect: Callable[[Pair], Dws]
    side_by_side: SideBySide
    invoke: Callable[[str], bool]

    def run(self, load: Callable[[], Pairs]) -> tuple[Result, ...]:
        """Reconcile everything, unless another invocation is at it.

        Args:
            load: gives the pairs; only asked once what is open has been seen to.

        Raises:
            LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
        """
        now = self.rounds.clock()
        until = now + LEASE
        if not self.ledger.take_lease(now, until):
            why = "another reconcile is at work"
            return (Result(Decision.IGNORED, "busy", why, command="reconcile"),)
        try:
            return self._run(self.ledger.work(), load)
        finally:
            with contextlib.suppress(Conflict, LedgerUnavailable):
                self.ledger.give_lease_back(until, self.rounds.clock())

    def _run(self, work: tuple[Work, ...], load: Callable[[], Pairs]) -> tuple[Result, ...]:
        self._drain(work)
        followed = self._followed(work)
        self._warn_of_unconfirmed()
        busy = {result.disaster_recovery_id for result in followed}
        return (*followed, *self._pairs(load(), work, busy))

    def _drain(self, work: tuple[Work, ...]) -> None:
        """Publish what was stored and could not be sent; one that SNS does not take ends it.

        While SNS is down every try takes long, and the pairs wait.
        """
        for one in work:
            with _reporting("notices not sent", one.disaster_recovery_id):
                if not all(map(self.teller.publish_anew, sorted(one.notices))):
                    break

    def _warn_of_unconfirmed(self) -> None:
        """Whoever has not confirmed a subscription hears nothing; the others hear that, daily."""
        count = self.teller.publisher.unconfirmed()
        if count == 0:
            return
        why = f"{count} of the notification topic's subscriptions wait for their confirmation"
        step = "open the confirmation mail, or remove the subscription"
        result = Result(Decision.RECONCILED, "unconfirmed_subscriptions", why, next_steps=(step,))
        today = f"{self.rounds.clock():%Y-%m-%d}"
        self.teller.tell(result, f"unconfirmed-subscriptions/{today}", can_wait=True)

    def _followed(self, work: tuple[Work, ...]) -> tuple[Result, ...]:
        """Settle the runs that are in flight."""
        reads: dict[str, Read] = {
            run_id: partial(self._follow, one.disaster_recovery_id, run_id)
            for one in work
            for run_id in sorted(one.runs)
        }
        found = self.side_by_side(reads, _RUNS_WITHIN_S)
        return tuple(result for result in found.values() if isinstance(result, Result))

    def _follow(self, disaster_recovery_id: str, run_id: str) -> Result | None:
        with _reporting("run not followed", disaster_recovery_id):
            return self._follow_one(disaster_recovery_id, run_id)
        return None

    def _follow_one(self, disaster_recovery_id: str, run_id: str) -> Result:
        record = self.ledger.read(disaster_recovery_id)
        run = next((one for one in record.runs if one.run_id == run_id), None)
        run = run or self.ledger.run(disaster_recovery_id, run_id)
        if run is None:
            raise LedgerUnavailable(f"run {run_id} is open but not stored")
        return about_run(self.follower.follow(run, record.open_incident))

    def _pairs(
        self, pairs: Pairs, work: tuple[Work, ...], busy: set[str | None]
    ) -> Iterator[Result]:
        """All pairs but those whose run has just been looked at."""
        configured = {pair.disaster_recovery_id for pair in pairs.good}
        for one in work:
            if one.incidents and one.disaster_recovery_id not in configured:
                with _reporting("incident not ended", one.disaster_recovery_id):
                    yield from self._without_pair(one.disaster_recovery_id)
        left = tuple(pair for pair in pairs.good if pair.disaster_recovery_id not in busy)
        by_id = {pair.disaster_recovery_id: pair for pair in left}
        records, lists = self.ledger.read_all(by_id), self._lists(left)
        yield from self._look_at_all(by_id, records, lists)
        for bad in pairs.bad:
            yield self.rounds.tell_bad(bad)

    def _look_at_all(
        self, by_id: Mapping[str, Pair], records: Mapping[str, Record], lists: Lists
    ) -> Iterator[Result]:
        """Pairs with an incident in an invocation each, then the others, longest unseen first."""
        for id_, pair in by_id.items():
            if records[id_].open_incident and self.invoke(pair.name):
                why = "its incident is pursued in an invocation of its own"
                yield Result(Decision.RECONCILED, "pursued", why, **about(pair, TRIGGER))
                continue
            if records[id_].open_incident:
                yield self.rounds.pursue(pair)
        still = [pair for id_, pair in by_id.items() if not records[id_].open_incident]
        still.sort(key=lambda pair: _looked_at(records[pair.disaster_recovery_id]))
        reads = {
            pair.name: self._look(pair, records[pair.disaster_recovery_id], lists) for pair in still
        }
        for name, found in self.side_by_side(reads, _ROUND_WITHIN_S).items():
            if isinstance(found, Result):
                yield found
            else:
                logger.warning("not reconciled", pair=name, error=str(found))

    def _look(self, pair: Pair, record: Record, lists: Lists) -> Read:
        listed = _listed(pair, lists)
        return lambda: self._pursued_at_once(pair, self.rounds.look(pair, record, listed))

    def _pursued_at_once(self, pair: Pair, found: Result) -> Result:
        """What the witnesses have opened by themselves is not left for a minute."""
        if found.reason_code != "watch" or self.invoke(pair.name):
            return found
        return self.rounds.pursue(pair)

    def _lists(self, pairs: tuple[Pair, ...]) -> Lists:
        """One list call for each project and endpoint."""
        projects: dict[str, Pair] = {}
        for pair in pairs:
            projects.setdefault(_project(pair), pair)
        reads = {project: self._list(pair) for project, pair in projects.items()}
        return self.side_by_side(reads, _LIST_WITHIN_S)

    def _list(self, pair: Pair) -> Read:
        return lambda: self.connect(pair).listed(_LIST_WITHIN_S)

    def _without_pair(self, disaster_recovery_id: str) -> Iterator[Result]:
        """An incident whose pair is configured no more, or badly, ends when its time is over."""
        incident = self.ledger.read(disaster_recovery_id).open_incident
        now = self.rounds.clock()
        if incident is None:
            return
        whom: dict[str, Any] = {
            "pair": incident.pair,
            "disaster_recovery_id": disaster_recovery_id,
            "incident_id": incident.incident_id,
        }
        why = f"the document of {incident.pair} is bad or gone: its incident cannot be pursued"
        result = Result(Decision.BLOCKED, "invalid_pair", why, **whom)
        if now <= incident.retry_until:
            yield self.teller.tell_refusal(result, ("invalid_pair",), incident)
            return
        result = Result(Decision.BLOCKED, "retry_time_over", f"{why}; its time is over", **whom)
        with contextlib.suppress(Conflict):
            yield self.teller.tell_end(incident, Ending.RETRY_TIME_OVER, result)


def _project(pair: Pair) -> str:
    return f"{pair.endpoint} {pair.project_id}"


def _listed(pair: Pair, lists: Lists) -> Listed:
    """A pair's item in its project's list, or why there is none."""
    found = lists[_project(pair)]
    if isinstance(found, Unreadable):
        return found
    try:
        return item_of(found, pair.disaster_recovery_id)
    except Unreadable as err:
        return err


def _looked_at(record: Record) -> str:
    looked_at = record.health.looked_at
    return looked_at.isoformat() if looked_at else ""


@contextlib.contextmanager
def _reporting(what: str, disaster_recovery_id: str) -> Iterator[None]:
    """Trouble with one of them is logged, and the next one's turn comes."""
    try:
        yield
    except FailoverError as err:
        logger.warning(what, disaster_recovery_id=disaster_recovery_id, error=str(err))
