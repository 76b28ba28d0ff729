"""What the ledger knows: how a pair stands, what was seen of it, and the brakes over all pairs.

A standing changes only on purpose and carries the revision that a claim depends on. Health is what
was observed; it may change every minute without disturbing a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from handler.dws.models import Roles

RATE_WINDOW: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(days=30)


@dataclass(frozen=True)
class Pause:
    """A person's brake, set at `paused_at`."""

    until: datetime
    reason: str
    requested_by: str
    paused_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """Its end; no later than a person can have asked for, whatever the table says."""
        return min(self.until, self.paused_at + LONGEST_PAUSE) if self.paused_at else self.until

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return now < self.ends_at


@dataclass(frozen=True)
class Standing:
    """A pair's expected roles, whether it is armed, its brake, and the runs that hold it.

    `run_id` is the last run; `holding` are all that were or may have been accepted and that no
    person has acknowledged. Each transition of a run changes the revision, on which every claim
    depends. `muted` are the alarms in ALARM that someone has muted, by the key of their part.
    """

    revision: int = 0
    roles: Roles | None = None
    roles_since: datetime | None = None
    roles_changed_by: str = "learned"
    armed: bool = False
    run_id: str | None = None
    holding: frozenset[str] = frozenset()
    pause: Pause | None = None
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Health:
    """What reads have shown, by cluster id where it concerns one cluster.

    `looked_at` is the last full look, `up_times` how many looks running found production up during
    an incident, `lone_witness_since` when one witness alone turned down, `odd_roles_since` when the
    provider began to show roles that nothing explains, `old_back_since` when the production of
    before the last failover began to answer again. `is_ready` is what people were last told about
    readiness. The present stretch of *down* is that of the cluster `down_of`.
    """

    revision: int = 0
    first_looked_at: datetime | None = None
    looked_at: datetime | None = None
    unreadable_times: int = 0
    up_times: int = 0
    lone_witness_since: datetime | None = None
    odd_roles_since: datetime | None = None
    old_back_since: datetime | None = None
    is_ready: bool | None = None
    ready_told_at: datetime | None = None
    down_of: str | None = None
    down_since: datetime | None = None
    down_seen_at: datetime | None = None
    agreed_roles: Roles | None = None
    agreed_since: datetime | None = None
    agreed_times: int = 0
    role_words: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    project_ids: Mapping[str, str] = field(default_factory=dict)
    probe_up_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Fleet:
    """The brakes over all pairs: the pause of `*`, and for which pair alarms last made a claim."""

    revision: int = 0
    claims: Mapping[str, datetime] = field(default_factory=dict)
    pause: Pause | None = None

    def recent_claims(self, now: datetime) -> Mapping[str, datetime]:
        """Claims of the last hour, one for each pair: an order tried again is no other failover."""
        window = (now - RATE_WINDOW, now + RATE_WINDOW)  # a claim of next year brakes nobody
        return {id_: at for id_, at in self.claims.items() if window[0] < at < window[1]}
