"""The HTTP server: a thread per connection, all ended within moments when it stops."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from local.dws.api.router import Router
from local.dws.http.exchange import Exchange
from local.dws.http.listening import Port, Porter
from local.dws.wire import Answer, Request


class Server:
    """Serves the router and the control API on one port."""

    def __init__(
        self,
        host: str,
        number: int,
        router: Router,
        control: Callable[[Request], Answer],
        on_tick: Callable[[], None],
    ) -> None:
        self._router = router
        self._control = control
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._refuses_until: float | None = None
        self._on_tick = on_tick
        self._port = Port(host, number, self._on_connection)
        self.porter = Porter(self._tick)
        self.address = self._port.address

    @property
    def open_connections(self) -> int:
        """How many are open."""
        with self._lock:
            return len(self._connections)

    def start(self) -> None:
        """Accept connections from now on."""
        self.porter.open(self._port)
        self.porter.start()

    def stop(self) -> None:
        """End every connection, stalled or not, and every thread."""
        self._stopping.set()
        self.porter.stop()
        for thread in self._hang_up():
            thread.join()

    def refuse_for(self, seconds: float) -> None:
        """Refuse connections for a while, and end those that are open."""
        self._refuses_until = time.monotonic() + seconds
        self.porter.shut(self._port)
        self._hang_up()

    def accept_again(self) -> None:
        """Accept connections, if they were refused."""
        self._refuses_until = None
        self.porter.open(self._port)

    def _tick(self) -> None:
        if self._refuses_until is not None and time.monotonic() >= self._refuses_until:
            self.accept_again()
        self._on_tick()

    def _on_connection(self, connection: socket.socket) -> None:
        thread = threading.Thread(
            target=self._serve, args=(connection,), name="dws-connection", daemon=True
        )
        with self._lock:
            self._connections[connection] = thread
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setblocking(True)  # noqa: FBT003 # the standard library's own signature
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            Exchange(
                connection, self._router, self._control, self.refuse_for, self._stopping
            ).serve()
        finally:
            with self._lock:
                self._connections.pop(connection, None)
                connection.close()

    def _hang_up(self) -> list[threading.Thread]:
        with self._lock:
            open_now = list(self._connections.items())
            for connection, thread in open_now:
                # Who asks for it by the control API still gets an answer.
                if thread is threading.current_thread():
                    continue
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        return [thread for _, thread in open_now]
