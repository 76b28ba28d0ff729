"""Whether to look closely at a pair, and whether its witnesses alone open an incident. Pure."""

from datetime import timedelta
from typing import Final

from handler.failover.settle import watched
from handler.gates.witnesses import hear
from handler.model.evidence import Evidence
from handler.model.pair_state import Observations, PairRecord

# Several calls for each pair: every minute they would be most of a fleet's traffic.
CLOSER_EVERY: Final = timedelta(minutes=10)


def needs_closer_look(record: PairRecord, glance: Evidence) -> bool:
    """Whether the list's item and the probe are not enough: open, odd, or ten minutes old."""
    observations, now = record.observations, glance.read_at
    is_in_doubt = observations.down_since or observations.lone_witness_since
    # The list may be shown to another pair's credentials, and this pair's may be of no use.
    is_unread = observations.unreadable_times > 0
    if record.open_incident or is_in_doubt or is_unread:
        return True
    if not _is_as_expected(record, glance):
        return True
    if observations.checked_at is None or now - observations.checked_at >= CLOSER_EVERY:
        return True
    return bool(watched(record, now))


def _is_as_expected(record: PairRecord, glance: Evidence) -> bool:
    """Whether nothing of what a glance shows is a reason to look closely."""
    item, roles = glance.item, record.pair_state.roles
    if item is None or roles is None or glance.probe is False:
        return False
    return item.status == "running" and item.roles == roles


def calls_for_watch(record: PairRecord, evidence: Evidence, observations: Observations) -> bool:
    """Whether the witnesses alone are reason to act: two of them, or one and the DR side.

    Once in a stretch of down: an incident that ended in it is not opened again by itself, but where
    someone said that production was up; then the stretch has been counted anew (`observations`).
    """
    roles, shown, last = record.pair_state.roles, evidence.shown, record.incident
    if roles is None or observations.down_since is None or _is_about_a_run(record, observations):
        return False
    if shown and shown.roles not in (None, roles):
        return False  # production is another one by now: that is told as it is
    if last and last.ended_at and last.ended_at >= observations.down_since:
        return False
    return hear(evidence, observations).has_two_words


def _is_about_a_run(record: PairRecord, observations: Observations) -> bool:
    """Whether a run is on its way, or one of this very outage has been, so that no more is needed.

    One of an earlier outage is no reason to look away: it refuses (hold), and a person is told.
    """
    if record.in_flight:
        return True
    since = observations.down_since
    return any(since and run.claimed_at >= since for run in record.held)
