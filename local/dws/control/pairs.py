"""Pairs and clusters by the control API: see them, force them, break them."""

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from local.dws import shown
from local.dws.cluster import Cluster
from local.dws.control.route import Route
from local.dws.pair import RELATION_FIELDS, Pair, Relation
from local.dws.shapes import BadInput, Mistake, describe, read, read_fields
from local.dws.stamps import zone_of
from local.dws.state import State
from local.dws.variants import Variants
from local.dws.world import PairSetup

if TYPE_CHECKING:
    from local.dws.emulator import Emulator

STATE_FIELDS = frozenset(
    {
        "status",
        "sync_every_s",
        "last_sync",
        "is_exchanged",
        "production_dr_status",
        "standby_dr_status",
    }
)
CLUSTER_FIELDS = frozenset(
    {
        "status",
        "sub_status",
        "task_status",
        "version",
        "datastore_type",
        "region",
        "availability_zone",
        "project_id",
        "number_of_node",
    }
)


def _pairs(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"pairs": [_pair_view(emulator, pair) for pair in emulator.pairs]}


def _pair(emulator: "Emulator", pair_id: str, _body: Any) -> Any:
    return _pair_view(emulator, emulator.find_pair(pair_id))


def _pair_view(emulator: "Emulator", pair: Pair) -> dict[str, Any]:
    now = emulator.clock.now()
    return {
        "id": pair.id,
        "name": pair.relation.name,
        "status": pair.status,
        "dr_type": pair.relation.dr_type,
        "sync_period": pair.relation.sync_period,
        "sync_every_s": pair.state.sync_every_s,
        "last_sync": pair.last_sync(now),
        "is_exchanged": pair.state.is_exchanged,
        "is_deleted": pair.is_deleted,
        "production": _cluster_view(emulator, pair.state.production),
        "standby": _cluster_view(emulator, pair.state.standby),
        "orders": [asdict(order) for order in pair.orders],
        "events": [asdict(event) for event in pair.events],
        "variants": asdict(pair.variants),
        "shown": shown.detail(pair, now)["disaster_recovery"],
    }


def _add_pair(emulator: "Emulator", _name: str, body: Any) -> Any:
    setup = read(PairSetup, body)
    if not re.fullmatch("[1-9][0-9]{0,3}[mHd]", setup.sync_period):
        raise BadInput(Mistake("$.sync_period", setup.sync_period, "such as 30m, 2H or 1d"))
    given = read_fields(PairSetup, body)
    return _pair_view(emulator, emulator.add_pair(**given))


def _patch_pair(emulator: "Emulator", pair_id: str, body: Any) -> Any:
    body = dict(body) if isinstance(body, dict) else body
    emulator.find_pair(pair_id)
    of_relation = {}
    if isinstance(body, dict):
        of_relation = {name: body.pop(name) for name in list(body) if name in RELATION_FIELDS}
    fields = read_fields(Relation, of_relation, RELATION_FIELDS)
    fields |= read_fields(State, body, STATE_FIELDS)
    emulator.set_pair(pair_id, **fields)
    return _pair(emulator, pair_id, None)


def _remove_pair(emulator: "Emulator", pair_id: str, _body: Any) -> Any:
    emulator.remove_pair(pair_id)
    return _pairs(emulator, "", None)


def _vary(emulator: "Emulator", pair_id: str, body: Any) -> Any:
    variants = read_fields(Variants, body)
    if "utc_offset" in variants:
        _check_zone(variants["utc_offset"])
    emulator.vary(pair_id, **variants)
    return asdict(emulator.find_pair(pair_id).variants)


def _check_zone(utc_offset: str) -> None:
    try:
        zone_of(utc_offset)
    except ValueError as err:
        raise BadInput(Mistake("$.utc_offset", utc_offset, "such as +08:00")) from err


def _variants(emulator: "Emulator", pair_id: str, _body: Any) -> Any:
    return asdict(emulator.find_pair(pair_id).variants)


def _clusters(emulator: "Emulator", _name: str, _body: Any) -> Any:
    both = [cluster for pair in emulator.pairs for cluster in pair.clusters]
    return {"clusters": [_cluster_view(emulator, cluster) for cluster in both]}


def _cluster_view(emulator: "Emulator", cluster: Cluster) -> dict[str, Any]:
    return asdict(cluster) | {"probe": emulator.probe_address(cluster.id)}


def _patch_cluster(emulator: "Emulator", cluster_id: str, body: Any) -> Any:
    emulator.find_cluster(cluster_id)
    emulator.set_cluster(cluster_id, **read_fields(Cluster, body, CLUSTER_FIELDS))
    return _cluster_view(emulator, emulator.find_cluster(cluster_id))


def _break(emulator: "Emulator", pair_id: str, _body: Any) -> Any:
    emulator.break_production(pair_id or None)
    return _pair(emulator, pair_id or emulator.pair.id, None)


def _restore(emulator: "Emulator", pair_id: str, _body: Any) -> Any:
    emulator.restore_production(pair_id or None)
    return _pair(emulator, pair_id or emulator.pair.id, None)


ROUTES = (
    Route("GET", "/pairs", "all pairs, as they are and as they are shown", _pairs),
    Route("POST", "/pairs", "add a healthy pair", _add_pair, describe(PairSetup)),
    Route("GET", "/pairs/{id}", "one pair", _pair),
    Route(
        "PATCH",
        "/pairs/{id}",
        "force fields",
        _patch_pair,
        describe(Relation, RELATION_FIELDS) | describe(State, STATE_FIELDS),
    ),
    Route("DELETE", "/pairs/{id}", "forget a pair and its clusters", _remove_pair),
    Route("GET", "/pairs/{id}/variants", "a pair's variants", _variants),
    Route("PATCH", "/pairs/{id}/variants", "set variants", _vary, describe(Variants)),
    Route("POST", "/pairs/{id}/break-production", "let production die", _break),
    Route("POST", "/pairs/{id}/restore-production", "let dead clusters live", _restore),
    Route("POST", "/break-production", "the same for the ready pair", _break),
    Route("POST", "/restore-production", "the same for the ready pair", _restore),
    Route("GET", "/clusters", "all clusters, with their probe addresses", _clusters),
    Route(
        "PATCH", "/clusters/{id}", "force fields", _patch_cluster, describe(Cluster, CLUSTER_FIELDS)
    ),
)
