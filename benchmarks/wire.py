"""The way to a server: TLS, a distance, and a record of what was sent when.

A wire answers on a port of loopback with TLS and passes on what it reads to a port without. Each
direction is late by half the round trip, below TLS, so that a handshake pays what it would pay. The
kernel accepts a connection at once; so what a new one sends first is late by one more round trip,
which is what connecting takes. Times are those of the client: when it sent, when it had the answer.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Self
from weakref import WeakSet

from benchmarks.exchanges import Connection, Exchange

_START_S: Final = 10.0
_AT_ONCE: Final = 65_536


class Loop:
    """Wires in a thread of their own, until its `with` block ends."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._wires: list[Wire] = []
        self._servers: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for wire in self._wires:
            wire.hang_up()
        ending = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        ending.result(_START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        # What a distance holds back is still to be closed.
        await asyncio.sleep(max((wire.round_trip_s for wire in self._wires), default=0) + 0.05)
        for transport in [one for wire in self._wires for one in wire.transports]:
            transport.abort()
        await asyncio.sleep(0.05)  # they close in a later turn of the loop

    def wire(self, port_behind: int, round_trip_s: float = 0.0) -> "Wire":
        """A wire to a port of loopback."""
        wire = Wire(self._loop, port_behind, round_trip_s)
        serving = self._loop.create_server(partial(_Near, wire, self.context), "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(_START_S)
        wire.port = server.sockets[0].getsockname()[1]
        self._wires.append(wire)
        self._servers.append(server)
        return wire


@dataclass
class Wire:
    """One way, and what has gone along it.

    Attributes:
        round_trip_s: may be set at any time; it holds for new connections.
        cpu_s: asked at each request; what it says is noted with it.
        instead: answers a request in the server's place: None is the server's, empty is not whole
            yet.
        transports: of all connections that may still be open, on both sides.
    """

    loop: asyncio.AbstractEventLoop
    port_behind: int
    round_trip_s: float = 0.0
    port: int = 0
    cpu_s: Callable[[], float] = lambda: 0.0
    instead: Callable[[bytes], bytes | None] = lambda _: None
    connections: list[Connection] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    transports: "WeakSet[Any]" = field(default_factory=WeakSet)
    _open: "set[_Near]" = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"https://127.0.0.1:{self.port}"

    def clear(self) -> None:
        """Forget what has gone along; connections stay open."""
        self.connections, self.exchanges = [], []

    def hang_up(self) -> None:
        """End all connections, as a server does that has been idle for long."""
        ended = threading.Event()
        self.loop.call_soon_threadsafe(self._hang_up, ended)
        ended.wait(_START_S)

    def _hang_up(self, ended: threading.Event) -> None:
        for one in list(self._open):
            one.end()
        ended.set()


class _Near(asyncio.Protocol):
    """The client's side of a connection."""

    def __init__(self, wire: Wire, context: ssl.SSLContext) -> None:
        self._wire = wire
        self._loop = wire.loop
        self._round_trip_s = wire.round_trip_s
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._far: _Far | None = None
        self._unsent: list[bytes] = []
        self._exchange: Exchange | None = None
        self._is_shaken = self._has_ended = False
        self._last_due = 0.0

    def connection_made(self, transport: Any) -> None:
        """Open the other side, too."""
        self._transport = transport
        self._wire.transports.add(transport)
        now = time.monotonic()
        self._record = Connection(now)
        self._may_send = now + self._round_trip_s
        self._wire.connections.append(self._record)
        self._wire._open.add(self)  # noqa: SLF001 - a part of it
        self._opening = self._loop.create_task(self._open_far())

    async def _open_far(self) -> None:
        """Open the other side; where nobody listens, this one ends as well."""
        port = self._wire.port_behind
        try:
            await self._loop.create_connection(partial(_Far, self), "127.0.0.1", port)
        except OSError:
            self.end()

    def far_made(self, far: "_Far") -> None:
        """Send what has come before the other side was open."""
        self._wire.transports.add(far.transport)
        self._far = far
        if self._has_ended:
            far.transport.close()
        for data in self._unsent:
            far.transport.write(data)
        self._unsent = []

    def data_received(self, data: bytes) -> None:
        """Let what the client has sent arrive later."""
        sent = max(time.monotonic(), self._may_send)
        self._later(sent + self._round_trip_s / 2, self._arrive, data)

    def connection_lost(self, _: Exception | None) -> None:
        """The client has gone."""
        self._later(time.monotonic() + self._round_trip_s / 2, self.end)

    def answered(self, data: bytes) -> None:
        """Send on what the server has answered."""
        if self._has_ended:
            return
        if self._exchange:
            self._exchange.ended = time.monotonic() + self._round_trip_s / 2
        self._tls.write(data)
        self._flush()

    def end(self) -> None:
        """End both sides."""
        if self._has_ended:
            return
        self._has_ended = True
        self._wire._open.discard(self)  # noqa: SLF001 - a part of it
        if self._far:
            self._far.transport.close()
        self._later(time.monotonic() + self._round_trip_s / 2, self._transport.close)

    def _later(self, due: float, call: Callable[..., object], *args: Any) -> None:
        """In the order of the calls, also where several are due at once."""
        self._last_due = due = max(due, self._last_due + 1e-6)
        if self._round_trip_s:
            self._loop.call_at(due, call, *args)
        else:
            call(*args)

    def _arrive(self, data: bytes) -> None:
        if self._has_ended:
            return
        self._in.write(data)
        try:
            self._shake()
            while plain := self._tls.read(_AT_ONCE):
                self._pass_on(plain)
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLError:  # a close notice, or a client that does not believe in us
            self._flush()
            self.end()

    def _shake(self) -> None:
        if not self._is_shaken:
            self._tls.do_handshake()
            self._is_shaken = True
            self._record.ready = time.monotonic() - self._round_trip_s / 2

    def _pass_on(self, plain: bytes) -> None:
        now = time.monotonic()
        if self._exchange is None or self._exchange.ended:
            began = now - self._round_trip_s / 2
            self._exchange = Exchange(self._record, began, now, self._wire.cpu_s())
            self._wire.exchanges.append(self._exchange)
            self._record.requests += 1
        self._exchange.sent += plain
        answer = self._wire.instead(self._exchange.sent)
        if answer is not None:
            if answer:
                self.answered(answer)
        elif self._far:
            self._far.transport.write(plain)
        else:
            self._unsent.append(plain)

    def _flush(self) -> None:
        if out := self._out.read():
            self._later(time.monotonic() + self._round_trip_s / 2, self._transport.write, out)


class _Far(asyncio.Protocol):
    """The server's side of a connection."""

    def __init__(self, near: _Near) -> None:
        self._near = near

    def connection_made(self, transport: Any) -> None:
        """The server is there."""
        self.transport = transport
        self._near.far_made(self)

    def data_received(self, data: bytes) -> None:
        """It answers."""
        self._near.answered(data)

    def connection_lost(self, _: Exception | None) -> None:
        """It has closed the connection."""
        self._near.end()
