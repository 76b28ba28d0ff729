"""The runs that are in flight, settled by what their pairs show now."""

import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from handler.dws.client import Unreadable
from handler.errors import Conflict, FailoverError
from handler.failover.follow import is_young, look_at, pair_of, settle_run
from handler.failover.guard import attempted, found
from handler.failover.ports import Ports
from handler.failover.results import about_run
from handler.failover.settle import Sighting
from handler.gates.witnesses import remember_outage
from handler.model.pair_state import OpenItems
from handler.model.result import Result
from handler.model.run import Run

_RUNS_WITHIN_S: Final = 20.0  # of reconcile's minute: the pairs have to be looked at as well


def follow_open_runs(ports: Ports, work: tuple[OpenItems, ...]) -> Iterator[Result]:
    """Settle the runs that are in flight."""
    runs = {
        run_id: run
        for one in work
        for run_id in sorted(one.runs)
        if (run := _open_run(ports, one.disaster_recovery_id, run_id))
    }
    reads = {id_: attempted(partial(_sighting, ports, run)) for id_, run in runs.items()}
    seen = ports.side_by_side(reads, _RUNS_WITHIN_S)
    for run_id, run in runs.items():
        turn = partial(_settle, ports, run, seen[run_id])
        if result := ports.guard.turn("run not followed", run.pair, turn):
            yield result
        if isinstance(sighting := seen[run_id], Sighting):
            count = partial(_count_on, ports, run, sighting)
            ports.guard.turn("outage not counted", run.pair, count)


def _count_on(ports: Ports, run: Run, seen: Sighting) -> None:
    """An outage goes on beside its run: else it would begin anew once that is closed.

    Nobody else looks at the pair meanwhile.
    """
    before = ports.ledger.read(run.disaster_recovery_id).observations
    address = pair_of(run).probes.get(run.roles.production_cluster_id)
    after = remember_outage(before, seen.evidence(run, address))
    with contextlib.suppress(Conflict):  # somebody else has noted it
        if after != before:
            ports.ledger.save_observations(run.disaster_recovery_id, after)


def _open_run(ports: Ports, disaster_recovery_id: str, run_id: str) -> Run | None:
    read = partial(ports.ledger.run, disaster_recovery_id, run_id)
    return ports.guard.turn("run not read", disaster_recovery_id, read)


def _sighting(ports: Ports, run: Run) -> Sighting | None:
    return None if is_young(ports, run) else look_at(ports, run)


def _settle(ports: Ports, run: Run, seen: Any) -> Result:
    """One that could not be looked at is open all the same: people hear of it again."""
    try:
        sighting = found(seen)
    except FailoverError:
        sighting = None
    if isinstance(sighting, Unreadable) or (sighting is None and not is_young(ports, run)):
        sighting = Sighting(ports.clock())
    return about_run(settle_run(ports, run, sighting))
