"""The truth about a pair at one moment, as a value.

Being a value, it can be kept: what a list showed a minute ago is the state of a minute ago. The
time of the last sync is computed, not stored, so that any span of time costs the same.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from local.dws.model.cluster import Cluster

# A sync is visible in the clusters' states during the last part of an interval.
SYNC_SHARE = 0.1


@dataclass(frozen=True)
class State:
    """Status, clusters and syncs; `first` was production when the pair was made."""

    status: str
    first: Cluster
    second: Cluster
    sync_every_s: float
    last_sync: datetime | None
    syncing_from: datetime | None = None
    is_exchanged: bool = False
    status_before: str = "running"
    production_dr_status: str | None = None
    standby_dr_status: str | None = None

    @property
    def production(self) -> Cluster:
        """The cluster that takes the writes."""
        return self.second if self.is_exchanged else self.first

    @property
    def standby(self) -> Cluster:
        """The cluster that follows."""
        return self.first if self.is_exchanged else self.second

    @property
    def is_syncing(self) -> bool:
        """Whether syncs are being made."""
        return self.status == "running" and self.first.is_alive and self.second.is_alive

    def last_sync_at(self, now: datetime) -> datetime | None:
        """When the last sync before now was completed."""
        if self.syncing_from is None or now < self.syncing_from:
            return self.last_sync
        done = (now - self.syncing_from) // timedelta(seconds=self.sync_every_s)
        if done == 0:
            return self.last_sync
        return self.syncing_from + done * timedelta(seconds=self.sync_every_s)

    def changed(self, now: datetime, **fields: Any) -> "State":
        """This state with other fields, syncs stopping or starting as these demand."""
        after = replace(self, **{"last_sync": self.last_sync_at(now), **fields})
        if not after.is_syncing:
            return replace(after, syncing_from=None)
        if self.syncing_from is None or fields.keys() & {"last_sync", "sync_every_s"}:
            return replace(after, syncing_from=now)
        return after

    def older(self, by: timedelta) -> "State":
        """This state with its times moved back."""
        return replace(
            self,
            last_sync=self.last_sync and self.last_sync - by,
            syncing_from=self.syncing_from and self.syncing_from - by,
        )

    def with_cluster(self, cluster_id: str, now: datetime, **fields: Any) -> "State":
        """This state with one cluster changed."""
        place = "first" if self.first.id == cluster_id else "second"
        return self.changed(now, **{place: replace(getattr(self, place), **fields)})

    def dr_statuses(self, now: datetime) -> tuple[str, str]:
        """What production and standby do in disaster recovery."""
        production, standby = self._dr_statuses(now)
        return self.production_dr_status or production, self.standby_dr_status or standby

    def _dr_statuses(self, now: datetime) -> tuple[str, str]:
        if self.status in ("stopped", "unstart"):
            return "stopped", "stopped"
        if self.status == "abnormal":
            return _health(self.production), _health(self.standby)
        share = self._share_of_interval(now)
        if share < 1 - SYNC_SHARE:
            return "waiting", "waiting"
        if share < 1 - SYNC_SHARE / 2:
            return "backuping", "waiting"
        return "waiting", "restoring"

    def _share_of_interval(self, now: datetime) -> float:
        if self.syncing_from is None:
            return 0
        return (now - self.syncing_from).total_seconds() % self.sync_every_s / self.sync_every_s


def _health(cluster: Cluster) -> str:
    return "waiting" if cluster.is_alive else "abnormal"
