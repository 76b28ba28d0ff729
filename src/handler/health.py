"""What each look at a pair leaves behind: when production turned down, and what health is like.

Pure: an observation and what was known before become what is known now.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.dws.models import DisasterRecovery, Member
from handler.gates.data import CLOCK_TOLERANCE
from handler.gates.witnesses import hear
from handler.situation import Evidence
from handler.standing import Health, Standing

AGREEING_LOOKS: Final = 3
# Two looks further apart than this do not prove that production was down between them.
STRETCH_GAP: Final = timedelta(minutes=5)
# Often enough for a memory of 24 h, and not a write a minute.
PROBE_NOTED_EVERY: Final = timedelta(minutes=10)


def remember_outage(health: Health, evidence: Evidence) -> Health:
    """Begin, continue or end the stretch in which the evidence says that production is down."""
    now, id_ = evidence.read_at, evidence.production_id
    if evidence.probe and id_:
        noted = health.probe_up_at.get(id_)
        if noted is None or now - noted >= PROBE_NOTED_EVERY:
            health = replace(health, probe_up_at={**health.probe_up_at, id_: now})
    if not hear(evidence, health).says_down:
        return replace(health, down_since=None, down_seen_at=None)
    seen = health.down_seen_at
    is_same = seen is not None and now - seen <= STRETCH_GAP
    since = health.down_since if is_same else None
    return replace(health, down_since=since or now, down_seen_at=now)


def remember_health(health: Health, evidence: Evidence) -> Health:
    """Count looks that agree on the roles of a running pair, and note what it is like then."""
    detail, item = evidence.detail, evidence.item
    if not _agree(detail, item) or detail is None or item is None:
        return replace(health, agreed_roles=None, agreed_times=0)
    same = health.agreed_times if detail.roles == health.agreed_roles else 0
    members = (detail.primary, detail.standby)
    return replace(
        health,
        agreed_roles=detail.roles,
        agreed_times=min(same + 1, AGREEING_LOOKS),
        role_words=_noted(health.role_words, members, "role"),
        versions=_noted(health.versions, members, "version"),
        editions=_noted(health.editions, members, "edition"),
        project_ids=_noted(health.project_ids, (item.primary, item.standby), "project_id"),
    )


def learn(standing: Standing, health: Health, evidence: Evidence, now: datetime) -> Standing:
    """Expect the roles that were agreed on three times running; arm after the next sync."""
    agreed = health.agreed_roles if health.agreed_times >= AGREEING_LOOKS else None
    if standing.roles is None and agreed is not None:
        return replace(
            standing, roles=agreed, roles_since=now, roles_changed_by="learned", armed=False
        )
    if not standing.armed and agreed is not None and agreed == standing.roles:
        return replace(standing, armed=_has_synchronised_since(standing.roles_since, evidence, now))
    return standing


def _agree(detail: DisasterRecovery | None, item: DisasterRecovery | None) -> bool:
    if detail is None or item is None or detail.roles is None:
        return False
    return detail.roles == item.roles and (detail.status, item.status) == ("running", "running")


def _has_synchronised_since(since: datetime | None, evidence: Evidence, now: datetime) -> bool:
    sync = evidence.detail.standby.last_sync if evidence.detail else None
    if since is None or sync is None:
        return False
    return since < sync <= now + CLOCK_TOLERANCE


def _noted(
    known: Mapping[str, str], members: tuple[Member, Member], field: str
) -> Mapping[str, str]:
    seen = {member.id: getattr(member, field) for member in members}
    return {**known, **{id_: text for id_, text in seen.items() if id_ and text}}
