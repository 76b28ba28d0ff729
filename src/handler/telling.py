"""Stored first, then published, then marked: what happened is never lost with its message.

A stored notice is leased by whoever will publish it, for longer than publishing can take; once the
lease is over it is reconcile's to send. So copies can only follow a crash between publishing and
marking, or an answer of SNS that was lost.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from handler.dws.auth import Clock
from handler.errors import LedgerUnavailable
from handler.incident import Ending, Incident
from handler.ledger import NOBODY, Ledger
from handler.notice import Notice
from handler.notices import PUBLISHING_TAKES_S, Publisher
from handler.outcome import Result
from handler.run import Run
from handler.table import Conflict
from handler.telemetry import logger
from handler.wording import attributes, body, subject, text

LEASE: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Teller:
    """Tells results; `function_name` stands in the commands that a notice gives."""

    ledger: Ledger
    publisher: Publisher
    clock: Clock
    function_name: str

    def tell(self, result: Result, notice_id: str, *, can_wait: bool = False) -> Result:
        """Store a notice and publish it; one that is stored already is someone else's to send.

        Where the table is down it is published all the same, unless it `can_wait`: what is still
        so in a minute is told then.
        """
        told = self.notice(result, notice_id)
        try:
            if not self.ledger.save_notice(told):
                return result
        except LedgerUnavailable as err:
            logger.error("notice not stored", notice_id=notice_id, error=str(err))
            if can_wait:
                return result
        return replace(result, notified=self.publish(told))

    def tell_outcome(self, result: Result, run: Run) -> tuple[Run, Result]:
        """Store what became of a claimed run; publish it even if the table is down now."""
        try:
            return self.tell_run(run, result)
        except (LedgerUnavailable, Conflict) as err:
            logger.error("outcome not stored", run_id=run.run_id, error=str(err))
        reason = f"{result.reason}. This could not be recorded in the runs table"
        result = replace(result, reason=reason)
        published = self.publish(self.notice(result, _edge(run)))
        return run, replace(result, notified=published)

    def tell_run(
        self,
        run: Run,
        result: Result,
        notice_id: str | None = None,
        ended: Incident | None = None,
    ) -> tuple[Run, Result]:
        """Store a run after a transition, or a reminder of it, and publish that.

        Raises:
            Conflict: someone else has changed the run and tells it.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        told = self.notice(result, notice_id or _edge(run))
        stored = self.ledger.save_run(run, told, ended)
        return stored, replace(result, notified=self.publish(told))

    def tell_refusal(
        self, result: Result, refusing: tuple[str, ...], incident: Incident | None
    ) -> Result:
        """Store the decision about an incident and publish it if it is news; a command's always is.

        Two invocations that decide about one incident at once: the first to store it tells it.
        """
        now = self.clock()
        if incident is None:
            return self.tell(result, f"{result.disaster_recovery_id}/{now.isoformat()}")
        result = replace(result, incident_id=incident.incident_id)
        decided = incident.decided(result.decision, result.reason, now)
        has_news = incident.has_news(refusing, now)
        if has_news:
            decided = decided.told(refusing, now)
        try:
            self.ledger.note_decision(decided)
        except Conflict:
            return result
        except LedgerUnavailable as err:
            logger.error("decision not stored", pair=result.pair, error=str(err))
        if not has_news:
            return result
        return self.tell(result, f"{incident.incident_id}/{decided.told_times}")

    def tell_end(
        self, incident: Incident, because: Ending, result: Result, alone: str | None = None
    ) -> Result:
        """End an incident and tell it.

        Raises:
            Conflict: someone else has changed it.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        told = self.notice(result, f"{incident.incident_id}/ended")
        self.ledger.end_incident(incident.ended(because, self.clock()), told, alone)
        return replace(result, notified=self.publish(told))

    def notice(self, result: Result, notice_id: str) -> Notice:
        """The notice that tells a result, for its maker to store and then to publish."""
        now = self.clock()
        return Notice(
            notice_id=notice_id,
            disaster_recovery_id=result.disaster_recovery_id or NOBODY,
            created_at=now,
            leased_until=now + LEASE,
            subject=subject(result),
            text=text(result, self.function_name),
            body=body(result),
            attributes=attributes(result, notice_id),
        )

    def publish(self, told: Notice) -> bool:
        """Publish a notice while its lease lasts, and mark it."""
        if told.leased_until - self.clock() < timedelta(seconds=PUBLISHING_TAKES_S):
            return False
        if not self.publisher.publish(told):
            return False
        try:
            self.ledger.mark_published(told, self.clock())
        except (LedgerUnavailable, Conflict) as err:
            logger.error("notice not marked", notice_id=told.notice_id, error=str(err))
        return True

    def publish_anew(self, notice_id: str) -> bool:
        """Publish a stored notice, unless someone is publishing it; False if SNS did not take it.

        Raises:
            LedgerUnavailable: it cannot be read or leased.
        """
        now, told = self.clock(), self.ledger.notice(notice_id)
        if told is None or told.published_at or told.leased_until > now:
            return True
        try:
            return self.publish(self.ledger.lease_notice(told, now + LEASE))
        except Conflict:
            return True


def _edge(run: Run) -> str:
    return f"{run.run_id}/{run.transitions}-{run.state}"
