"""How a pair stands: in its first line what a person must know first, then the facts.

No side effect. Whatever holds, an open incident and a pause come before readiness: a pair that is
held is not ready, whatever its gates say of themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from handler.errors import InvalidSettings
from handler.failover.attempt import trigger_of
from handler.failover.claim import check_claim
from handler.failover.gather import situation_of
from handler.failover.ports import Ports
from handler.failover.results import Subject, about, assessed, of_run
from handler.gates.assess import ABOUT_AN_OUTAGE, Assessment, GateResult, assess, last_sync
from handler.model.disaster_recovery import Roles
from handler.model.evidence import Situation
from handler.model.incident import Incident, next_try
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.printable import one_line
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.run import Run, RunState
from handler.model.signals import Command, Trigger
from handler.model.times import clock, isoformat, seconds
from handler.notifications.next_steps import (
    UNMUTE,
    correct_secret,
    hold_ends,
    next_steps_for,
    pauses,
    rehearse_command,
    remedy_for,
    resume_command,
    steps_of,
)

TRIGGER: Final = Trigger(kind="command", name="status", is_confirmed=True)
_LONGEST: Final = 4000  # characters: a person reads it, and an answer of many pairs must fit
_TOLD_BY_THEMSELVES: Final = ABOUT_AN_OUTAGE | {"pause", "hold"}
_NOBODY: Final = "nobody would be told: the notification topic has no confirmed subscription"
_SUBSCRIBE: Final = ("subscribe somebody to the notification topic, and confirm the mail",)
_GIVEN_UP: Final = ("all tries of this incident started nothing: mend what the last reason names",)


def status(ports: Ports, command: Command, pair: Pair) -> Result:
    """How a pair stands, for a confirmed command; in brief, by the ledger alone.

    Raises:
        LedgerUnavailable: it cannot be read.
    """
    record = ports.ledger.read(pair.disaster_recovery_id)
    if command.brief:
        return _brief(pair, record)
    try:
        assessment = assess(situation_of(ports, pair, TRIGGER, record, note=False))
    except InvalidSettings as err:
        return _unseen(pair, record, err)
    check_claim(ports, assessment)
    found = ports.subscriptions()
    return describe(record, assessment, is_heard=found is None or found.confirmed > 0)


def _unseen(pair: Pair, record: PairRecord, err: InvalidSettings) -> Result:
    """With bad credentials no more is known than what is stored."""
    said = [*(line for _, line in _of_ledger(record)), f"NOT READY because {err}"]
    steps = (step for run in record.held for step in steps_of(run))
    result = about(pair, TRIGGER, record.open_incident).result(
        Decision.STATUS,
        Reason("invalid_credentials", one_line("; ".join(said), _LONGEST)),
        next_steps=(*steps, *correct_secret(pair)),
    )
    return _of_run(result, record)


def describe(record: PairRecord, assessment: Assessment, *, is_heard: bool = True) -> Result:
    """What is stored of a pair and what was found of it, put so that one does not deny the other.

    Args:
        record: as read.
        assessment: of a confirmed command that overrides nothing.
        is_heard: whether somebody has confirmed a subscription to what is told.
    """
    pair = assessment.situation.pair
    headlines = [*_headlines(record, assessment, is_heard=is_heard)] or [("ready", "READY")]
    result = about(pair, TRIGGER, record.open_incident).result(
        Decision.STATUS,
        Reason(
            headlines[0][0],
            one_line(
                ". ".join([_first_line(pair, headlines), *_facts(assessment, record)]), _LONGEST
            ),
        ),
        next_steps=(*dict.fromkeys(_steps(record, assessment)), *(() if is_heard else _SUBSCRIBE)),
    )
    return _of_run(assessed(result, assessment), record)


def _brief(pair: Pair, record: PairRecord) -> Result:
    """What is stored of a pair's last run; the provider is not asked."""
    run = record.run
    said = [f"{pair.name} is in mode {pair.mode}", *(line for _, line in _of_ledger(record))]
    if run:
        said.append(f"last run {run.run_id}: {run.state}")
    subject = Subject(pair.name, pair.disaster_recovery_id)
    result = subject.result(Decision.STATUS, Reason("brief", "; ".join(said)))
    return replace(result, run_id=run.run_id) if run else result


def _first_line(pair: Pair, headlines: Iterable[tuple[str, str]]) -> str:
    means = "" if pair.mode == "automatic" else ": alarms order nothing"
    return "; ".join([*(line for _, line in headlines), f"mode {pair.mode}{means}"])


def _headlines(
    record: PairRecord, assessment: Assessment, *, is_heard: bool
) -> Iterator[tuple[str, str]]:
    """What makes a pair other than ready, by code, what matters most first."""
    yield from _of_ledger(record)
    for name, pause in pauses(assessment.situation).items():
        whose = "all pairs, " if name == "*" else ""
        by, why = quoted(pause.requested_by), quoted(pause.reason)
        yield "paused", f"PAUSED until {isoformat(pause.ends_at)} ({whose}by {by}: {why})"
    if muted := len(record.pair_state.muted):
        alarms = "1 alarm" if muted == 1 else f"{muted} alarms"
        yield "muted", f"MUTED: {alarms} in ALARM order{'s' * (muted == 1)} nothing"
    # Where a run holds, the gates say no more than what that run has done to the pair.
    because = "; ".join(f"{one.gate}: {one.reason}" for one in _not_ready(assessment))
    if because and not record.holding:
        yield "not_ready", f"NOT READY because {because}"
    if not is_heard:
        yield "nobody_to_tell", f"NOT READY because {_NOBODY}"


def _of_ledger(record: PairRecord) -> Iterator[tuple[str, str]]:
    if record.holding:
        yield "held", held_by(record.held, record.holding)
    if incident := record.open_incident:
        yield "incident", f"INCIDENT open since {isoformat(incident.opened_at)}"


def held_by(runs: Iterable[Run], holding: Iterable[str] = ()) -> str:
    """What holds a pair: these runs, and those of which no more than the id is known."""
    known = {run.run_id: _state(run) for run in runs}
    ids = sorted({*known, *holding})
    said = (f"run {id_} ({known.get(id_, 'not stored')})" for id_ in ids)
    return f"HELD by {', '.join(said)}"


def _state(run: Run) -> str:
    is_open = f"{run.state}, overdue" if run.overdue_at else run.state.value
    return is_open if run.is_in_flight else f"{run.state}, not acknowledged yet"


def _not_ready(assessment: Assessment) -> tuple[GateResult, ...]:
    """The refusals of which nothing else tells."""
    return tuple(one for one in assessment.refusing if one.gate not in _TOLD_BY_THEMSELVES)


def _facts(assessment: Assessment, record: PairRecord) -> Iterator[str]:
    situation = assessment.situation
    sync, incident, run = last_sync(situation), record.open_incident, record.run
    age = f"{seconds(situation.now - sync)} s old" if sync else "of unknown age"
    yield _roles(record)
    shown = situation.evidence.shown.roles if situation.evidence.shown else None
    if shown and shown != _roles_now(record):
        yield f"The provider shows {shown.production_cluster_id} as production"
    yield f"The standby's data is {age}"
    if incident and incident.decision:
        yield f"The incident's last decision: {incident.decision}: {incident.reason}"
    if run:
        yield f"Last run {run.run_id}: {run.state}"


def _roles(record: PairRecord) -> str:
    run, roles = _proved(record), _roles_now(record)
    if roles is None:
        return "The roles are not known yet"
    since = f" since run {run.run_id} (not acknowledged yet)" if run else ""
    return f"Production is {roles.production_cluster_id}, standby {roles.standby_cluster_id}{since}"


def _roles_now(record: PairRecord) -> Roles | None:
    """Who is production by now: a failover that is proved is a fact, acknowledged or not."""
    run = _proved(record)
    return run.roles.exchanged if run else record.pair_state.roles


def _proved(record: PairRecord) -> Run | None:
    """The run that made the present roles, if no person has acknowledged it yet."""
    expected = record.pair_state.roles
    proved = (run for run in record.held if run.state is RunState.SUCCEEDED)
    return next((one for one in proved if expected in (one.roles, one.roles.exchanged)), None)


def _of_run(result: Result, record: PairRecord) -> Result:
    """The last run's figures belong here only while it is not over: later ones are of today."""
    run, incident = record.run, record.open_incident
    if run is None:
        return result
    found = of_run(result, run) if run.holds_pair else replace(result, run_id=run.run_id)
    return replace(found, incident_id=incident.incident_id) if incident else found


def _steps(record: PairRecord, assessment: Assessment) -> Iterator[str]:
    """What a person has to do, if anything."""
    situation = assessment.situation
    if record.holding:
        yield from hold_ends(situation)
    for name, pause in pauses(situation).items():
        yield from resume_command(name, pause)
    if record.pair_state.muted:
        yield UNMUTE
    if record.holding:
        return
    if incident := record.open_incident:
        yield from _of_incident(incident, record, situation)
        return
    for verdict in _not_ready(assessment):
        yield from remedy_for(verdict, situation)


def _of_incident(incident: Incident, record: PairRecord, situation: Situation) -> Steps:
    """As its refusal says it: the order, unless it is given without a person."""
    assessment = assess(replace(situation, trigger=trigger_of(incident)))
    if record.run and incident.is_about(record.run) and record.run.never_started:
        due = next_try(incident, record.runs)
        if due is None:
            return (*_GIVEN_UP, *rehearse_command(situation.pair.name))
        return (f"nothing: it is tried again by itself at {clock(due)}, if every gate passes",)
    if assessment.may_act:
        return ("nothing: it is failed over by itself in the next minute if nothing changes",)
    return next_steps_for(assessment)
