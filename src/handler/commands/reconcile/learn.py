"""What each look at a pair leaves behind: when production turned down, and what health is like.

Pure: an observation and what was known before become what is known now.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from handler.gates.witnesses import hear
from handler.model.disaster_recovery import DisasterRecovery, Member, Roles, words_of
from handler.model.evidence import Evidence
from handler.model.pair_state import HEALTHY_CHECKS, Observations, PairRecord, PairState
from handler.model.run import Run, RunState
from handler.model.times import CLOCK_TOLERANCE


def remember_observations(observations: Observations, evidence: Evidence) -> Observations:
    """Count looks that agree on the roles of a running pair, and note what it is like then."""
    detail, item = evidence.detail, evidence.item
    if detail is None or item is None or not _agree(detail, item, observations.role_words):
        return replace(observations, agreed_roles=None, agreed_since=None, agreed_times=0)
    same = observations.agreed_times if detail.roles == observations.agreed_roles else 0
    since = observations.agreed_since if same else None
    members = (detail.primary, detail.standby)
    return replace(
        observations,
        agreed_roles=detail.roles,
        agreed_since=since or evidence.read_at,
        agreed_times=min(same + 1, HEALTHY_CHECKS),
        role_words=observations.role_words or words_of(detail),
        versions=_noted(observations.versions, members, "version"),
        editions=_noted(observations.editions, members, "edition"),
        project_ids=_noted(observations.project_ids, (item.primary, item.standby), "project_id"),
    )


def remember_ups(
    observations: Observations, evidence: Evidence, opened_at: datetime | None
) -> Observations:
    """Count the consecutive checks that found production up since the open incident was opened."""
    if opened_at is None or not hear(evidence, observations).says_up:
        return replace(observations, up_times=0)
    is_first = observations.checked_at is None or observations.checked_at < opened_at
    return replace(observations, up_times=1 if is_first else observations.up_times + 1)


def learn(
    pair_state: PairState,
    observations: Observations,
    evidence: Evidence,
    record: PairRecord,
    now: datetime,
) -> PairState:
    """Expect the roles that were agreed on three times running; arm after the next sync."""
    agreed = _agreed(pair_state, observations)
    run = record.run
    if record.in_flight:
        return pair_state
    if agreed not in (None, pair_state.roles):
        by = _changed_by(pair_state, agreed, run)
        return replace(pair_state, roles=agreed, roles_since=now, roles_changed_by=by, armed=False)
    if (
        pair_state.roles is None
        or pair_state.armed
        or not _runs_with(pair_state.roles, observations, evidence)
    ):
        return pair_state
    detail = evidence.detail
    if detail is None or not has_synchronised_since(pair_state.roles_since, detail, now):
        return pair_state
    # Production was alive then; what turned between that and this look is of another outage.
    healthy_at = min(detail.standby.last_sync or now, now)
    return replace(pair_state, armed=True, armed_since=healthy_at)


def _agreed(pair_state: PairState, observations: Observations) -> Roles | None:
    """The roles that were seen in health three times running, since anyone has last set them.

    Looks from before a person's word must not undo it.
    """
    since, changed_at = observations.agreed_since, pair_state.roles_since
    is_younger = changed_at is None or (since is not None and since > changed_at)
    return (
        observations.agreed_roles
        if is_younger and observations.agreed_times >= HEALTHY_CHECKS
        else None
    )


def has_synchronised_since(
    since: datetime | None, shown: DisasterRecovery | None, now: datetime
) -> bool:
    """Whether the standby has completed a synchronisation after that."""
    sync = shown.standby.last_sync if shown else None
    return since is not None and sync is not None and since < sync <= now + CLOCK_TOLERANCE


def _agree(detail: DisasterRecovery, item: DisasterRecovery, words: Mapping[str, str]) -> bool:
    if detail.roles is None or detail.roles != item.roles:
        return False
    if detail.roles == detail.roles.exchanged:
        return False  # one cluster is no pair
    if words and words_of(detail) not in ({}, words):
        return False
    return (detail.status, item.status) == ("running", "running")


def _runs_with(roles: Roles, observations: Observations, evidence: Evidence) -> bool:
    """Whether disaster recovery is seen at work with these roles."""
    detail, item = evidence.detail, evidence.item
    is_seen = (
        detail is not None and item is not None and _agree(detail, item, observations.role_words)
    )
    return is_seen and detail is not None and detail.roles == roles


def _changed_by(pair_state: PairState, agreed: Roles | None, run: Run | None) -> str:
    if pair_state.roles is None:
        return "learned"
    is_ours = run and run.state is RunState.SUCCEEDED and run.roles.exchanged == agreed
    return "succeeded" if is_ours else "other"


def _noted(
    known: Mapping[str, str], members: tuple[Member, Member], field: str
) -> Mapping[str, str]:
    """What is known of these two clusters by now. Of others nothing is kept, or it had no end."""
    noted = {one.id: getattr(one, field) or known.get(one.id or "") for one in members}
    return {id_: text for id_, text in noted.items() if id_ and text}
