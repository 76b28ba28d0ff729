"""How a pair stands: in its first line what a person must know first, then the facts.

No side effect. Whatever holds, an open incident and a pause come before readiness: a pair that is
held is not ready, whatever its gates say of themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from handler.commands.stored import (
    brief_status,
    mode_of,
    new_is_down,
    of_mutes,
    of_old_production,
    of_open_items,
    paused,
)
from handler.errors import InvalidSettings
from handler.failover.attempt import trigger_of
from handler.failover.claim import check_claim
from handler.failover.gather import situation_of
from handler.failover.ports import Ports
from handler.failover.results import about, assessed, of_run
from handler.failover.settle import new_production_down
from handler.gates.assess import Assessment, assess, last_sync
from handler.model.evidence import Situation
from handler.model.incident import Incident, next_try
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.printable import one_line
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.signals import Command, Trigger
from handler.model.times import clock, seconds
from handler.notifications.diagnosis import diagnose, diagnose_part
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
        return brief_status(pair, record, ports.ledger.fleet(), ports.clock())
    try:
        assessment = assess(situation_of(ports, pair, TRIGGER, record))
    except InvalidSettings as err:
        return _unseen(pair, record, err)
    check_claim(ports, assessment)
    found = ports.subscriptions()
    return describe(record, assessment, is_heard=found is None or found.confirmed > 0)


def _unseen(pair: Pair, record: PairRecord, err: InvalidSettings) -> Result:
    """With bad credentials no more is known than what is stored."""
    said = [*(line for _, line in of_open_items(record)), f"NOT READY because {err}"]
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
    found = assessed(result, assessment)
    return _of_run(found, record)


def _first_line(pair: Pair, headlines: Iterable[tuple[str, str]]) -> str:
    return "; ".join([*(line for _, line in headlines), mode_of(pair)])


def _headlines(
    record: PairRecord, assessment: Assessment, *, is_heard: bool
) -> Iterator[tuple[str, str]]:
    """What makes a pair other than ready, by code, what matters most first."""
    yield from of_old_production(record)
    if run := new_production_down(record, assessment.situation.evidence):
        yield "new_production_down", new_is_down(run)
    yield from of_open_items(record)
    if assessment.testimony.says_down and not (record.holding or record.open_incident):
        yield "down", f"PRODUCTION IS DOWN, say its witnesses: {assessment.testimony.sentence}"
    for name, pause in pauses(assessment.situation).items():
        yield paused(pause, "all pairs, " if name == "*" else "")
    yield from of_mutes(record)
    # Where a run holds, the gates say no more than what that run has done to the pair.
    because = _because(assessment)
    if because and not record.holding:
        yield "not_ready", f"NOT READY because {because}"
    if not is_heard:
        yield "nobody_to_tell", f"NOT READY because {_NOBODY}"


def _because(assessment: Assessment) -> str:
    """Why a pair is not ready: where nothing can be read, that, and none of the gates."""
    situation = assessment.situation
    if unread := diagnose(situation.pair, situation.evidence):
        return unread.sentence
    gates = [f"{one.gate}: {one.reason}" for one in assessment.unready]
    part = diagnose_part(situation.pair, situation.evidence) if gates else None
    return "; ".join([*([part.sentence] if part else []), *gates])


def _facts(assessment: Assessment, record: PairRecord) -> Iterator[str]:
    situation = assessment.situation
    sync, incident, run = last_sync(situation), record.open_incident, record.run
    age = f"{seconds(situation.now - sync)} s old" if sync else "of unknown age"
    yield _roles(record)
    shown = situation.evidence.shown.roles if situation.evidence.shown else None
    if shown and shown != record.roles_now:
        yield f"The provider shows {shown.production_cluster_id} as production"
    yield f"The standby's data is {age}"
    if incident and incident.decision:
        why = (incident.reason or "").rstrip(".")  # a full stop follows each fact
        yield f"The incident's last decision: {incident.decision}: {why}"
    if run:
        yield f"Last run {run.run_id}: {run.state}"


def _roles(record: PairRecord) -> str:
    run, roles = record.proved, record.roles_now
    if roles is None:
        return f"The roles are not known yet: {record.observations.progress}"
    since = f" since run {run.run_id} (not acknowledged yet)" if run else ""
    return f"Production is {roles.production_cluster_id}, standby {roles.standby_cluster_id}{since}"


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
    if record.pair_state.has_muted:
        yield UNMUTE
    if record.holding:
        return
    if incident := record.open_incident:
        yield from _of_incident(incident, record, situation)
        return
    if unread := diagnose(situation.pair, situation.evidence):
        yield from unread.next_steps
        return
    for verdict in assessment.unready:
        yield from remedy_for(verdict, situation)


def _of_incident(incident: Incident, record: PairRecord, situation: Situation) -> Steps:
    """As its refusal says it: the order, unless it is given without a person."""
    assessment = assess(replace(situation, trigger=trigger_of(incident)))
    if record.run and incident.is_about(record.run) and record.run.never_started:
        due = next_try(incident, record.runs)
        if due is None:
            return (*_GIVEN_UP, *rehearse_command(situation.pair.name))
        return (
            f"nothing to do: it is tried again by itself at {clock(due)}, if every gate passes",
        )
    if assessment.may_act:
        return ("nothing to do: it is failed over in the next minute if nothing changes",)
    return next_steps_for(assessment)
