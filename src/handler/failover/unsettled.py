"""Runs that a person is done with, and whose orders may be executed all the same. Pure."""

from datetime import datetime
from typing import Final

from handler.failover.settle import is_watched
from handler.model.pair_state import PairRecord, PairState
from handler.model.run import Run, RunState

# Nobody saw the end of the one, and the event of a failure names the pair, and no order: somebody
# else's order, refused, may be what failed. What was inferred to be lost, reads have shown.
_NOT_PROVED: Final = frozenset({RunState.CLOSED, RunState.FAILED})


def unsettled(record: PairRecord, now: datetime) -> tuple[Run, ...]:
    """The runs that a person has acknowledged and nothing has settled: each may yet be executed.

    Not those whose outcome has told itself since: other roles, or disaster recovery at work again.
    """
    return tuple(run for run in record.runs if is_unsettled(run, record.pair_state, now))


def is_unsettled(run: Run, pair_state: PairState, now: datetime) -> bool:
    """Whether a second order beside this run's could be one too many."""
    is_ended = run.state in _NOT_PROVED and run.acknowledged_at is not None
    return is_ended and is_watched(run, pair_state, now)
