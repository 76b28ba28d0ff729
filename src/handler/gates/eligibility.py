"""Is this pair one that the provider fails over: its state, roles, site, version and edition."""

import re
from collections.abc import Mapping
from typing import Final

from handler.gates.verdict import UNLEARNED, GateResult, passed, refused, unknown
from handler.model.disaster_recovery import DisasterRecovery, Member, Roles
from handler.model.evidence import Situation
from handler.model.quoting import word

# A dead production may not have been noticed yet: then the pair is still shown as running.
READY_STATES: Final = frozenset({"abnormal", "running"})
# Failing over in these is never right; any other value, known or not, a person may judge.
CLOSED_STATES: Final = frozenset({
    "creating", "create_failed", "unstart", "starting",
    "start_failed", "switchovering", "deleting", "deleted",
})  # fmt: skip
OLDEST: Final = (8, 1, 2)  # exception switchover, API reference of SwitchFailoverDisaster
_VERSION: Final = re.compile(r"\d{1,6}(\.\d{1,6}){2,3}", re.ASCII)
_NOT_SHOWN: Final = "the provider shows neither the detail nor the list's item of this pair"


def pair_state(situation: Situation) -> GateResult:
    """The disaster recovery's status is one in which an exception switchover makes sense.

    In every picture that could be read: one that lags behind may not show that it is switched.
    """
    limit = "abnormal or running"
    statuses = [shown.status for shown in situation.evidence.pictures]
    # All that is odd, and not only the worst one: a person has judged what was there.
    cause = ", ".join(sorted({one or "no status" for one in statuses} - READY_STATES))
    if not statuses or None in statuses:
        reason = "the provider shows no status" if statuses else _NOT_SHOWN
        return unknown(reason, cause=cause, limit=limit, overridable=True)
    found = [status for status in statuses if status]
    # The worst one speaks: what no person may override, then what only a person may judge.
    status = min(found, key=lambda one: (one not in CLOSED_STATES, one in READY_STATES))
    if status in READY_STATES:
        return passed(f"disaster recovery is {status}", measured=status, limit=limit)
    reason = f"disaster recovery is {word(status)}"
    may_override = status not in CLOSED_STATES
    return refused(reason, cause=cause, measured=status, limit=limit, overridable=may_override)


def roles(situation: Situation) -> GateResult:  # noqa: PLR0911 - a rule a line
    """The provider shows the expected cluster as production, by position and by its own word."""
    expected, evidence = situation.pair_state.roles, situation.evidence
    found = evidence.shown.roles if evidence.shown else None
    if expected is None:
        reason = (
            f"{UNLEARNED}: three healthy checks in a row, a minute apart, teach it"
            f" ({situation.observations.progress})"
        )
        return unknown(reason, cause="unlearned", measured=_arrow(found))
    if evidence.shown is None or found is None:
        reason = "the provider does not show both clusters" if evidence.shown else _NOT_SHOWN
        return unknown(reason, cause="not shown", limit=_arrow(expected))
    measured, limit = _arrow(found), _arrow(expected)
    if evidence.detail and evidence.item and evidence.item.roles not in (None, found):
        reason = "the provider's list and detail show different roles"
        return unknown(reason, cause="different", measured=measured, limit=limit)
    if found == expected.exchanged:
        reason = "the roles are already exchanged: the standby is shown as production"
        return refused(reason, cause="exchanged", measured=measured, limit=limit)
    if found != expected:
        reason = "the provider shows other clusters than expected"
        return refused(reason, cause="other clusters", measured=measured, limit=limit)
    seen = situation.observations.role_words
    if words := "; ".join(filter(None, (_other_words(seen, one) for one in evidence.pictures))):
        reason = f"the provider's role words changed: {words}"
        return refused(reason, cause=words, measured=words)
    return passed("production and standby are as expected", measured=measured, limit=limit)


def site(situation: Situation) -> GateResult:
    """Across regions, the order is given where the standby is (API reference, note)."""
    project = situation.pair.project_id
    # Whoever says that it is cross-region is heeded: in the wrong region an order goes astray.
    types = [one.dr_type for one in situation.evidence.pictures if one.dr_type]
    dr_type = next((one for one in types if one != "az"), types[0] if types else None)
    if dr_type == "az":
        return passed("both clusters are in one region", measured=dr_type)
    standby_project = _standby_project(situation)
    if dr_type is None or standby_project is None:
        missing = "whether the pair is cross-region" if dr_type is None else "the standby's project"
        reason = f"the provider does not show {missing}"
        return unknown(reason, cause=missing, limit=project, overridable=True)
    if standby_project == project:
        return passed("the pair's project is the standby's", measured=project, limit=project)
    reason = "a cross-region pair is failed over in the standby's project, not in this one"
    return refused(reason, cause=standby_project, measured=project, limit=standby_project)


def version(situation: Situation) -> GateResult:
    """Both clusters are new enough, compared part by part as numbers."""
    limit = ".".join(map(str, OLDEST))
    found = [_version_of(situation, member) for member in _members(situation)]
    measured = ", ".join(text or "?" for text in found) or None
    parts = [parse_version(text) for text in found]
    if any(part is not None and part < OLDEST for part in parts):
        reason = f"a cluster is older than {limit}, which exception switchover needs"
        return refused(reason, cause="too old", measured=measured, limit=limit)
    if not parts or None in parts:
        reason = "a cluster's version is not shown or cannot be read"
        cause = measured or "not shown"
        return unknown(reason, cause=cause, measured=measured, limit=limit, overridable=True)
    return passed("both clusters are new enough", measured=measured, limit=limit)


def edition(situation: Situation) -> GateResult:
    """Both clusters are DWS 2.0, storage and compute coupled."""
    seen = situation.observations.editions
    found = [member.edition or seen.get(member.id or "") for member in _members(situation)]
    measured = ", ".join(text or "?" for text in found) or None
    if any(text in ("dws3.0", "hybrid") for text in found):
        reason = "exception switchover is for DWS 2.0 only"
        return refused(reason, cause="another edition", measured=measured, limit="dws")
    if not found or any(text != "dws" for text in found):
        reason = "a cluster's edition is not shown or not known"
        cause = measured or "not shown"
        return unknown(reason, cause=cause, measured=measured, limit="dws", overridable=True)
    return passed("both clusters are DWS 2.0", measured=measured, limit="dws")


def parse_version(text: str | None) -> tuple[int, ...] | None:
    """A version's parts (`8.1.3.320`), None if it is not three or four numbers."""
    if text is None or not _VERSION.fullmatch(text):
        return None
    return tuple(map(int, text.split(".")))


def _version_of(situation: Situation, member: Member) -> str | None:
    lifecycles = (situation.evidence.production, situation.evidence.standby)
    by_lifecycle = [one.version for one in lifecycles if one and member.id and one.id == member.id]
    seen = situation.observations.versions.get(member.id or "")
    return next((text for text in (member.version, *by_lifecycle, seen) if text), None)


def _members(situation: Situation) -> tuple[Member, ...]:
    shown = situation.evidence.shown
    return (shown.primary, shown.standby) if shown else ()


def _standby_project(situation: Situation) -> str | None:
    """The expected standby's project, from the list now or as it was last seen there."""
    expected, item = situation.pair_state.roles, situation.evidence.item
    if expected is None:
        return None
    standby = expected.standby_cluster_id
    now = [
        member.project_id
        for member in ((item.primary, item.standby) if item else ())
        if member.id == standby
    ]
    return next(filter(None, now), None) or situation.observations.project_ids.get(standby)


def _other_words(seen: Mapping[str, str], shown: DisasterRecovery) -> str | None:
    now = {"production": shown.primary.role, "standby": shown.standby.role}
    other = [
        f"{role} is {word(said)}, was {word(seen[role])}"
        for role, said in now.items()
        if said and seen.get(role, said) != said
    ]
    return "; ".join(other) or None


def _arrow(found: Roles | None) -> str | None:
    return f"{found.production_cluster_id} -> {found.standby_cluster_id}" if found else None
