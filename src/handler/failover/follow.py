"""Following a run to its proven end: look, settle, store, tell. There is one way, whoever asks."""

from typing import Any, Final

from handler.aws.telemetry import logger, of_story, put_spans
from handler.dws.client import Unreadable
from handler.dws.side_by_side import Read
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.gather import item_of
from handler.failover.ports import Ports
from handler.failover.remind import reminder
from handler.failover.results import about_run, reminded
from handler.failover.settle import Sighting, mark_overdue, settle
from handler.failover.spans import to_roles_exchanged
from handler.model.codec import from_plain
from handler.model.incident import Ending, LastIncident
from handler.model.pair import Pair
from handler.model.result import Decision
from handler.model.run import Run, RunState

WITHIN_S: Final = 6.0
_TRIES: Final = 3
_LONGEST_S: Final = 21_600  # the schema's own limit of `completion_deadline_s`


def follow(ports: Ports, run: Run) -> Run:
    """Look at the provider once, store what that means for the run, and tell what is new.

    Args:
        ports: what it is looked at with.
        run: as stored.

    Returns:
        the run as stored, by whomever.

    Raises:
        LedgerUnavailable: it cannot be stored.
    """
    return settle_run(ports, run, None if is_young(ports, run) else look_at(ports, run))


def is_young(ports: Ports, run: Run) -> bool:
    """Whether its own invocation may still be at it: then there is nothing to look at."""
    return settle(run, Sighting(ports.clock())).state is RunState.SUBMITTING


def look_at(ports: Ports, run: Run) -> Sighting:
    """Look at the provider once. Reads only: it may be done in a thread that is given up.

    Raises:
        LedgerUnavailable: the run does not say how.
    """
    at = ports.clock()
    results = ports.side_by_side(_reads(ports, run), WITHIN_S)
    usable: dict[str, Any] = {
        name: found for name, found in results.items() if not isinstance(found, Unreadable)
    }
    return Sighting(at, **usable)


def _reads(ports: Ports, run: Run) -> dict[str, Read]:
    id_, pair, production = run.disaster_recovery_id, pair_of(run), run.roles.production_cluster_id
    dws = ports.connect(pair)
    reads: dict[str, Read] = {
        "detail": lambda: dws.detail(id_, WITHIN_S),
        "item": lambda: item_of(dws.listed(WITHIN_S, id_), id_),
        "new_production": lambda: dws.cluster(run.roles.standby_cluster_id, WITHIN_S),
    }
    if run.is_in_flight:
        reads["events"] = lambda: dws.events(id_, WITHIN_S)
        reads["production"] = lambda: dws.cluster(production, WITHIN_S)
    if run.is_in_flight and (address := pair.probes.get(production)):
        reads["probe"] = lambda: ports.probe(address)
    return reads


def settle_run(ports: Ports, run: Run, seen: Sighting | None) -> Run:
    """Store and tell what a look means for a run.

    Raises:
        LedgerUnavailable: it cannot be stored.
    """
    if run.state is RunState.SUBMITTING:
        run = _store(ports, run, settle(run, Sighting(ports.clock())))
    if seen is None or run.state is RunState.SUBMITTING:
        return run
    return _store(ports, run, mark_overdue(settle(run, seen), seen.at, _deadline_s(run)))


def _store(ports: Ports, before: Run, run: Run) -> Run:
    """What has succeeded ends the incident that is open then: its outage is over."""
    for _ in range(_TRIES):
        # Nothing else is read: what is damaged of the pair must not keep its run open.
        id_, ends = run.disaster_recovery_id, _ends(before, run)
        last = ports.ledger.incidents.last(id_) if ends else None
        try:
            return _tell(ports, before, run, last)
        except Conflict:
            stored = ports.ledger.run(run.disaster_recovery_id, run.run_id)
            if stored is None or stored.revision != before.revision:
                ids = of_story(run.incident_id, run.run_id)
                logger.info("run was changed by someone else", **ids)
                return stored or before
    raise LedgerUnavailable(f"what run {run.run_id} has come to could not be stored")


def _tell(ports: Ports, before: Run, run: Run, last: LastIncident | None) -> Run:
    now = ports.clock()
    if run.transitions > before.transitions:
        result = about_run(run, Decision(run.state.value))
        incident = last.open if last else None
        ended = incident.ended(Ending.FAILED_OVER, now) if incident else None
        stored = ports.outbox.record_run(before, run, result, None, ended, last)[0]
        _note(stored)
        return stored
    if kind := reminder(run, now):
        run = run.told(kind, now)
        notice_id = f"{run.run_id}/{kind}-{run.notification_count}"
        return ports.outbox.record_run(before, run, reminded(run, kind), notice_id)[0]
    return ports.ledger.save_run(before, run) if run != before else run


def _note(run: Run) -> None:
    """A transition, in the log and in the figures."""
    said: dict[str, Any] = {"decision": run.state.value, "reason_code": run.reason_code}
    logger.info("settled", pair=run.pair, **said, **of_story(run.incident_id, run.run_id))
    if run.state is RunState.SUCCEEDED:
        put_spans(to_roles_exchanged(run))


def _deadline_s(run: Run) -> int:
    """After so long it is overdue; where its snapshot is damaged, after the longest there is."""
    deadline_s = run.configuration.get("completion_deadline_s")
    return deadline_s if isinstance(deadline_s, int) else _LONGEST_S


def pair_of(run: Run) -> Pair:
    """The pair as it was configured when the run was claimed.

    Raises:
        LedgerUnavailable: what is stored of it is none.
    """
    try:
        return from_plain(Pair, run.configuration)
    except (ValueError, TypeError) as err:
        why = f"run {run.run_id} does not say what it is of: {err}"
        raise LedgerUnavailable(why, is_damaged=True) from err


def _ends(before: Run, run: Run) -> bool:
    return run.state is RunState.SUCCEEDED and run.transitions > before.transitions
