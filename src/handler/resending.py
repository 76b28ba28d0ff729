"""Notices that are stored and were not sent: sent now, by whoever comes by every minute."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.dws.auth import Clock
from handler.errors import LedgerUnavailable
from handler.ledger import Ledger
from handler.notice import Notice
from handler.notices import Delivery, Publisher
from handler.outcome import Decision
from handler.queues import Queue
from handler.record import Work
from handler.table import Conflict
from handler.telemetry import MetricUnit, logger, metrics
from handler.telling import LEASE
from handler.wording import late

SHARE: Final = timedelta(seconds=20)  # of reconcile's time: the pairs must not wait for old news
GIVEN_UP_AFTER: Final = 5  # refusals by SNS of one notice for what it is
_NOTHING_BEGAN: Final = (Decision.REFUSED.value, Decision.BLOCKED.value)


@dataclass(frozen=True)
class Resending:
    """Sends what could not be sent."""

    ledger: Ledger
    publisher: Publisher
    failures: Queue
    clock: Clock

    def send(self, work: Iterable[Work]) -> None:
        """Send what is open, for a share of the time; while SNS itself is down, nothing more."""
        until = self.clock() + SHARE
        for one in work:
            for notice_id in sorted(one.notices):
                if self.clock() >= until or not self._sent_or_passed(one, notice_id):
                    return

    def _sent_or_passed(self, work: Work, notice_id: str) -> bool:
        """Whether the next one may be sent; trouble with one notice stops no other."""
        try:
            return self._send(work, notice_id)
        except (Conflict, LedgerUnavailable) as err:
            logger.warning("notice not sent again", notice_id=notice_id, error=str(err))
            return True

    def _send(self, work: Work, notice_id: str) -> bool:
        told = self.ledger.notice(notice_id)
        if told is None or told.published_at:
            self.ledger.forget_notice(work.disaster_recovery_id, notice_id)
            return True
        now = self.clock()
        if _is_leased(told, now) or self._is_untrue(told, work):
            return True
        leased = self.ledger.lease_notice(told, now, now + LEASE)
        return self._deliver(replace(leased, text=late(told.text, told.created_at, now)))

    def _deliver(self, told: Notice) -> bool:
        delivery = self.publisher.publish(told)
        if delivery is Delivery.TAKEN:
            self.ledger.mark_published(told, self.clock())
        if delivery is Delivery.REFUSED:
            self._note_refused(told)
        return delivery is not Delivery.FAILED

    def _note_refused(self, told: Notice) -> None:
        """One that SNS will never take is counted, and handed to the failure queue in the end."""
        metrics.add_metric(name="NoticeRefused", unit=MetricUnit.Count, value=1)
        if told.refused_times + 1 < GIVEN_UP_AFTER:
            self.ledger.note_not_taken(told)
            return
        logger.error("notice given up", notice_id=told.notice_id)
        if self.failures.send({"notice_id": told.notice_id, "result": _result(told.body)}):
            self.ledger.mark_published(told, self.clock())

    def _is_untrue(self, told: Notice, work: Work) -> bool:
        """Whether it says that nothing was ordered while an order is on its way: it waits."""
        if told.attributes.get("decision") not in _NOTHING_BEGAN or not work.runs:
            return False
        return self.ledger.read(work.disaster_recovery_id).in_flight is not None


def _is_leased(told: Notice, now: datetime) -> bool:
    """Whether someone is publishing it, whose clock may be ahead of this one.

    A lease that lasts for much longer than any is none that this code wrote.
    """
    return now < told.leased_until <= now + 2 * LEASE


def _result(body: str) -> Any:
    """What a notice says to machines; as it stands, where that is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return body
