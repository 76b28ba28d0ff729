"""One history: a plan comes true, is watched, and judged at its end."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from handler import app
from handler.dws.auth import Tokens
from handler.dws.client import Unreadable
from handler.dws.wire import Wire
from handler.errors import FailoverError
from handler.events import parse
from handler.evidence import Read
from handler.failures import Failures
from handler.ledger import Ledger
from handler.notices import Publisher
from handler.settings import Settings
from handler.signals import Batch
from handler.table import Table
from local.dws.identity import Credentials
from local.dws.orders import OrderRefused
from local.dws.variants import Variants
from local.dws.world import PROJECT_ID, PairSetup, World
from local.simulation.checks import Checks, Violation, trouble_at
from local.simulation.faults import Faults
from local.simulation.machine import LIFETIME, Invocation, Killed, Machine
from local.simulation.people import People
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan
from local.simulation.services import (
    Parameters,
    ProviderTransport,
    Secrets,
    TableClient,
    Topic,
    context_of,
)
from local.simulation.table import MemoryTable

START = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
RETRY_S = 1500
BUS_RETRIES_S = (60, 120)  # what Lambda waits before it tries an asynchronous event again
QUIET_AFTER_S = 35 * MINUTE
LONG_QUIET_AFTER_S = 80 * MINUTE  # where an order is executed an hour late
QUIET_FOR_S = 24 * MINUTE
OFTEN_FOR_S = 32 * MINUTE  # after that reconcile comes every third minute only
GOOD_FOR = timedelta(minutes=10)


class History:
    """Everything that a plan needs to come true."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.machine = Machine(START, Random(plan.seed))
        self.world = World(Credentials())
        setup = PairSetup(sync_every_s=60, sync_period="1m")
        self.pair = self.world.add(setup, START, Variants(**plan.variants))
        self.table = MemoryTable()
        self.faults = Faults(self.machine, plan.faults, plan.windows)
        self.checks = Checks(plan, self.machine, self.table, self.pair)
        self.parameters = Parameters({"analytics": self._document()})
        self.people = People(self)
        self.adapters = self._adapters()
        self._count = 0

    def run(self) -> None:
        """Let it come true.

        Raises:
            Violation: it did what must never be.
        """
        machine = self.machine
        quiet_after_s = LONG_QUIET_AFTER_S if self._is_late else QUIET_AFTER_S
        quiet_at = machine.start + timedelta(seconds=TROUBLE_AT_S + quiet_after_s)
        end = quiet_at + timedelta(seconds=QUIET_FOR_S)
        self._schedule(end + timedelta(hours=1))
        machine.at(trouble_at(machine), self._begin_trouble)
        for signal in self.plan.signals:
            at = trouble_at(machine) + timedelta(seconds=signal.at_s)
            machine.at(at, partial(self.people.act, signal))
        machine.at(quiet_at, self._become_quiet)
        machine.run_until(end)
        self.checks.judge(quiet_at)
        self._judge_progress()
        if self.plan.recovers:
            self._happen_again(end)

    def invoke(self, name: str, event: Mapping[str, Any], retries_s: tuple[int, ...] = ()) -> None:
        """Invoke the function; Lambda sends an asynchronous event again that came to nothing."""
        machine = self.machine
        self._count += 1
        deadline = machine.now + LIFETIME
        invocation = Invocation(f"{self._count} {name}", deadline)

        def again() -> None:
            if retries_s:
                at = machine.now + timedelta(seconds=retries_s[0])
                machine.at(at, lambda: self.invoke(name, event, retries_s[1:]))

        def work() -> None:
            try:
                signals = parse(event)
                context = context_of(deadline, machine)
                if isinstance(signals, Batch):
                    raise TypeError("a history knows no queues")
                answer = app.Invocation(self.adapters, context).answer(signals)
            except Killed:
                invocation.is_dead = True
                return again()
            except FailoverError as err:
                machine.tell(f"raised {type(err).__name__}: {err}")
                return again()
            answers = list(answer) if isinstance(answer, tuple) else [answer]
            for one in answers:
                if one.decision != "reconciled":
                    machine.tell(f"{one.decision} ({one.reason_code}): {one.reason[:120]}")
            return self.checks.on_answer(event, answers)

        machine.spawn(invocation, work)

    def send(self, name: str, event: Mapping[str, Any]) -> None:
        """Give the function an event that nobody waits for, as buses do: at least once."""
        self.invoke(name, event, BUS_RETRIES_S)
        if self.plan.repeats:
            at = self.machine.now + timedelta(seconds=self.machine.random.uniform(0, 3))
            self.machine.at(at, lambda: self.invoke(f"{name} again", event, BUS_RETRIES_S))

    def put_document(self, document: str | None) -> None:
        """Change the pair's document, or take it away."""
        self.checks.document_changed_at = self.machine.now
        self.parameters.documents = {"analytics": document} if document is not None else {}

    def order(self, kind: Any) -> None:
        """Someone at the console gives an order."""
        try:
            self.pair.order(kind, self.machine.now)
        except OrderRefused as refusal:
            self.machine.tell(f"console {kind}: {refusal}")
        else:
            self.machine.tell(f"console {kind}: taken")

    def _document(self, **changes: Any) -> str:
        plan, (first, second) = self.plan, self.pair.clusters
        probe = {first.id: "a:8000", second.id: "b:8000"}
        return json.dumps({
            "disaster_recovery_id": self.pair.id,
            "project_id": PROJECT_ID,
            "endpoint": "https://provider.example",
            "credentials_secret": "dws-failover/credentials",
            "max_data_loss_s": plan.max_data_loss_s,
            "mode": plan.mode,
            "alarms": ["dws-outage-*"],
            "probes": probe if plan.has_probe else {},
            "provider_utc_offset": plan.variants.get("utc_offset", "+00:00"),
            "production_down_for_s": plan.down_for_s,
            "retry_for_s": RETRY_S,
            "completion_deadline_s": 1800,
            **changes,
        })  # fmt: skip

    def document(self, **changes: Any) -> str:
        """The pair's document, with changes."""
        return self._document(**changes)

    def _adapters(self) -> app.Adapters:
        machine, checks = self.machine, self.checks
        client: Any = TableClient(self.table, self.faults, checks.on_table)
        topic: Any = Topic(self.faults, checks.on_publish)
        parameters: Any = self.parameters
        secrets: Any = Secrets()
        invoker: Any = _Invoker(self)
        wire = Wire(ProviderTransport(self.world, machine, self.faults, checks.on_provider))
        return app.Adapters(
            settings=Settings("/pairs", "runs", "topic", "failed", 5),
            ledger=Ledger(Table(client, "runs", machine.pause)),
            publisher=Publisher(topic, "topic"),
            parameters=parameters,
            secrets=secrets,
            invoker=invoker,
            failures=Failures(lambda: None, "queue"),
            wire=wire,
            tokens=Tokens(wire, machine.clock),
            clock=machine.clock,
            wait=machine.pause,
            side_by_side=self._one_by_one,
            probe=self._probe,
        )

    def _one_by_one(self, reads: Mapping[str, Read], _: float) -> Mapping[str, Any]:
        """Side by side, as far as others can tell: in any order."""
        names, results = list(reads), {}
        self.machine.random.shuffle(names)
        for name in names:
            try:
                results[name] = reads[name]()
            except Unreadable as err:
                results[name] = err
        return results

    def _probe(self, address: str) -> bool:
        self.machine.pause()
        cluster = self.pair.clusters[0 if address == "a:8000" else 1]
        is_cut = self.plan.trouble == "probe path is cut" and not self.faults.is_quiet
        return cluster.is_alive and not is_cut

    @property
    def _is_late(self) -> bool:
        delay_s: float = self.plan.variants.get("order_delay_s", 0)
        return delay_s > QUIET_AFTER_S / 2

    def _schedule(self, end: datetime) -> None:
        """The schedule: every minute, but for those that it misses."""
        minute = 0
        while (at := self.machine.start + timedelta(minutes=minute)) < end:
            is_due = minute * MINUTE < OFTEN_FOR_S or minute % 3 == 0
            if is_due and minute not in self.plan.missed_reconciles:
                self.machine.at(at, lambda: self.invoke("reconcile", {"command": "reconcile"}))
            minute += 1

    def _begin_trouble(self) -> None:
        now, trouble = self.machine.now, self.plan.trouble
        self.faults.is_quiet = False
        self.machine.tell(f"trouble: {trouble}")
        if trouble in ("production dies", "region goes dark"):
            self.pair.break_production(now)
        if trouble == "region goes dark":
            self.pair.variants = replace(self.pair.variants, production_dark=True)
        if trouble == "standby dies":
            self.pair.break_standby(now)

    def _become_quiet(self) -> None:
        """Whatever was in the way is over; the provider stays as it is."""
        self.machine.tell("all is quiet")
        self.faults.is_quiet = True

    def _judge_progress(self) -> None:
        """If evidence is good for ten minutes and nothing brakes, the failover happens."""
        plan = self.plan
        first = min((s.at_s for s in plan.signals if s.what == "ALARM"), default=None)
        is_alarmed = first is not None and all(s.what == "ALARM" for s in plan.signals)
        is_plain = plan.trouble == "production dies" and plan.variants in _PLAIN
        if not (is_alarmed and is_plain and plan.mode == "automatic") or first is None:
            return
        if plan.max_data_loss_s < first + 2 * MINUTE:  # as much can be thought lost by then
            return
        opened = trouble_at(self.machine) + timedelta(seconds=first)
        good_from = max(opened, self.faults.last_at, *(self._ends(w.to_s) for w in plan.windows))
        until = good_from + GOOD_FOR + timedelta(seconds=plan.down_for_s)
        if until > opened + timedelta(seconds=RETRY_S):
            return
        if not self.checks.claimed_within(trouble_at(self.machine), until):
            raise Violation(f"evidence was good from {good_from} on and nothing was ordered")

    def _ends(self, second: int) -> datetime:
        return self.machine.start + timedelta(seconds=second)

    def _happen_again(self, end: datetime) -> None:
        """People clean up; after that the next outage is as good as the first."""
        machine, pair = self.machine, self.pair
        is_plain = self.plan.variants in _PLAIN and self.plan.trouble != "region goes dark"
        if pair.is_deleted or not is_plain or self.plan.mode != "automatic":
            return
        self.put_document(self._document())
        pair.restore(machine.now)
        self.people.resume_all()
        self.people.acknowledge()
        self.order("recovery")
        machine.run_until(end + timedelta(minutes=15))
        if pair.status != "running":
            return
        machine.tell("the next outage")
        pair.break_production(machine.now)
        before = machine.now
        self.people.alarm("dws-outage-a", "ALARM")
        machine.run_until(end + timedelta(minutes=32))
        is_limited = self.plan.max_data_loss_s < 2 * MINUTE
        if not is_limited and not self.checks.claimed_within(before, machine.now):
            raise Violation(
                "the next outage, after all was acknowledged and armed, was slept through"
            )


class _Invoker:
    """Lambda, for invocations of oneself."""

    def __init__(self, history: History) -> None:
        self._history = history

    def reconcile(self, _: str, pair: str) -> bool:
        """Take an asynchronous event."""
        history = self._history
        event = {"command": "reconcile", "pair": pair}
        at = history.machine.now + timedelta(seconds=0.2)
        history.machine.at(at, lambda: history.send("pursue", event))
        return True


_PLAIN: tuple[Mapping[str, Any], ...] = (
    {},
    {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
    {"abnormal_after_s": 600},
    {"switching_s": 1200},
    {"second_order": "accepted"},
    {"order_delay_s": 1200},
)
