"""Decided and told in one write, then published, then marked: no news is lost with its message.

A stored notice is leased by whoever will publish it, for longer than publishing can take; once the
lease is over it is reconcile's to send. So copies can only follow a crash between publishing and
marking, or an answer of SNS that was lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.aws.items import NOBODY
from handler.aws.ledger import Ledger
from handler.aws.table import CALL_TAKES_S
from handler.aws.telemetry import logger
from handler.aws.topic import PUBLISHING_TAKES_S, Delivery, Publisher
from handler.errors import Conflict, LedgerUnavailable
from handler.model.incident import Ending, Incident, LastIncident
from handler.model.notice import Notice
from handler.model.pair_state import Observations, PairRecord, PairState
from handler.model.result import Result
from handler.model.run import Run
from handler.model.times import Clock
from handler.notifications.command_lines import Address
from handler.notifications.free_ids import stored_under_free_id
from handler.notifications.headline import subject
from handler.notifications.text import attributes, body, text

# Longer than publishing can take, or two would send it; short, since a crash delays the word by it.
LEASE: Final = timedelta(seconds=30)
_PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0)  # between tries to store an outcome; the last repeats
_TRIES: Final = 40  # as long as an invocation can last
_LEAVES_S: Final = 3.0  # of the invocation after the last try, however long that takes


@dataclass(frozen=True)
class Outbox:
    """Tells results; `address` stands in the commands that a notice gives."""

    ledger: Ledger
    publisher: Publisher
    clock: Clock
    address: Address

    def notify(self, result: Result, notice_id: str, *, can_wait: bool = False) -> Result:
        """Store a notice and publish it; one that is stored already is someone else's to send.

        Where the table is down it is published all the same, unless it `can_wait`: what is still
        so in a minute is told then.

        Raises:
            LedgerUnavailable: neither the table nor the topic takes it.
        """
        return self.send(result, self.notice(result, notice_id), can_wait=can_wait)

    def send(self, result: Result, told: Notice, *, can_wait: bool = False) -> Result:
        """The same with a notice that is made already.

        Raises:
            LedgerUnavailable: neither the table nor the topic takes it.
        """
        try:
            if not self.ledger.notices.save(told):
                return result
        except LedgerUnavailable as err:
            logger.error("notice not stored", notice_id=told.notice_id, error=str(err))
            return result if can_wait else self._told_unstored(told, result, err)
        return replace(result, notified=self.publish(told))

    def record_and_notify(
        self, result: Result, notice_id: str, store: Callable[[Notice], None]
    ) -> Result:
        """Store what is decided together with its notice, as one write, and publish it.

        Raises:
            Conflict: someone else has changed what it rests on; nothing was published.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        told = self.notice(result, notice_id)
        store(told)
        return replace(result, notified=self.publish(told))

    def record_outcome(
        self,
        before: Run,
        run: Run,
        result: Result,
        wait: Callable[[float], None],
        remaining_s: Callable[[], float],
        observations: Observations | None = None,
    ) -> tuple[Run, Result]:
        """Store what became of a claimed run, for as long as this invocation lasts.

        People hear of it after the first try that fails, and the table as soon as it can be used:
        what the provider has answered must not be forgotten.
        """
        told = self.notice(result, _edge(run))
        save = partial(self._save_outcome, before, run, told, observations)
        try:
            stored = save()
            return stored, replace(result, notified=self.publish(told))
        except LedgerUnavailable as err:
            logger.error("outcome not stored", run_id=run.run_id, error=str(err))
        reason = f"{result.reason}. This could not be recorded in the runs table"
        result = replace(result, reason=reason)
        published = self._publish(self.notice(result, _edge(run)))
        stored = self._store_later(save, run, told, published, wait, remaining_s)
        return stored, replace(result, notified=published)

    def _store_later(
        self,
        save: Callable[[], Run],
        run: Run,
        told: Notice,
        published: bool,  # noqa: FBT001
        wait: Callable[[float], None],
        remaining_s: Callable[[], float],
    ) -> Run:
        for number in range(_TRIES):
            pause_s = _PAUSES_S[min(number, len(_PAUSES_S) - 1)]
            if remaining_s() < pause_s + CALL_TAKES_S + _LEAVES_S:
                break
            wait(pause_s)
            try:
                stored = save()
            except LedgerUnavailable as err:
                logger.error("outcome not stored", run_id=run.run_id, error=str(err))
                continue
            if published:
                self._mark(told)
            return stored
        return run

    def _save_outcome(
        self, before: Run, run: Run, told: Notice, observations: Observations | None
    ) -> Run:
        """The run as stored: nobody else stores an outcome, so one that is there is this one."""
        if observations:
            token = f"{run.run_id}-seen"  # 36 characters at most, and not that of the other write
            try:
                return self.ledger.save_run(
                    before, run, told, token=token, observations=observations
                )
            except Conflict:
                # Whoever looks at the pair notes what is seen: that must not keep an outcome out.
                logger.info("observations were noted by someone else", pair=run.pair)
            except LedgerUnavailable as err:
                if not err.is_refused:
                    raise
                logger.error("observations not stored", pair=run.pair, error=str(err))
        try:
            return self.ledger.save_run(before, run, told, token=f"{run.run_id}-answer")
        except Conflict:
            stored = self.ledger.run(run.disaster_recovery_id, run.run_id)
            logger.info("run was stored before", run_id=run.run_id)
            return stored or run

    def record_run(
        self,
        before: Run,
        run: Run,
        result: Result,
        notice_id: str | None = None,
        ended: Incident | None = None,
        last: LastIncident | None = None,
    ) -> tuple[Run, Result]:
        """Store a run after a transition, or a reminder of it, and publish that.

        Raises:
            Conflict: someone else has changed the run and tells it, or an alarm has come in.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        told, stored = stored_under_free_id(
            self.ledger.notices,
            self.notice(result, notice_id or _edge(run)),
            lambda told: self.ledger.save_run(before, run, told, ended, last),
        )
        return stored, replace(result, notified=self.publish(told))

    def record_refusal(
        self,
        result: Result,
        refusing: tuple[str, ...],
        record: PairRecord,
        incident: Incident | None,
    ) -> Result:
        """Store the decision about an incident and, as one write with it, its notice if it is news.

        A command's refusal is its own news, whatever has been told of an incident.

        Args:
            result: the refusal.
            refusing: what an incident is refused for.
            record: what the decision rests on.
            incident: the open one that is pursued; None for a command's refusal.

        Raises:
            Conflict: someone else has decided about the incident, or has claimed, meanwhile.
            LedgerUnavailable: neither the table nor the topic takes what is news.
        """
        now = self.clock()
        if incident is None:
            return self._tell_commands(result, record.pair_state, now)
        result = replace(result, incident_id=incident.incident_id)
        decided = incident.decided(result.decision, result.reason, now)
        if not incident.has_news(refusing, now):
            return self._decided_silently(decided, record, result)
        decided = decided.told(refusing, now)
        # Of two that could not be stored the second would have the number of the first.
        number = f"{decided.notification_count}-{result.reason_code}"
        told = self.notice(result, f"{incident.incident_id}/{number}")
        store = partial(self.ledger.incidents.decide, decided, record.pair_state)
        return self._told(told, result, store)

    def _tell_commands(self, result: Result, pair_state: PairState, now: datetime) -> Result:
        id_ = str(result.disaster_recovery_id)
        told = self.notice(result, f"{id_}/{now.isoformat()}")
        store = partial(self.ledger.notices.save_refusal, id_, pair_state)
        return self._told(told, result, store)

    def _told(self, told: Notice, result: Result, store: Callable[[Notice], None]) -> Result:
        try:
            told, _ = stored_under_free_id(self.ledger.notices, told, store)
        except LedgerUnavailable as err:
            logger.error("decision not stored", pair=result.pair, error=str(err))
            return self._told_unstored(told, result, err)
        return replace(result, notified=self.publish(told))

    def _decided_silently(self, decided: Incident, record: PairRecord, result: Result) -> Result:
        try:
            self.ledger.incidents.decide(decided, record.pair_state)
        except LedgerUnavailable as err:
            logger.error("decision not stored", pair=result.pair, error=str(err))
        return result

    def _told_unstored(self, told: Notice, result: Result, err: LedgerUnavailable) -> Result:
        """Nobody else can send what is not stored; where SNS does not take it, the caller hears."""
        if not self._publish(told):
            raise err
        return replace(result, notified=True)

    def end_incident(
        self, incident: Incident, because: Ending, result: Result, record: PairRecord
    ) -> Result:
        """End an incident and tell it.

        Raises:
            Conflict: someone else has changed it, or a run has.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        ended = incident.ended(because, self.clock())
        return self.record_end(
            result,
            incident,
            lambda told: self.ledger.incidents.end(ended, record.pair_state, told),
        )

    def record_end(
        self, result: Result, incident: Incident, store: Callable[[Notice], None]
    ) -> Result:
        """Store an incident's end, in whatever way it ends, with its notice; and publish that.

        Raises:
            Conflict: someone else has changed it, or a run has.
            LedgerUnavailable: it could not be stored; nothing was published.
        """
        ended = self.notice(result, f"{incident.incident_id}/ended")
        told, _ = stored_under_free_id(self.ledger.notices, ended, store)
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
            text=text(result, self.address),
            body=body(result),
            attributes=attributes(result, notice_id),
        )

    def publish(self, told: Notice) -> bool:
        """Publish a stored notice while its lease lasts, and mark it."""
        if told.leased_until - self.clock() < timedelta(seconds=PUBLISHING_TAKES_S):
            return False
        if not self._publish(told):
            return False
        self._mark(told)
        return True

    def deliver(self, told: Notice) -> Delivery:
        """Publish a notice as it is; chat gets its copy once the topic has taken it.

        In this order, so that chat holds nothing up, and before the notice is marked, so that a
        crash between the two costs a second copy and not the first.
        """
        delivery = self.publisher.publish(told)
        if delivery is Delivery.TAKEN and (chat := self.publisher.chat):
            from handler.notifications.chat import chat_message  # noqa: PLC0415 - few have a chat

            chat.send(chat_message(told, self.address))
        return delivery

    def _publish(self, told: Notice) -> bool:
        return self.deliver(told) is Delivery.TAKEN

    def _mark(self, told: Notice) -> None:
        try:
            self.ledger.notices.mark_published(told, self.clock())
        except (LedgerUnavailable, Conflict) as err:
            logger.error("notice not marked", notice_id=told.notice_id, error=str(err))


def _edge(run: Run) -> str:
    return f"{run.run_id}/{run.transitions}-{run.state}"
