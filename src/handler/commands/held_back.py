"""What a pause has held back, for whoever lifts it: outages that are open now. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handler.gates.witnesses import down_of_now
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.times import isoformat

Records = tuple[tuple[Pair, PairRecord], ...]


@dataclass(frozen=True)
class Outage:
    """A pair that has an incident open, or whose production looks down."""

    code: str
    pair: str
    sentence: str


def outages_in(records: Records, now: datetime) -> tuple[Outage, ...]:
    """The outages of these pairs; open incidents first."""
    found = [one for pair, record in records for one in _of(pair, record, now)]
    return tuple(sorted(found, key=lambda one: (one.code != "incident", one.pair)))


def _of(pair: Pair, record: PairRecord, now: datetime) -> Iterator[Outage]:
    incident, since = record.open_incident, down_of_now(record.observations, now)
    if incident:
        what = f"{pair.name} has an incident open since {isoformat(incident.opened_at)}"
        yield Outage("incident", pair.name, f"{what}: {_next(pair)}")
    elif since and not record.expects_old_production:
        what = f"production of {pair.name} has looked down since {isoformat(since)}"
        yield Outage("down", pair.name, f"{what}, and no incident is open")


def _next(pair: Pair) -> str:
    asked = "every gate is asked again within a minute"
    if pair.mode == "automatic":
        return f"{asked}, and it is failed over as soon as they pass"
    return f"{asked}, but nothing is ordered by itself (mode {pair.mode})"
