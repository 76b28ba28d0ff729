"""Gathers what the gates need, side by side. What cannot be read is missing, never guessed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from handler.dws.client import Dws, Unreadable
from handler.dws.side_by_side import Read
from handler.errors import LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.unsettled import unsettled
from handler.gates.witnesses import counted_anew, remember_outage
from handler.model.disaster_recovery import DisasterRecovery, Roles
from handler.model.evidence import Cause, Evidence, Fault, Situation
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Observations, PairRecord
from handler.model.signals import Trigger

WITHIN_S: Final = 8.0  # for the slowest read; a probe that fails twice takes up to 6 s
_FLEET: Final = "fleet"
Listed = DisasterRecovery | Unreadable  # a pair's item in the list, or why there is none


def situation_of(
    ports: Ports,
    pair: Pair,
    trigger: Trigger,
    record: PairRecord,
    *,
    seen: Evidence | None = None,
    fleet: Fleet | None = None,
    observed: Observations | None = None,
) -> Situation:
    """Read the evidence, and since when it says that production is down; nothing is stored.

    Nothing rests on when the brakes are read: a claim is void if they have changed since. So they
    are read beside the evidence.

    Args:
        ports: what it is read with.
        pair: whose evidence.
        trigger: who asks.
        record: as read.
        seen: the evidence, if it has just been read.
        fleet: the brakes over all pairs, if they have just been read.
        observed: what this invocation has seen of the outage before, which is stored later.

    Raises:
        InvalidSettings, LedgerUnavailable: as `read_evidence`; the brakes cannot be read.
    """
    if seen is None:
        brakes: dict[str, Read] = {} if fleet else {_FLEET: ports.ledger.fleet}
        seen, results = _read_beside(ports, pair, record, brakes)
        fleet = fleet or _fleet_in(results)
    before = counted_anew(_newest(record.observations, observed), record.incident)
    now = ports.clock()
    return Situation(
        now=now,
        pair=pair,
        evidence=seen,
        pair_state=record.pair_state,
        observations=remember_outage(before, seen),
        fleet=fleet or ports.ledger.fleet(),
        run=record.run,
        held=record.held,
        unsettled=unsettled(record, now),
        trigger=trigger,
        max_failovers_per_hour=ports.max_failovers_per_hour,
    )


def _newest(stored: Observations, observed: Observations | None) -> Observations:
    """The outage goes on counting from the first look, unless somebody has stored another since."""
    return observed if observed and observed.revision == stored.revision else stored


def read_evidence(
    ports: Ports, pair: Pair, record: PairRecord, listed: Listed | None = None
) -> Evidence:
    """Read detail, list, both lifecycles and the probe; it changes nothing.

    Where the roles are not known yet, the provider's own order of the two clusters is taken.

    Args:
        ports: what it is read with.
        pair: whose evidence.
        record: says which cluster is production.
        listed: what the list has just shown, if it need not be read again.

    Raises:
        InvalidSettings, LedgerUnavailable: the pair's credentials are bad, or cannot be read.
    """
    evidence, _ = _read_beside(ports, pair, record, {}, listed)
    return evidence


def _read_beside(
    ports: Ports,
    pair: Pair,
    record: PairRecord,
    others: Mapping[str, Read],
    listed: Listed | None = None,
) -> tuple[Evidence, Mapping[str, Any]]:
    """The evidence, and what the others that were read beside it have given."""
    dws = ports.connect(pair)
    # By itself and first: bad credentials are told as that, not as a provider that cannot be read.
    dws.check_credentials()
    read_at, id_ = ports.clock(), pair.disaster_recovery_id
    reads: dict[str, Read] = {**others, "detail": lambda: dws.detail(id_, WITHIN_S)}
    results: dict[str, Any] = {}
    if listed is None:
        reads["list"] = lambda: item_of(dws.listed(WITHIN_S, id_), id_)
    else:
        results["list"] = listed
    roles = record.pair_state.roles
    if roles is None:
        results.update(ports.side_by_side(reads, WITHIN_S))
        reads, roles = {}, _roles_shown(results)
    if roles is not None:
        reads |= _cluster_reads(ports, pair, roles, dws)
    results.update(ports.side_by_side(reads, WITHIN_S))
    given = {name: results.pop(name) for name in others}
    return _evidence(pair, read_at, roles, results), given


def reads_of(record: PairRecord) -> int:
    """How many reads of the provider begin at once: the clusters wait until they are known."""
    return 4 if record.pair_state.roles else 2


def _fleet_in(results: Mapping[str, Any]) -> Fleet:
    fleet = results[_FLEET]
    if not isinstance(fleet, Fleet):
        raise LedgerUnavailable(f"the brakes over all pairs cannot be read: {fleet}")
    return fleet


def _evidence(
    pair: Pair, read_at: datetime, roles: Roles | None, results: Mapping[str, Any]
) -> Evidence:
    production_id = roles.production_cluster_id if roles else None
    usable = {name: got for name, got in results.items() if not isinstance(got, Unreadable)}
    return Evidence(
        read_at=read_at,
        production_id=production_id,
        detail=usable.get("detail"),
        item=usable.get("list"),
        production=usable.get("production"),
        standby=usable.get("standby"),
        probe=usable.get("probe"),
        faults={name: _fault(got) for name, got in results.items() if name not in usable},
        probe_address=pair.probes.get(production_id or ""),
    )


def _cluster_reads(ports: Ports, pair: Pair, roles: Roles, dws: Dws) -> dict[str, Read]:
    reads: dict[str, Read] = {
        "production": lambda: dws.cluster(roles.production_cluster_id, WITHIN_S),
        "standby": lambda: dws.cluster(roles.standby_cluster_id, WITHIN_S),
    }
    if address := pair.probes.get(roles.production_cluster_id):
        reads["probe"] = lambda: ports.probe(address)
    return reads


def item_of(listed: Iterable[DisasterRecovery], disaster_recovery_id: str) -> DisasterRecovery:
    """The item of one pair.

    Raises:
        Unreadable: there is none.
    """
    shown = [item for item in listed if item.id == disaster_recovery_id]
    # Of two items of one pair, the one that says that it is switching is the one to heed.
    shown.sort(key=lambda item: not item.is_switching)
    if shown:
        return shown[0]
    why = "the list does not show this pair"
    raise Unreadable("not_found", why, is_transient=False, cause=Cause.NOT_LISTED)


def _roles_shown(results: Mapping[str, Any]) -> Roles | None:
    shown = (results["detail"], results["list"])
    return next((one.roles for one in shown if isinstance(one, DisasterRecovery)), None)


def _fault(err: Unreadable) -> Fault:
    return Fault(err.code, str(err), err.is_transient, err.cause)
