"""Stored first, then published, then marked: what happened is never lost with its message."""

from dataclasses import dataclass, replace

from handler.dws.auth import Clock
from handler.errors import LedgerUnavailable
from handler.incident import Incident
from handler.ledger import Ledger
from handler.notice import Notice
from handler.notices import Publisher
from handler.outcome import Result
from handler.run import Run, RunState
from handler.table import Conflict
from handler.telemetry import logger
from handler.wording import notice


@dataclass(frozen=True)
class Teller:
    """Tells results; `function_name` stands in the commands that a notice gives."""

    ledger: Ledger
    publisher: Publisher
    clock: Clock
    function_name: str

    def tell(self, result: Result, notice_id: str) -> Result:
        """Store a notice and publish it; one that is stored already is someone else's to send."""
        told = self._notice(result, notice_id)
        try:
            if not self.ledger.save_notice(told):
                return result
        except LedgerUnavailable as err:
            logger.error("notice not stored", notice_id=notice_id, error=str(err))
        return replace(result, notified=self._publish(told))

    def tell_outcome(self, result: Result, run: Run) -> Result:
        """Store what became of a claimed run; publish it even if the table is down now."""
        told = self._notice(result, f"{run.run_id}/{run.state}")
        try:
            self.ledger.settle(run, RunState.SUBMITTING, told)
        except (LedgerUnavailable, Conflict) as err:
            logger.error("outcome not stored", run_id=run.run_id, error=str(err))
            reason = f"{result.reason}. This could not be recorded in the runs table"
            result = replace(result, reason=reason)
            told = self._notice(result, told.notice_id)
        return replace(result, notified=self._publish(told))

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

    def _notice(self, result: Result, notice_id: str) -> Notice:
        return notice(result, notice_id, self.clock(), self.function_name)

    def _publish(self, told: Notice) -> bool:
        if not self.publisher.publish(told):
            return False
        try:
            self.ledger.mark_published(told, self.clock())
        except (LedgerUnavailable, Conflict) as err:
            logger.error("notice not marked", notice_id=told.notice_id, error=str(err))
        return True
