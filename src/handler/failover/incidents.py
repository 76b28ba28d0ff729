"""An alarm comes in: whom it speaks for, and the incident that keeps it from being lost.

Stored before anything else is asked: what was heard of the alarm and the incident that it opens,
joins, leaves or ends are one write. Only then the pairs are assessed, each incident once.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from handler.aws.telemetry import logger, of_story
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.attempt import new_id
from handler.failover.gather import reads_of
from handler.failover.ignore import (
    MAX_AHEAD,
    finished_run,
    ignore,
    is_release_of_mute,
    of_the_future,
    reason_to_ignore,
)
from handler.failover.memory import last_heard
from handler.failover.mutes import MUTE, mute
from handler.failover.ports import Ports
from handler.failover.pursue import Opened
from handler.failover.results import about, duplicate
from handler.model.alarm_history import LastTransition, key_of
from handler.model.incident import ASSESSING_FOR, Ending, Incident, IncidentState
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Alarm, Trigger

# Of a write that others were in the way of. Joining waits for nobody; the others only for alarms of
# the same pair that come at the same moment.
_TRIES: Final = 12


def take(ports: Ports, alarm: Alarm, pair: Pair) -> Opened | Result:
    """Store what an alarm says about a pair.

    Returns:
        the incident that is to be assessed; or the answer, where nothing is.

    Raises:
        LedgerUnavailable: it could not be stored; the bus shall send the alarm again.
    """
    why = reason_to_ignore(alarm, pair, ports.clock())
    # A release may say when its alarm turned, days ago; of the future nothing is believed.
    is_of_now = why is None or of_the_future(alarm, ports.clock()) is None
    if why and not (is_of_now and is_release_of_mute(ports, alarm, pair)):
        return ignore(ports, alarm, pair, why)
    if found := _taken_unread(ports, alarm, pair):
        return found
    for _ in range(_TRIES):
        # In this order: an incident that this alarm opens in between changes what was heard, so
        # that an OK which has not seen the incident cannot be noted on top of it.
        before = last_heard(ports, alarm, pair)
        record = ports.ledger.read(pair.disaster_recovery_id)
        try:
            return _store(ports, alarm, pair, record, before)
        except Conflict:
            continue
    raise LedgerUnavailable(f"the incident of {pair.name} kept changing: send the alarm again")


def _taken_unread(ports: Ports, alarm: Alarm, pair: Pair) -> Opened | Result | None:
    """Store a call without reading what was last heard of the alarm; None if that must be read.

    The write rests on it that this call is newer, and on all else that was read: of most calls it
    holds, and nothing has to be read before it or after it.
    """
    if alarm.state != "ALARM" or alarm.muted_by or alarm.kind == MUTE:
        return None
    read_at, key = ports.clock(), key_of(alarm.part)
    record = ports.ledger.read(pair.disaster_recovery_id)
    if key in record.pair_state.muted:
        return None
    incident = record.open_incident
    if incident and key in incident.alarms:
        # It has called before: most likely this is a copy. No call, unlike an OK, can be noted on
        # top of an incident that it has not seen.
        before = last_heard(ports, alarm, pair)
        store = partial(_store, ports, alarm, pair, record, before)
    else:
        store = partial(_enter, ports, alarm, pair, record, _heard(alarm, alarm.occurred_at))
    try:
        found = store()
    except Conflict:
        return None
    return replace(found, read_at=read_at) if isinstance(found, Opened) else found


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
        return _repeated(ports, alarm, pair, record, before, at)
    heard = replace(
        _heard(alarm, at),
        muted_by=muted_by,
        muted_until=alarm.muted_until if muted_by else None,
        revision=before.revision if before else 0,
    )
    if alarm.state == "OK":
        return _leave(ports, alarm, pair, record, heard)
    if muted_by:
        return mute(ports, alarm, pair, record, heard)
    return _enter(ports, alarm, pair, record, heard)


def _heard(alarm: Alarm, at: datetime) -> LastTransition:
    """An alarm's transition, on top of what has not been read."""
    return LastTransition(
        alarm.part,
        alarm.name,
        alarm.state,
        at,
        alarm.arn,
        alarm.resource,
        message_id=alarm.message_id,
        revision=None,
    )


def _enter(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Opened | Result:
    """Join the open incident or open one; what a run has been about belongs to that run."""
    trigger = alarm.trigger
    incident, run = record.open_incident, finished_run(record, alarm, ports.clock())
    if incident is None and run:
        _note(ports, pair, record, heard)
        return duplicate(pair, trigger, run)
    if incident is None and alarm.is_hint and record.pair_state.muted:
        _note(ports, pair, record, heard)
        why = "an alarm of the pair is muted: what a text tells opens no incident"
        return about(pair, trigger).result(Decision.IGNORED, Reason("muted", why))
    is_new = incident is None
    if incident and alarm.is_hint:
        _note(ports, pair, record, heard)  # it is no alarm, which would stand behind the incident
    elif incident:
        now = ports.clock()
        until = now + timedelta(seconds=pair.retry_for_s)
        ports.ledger.incidents.join(incident, record.pair_state, heard, now, until)
        logger.info("alarm joined", pair=pair.name, **of_story(incident.incident_id))
    else:
        incident = _open(ports, alarm, pair, record, heard)
    if record.in_flight:
        answer = duplicate(pair, trigger, record.in_flight)
        return replace(answer, incident_id=incident.incident_id)
    # Opened on top of all that was read, it is all that has changed.
    known = replace(record, incident=incident) if is_new else None
    joined_on = None if is_new else record
    return Opened(incident, pair, trigger, is_new, known, joined_on=joined_on)


def _open(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Incident:
    now = ports.clock()
    incident = replace(
        new_incident(pair, record, alarm.trigger, now),
        alarms=frozenset() if alarm.is_hint else frozenset({key_of(heard.part)}),
        joins=1,
        assessing_until=now + ASSESSING_FOR,
    )
    if record.in_flight is None:
        # While it is stored, and nothing is asked before it is.
        ports.connect(pair).open_ahead("GET", reads_of(record))
    ports.ledger.incidents.open(incident, record.pair_state, heard)
    logger.info("incident opened", pair=pair.name, **of_story(incident.incident_id))
    return incident


def _leave(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Result:
    """An alarm that is OK again is no reason to act; the last one ends its incident."""
    incident, key = record.open_incident, key_of(heard.part)
    nothing = about(pair, alarm.trigger).result(Decision.IGNORED, Reason("ok", "the alarm is OK"))
    if incident is None or key not in incident.alarms:
        _note(ports, pair, record, heard)
        return nothing
    nothing = replace(nothing, incident_id=incident.incident_id)
    if not incident.is_last(key):
        ports.ledger.incidents.leave(incident, heard)
        return nothing
    now = "is OK again" if alarm.state == "OK" else "has been OK again, and is muted now"
    why = f"{quoted(alarm.name)}, the last of its alarms, {now}"
    if run := record.in_flight:
        why = f"{why}; run {run.run_id} is {run.state} and followed to its end"
        nothing = replace(nothing, run_id=run.run_id)
    over = replace(nothing, reason_code=Ending.ALARMS_OK.value, reason=why)
    ended = incident.ended(Ending.ALARMS_OK, ports.clock())
    return ports.outbox.record_end(
        over,
        incident,
        lambda told: ports.ledger.incidents.end(ended, record.pair_state, told, heard),
    )


def _note(ports: Ports, pair: Pair, record: PairRecord, heard: LastTransition) -> None:
    """Remember what concerns no incident; an alarm that was muted is so no longer."""
    is_released = key_of(heard.part) in record.pair_state.muted
    ports.ledger.alarms.note(
        pair.disaster_recovery_id, heard, record.pair_state, is_released=is_released
    )


def _repeated(
    ports: Ports,
    alarm: Alarm,
    pair: Pair,
    record: PairRecord,
    before: LastTransition,
    at: datetime,
) -> Opened | Result:
    """What has come before changes nothing; that of an open incident is assessed again.

    But a queue's message is answered once: its sender has it verified, and whoever may send it
    again could have the provider read as often.
    """
    trigger, incident = alarm.trigger, record.open_incident
    is_same = before.is_same(alarm.state, at)
    is_message_again = alarm.message_id is not None and alarm.message_id == before.message_id
    is_alarm = is_same and not is_message_again and alarm.state == "ALARM" and not alarm.muted_by
    is_open = incident is not None and key_of(alarm.part) in incident.alarms
    run = record.in_flight or (None if is_open else finished_run(record, alarm, ports.clock()))
    if is_alarm and run:
        return duplicate(pair, trigger, run)
    if is_alarm and incident and is_open:
        # Its first delivery may have ended half-way: nobody else reads for it.
        return Opened(incident, pair, trigger, joined_on=record, is_again=True)
    why = "this transition has come before" if is_same else "a newer transition has come before"
    code = "ok" if alarm.state == "OK" else "repeated"
    return about(pair, trigger).result(Decision.IGNORED, Reason(code, why))


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
