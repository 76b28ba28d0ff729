"""What each look at a pair leaves behind: when production turned down, and what health is like.

Pure: an observation and what was known before become what is known now.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.gates.witnesses import hear
from handler.model.disaster_recovery import DisasterRecovery, Roles, are_exchanged, words_of
from handler.model.evidence import Evidence
from handler.model.incident import Incident
from handler.model.likeness import Likeness, likeness_of
from handler.model.pair_state import HEALTHY_CHECKS, Observations, PairRecord, PairState
from handler.model.run import Run, RunState
from handler.model.times import CLOCK_TOLERANCE

# Reconcile comes once a minute, and not to the second. What looks besides (invocations that come
# late and at once, a person's commands, an alarm's own) sees the same moment again.
LOOKS_APART: Final = timedelta(seconds=50)


def remember_observations(observations: Observations, evidence: Evidence) -> Observations:
    """Count looks that agree on the roles of a running pair, and learn what it is like then."""
    detail, item = evidence.detail, evidence.item
    if detail is None or item is None or not _agree(detail, item, observations.role_words):
        return replace(
            observations,
            agreed_roles=None,
            agreed_since=None,
            agreed_times=0,
            agreed_counted_at=None,
            alike_times=0,
        )
    same = observations.agreed_times if detail.roles == observations.agreed_roles else 0
    since = observations.agreed_since if same else None
    last = observations.agreed_counted_at if same else None
    counts = _is_a_minute_after(last, evidence.read_at)
    counted = replace(
        observations,
        agreed_roles=detail.roles,
        agreed_since=since or evidence.read_at,
        agreed_times=min(same + counts, HEALTHY_CHECKS),
        agreed_counted_at=evidence.read_at if counts else last,
    )
    # While others are production than expected, the words are not those of the expected roles.
    is_expected = detail.primary.id == evidence.production_id
    shown = likeness_of(detail, item)
    return _remember_likeness(counted, shown, has_words=is_expected, counts=counts)


def _remember_likeness(
    observations: Observations, shown: Likeness, *, has_words: bool, counts: bool
) -> Observations:
    """Learn what health is like from as many looks in a row as teach the roles: one may lie."""
    same = observations.alike_times if shown == observations.likeness else 0
    alike_times = min(same + counts, HEALTHY_CHECKS)
    counted = replace(observations, likeness=shown, alike_times=alike_times)
    roles = counted.agreed_roles
    if roles is None or counted.alike_times < HEALTHY_CHECKS:
        return counted
    return replace(
        counted,
        role_words=(shown.role_words if has_words else None) or observations.role_words,
        versions=_noted(observations.versions, shown.versions, roles),
        editions=_noted(observations.editions, shown.editions, roles),
        project_ids=_noted(observations.project_ids, shown.project_ids, roles),
    )


def remember_ups(
    observations: Observations, evidence: Evidence, incident: Incident | None
) -> Observations:
    """Count the consecutive checks that found production up since the newest alarm was heard.

    Not since it turned: what was seen between that and its delivery is no answer to it.
    """
    if incident is None or not hear(evidence, observations).says_up:
        return replace(observations, up_times=0, up_counted_at=None)
    last, now = observations.up_counted_at, evidence.read_at
    if last is None or last < incident.heard_at:
        return replace(observations, up_times=1, up_counted_at=now)
    if not _is_a_minute_after(last, now):
        return observations
    return replace(observations, up_times=observations.up_times + 1, up_counted_at=now)


def _is_a_minute_after(last: datetime | None, now: datetime) -> bool:
    """Whether a look is one more, and not the last one again; a clock may have been set back."""
    return last is None or abs(now - last) >= LOOKS_APART


def learn(
    pair_state: PairState,
    observations: Observations,
    evidence: Evidence,
    record: PairRecord,
    now: datetime,
) -> PairState:
    """Expect the roles that were agreed on three times running; arm after the next sync."""
    pair_state = _without_mistake(pair_state, evidence)
    agreed = _agreed(pair_state, observations)
    run = record.run
    if record.in_flight:
        return pair_state
    # Many pairs are read by what they name, and an item that was restored may be of before its run.
    if run:
        pair_state = replace(pair_state, run_id=run.run_id, holding=record.holding)
    if agreed not in (None, pair_state.roles):
        by = _changed_by(pair_state, agreed, run)
        return replace(
            pair_state,
            roles=agreed,
            roles_since=now,
            roles_changed_by=by,
            armed=False,
            before_word=None,
        )
    if (
        pair_state.roles is None
        or pair_state.armed
        or not _runs_with(pair_state.roles, observations, evidence)
    ):
        return pair_state
    if not has_synchronised_since(pair_state.roles_since, evidence, now):
        return pair_state
    # Production was alive then; what turned between that and this look is of another outage.
    return replace(pair_state, armed=True, armed_since=min(evidence.syncs[0].at, now))


def _without_mistake(pair_state: PairState, evidence: Evidence) -> PairState:
    """A word that the provider is seen to bear out was no mistake: nothing of before comes back."""
    before = pair_state.before_word
    if before is None:
        return pair_state
    is_as_before = (
        one.roles in (None, before.roles) and not one.is_switching for one in evidence.pictures
    )
    return pair_state if all(is_as_before) else replace(pair_state, before_word=None)


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


def has_synchronised_since(since: datetime | None, evidence: Evidence, now: datetime) -> bool:
    """Whether the standby has completed a synchronisation after that, by all that is shown."""
    if since is None or not evidence.syncs:
        return False
    return all(since < sync.at <= now + CLOCK_TOLERANCE for sync in evidence.syncs)


def _agree(detail: DisasterRecovery, item: DisasterRecovery, words: Mapping[str, str]) -> bool:
    if detail.roles is None or detail.roles != item.roles:
        return False
    if detail.roles == detail.roles.exchanged:
        return False  # one cluster is no pair
    if are_exchanged(words_of(detail), words):
        return False
    return (detail.status, item.status) == ("running", "running")


def _runs_with(roles: Roles, observations: Observations, evidence: Evidence) -> bool:
    """Whether disaster recovery is seen at work with these roles."""
    detail, item, words = evidence.detail, evidence.item, observations.role_words
    if detail is None or item is None or not _agree(detail, item, words):
        return False
    return detail.roles == roles and (not words or words_of(detail) in ({}, words))


def _changed_by(pair_state: PairState, agreed: Roles | None, run: Run | None) -> str:
    if pair_state.roles is None:
        return "learned"
    is_ours = run and run.state is RunState.SUCCEEDED and run.roles.exchanged == agreed
    return "succeeded" if is_ours else "other"


def _noted(known: Mapping[str, str], shown: Mapping[str, str], roles: Roles) -> Mapping[str, str]:
    """What is known of these two clusters by now. Of others nothing is kept, or it had no end."""
    ids = (roles.production_cluster_id, roles.standby_cluster_id)
    return {id_: text for id_, text in {**known, **shown}.items() if id_ in ids}
