"""How what is known of a pair is written to the runs table: its key, its condition, its expiry."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.aws.writes import IS_NEW, Key, Write, changed, revised, unchanged
from handler.model.codec import to_plain
from handler.model.pair_state import PairState
from handler.model.run import Run

KEPT: Final = timedelta(days=365)  # people ask about last year's failover, not about an older one
PAIR: Final = "state#pair"
INCIDENT: Final = "state#incident"
HEALTH: Final = "state#health"
NOBODY: Final = "-"  # whose open items a notice is among that is about no pair


def run_key(disaster_recovery_id: str, run_id: str) -> Key:
    """Where a run is."""
    return disaster_recovery_id, f"run#{run_id}"


def incident_key(disaster_recovery_id: str, incident_id: str) -> Key:
    """Where an incident is once it has ended; the open one is a pair's state."""
    return disaster_recovery_id, f"incident#{incident_id}"


def request_key(disaster_recovery_id: str, request_id: str) -> Key:
    """Where it is stored which run a command's request id has made."""
    return disaster_recovery_id, f"request#{request_id}"


def notice_key(notice_id: str) -> Key:
    """Where a notice is."""
    return "*", f"notice#{notice_id}"


def expiry(now: datetime) -> int:
    """When what is over now may go, as DynamoDB's TTL has it."""
    return int((now + KEPT).timestamp())


def run_changed(stored: Run) -> Write:
    """A run on top of the revision before.

    A finished run that holds nothing expires; anything else never does: a hold has no time limit.
    """
    is_over = not stored.is_in_flight and not stored.holds_pair
    end = {"expires_at": expiry(stored.ended_at or stored.claimed_at)} if is_over else {}
    key = run_key(stored.disaster_recovery_id, stored.run_id)
    return revised(key, {**to_plain(stored), **end}, stored.revision)


def hold_changed(run: Run) -> Write:
    """The pair after a transition of a run, which voids every claim on what was read before."""
    verb = ", holding :run" if run.holds_pair else " DELETE holding :run"
    return changed(
        (run.disaster_recovery_id, PAIR),
        f"ADD revision :one{verb}",
        {":one": 1, ":run": {run.run_id}},
    )


def pair_state_changed(disaster_recovery_id: str, pair_state: PairState) -> Write:
    """How a pair stands, on top of the revision that was read."""
    stored = replace(pair_state, revision=pair_state.revision + 1)
    return revised((disaster_recovery_id, PAIR), stored, stored.revision)


def pair_unchanged(disaster_recovery_id: str, pair_state: PairState) -> Write:
    """Only if no run of the pair has changed since it was read.

    "not failed over" must not be told, nor an incident end, beside a run that has just begun.
    """
    was = pair_state.revision or None
    return unchanged((disaster_recovery_id, PAIR), "revision", was)


def mute_changed(
    disaster_recovery_id: str, key: str, pair_state: PairState | None, *, is_muted: bool
) -> Write:
    """The pair with an alarm that is muted, or no longer; it voids claims likewise.

    Args:
        disaster_recovery_id: the pair's.
        key: of the alarm's part.
        pair_state: as read, if it must not have changed.
        is_muted: whether it is muted from now on.
    """
    verb = ", muted :key" if is_muted else " DELETE muted :key"
    update, values = f"ADD revision :one{verb}", {":one": 1, ":key": {key}}
    where = (disaster_recovery_id, PAIR)
    if pair_state is None:
        return changed(where, update, values)
    if pair_state.revision == 0:
        return changed(where, update, values, IS_NEW)
    # A run that has changed since may be what the alarm belongs to.
    values[":was"] = pair_state.revision
    return changed(where, update, values, "#r = :was", {"#r": "revision"})
