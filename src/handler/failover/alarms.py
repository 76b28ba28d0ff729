"""Alarms come in: for each the pairs that it speaks for, also those whose document is bad.

All that an event brings is stored first, then each incident that it has opened or joined is
assessed once, however many alarms have.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from handler.aws.ledger import Ledger
from handler.aws.pairs import BadPair, Pairs, speaks_for
from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.guard import Guard
from handler.failover.incidents import Intake, Opened, trigger_of
from handler.failover.next_steps import correct_document, rehearse_command
from handler.failover.results import about, trigger_fields
from handler.model.alarm_history import PendingAlarm
from handler.model.pair import Pair
from handler.model.pair_state import PairState
from handler.model.quoting import quoted
from handler.model.result import Decision, Result
from handler.model.run import Run
from handler.model.signals import Alarm
from handler.model.times import Clock, isoformat
from handler.notifications.outbox import Outbox

Found = Opened | Result
Take = Callable[[], Found | None]
KEPT_FOR: Final = timedelta(hours=1)  # `max_event_age_s` of a document that cannot be read, at most
_TRIES: Final = 2  # the second finds what was claimed, or told, meanwhile
_LISTING_STEP: Final = "add the alarm to the pair that it speaks for, or stop sending it"


@dataclass
class Taken:
    """What an event has come to so far, and the first trouble that kept a part of it out."""

    found: list[Found] = field(default_factory=list)
    trouble: Exception | None = None


@dataclass(frozen=True)
class Alarms:
    """Takes alarms in; `account` and `region` are the deployment's own."""

    ledger: Ledger
    intake: Intake
    outbox: Outbox
    guard: Guard
    clock: Clock
    account: str
    region: str

    def answer(self, alarms: Iterable[Alarm], pairs: Pairs) -> tuple[Result, ...]:
        """Store what the alarms say, then assess what they have opened or joined.

        Raises:
            LedgerUnavailable: something could not be stored; the bus shall send the alarms again.
            Exception: a bug, once all other pairs have had their turns.
        """
        taken = Taken()
        for alarm in alarms:
            self.store(alarm, pairs, taken)
        results = self.assess(taken.found)
        if taken.trouble:
            raise taken.trouble
        return results

    def store(self, alarm: Alarm, pairs: Pairs, taken: Taken) -> None:
        """Store what an alarm says about each pair; trouble with one keeps no other out."""
        logger.append_keys(trigger=alarm.name, correlation_id=alarm.correlation_id)
        if alarm.message_id and self.ledger.alarms.has_taken(alarm.message_id):
            why = f"the message {quoted(alarm.message_id)} has been taken before"
            taken.found.append(Result(Decision.IGNORED, "repeated", why))
            return
        before = taken.trouble
        for name, take in self._each(alarm, pairs):
            found = self.guard.outcome(name, take)
            if isinstance(found, Exception):
                logger.error("alarm not stored", error=str(found))
                taken.trouble = taken.trouble or found
            elif found:
                taken.found.append(found)
        if alarm.message_id and taken.trouble is before:
            # What it opened is stored: coming again, it could only open what has ended since.
            self.ledger.alarms.note_taken(alarm.message_id, self.clock())

    def assess(self, found: Iterable[Found]) -> tuple[Result, ...]:
        """The answers, in their order; an incident is assessed once.

        Raises:
            LedgerUnavailable: one of them could neither be stored nor told.
            Exception: a bug. Either once all of them have been assessed.
        """
        seen: set[str] = set()
        answers = [
            self.guard.outcome(_pair_of(one), partial(self._assess, one, seen)) for one in found
        ]
        if trouble := next((one for one in answers if isinstance(one, Exception)), None):
            raise trouble
        return tuple(one for one in answers if isinstance(one, Result))

    def _assess(self, found: Found, seen: set[str]) -> Result:
        if isinstance(found, Result):
            return found
        id_ = found.incident.incident_id
        if id_ in seen:
            why = "its incident was assessed with the alarms before it"
            whom = about(found.pair, found.trigger, found.incident)
            return Result(Decision.DUPLICATE, "assessed", why, **whom)
        seen.add(id_)
        return self.intake.assess(found)

    def _each(self, alarm: Alarm, pairs: Pairs) -> Iterator[tuple[str, Take]]:
        """What is to be stored, one call for each pair that the alarm speaks or may speak for."""
        good = [pair for pair in pairs.good if self.speaks(alarm, pair)]
        bad = [pair for pair in pairs.bad if self.speaks(alarm, pair)]
        dark = [pair for pair in pairs.bad if not pair.is_readable]
        for pair in good:
            yield pair.name, partial(self.intake.take, alarm, pair)
        for one in bad:
            yield one.name, partial(self._keep, alarm, one)
        if not good and not bad and not dark:
            yield alarm.name, partial(self._ignore_unlisted, alarm)
        # Nobody knows which alarms they list; one that nobody else lists may well be theirs.
        keep = self._keep_silently if good or bad else self._keep
        for one in dark:
            yield one.name, partial(keep, alarm, one)

    def speaks(self, alarm: Alarm, pair: Pair | BadPair) -> bool:
        """Of a pair speaks what names its id; what names no id, by its own name."""
        if alarm.disaster_recovery_id:
            return alarm.disaster_recovery_id == (pair.disaster_recovery_id or "").lower()
        return speaks_for(pair.alarms, alarm.arn, self.account, self.region)

    def _keep(self, alarm: Alarm, pair: BadPair) -> Result:
        """An alarm of a bad document waits until it is good; that it waits is told with it."""
        whom: dict[str, Any] = {
            "pair": pair.name,
            "disaster_recovery_id": pair.disaster_recovery_id,
        }
        if not alarm.is_transition:
            self._keep_silently(alarm, pair)
            why = f"the alarm is {alarm.state}"
            return Result(Decision.IGNORED, alarm.state.lower(), why, **whom)
        result = Result(
            Decision.BLOCKED,
            "invalid_pair",
            f"{_came(pair)} a pair whose document is bad: {pair.sentence}",
            next_steps=correct_document(pair.name),
            trigger=trigger_fields(trigger_of(alarm)),
            **whom,
        )
        # A storm of alarms is one word in ten minutes; each of them is kept.
        at = alarm.occurred_at
        notice_id = f"invalid_pair/{pair.name}/{at:%Y-%m-%dT%H}:{at.minute // 10}0"
        for _ in range(_TRIES):
            pair_state = self._pair_state(pair)
            if run := self._run_in_flight(pair):
                self._keep_silently(alarm, pair)
                return run
            waiting = PendingAlarm(pair.name, alarm)
            keep = partial(self.ledger.alarms.keep_pending, waiting, pair_state=pair_state)
            with contextlib.suppress(Conflict):
                return self.outbox.record_and_notify(result, notice_id, keep)
        self._keep_silently(alarm, pair)
        return result

    def _pair_state(self, bad: BadPair) -> PairState | None:
        """What must not change until it is told that nothing was ordered, where the id is known."""
        id_ = bad.disaster_recovery_id
        return self.ledger.read(id_).pair_state if id_ else None

    def _run_in_flight(self, bad: BadPair) -> Result | None:
        """The answer, where an order is on its way: then nobody is told that there is none.

        By the document's id and, as that may be what is bad, by the name that a run was claimed by.
        """
        ids = {one.disaster_recovery_id for one in self.ledger.open_items() if one.runs}
        runs = (self._run_of(id_) for id_ in sorted(ids))
        run = next((one for one in runs if one and _is_of(one, bad)), None)
        if run is None:
            return None
        why = f"this belongs to run {run.run_id}, which is {run.state}"
        return Result(
            Decision.DUPLICATE,
            run.state.value,
            why,
            pair=bad.name,
            disaster_recovery_id=run.disaster_recovery_id,
            run_id=run.run_id,
        )

    def _run_of(self, id_: str) -> Run | None:
        """A pair's run in flight; what is damaged of another pair keeps no alarm out."""
        with contextlib.suppress(LedgerUnavailable):
            return self.ledger.read(id_).in_flight
        return None

    def _keep_silently(self, alarm: Alarm, pair: BadPair) -> None:
        if alarm.is_transition or alarm.state == "OK":
            try:
                self.ledger.alarms.keep_pending(PendingAlarm(pair.name, alarm), None)
            except Conflict:
                logger.info("alarm waits already", pair=pair.name)

    def _ignore_unlisted(self, alarm: Alarm) -> Result:
        """Warn once a day, whatever the number of alarms: one storm is one message."""
        why = f"no pair lists the alarm {quoted(alarm.reported_as or alarm.arn)}"
        result = Result(
            Decision.IGNORED, "not_listed", why, trigger=trigger_fields(trigger_of(alarm))
        )
        told = replace(
            result,
            reason=f"{why}; further ones of today are in the log only",
            next_steps=(_LISTING_STEP,),
        )
        notice_id = f"not_listed/{self.clock():%Y-%m-%d}"
        return replace(result, notified=self.outbox.notify(told, notice_id, can_wait=True).notified)

    def release(self, pair: Pair, key: str) -> None:
        """Let an alarm call whose mute is over, if the pair still lists it.

        Raises:
            LedgerUnavailable: it could not be stored.
        """
        muted = self.intake.muted(pair, key)
        if muted is None or not self.speaks(muted[0], pair):
            self.ledger.alarms.forget_muted(pair.disaster_recovery_id, key)
        elif muted[1]:
            self.intake.take(muted[0], pair)

    def waiting(self) -> list[PendingAlarm]:
        """The alarms that wait for a good document, oldest first.

        Raises:
            LedgerUnavailable: the table cannot be used.
        """

        def order(waiting: PendingAlarm) -> tuple[datetime, bool]:
            return waiting.alarm.occurred_at, waiting.alarm.state == "ALARM"

        return sorted(self.ledger.alarms.pending(), key=order)

    def take_up(self, waiting: PendingAlarm, pairs: Pairs) -> None:
        """Take in an alarm whose document is good now; tell that it has become too old.

        Raises:
            LedgerUnavailable: it could not be stored.
        """
        name, alarm = waiting.pair, waiting.alarm
        is_bad = any(pair.name == name for pair in pairs.bad)
        meant = [pair for pair in pairs.good if pair.name == name]
        speaking = [] if is_bad else [one for one in pairs.good if self.speaks(alarm, one)]
        # A document that is gone may be back in a minute, or have another name by now; and its old
        # name may be another pair's.
        takers = [one for one in speaking if one.name == name] or speaking
        for pair in takers:
            self.intake.take(replace(alarm, is_redelivered=True), pair)
        if not meant and not takers:
            if self.clock() - alarm.occurred_at <= KEPT_FOR:
                return
            if alarm.is_transition:
                self._tell_too_late(name, alarm, pairs)
        self.ledger.alarms.end_pending(waiting)

    def _tell_too_late(self, name: str, alarm: Alarm, pairs: Pairs) -> None:
        """Once a day where nobody can read what the document lists: then every alarm has waited."""
        is_dark = any(pair.name == name and not pair.is_readable for pair in pairs.bad)
        at = isoformat(alarm.occurred_at)
        once = f"{self.clock():%Y-%m-%d}" if is_dark else at
        why = f"an alarm of {at} waited for the document of {name} to be good, and is too old now"
        steps = (*correct_document(name), *rehearse_command(name))
        late = Result(Decision.BLOCKED, "waiting_too_old", why, pair=name, next_steps=steps)
        self.outbox.notify(late, f"waiting-too-old/{name}/{once}")


def _is_of(run: Run, bad: BadPair) -> bool:
    return run.disaster_recovery_id == bad.disaster_recovery_id or run.pair == bad.name


def _came(pair: BadPair) -> str:
    return "an alarm came for" if pair.is_readable else "an alarm came that may be for"


def _pair_of(found: Found) -> str:
    """Whose turn it is, for the log."""
    return (found.pair if isinstance(found, Result) else found.pair.name) or "-"
