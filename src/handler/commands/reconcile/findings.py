"""What a person should hear about a pair after a close look at it. Pure.

A lone witness, a returning production, roles that others changed, a mute that stops the watch, and
a configuration that cannot work.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.commands.reconcile.finding import Finding
from handler.commands.reconcile.misconfigured import misconfigured
from handler.commands.reconcile.watch import calls_for_watch
from handler.failover.settle import RolesSeen, Sighting, look, new_production_down, watched
from handler.gates.assess import Assessment
from handler.gates.witnesses import Word, hear
from handler.model.disaster_recovery import UP, Roles
from handler.model.evidence import Evidence
from handler.model.incident import REPEAT_NEWS_AFTER
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.quoting import word
from handler.model.result import Steps
from handler.model.run import Run, RunState
from handler.model.times import isoformat
from handler.notifications.next_steps import (
    UNMUTE,
    acknowledge_command,
    acknowledge_roles_command,
    decide_between,
    next_steps_for,
    rehearse_command,
)

LATE_PROOF: Final = timedelta(minutes=5)  # two looks thirty seconds apart, at most as late as this
_CUT_OFF: Final = "cut it off from clients at once, then decide what to keep of it"


def remember_lone_witness(observations: Observations, evidence: Evidence) -> Observations:
    """Note since when one witness alone has said that production is down."""
    testimony = hear(evidence, observations)
    downs = (testimony.cluster, testimony.probe).count(Word.DOWN)
    is_alone = downs == 1 and not testimony.corroborates
    since = (observations.lone_witness_since or evidence.read_at) if is_alone else None
    return replace(observations, lone_witness_since=since)


def remember_odd_roles(
    record: PairRecord, observations: Observations, evidence: Evidence, now: datetime
) -> Observations:
    """Note since when the provider shows roles that nothing explains: each time is told."""
    if not evidence.pictures:
        return observations
    odd = _odd_roles(record, evidence, now)
    return replace(
        observations, odd_roles_since=(observations.odd_roles_since or now) if odd else None
    )


def remember_old_production(
    record: PairRecord,
    observations: Observations,
    evidence: Evidence,
    old_probe: bool | None = None,  # noqa: FBT001
) -> Observations:
    """Note since when the old production is back: each time that it comes back is told."""
    if evidence.detail is None:
        return observations
    is_back = _old_production(record, evidence, old_probe)
    since = (observations.old_back_since or evidence.read_at) if is_back else None
    return replace(observations, old_back_since=since)


def remember_new_production(
    record: PairRecord, observations: Observations, evidence: Evidence
) -> Observations:
    """Note since when the new production is down; a read that fails ends nothing."""
    if any(evidence.status_of(run.roles.standby_cluster_id) is None for run in record.held):
        return observations
    is_down = new_production_down(record, evidence)
    since = (observations.new_down_since or evidence.read_at) if is_down else None
    return replace(observations, new_down_since=since)


def findings(
    pair: Pair,
    record: PairRecord,
    observations: Observations,
    assessment: Assessment,
    old_probe: bool | None = None,  # noqa: FBT001
) -> Iterator[Finding]:
    """Everything that a person should hear about a pair after a close look at it.

    `old_probe` is what the probe of the production before the last failover said, if it was asked.
    """
    evidence, now = assessment.situation.evidence, assessment.situation.now
    id_ = pair.disaster_recovery_id
    if observations.lone_witness_since and record.open_incident is None:
        said = hear(evidence, observations).sentence
        since = isoformat(observations.lone_witness_since)
        why = f"one witness alone says since {since} that production is down: {said}"
        once = f"{id_}/lone-witness-{since}"
        steps = rehearse_command(pair.name)
        yield Finding("lone_witness", why, once, steps, observations.lone_witness_since)
    odd = _odd_roles(record, evidence, now)
    yield from _of_roles(pair, record, observations, odd, now)
    down = tuple(_new_production_down(record, observations, evidence))
    yield from down
    if odd is None and not down:  # else it may be production again, or the only one that is left
        yield from old_production_back(record, observations, evidence, old_probe)
    yield from _of_muted(record, observations, assessment)
    yield from misconfigured(record, observations, assessment)


def _odd_roles(record: PairRecord, evidence: Evidence, now: datetime) -> Roles | None:
    """The roles that the provider shows, if others are expected and no run of ours explains it."""
    expected = _expected(record)
    shown = _shown_by_position(record, evidence, now)
    if expected is None or shown is None or shown == expected:
        return None
    return None if _is_explained(record, shown, now) else shown


def _of_roles(
    pair: Pair, record: PairRecord, observations: Observations, shown: Roles | None, now: datetime
) -> Iterator[Finding]:
    expected, since = _expected(record), observations.odd_roles_since
    if shown is None or expected is None or since is None:
        return
    why = (
        f"the provider shows {shown.production_cluster_id} as production, expected was"
        f" {expected.production_cluster_id}; no run of this function is known to have done that"
    )
    once = f"{pair.disaster_recovery_id}/roles-{shown.production_cluster_id}-{isoformat(since)}"
    yield Finding("roles_changed", why, once, _roles_steps(pair, record, shown, now), since)


def _roles_steps(pair: Pair, record: PairRecord, shown: Roles, now: datetime) -> Steps:
    """What a run holds is acknowledged with that run, whatever the provider shows by now."""
    held = tuple(step for run in record.held for step in acknowledge_command(run, now, shown))
    return held or acknowledge_roles_command(pair.name, shown, record.pair_state.roles)


def _expected(record: PairRecord) -> Roles | None:
    """The roles to be expected now: after a failover that was proved, the exchanged ones."""
    run = _proved(record)
    return run.roles.exchanged if run else record.pair_state.roles


def _proved(record: PairRecord) -> Run | None:
    """The last run, if it has exchanged the roles and nobody has said yet what they are now."""
    run, roles = record.run, record.pair_state.roles
    is_proved = run is not None and run.state is RunState.SUCCEEDED and run.roles == roles
    return run if run and is_proved and run.holds_pair else None


def _shown_by_position(record: PairRecord, evidence: Evidence, now: datetime) -> Roles | None:
    """The roles that the detail shows; None while they change, or where only its words tell.

    A provider that exchanges no more than the words shows the old positions after a failover.
    """
    detail, run = evidence.detail, _proved(record)
    if detail is None or any(shown.is_switching for shown in evidence.pictures):
        return None
    if run and detail.roles == run.roles:
        untouched = look(run, Sighting(now, detail, evidence.item)) is RolesSeen.UNTOUCHED
        return detail.roles if untouched else None
    return detail.roles


def _new_production_down(
    record: PairRecord, observations: Observations, evidence: Evidence
) -> Iterator[Finding]:
    """The new production is down before anybody has acknowledged it: nothing else would tell."""
    run, since = new_production_down(record, evidence), observations.new_down_since
    if run is None or since is None or run.is_in_flight:  # of an open one its reminders tell
        return
    new, old = run.roles.standby_cluster_id, run.roles.production_cluster_id
    status = evidence.status_of(old)
    why = (
        f"{new}, production since run {run.run_id}, is FAILED; {old}, production before, is"
        f" {word(status) if status else 'not to be read'}"
    )
    once = f"{run.run_id}/new-production-down-{isoformat(since)}"
    yield Finding("new_production_down", why, once, decide_between(run.roles), since)


def old_production_back(
    record: PairRecord,
    observations: Observations,
    evidence: Evidence,
    old_probe: bool | None = None,  # noqa: FBT001
) -> Iterator[Finding]:
    """The old production answers again before disaster recovery has run again."""
    run, since = record.run, observations.old_back_since
    old = _old_production(record, evidence, old_probe)
    if run is None or old is None or since is None:
        return
    why = (
        f"{run.roles.production_cluster_id}, which was production until run {run.run_id}, is {old}"
        " again while disaster recovery does not run: clients that still reach it write what will"
        " be wiped"
    )
    once = f"{run.run_id}/old-production-back-{isoformat(since)}"
    yield Finding("old_production_back", why, once, (_CUT_OFF,), since)


def _old_production(
    record: PairRecord,
    evidence: Evidence,
    old_probe: bool | None,  # noqa: FBT001
) -> str | None:
    """How the production of before the last failover shows that it is back; None if it does not."""
    run, detail = record.run, evidence.detail
    if run is None or run.state is not RunState.SUCCEEDED:
        return None
    if detail is None or detail.status == "running":
        return None
    # Once it has synchronised it is the standby: whoever cut that off would lose the only copy.
    if record.has_recovered_since(run):
        return None
    old = run.roles.production_cluster_id
    seen = (one for one in (evidence.production, evidence.standby) if one and one.id == old)
    was = next((one.status for one in seen if one.status in UP), None)
    return was or ("answering its probe" if old_probe else None)


def _of_muted(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Iterator[Finding]:
    """The witnesses agree, but someone has muted an alarm of the pair that is in ALARM: hourly."""
    situation, since = assessment.situation, observations.down_since
    is_kept_back = record.pair_state.has_muted and not record.open_incident
    if since is None or not is_kept_back:
        return
    if not calls_for_watch(record, situation.evidence, observations):
        return
    why = (
        f"production looks down since {isoformat(since)}, but no incident is opened: of the pair's"
        f" muted alarms, {record.pair_state.mutes_sentence}; {assessment.testimony.sentence}"
    )
    hours = (situation.now - since) // REPEAT_NEWS_AFTER
    once = f"{situation.pair.disaster_recovery_id}/muted-{isoformat(since)}-{hours}"
    # The alarm may be no more, so that nobody can release it: the order does not need it.
    yield Finding("down_while_muted", why, once, (*next_steps_for(assessment), UNMUTE), since)


def _is_explained(record: PairRecord, shown: Roles, now: datetime) -> bool:
    """Whether a run of ours has done it, or is about to be found to have: that is told as that."""
    runs = (*record.held, *watched(record, now))
    return any(run.roles.exchanged == shown and _may_be_late(run, now) for run in runs)


def _may_be_late(run: Run, now: datetime) -> bool:
    """Two looks prove a run that nobody thought accepted; until then nothing else is said of it."""
    since = run.exchanged_since
    return run.holds_pair or (since is not None and now - since < LATE_PROOF)
