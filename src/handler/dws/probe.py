"""The TCP witness: does production's own address take a connection?"""

import errno
import select
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from handler.dws.client import Unreadable
from handler.model.printable import one_line

Probe = Callable[[str], bool]
APART_S: Final = 2.0  # one lost packet is no outage
_CONNECT_S: Final = 2.0
_MOST: Final = 16  # addresses of one name
_LAST_PORT: Final = 65_535
_SHOWN: Final = 200
_FAILED: Final = (ConnectionRefusedError, TimeoutError)


def probe(address: str) -> bool:
    """Connect to `host:port`; False only after two failures that are 2 s apart.

    Raises:
        Unreadable: what failed says something about this side, or about names, and nothing about
            who listens there.
    """
    began = time.monotonic()
    if _connects(address):
        return True
    time.sleep(max(0.0, began + APART_S - time.monotonic()))
    return _connects(address)


def _connects(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        errors = _failed(host.strip("[]"), _port(port))
    except (OSError, ValueError) as err:
        errors = [err]
    if errors is None:
        return True
    # Of several addresses each must have failed by itself: that one is not routed to is no outage.
    if silent := [err for err in errors if not isinstance(err, _FAILED)]:
        why = one_line(f"{type(silent[0]).__name__}: {silent[0]}", _SHOWN)
        raise Unreadable("unavailable", f"the probe cannot tell ({why})", is_transient=True)
    return False


def _failed(host: str, port: int) -> list[Exception] | None:
    """Why each address of a host takes no connection; None if one takes it.

    All are asked at once: each has its two seconds, and one that is silent delays no other.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if len(addresses) > _MOST:
        raise ValueError(f"{len(addresses)} addresses are more than {_MOST}")
    waiting: list[socket.socket] = []
    errors: list[Exception] = []
    with ExitStack() as held:
        for family, _, _, _, address in addresses:
            try:
                made = held.enter_context(socket.socket(family, socket.SOCK_STREAM))
                made.settimeout(0)
                made.connect(address)
            except BlockingIOError:
                waiting.append(made)
            except OSError as err:
                errors.append(err)
            else:
                return None
        refusals = _refusals(waiting)
    return None if refusals is None else [*errors, *refusals]


def _refusals(waiting: list[socket.socket]) -> list[Exception] | None:
    """What becomes of sockets that are connecting; None if one has connected."""
    errors: list[Exception] = []
    until = time.monotonic() + _CONNECT_S
    while waiting:
        _, ready, _ = select.select([], waiting, [], max(0.0, until - time.monotonic()))
        if not ready:
            return [*errors, *(TimeoutError("timed out") for _ in waiting)]
        for one in ready:
            waiting.remove(one)
            if not (code := one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
                return None
            errors.append(OSError(code, errno.errorcode.get(code, "")))
    return errors


def _port(text: str) -> int:
    """A larger one is not refused when it is looked up: another port is asked."""
    if (port := int(text)) > _LAST_PORT:
        raise ValueError(f"there is no port {port}")
    return port
