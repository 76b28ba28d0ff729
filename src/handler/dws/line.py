"""One connection for one request, on which nothing is waited for beyond the request's deadline.

httpx's own transport keeps connections and limits each read by itself: a peer that sends a byte a
second could hold the function for ever. Here each read and write waits for what is left.
"""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpcore
import httpx

from handler.dws.departure import Deadline
from handler.dws.stream import Clear, Secured, connected

# Far less than any server lets a new connection wait for its first request; and as long as a slow
# provider takes to be read, for whose order another handshake would take too long.
GOOD_FOR_S: Final = 5.0
_CONNECT_S: Final = 5.0
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Line:
    """An open connection that has carried nothing yet."""

    origin: httpcore.Origin
    stream: Clear
    opened_at: float = field(default_factory=time.monotonic)

    @property
    def is_fit(self) -> bool:
        """Whether it is young, and the peer has neither hung up nor said anything."""
        # That a socket is readable says nothing: after each handshake of TLS 1.3 it is, with the
        # peer's session tickets. Reading takes them off, and finds that nothing else is there.
        return time.monotonic() - self.opened_at <= GOOD_FOR_S and self.stream.is_quiet

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as httpx's transports do, on this connection, and begin its answer.

        It has the extensions of httpx's, its `deadline`, and `heard`, which is set once anything
        has come back.
        """
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        stream = _Until(self.stream, request.extensions["deadline"], request.extensions["heard"])
        given = httpcore.HTTP11Connection(self.origin, stream).handle_request(asked)
        return httpx.Response(given.status, headers=given.headers, stream=_Body(given))

    def close(self) -> None:
        """Hang up, if that has not been done."""
        self.stream.close()


class Lines(httpx.BaseTransport):
    """Opens a new connection for each request, its certificate checked by `context`."""

    def __init__(self, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["http/1.1"])
        # An order could not be written while the peer has another handshake going.
        context.options |= ssl.OP_NO_RENEGOTIATION
        self._context = context

    def connect(self, url: httpx.URL, deadline: Deadline) -> Line:
        """A connection to a URL's host.

        Raises:
            httpcore.UnsupportedProtocol: it has no scheme that could be.
            httpcore.ConnectError, httpcore.ConnectTimeout: there is none.
        """
        if url.scheme not in _PORTS or not url.host:
            raise httpcore.UnsupportedProtocol(f"no scheme or host: {url}")
        origin = httpcore.Origin(url.raw_scheme, url.raw_host, url.port or _PORTS[url.scheme])
        host = url.raw_host.decode("ascii")
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
            socket = connected(host, origin.port, Deadline(deadline.within_s(_CONNECT_S)))
            if url.scheme == "http":
                return Line(origin, Clear(socket))
            within = Deadline(deadline.within_s(_CONNECT_S))
            return Line(origin, Secured(socket, self._context, host, within))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request on a connection of its own, and begin its answer."""
        line = self.connect(request.url, request.extensions["deadline"])
        try:
            return line.handle_request(request)
        except BaseException:
            line.close()
            raise


class _Until(httpcore.NetworkStream):
    """A stream on which nobody waits beyond a deadline, however slowly the peer goes on."""

    def __init__(self, stream: Clear, deadline: Deadline, heard: threading.Event) -> None:
        self._stream, self._deadline, self._heard = stream, deadline, heard

    # No limit that httpcore gives ends before the deadline.
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError):
            came = self._stream.read(max_bytes, self._deadline)
        if came:
            self._heard.set()
        return came

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            self._stream.write(buffer, self._deadline)

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _told_as(late: type[Exception], other: type[Exception]) -> Iterator[None]:
    """What goes wrong with a socket, as httpcore tells it."""
    try:
        yield
    except TimeoutError as err:
        raise late(err) from err
    except OSError as err:
        raise other(err) from err


class _Body(httpx.SyncByteStream):
    def __init__(self, given: httpcore.Response) -> None:
        self._given = given

    def __iter__(self) -> Iterator[bytes]:
        yield from self._given.iter_stream()

    def close(self) -> None:
        self._given.close()
