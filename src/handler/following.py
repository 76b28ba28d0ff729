"""Following a run to its proven end: look, settle, store, tell. There is one way, whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from handler.codec import from_plain
from handler.dws.auth import Clock
from handler.dws.client import Dws, Unreadable
from handler.evidence import Read, SideBySide
from handler.incident import Ending, Incident
from handler.ledger import Ledger
from handler.outcome import Decision, about_run
from handler.pair import Pair
from handler.run import Run, RunState
from handler.settling import Sighting, mark_overdue, reminder, settle
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller

WITHIN_S: Final = 6.0


@dataclass(frozen=True)
class Follower:
    """Looks at the pair of a run as it was configured when the run was claimed."""

    ledger: Ledger
    teller: Teller
    connect: Callable[[Pair], Dws]
    clock: Clock
    side_by_side: SideBySide

    def follow(self, run: Run, incident: Incident | None = None) -> Run:
        """Look at the provider once, store what that means for the run, and tell what is new.

        Args:
            run: as stored.
            incident: the pair's open one; it ends with a run of its own that has succeeded.

        Returns:
            the run as stored, by whomever.

        Raises:
            LedgerUnavailable: it cannot be stored.
        """
        if run.state is RunState.SUBMITTING:
            run = self._store(run, settle(run, Sighting(self.clock())), incident)
            if run.state is RunState.SUBMITTING:
                return run
        pair = from_plain(Pair, run.configuration)
        seen = self._look(run, pair)
        settled = mark_overdue(settle(run, seen), seen.at, pair.completion_deadline_s)
        return self._store(run, settled, incident)

    def _look(self, run: Run, pair: Pair) -> Sighting:
        at, id_, dws = self.clock(), run.disaster_recovery_id, self.connect(pair)
        reads: dict[str, Read] = {
            "detail": lambda: dws.detail(id_, WITHIN_S),
            "new_production": lambda: dws.cluster(run.roles.standby_cluster_id, WITHIN_S),
        }
        if run.is_in_flight:
            reads["events"] = lambda: dws.events(id_, WITHIN_S)
        results = self.side_by_side(reads, WITHIN_S)
        usable: dict[str, Any] = {
            name: found for name, found in results.items() if not isinstance(found, Unreadable)
        }
        return Sighting(at, **usable)

    def _store(self, before: Run, run: Run, incident: Incident | None) -> Run:
        try:
            return self._tell(before, run, incident)
        except Conflict:
            logger.info("run was changed by someone else", run_id=run.run_id)
            return self.ledger.run(run.disaster_recovery_id, run.run_id) or before

    def _tell(self, before: Run, run: Run, incident: Incident | None) -> Run:
        now = self.clock()
        if run.transitions > before.transitions:
            ends = incident and incident.is_about(run) and run.state is RunState.SUCCEEDED
            ended = incident.ended(Ending.FAILED_OVER, now) if incident and ends else None
            stored, _ = self.teller.tell_run(
                run, about_run(run, Decision(run.state.value)), None, ended
            )
            return stored
        if kind := reminder(run, now):
            run = run.told(kind, now)
            notice_id = f"{run.run_id}/{kind}-{run.told_times}"
            stored, _ = self.teller.tell_run(run, about_run(run), notice_id)
            return stored
        return self.ledger.save_run(run) if run != before else run
