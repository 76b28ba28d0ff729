"""The provider's operations: method and path to an answer, given the world and the time."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from urllib.parse import parse_qs

from local.dws import refusals
from local.dws.api import events, responses
from local.dws.api.world import World
from local.dws.auth import tokens
from local.dws.model.cluster import Cluster
from local.dws.model.orders import OrderKind, OrderRefused
from local.dws.model.pair import Pair
from local.dws.wire import Answer, Request

ORDERS: tuple[OrderKind, ...] = ("failover", "switchover", "recovery", "start", "pause")


@dataclass(frozen=True)
class Asked:
    """One request with what its path says."""

    world: World
    request: Request
    now: datetime
    project_id: str = ""
    id: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """The query, the last value of each name."""
        return {name: found[-1] for name, found in parse_qs(self.request.query).items()}


@dataclass(frozen=True)
class Operation:
    """One operation of the provider; `name` is what journal and faults call it."""

    name: str
    method: str
    path: str
    answer: Callable[[Asked], Answer]
    needs_identity: bool = True


def find(request: Request) -> tuple[Operation, str, str] | None:
    """The operation that a request means, with project and id of its path."""
    for operation in OPERATIONS:
        found = re.fullmatch(operation.path, request.path.rstrip("/"))
        if found and operation.method == request.method:
            named = found.groupdict()
            return operation, named.get("project", ""), named.get("id", "")
    return None


def _list(asked: Asked) -> Answer:
    filters = asked.filters
    pairs = [
        pair
        for pair in asked.world.pairs_of(asked.project_id)
        if filters.get("id", pair.id) == pair.id  # before all of them are written out
    ]
    items = [responses.list_item(pair, asked.now) for pair in pairs]
    for name in ("primary_cluster_id", "standby_cluster_id"):
        wanted = filters.get(name)
        items = [item for item in items if wanted in (None, item.get(name))]
    return Answer(200, {"disaster_recovery": items})


def _on_pair(answer: Callable[[Pair, Asked], Answer]) -> Callable[[Asked], Answer]:
    """An answer about the pair in the path, or the refusal that there is none."""

    def checked(asked: Asked) -> Answer:
        if not _is_uuid(asked.id):
            return refusals.invalid_uuid(asked.id)
        pair = asked.world.pairs.get(asked.id)
        if pair is None or not pair.has_part_in(asked.project_id):
            return refusals.no_such_pair(asked.id)
        return answer(pair, asked)

    return checked


def _detail(pair: Pair, asked: Asked) -> Answer:
    return Answer(200, responses.detail(pair, asked.now))


def _progress(pair: Pair, asked: Asked) -> Answer:
    if pair.variants.progress == "missing":
        return refusals.refused("DWS.5100", "The progress does not exist", 404)
    return Answer(200, responses.progress(pair, asked.now))


def _order(kind: OrderKind) -> Callable[[Pair, Asked], Answer]:
    def ordered(pair: Pair, asked: Asked) -> Answer:
        try:
            pair.order(kind, asked.now, asked.project_id)
        except OrderRefused as refusal:
            return refusals.refused(refusal.code, refusal.message)
        return Answer(200, {"disaster_recovery": {"id": pair.id}}, effect=True)

    return ordered


def _clusters(asked: Asked) -> Answer:
    items = [
        cluster.to_json()
        for pair, cluster in asked.world.clusters().values()
        if cluster.project_id == asked.project_id and not _is_dark(pair, cluster)
    ]
    return Answer(200, {"clusters": items, "count": len(items)})


def _cluster(asked: Asked) -> Answer:
    if not _is_uuid(asked.id):
        return refusals.invalid_uuid(asked.id)
    pair, cluster = asked.world.clusters().get(asked.id, (None, None))
    if pair is None or cluster is None or cluster.project_id != asked.project_id:
        return refusals.refused("DWS.5001", "The cluster does not exist", 404)
    if _is_dark(pair, cluster):
        raise refusals.backend_timeout()
    return Answer(200, {"cluster": cluster.to_json()})


def _is_dark(pair: Pair, cluster: Cluster) -> bool:
    # The region of the first production is what went dark, whatever the roles are by now.
    return pair.variants.production_dark and cluster is pair.state.first


def _events(asked: Asked) -> Answer:
    told = [events.told(pair, asked.project_id) for pair in asked.world.pairs_of(asked.project_id)]
    newest = sorted(chain(*told), key=lambda event: event["occur_time"], reverse=True)
    offset, limit = (_number(asked, name, usual) for name, usual in (("offset", 0), ("limit", 100)))
    return Answer(200, {"events": newest[offset : offset + limit], "count": len(newest)})


def _token(asked: Asked) -> Answer:
    try:
        body = json.loads(asked.request.body)
    except ValueError:
        body = None
    wanted = tokens.requested_project(body, asked.world.login)
    project_id = asked.world.find_project(wanted)
    if project_id is None:
        return tokens.not_logged_in()
    text, token = asked.world.tokens.issue(project_id, asked.now)
    return tokens.created(text, token, asked.now)


def _number(asked: Asked, name: str, usual: int) -> int:
    found = asked.filters.get(name, "")
    return int(found) if found.isdigit() else usual


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


_PROJECT = "/(?P<project>[^/]+)"
_PAIR = f"{_PROJECT}/disaster-recovery/(?P<id>[^/]+)"

OPERATIONS = (
    Operation("list", "GET", f"/v2{_PROJECT}/disaster-recoveries", _list),
    Operation("detail", "GET", f"/v2{_PAIR}", _on_pair(_detail)),
    Operation("progress", "GET", f"/v1{_PAIR}/show-progress", _on_pair(_progress)),
    *(Operation(kind, "POST", f"/v2{_PAIR}/{kind}", _on_pair(_order(kind))) for kind in ORDERS),
    Operation("clusters", "GET", rf"/v(?:1\.0|2){_PROJECT}/clusters", _clusters),
    Operation("cluster", "GET", rf"/v1\.0{_PROJECT}/clusters/(?P<id>[^/]+)", _cluster),
    Operation("events", "GET", f"/v2{_PROJECT}/events", _events),
    Operation("token", "POST", "/v3/auth/tokens", _token, needs_identity=False),
)
