"""The model of a disaster-recovery pair: two clusters, their relation, and what becomes of it.

Plain Python: no sockets and no clock, every method takes the time. So the same model answers the
HTTP emulator in real time and a simulation in simulated time.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from local.dws.model.cluster import Cluster
from local.dws.model.orders import Order, OrderKind, check
from local.dws.model.state import State
from local.dws.model.steps import Step
from local.dws.model.variants import Variants

BEGINS: dict[OrderKind, tuple[Step, str]] = {
    "failover": (Step.BEGIN_FAILOVER, "beginFailoverDisasterRecovery"),
    "switchover": (Step.BEGIN_SWITCHOVER, "beginSwitchoverDisasterRecovery"),
    "recovery": (Step.BEGIN_RECOVERY, "beginRecoveryDisaster"),
    "start": (Step.BEGIN_START, "beginStartDisasterRecovery"),
    "pause": (Step.BEGIN_PAUSE, "beginStopDisasterRecovery"),
}


@dataclass(frozen=True)
class Relation:
    """What of a pair does not change by itself; `sync_period` is what it shows."""

    id: str
    name: str
    created: datetime
    dr_type: Literal["az", "region"] = "az"
    sync_period: str = "30m"


RELATION_FIELDS = frozenset({"name", "dr_type", "sync_period"})


@dataclass(frozen=True)
class Event:
    """Something the provider tells about a pair."""

    at: datetime
    name: str


class Pair:
    """A pair over time; ask it only about times that do not go back.

    `transitions` has for each step what happens when its time has come.
    """

    def __init__(
        self,
        relation: Relation,
        state: State,
        now: datetime,
        transitions: "Transitions",
        variants: Variants | None = None,
    ) -> None:
        self.relation = relation
        self._transitions = transitions
        self.variants = variants or Variants()
        self.orders: list[Order] = []
        self.events: list[Event] = []
        self.is_deleted = False
        self.is_failed_over = False
        self.first_sync = state.last_sync
        self._agenda: list[tuple[datetime, int, Step]] = []
        self._scheduled = 0
        self._history: list[tuple[datetime, State]] = [(now, state.changed(now))]

    @property
    def id(self) -> str:
        """The disaster-recovery id."""
        return self.relation.id

    @property
    def state(self) -> State:
        """The truth since the last advance."""
        return self._history[-1][1]

    @property
    def history(self) -> tuple[tuple[datetime, State], ...]:
        """Every truth there has been, each with the time since when."""
        return tuple(self._history)

    @property
    def status(self) -> str:
        """The true status, which the provider may show late or not at all."""
        return self.state.status

    @property
    def production_id(self) -> str:
        """The id of the cluster that is production now."""
        return self.state.production.id

    @property
    def standby_id(self) -> str:
        """The id of the cluster that is standby now."""
        return self.state.standby.id

    @property
    def clusters(self) -> tuple[Cluster, Cluster]:
        """Both clusters, the first production first."""
        return self.state.first, self.state.second

    def has_part_in(self, project_id: str) -> bool:
        """Whether a project sees it."""
        return not self.is_deleted and any(one.project_id == project_id for one in self.clusters)

    @property
    def both_alive(self) -> bool:
        """Whether both clusters serve."""
        return all(cluster.is_alive for cluster in self.clusters)

    def state_at(self, now: datetime, lag_s: float = 0) -> State:
        """The truth of lag_s seconds ago."""
        if not lag_s:
            return self.state
        moment = now - timedelta(seconds=lag_s)
        known = [state for since, state in self._history if since <= moment]
        return known[-1] if known else self._history[0][1]

    def last_sync(self, now: datetime) -> datetime | None:
        """When the last sync was completed."""
        return self.state.last_sync_at(now)

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due."""
        while self._agenda and self._agenda[0][0] <= now:
            due, _, step = heapq.heappop(self._agenda)
            self._transitions[step](self, due)

    def grow_older(self, seconds: float) -> None:
        """Move all that was, and all that is to come, back: so much time has passed at once."""
        by = timedelta(seconds=seconds)
        self.relation = replace(self.relation, created=self.relation.created - by)
        self.orders = [replace(order, at=order.at - by) for order in self.orders]
        self.events = [replace(event, at=event.at - by) for event in self.events]
        self.first_sync = self.first_sync and self.first_sync - by
        self._agenda = [(due - by, number, step) for due, number, step in self._agenda]
        self._history = [(at - by, state.older(by)) for at, state in self._history]

    def order(
        self,
        kind: OrderKind,
        now: datetime,
        site: str | None = None,
        by: Literal["api", "console"] = "api",
    ) -> None:
        """Take an order that reaches the provider by way of a project (the site).

        Raises:
            OrderRefused: the provider does not take it.
        """
        self.advance(now)
        is_first = all(order.kind != "failover" for order in self.orders)
        if kind == "failover" and is_first and self.variants.rival_orders_first:
            self._take(Order(now, kind, by="console"))
        check(kind, self.state, self.variants, site, is_pending=self._is_pending)
        self._take(Order(now, kind, by))

    def break_production(self, now: datetime) -> None:
        """Let the production cluster die."""
        self.set_cluster(self.production_id, now, status="FAILED")
        self.schedule(now, self.variants.old_production_returns_after_s, Step.RESTORE)

    def break_standby(self, now: datetime) -> None:
        """Let the standby cluster die."""
        self.set_cluster(self.standby_id, now, status="FAILED")

    def restore(self, now: datetime) -> None:
        """Let every dead cluster live again, in the role that it has now."""
        for cluster in self.clusters:
            if not cluster.is_alive:
                self.set_cluster(cluster.id, now, status="AVAILABLE")

    def set_cluster(self, cluster_id: str, now: datetime, **fields: Any) -> None:
        """Force fields of a cluster, with what follows from its living or dying."""
        self.advance(now)
        was_alive = self.both_alive
        self._append(now, self.state.with_cluster(cluster_id, now, **fields))
        if was_alive and not self.both_alive:
            self.schedule(now, self.variants.abnormal_after_s, Step.GO_ABNORMAL)
        if self.both_alive and not was_alive:
            self.schedule(now, self.variants.heals_after_s, Step.HEAL)

    def set(self, now: datetime, **fields: Any) -> None:
        """Force fields of the relation or of the state, whatever they were."""
        self.advance(now)
        of_relation = {name: fields.pop(name) for name in list(fields) if name in RELATION_FIELDS}
        self.relation = replace(self.relation, **of_relation)
        self.change(now, **fields)
        if fields.get("status") == "abnormal":
            self.schedule(now, self.variants.heals_after_s, Step.HEAL)

    def change(self, now: datetime, **fields: Any) -> None:
        """Force fields of the state."""
        state = self.state.changed(now, **fields)
        if state.is_exchanged != self.state.is_exchanged:
            self.is_failed_over = state.status != "running"
        elif state.status == "running":
            self.is_failed_over = False
        self._append(now, state)

    def schedule(self, now: datetime, after_s: float | None, step: Step) -> None:
        """Put a step on the agenda; never, if after_s is None."""
        if after_s is None:
            return
        self._scheduled += 1
        due = now + timedelta(seconds=after_s)
        heapq.heappush(self._agenda, (due, self._scheduled, step))
        self.advance(now)

    def note(self, now: datetime, event: str) -> None:
        """Tell an event."""
        self.events.append(Event(now, event))

    @property
    def _is_pending(self) -> bool:
        return any(step is Step.BEGIN_FAILOVER for _, _, step in self._agenda)

    def _take(self, order: Order) -> None:
        step, event = BEGINS[order.kind]
        self.orders.append(order)
        self.note(order.at, event)
        is_failover = order.kind == "failover"
        self.schedule(order.at, self.variants.order_delay_s if is_failover else 0, step)
        if is_failover:
            self.schedule(order.at, self.variants.deleted_after_order_s, Step.DELETE)

    def _append(self, now: datetime, state: State) -> None:
        self._history.append((now, state))


Transitions = Mapping[Step, Callable[[Pair, datetime], None]]
