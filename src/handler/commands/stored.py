"""How a pair stands by the table alone, what matters most first: the provider is not asked.

What reconcile saw last is in there, so that a short answer never looks healthy in an outage.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.failover.results import Subject
from handler.gates.witnesses import down_of_now
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord, Pause
from handler.model.printable import one_line
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.sight import UNSEEN_AFTER
from handler.model.times import isoformat

_LONGEST: Final = 400  # characters of what was in the way: many pairs must fit one answer


def brief_status(pair: Pair, record: PairRecord, fleet: Fleet, now: datetime) -> Result:
    """What is stored of a pair, in short."""
    headlines = [*_headlines(record, fleet, now)]
    run, armed = record.run, "armed" if record.pair_state.armed else "not armed"
    said = [
        *(line for _, line in headlines or [("brief", "nothing is open")]),
        *([f"last run {run.run_id}: {run.state}"] if run else []),
        armed,
        mode_of(pair),
    ]
    code = headlines[0][0] if headlines else "brief"
    subject = Subject(pair.name, pair.disaster_recovery_id)
    result = subject.result(Decision.STATUS, Reason(code, "; ".join(said)))
    return replace(result, run_id=run.run_id) if run else result


def mode_of(pair: Pair) -> str:
    """The mode, and what it means for alarms."""
    means = "" if pair.mode == "automatic" else ": alarms order nothing"
    return f"mode {pair.mode}{means}"


def of_open_items(record: PairRecord) -> Iterator[tuple[str, str]]:
    """A run that holds, an incident that is open: by code, each with its line."""
    if record.holding:
        yield "held", held_by(record.held, record.holding)
    if incident := record.open_incident:
        yield "incident", incident_open(incident)


def new_is_down(run: Run) -> str:
    """That what a failover has made production is down as well."""
    return f"THE NEW PRODUCTION {run.roles.standby_cluster_id} IS DOWN"


def incident_open(incident: Incident) -> str:
    """That an incident is open, and since when."""
    return f"INCIDENT open since {isoformat(incident.opened_at)}"


def of_mutes(record: PairRecord) -> Iterator[tuple[str, str]]:
    """The alarms that are in ALARM and muted."""
    if record.pair_state.has_muted:
        yield "muted", f"MUTED: {record.pair_state.mutes_sentence}"


def paused(pause: Pause, whose: str = "") -> tuple[str, str]:
    """A pause, with who has set it and why."""
    by, why = quoted(pause.requested_by), quoted(pause.reason)
    return "paused", f"PAUSED until {isoformat(pause.ends_at)} ({whose}by {by}: {why})"


def held_by(runs: Iterable[Run], holding: Iterable[str] = ()) -> str:
    """What holds a pair: these runs, and those of which no more than the id is known."""
    known = {run.run_id: _state(run) for run in runs}
    ids = sorted({*known, *holding})
    said = (f"run {id_} ({known.get(id_, 'not stored')})" for id_ in ids)
    return f"HELD by {', '.join(said)}"


def _state(run: Run) -> str:
    is_open = f"{run.state}, overdue" if run.overdue_at else run.state.value
    return is_open if run.is_in_flight else f"{run.state}, not acknowledged yet"


def of_old_production(record: PairRecord) -> Iterator[tuple[str, str]]:
    """That two writers are possible, which comes before everything else."""
    if since := record.observations.old_back_since:
        why = f"the old production answers again since {isoformat(since)}: cut it off"
        yield "old_production_back", f"TWO WRITERS POSSIBLE: {why}"


def _headlines(record: PairRecord, fleet: Fleet, now: datetime) -> Iterator[tuple[str, str]]:
    yield from of_old_production(record)
    if run := record.lost_again:
        yield "new_production_down", new_is_down(run)
    yield from of_open_items(record)
    yield from _of_witnesses(record, now)
    for pause, whose in ((record.pair_state.pause, ""), (fleet.pause, "all pairs, ")):
        if pause and pause.holds(now):
            yield paused(pause, whose)
    yield from of_mutes(record)
    # As long as a run holds, not being ready says no more than what that run has done to the pair.
    if not record.holding:
        yield from _of_checks(record, now)


def _of_checks(record: PairRecord, now: datetime) -> Iterator[tuple[str, str]]:
    """What the last full check found; one that is long ago says nothing of now.

    A pair that cannot be looked at at all, for its secret is gone, leaves no check behind.
    """
    observations, checked_at = record.observations, record.observations.checked_at
    if checked_at is None:
        yield "not_checked", "NOT CHECKED YET"
    elif now - checked_at > UNSEEN_AFTER:
        yield "not_checked", f"NOT CHECKED since {isoformat(checked_at)}: ask without brief"
    sight, is_armed = observations.sight, record.pair_state.armed
    refusing = sight.still_refusing(is_armed=is_armed) if sight else ()
    because = [f"{one.gate}: {one.reason}" for one in refusing]
    if because or observations.is_ready is False:
        why = one_line("; ".join(because), _LONGEST)
        yield "not_ready", f"NOT READY when it was last checked{f' ({why})' if why else ''}"


def _of_witnesses(record: PairRecord, now: datetime) -> Iterator[tuple[str, str]]:
    """What the last checks heard, as long as that is of now.

    After a proved failover they speak of the old production, until others are expected.
    """
    observations, is_old = record.observations, record.expects_old_production
    if since := down_of_now(observations, now):
        down = "old production down" if is_old else "PRODUCTION IS DOWN"
        yield "down", f"{down}, say its witnesses, since {isoformat(since)}"
    elif observations.lone_witness_since:
        one, old = ("one witness", "the old ") if is_old else ("ONE WITNESS", "")
        at = isoformat(observations.lone_witness_since)
        yield "lone_witness", f"{one} says since {at} that {old}production is down"
