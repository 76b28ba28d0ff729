"""The function's own code, with simulated services behind its adapters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handler import app
from handler.aws.adapters import Adapters
from handler.aws.ledger import Ledger
from handler.aws.pairs import Documents
from handler.aws.queue import Queue
from handler.aws.settings import Settings
from handler.aws.table import Table
from handler.aws.telemetry import metrics
from handler.aws.topic import Publisher
from handler.dws.auth import Tokens
from handler.dws.client import Unreadable
from handler.dws.http import Transport
from handler.dws.side_by_side import Read
from handler.events import parse
from handler.model.hosts import AllowedHosts
from handler.model.signals import Batch
from local.simulation.services import FailureQueue, TableClient, context_of
from local.simulation.surroundings import Surroundings
from local.simulation.threads import side_by_side

Send = Callable[[str, Mapping[str, Any]], object]
_A_MOMENT = timedelta(seconds=0.2)
_HOSTS = AllowedHosts.parse("provider.example, elsewhere.example")


class Function:
    """The function as deployed; `send` gives it an event of its own later."""

    def __init__(self, around: Surroundings, send: Send) -> None:
        self._around = around
        self._adapters = self._made(send)

    def answer(self, event: Mapping[str, Any], deadline: datetime) -> Any:
        """Answer an event, in the invocation whose turn it is."""
        try:
            return self._answer(event, deadline)
        finally:
            # The entry flushes them; left alone they are printed when there are a hundred.
            metrics.clear_metrics()

    def _answer(self, event: Mapping[str, Any], deadline: datetime) -> Any:
        signals, context = parse(event), context_of(deadline, self._around.machine)
        adapters = replace(self._adapters, documents=self._documents())
        if isinstance(signals, Batch):
            answer: Any = app.respond(signals, adapters, context)
            self._around.machine.tell(f"failed records: {len(answer['batchItemFailures'])}")
            return answer
        found = app.Invocation(adapters, context).answer(signals)
        answers = list(found) if isinstance(found, tuple) else [found]
        for one in answers:
            if one.decision != "reconciled":
                self._around.machine.tell(f"{one.decision} ({one.reason_code}): {one.reason[:120]}")
        return answers

    def _documents(self) -> Documents:
        """What the environment at work knows of them: one is an index here, so that it is used."""
        strand = self._around.machine.strand
        if strand is None:
            raise AssertionError("only an invocation has documents")
        parameters: Any = self._around.parameters
        known: Documents = strand.environment.caches.setdefault(
            "documents", Documents(parameters, "/pairs", _HOSTS, many=1)
        )
        return known

    def _made(self, send: Send) -> Adapters:
        around, machine = self._around, self._around.machine
        client: Any = TableClient(around.table, around.faults, machine, around.checks.on_call)
        topic: Any = around.topic
        parameters: Any = around.parameters
        secrets: Any = around.secrets
        invoker: Any = _Invoker(around, send)
        failures: Any = FailureQueue(around.faults)
        wire = Transport(_HOSTS, around.transport)
        return Adapters(
            settings=Settings(
                "/pairs", "runs", "topic", "queue", 100 if around.plan.crowd else 5, _HOSTS
            ),
            ledger=Ledger(Table(client, "runs", machine.pause)),
            publisher=Publisher(topic, "topic"),
            documents=Documents(parameters, "/pairs", _HOSTS),
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
        """As `gather.side_by_side` does it, in simulated threads."""
        found = side_by_side(self._around.machine, [*reads.values()], within_s)
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
        around, machine, plan = self._around, self._around.machine, self._around.plan
        name = address.partition(":")[0]
        site = around.sites[name[:-2]]
        cluster = site.pair.clusters[0 if name.endswith("-a") else 1]
        if machine.current:
            machine.current.heard["probe", cluster.id] = (machine.now, None)
        is_disturbed = site is around.site and not around.faults.is_quiet
        if plan.trouble == "names are not found" and is_disturbed:
            machine.pause()
            raise Unreadable("unavailable", "the name is not found", is_transient=True)
        is_cut = plan.trouble == "probe path is cut" and is_disturbed
        is_up = cluster.is_alive and not is_cut
        machine.pause(0 if is_up else 4 if is_cut else 2)  # two time-outs, or two refusals
        return is_up


class _Invoker:
    """Lambda, for invocations of oneself."""

    def __init__(self, around: Surroundings, send: Send) -> None:
        self._around, self._send = around, send

    def reconcile(self, _: str, pair: str, now: datetime) -> bool:
        """Take an asynchronous event, for one pair."""
        return self._takes("pursue", {"pair": pair}, now)

    def look(self, _: str, pair: str | None, until: datetime, now: datetime) -> bool:
        """Take one for a pair that is due, or for what waits."""
        named = {"pair": pair} if pair else {}
        name = "look" if pair else "wait"
        return self._takes(name, {**named, "until": until.isoformat()}, now)

    def _takes(self, name: str, fields: Mapping[str, str], now: datetime) -> bool:
        around = self._around
        event = {"command": "reconcile", **fields, "scheduled_at": now.isoformat()}

        def taken() -> None:
            at = around.machine.now + _A_MOMENT
            around.machine.at(at, lambda: self._send(name, event))

        try:
            around.faults.call("lambda invoke", taken, lambda _: _NotInvoked())
        except _NotInvoked:
            return False
        return True


class _NotInvoked(Exception):
    """Lambda did not take an event."""
