"""What a pair looks like in health: the provider's role words, and what it says of each cluster.

Pure. By cluster id where it concerns one cluster; what is not shown is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handler.model.disaster_recovery import DisasterRecovery, Member, words_of


@dataclass(frozen=True)
class Likeness:
    """What one look has shown, or several alike.

    Attributes:
        role_words: the provider's word for each role.
        versions: each cluster's.
        editions: each cluster's.
        project_ids: each cluster's.
    """

    role_words: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    project_ids: Mapping[str, str] = field(default_factory=dict)


def likeness_of(detail: DisasterRecovery, item: DisasterRecovery) -> Likeness:
    """What the two pictures of a pair show; role words only where neither denies them."""
    words = words_of(detail)
    members = (detail.primary, detail.standby)
    return Likeness(
        words if words_of(item) in ({}, words) else {},
        _by_id(members, "version"),
        _by_id(members, "edition"),
        _by_id((item.primary, item.standby), "project_id"),
    )


def _by_id(members: tuple[Member, Member], name: str) -> Mapping[str, str]:
    seen = {member.id: getattr(member, name) for member in members}
    return {id_: text for id_, text in seen.items() if id_ and text}
