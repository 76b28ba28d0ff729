"""What an assessment looks at: evidence just read, what the ledger knows, and who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handler.model.disaster_recovery import Cluster, DisasterRecovery
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Observations, PairState
from handler.model.run import Run, RunState
from handler.model.signals import Trigger


class Cause(StrEnum):
    """What is the matter where a read gave nothing, as far as the wire tells: what to look at."""

    NO_SUCH_HOST = "no_such_host"
    NO_CONNECTION = "no_connection"
    NO_TLS = "no_tls"
    OUR_SETTING = "our_setting"
    NO_TOKEN = "no_token"  # noqa: S105 - IAM refuses the user
    NO_IAM = "no_iam"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_PERMITTED = "not_permitted"
    NO_SUCH_API = "no_such_api"
    NO_SUCH_ID = "no_such_id"
    NOT_LISTED = "not_listed"
    NO_SENSE = "no_sense"
    OTHER = "other"


@dataclass(frozen=True)
class Fault:
    """Why a read gave nothing."""

    code: str
    sentence: str
    is_transient: bool
    cause: Cause = Cause.OTHER


@dataclass(frozen=True)
class Sync:
    """When a synchronisation was finished, and how the provider wrote that."""

    at: datetime
    text: str | None


@dataclass(frozen=True)
class Evidence:
    """What was just read, side by side; whatever could not be read is None and has its fault.

    `production_id` is the cluster that was read as production. `probe` tells whether its address
    took a connection, `probe_address`; None if no probe is configured.
    """

    read_at: datetime
    production_id: str | None = None
    detail: DisasterRecovery | None = None
    item: DisasterRecovery | None = None
    production: Cluster | None = None
    standby: Cluster | None = None
    probe: bool | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    probe_address: str | None = None

    @property
    def shown(self) -> DisasterRecovery | None:
        """The pair as the provider shows it: the detail, or the list's item if that failed."""
        return self.detail or self.item

    def cluster(self, cluster_id: str) -> Cluster | None:
        """A cluster, whatever it was read as; None if it could not be read."""
        found = (one for one in (self.production, self.standby) if one and one.id == cluster_id)
        return next(found, None)

    def status_of(self, cluster_id: str) -> str | None:
        """What a cluster says of itself; None if it could not be read."""
        found = self.cluster(cluster_id)
        return found.status if found else None

    @property
    def pictures(self) -> tuple[DisasterRecovery, ...]:
        """Both, as far as they could be read: what either one says against acting counts."""
        return tuple(one for one in (self.detail, self.item) if one)

    @property
    def syncs(self) -> tuple[Sync, ...]:
        """When the standby last finished a synchronisation, by each of them, the older one first.

        A picture may lag behind, or be wrong: by the older one more is lost, so that one is heeded.
        """
        standbys = [one.standby for one in self.pictures]
        shown = [Sync(one.last_sync, one.last_sync_text) for one in standbys if one.last_sync]
        return tuple(sorted(shown, key=lambda one: one.at))


@dataclass(frozen=True)
class Situation:
    """Everything that the gates may look at, and nothing else.

    `run` is the last one, `held` are all runs that hold the pair, as far as they are stored. Those
    `unsettled` a person is done with, and their orders may still be executed. What is stored was
    read at `stored_read_at`; None where no order follows.
    """

    now: datetime
    pair: Pair
    evidence: Evidence
    pair_state: PairState
    observations: Observations
    fleet: Fleet
    run: Run | None
    trigger: Trigger
    max_failovers_per_hour: int
    held: tuple[Run, ...] = ()
    unsettled: tuple[Run, ...] = ()
    stored_read_at: datetime | None = None

    @property
    def read_at(self) -> datetime:
        """When the first of it was read: by that an order is too late."""
        return min(self.evidence.read_at, self.stored_read_at or self.evidence.read_at)

    @property
    def holding(self) -> frozenset[str]:
        """The ids of all runs that hold the pair: by its own word, and by theirs."""
        return self.pair_state.holding | {run.run_id for run in self.held}

    @property
    def is_exchanged(self) -> bool:
        """Whether the expected production is production no more, as is shown or was proved."""
        expected, shown = self.pair_state.roles, self.evidence.shown
        if expected is None:
            return False
        proved = (run for run in self.held if run.state is RunState.SUCCEEDED)
        is_shown = shown is not None and shown.roles == expected.exchanged
        return is_shown or any(run.roles == expected for run in proved)
