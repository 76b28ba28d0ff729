"""Gathers what the gates need, side by side. What cannot be read is missing, never guessed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from handler.aws.telemetry import logger
from handler.dws.client import Dws, Unreadable
from handler.dws.side_by_side import Read
from handler.errors import Conflict
from handler.failover.ports import Ports
from handler.gates.witnesses import counted_anew, remember_outage
from handler.model.disaster_recovery import DisasterRecovery, Roles
from handler.model.evidence import Evidence, Fault, Situation
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord
from handler.model.signals import Trigger

WITHIN_S: Final = 8.0  # for the slowest read; a probe that fails twice takes up to 6 s
Listed = DisasterRecovery | Unreadable  # a pair's item in the list, or why there is none


def situation_of(
    ports: Ports,
    pair: Pair,
    trigger: Trigger,
    record: PairRecord,
    *,
    note: bool = True,
    seen: Evidence | None = None,
    fleet: Fleet | None = None,
) -> Situation:
    """Read the evidence, and note when it says that production is down.

    Args:
        ports: what it is read with.
        pair: whose evidence.
        trigger: who asks.
        record: as read.
        note: whether what is seen of an outage is stored.
        seen: the evidence, if it has just been read.
        fleet: the brakes over all pairs, if they have just been read.
    """
    evidence = seen or read_evidence(ports, pair, record)
    before = counted_anew(record.observations, record.incident)
    observations = remember_outage(before, evidence)
    if note and observations != record.observations:
        try:
            ports.ledger.save_observations(pair.disaster_recovery_id, observations)
        except Conflict:
            logger.info("observations were noted by someone else", pair=pair.name)
    return Situation(
        now=ports.clock(),
        pair=pair,
        evidence=evidence,
        pair_state=record.pair_state,
        observations=observations,
        fleet=fleet or ports.ledger.fleet(),
        run=record.run,
        held=record.held,
        trigger=trigger,
        max_failovers_per_hour=ports.max_failovers_per_hour,
    )


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
    dws = ports.connect(pair)
    # By itself and first: bad credentials are told as that, not as a provider that cannot be read.
    dws.check_credentials()
    read_at, id_ = ports.clock(), pair.disaster_recovery_id
    reads: dict[str, Read] = {"detail": lambda: dws.detail(id_, WITHIN_S)}
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
    return _evidence(read_at, roles, results)


def _evidence(read_at: datetime, roles: Roles | None, results: Mapping[str, Any]) -> Evidence:
    usable = {name: got for name, got in results.items() if not isinstance(got, Unreadable)}
    return Evidence(
        read_at=read_at,
        production_id=roles.production_cluster_id if roles else None,
        detail=usable.get("detail"),
        item=usable.get("list"),
        production=usable.get("production"),
        standby=usable.get("standby"),
        probe=usable.get("probe"),
        faults={name: _fault(got) for name, got in results.items() if name not in usable},
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
    raise Unreadable("not_found", "the list does not show this pair", is_transient=False)


def _roles_shown(results: Mapping[str, Any]) -> Roles | None:
    shown = (results["detail"], results["list"])
    return next((one.roles for one in shown if isinstance(one, DisasterRecovery)), None)


def _fault(err: Unreadable) -> Fault:
    return Fault(err.code, str(err), err.is_transient)
