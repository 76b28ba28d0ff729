"""The pairs of a history: the truth about each, its document, its alarms."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.dws.api.world import World
from local.dws.model.pair import Pair
from local.dws.model.setup import PROJECT_ID, PairSetup
from local.dws.model.variants import Variants
from local.simulation.plan import Plan
from local.simulation.services import ACCOUNT, REGION

FIRST = "analytics"
RETRY_S = 1500
MAX_EVENT_AGE_S = 900
CACHED_S = 31  # a document
ELSEWHERE = "eu-west-1"  # where alarms of the same names are


@dataclass
class Site:
    """One pair as it is deployed."""

    name: str
    pair: Pair
    settings: dict[str, Any]
    document: str | None = None
    changed_at: datetime | None = None
    good_since: datetime | None = None
    observed_since: datetime | None = None

    @property
    def id(self) -> str:
        """Its disaster-recovery id."""
        return self.pair.id

    @property
    def alarm(self) -> str:
        """How the names of its alarms begin."""
        return f"dws-outage-{self.name}-"

    @property
    def is_as_written(self) -> bool:
        """Whether its document is the one that it was deployed with."""
        return self.document == self.written()

    def was_alive(self, cluster_id: str, now: datetime, seconds_ago: int) -> bool:
        """Whether a cluster was alive so many seconds ago."""
        state = self.pair.state_at(now, seconds_ago)
        return any(one.id == cluster_id and one.is_alive for one in (state.first, state.second))

    def was_alive_in(self, cluster_id: str, now: datetime, ago_s: int) -> bool:
        """Whether a cluster was alive in the whole minute that began so many seconds ago."""
        minute = range(max(0, ago_s - 60), ago_s, 10)
        return all(self.was_alive(cluster_id, now, seconds) for seconds in minute)

    def written(self, **changes: Any) -> str:
        """Its document, with changes."""
        return json.dumps({**self.settings, **changes})

    def put(self, document: str | None, now: datetime, *, is_good: bool) -> None:
        """Change its document, or take it away."""
        self.document, self.changed_at = document, now
        self.good_since = (self.good_since or now) if is_good else None
        is_observed = document is not None and '"mode": "observe"' in document
        self.observed_since = (self.observed_since or now) if is_observed else None

    def was_good_at(self, at: datetime) -> bool:
        """Whether its document was good then and long enough before, and is still."""
        since = self.good_since
        return since is not None and (at - since).total_seconds() > CACHED_S

    def lists(self, arn: str) -> bool:
        """Whether it lists an alarm, when its document is good."""
        return arn.rpartition(":")[2].startswith(self.alarm)


def make_sites(plan: Plan, world: World, now: datetime) -> dict[str, Site]:
    """The pairs of a plan, the first one with the plan's variants."""
    names = [FIRST, *(["billing"] if plan.neighbour else [])]
    names += [f"crowd{number:02}" for number in range(plan.crowd)]
    sites = {}
    for number, name in enumerate(names):
        variants = Variants(**plan.variants) if name == FIRST else Variants()
        pair = world.add(_setup(name, number), now, variants)
        sites[name] = Site(name, pair, _settings(plan, pair, name))
        sites[name].put(sites[name].written(), now, is_good=True)
        sites[name].good_since = now
    return sites


def _setup(name: str, number: int) -> PairSetup:
    if number == 0:
        return PairSetup(name=name, sync_every_s=60, sync_period="1m")
    return PairSetup(
        id=f"e59d6b86-9072-46eb-a996-{number:012x}",
        name=name,
        production_id=f"3ef5daaa-d017-4354-80b3-{number:012x}",
        standby_id=f"e7fed7fe-f4a7-499a-afed-{number:012x}",
        sync_every_s=60,
        sync_period="1m",
    )


def _settings(plan: Plan, pair: Pair, name: str) -> dict[str, Any]:
    first, second = pair.clusters
    is_first, alarm = name == FIRST, f"dws-outage-{name}-*"
    probes = {first.id: f"{name}-a:8000", second.id: f"{name}-b:8000"}
    return {
        "disaster_recovery_id": pair.id,
        "project_id": PROJECT_ID,
        "endpoint": "https://provider.example",
        "credentials_secret": f"dws-failover/{name}",
        "max_data_loss_s": plan.max_data_loss_s if is_first else 3600,
        "mode": plan.mode if is_first else "automatic",
        "alarms": [alarm, f"arn:aws:cloudwatch:{ELSEWHERE}:{ACCOUNT}:alarm:{alarm}"],
        "probes": probes if plan.has_probe and is_first else {},
        "provider_utc_offset": pair.variants.utc_offset,
        "production_down_for_s": plan.down_for_s if is_first else 120,
        "retry_for_s": RETRY_S,
        "completion_deadline_s": 1800,
    }


__all__ = ["ELSEWHERE", "FIRST", "MAX_EVENT_AGE_S", "REGION", "RETRY_S", "Site", "make_sites"]
