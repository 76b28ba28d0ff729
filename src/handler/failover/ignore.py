"""Alarms that open nothing: why, and what a person should hear of them."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.aws.telemetry import logger
from handler.errors import Conflict
from handler.failover.memory import last_heard
from handler.failover.ports import Ports
from handler.failover.results import about, duplicate
from handler.model.alarm_history import key_of
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord, PairState
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.signals import NO_OUTAGE, Alarm
from handler.model.times import isoformat, seconds, ten_minutes_of
from handler.notifications.next_steps import rehearse_command

# Clocks differ by seconds; an alarm of further ahead would hold back all that come before it.
MAX_AHEAD: Final = timedelta(seconds=300)
# After a run's end, alarms from before are still its: others of the same outage come late, and a
# failover back would answer them. Unless the pair was armed again before one turned: it was healthy
# in between, so what turned after that is of another outage.
BELONGS_FOR: Final = timedelta(minutes=30)

FURTHER: Final = "further ones of these ten minutes are in the log only"
# EventBridge and Lambda bring an event for a quarter of an hour each, as the template has it, and
# SMN tries for minutes: an alarm that is an hour old is none that came late.
_BUSES_TRY_FOR: Final = timedelta(hours=1)
_NO_DATA_STEP: Final = "see why the alarm's metric has no data: it could not tell an outage now"


def reason_to_ignore(alarm: Alarm, pair: Pair, now: datetime) -> Reason | None:
    """Why an alarm of a pair opens and ends nothing, if it does not."""
    if alarm.state == NO_OUTAGE:
        return Reason("no_outage", f"the event {quoted(alarm.name)} tells of no outage")
    if alarm.state not in ("ALARM", "OK"):
        return Reason(alarm.state.lower(), f"the alarm {quoted(alarm.name)} is {alarm.state}")
    if alarm.state == "ALARM" and not alarm.is_transition:
        return Reason("no_transition", "the alarm was in ALARM before")
    return _not_of_now(alarm, pair, now)


def _not_of_now(alarm: Alarm, pair: Pair, now: datetime) -> Reason | None:
    """An alarm must be young; an OK may be late, but nothing may be of the future."""
    age_s, at = seconds(now - alarm.occurred_at), isoformat(alarm.occurred_at)
    if alarm.state == "ALARM" and age_s > pair.max_event_age_s:
        return Reason("too_old", f"the alarm fired at {at}, more than {pair.max_event_age_s} s ago")
    return of_the_future(alarm, now)


def of_the_future(alarm: Alarm, now: datetime) -> Reason | None:
    """Why an alarm means nothing that says it is of further ahead than clocks differ."""
    if alarm.occurred_at - now <= MAX_AHEAD:
        return None
    at = isoformat(alarm.occurred_at)
    return Reason("in_the_future", f"the alarm fired at {at}, which lies in the future")


def is_release_of_mute(ports: Ports, alarm: Alarm, pair: Pair) -> bool:
    """Whether it is the release of a muted alarm, which may say when it turned, days ago."""
    if alarm.state != "ALARM" or alarm.muted_by:
        return False
    before = last_heard(ports, alarm, pair)
    return before is not None and before.is_muted and alarm.occurred_at >= before.at


def ignore(ports: Ports, alarm: Alarm, pair: Pair, why: Reason) -> Result:
    """What opens nothing; told where a person has to mend it, or to know that it is lost."""
    result = about(pair, alarm.trigger).result(Decision.IGNORED, why)
    id_ = pair.disaster_recovery_id
    if result.reason_code == "insufficient_data":
        _forget_mute(ports, alarm, pair)
        # Of each alarm, whatever else has no data; not of each contributor, which may be many.
        what = f"{ports.clock():%Y-%m-%d}-{key_of(alarm.arn)}"
        notice_id = f"{id_}/insufficient-data-{what}"
        told = replace(result, next_steps=(_NO_DATA_STEP,))
        return ports.outbox.notify(told, notice_id, can_wait=True)
    if result.reason_code == "too_old" and _was_late(ports, alarm) and _is_news(ports, alarm, pair):
        record = ports.ledger.read(id_)
        if run := record.in_flight or finished_run(record, alarm, ports.clock()):
            return duplicate(pair, alarm.trigger, run)
        return _tell_too_old(ports, result, pair)
    return result


def _tell_too_old(ports: Ports, result: Result, pair: Pair) -> Result:
    """One word for a pair in ten minutes: after an interruption a queue brings all at once."""
    told = replace(
        result,
        reason=f"{result.reason}; {FURTHER}",
        next_steps=rehearse_command(pair.name),
    )
    notice_id = f"{pair.disaster_recovery_id}/too-old-{ten_minutes_of(ports.clock())}"
    notified = ports.outbox.notify(told, notice_id).notified
    if not notified:
        logger.warning("alarm came too late", pair=pair.name, reason=result.reason)
    return replace(result, notified=notified)


def _was_late(ports: Ports, alarm: Alarm) -> bool:
    """Whether something has kept it from coming in time; what is older is played or tried out."""
    return alarm.is_redelivered or ports.clock() - alarm.occurred_at <= _BUSES_TRY_FOR


def _is_news(ports: Ports, alarm: Alarm, pair: Pair) -> bool:
    """Whether it has not been taken in before: what was stored in time is not lost."""
    before = last_heard(ports, alarm, pair)
    return before is None or before.is_superseded_by(alarm.state, alarm.occurred_at)


def _forget_mute(ports: Ports, alarm: Alarm, pair: Pair) -> None:
    """An alarm without data rings no longer: the end of its mute calls for nothing."""
    id_ = pair.disaster_recovery_id
    before = last_heard(ports, alarm, pair)
    if before is None or not before.is_muted or alarm.occurred_at < before.at:
        return
    pair_state = ports.ledger.read(id_).pair_state
    heard = replace(before, state=alarm.state, at=alarm.occurred_at, muted_by=None)
    with contextlib.suppress(Conflict):
        ports.ledger.alarms.note(id_, heard, pair_state, is_released=True)


def finished_run(record: PairRecord, alarm: Alarm, now: datetime) -> Run | None:
    """The run that this alarm was about, if it has ended just before and may have been accepted."""
    run = record.run
    if run is None or run.is_in_flight or run.never_started:
        return None
    ended_at = run.ended_at or now
    if ended_at - now > MAX_AHEAD:
        ended_at = run.claimed_at  # no run can have ended then
    is_anew = _was_armed_between(record.pair_state, ended_at, alarm.occurred_at)
    return run if alarm.occurred_at < ended_at + BELONGS_FOR and not is_anew else None


def _was_armed_between(pair_state: PairState, ended_at: datetime, turned_at: datetime) -> bool:
    """Whether the pair was found healthy, and synchronised, after a run and before an alarm.

    That a person has acknowledged the run says nothing of the kind: only what was seen arms.
    """
    since = pair_state.armed_since
    return pair_state.armed and since is not None and ended_at < since < turned_at
