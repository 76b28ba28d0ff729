"""A look at one pair, which only reads: it may be done in a thread that is given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handler.commands.reconcile.watch import needs_closer_look
from handler.dws.client import Unreadable
from handler.failover.follow import look_at
from handler.failover.gather import Listed, read_evidence
from handler.failover.ports import Ports
from handler.failover.settle import Sighting, watched
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.evidence import Evidence
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.run import RunState


@dataclass(frozen=True)
class Seen:
    """What a look at a pair showed; `runs` what it means for those that may be executed late."""

    evidence: Evidence
    is_close: bool = False
    runs: Mapping[str, Sighting] = field(default_factory=dict)
    old_probe: bool | None = None


def look(ports: Ports, pair: Pair, record: PairRecord, listed: Listed) -> Seen:
    """Look at a pair, closely where its item in the list is not enough.

    Raises:
        FailoverError: it cannot be looked at.
    """
    glance = _glance(ports, pair, record, listed)
    if not needs_closer_look(record, glance):
        return Seen(glance)
    return look_closely(ports, pair, record, listed)


def look_closely(
    ports: Ports, pair: Pair, record: PairRecord, listed: Listed | None = None
) -> Seen:
    """Read all that there is to be seen of a pair.

    Raises:
        FailoverError: it cannot be looked at.
    """
    runs = {run.run_id: look_at(ports, run) for run in watched(record, ports.clock())}
    evidence = read_evidence(ports, pair, record, listed)
    return Seen(evidence, True, runs, _probe_old(ports, pair, record, evidence))  # noqa: FBT003


def _glance(ports: Ports, pair: Pair, record: PairRecord, listed: Listed) -> Evidence:
    item = listed if isinstance(listed, DisasterRecovery) else None
    roles = record.pair_state.roles
    production_id = roles.production_cluster_id if roles else None
    address = pair.probes.get(production_id or "")
    probe = _ask(ports, address) if address else None
    return Evidence(
        ports.clock(), production_id, detail=item, item=item, probe=probe, probe_address=address
    )


def _ask(ports: Ports, address: str) -> bool | None:
    try:
        return ports.probe(address)
    except Unreadable:
        return None


def _probe_old(ports: Ports, pair: Pair, record: PairRecord, evidence: Evidence) -> bool | None:
    """Whether what was production until the last failover can be reached again."""
    run = record.run
    if run is None or run.state is not RunState.SUCCEEDED:
        return None
    old = run.roles.production_cluster_id
    if evidence.production_id == old:
        return evidence.probe
    address = pair.probes.get(old)
    return _ask(ports, address) if address else None
