"""Pairs and clusters by the control API: see them, force them, break them."""

import re
from dataclasses import asdict
from typing import Any

from local.dws.api import responses
from local.dws.api.timestamps import zone_of
from local.dws.control.route import Route
from local.dws.control.shapes import BadInput, Mistake, describe, read, read_fields
from local.dws.model.cluster import Cluster
from local.dws.model.pair import RELATION_FIELDS, Pair, Relation
from local.dws.model.setup import PairSetup
from local.dws.model.state import State
from local.dws.model.variants import Variants
from local.dws.provider import Provider

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


def _pairs(provider: Provider, _name: str, _body: Any) -> Any:
    return {"pairs": [_pair_view(provider, pair) for pair in provider.pairs]}


def _pair(provider: Provider, pair_id: str, _body: Any) -> Any:
    return _pair_view(provider, provider.find_pair(pair_id))


def _pair_view(provider: Provider, pair: Pair) -> dict[str, Any]:
    now = provider.clock.now()
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
        "production": _cluster_view(provider, pair.state.production),
        "standby": _cluster_view(provider, pair.state.standby),
        "orders": [asdict(order) for order in pair.orders],
        "events": [asdict(event) for event in pair.events],
        "variants": asdict(pair.variants),
        "shown": responses.detail(pair, now)["disaster_recovery"],
    }


def _add_pair(provider: Provider, _name: str, body: Any) -> Any:
    setup = read(PairSetup, body)
    if not re.fullmatch("[1-9][0-9]{0,3}[mHd]", setup.sync_period):
        raise BadInput(Mistake("$.sync_period", setup.sync_period, "such as 30m, 2H or 1d"))
    given = read_fields(PairSetup, body)
    return _pair_view(provider, provider.add_pair(**given))


def _patch_pair(provider: Provider, pair_id: str, body: Any) -> Any:
    body = dict(body) if isinstance(body, dict) else body
    provider.find_pair(pair_id)
    of_relation = {}
    if isinstance(body, dict):
        of_relation = {name: body.pop(name) for name in list(body) if name in RELATION_FIELDS}
    fields = read_fields(Relation, of_relation, RELATION_FIELDS)
    fields |= read_fields(State, body, STATE_FIELDS)
    provider.set_pair(pair_id, **fields)
    return _pair(provider, pair_id, None)


def _remove_pair(provider: Provider, pair_id: str, _body: Any) -> Any:
    provider.remove_pair(pair_id)
    return _pairs(provider, "", None)


def _vary(provider: Provider, pair_id: str, body: Any) -> Any:
    variants = read_fields(Variants, body)
    if "utc_offset" in variants:
        _check_zone(variants["utc_offset"])
    provider.vary(pair_id, **variants)
    return asdict(provider.find_pair(pair_id).variants)


def _check_zone(utc_offset: str) -> None:
    try:
        zone_of(utc_offset)
    except ValueError as err:
        raise BadInput(Mistake("$.utc_offset", utc_offset, "such as +08:00")) from err


def _variants(provider: Provider, pair_id: str, _body: Any) -> Any:
    return asdict(provider.find_pair(pair_id).variants)


def _clusters(provider: Provider, _name: str, _body: Any) -> Any:
    both = [cluster for pair in provider.pairs for cluster in pair.clusters]
    return {"clusters": [_cluster_view(provider, cluster) for cluster in both]}


def _cluster_view(provider: Provider, cluster: Cluster) -> dict[str, Any]:
    return asdict(cluster) | {"probe": provider.probe_address(cluster.id)}


def _patch_cluster(provider: Provider, cluster_id: str, body: Any) -> Any:
    provider.find_cluster(cluster_id)
    provider.set_cluster(cluster_id, **read_fields(Cluster, body, CLUSTER_FIELDS))
    return _cluster_view(provider, provider.find_cluster(cluster_id))


def _break(provider: Provider, pair_id: str, _body: Any) -> Any:
    provider.break_production(pair_id or None)
    return _pair(provider, pair_id or provider.pair.id, None)


def _restore(provider: Provider, pair_id: str, _body: Any) -> Any:
    provider.restore_production(pair_id or None)
    return _pair(provider, pair_id or provider.pair.id, None)


def _recover(provider: Provider, pair_id: str, _body: Any) -> Any:
    provider.recover(pair_id or None)
    return _pair(provider, pair_id or provider.pair.id, None)


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
    Route(
        "POST",
        "/pairs/{id}/recover",
        "*DR Recovery* of the console: dead clusters live, then disaster recovery runs again",
        _recover,
    ),
    Route("POST", "/break-production", "the same for the ready pair", _break),
    Route("POST", "/restore-production", "the same for the ready pair", _restore),
    Route("POST", "/recover", "the same for the ready pair", _recover),
    Route("GET", "/clusters", "all clusters, with their probe addresses", _clusters),
    Route(
        "PATCH", "/clusters/{id}", "force fields", _patch_cluster, describe(Cluster, CLUSTER_FIELDS)
    ),
)
