"""Reconcile's turn at one pair: look, learn, tell what is new, pursue or end its incident.

Looking only reads: it is done in threads, side by side, and may be given up. All that changes
something is done by the invocation's own thread.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.aws.telemetry import logger, of_story, put
from handler.commands.reconcile.endings import (
    end_late,
    end_or_tell_blocked,
    end_silently,
    end_up,
    is_over_with,
    is_up,
)
from handler.commands.reconcile.finding import Finding
from handler.commands.reconcile.findings import (
    findings,
    remember_lone_witness,
    remember_new_production,
    remember_odd_roles,
    remember_old_production,
)
from handler.commands.reconcile.introduction import introduce
from handler.commands.reconcile.learn import learn, remember_observations, remember_ups
from handler.commands.reconcile.look import Seen, look_closely
from handler.commands.reconcile.measured import measured
from handler.commands.reconcile.misconfigured import remember_faults
from handler.commands.reconcile.overtaken import is_overtaken
from handler.commands.reconcile.readiness import remember_readiness
from handler.commands.reconcile.sight import remember_sight
from handler.commands.reconcile.time_over import over_since
from handler.commands.reconcile.watch import calls_for_watch
from handler.errors import Conflict, InvalidSettings, LedgerUnavailable
from handler.failover.attempt import trigger_of
from handler.failover.claim import check_claim
from handler.failover.follow import settle_run
from handler.failover.gather import situation_of
from handler.failover.heard import with_waiting
from handler.failover.incidents import new_incident
from handler.failover.next_look import with_next_look
from handler.failover.noted import note_outage
from handler.failover.ports import Ports
from handler.failover.pursue import pursue_incident
from handler.failover.results import about, about_run
from handler.gates.assess import Assessment, assess
from handler.gates.witnesses import is_newer, remember_outage
from handler.model.evidence import Evidence, Situation
from handler.model.incident import WATCH
from handler.model.notice import Notice
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Trigger
from handler.model.times import isoformat

TRIGGER: Final = Trigger(kind="command", name="reconcile", is_confirmed=True)


def judge(
    ports: Ports,
    pair: Pair,
    record: PairRecord,
    seen: Seen,
    fleet: Callable[[], Fleet] | None = None,
) -> Result:
    """Store and tell what a look has shown, and open a watch where the witnesses agree.

    Raises:
        FailoverError: it cannot be stored.
    """
    read_fleet = fleet or ports.ledger.fleet
    if not seen.is_close:
        return _remember(ports, pair, record, seen.evidence, read_fleet)
    brakes = read_fleet()
    # All that a claim would read, older runs as well: what reads ready can be claimed.
    record = ports.ledger.read(pair.disaster_recovery_id)
    if is_overtaken(record, seen.evidence, ports.clock()):
        return _set_aside(ports, pair, record, seen.evidence)
    result, observations = _learn(ports, pair, record, seen, brakes)
    record = replace(record, observations=observations)
    if record.pair_state.has_muted or record.open_incident:
        return result
    if not calls_for_watch(record, seen.evidence, observations):
        return result
    return _open_watch(ports, pair, record, observations) or result


def pursue(ports: Ports, pair: Pair) -> Result:
    """Look at a pair closely, then pursue its incident or end it.

    Raises:
        FailoverError: it cannot be looked at or stored.
    """
    record = ports.ledger.read(pair.disaster_recovery_id)
    try:
        return _pursue(ports, pair, with_waiting(ports, pair, record))
    except (InvalidSettings, LedgerUnavailable) as err:
        return end_or_tell_blocked(ports, pair, record, err)


def _pursue(ports: Ports, pair: Pair, record: PairRecord) -> Result:
    learned = _learn_of_now(ports, pair, look_closely(ports, pair, record))
    record = ports.ledger.read(pair.disaster_recovery_id)
    incident = record.open_incident
    if incident is None or record.in_flight:
        return learned
    if is_over_with(record.run, incident):
        return end_silently(ports, pair, incident, record) or learned
    if is_up(record.observations, incident):
        return end_up(ports, pair, incident, record)
    if until := over_since(ports, pair, record):
        return end_late(ports, pair, incident, record, until)
    if any(incident.is_about(run) for run in record.held):
        return learned
    return with_next_look(ports, pursue_incident(ports, incident, pair, trigger_of(incident)))


def _learn_of_now(ports: Ports, pair: Pair, seen: Seen) -> Result:
    """Learn on top of what is stored by now: a run may have been claimed during the look."""
    record = ports.ledger.read(pair.disaster_recovery_id)
    if is_overtaken(record, seen.evidence, ports.clock()):
        return _set_aside(ports, pair, record, seen.evidence)
    learned, _ = _learn(ports, pair, record, seen, None)
    return learned


def _set_aside(ports: Ports, pair: Pair, record: PairRecord, look: Evidence) -> Result:
    """A look that was overtaken teaches nothing, but that production was not down then."""
    if is_newer(record.observations.looked_at, look.read_at):
        note_outage(ports, pair, look)
    return _learned(pair, record, record.pair_state, record.observations, look)


def _remember(
    ports: Ports,
    pair: Pair,
    record: PairRecord,
    glance: Evidence,
    read_fleet: Callable[[], Fleet],
) -> Result:
    """A pair whose item in the list is as expected: arm it, remember its probe."""
    observations = remember_outage(record.observations, glance)
    pair_state = learn(record.pair_state, observations, glance, record, glance.read_at)
    # That a look was made, and found all as it was, is not worth a write a minute.
    is_same = replace(observations, looked_at=record.observations.looked_at) == record.observations
    kept = record.observations if is_same else observations
    _save(ports, pair, record, glance, kept, pair_state)
    is_stopped = _is_stopped(read_fleet, glance.read_at)
    figures = measured(pair, record, pair_state, observations, glance, is_fleet_stopped=is_stopped)
    put("pair", pair.name, figures)
    return _learned(pair, record, pair_state, observations, glance)


def _is_stopped(read_fleet: Callable[[], Fleet], now: datetime) -> bool:
    """Whether the brakes over all pairs hold. No claim can be made while they cannot be read."""
    try:
        return read_fleet().is_paused(now)
    except LedgerUnavailable:
        return True


def _learn(
    ports: Ports, pair: Pair, record: PairRecord, seen: Seen, fleet: Fleet | None
) -> tuple[Result, Observations]:
    record = _settled_late(ports, record, seen)
    situation = situation_of(ports, pair, TRIGGER, record, seen=seen.evidence, fleet=fleet)
    observations = _remembered(situation, record)
    observations = remember_odd_roles(record, observations, seen.evidence, situation.now)
    observations = remember_old_production(record, observations, seen.evidence, seen.old_probe)
    observations = remember_new_production(record, observations, seen.evidence)
    pair_state = learn(record.pair_state, observations, seen.evidence, record, situation.now)
    assessment = assess(replace(situation, pair_state=pair_state, observations=observations))
    if assessment.is_ready:
        check_claim(ports, assessment)
    observations = remember_sight(observations, assessment)
    observations = remember_faults(record, observations, assessment)
    is_stopped = situation.fleet.is_paused(situation.now)
    figures = measured(
        pair, record, pair_state, observations, seen.evidence, is_fleet_stopped=is_stopped
    )
    put("pair", pair.name, figures)
    heard_since = ports.heard_since()
    observations, readiness = remember_readiness(record, observations, assessment, heard_since)
    observations, new = introduce(pair, record, observations, situation.now, heard_since)
    news = tuple(_notice(ports, one, pair, assessment) for one in (new, readiness) if one)
    if not _save(ports, pair, record, seen.evidence, observations, pair_state, news):
        # Since when something is so makes it news, and that has not been stored.
        return _learned(pair, record, pair_state, observations, seen.evidence), observations
    for finding in findings(pair, record, observations, assessment, seen.old_probe):
        told = _found(finding, pair, assessment)
        ports.outbox.notify(told, finding.once(heard_since), can_wait=True)
    _tell_unheard(ports, record, heard_since)
    return _learned(pair, record, pair_state, observations, seen.evidence), observations


def _tell_unheard(ports: Ports, record: PairRecord, heard_since: datetime | None) -> None:
    """What a run that still holds has come to, once somebody hears that nobody was told."""
    for run in record.held if heard_since else ():
        told_at = max(at for at in (run.claimed_at, run.ended_at, run.notified_at) if at)
        if heard_since and told_at < heard_since and not run.is_in_flight:
            once = f"{run.run_id}/heard-{isoformat(heard_since)}"
            ports.outbox.notify(about_run(run, Decision(run.state.value)), once, can_wait=True)


def _settled_late(ports: Ports, record: PairRecord, seen: Seen) -> PairRecord:
    """A run that has ended may still be taken up late by the provider."""
    for run in (*record.runs, *record.held):
        if run.run_id not in seen.runs:
            continue
        settled = settle_run(ports, run, seen.runs[run.run_id])
        if settled.transitions != run.transitions:
            return ports.ledger.read(run.disaster_recovery_id)
        runs = tuple(settled if one is run else one for one in record.runs)
        held = tuple(settled if one is run else one for one in record.held)
        return replace(record, runs=runs, held=held)
    return record


def _open_watch(
    ports: Ports, pair: Pair, record: PairRecord, observations: Observations
) -> Result | None:
    now, since = ports.clock(), observations.down_since
    trigger = Trigger(kind=WATCH, name="reconcile", occurred_at=since)
    incident = new_incident(pair, record, trigger, now)
    pair_state = ports.ledger.read(pair.disaster_recovery_id).pair_state
    try:
        ports.ledger.incidents.open(incident, pair_state)
    except Conflict:
        return None
    logger.info("incident opened", pair=pair.name, **of_story(incident.incident_id))
    why = "the witnesses agree that production is down: an incident is open"
    return about(pair, TRIGGER, incident).result(Decision.RECONCILED, Reason("watch", why))


def _notice(ports: Ports, finding: Finding, pair: Pair, assessment: Assessment) -> Notice:
    return ports.outbox.notice(_found(finding, pair, assessment), finding.dedup_key)


def _save(
    ports: Ports,
    pair: Pair,
    record: PairRecord,
    evidence: Evidence,
    observations: Observations,
    pair_state: PairState,
    news: tuple[Notice, ...] = (),
) -> bool:
    """Store what is new, with its news; what someone else has stored is seen in a minute.

    But not whether production is down: the other one may have looked before.
    """
    id_ = pair.disaster_recovery_id
    try:
        if observations != record.observations:
            ports.ledger.save_observations(id_, observations, news)
            for one in news:
                ports.outbox.publish(one)
        if pair_state != record.pair_state:
            ports.ledger.save_pair_state(id_, pair_state)
    except Conflict:
        logger.info("pair was changed by someone else", pair=pair.name)
        note_outage(ports, pair, evidence)
        return False
    return True


def _found(finding: Finding, pair: Pair, assessment: Assessment) -> Result:
    shown = assessment.situation.evidence.shown
    return about(pair, TRIGGER).result(
        Decision.RECONCILED,
        Reason(finding.code, finding.sentence),
        roles=shown.roles if shown else None,
        next_steps=finding.next_steps,
    )


def _remembered(situation: Situation, record: PairRecord) -> Observations:
    """All that a close look leaves behind."""
    evidence, observations = situation.evidence, situation.observations
    observations = remember_lone_witness(remember_observations(observations, evidence), evidence)
    # That the old production is up ends nothing once another cluster is production.
    incident = None if situation.is_exchanged else record.open_incident
    observations = remember_ups(observations, evidence, incident)
    return replace(
        observations,
        first_checked_at=observations.first_checked_at or situation.now,
        checked_at=situation.now,
        # An item of the list may have been read with another pair's credentials.
        unreadable_times=0 if evidence.detail else observations.unreadable_times + 1,
    )


def _learned(
    pair: Pair,
    record: PairRecord,
    pair_state: PairState,
    observations: Observations,
    evidence: Evidence,
) -> Result:
    shown, production = evidence.shown, evidence.production
    said = "; ".join([
        f"disaster recovery {shown.status if shown else 'unreadable'}",
        *([f"production {production.status}"] if production else []),
        "roles known" if pair_state.roles else f"roles not known yet: {observations.progress}",
        "armed" if pair_state.armed else _not_armed(pair_state, evidence),
        *([f"down since {isoformat(observations.down_since)}"] if observations.down_since else []),
    ])  # fmt: skip
    return about(pair, TRIGGER, record.open_incident).result(
        Decision.RECONCILED,
        Reason("armed" if pair_state.armed else "not_armed", said),
        roles=pair_state.roles,
    )


def _not_armed(pair_state: PairState, evidence: Evidence) -> str:
    """What a pair that is not armed waits for, once its roles are known."""
    if pair_state.roles is None:
        return "not armed yet"
    sync = evidence.shown.standby.last_sync if evidence.shown else None
    last = f", last one at {isoformat(sync)}" if sync else ""
    return f"not armed yet: waiting for the standby's next synchronisation{last}"
