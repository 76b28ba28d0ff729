"""The emulator as a whole, and its Python surface."""

from dataclasses import replace
from datetime import datetime
from threading import RLock
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from local.dws.clock import Clock
from local.dws.cluster import Cluster
from local.dws.control import Control
from local.dws.desk import Desk
from local.dws.faults import Fault, Scripted
from local.dws.identity import Credentials
from local.dws.journal import Call
from local.dws.pair import Pair
from local.dws.probes import Probes
from local.dws.scenarios import SCENARIOS
from local.dws.server import Server
from local.dws.variants import Variants
from local.dws.world import PAIR_ID, PROJECT_ID, PairSetup, World


class Emulator:
    """A provider of one's own: `with Emulator() as emulator:` serves it on a loopback port.

    It begins with one healthy pair. Where a method takes a pair id, None means that pair.
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
        self._lock = RLock()
        self._world = World(self.credentials)
        self._desk = Desk(self._world, self.clock, self._lock)
        self._host, self._port = host, port
        self._server: Server | None = None
        self._probes: Probes | None = None
        self.reset()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, in threads of its own."""
        control = Control(self).answer
        server = Server(self._host, self._port, self._desk, control, self._refresh)
        self._probes = Probes(self._host, server.porter, self._world)
        self._server = server
        server.start()

    def stop(self) -> None:
        """End every connection and thread."""
        with self._lock:
            server, self._server, self._probes = self._serving, None, None
        server.stop()

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://{self._serving.address}"

    @property
    def pair(self) -> Pair:
        """The ready pair's model as of now."""
        return self.find_pair()

    @property
    def pairs(self) -> list[Pair]:
        """All pairs as of now."""
        with self._lock:
            self._refresh()
            return list(self._world.pairs.values())

    @property
    def journal(self) -> list[Call]:
        """All calls to the provider's API, in the order of arrival."""
        with self._lock:
            return self._desk.journal.calls

    @property
    def failover_posts(self) -> list[Call]:
        """Every POST …/failover, taken or not."""
        with self._lock:
            return self._desk.journal.failover_posts

    @property
    def faults(self) -> list[Scripted]:
        """The faults that are set."""
        with self._lock:
            return self._desk.script.entries

    def clear_journal(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._desk.journal.clear()

    def find_pair(self, pair_id: str | None = None) -> Pair:
        """A pair's model as of now.

        Raises:
            KeyError: there is no such pair.
        """
        with self._lock:
            self._refresh()
            return self._world.pairs[pair_id or PAIR_ID]

    def add_pair(self, *, variants: Variants | None = None, **setup: Any) -> Pair:
        """Add a healthy pair; ids that are not given are made up."""
        made_up = {name: str(uuid4()) for name in ("id", "production_id", "standby_id")}
        with self._lock:
            pair = self._world.add(PairSetup(**{**made_up, **setup}), self.clock.now(), variants)
            self._refresh()
            return pair

    def remove_pair(self, pair_id: str | None = None) -> None:
        """Make the provider forget a pair, its clusters too."""
        with self._lock:
            del self._world.pairs[pair_id or PAIR_ID]
            self._refresh()

    def set_pair(self, pair_id: str | None = None, **fields: Any) -> None:
        """Force fields of a pair: name, dr_type, sync_period, or any of State."""
        with self._lock:
            self.find_pair(pair_id).set(self.clock.now(), **fields)

    def find_cluster(self, cluster_id: str) -> Cluster:
        """A cluster as of now.

        Raises:
            KeyError: there is no such cluster.
        """
        with self._lock:
            self._refresh()
            return self._world.clusters()[cluster_id][1]

    def set_cluster(self, cluster_id: str, **fields: Any) -> None:
        """Force fields of a cluster."""
        with self._lock:
            pair, _ = self._world.clusters()[cluster_id]
            pair.set_cluster(cluster_id, self.clock.now(), **fields)
            self._refresh()

    def probe_address(self, cluster_id: str) -> str:
        """Where a cluster can be probed by TCP, as `host:port`."""
        with self._lock:
            if self._probes is None:
                raise RuntimeError("the emulator is not started")
            return self._probes.address(cluster_id)

    def break_production(self, pair_id: str | None = None) -> None:
        """Let the production cluster die."""
        with self._lock:
            self.find_pair(pair_id).break_production(self.clock.now())
            self._refresh()

    def restore_production(self, pair_id: str | None = None) -> None:
        """Let dead clusters live again, in the roles that they have now."""
        with self._lock:
            pair = self.find_pair(pair_id)
            pair.restore(self.clock.now())
            self._refresh()

    def vary(self, pair_id: str | None = None, **variants: Any) -> None:
        """Set variants of a pair, from now on."""
        with self._lock:
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
        with self._lock:
            return self._desk.script.add(fault)

    def clear_faults(self, fault_id: int | None = None) -> None:
        """Take a fault out of the script, or all."""
        with self._lock:
            self._desk.script.remove(fault_id)
        self._serving.accept_again()

    def issue_token(self, project_id: str = PROJECT_ID) -> str:
        """A token as IAM would give, for who does not care for signatures."""
        with self._lock:
            return self._world.tokens.issue(project_id, self.clock.now())[0]

    def revoke_tokens(self) -> int:
        """Make all tokens invalid, and tell how many."""
        with self._lock:
            return self._world.tokens.revoke_all()

    def set_token_lifetime(self, seconds: float) -> None:
        """Let tokens issued from now on live so long."""
        with self._lock:
            self._world.tokens.lifetime_s = seconds

    def set_credentials(self, credentials: Credentials) -> None:
        """Know another access key, or the same with another secret."""
        with self._lock:
            self._world.credentials[credentials.access_key] = credentials

    @property
    def access_keys(self) -> list[str]:
        """The access keys that are known."""
        with self._lock:
            return list(self._world.credentials)

    def scenario(self, name: str) -> None:
        """Begin anew with a scenario.

        Raises:
            KeyError: there is no such scenario.
        """
        scenario = SCENARIOS[name]
        with self._lock:
            self.reset()
            scenario.set_up(self)

    def reset(self) -> None:
        """Begin anew: the ready pair, no fault, an empty journal; the clock stays."""
        with self._lock:
            if self._server is not None:
                self._server.accept_again()
            self._world.pairs.clear()
            self._desk.script.remove()
            self._desk.journal.clear()
            self._world.add(self._ready_pair, self.clock.now())
            self._refresh()

    @property
    def _serving(self) -> Server:
        if self._server is None:
            raise RuntimeError("the emulator is not started")
        return self._server

    def _refresh(self) -> None:
        with self._lock:
            self._world.advance(self.clock.now())
            if self._probes is not None:
                self._probes.follow()
