"""What a new pair's first check tells people: what is listened to, and what cannot be known. Pure.

An alarm that is in ALARM already makes no transition, so nobody brings it: only the witnesses, and
a person who looks, find out.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.commands.reconcile.finding import Finding
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.quoting import quoted
from handler.model.times import isoformat
from handler.notifications.next_steps import status_command

_NAMED: Final = 5  # alarm patterns in a sentence


def introduce(
    pair: Pair,
    record: PairRecord,
    observations: Observations,
    now: datetime,
    heard_since: datetime | None,
) -> tuple[Observations, Finding | None]:
    """Tell once that a pair is watched, and once more if nobody can have heard it.

    A pair that was watched before this was told at all is not introduced any more.
    """
    told_at = observations.introduced_at
    is_new = record.observations.first_checked_at is None
    is_unheard = told_at is not None and heard_since is not None and told_at < heard_since
    if not (is_new or is_unheard):
        return observations, None
    once = f"{pair.disaster_recovery_id}/new-pair-{isoformat(now)}"
    found = Finding("new_pair", _sentence(pair), once, _steps(pair))
    return replace(observations, introduced_at=now), found


def _sentence(pair: Pair) -> str:
    listens = f"it listens to {_alarms(pair)}" if pair.alarms else "it listens to no alarm"
    unseen = "; an alarm that is in ALARM already makes no transition, and is not seen"
    return f"the pair is watched from now on, in mode {pair.mode}; {listens}" + (
        unseen if pair.alarms else ", so only witnesses that agree on an outage open an incident"
    )


def _alarms(pair: Pair) -> str:
    named = ", ".join(map(quoted, pair.alarms[:_NAMED]))
    more = len(pair.alarms) - _NAMED
    return f"the alarms {named}" + (f" and {more} more" if more > 0 else "")


def _steps(pair: Pair) -> tuple[str, ...]:
    doctor = (
        "to find alarms that are in ALARM already, that do not exist, or that speak for another"
        f" pair, too: failoverctl doctor {pair.name}"
    )
    return (doctor, *status_command(pair.name))
