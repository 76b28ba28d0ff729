"""Notices that are stored and were not sent: sent now, by whoever comes by every minute."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.aws.queue import Queue
from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.aws.topic import Delivery
from handler.errors import Conflict, LedgerUnavailable
from handler.model.notice import Notice
from handler.model.pair_state import OpenItems, PairRecord
from handler.model.result import Decision
from handler.model.run import Run, RunState
from handler.notifications.outbox import LEASE, Outbox
from handler.notifications.text import late, outdated

SHARE: Final = timedelta(seconds=20)  # of reconcile's time: the pairs must not wait for old news
GIVEN_UP_AFTER: Final = 5  # refusals by SNS of one notice for what it is
# "not failed over", in one way or another.
_NOTHING_BEGAN: Final = frozenset({
    Decision.REFUSED.value, Decision.BLOCKED.value,
    Decision.PROVIDER_REJECTED.value, Decision.NOT_STARTED.value,
})  # fmt: skip
# That an order is on its way: once it is settled, its end is told, and this comes too late.
_ON_ITS_WAY: Final = frozenset({
    Decision.SUBMITTED.value, Decision.UNKNOWN.value,
    Decision.IN_PROGRESS.value, Decision.OVERDUE.value,
})  # fmt: skip


def resend(outbox: Outbox, failures: Queue, work: Iterable[OpenItems]) -> None:
    """Send what is open, for a share of the time; while SNS itself is down, nothing more."""
    until = outbox.clock() + SHARE
    for one in work:
        for notice_id in sorted(one.notices):
            if outbox.clock() >= until or not _sent_or_passed(outbox, failures, one, notice_id):
                return


def _sent_or_passed(outbox: Outbox, failures: Queue, work: OpenItems, notice_id: str) -> bool:
    """Whether the next one may be sent; trouble with one notice stops no other."""
    try:
        return _send(outbox, failures, work, notice_id)
    except (Conflict, LedgerUnavailable) as err:
        logger.warning("notice not sent again", notice_id=notice_id, error=str(err))
        return True


def _send(outbox: Outbox, failures: Queue, work: OpenItems, notice_id: str) -> bool:
    told = outbox.ledger.notices.get(notice_id)
    if told is None or told.published_at:
        outbox.ledger.notices.forget(work.disaster_recovery_id, notice_id)
        return True
    now = outbox.clock()
    record = _record_that_matters(outbox, told, work)
    denies = told.attributes.get("decision") in _NOTHING_BEGAN
    if _is_leased(told, now) or (denies and record and _is_of(told, record.in_flight)):
        return True  # nobody is told that nothing was ordered while an order is on its way
    leased = outbox.ledger.notices.lease(told, now, now + LEASE)
    leased = replace(leased, text=late(told.text, told.created_at, now))
    if record and _is_overtaken(told, record):
        leased = replace(leased, subject=outdated(told.subject, told.created_at))
    return _deliver(outbox, failures, leased)


def _record_that_matters(outbox: Outbox, told: Notice, work: OpenItems) -> PairRecord | None:
    """What has become of the pair, where a notice says that nothing was ordered, or just was.

    Read now: an order may have begun since the work was listed.
    """
    if told.attributes.get("decision") not in _NOTHING_BEGAN | _ON_ITS_WAY:
        return None
    try:
        return outbox.ledger.read(work.disaster_recovery_id)
    except LedgerUnavailable:
        if work.runs:
            raise
        return None  # nobody can claim then: a damaged item keeps nothing from being told


def _deliver(outbox: Outbox, failures: Queue, told: Notice) -> bool:
    delivery = outbox.deliver(told)
    if delivery is Delivery.TAKEN:
        outbox.ledger.notices.mark_published(told, outbox.clock())
    if delivery is Delivery.REFUSED:
        _note_refused(outbox, failures, told)
    return delivery is not Delivery.FAILED


def _note_refused(outbox: Outbox, failures: Queue, told: Notice) -> None:
    """One that SNS will never take is counted, and handed to the failure queue in the end."""
    metrics.add_metric(name="NoticeRefused", unit=MetricUnit.Count, value=1)
    if told.refused_times + 1 < GIVEN_UP_AFTER:
        outbox.ledger.notices.note_not_taken(told)
        return
    logger.error("notice given up", notice_id=told.notice_id)
    if failures.send({"notice_id": told.notice_id, "result": _result(told.body)}):
        outbox.ledger.notices.mark_published(told, outbox.clock())


def _is_of(told: Notice, run: Run | None) -> bool:
    """Whether it tells of the incident that the run is about, which will tell more."""
    said = _result(told.body)
    incident_id = said.get("incident_id") if isinstance(said, dict) else None
    return run is not None and run.incident_id is not None and run.incident_id == incident_id


def _is_overtaken(told: Notice, record: PairRecord) -> bool:
    """Whether more has become known since that was written."""
    if told.attributes.get("decision") in _ON_ITS_WAY:
        return not _is_in_flight(told, record)
    run = record.in_flight or record.run
    has_begun = run is not None and (run.is_in_flight or run.state is RunState.SUCCEEDED)
    return run is not None and has_begun and run.claimed_at > told.created_at


def _is_in_flight(told: Notice, record: PairRecord) -> bool:
    said = _result(told.body)
    run_id = said.get("run_id") if isinstance(said, dict) else None
    return record.in_flight is not None and record.in_flight.run_id == run_id


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
