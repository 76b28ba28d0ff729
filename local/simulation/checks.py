"""What must hold in every history, whatever happens. Each check looks at the truth, not at words.

The truth is the provider's model and the table's items; the function's own modules are not asked.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from local.dws.pair import Pair
from local.dws.wire import Answer
from local.simulation.machine import Invocation, Machine
from local.simulation.plan import TROUBLE_AT_S, Plan
from local.simulation.table import MemoryTable

OPEN = ("submitting", "unknown", "submitted")
LOOK_BACK_S = (20, 15, 10, 5, 0)  # how old the evidence of an order may be
CLOCK_MARGIN = timedelta(seconds=1)
A_WHILE = timedelta(minutes=6)
FIVE_LOOKS = timedelta(minutes=3)  # a minute apart, the first just after the alarm

Body = Mapping[str, Any]


class Violation(AssertionError):
    """The function did what it must never do."""


class Checks:
    """Watches a history as it happens, and judges it at its end."""

    def __init__(self, plan: Plan, machine: Machine, table: MemoryTable, pair: Pair) -> None:
        self.plan, self.machine, self.table, self.pair = plan, machine, table, pair
        self.accepted: list[tuple[datetime, Body]] = []
        self.posts: list[datetime] = []
        self.notices: list[tuple[datetime, Body, str]] = []
        self.publishers: dict[str, Invocation | None] = {}
        self.pauses: list[tuple[datetime, datetime]] = []
        self.acknowledged_at: datetime | None = None
        self.incidents: dict[str, Body] = {}
        self.document_changed_at = machine.start

    # While it happens

    def on_table(self, operation: str, call: Mapping[str, Any]) -> None:
        """A call of the table took effect."""
        if operation in ("get_item", "query", "batch_get_item"):
            asked = [call] if operation != "batch_get_item" else [*call["RequestItems"].values()]
            if not all(one.get("ConsistentRead") for one in asked):
                raise Violation(f"{operation}: a read of the ledger is not strongly consistent")
            return
        self._armed_only_by_a_sync()
        if incident := self._item(self.pair.id, "state#incident"):
            self.incidents[incident["incident_id"]] = incident

    def on_provider(self, moment: str, operation: str, answer: Answer | None) -> None:
        """The provider is about to answer, or has."""
        if operation != "failover":
            return
        run = next((run for run in self.runs() if run["state"] == "submitting"), None)
        if moment == "before":
            self.machine.tell("order reaches the provider")
            self.posts.append(self.machine.now)
            self._ordered_only_with_a_claim(run)
            return
        if answer and answer.effect and run:
            self.machine.tell("order is taken")
            self._accepted_only_once(run)
            self.accepted.append((self.machine.now, run))

    def on_publish(self, call: Mapping[str, Any]) -> None:
        """A notice has reached the topic."""
        notice_id = call["MessageAttributes"]["notice_id"]["StringValue"]
        body = json.loads(json.loads(call["Message"])["lambda"])
        now, current = self.machine.now, self.machine.current
        self.machine.tell(f"told: {call['Subject']} ({notice_id})")
        if ("*", f"notice#{notice_id}") not in self.table.items and not _is_excused(current):
            raise Violation(f"notice {notice_id} was published before it was stored")
        if notice_id in self.publishers and not _is_excused(self.publishers[notice_id]):
            raise Violation(f"notice {notice_id} was published twice without a crash")
        self.publishers[notice_id] = current
        self.notices.append((now, body, notice_id))
        _measured_from_the_outage(body, self.plan)

    def on_answer(self, event: Mapping[str, Any], answers: list[Any]) -> None:
        """An invocation has answered."""
        for answer in answers:
            if answer.decision == "paused" and event["command"] == "pause":
                self.pauses.append((self.machine.now, datetime.fromisoformat(event["until"])))
            if answer.decision == "resumed":
                self.pauses = []
            if answer.decision == "acknowledged":
                self.acknowledged_at = self.machine.now

    def seen(self) -> Iterator[str]:
        """What this history was about, for a summary of many."""
        yield "orders" if self.posts else "histories without an order"
        yield from (f"runs {run['state']}" for run in self.runs())
        yield from (f"incidents {one.get('ended_because')}" for one in self.incidents.values())
        yield from (f"told {body['decision']}" for _, body, _ in self.notices)

    # The rules

    def _armed_only_by_a_sync(self) -> None:
        standing = self._item(self.pair.id, "state#pair")
        if standing is None or not standing.get("armed"):
            return
        last, since = self.pair.last_sync(self.machine.now), standing.get("roles_since")
        if since is None or last is None or last <= datetime.fromisoformat(since):
            raise Violation(f"armed though the last sync was {last}, the roles changed {since}")

    def _ordered_only_with_a_claim(self, run: Body | None) -> None:
        if run is None:
            raise Violation("an order reaches the provider and no claim is stored")
        claimed_at = datetime.fromisoformat(run["claimed_at"])
        overridden = run.get("overridden", [])
        for since, until in self.pauses:
            if since < claimed_at < until:
                raise Violation("ordered while paused")
        for other in self.runs():
            is_other = other["run_id"] != run["run_id"]
            if is_other and _may_be_accepted(other) and "hold" not in overridden:
                raise Violation(f"ordered while run {other['run_id']} holds")
        if run["trigger"]["kind"] != "command":
            self._ordered_by_itself_only_for_a_reason(run)

    def _ordered_by_itself_only_for_a_reason(self, run: Body) -> None:
        is_observed = self.plan.mode == "observe"
        if is_observed and self.machine.now - self.document_changed_at > A_WHILE:
            raise Violation("ordered in observe")
        production = run["roles"]["production_cluster_id"]
        if all(self._was_alive(production, seconds) for seconds in LOOK_BACK_S):
            raise Violation("ordered by itself though production was alive")
        standing = self._item(self.pair.id, "state#pair") or {}
        if not standing.get("armed"):
            raise Violation("ordered by itself though the pair was not armed")

    def _was_alive(self, cluster_id: str, seconds_ago: int) -> bool:
        state = self.pair.state_at(self.machine.now, seconds_ago)
        return any(one.id == cluster_id and one.is_alive for one in (state.first, state.second))

    def _accepted_only_once(self, run: Body) -> None:
        if not self.accepted:
            return
        before, _ = self.accepted[-1]
        if {"hold", "armed"} & set(run.get("overridden", [])):
            return  # a person has seen the first one and orders the second by name
        sync, acknowledged_at = self.pair.last_sync(self.machine.now), self.acknowledged_at
        is_over = acknowledged_at and acknowledged_at > before and sync and sync > acknowledged_at
        if not is_over:
            raise Violation("a second order was accepted in one outage")

    # At the end

    def judge(self, quiet_since: datetime) -> None:
        """Judge a history that has been quiet for long enough to be over."""
        self._everything_stored_was_told()
        self._incidents_have_ended_and_were_told()
        for run in self.runs():
            self._run_fits_the_truth(run, quiet_since)
            self._open_run_is_told_hourly(run)

    def claimed_within(self, since: datetime, until: datetime) -> bool:
        """Whether a run was claimed then; one that was killed before its order holds the pair."""
        return any(since <= _time(run, "claimed_at") <= until for run in self.runs())

    def _everything_stored_was_told(self) -> None:
        for pk, sk in self.table.items:
            if pk == "*" and sk.startswith("notice#"):
                notice_id = sk.removeprefix("notice#")
                if notice_id not in self.publishers:
                    raise Violation(f"notice {notice_id} was never published")

    def _incidents_have_ended_and_were_told(self) -> None:
        now = self.machine.now
        is_in_flight = any(run["state"] in OPEN for run in self.runs())
        told = {notice_id for _, _, notice_id in self.notices}
        for incident in self.incidents.values():
            id_, over = incident["incident_id"], datetime.fromisoformat(incident["retry_until"])
            if incident["state"] == "open":
                if now > over + A_WHILE and not is_in_flight:
                    raise Violation(f"incident {id_} never ended")
                continue
            lasted = _time(incident, "ended_at") - _time(incident, "opened_at")
            is_plain = not (self.plan.repeats or self.plan.faults or self.plan.windows)
            is_up = incident["ended_because"] == "production_up"
            if is_plain and is_up and lasted < FIVE_LOOKS:
                raise Violation(f"incident {id_} ended after {lasted}, which is too few looks")
            is_told_else = incident["ended_because"] in ("failed_over", "acknowledged")
            if not is_told_else and f"{id_}/ended" not in told:
                raise Violation(f"the end of incident {id_} was not told")

    def _run_fits_the_truth(self, run: Body, quiet_since: datetime) -> None:
        id_, state = run["run_id"], run["state"]
        is_switched = self.pair.production_id == run["roles"]["standby_cluster_id"]
        was_switched = any(
            one.id == run["roles"]["standby_cluster_id"] for one in self._productions(run)
        )
        if state == "succeeded" and not was_switched:
            raise Violation(f"run {id_} succeeded though nothing was exchanged")
        if self.machine.now - quiet_since < A_WHILE or self.pair.is_deleted:
            return
        if state == "submitting":
            raise Violation(f"run {id_} is still submitting")
        if state in OPEN and is_switched and self._is_settled_since(quiet_since):
            raise Violation(f"run {id_} is {state} though the roles are exchanged")
        is_last = run is self.runs()[-1]
        is_nothing = state in ("not_started", "provider_rejected") and not run.get(
            "acknowledged_at"
        )
        if is_last and is_nothing and is_switched and self._is_settled_since(quiet_since):
            raise Violation(f"run {id_} is {state} though the roles are exchanged")

    def _productions(self, run: Body) -> Iterator[Any]:
        claimed_at = datetime.fromisoformat(run["claimed_at"])
        for at, state in self.pair.history:
            if at >= claimed_at:
                yield state.production

    def _is_settled_since(self, quiet_since: datetime) -> bool:
        last_change = max((at for at, _ in self.pair.history), default=quiet_since)
        is_alive = self.pair.state.production.is_alive and self.pair.status != "switchovering"
        return is_alive and self.machine.now - max(last_change, quiet_since) > A_WHILE

    def _open_run_is_told_hourly(self, run: Body) -> None:
        if run["state"] not in OPEN:
            return
        told = [at for at, body, _ in self.notices if body["run_id"] == run["run_id"]]
        last = max(told, default=datetime.fromisoformat(run["claimed_at"]))
        if self.machine.now - last > timedelta(minutes=70):
            raise Violation(f"run {run['run_id']} is open and was last told at {last}")

    def runs(self) -> list[Body]:
        """All runs as stored, oldest first."""
        keys = sorted(key for key in self.table.items if key[1].startswith("run#"))
        return [_plain_item(self.table.items[key]) for key in keys]

    def _item(self, pk: str, sk: str) -> Body | None:
        item = self.table.items.get((pk, sk))
        return _plain_item(item) if item else None


def _measured_from_the_outage(body: Body, plan: Plan) -> None:
    """Loss is counted from the last sync to the outage's start, not to now."""
    estimate, times = body["estimated_data_loss_s"], body["timings"]
    rpo = next((gate["measured"] for gate in body["gates"] if gate["gate"] == "rpo"), None)
    if isinstance(rpo, int) and isinstance(estimate, int) and rpo != estimate:
        raise Violation(f"the rpo gate measured {rpo} s, the estimate is {estimate} s")
    if not {"outage_began_at", "last_sync_at", "claimed_at"} <= set(times):
        return
    began, sync, claimed = (
        datetime.fromisoformat(times[name])
        for name in ("outage_began_at", "last_sync_at", "claimed_at")
    )
    if estimate != max(0, int((began - sync).total_seconds())):
        raise Violation(f"estimated {estimate} s, but the outage began {began}, synced {sync}")
    is_by_itself = (body["trigger"] or {}).get("kind") != "command"
    held = timedelta(seconds=plan.down_for_s) - CLOCK_MARGIN
    if is_by_itself and claimed - began < held:
        raise Violation(f"the outage is said to have begun at {began}, too near the claim")


def _time(item: Body, name: str) -> datetime:
    return datetime.fromisoformat(item[name])


def _may_be_accepted(run: Body) -> bool:
    if run.get("acknowledged_at") or run["state"] == "provider_rejected":
        return False
    return run["state"] != "not_started" or run.get("answer") != "not_sent"


def _is_excused(invocation: Invocation | None) -> bool:
    """Whether a crash or a failing service was in the way of storing or marking."""
    return invocation is None or invocation.is_dead or invocation.tables_trouble


def _plain_item(item: Mapping[str, Any]) -> Body:
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, plain),) = value.items()
    if kind == "M":
        return _plain_item(plain)
    if kind == "L":
        return [_plain(one) for one in plain]
    return int(plain) if kind == "N" else plain


def trouble_at(machine: Machine) -> datetime:
    """When the trouble of a history begins."""
    return machine.start + timedelta(seconds=TROUBLE_AT_S)
