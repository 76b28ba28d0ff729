"""The TCP witness: does production's own address take a connection?"""

import socket
import time
from collections.abc import Callable
from typing import Final

from handler.dws.client import Unreadable
from handler.model.printable import one_line

Probe = Callable[[str], bool]
APART_S: Final = 2.0  # one lost packet is no outage
_CONNECT_S: Final = 2.0
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
        where = host.strip("[]"), _port(port)
        with socket.create_connection(where, timeout=_CONNECT_S, all_errors=True):
            return True
    except ExceptionGroup as several:
        errors: tuple[Exception, ...] = several.exceptions
    except (OSError, ValueError) as err:
        errors = (err,)
    # Of several addresses each must have failed by itself: that one is not routed to is no outage.
    if silent := [err for err in errors if not isinstance(err, _FAILED)]:
        why = one_line(f"{type(silent[0]).__name__}: {silent[0]}", _SHOWN)
        raise Unreadable("unavailable", f"the probe cannot tell ({why})", is_transient=True)
    return False


def _port(text: str) -> int:
    """A larger one is not refused when it is looked up: another port is asked."""
    if (port := int(text)) > _LAST_PORT:
        raise ValueError(f"there is no port {port}")
    return port
