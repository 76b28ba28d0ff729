"""An alarm comes in: whom it speaks for, and the incident that keeps it from being lost.

Stored before anything else is asked: what was heard of the alarm and the incident that it opens,
joins, leaves or ends are one write. Only then the pairs are assessed, each incident once.
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from handler.errors import Conflict, InvalidSettings, LedgerUnavailable
from handler.failover.act import Order, act, new_id
from handler.failover.next_steps import UNMUTE, rehearse_command
from handler.failover.ports import Ports
from handler.failover.results import about, duplicate
from handler.model.alarm_history import LastTransition, key_of
from handler.model.incident import ASSESSING_FOR, Ending, Incident, IncidentState
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.quoting import quoted
from handler.model.result import Decision, Result
from handler.model.run import Run
from handler.model.signals import NO_OUTAGE, Alarm, Trigger
from handler.model.times import isoformat, seconds

MAX_AHEAD: Final = timedelta(seconds=300)
BELONGS_FOR: Final = timedelta(minutes=30)  # after a run's end, alarms from before are still its
# Of a write that others were in the way of. Joining waits for nobody; the others only for alarms of
# the same pair that come at the same moment.
_TRIES: Final = 12
MUTE: Final = "mute"  # the kind of an alarm that calls because its mute is over
_LOOK_EVERY_S: Final = 0.25  # at what another invocation decides about the same incident
_LOOKS: Final = 100  # its lease is over before
_NO_DATA_STEP: Final = "see why the alarm's metric has no data: it could not tell an outage now"


@dataclass(frozen=True)
class Opened:
    """An incident that an alarm has opened or joined, to be assessed now."""

    incident: Incident
    pair: Pair
    trigger: Trigger
    is_new: bool = False


def take(ports: Ports, alarm: Alarm, pair: Pair) -> Opened | Result:
    """Store what an alarm says about a pair.

    Returns:
        the incident that is to be assessed; or the answer, where nothing is.

    Raises:
        LedgerUnavailable: it could not be stored; the bus shall send the alarm again.
    """
    why = _no_reason(alarm, pair, ports.clock())
    if why and not _may_be_released(ports, alarm, pair):
        return _ignore(ports, alarm, pair, why)
    for _ in range(_TRIES):
        # In this order: an incident that this alarm opens in between changes what was heard, so
        # that an OK which has not seen the incident cannot be noted on top of it.
        before = ports.ledger.heard(pair.disaster_recovery_id, key_of(alarm.part))
        record = ports.ledger.read(pair.disaster_recovery_id)
        try:
            return _store(ports, alarm, pair, record, before)
        except Conflict:
            continue
    raise LedgerUnavailable(f"the incident of {pair.name} kept changing: send the alarm again")


def muted_alarm(ports: Ports, pair: Pair, key: str) -> tuple[Alarm, bool] | None:
    """A muted alarm of a pair as it will call, and whether its mute is over.

    No bus says so when it ends. None if nothing is muted under this key.

    Raises:
        LedgerUnavailable: it cannot be read.
    """
    now, heard = ports.clock(), ports.ledger.heard(pair.disaster_recovery_id, key)
    if heard is None or not heard.is_muted:
        return None
    alarm = Alarm(MUTE, heard.name, heard.arn, "ALARM", None, now, resource=heard.resource)
    return alarm, heard.muted_until is not None and now >= heard.muted_until


def _may_be_released(ports: Ports, alarm: Alarm, pair: Pair) -> bool:
    """Whether it is the release of a muted alarm, which may say when it turned, days ago."""
    if alarm.state != "ALARM" or alarm.muted_by:
        return False
    before = ports.ledger.heard(pair.disaster_recovery_id, key_of(alarm.part))
    return before is not None and before.is_muted and alarm.occurred_at >= before.at


def assess_incident(ports: Ports, opened: Opened) -> Result:
    """Act on an incident that is open now; of many alarms that join at once, one reads for all.

    The others wait for what that one decides.
    """
    incident, pair, trigger = opened.incident, opened.pair, opened.trigger
    began_at = ports.clock()
    for _ in range(_LOOKS):
        if opened.is_new or _begins(ports, incident, began_at):
            return pursue_incident(ports, incident, pair, trigger)
        ports.wait(_LOOK_EVERY_S)
        if answer := _decided_for_another(ports, opened, began_at):
            return answer
    why = "its incident is being assessed, for another alarm"
    return Result(Decision.DUPLICATE, "assessed", why, **about(pair, trigger, incident))


def _begins(ports: Ports, incident: Incident, since: datetime) -> bool:
    try:
        return ports.ledger.begin_assessing(incident, since, ports.clock())
    except LedgerUnavailable:
        return True  # it is stored, and its assessment says what is wrong


def _decided_for_another(ports: Ports, opened: Opened, began_at: datetime) -> Result | None:
    """What the one that reads for all has come to, if it has."""
    pair, trigger = opened.pair, opened.trigger
    try:
        record = ports.ledger.read(pair.disaster_recovery_id)
    except LedgerUnavailable:
        return None
    incident = record.open_incident
    if record.in_flight:
        answer = duplicate(pair, trigger, record.in_flight)
        return replace(answer, incident_id=opened.incident.incident_id)
    if incident is None or incident.incident_id != opened.incident.incident_id:
        why = "the incident has ended in the meantime"
        return Result(Decision.IGNORED, "incident_over", why, **about(pair, trigger))
    if incident.decided_at is None or incident.decided_at < began_at:
        return None
    why = f"its incident was assessed for another alarm: {incident.reason}"
    return Result(Decision.DUPLICATE, "assessed", why, **about(pair, trigger, incident))


def _store(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, before: LastTransition | None
) -> Opened | Result:
    # The end of a mute is no transition of its own: an OK since the alarm turned counts.
    at = before.at if before and alarm.kind == MUTE else alarm.occurred_at
    muted_by = alarm.muted_by if alarm.state == "ALARM" else None
    is_release = before and before.is_muted and not muted_by and at >= before.at
    # Nothing that lies further ahead is ever taken in: it is none of what this code remembers.
    is_believable = before is not None and before.at - ports.clock() <= 2 * MAX_AHEAD
    is_news = is_release or before is None or before.is_superseded_by(alarm.state, at)
    if before and is_believable and not is_news:
        return _repeated(ports, alarm, pair, record, before.is_same(alarm.state, at))
    heard = LastTransition(
        alarm.part,
        alarm.name,
        alarm.state,
        at,
        alarm.arn,
        alarm.resource,
        muted_by,
        alarm.muted_until if muted_by else None,
        before.revision if before else 0,
    )
    if alarm.state == "OK":
        return _leave(ports, alarm, pair, record, heard)
    if muted_by:
        return _mute(ports, alarm, pair, record, heard)
    return _enter(ports, alarm, pair, record, heard)


def _enter(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Opened | Result:
    """Join the open incident or open one; what a run has been about belongs to that run."""
    trigger = trigger_of(alarm)
    incident, run = record.open_incident, _finished_run(record, alarm, ports.clock())
    if incident is None and run:
        _note(ports, pair, record, heard)
        return duplicate(pair, trigger, run)
    is_new = incident is None
    if incident:
        until = ports.clock() + timedelta(seconds=pair.retry_for_s)
        ports.ledger.join_incident(incident, record.pair_state, heard, until)
    else:
        incident = _open(ports, pair, record, trigger, heard)
    if record.in_flight:
        answer = duplicate(pair, trigger, record.in_flight)
        return replace(answer, incident_id=incident.incident_id)
    return Opened(incident, pair, trigger, is_new)


def _open(
    ports: Ports, pair: Pair, record: PairRecord, trigger: Trigger, heard: LastTransition
) -> Incident:
    now = ports.clock()
    incident = replace(
        new_incident(pair, record, trigger, now),
        alarms=frozenset({key_of(heard.part)}),
        joins=1,
        assessing_until=now + ASSESSING_FOR,
    )
    ports.ledger.open_incident(incident, record.pair_state, heard)
    return incident


def _leave(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Result:
    """An alarm that is OK again is no reason to act; the last one ends its incident."""
    incident, key = record.open_incident, key_of(heard.part)
    nothing = Result(Decision.IGNORED, "ok", "the alarm is OK", **about(pair, trigger_of(alarm)))
    if incident is None or key not in incident.alarms:
        _note(ports, pair, record, heard)
        return nothing
    nothing = replace(nothing, incident_id=incident.incident_id)
    if not incident.is_last(key):
        ports.ledger.leave_incident(incident, heard)
        return nothing
    now = "is OK again" if alarm.state == "OK" else "has been OK again, and is muted now"
    why = f"{quoted(alarm.name)}, the last of its alarms, {now}"
    if run := record.in_flight:
        why = f"{why}; run {run.run_id} is {run.state} and followed to its end"
        nothing = replace(nothing, run_id=run.run_id)
    over = replace(nothing, reason_code=Ending.ALARMS_OK.value, reason=why)
    ended = incident.ended(Ending.ALARMS_OK, ports.clock())
    return ports.outbox.record_and_notify(
        over,
        f"{incident.incident_id}/ended",
        lambda told: ports.ledger.end_incident(ended, record.pair_state, told, heard),
    )


def _mute(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Result:
    """Whoever mutes an alarm wants nothing to happen: kept, told once, and nothing ordered.

    If it has called before, it is no part of its incident any more; the last one ends it, as
    an alarm does that is OK.
    """
    name, by = quoted(alarm.name), quoted(alarm.muted_by)
    why = f"{name} is in ALARM, but muted by {by}: nothing is ordered for it"
    whom = about(pair, trigger_of(alarm))
    muted = Result(Decision.IGNORED, "muted", why, next_steps=(UNMUTE,), **whom)
    key, incident = key_of(heard.part), record.open_incident
    is_part = incident is not None and key in incident.alarms
    ended = None
    if incident and is_part and incident.is_last(key):
        ended = incident.ended(Ending.ALARMS_OK, ports.clock())
        over = f"{why}, and its incident is over"
        muted = replace(muted, reason=over, incident_id=incident.incident_id)
    return ports.outbox.record_and_notify(
        muted,
        f"{pair.disaster_recovery_id}/muted-{key}-{heard.at.isoformat()}",
        lambda told: ports.ledger.mute(
            pair.disaster_recovery_id,
            heard,
            record.pair_state,
            ended or incident if is_part else None,
            told,
        ),
    )


def _note(ports: Ports, pair: Pair, record: PairRecord, heard: LastTransition) -> None:
    """Remember what concerns no incident; an alarm that was muted is so no longer."""
    was_muted = key_of(heard.part) in record.pair_state.muted
    is_muted = False if was_muted else None
    ports.ledger.note_heard(pair.disaster_recovery_id, heard, record.pair_state, is_muted=is_muted)


def _repeated(
    ports: Ports,
    alarm: Alarm,
    pair: Pair,
    record: PairRecord,
    is_same: bool,  # noqa: FBT001
) -> Opened | Result:
    """What has come before changes nothing; that of an open incident is assessed again."""
    trigger, incident = trigger_of(alarm), record.open_incident
    is_alarm = is_same and alarm.state == "ALARM" and not alarm.muted_by
    is_open = incident is not None and key_of(alarm.part) in incident.alarms
    run = record.in_flight or (None if is_open else _finished_run(record, alarm, ports.clock()))
    if is_alarm and run:
        return duplicate(pair, trigger, run)
    if is_alarm and incident and is_open:
        # Its first delivery may have ended half-way: nobody else reads for it.
        return Opened(incident, pair, trigger, is_new=True)
    why = "this transition has come before" if is_same else "a newer transition has come before"
    code = "ok" if alarm.state == "OK" else "repeated"
    return Result(Decision.IGNORED, code, why, **about(pair, trigger))


def _is_news(ports: Ports, alarm: Alarm, pair: Pair) -> bool:
    """Whether it has not been taken in before: what was stored in time is not lost."""
    before = ports.ledger.heard(pair.disaster_recovery_id, key_of(alarm.part))
    return before is None or before.is_superseded_by(alarm.state, alarm.occurred_at)


def _forget_mute(ports: Ports, alarm: Alarm, pair: Pair) -> None:
    """An alarm without data rings no longer: the end of its mute calls for nothing."""
    id_ = pair.disaster_recovery_id
    before = ports.ledger.heard(id_, key_of(alarm.part))
    if before is None or not before.is_muted or alarm.occurred_at < before.at:
        return
    pair_state = ports.ledger.read(id_).pair_state
    heard = replace(before, state=alarm.state, at=alarm.occurred_at, muted_by=None)
    with contextlib.suppress(Conflict):
        ports.ledger.note_heard(id_, heard, pair_state, is_muted=False)


def _ignore(ports: Ports, alarm: Alarm, pair: Pair, why: tuple[str, str]) -> Result:
    """What opens nothing; told where a person has to mend it, or to know that it is lost."""
    result = Result(Decision.IGNORED, *why, **about(pair, trigger_of(alarm)))
    id_ = pair.disaster_recovery_id
    if result.reason_code == "insufficient_data":
        _forget_mute(ports, alarm, pair)
        notice_id = f"{id_}/insufficient-data-{ports.clock():%Y-%m-%d}"
        told = replace(result, next_steps=(_NO_DATA_STEP,))
        return ports.outbox.notify(told, notice_id, can_wait=True)
    if result.reason_code == "too_old" and alarm.is_redelivered and _is_news(ports, alarm, pair):
        before = ports.ledger.heard(id_, key_of(alarm.part))
        if before and not before.is_superseded_by(alarm.state, alarm.occurred_at):
            return result  # it was stored when it came first, or a newer one was
        notice_id = f"{id_}/too-old-{key_of(alarm.part)}-{alarm.occurred_at.isoformat()}"
        told = replace(result, next_steps=rehearse_command(pair.name))
        return ports.outbox.notify(told, notice_id)
    return result


def new_incident(pair: Pair, record: PairRecord, trigger: Trigger, now: datetime) -> Incident:
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


def pursue_incident(ports: Ports, incident: Incident, pair: Pair, trigger: Trigger) -> Result:
    """Act on an open incident. It is stored, so trouble is an answer and not an exception.

    Raises:
        LedgerUnavailable: neither the table nor the topic takes the answer.
    """
    try:
        result = act(ports, pair, trigger, Order(incident.incident_id))
    except InvalidSettings as err:
        why = (Decision.BLOCKED, "invalid_credentials", str(err))
    except LedgerUnavailable as err:
        why = (Decision.BLOCKED, "ledger_unavailable", str(err))
    else:
        return replace(result, incident_id=result.incident_id or incident.incident_id)
    blocked = Result(*why, retryable=True, **about(pair, trigger, incident))
    return _tell_blocked(ports, incident, blocked)


def _tell_blocked(ports: Ports, incident: Incident, blocked: Result) -> Result:
    """What keeps an incident from being assessed; with the table down, by the incident alone."""
    try:
        record: PairRecord | None = ports.ledger.read(incident.disaster_recovery_id)
    except LedgerUnavailable:
        record = None
    if record and (record.in_flight or record.open_incident is None):
        return blocked
    if record is None:
        notice_id = f"{incident.incident_id}/{ports.clock().isoformat()}"
        return ports.outbox.notify(blocked, notice_id)
    try:
        return ports.outbox.record_refusal(
            blocked, (blocked.reason_code,), record, record.open_incident
        )
    except Conflict:
        return blocked


def trigger_of(alarm: Alarm) -> Trigger:
    """Who asks, where an alarm does."""
    return Trigger(kind=alarm.kind, name=alarm.name, occurred_at=alarm.occurred_at)


def _no_reason(alarm: Alarm, pair: Pair, now: datetime) -> tuple[str, str] | None:
    """Why an alarm of a pair opens and ends nothing, if it does not."""
    if alarm.state == NO_OUTAGE:
        return "no_outage", f"the event {quoted(alarm.name)} tells of no outage"
    if alarm.state not in ("ALARM", "OK"):
        return alarm.state.lower(), f"the alarm is {alarm.state}"
    if alarm.state == "ALARM" and not alarm.is_transition:
        return "no_transition", "the alarm was in ALARM before"
    return _not_of_now(alarm, pair, now)


def _not_of_now(alarm: Alarm, pair: Pair, now: datetime) -> tuple[str, str] | None:
    """An alarm must be young; an OK may be late, but nothing may be of the future."""
    age_s, at = seconds(now - alarm.occurred_at), isoformat(alarm.occurred_at)
    if alarm.state == "ALARM" and age_s > pair.max_event_age_s:
        return "too_old", f"the alarm fired at {at}, more than {pair.max_event_age_s} s ago"
    if alarm.occurred_at - now > MAX_AHEAD:
        return "in_the_future", f"the alarm fired at {at}, which lies in the future"
    return None


def _finished_run(record: PairRecord, alarm: Alarm, now: datetime) -> Run | None:
    """The run that this alarm was about, if it has ended just before and may have been accepted."""
    run = record.run
    if run is None or run.is_in_flight or run.never_started:
        return None
    ended_at = run.ended_at or now
    if ended_at - now > MAX_AHEAD:
        ended_at = run.claimed_at  # no run can have ended then
    return run if alarm.occurred_at < ended_at + BELONGS_FOR else None
