"""What a claim writes. Of any number of claims on what was read once, one comes through."""

from dataclasses import replace
from typing import Final

from handler.aws.items import expiry, pair_state_changed, request_key, run_key
from handler.aws.open_items import NONE, open_items_changed
from handler.aws.writes import Key, Write, revised
from handler.model.pair_state import Fleet, PairState
from handler.model.run import Run

FLEET: Final[Key] = ("*", "state#fleet")


def claiming(run: Run, pair_state: PairState, fleet: Fleet, *, is_counted: bool) -> list[Write]:
    """The writes of a claim but for its incident; making them shows that they can be made.

    Args:
        run: in state `submitting`.
        pair_state: as read.
        fleet: as read.
        is_counted: whether the claim counts for the rate limit.
    """
    id_ = run.disaster_recovery_id
    held = pair_state.holding | {run.run_id}
    ids = {"runs": {run.run_id}, "held": {run.run_id}}
    return [
        # It holds the pair before its request leaves: a killed invocation is found by it.
        revised(run_key(id_, run.run_id), run, 1),
        # Rests on the revision that every transition, acknowledgement and pause of it raises.
        # An order makes facts: what a person's word has replaced does not come back after it.
        pair_state_changed(
            id_, replace(pair_state, run_id=run.run_id, holding=held, before_word=None)
        ),
        _braked(run, fleet, is_counted=is_counted),
        open_items_changed(id_, ids, NONE),
        *_request(run),
    ]


def _braked(run: Run, fleet: Fleet, *, is_counted: bool) -> Write:
    """The brakes over all pairs: a pause or another pair's claim since they were read voids it."""
    now = run.claimed_at
    counted = {run.disaster_recovery_id: now} if is_counted else {}
    claims = {**fleet.recent_claims(now), **counted}
    braked = replace(fleet, revision=fleet.revision + 1, claims=claims)
    return revised(FLEET, braked, braked.revision)


def _request(run: Run) -> list[Write]:
    """The command's request id: the same one again must find this run and make no other."""
    if not run.request_id:
        return []
    made = {"run_id": run.run_id, "expires_at": expiry(run.claimed_at)}
    return [revised(request_key(run.disaster_recovery_id, run.request_id), made, 1)]
