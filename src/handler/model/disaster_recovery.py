"""A disaster-recovery pair and its two clusters, as the provider shows them. Pure.

A field that is absent, or of a value that cannot be read, is None; a value that is not documented
is kept as text: the gates treat it as unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

UP: Final = ("AVAILABLE", "ACTIVE")  # lifecycle statuses of a cluster that works
DEAD: Final = "FAILED"  # and that of one that does not


@dataclass(frozen=True)
class Roles:
    """Which cluster is production and which is standby."""

    production_cluster_id: str
    standby_cluster_id: str

    @property
    def exchanged(self) -> "Roles":
        """The same two clusters after a switchover."""
        return Roles(self.standby_cluster_id, self.production_cluster_id)


@dataclass(frozen=True)
class Member:
    """One cluster as the disaster-recovery API shows it; `status` is DR-side, not lifecycle."""

    id: str | None = None
    role: str | None = None
    status: str | None = None
    version: str | None = None
    edition: str | None = None
    project_id: str | None = None
    last_sync: datetime | None = None
    last_sync_text: str | None = None


@dataclass(frozen=True)
class DisasterRecovery:
    """A pair as the provider shows it, from its detail or from its item in the list."""

    id: str | None
    status: str | None
    dr_type: str | None
    primary: Member
    standby: Member
    sync_period_s: int | None = None

    @property
    def roles(self) -> Roles | None:
        """Roles by position, None if one of the two is not shown."""
        if self.primary.id and self.standby.id:
            return Roles(self.primary.id, self.standby.id)
        return None

    @property
    def is_switching(self) -> bool:
        """Whether a switchover, planned or not, is under way."""
        return self.status == "switchovering"


@dataclass(frozen=True)
class Event:
    """Something that the provider tells about a disaster recovery."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Cluster:
    """A cluster's lifecycle."""

    id: str | None
    status: str | None
    sub_statuses: frozenset[str]
    version: str | None


def words_of(shown: DisasterRecovery) -> Mapping[str, str]:
    """The role words of production and standby, if both are shown and tell them apart."""
    production, standby = shown.primary.role, shown.standby.role
    if production is None or standby is None or production == standby:
        return {}
    return {"production": production, "standby": standby}


def are_exchanged(words: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether one role bears by now the word that was the other's."""
    crossed = {"production": known.get("standby"), "standby": known.get("production")}
    return any(word == crossed[role] for role, word in words.items())


def words_by_id(words: Mapping[str, str], roles: Roles) -> Mapping[str, str]:
    """Role words by cluster id, as long as the roles are these."""
    ids = {"production": roles.production_cluster_id, "standby": roles.standby_cluster_id}
    return {ids[role]: word for role, word in words.items()}
