"""The emulated provider as who controls it sees it: its model, and what can be done to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import Any
from uuid import uuid4

from local.dws.api.faults import Fault, Scripted
from local.dws.api.journal import Call
from local.dws.api.router import Router
from local.dws.api.world import World
from local.dws.auth.identity import Credentials
from local.dws.http.probes import Probes
from local.dws.http.server import Server
from local.dws.model.clock import Clock
from local.dws.model.cluster import Cluster
from local.dws.model.orders import OrderKind
from local.dws.model.pair import Pair
from local.dws.model.setup import PAIR_ID, PROJECT_ID, PairSetup
from local.dws.model.variants import Variants
from local.dws.wire import Answer, Request


class Provider:
    """A provider of one's own, to look into and to force.

    It begins with one healthy pair. Where a method takes a pair id, None means that pair. Who
    starts it is the `Emulator`.
    """

    project_id = PROJECT_ID

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Credentials | None = None,
        sync_every_s: float | None = None,
        now: datetime | None = None,
        is_frozen: bool = False,
    ) -> None:
        self.credentials = credentials or Credentials()
        self.clock = Clock(now, is_frozen=is_frozen)
        self._ready_pair = PairSetup(sync_every_s=sync_every_s)
        self.lock = RLock()  # held by who changes several things at once
        self._world = World(self.credentials)
        self._router = Router(self._world, self.clock, self.lock)
        self._host, self._port = host, port
        self._server: Server | None = None
        self._probes: Probes | None = None
        self.reset()

    def serve(self, control: Callable[[Request], Answer]) -> None:
        """Serve in threads of its own, with `control` beside the provider's API."""
        server = Server(self._host, self._port, self._router, control, self._refresh)
        self._probes = Probes(self._host, server.porter, self._world)
        self._server = server
        server.start()

    def close(self) -> None:
        """End every connection and thread."""
        with self.lock:
            server, self._server, self._probes = self._serving, None, None
        server.stop()

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://{self._serving.address}"

    @property
    def open_connections(self) -> int:
        """How many connections to its API are open."""
        return self._serving.open_connections

    @property
    def pair(self) -> Pair:
        """The ready pair's model as of now."""
        return self.find_pair()

    @property
    def pairs(self) -> list[Pair]:
        """All pairs as of now."""
        with self.lock:
            self._refresh()
            return list(self._world.pairs.values())

    @property
    def journal(self) -> list[Call]:
        """All calls to the provider's API, in the order of arrival."""
        with self.lock:
            return self._router.journal.calls

    @property
    def failover_posts(self) -> list[Call]:
        """Every POST …/failover, taken or not."""
        with self.lock:
            return self._router.journal.failover_posts

    @property
    def faults(self) -> list[Scripted]:
        """The faults that are set."""
        with self.lock:
            return self._router.script.entries

    def clear_journal(self) -> None:
        """Forget all calls."""
        with self.lock:
            self._router.journal.clear()

    def find_pair(self, pair_id: str | None = None) -> Pair:
        """A pair's model as of now.

        Raises:
            KeyError: there is no such pair.
        """
        with self.lock:
            self._refresh()
            return self._world.pairs[pair_id or PAIR_ID]

    def add_pair(self, *, variants: Variants | None = None, **setup: Any) -> Pair:
        """Add a healthy pair; ids that are not given are made up."""
        made_up = {name: str(uuid4()) for name in ("id", "production_id", "standby_id")}
        with self.lock:
            pair = self._world.add(PairSetup(**{**made_up, **setup}), self.clock.now(), variants)
            self._refresh()
            return pair

    def remove_pair(self, pair_id: str | None = None) -> None:
        """Make the provider forget a pair, its clusters too."""
        with self.lock:
            del self._world.pairs[pair_id or PAIR_ID]
            self._refresh()

    def set_pair(self, pair_id: str | None = None, **fields: Any) -> None:
        """Force fields of a pair: name, dr_type, sync_period, or any of State."""
        with self.lock:
            self.find_pair(pair_id).set(self.clock.now(), **fields)

    def find_cluster(self, cluster_id: str) -> Cluster:
        """A cluster as of now.

        Raises:
            KeyError: there is no such cluster.
        """
        with self.lock:
            self._refresh()
            return self._world.clusters()[cluster_id][1]

    def set_cluster(self, cluster_id: str, **fields: Any) -> None:
        """Force fields of a cluster."""
        with self.lock:
            pair, _ = self._world.clusters()[cluster_id]
            pair.set_cluster(cluster_id, self.clock.now(), **fields)
            self._refresh()

    def probe_address(self, cluster_id: str) -> str:
        """Where a cluster can be probed by TCP, as `host:port`."""
        with self.lock:
            if self._probes is None:
                raise RuntimeError("the emulator is not started")
            return self._probes.address(cluster_id)

    def break_production(self, pair_id: str | None = None) -> None:
        """Let the production cluster die."""
        with self.lock:
            self.find_pair(pair_id).break_production(self.clock.now())
            self._refresh()

    def restore_production(self, pair_id: str | None = None) -> None:
        """Let dead clusters live again, in the roles that they have now."""
        with self.lock:
            pair = self.find_pair(pair_id)
            pair.restore(self.clock.now())
            self._refresh()

    def order_in_console(self, kind: OrderKind, pair_id: str | None = None) -> None:
        """Let a person order in the provider's console.

        Raises:
            OrderRefused: the provider does not take it.
        """
        with self.lock:
            self.find_pair(pair_id).order(kind, self.clock.now(), by="console")
            self._refresh()

    def let_pass(self, seconds: float) -> None:
        """Let time pass at once for all pairs, without the clock: their past becomes older."""
        with self.lock:
            for pair in self._world.pairs.values():
                pair.grow_older(seconds)
            self._refresh()

    def recover(self, pair_id: str | None = None) -> None:
        """Re-establish disaster recovery, as *DR Recovery* of the console does.

        Dead clusters live again first: what is wiped there is a new standby here.

        Raises:
            OrderRefused: the pair is in another state than `abnormal`.
        """
        with self.lock:
            pair, now = self.find_pair(pair_id), self.clock.now()
            if pair.status == "abnormal":
                pair.restore(now)
            pair.order("recovery", now)
            self._refresh()

    def vary(self, pair_id: str | None = None, **variants: Any) -> None:
        """Set variants of a pair, from now on."""
        with self.lock:
            pair = self.find_pair(pair_id)
            pair.variants = replace(pair.variants, **variants)

    def fault(self, operation: str, kind: str, **fields: Any) -> Scripted:
        """Script a fault; fields are those of Fault."""
        return self.add_fault(Fault(operation=operation, kind=kind, **fields))  # type: ignore[arg-type]

    def add_fault(self, fault: Fault) -> Scripted:
        """Script a fault that is made already."""
        if fault.kind == "refuse" and fault.operation == "any":
            self._serving.refuse_for(fault.seconds)
            return Scripted(0, fault, seen=1)
        with self.lock:
            return self._router.script.add(fault)

    def watch_faults(self, watcher: Callable[[Call], None]) -> None:
        """Be told of each call that a fault befalls, before it has an effect or an answer."""
        with self.lock:
            self._router.on_fault = watcher

    def clear_faults(self, fault_id: int | None = None) -> None:
        """Take a fault out of the script, or all."""
        with self.lock:
            self._router.script.remove(fault_id)
        self._serving.accept_again()

    def issue_token(self, project_id: str = PROJECT_ID) -> str:
        """A token as IAM would give, for who does not care for signatures."""
        with self.lock:
            return self._world.tokens.issue(project_id, self.clock.now())[0]

    def revoke_tokens(self) -> int:
        """Make all tokens invalid, and tell how many."""
        with self.lock:
            return self._world.tokens.revoke_all()

    def set_token_lifetime(self, seconds: float) -> None:
        """Let tokens issued from now on live so long."""
        with self.lock:
            self._world.tokens.lifetime_s = seconds

    def set_gateway_ahead(self, seconds: float) -> None:
        """Let the gateway, which looks at signatures and tokens, be ahead of all other clocks."""
        with self.lock:
            self._router.gateway_ahead_s = seconds

    def set_credentials(self, credentials: Credentials) -> None:
        """Know another access key, or the same with another secret."""
        with self.lock:
            self._world.credentials[credentials.access_key] = credentials

    @property
    def access_keys(self) -> list[str]:
        """The access keys that are known."""
        with self.lock:
            return list(self._world.credentials)

    def reset(self) -> None:
        """Begin anew: the ready pair, no fault, an empty journal; the clock stays."""
        with self.lock:
            if self._server is not None:
                self._server.accept_again()
            self._world.pairs.clear()
            self._router.script.remove()
            self._router.journal.clear()
            self._world.add(self._ready_pair, self.clock.now())
            self._refresh()

    @property
    def _serving(self) -> Server:
        if self._server is None:
            raise RuntimeError("the emulator is not started")
        return self._server

    def _refresh(self) -> None:
        with self.lock:
            self._world.advance(self.clock.now())
            if self._probes is not None:
                self._probes.follow()
