"""How what is known of a pair is written to the runs table: its key, its condition, its expiry."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.aws.writes import Key, Write, changed, check, revised, unchanged
from handler.model.codec import to_plain
from handler.model.pair_state import MOST_MUTED, PairState
from handler.model.run import Run

KEPT: Final = timedelta(days=365)  # people ask about last year's failover, not about an older one
PAIR: Final = "state#pair"
INCIDENT: Final = "state#incident"
HEALTH: Final = "state#health"
_OF_ALARMS: Final = (
    "muted",
    "more_are_muted",
)  # what of a pair's item is changed by its alarms alone
# Of two that are muted at once, both may have read that there is room for one.
_TAKES_MUTES: Final = "(attribute_not_exists(muted) OR size(muted) < :most)"
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
    """How a pair stands, on top of the revision that was read; what is muted stays as it is.

    Alarms are muted and released at any time, and change no revision: nobody's claim is void for
    it, however many there are.
    """
    stored = to_plain(replace(pair_state, revision=pair_state.revision + 1))
    mine = [field.name for field in fields(PairState) if field.name not in _OF_ALARMS]
    kept = [name for name in mine if name in stored]
    gone = [f"#{name}" for name in mine if name not in stored]
    return changed(
        (disaster_recovery_id, PAIR),
        "SET "
        + ", ".join(f"#{name} = :{name}" for name in kept)
        + (f" REMOVE {', '.join(gone)}" if gone else ""),
        {**{f":{name}": stored[name] for name in kept}, **_was(pair_state)},
        _revision_is(pair_state),
        {f"#{name}": name for name in mine},
    )


def pair_unchanged(disaster_recovery_id: str, pair_state: PairState) -> Write:
    """Only if no run of the pair has changed since it was read.

    "not failed over" must not be told, nor an incident end, beside a run that has just begun.
    """
    was = pair_state.revision or None
    return unchanged((disaster_recovery_id, PAIR), "revision", was)


def pair_unmuted(disaster_recovery_id: str, pair_state: PairState) -> Write:
    """The same, and only if none of its alarms is muted by now: no watch opens beside one."""
    return check(
        (disaster_recovery_id, PAIR),
        f"{_revision_is(pair_state)} AND attribute_not_exists(muted)"
        " AND attribute_not_exists(more_are_muted)",
        _was(pair_state),
        {"#revision": "revision"},
    )


def _revision_is(pair_state: PairState) -> str:
    """The condition that a pair has the revision that was read."""
    return "#revision = :was" if pair_state.revision else "attribute_not_exists(#revision)"


def _was(pair_state: PairState) -> dict[str, int]:
    return {":was": pair_state.revision} if pair_state.revision else {}


def muted(disaster_recovery_id: str, key: str, pair_state: PairState) -> Write:
    """The pair with one more alarm that is muted, or with more of them than it takes.

    It voids no claim: what a claim rests on is its incident with the alarms that it has, and a mute
    takes its alarm from it. But it rests on the pair as read: a run that has changed since may be
    what the alarm belongs to.
    """
    if not pair_state.takes_mutes:
        return _mutes_changed(
            disaster_recovery_id, pair_state, "SET more_are_muted = :yes", {":yes": True}
        )
    values = {":key": {key}, ":most": MOST_MUTED}
    return _mutes_changed(disaster_recovery_id, pair_state, "ADD muted :key", values, _TAKES_MUTES)


def unmuted(disaster_recovery_id: str, key: str, pair_state: PairState) -> Write:
    """The pair without an alarm that was muted; as voids nothing, and rests on, what mutes it."""
    return _mutes_changed(disaster_recovery_id, pair_state, "DELETE muted :key", {":key": {key}})


def _mutes_changed(
    disaster_recovery_id: str,
    pair_state: PairState,
    update: str,
    values: Mapping[str, Any],
    *conditions: str,
) -> Write:
    return changed(
        (disaster_recovery_id, PAIR),
        update,
        {**values, **_was(pair_state)},
        " AND ".join((_revision_is(pair_state), *conditions)),
        {"#revision": "revision"},
    )
