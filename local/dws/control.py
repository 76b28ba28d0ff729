"""The control API under /_emulator: everything the Python surface can do, for everyone else.

It has no authentication, for it listens on loopback and rules over nothing real. `GET /_emulator`
lists all of it from the table of routes below.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from local.dws import shown
from local.dws.cluster import Cluster
from local.dws.faults import Fault
from local.dws.identity import Credentials
from local.dws.pair import RELATION_FIELDS, Pair, Relation
from local.dws.scenarios import SCENARIOS
from local.dws.shapes import BadInput, Mistake, describe, read, read_fields
from local.dws.stamps import zone_of
from local.dws.state import State
from local.dws.variants import Variants
from local.dws.wire import Answer, Request
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
CREDENTIAL_FIELDS = frozenset({"access_key", "secret_key", "security_token"})


@dataclass(frozen=True)
class ClockSetting:
    """What may be said to the clock."""

    now: datetime | None = None
    advance_s: float = 0
    is_frozen: bool | None = None


@dataclass(frozen=True)
class TokenSetting:
    """What may be said about tokens."""

    lifetime_s: float = 24 * 60 * 60


@dataclass(frozen=True)
class Route:
    """One thing to do; `fields` tells what its body may have."""

    method: str
    path: str
    does: str
    act: Callable[["Emulator", str, Any], Any]
    fields: dict[str, Any] | None = None


class Control:
    """Answers the control API for one emulator."""

    def __init__(self, emulator: "Emulator") -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Answer:
        """Do what is asked."""
        try:
            return Answer(200, _jsonable(self._act(request)))
        except BadInput as err:
            return Answer(400, {"errors": [asdict(mistake) for mistake in err.mistakes]})
        except KeyError as err:
            return Answer(404, {"errors": [{"path": request.path, "found": err.args[0]}]})

    def _act(self, request: Request) -> Any:
        path = request.path.removeprefix("/_emulator").rstrip("/")
        for route in ROUTES:
            found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", route.path), path)
            if found and route.method == request.method:
                named = found.group(1) if found.groups() else ""
                return route.act(self._emulator, named, _body(request))
        raise KeyError(f"no such route for {request.method}; GET /_emulator lists all")


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except ValueError as err:
        found = request.body[:100].decode(errors="replace")
        raise BadInput(Mistake("$", found, "JSON")) from err


def _index(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {
        "emulator": emulator.url,
        "routes": [
            {
                "request": f"{route.method} /_emulator{route.path}",
                "does": route.does,
                **({"fields": route.fields} if route.fields else {}),
            }
            for route in ROUTES
        ],
    }


def _journal(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {
        "calls": [call.to_json() for call in emulator.journal],
        "failover_posts": len(emulator.failover_posts),
    }


def _clear_journal(emulator: "Emulator", _name: str, _body: Any) -> Any:
    emulator.clear_journal()
    return _journal(emulator, "", None)


def _clock(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"now": emulator.clock.now(), "is_frozen": emulator.clock.is_frozen}


def _set_clock(emulator: "Emulator", _name: str, body: Any) -> Any:
    setting = read(ClockSetting, body)
    clock = emulator.clock
    if setting.now is not None:
        clock.set(setting.now)
    clock.advance(setting.advance_s)
    if setting.is_frozen is not None:
        (clock.freeze if setting.is_frozen else clock.unfreeze)()
    return _clock(emulator, "", None)


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


def _credentials(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"access_keys": emulator.access_keys}


def _put_credentials(emulator: "Emulator", _name: str, body: Any) -> Any:
    emulator.set_credentials(read(Credentials, body, only=CREDENTIAL_FIELDS))
    return _credentials(emulator, "", None)


def _set_tokens(emulator: "Emulator", _name: str, body: Any) -> Any:
    setting = read(TokenSetting, body)
    emulator.set_token_lifetime(setting.lifetime_s)
    return asdict(setting)


def _revoke_tokens(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"revoked": emulator.revoke_tokens()}


def _faults(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"faults": [asdict(entry) for entry in emulator.faults]}


def _add_fault(emulator: "Emulator", _name: str, body: Any) -> Any:
    return asdict(emulator.add_fault(read(Fault, body)))


def _clear_faults(emulator: "Emulator", fault_id: str, _body: Any) -> Any:
    if fault_id and not fault_id.isdigit():
        raise BadInput(Mistake("the path", fault_id, "a whole number"))
    emulator.clear_faults(int(fault_id) if fault_id else None)
    return _faults(emulator, "", None)


def _scenarios(_emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"scenarios": {name: scenario.says for name, scenario in SCENARIOS.items()}}


def _play(emulator: "Emulator", name: str, _body: Any) -> Any:
    emulator.scenario(name)
    return {"scenario": name, "says": SCENARIOS[name].says, **_pairs(emulator, "", None)}


def _reset(emulator: "Emulator", _name: str, _body: Any) -> Any:
    emulator.reset()
    return _pairs(emulator, "", None)


def _jsonable(found: Any) -> Any:
    return json.loads(json.dumps(found, default=str))


ROUTES = (
    Route("GET", "", "this list", _index),
    Route("GET", "/journal", "every call to the provider's API", _journal),
    Route("DELETE", "/journal", "forget the calls", _clear_journal),
    Route("GET", "/clock", "the emulator's time", _clock),
    Route("PUT", "/clock", "set, move, freeze", _set_clock, describe(ClockSetting)),
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
        "PATCH",
        "/clusters/{id}",
        "force fields",
        _patch_cluster,
        describe(Cluster, CLUSTER_FIELDS),
    ),
    Route("GET", "/credentials", "the access keys that are known", _credentials),
    Route(
        "PUT",
        "/credentials",
        "know an access key",
        _put_credentials,
        describe(Credentials, CREDENTIAL_FIELDS),
    ),
    Route("PUT", "/tokens", "lifetime of new tokens", _set_tokens, describe(TokenSetting)),
    Route("DELETE", "/tokens", "revoke all tokens", _revoke_tokens),
    Route("GET", "/faults", "the faults that are set", _faults),
    Route("POST", "/faults", "script a fault", _add_fault, describe(Fault)),
    Route("DELETE", "/faults", "take all faults out", _clear_faults),
    Route("DELETE", "/faults/{id}", "take one fault out", _clear_faults),
    Route("GET", "/scenarios", "ready-made situations, a sentence each", _scenarios),
    Route("POST", "/scenarios/{name}", "begin anew with a scenario", _play),
    Route("POST", "/reset", "begin anew: the ready pair, no fault, no call", _reset),
)
