"""What each look at a pair leaves behind: when production turned down, and what health is like.

Pure: an observation and what was known before become what is known now.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.gates.witnesses import hear
from handler.model.disaster_recovery import DisasterRecovery, Member, Roles, words_of
from handler.model.evidence import Evidence
from handler.model.pair_state import Health, Record, Standing
from handler.model.run import Run, RunState
from handler.model.times import CLOCK_TOLERANCE

AGREEING_LOOKS: Final = 3


def remember_health(health: Health, evidence: Evidence) -> Health:
    """Count looks that agree on the roles of a running pair, and note what it is like then."""
    detail, item = evidence.detail, evidence.item
    if detail is None or item is None or not _agree(detail, item, health.role_words):
        return replace(health, agreed_roles=None, agreed_since=None, agreed_times=0)
    same = health.agreed_times if detail.roles == health.agreed_roles else 0
    since = health.agreed_since if same else None
    members = (detail.primary, detail.standby)
    return replace(
        health,
        agreed_roles=detail.roles,
        agreed_since=since or evidence.read_at,
        agreed_times=min(same + 1, AGREEING_LOOKS),
        role_words=health.role_words or words_of(detail),
        versions=_noted(health.versions, members, "version"),
        editions=_noted(health.editions, members, "edition"),
        project_ids=_noted(health.project_ids, (item.primary, item.standby), "project_id"),
    )


def remember_ups(health: Health, evidence: Evidence, opened_at: datetime | None) -> Health:
    """Count the looks running that found production up since the open incident was opened."""
    if opened_at is None or not hear(evidence, health).says_up:
        return replace(health, up_times=0)
    is_first = health.looked_at is None or health.looked_at < opened_at
    return replace(health, up_times=1 if is_first else health.up_times + 1)


def learn(
    standing: Standing, health: Health, evidence: Evidence, record: Record, now: datetime
) -> Standing:
    """Expect the roles that were agreed on three times running; arm after the next sync."""
    agreed = _agreed(standing, health)
    run = record.run
    if record.in_flight:
        return standing
    if agreed not in (None, standing.roles):
        by = _changed_by(standing, agreed, run)
        return replace(standing, roles=agreed, roles_since=now, roles_changed_by=by, armed=False)
    if standing.roles is None or standing.armed or not _runs_with(standing.roles, health, evidence):
        return standing
    return replace(
        standing, armed=has_synchronised_since(standing.roles_since, evidence.detail, now)
    )


def _agreed(standing: Standing, health: Health) -> Roles | None:
    """The roles that were seen in health three times running, since anyone has last set them.

    Looks from before a person's word must not undo it.
    """
    since, changed_at = health.agreed_since, standing.roles_since
    is_younger = changed_at is None or (since is not None and since > changed_at)
    return health.agreed_roles if is_younger and health.agreed_times >= AGREEING_LOOKS else None


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


def _runs_with(roles: Roles, health: Health, evidence: Evidence) -> bool:
    """Whether disaster recovery is seen at work with these roles."""
    detail, item = evidence.detail, evidence.item
    is_seen = detail is not None and item is not None and _agree(detail, item, health.role_words)
    return is_seen and detail is not None and detail.roles == roles


def _changed_by(standing: Standing, agreed: Roles | None, run: Run | None) -> str:
    if standing.roles is None:
        return "learned"
    is_ours = run and run.state is RunState.SUCCEEDED and run.roles.exchanged == agreed
    return "succeeded" if is_ours else "other"


def _noted(
    known: Mapping[str, str], members: tuple[Member, Member], field: str
) -> Mapping[str, str]:
    seen = {member.id: getattr(member, field) for member in members}
    return {**known, **{id_: text for id_, text in seen.items() if id_ and text}}
