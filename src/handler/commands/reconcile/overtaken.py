"""Whether a look still says something of now: it is judged later than it was made. Pure."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from handler.gates.witnesses import hear, is_newer
from handler.model.evidence import Evidence
from handler.model.pair_state import PairRecord

# A reconcile's lease, over before the next minute's schedule: one that has died costs no more than
# its own minute.
LEASE: Final = timedelta(seconds=55)


def is_overtaken(record: PairRecord, look: Evidence, now: datetime) -> bool:
    """Whether a newer look is stored, or a run or a person has changed what a look would show.

    One that found all as it was is not stored. So once another reconcile may have looked, what says
    that production is down is not believed either: that one may have seen it up.
    """
    at = look.read_at
    if now - at >= LEASE and hear(look, record.observations).says_down:
        return True
    runs = (*record.runs, *record.held)
    of_runs = chain.from_iterable((run.claimed_at, run.ended_at) for run in runs)
    changes = (record.observations.looked_at, record.pair_state.roles_since, *of_runs)
    return any(is_newer(one, at) for one in changes)
