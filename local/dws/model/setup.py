"""What a pair is made of, and a healthy one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from local.dws.model.cluster import Cluster
from local.dws.model.pair import Pair, Relation
from local.dws.model.state import State
from local.dws.model.transitions import TRANSITIONS
from local.dws.model.variants import Variants

PROJECT_ID = "89cd04f168b84af6be287f71730fdb4b"
STANDBY_PROJECT_ID = "0b7e2f9c4d1a48d6a3c5e81f72946bd0"
PAIR_ID = "e59d6b86-9072-46eb-a996-13f8b44994c1"
PRODUCTION_ID = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"
STANDBY_ID = "e7fed7fe-f4a7-499a-afed-1fdb5c1978cb"

PERIOD_UNITS_S = {"m": 60, "H": 3600, "d": 86_400}


@dataclass(frozen=True)
class PairSetup:
    """What a new pair is made of; the defaults make the ready pair."""

    id: str = PAIR_ID
    name: str = "orders"
    production_id: str = PRODUCTION_ID
    standby_id: str = STANDBY_ID
    dr_type: Literal["az", "region"] = "az"
    sync_period: str = "30m"
    sync_every_s: float | None = None
    version: str = "8.1.3.320"
    datastore_type: str = "dws"
    project_id: str = PROJECT_ID
    standby_project_id: str | None = None


def make_pair(setup: PairSetup, now: datetime, variants: Variants | None = None) -> Pair:
    """A healthy pair, a month old, whose last sync is a sixth of an interval ago."""
    every_s = setup.sync_every_s or period_s(setup.sync_period)
    last_sync = now - timedelta(seconds=every_s / 6)
    first = Cluster(
        id=setup.production_id,
        name=f"{setup.name}-a",
        project_id=setup.project_id,
        version=setup.version,
        datastore_type=setup.datastore_type,
    )
    state = State(
        status="running",
        first=first,
        second=replace(first, id=setup.standby_id, name=f"{setup.name}-b", **_elsewhere(setup)),
        sync_every_s=every_s,
        last_sync=last_sync,
        syncing_from=last_sync,
    )
    relation = Relation(
        id=setup.id,
        name=setup.name,
        created=now - timedelta(days=30),
        dr_type=setup.dr_type,
        sync_period=setup.sync_period,
    )
    return Pair(relation, state, now, TRANSITIONS, variants)


def period_s(period: str) -> float:
    """The seconds of a sync period such as `30m`, `2H` or `1d`."""
    return int(period[:-1]) * PERIOD_UNITS_S[period[-1]]


def _elsewhere(setup: PairSetup) -> dict[str, Any]:
    """Where the standby is: in another zone, or in another region and its project."""
    if setup.dr_type != "region":
        return {"availability_zone": "eu-west-101b"}
    return {
        "region": "eu-west-204",
        "availability_zone": "eu-west-204a",
        "project_id": setup.standby_project_id or STANDBY_PROJECT_ID,
    }
