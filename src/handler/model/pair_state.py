"""What the table knows of a pair, and what of it is open; and the brakes over all pairs. Pure.

A pair's state changes only on purpose and carries the revision that a claim depends on. What was
observed may change every minute without disturbing a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from handler.model.disaster_recovery import Roles
from handler.model.incident import Incident
from handler.model.run import Run

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
class PairState:
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
class Observations:
    """What reads have shown, by cluster id where it concerns one cluster.

    `checked_at` is the last full look, `up_times` consecutive checks that found production up in
    an incident, `lone_witness_since` when one witness alone turned down, `odd_roles_since` when the
    provider began to show roles that nothing explains, `old_back_since` when the production of
    before the last failover began to answer again. `is_ready` is what people were last told about
    readiness. The present stretch of *down* is that of the cluster `down_of`.
    """

    revision: int = 0
    first_checked_at: datetime | None = None
    checked_at: datetime | None = None
    unreadable_times: int = 0
    up_times: int = 0
    lone_witness_since: datetime | None = None
    odd_roles_since: datetime | None = None
    old_back_since: datetime | None = None
    is_ready: bool | None = None
    ready_notified_at: datetime | None = None
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


@dataclass(frozen=True)
class PairRecord:
    """What the ledger holds about one pair now.

    `runs` are its newest, the last one first; `held` are all that hold it, however old they are.
    """

    pair_state: PairState
    incident: Incident | None
    observations: Observations
    runs: tuple[Run, ...]
    held: tuple[Run, ...] = ()

    @property
    def run(self) -> Run | None:
        """The last run."""
        return self.runs[0] if self.runs else None

    @property
    def holding(self) -> frozenset[str]:
        """The ids of all runs that hold the pair: by its own word, and by theirs."""
        return self.pair_state.holding | {run.run_id for run in self.held}

    @property
    def in_flight(self) -> Run | None:
        """The run that is not settled yet; an old one that shows late may be one, too."""
        return next((run for run in (*self.runs[:1], *self.held) if run.is_in_flight), None)

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        return self.incident if self.incident and self.incident.is_open else None


@dataclass(frozen=True)
class OpenItems:
    """What is open of one pair, by id.

    Runs in flight, runs that hold it, incidents, notices that are not published.
    """

    disaster_recovery_id: str
    runs: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    incidents: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
