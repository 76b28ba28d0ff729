"""An alarm comes in: whom it speaks for, and the incident that keeps it from being lost."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from handler.answering import duplicate
from handler.dws.auth import Clock
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.failover import Failover, Order, new_id
from handler.incident import WATCH, Ending, Incident, IncidentState
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about
from handler.pair import Pair
from handler.pairs import BadPair, Pairs, speaks_for
from handler.record import Record
from handler.run import Run
from handler.signals import NO_OUTAGE, Alarm
from handler.situation import Trigger
from handler.table import Conflict
from handler.telling import Teller
from handler.times import isoformat, seconds

MAX_AHEAD: Final = timedelta(seconds=300)
BELONGS_FOR: Final = timedelta(minutes=30)  # after a run's end, alarms from before are still its
_TRIES: Final = 3
_TO_MEND: Final = {
    "not_listed": "add the alarm to the pair that it speaks for, or stop sending it",
    "insufficient_data": "see why the alarm's metric has no data: it could not tell an outage now",
}


@dataclass(frozen=True)
class Intake:
    """Takes alarms in; `account` and `region` are the deployment's own."""

    ledger: Ledger
    failover: Failover
    teller: Teller
    clock: Clock
    account: str
    region: str

    def take(self, alarm: Alarm, pairs: Pairs) -> tuple[Result, ...]:
        """Open or join the incident of every pair that the alarm speaks for, then assess each.

        Raises:
            LedgerUnavailable: an incident could not be stored; the bus shall send the alarm again.
        """
        if alarm.message_id and self.ledger.has_taken(alarm.message_id):
            why = f"the message {alarm.message_id} has been taken before"
            return (Result(Decision.IGNORED, "repeated", why),)
        good = [pair for pair in pairs.good if self._speaks(alarm, pair)]
        bad = [pair for pair in pairs.bad if self._speaks(alarm, pair)]
        if not good and not bad:
            return (self._ignore_unlisted(alarm),)
        opened = [self._open(alarm, pair) for pair in good]
        told = [self._refuse_bad(alarm, pair) for pair in bad]
        if alarm.message_id:
            # What it opened is stored: coming again, it could only open what has ended since.
            self.ledger.note_taken(alarm.message_id, self.clock())
        acted = [self._act(found, alarm, pair) for found, pair in zip(opened, good, strict=True)]
        return (*acted, *told)

    def _speaks(self, alarm: Alarm, pair: Pair | BadPair) -> bool:
        """Of a pair speaks what names its id; what names no id, by its own name."""
        if alarm.disaster_recovery_id:
            return alarm.disaster_recovery_id == (pair.disaster_recovery_id or "").lower()
        return speaks_for(pair.alarms, alarm.arn, self.account, self.region)

    def _open(self, alarm: Alarm, pair: Pair) -> Incident | Result:
        """The incident, stored; or the answer if the alarm is no reason to act."""
        trigger = _trigger(alarm)
        if alarm.state == "OK":
            return self._leave(alarm, pair)
        if why := _no_reason(alarm, pair, self.clock()):
            return self._ignore(alarm, Result(Decision.IGNORED, *why, **about(pair, trigger)))
        for _ in range(_TRIES):
            record = self.ledger.read(pair.disaster_recovery_id)
            if run := _run_it_belongs_to(record, alarm, self.clock()):
                return duplicate(pair, trigger, run)
            try:
                return self._join(alarm, pair, record) or self._new(alarm, pair, record)
            except Conflict:
                continue
        raise LedgerUnavailable(f"the incident of {pair.name} kept changing: send the alarm again")

    def _join(self, alarm: Alarm, pair: Pair, record: Record) -> Incident | None:
        """Every alarm is pursued for as long as any other, also one that joins late."""
        if found := record.open_incident:
            until = self.clock() + timedelta(seconds=pair.retry_for_s)
            self.ledger.join_incident(found, alarm.part, alarm.occurred_at, until)
        return found

    def _leave(self, alarm: Alarm, pair: Pair) -> Result:
        """An alarm that is OK again is no reason to act; the last one ends its incident."""
        whom = about(pair, _trigger(alarm))
        nothing = Result(Decision.IGNORED, "ok", "the alarm is OK", **whom)
        for _ in range(_TRIES):
            incident = self.ledger.read(pair.disaster_recovery_id).open_incident
            if incident is None or not incident.has_part(alarm.part, alarm.occurred_at):
                return nothing
            try:
                if incident.alarms != {alarm.part} or incident.kind == WATCH:
                    self.ledger.leave_incident(incident, alarm.part)
                    return replace(nothing, incident_id=incident.incident_id)
                why = f"{alarm.name}, the last of its alarms, is OK again"
                over = Result(Decision.IGNORED, Ending.ALARMS_OK.value, why, **whom)
                over = replace(over, incident_id=incident.incident_id)
                return self.teller.tell_end(incident, Ending.ALARMS_OK, over, alone=alarm.part)
            except Conflict:
                continue
        raise LedgerUnavailable(f"the incident of {pair.name} kept changing: send the alarm again")

    def _new(self, alarm: Alarm, pair: Pair, record: Record) -> Incident:
        incident = new_incident(pair, record, _trigger(alarm), self.clock())
        incident = replace(incident, alarms=frozenset({alarm.part}))
        self.ledger.open_incident(incident)
        return incident

    def _act(self, opened: Incident | Result, alarm: Alarm, pair: Pair) -> Result:
        if isinstance(opened, Result):
            return opened
        return pursue(self.failover, self.teller, opened, pair, _trigger(alarm))

    def _refuse_bad(self, alarm: Alarm, pair: BadPair) -> Result:
        whom: dict[str, Any] = {
            "pair": pair.name,
            "disaster_recovery_id": pair.disaster_recovery_id,
        }
        if not alarm.is_transition:
            why = f"the alarm is {alarm.state}"
            return Result(Decision.IGNORED, alarm.state.lower(), why, **whom)
        result = Result(
            Decision.BLOCKED,
            "invalid_pair",
            f"an alarm came for a pair whose document is bad: {pair.sentence}",
            next_steps=(f"correct the SSM parameter of pair {pair.name}",),
            **whom,
        )
        return self.teller.tell(result, f"invalid_pair/{pair.name}/{isoformat(alarm.occurred_at)}")

    def _ignore_unlisted(self, alarm: Alarm) -> Result:
        return self._ignore(
            alarm, Result(Decision.IGNORED, "not_listed", f"no pair lists the alarm {alarm.arn}")
        )

    def _ignore(self, alarm: Alarm, result: Result) -> Result:
        """Warn once a day of an alarm that can do no good as it is."""
        step = _TO_MEND.get(result.reason_code)
        if step is None:
            return result
        what = sha256((alarm.told_as or alarm.arn).encode()).hexdigest()[:16]
        notice_id = f"{result.reason_code}/{what}/{self.clock():%Y-%m-%d}"
        return self.teller.tell(replace(result, next_steps=(step,)), notice_id, can_wait=True)


def new_incident(pair: Pair, record: Record, trigger: Trigger, now: datetime) -> Incident:
    """An incident to be stored, one revision after the pair's last one."""
    return Incident(
        incident_id=new_id(now),
        pair=pair.name,
        disaster_recovery_id=pair.disaster_recovery_id,
        state=IncidentState.OPEN,
        kind=trigger.kind,
        name=trigger.name,
        occurred_at=trigger.occurred_at or now,
        opened_at=now,
        retry_until=now + timedelta(seconds=pair.retry_for_s),
        revision=(record.incident.revision if record.incident else 0) + 1,
    )


def pursue(
    failover: Failover, teller: Teller, incident: Incident, pair: Pair, trigger: Trigger
) -> Result:
    """Act on an open incident. It is stored, so trouble is an answer and not an exception."""
    try:
        result = failover.act(pair, trigger, Order(incident.incident_id))
    except InvalidSettings as err:
        why = (Decision.BLOCKED, "invalid_credentials", str(err))
    except LedgerUnavailable as err:
        why = (Decision.BLOCKED, "ledger_unavailable", str(err))
    else:
        return replace(result, incident_id=result.incident_id or incident.incident_id)
    return teller.tell_refusal(
        Result(*why, retryable=True, **about(pair, trigger, incident)), (why[1],), incident
    )


def _trigger(alarm: Alarm) -> Trigger:
    return Trigger(kind=alarm.kind, name=alarm.name, occurred_at=alarm.occurred_at)


def _no_reason(alarm: Alarm, pair: Pair, now: datetime) -> tuple[str, str] | None:
    """Why an alarm of a pair opens nothing, if it does not."""
    if alarm.state == NO_OUTAGE:
        return "no_outage", f"the event {alarm.name} tells of no outage"
    if alarm.state != "ALARM":
        return alarm.state.lower(), f"the alarm is {alarm.state}"
    if not alarm.is_transition:
        return "no_transition", "the alarm was in ALARM before"
    age_s, at = seconds(now - alarm.occurred_at), isoformat(alarm.occurred_at)
    if age_s > pair.max_event_age_s:
        return "too_old", f"the alarm is of {at}, more than {pair.max_event_age_s} s ago"
    if alarm.occurred_at - now > MAX_AHEAD:
        return "in_the_future", f"the alarm is of {at}, which lies in the future"
    return None


def _run_it_belongs_to(record: Record, alarm: Alarm, now: datetime) -> Run | None:
    """The run that this alarm is about: one in flight, or one that has ended just before."""
    run = record.run
    if run is None or run.is_in_flight:
        return run
    if run.came_to_nothing:
        return None
    ended_at = run.ended_at or now
    return run if alarm.occurred_at < ended_at + BELONGS_FOR else None
