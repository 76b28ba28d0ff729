"""Since when the time of an open incident is over: never in a pause, nor just before it may act."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handler.errors import LedgerUnavailable
from handler.failover.ports import Ports
from handler.gates.witnesses import STRETCH_GAP, lasts_until
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord


def over_since(ports: Ports, pair: Pair | None, record: PairRecord) -> datetime | None:
    """Since when an open incident has been pursued for long enough; None if it has not.

    Args:
        ports: what the brakes over all pairs are read with, where it depends on them.
        pair: by its document; None if that is bad or gone, so that nothing is pursued.
        record: as read.
    """
    incident, now = record.open_incident, ports.clock()
    if incident is None or now <= incident.retry_until:
        return None
    try:
        fleet = ports.ledger.fleet()
    except LedgerUnavailable:
        return None  # all pairs may be paused
    until = max([incident.retry_until, *_until(pair, record, fleet, now)])
    return until if now > until else None


def _until(
    pair: Pair | None, record: PairRecord, fleet: Fleet, now: datetime
) -> Iterator[datetime]:
    """Until when it goes on, whenever its last alarm joined."""
    retry_for = timedelta(seconds=pair.retry_for_s if pair else 0)
    for pause in (record.pair_state.pause, fleet.pause):
        # What opens in a pause is kept for its end, and has its time then.
        if pause:
            yield min(pause.ends_at, now) + retry_for
    # The looks of one stretch of down are no further apart than its gap: by then one has come that
    # may act. An incident that ended before would close the watch for as long as it is down.
    if pair and (due := lasts_until(record.observations, pair)):
        yield due + STRETCH_GAP
