"""Loopback ports that accept or refuse on demand, watched by one thread.

A port that refuses is closed and bound again without listening: it keeps its number, and who
connects is told at once that nobody is there.
"""

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable

TICK_S = 0.02
BACKLOG = 256

OnConnection = Callable[[socket.socket], None]


class Port:
    """One TCP port; it accepts once opened."""

    def __init__(self, host: str, number: int, on_connection: OnConnection) -> None:
        self._host = host
        self.on_connection = on_connection
        self.is_open = False
        self.socket = self._bind(number)
        self.number: int = self.socket.getsockname()[1]

    @property
    def address(self) -> str:
        """Its address as `host:port`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.number}"

    def open(self) -> None:
        """Accept connections."""
        self.socket.listen(BACKLOG)
        self.is_open = True

    def shut(self) -> None:
        """Refuse connections, those too that wait to be accepted."""
        self.socket.close()
        self.socket = self._bind(self.number)
        self.is_open = False

    def _bind(self, number: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        bound = socket.socket(family)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setblocking(False)  # noqa: FBT003 # the standard library's own signature
        try:
            bound.bind((self._host, number))
        except OSError:
            bound.close()
            raise
        return bound


class Porter(threading.Thread):
    """Accepts on all open ports, and calls `on_tick` many times a second."""

    def __init__(self, on_tick: Callable[[], None]) -> None:
        super().__init__(name="dws-porter", daemon=True)
        self._on_tick = on_tick
        self._ports: set[Port] = set()
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._stopping = threading.Event()

    def open(self, port: Port) -> None:
        """Let a port accept."""
        with self._lock:
            self._ports.add(port)
            if not port.is_open:
                port.open()
                self._selector.register(port.socket, selectors.EVENT_READ, port)

    def shut(self, port: Port) -> None:
        """Let a port refuse."""
        with self._lock:
            self._ports.add(port)
            if port.is_open:
                self._selector.unregister(port.socket)
                port.shut()

    def remove(self, port: Port) -> None:
        """Give a port up."""
        self.shut(port)
        with self._lock:
            self._ports.discard(port)
            port.socket.close()

    def run(self) -> None:
        """Accept until stopped."""
        while not self._stopping.is_set():
            for key, _ in self._selector.select(TICK_S):
                self._accept(key.data)
            self._on_tick()

    def stop(self) -> None:
        """Give all ports up and end the thread."""
        self._stopping.set()
        self.join()
        for port in list(self._ports):
            self.remove(port)
        self._selector.close()

    def _accept(self, port: Port) -> None:
        # Between the event and here the port may have been shut, or the client gone.
        with self._lock, contextlib.suppress(OSError):
            if port.is_open:
                connection, _ = port.socket.accept()
                port.on_connection(connection)
