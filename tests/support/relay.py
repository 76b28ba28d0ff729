"""A relay before a provider, which knows of each connection when it came and what it carried."""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Seen:
    """A connection, by this machine's clock; None is what has not happened."""

    opened_at: float = field(default_factory=time.monotonic)
    spoke_at: float | None = None
    closed_at: float | None = None
    first: bytes = b""
    connection: socket.socket | None = None

    @property
    def is_order(self):
        return self.first.startswith(b"POST") and b"/failover " in self.first


class Relay:
    """Serves on a port of loopback until its `with` block ends."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._behind = host, int(port)
        self.seen = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    @property
    def unclosed(self):
        return [one for one in self.seen if one.closed_at is None]

    def hang_up(self):
        """End what is open."""
        for one in self.unclosed:
            one.connection.shutdown(socket.SHUT_RDWR)
        while self.unclosed:
            time.sleep(0.01)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                seen = Seen(connection=connection)
                self.seen.append(seen)
                threading.Thread(target=self._relay, args=(connection, seen), daemon=True).start()

    def _relay(self, client, seen):
        with client, socket.create_connection(self._behind) as provider:
            back = threading.Thread(target=_pump, args=(provider, client), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while data := client.recv(65536):
                    seen.spoke_at = seen.spoke_at or time.monotonic()
                    seen.first = seen.first or data
                    provider.sendall(data)
            seen.closed_at = time.monotonic()


def _pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
