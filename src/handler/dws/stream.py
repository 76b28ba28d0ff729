"""A connection's bytes, in the clear or over TLS; nobody waits for them beyond a deadline.

OpenSSL does not return from a call while there is another record that is no data: a peer that sends
session tickets, or greetings before its certificate, without end would hold the function for ever.
So OpenSSL has no socket. It is given what has come, and what is given in vain is counted.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Final, TypeVar

from handler.dws.departure import Deadline

T = TypeVar("T")
_AT_ONCE: Final = 64 * 1024
# A certificate with all its authorities has a tenth of it, OpenSSL takes none of more than 100 kB.
_IN_VAIN: Final = 256 * 1024


def connected(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A socket that is connected to the first address of a host that takes one.

    Each address has an equal share of what is left of the time, so that no dead one takes it all.

    Raises:
        OSError: no address takes one in time; this is why the last one does not.
    """
    last = OSError(f"{host} has no address")
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for number, (family, _, _, _, address) in enumerate(addresses):
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.settimeout(deadline.left_s / (len(addresses) - number))
            made.connect(address)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as err:
            made.close()
            last = err
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise last


class Clear:
    """A connected socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    @property
    def is_quiet(self) -> bool:
        """Whether the peer has neither hung up nor said anything, which is lost here if it has."""
        try:
            self.read(1, None)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def read(self, most: int, deadline: Deadline | None) -> bytes:
        """What comes next, nothing at the end; without a deadline it is not waited for.

        Raises:
            TimeoutError: nothing has come by then.
            BlockingIOError: nothing is there.
            OSError: nothing will come.
        """
        return self._receive(most, deadline)

    def write(self, content: bytes, deadline: Deadline) -> None:
        """Send it all.

        Raises:
            OSError: it could not be sent whole by then, or at all.
        """
        self._send(content, deadline)

    def close(self) -> None:
        """Hang up, without another word."""
        self._socket.close()

    def _receive(self, most: int, deadline: Deadline | None) -> bytes:
        if deadline and deadline.is_over:
            raise TimeoutError("the deadline is over")
        self._wait(deadline)
        return self._socket.recv(most)

    def _send(self, content: bytes, deadline: Deadline | None) -> None:
        self._wait(deadline)
        self._socket.sendall(content)

    def _wait(self, deadline: Deadline | None) -> None:
        self._socket.settimeout(deadline.left_s if deadline else 0)


class Secured(Clear):
    """The same over TLS; the peer has proved to be a host.

    Raises:
        OSError: it has not by the deadline, or is another.
    """

    def __init__(
        self, connected: socket.socket, context: ssl.SSLContext, host: str, deadline: Deadline
    ) -> None:
        super().__init__(connected)
        self._come, self._go = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            self._tls = context.wrap_bio(self._come, self._go, server_hostname=host)
            self._done(self._tls.do_handshake, deadline)
        except BaseException:
            self.close()
            raise

    def read(self, most: int, deadline: Deadline | None) -> bytes:
        """As in the clear."""
        try:
            return self._done(lambda: self._tls.read(most), deadline)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    def write(self, content: bytes, deadline: Deadline) -> None:
        """As in the clear."""
        self._tls.write(content)
        self._send(self._go.read(), deadline)

    def _done(self, step: Callable[[], T], deadline: Deadline | None) -> T:
        """What a step of OpenSSL comes to once enough has come for it."""
        in_vain = 0
        while in_vain <= _IN_VAIN:
            try:
                return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                self._reply(deadline)
            came = self._receive(_AT_ONCE, deadline)
            in_vain += len(came)
            if came:
                self._come.write(came)
            else:
                self._come.write_eof()
        raise ssl.SSLError(ssl.SSL_ERROR_SSL, f"{in_vain} bytes of TLS have come to nothing")

    def _reply(self, deadline: Deadline | None) -> None:
        """Send what OpenSSL has to say: if that fails, what has come is there all the same."""
        if reply := self._go.read():
            with contextlib.suppress(OSError):
                self._send(reply, deadline)
