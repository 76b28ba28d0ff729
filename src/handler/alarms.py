"""Alarms come in: for each the pairs that it speaks for, also those whose document is bad.

All that an event brings is stored first, then each incident that it has opened or joined is
assessed once, however many alarms have.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from handler.dws.auth import Clock
from handler.errors import LedgerUnavailable
from handler.heard import Waiting
from handler.intake import Intake, Opened, trigger_of
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about, trigger_fields
from handler.pair import Pair
from handler.pairs import BadPair, Pairs, speaks_for
from handler.quoting import quoted
from handler.signals import Alarm
from handler.steps import correcting, rehearsing
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller
from handler.times import isoformat

Found = Opened | Result
KEPT_FOR: Final = timedelta(hours=1)  # `max_event_age_s` of a document that cannot be read, at most
_LISTING_STEP: Final = "add the alarm to the pair that it speaks for, or stop sending it"


@dataclass
class Taken:
    """What an event has come to so far, and the first trouble that kept a part of it out."""

    found: list[Found] = field(default_factory=list)
    trouble: LedgerUnavailable | None = None


@dataclass(frozen=True)
class Alarms:
    """Takes alarms in; `account` and `region` are the deployment's own."""

    ledger: Ledger
    intake: Intake
    teller: Teller
    clock: Clock
    account: str
    region: str

    def answer(self, alarms: Iterable[Alarm], pairs: Pairs) -> tuple[Result, ...]:
        """Store what the alarms say, then assess what they have opened or joined.

        Raises:
            LedgerUnavailable: something could not be stored; the bus shall send the alarms again.
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
        if alarm.message_id and self.ledger.has_taken(alarm.message_id):
            why = f"the message {quoted(alarm.message_id)} has been taken before"
            taken.found.append(Result(Decision.IGNORED, "repeated", why))
            return
        before = taken.trouble
        for found in self._each(alarm, pairs):
            try:
                taken.found.extend(found())
            except LedgerUnavailable as err:
                logger.error("alarm not stored", error=str(err))
                taken.trouble = taken.trouble or err
        if alarm.message_id and taken.trouble is before:
            # What it opened is stored: coming again, it could only open what has ended since.
            self.ledger.note_taken(alarm.message_id, self.clock())

    def assess(self, found: Iterable[Found]) -> tuple[Result, ...]:
        """The answers, in their order; an incident is assessed once."""
        seen: set[str] = set()
        return tuple(self._assess(one, seen) for one in found)

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

    def _each(self, alarm: Alarm, pairs: Pairs) -> Iterator[Any]:
        """What is to be stored, one call for each pair that the alarm speaks or may speak for."""
        good = [pair for pair in pairs.good if self.speaks(alarm, pair)]
        bad = [pair for pair in pairs.bad if self.speaks(alarm, pair)]
        dark = [pair for pair in pairs.bad if not pair.is_readable]
        yield from (lambda pair=pair: [self.intake.take(alarm, pair)] for pair in good)
        yield from (lambda pair=pair: [self._keep(alarm, pair)] for pair in bad)
        if not good and not bad:
            yield lambda: [self._ignore_unlisted(alarm, is_sure=not dark)]
        yield from (lambda pair=pair: self._keep_silently(alarm, pair) for pair in dark)

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
            f"an alarm came for a pair whose document is bad: {pair.sentence}",
            next_steps=correcting(pair.name),
            trigger=trigger_fields(trigger_of(alarm)),
            **whom,
        )
        run = self._run_in_flight(pair)
        if run:
            self._keep_silently(alarm, pair)
            return run
        notice_id = f"invalid_pair/{pair.name}/{isoformat(alarm.occurred_at)}"
        waiting = Waiting(pair.name, alarm)
        try:
            return self.teller.tell_with(
                result, notice_id, lambda told: self.ledger.keep_waiting(waiting, told)
            )
        except Conflict:
            return result

    def _run_in_flight(self, bad: BadPair) -> Result | None:
        """The answer, where an order is on its way: then nobody is told that there is none."""
        id_ = (bad.disaster_recovery_id or "").lower()
        run = self.ledger.read(id_).in_flight if id_ else None
        if run is None:
            return None
        why = f"this belongs to run {run.run_id}, which is {run.state}"
        return Result(
            Decision.DUPLICATE,
            run.state.value,
            why,
            pair=bad.name,
            disaster_recovery_id=id_,
            run_id=run.run_id,
        )

    def _keep_silently(self, alarm: Alarm, pair: BadPair) -> list[Found]:
        if alarm.is_transition or alarm.state == "OK":
            try:
                self.ledger.keep_waiting(Waiting(pair.name, alarm), None)
            except Conflict:
                logger.info("alarm waits already", pair=pair.name)
        return []

    def _ignore_unlisted(self, alarm: Alarm, *, is_sure: bool) -> Result:
        """Warn once a day, whatever the number of alarms: one storm is one message."""
        why = f"no pair lists the alarm {quoted(alarm.told_as or alarm.arn)}"
        result = Result(
            Decision.IGNORED, "not_listed", why, trigger=trigger_fields(trigger_of(alarm))
        )
        if not is_sure:
            return replace(result, reason=f"{why}, as far as the documents can be read")
        told = replace(
            result,
            reason=f"{why}; further ones of today are in the log only",
            next_steps=(_LISTING_STEP,),
        )
        notice_id = f"not_listed/{self.clock():%Y-%m-%d}"
        return replace(result, notified=self.teller.tell(told, notice_id, can_wait=True).notified)

    def waiting(self) -> list[Waiting]:
        """The alarms that wait for a good document, oldest first.

        Raises:
            LedgerUnavailable: the table cannot be used.
        """
        return sorted(self.ledger.waiting(), key=lambda one: one.alarm.occurred_at)

    def take_up(self, waiting: Waiting, pairs: Pairs) -> None:
        """Take in an alarm whose document is good now; tell that it has become too old.

        Raises:
            LedgerUnavailable: it could not be stored.
        """
        name, alarm = waiting.pair, waiting.alarm
        is_over = self.clock() - alarm.occurred_at > KEPT_FOR
        is_bad = any(pair.name == name for pair in pairs.bad)
        if is_bad and not is_over:
            return
        for pair in _of_name(name, pairs):
            if self.speaks(alarm, pair):
                self.intake.take(replace(alarm, is_redelivered=True), pair)
        if is_bad and alarm.is_transition:
            self._tell_too_late(name, alarm)
        self.ledger.end_waiting(waiting)

    def _tell_too_late(self, name: str, alarm: Alarm) -> None:
        at = isoformat(alarm.occurred_at)
        why = f"an alarm of {at} waited for the document of {name} to be good, and is too old now"
        steps = (*correcting(name), *rehearsing(name))
        late = Result(Decision.BLOCKED, "waiting_too_old", why, pair=name, next_steps=steps)
        self.teller.tell(late, f"waiting-too-old/{name}/{at}")


def _of_name(name: str, pairs: Pairs) -> tuple[Pair, ...]:
    """The pair with this name; all, where no document has it any more: it has another one now."""
    named = tuple(pair for pair in pairs.good if pair.name == name)
    is_bad = any(pair.name == name for pair in pairs.bad)
    return named if named or is_bad else pairs.good
