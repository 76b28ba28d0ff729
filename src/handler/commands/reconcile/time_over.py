"""Since when the time of an open incident is over: never just before it may act. Pure."""

from collections.abc import Iterator
from datetime import datetime

from handler.gates.witnesses import STRETCH_GAP, lasts_until
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import Observations


def over_since(
    incident: Incident, pair: Pair, observations: Observations, now: datetime
) -> datetime | None:
    """Since when an incident has been pursued for long enough; None if it has not."""
    if now <= incident.retry_until:
        return None
    until = max([incident.retry_until, *_until_it_may_act(pair, observations)])
    return until if now > until else None


def _until_it_may_act(pair: Pair, observations: Observations) -> Iterator[datetime]:
    """While production is seen down: until the look that may act has come.

    The looks of one stretch of down are no further apart than its gap, so by then one has come; and
    what ended before would close the watch for as long as production stays down.
    """
    if due := lasts_until(observations, pair):
        yield due + STRETCH_GAP
