"""Alarms that someone has muted: kept with their pair, told, and nothing is ordered for them.

Whoever sends alarms may mute any number of them: so many are kept, and of each ten minutes one is
told. What is beyond that is remembered by its alarm alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from handler.aws.telemetry import logger
from handler.failover.ignore import FURTHER
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.model.alarm_history import LastTransition, key_of
from handler.model.incident import Ending, Incident
from handler.model.notice import Notice
from handler.model.pair import Pair
from handler.model.pair_state import MOST_MUTED, PairRecord
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Alarm
from handler.model.times import ten_minutes_of
from handler.notifications.next_steps import UNMUTE

MUTE: Final = "mute"  # the kind of an alarm that calls because its mute is over
_CROWDED: Final = (
    f"more than {MOST_MUTED} alarms of the pair are muted by now: further ones are in the log only,"
    " and call when they are released, but not by themselves when the time of their mute is over"
)


def mute(
    ports: Ports, alarm: Alarm, pair: Pair, record: PairRecord, heard: LastTransition
) -> Result:
    """Whoever mutes an alarm wants nothing to happen: kept, told, and nothing ordered.

    If it has called before, it is no part of its incident any more; the last one ends it, as
    an alarm does that is OK.
    """
    key, incident = key_of(heard.part), record.open_incident
    left = incident if incident and key in incident.alarms else None
    if left and left.is_last(key):
        left = left.ended(Ending.ALARMS_OK, ports.clock())
    muted = _muted(alarm, pair, record, left)
    store = partial(
        ports.ledger.alarms.mute, pair.disaster_recovery_id, heard, record.pair_state, left
    )
    if left and not left.is_open:
        return ports.outbox.record_end(muted, left, store)
    is_kept = key in record.pair_state.muted or record.pair_state.takes_mutes
    return _stored(ports, pair, muted, store, is_kept=is_kept)


def _muted(alarm: Alarm, pair: Pair, record: PairRecord, left: Incident | None) -> Result:
    """The answer, by what becomes of the incident that it leaves, and of the run in flight."""
    name, by = quoted(alarm.name), quoted(alarm.muted_by)
    why = f"{name} is in ALARM, but muted by {by}: nothing is ordered for it"
    ended = left if left and not left.is_open else None
    if ended:
        why = f"{why}, and its incident is over"
    run = record.in_flight
    if run:
        why = f"{why}; run {run.run_id} is {run.state} and followed to its end"
    muted = about(pair, alarm.trigger).result(
        Decision.IGNORED, Reason("muted", why), next_steps=(UNMUTE,)
    )
    return replace(
        muted,
        incident_id=ended.incident_id if ended else None,
        run_id=run.run_id if run else None,
    )


def _stored(
    ports: Ports,
    pair: Pair,
    muted: Result,
    store: Callable[[Notice | None], None],
    *,
    is_kept: bool,
) -> Result:
    """Stored, and told if it is the first of its ten minutes; of what is not kept, of its day."""
    more, once = FURTHER, ten_minutes_of(ports.clock())
    if not is_kept:
        more, once = _CROWDED, f"crowd-{ports.clock():%Y-%m-%d}"
    notice_id = f"{pair.disaster_recovery_id}/muted-{once}"
    if ports.ledger.notices.get(notice_id):
        store(None)
        logger.info("alarm muted", pair=pair.name)
        return muted
    told = replace(muted, reason=f"{muted.reason}; {more}")
    notified = ports.outbox.record_and_notify(told, notice_id, store).notified
    return replace(muted, notified=notified)


def muted_alarms(ports: Ports, pair: Pair, keys: list[str]) -> Mapping[str, LastTransition | None]:
    """What is remembered of a pair's muted alarms, by their keys; None where it is damaged.

    Raises:
        LedgerUnavailable: it cannot be read.
    """
    heard = ports.ledger.alarms.last_of(pair.disaster_recovery_id, keys)
    return {key: one for key, one in heard.items() if one is None or one.is_muted}


def released(ports: Ports, heard: LastTransition) -> Alarm:
    """A muted alarm as it calls when its mute is over. No bus says so when it ends."""
    now = ports.clock()
    return Alarm(MUTE, heard.name, heard.arn, "ALARM", None, now, resource=heard.resource)
