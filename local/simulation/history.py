"""One history: a plan comes true, is watched, and judged at its end."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from handler import app
from handler.aws.adapters import Adapters
from handler.aws.ledger import Ledger
from handler.aws.queue import Queue
from handler.aws.settings import Settings
from handler.aws.table import Table
from handler.aws.topic import Publisher
from handler.dws.auth import Tokens
from handler.dws.client import Unreadable
from handler.dws.http import Transport
from handler.dws.side_by_side import Read
from handler.errors import FailoverError
from handler.events import parse
from handler.model.signals import Batch
from local.dws.identity import Credentials
from local.dws.world import World
from local.simulation.alarms import Said, as_action, as_record, on_bus
from local.simulation.checks import Checks
from local.simulation.facts import Facts
from local.simulation.faults import Faults
from local.simulation.machine import LIFETIME, Invocation, Machine
from local.simulation.people import People
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal
from local.simulation.progress import PLAIN, Progress
from local.simulation.provider import ProviderTransport
from local.simulation.services import (
    FailureQueue,
    Parameters,
    Secrets,
    TableClient,
    Topic,
    context_of,
)
from local.simulation.sites import FIRST, Site, make_sites
from local.simulation.table import MemoryTable
from local.simulation.troubles import Troubles

START = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
BUS_RETRIES_S = (60, 120)  # what Lambda waits before it tries an asynchronous event again
VISIBLE_AFTER_S = 300  # a queue's record that was not taken
RECEIVES = 4
QUIET_AFTER_S = 35 * MINUTE
LONG_QUIET_AFTER_S = 80 * MINUTE  # where an order is executed an hour late
QUIET_FOR_S = 24 * MINUTE
OFTEN_FOR_S = 32 * MINUTE  # after that reconcile comes every third minute only
_A_MOMENT = timedelta(seconds=0.2)


class History:
    """Everything that a plan needs to come true."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.machine = Machine(START, Random(plan.seed))
        self.world = World(Credentials())
        self.sites = make_sites(plan, self.world, START)
        self.site = self.sites[FIRST]
        self.faults = Faults(self.machine, plan.faults, plan.windows)
        self.facts = Facts(plan, self.machine, self.faults, self.sites)
        self.alarms = self.facts.alarms
        self.checks = Checks(self.facts)
        self.table = MemoryTable(self.checks.on_change)
        documents = {one.name: one.document or "" for one in self.sites.values()}
        self.parameters = Parameters(documents, self.machine, self.faults)
        self.secrets = Secrets(self.machine, self.faults)
        self.people = People(self, self.site)
        self.troubles = Troubles(self)
        self.progress = Progress(self)
        self.transport = ProviderTransport(
            self.world, self.machine, self.faults, plan.garbage, self.checks.on_provider
        )
        self.topic = Topic(self.faults, self.checks.telling.publish)
        self.facts.never_taken = self.topic.never
        self.adapters = self._adapters()
        self._count = 0

    def run(self) -> None:
        """Let it come true.

        Raises:
            Violation: it did what must never be.
        """
        try:
            self._run()
        finally:
            self.machine.close()

    def invoke(
        self,
        name: str,
        event: Mapping[str, Any],
        retries_s: tuple[int, ...] = (),
        done: Callable[[Any], object] = lambda _: None,
    ) -> None:
        """Invoke the function; Lambda sends an asynchronous event again that came to nothing.

        `done` is told what was answered, or None when it is given up.
        """
        machine = self.machine
        self._count += 1
        deadline = machine.now + LIFETIME
        invocation = Invocation(f"{self._count} {name}", deadline, event)

        def work() -> None:
            answer = None
            try:
                answer = self._answer(event, deadline)
            except FailoverError as err:
                machine.tell(f"raised {type(err).__name__}: {err}")
            except Exception as err:
                if self.plan.neighbour != "bug":
                    raise
                machine.tell(f"raised {type(err).__name__}: {err}")
            finally:
                if answer is None and retries_s:
                    at = machine.now + timedelta(seconds=retries_s[0])
                    machine.at(at, lambda: self.invoke(name, event, retries_s[1:], done))
                else:
                    done(answer)

        machine.spawn(invocation, work)

    def send(
        self, name: str, event: Mapping[str, Any], done: Callable[[Any], object] = lambda _: None
    ) -> None:
        """Give the function an event that nobody waits for, as buses do: at least once."""
        self.invoke(name, event, BUS_RETRIES_S, done)
        if self.plan.repeats:
            at = self.machine.now + timedelta(seconds=self.machine.random.uniform(0, 3))
            self.machine.at(at, lambda: self.invoke(f"{name} again", event, BUS_RETRIES_S))

    def bring(self, said: Said, via: str) -> None:
        """Deliver what an alarm said, by the bus, by its own action, or by a queue."""
        said.pending += 1

        def done(answer: Any) -> None:
            said.pending -= 1
            if answer is not None:
                said.taken_at = said.taken_at or self.machine.now

        name = f"alarm {said.name[-1]}"
        if via == "queue":
            said.was_queued = True
            self._receive(name, said, done, self.machine.now)
        else:
            self.send(name, as_action(said) if via == "action" else on_bus(said), done)

    def put_document(self, site: Site, document: str | None, *, is_good: bool) -> None:
        """Change a pair's document, or take it away."""
        site.put(document, self.machine.now, is_good=is_good)
        written = {one.name: one.document for one in self.sites.values()}
        self.parameters.documents = {name: text for name, text in written.items() if text}

    def _receive(
        self,
        name: str,
        said: Said,
        done: Callable[[Any], object],
        sent_at: datetime,
        count: int = 1,
    ) -> None:
        """A queue gives its record; one that was not taken comes again."""

        def received(answer: Any) -> None:
            if answer is not None and not answer["batchItemFailures"]:
                done(answer)
            elif count == RECEIVES:
                done(None)
            else:
                at = self.machine.now + timedelta(seconds=VISIBLE_AFTER_S)
                self.machine.at(at, lambda: self._receive(name, said, done, sent_at, count + 1))

        record = as_record(said, sent_at, count)
        self.invoke(f"{name} queued", {"Records": [record]}, done=received)

    def _answer(self, event: Mapping[str, Any], deadline: datetime) -> Any:
        signals, context = parse(event), context_of(deadline, self.machine)
        if isinstance(signals, Batch):
            answer: Any = app.respond(signals, self.adapters, context)
            self.machine.tell(f"failed records: {len(answer['batchItemFailures'])}")
            return answer
        found = app.Invocation(self.adapters, context).answer(signals)
        answers = list(found) if isinstance(found, tuple) else [found]
        for one in answers:
            if one.decision != "reconciled":
                self.machine.tell(f"{one.decision} ({one.reason_code}): {one.reason[:120]}")
        return answers

    def _run(self) -> None:
        machine, plan = self.machine, self.plan
        began = machine.start + timedelta(seconds=TROUBLE_AT_S)
        quiet_at = began + timedelta(seconds=self._quiet_after_s)
        end = quiet_at + timedelta(seconds=self._quiet_for_s)
        self.facts.often_until = machine.start + timedelta(seconds=OFTEN_FOR_S)
        self._schedule(end + timedelta(hours=1))
        machine.at(began, self.troubles.begin)
        for signal in plan.signals:
            at = began + timedelta(seconds=signal.at_s)
            machine.at(at, partial(self.people.act, signal))
        machine.at(quiet_at, self._become_quiet)
        machine.run_until(end)
        self.progress.judge(began)
        self.troubles.judge(began)
        self.checks.judge(quiet_at)
        if plan.recovers or plan.forgets:
            self._happen_again(end)

    @property
    def _quiet_after_s(self) -> int:
        delay_s: float = self.plan.variants.get("order_delay_s", 0)
        if self.plan.crowd or self.plan.neighbour:
            return 8 * MINUTE
        return LONG_QUIET_AFTER_S if delay_s > QUIET_AFTER_S / 2 else QUIET_AFTER_S

    @property
    def _quiet_for_s(self) -> int:
        return 0 if self.plan.crowd else 12 * MINUTE if self.plan.neighbour else QUIET_FOR_S

    def _adapters(self) -> Adapters:
        machine = self.machine
        client: Any = TableClient(self.table, self.faults, machine, self.checks.on_call)
        topic: Any = self.topic
        parameters: Any = self.parameters
        secrets: Any = self.secrets
        invoker: Any = _Invoker(self)
        failures: Any = FailureQueue(self.faults)
        wire = Transport(self.transport)
        return Adapters(
            settings=Settings("/pairs", "runs", "topic", "queue", 100 if self.plan.crowd else 5),
            ledger=Ledger(Table(client, "runs", machine.pause)),
            publisher=Publisher(topic, "topic"),
            parameters=parameters,
            secrets=secrets,
            invoker=invoker,
            failures=Queue(lambda: failures, "queue"),
            wire=wire,
            tokens=Tokens(wire, machine.clock),
            clock=machine.clock,
            wait=machine.pause,
            side_by_side=self._side_by_side,
            probe=self._probe,
        )

    def _side_by_side(self, reads: Mapping[str, Read], within_s: float) -> Mapping[str, Any]:
        """As `evidence.side_by_side` does it, in simulated threads."""
        found = self.machine.side_by_side([*reads.values()], within_s)
        results: dict[str, Any] = {}
        for name, one in zip(reads, found, strict=True):
            if one is None:
                results[name] = Unreadable("unavailable", "no answer in time", is_transient=True)
            elif isinstance(one, tuple):
                (results[name],) = one
            elif isinstance(one, Unreadable):
                results[name] = one
            else:
                raise one
        return results

    def _probe(self, address: str) -> bool:
        machine, plan = self.machine, self.plan
        name = address.partition(":")[0]
        site = self.sites[name[:-2]]
        cluster = site.pair.clusters[0 if name.endswith("-a") else 1]
        if machine.current:
            machine.current.heard["probe", cluster.id] = (machine.now, None)
        is_disturbed = site is self.site and not self.faults.is_quiet
        if plan.trouble == "names are not found" and is_disturbed:
            machine.pause()
            raise Unreadable("unavailable", "the name is not found", is_transient=True)
        is_cut = plan.trouble == "probe path is cut" and is_disturbed
        is_up = cluster.is_alive and not is_cut
        machine.pause(0 if is_up else 4 if is_cut else 2)  # two time-outs, or two refusals
        return is_up

    def _schedule(self, end: datetime) -> None:
        """The schedule: every minute, but for those that it misses."""
        minute = 0
        while (at := self.machine.start + timedelta(minutes=minute)) < end:
            is_due = minute * MINUTE < OFTEN_FOR_S or minute % 3 == 0
            if is_due and minute not in self.plan.missed_reconciles:
                self.machine.at(at, self._reconcile)
            minute += 1

    def _reconcile(self) -> None:
        self.world.advance(self.machine.now)  # also while nobody asks the provider
        if self.machine.is_idle:
            self.checks.kept.look()
        self.invoke("reconcile", {"command": "reconcile"})

    def _become_quiet(self) -> None:
        """Whatever was in the way is over; the provider stays as it is."""
        self.machine.tell("all is quiet")
        self.faults.is_quiet = True
        self.troubles.end()

    def _happen_again(self, end: datetime) -> None:
        """People clean up, or forget half of it; the next outage is as good as the first."""
        machine, pair, plan = self.machine, self.site.pair, self.plan
        is_plain = plan.variants in PLAIN and plan.trouble != "region goes dark"
        if pair.is_deleted or (plan.recovers and not (is_plain and plan.mode == "automatic")):
            return
        self.put_document(self.site, self.site.written(), is_good=True)
        pair.restore(machine.now)
        self.people.resume_all()
        machine.run_until(end + timedelta(minutes=4))
        if not plan.forgets:
            self.people.acknowledge_all()
        if pair.state.status == "abnormal":
            pair.order("recovery", machine.now)
        machine.run_until(machine.now + timedelta(minutes=20))
        pair.break_production(machine.now)
        before = machine.now
        if self.plan.has_probe is False or not plan.forgets:
            self.people.alarm(Signal(0, "ALARM", "a"), "ALARM")
        machine.run_until(before + timedelta(minutes=12))
        self.progress.judge_the_next(before)
        self.checks.judge(before)


class _Invoker:
    """Lambda, for invocations of oneself."""

    def __init__(self, history: History) -> None:
        self._history = history

    def reconcile(self, _: str, pair: str) -> bool:
        """Take an asynchronous event."""
        history = self._history
        event = {"command": "reconcile", "pair": pair}

        def taken() -> None:
            at = history.machine.now + _A_MOMENT
            history.machine.at(at, lambda: history.send("pursue", event))

        try:
            history.faults.call("lambda invoke", taken, lambda _: _NotInvoked())
        except _NotInvoked:
            return False
        return True


class _NotInvoked(Exception):
    """Lambda did not take an event."""
