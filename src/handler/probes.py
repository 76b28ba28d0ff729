"""The TCP witness: does production's own address take a connection?"""

import socket
import time
from collections.abc import Callable
from typing import Final

from handler.dws.client import Unreadable
from handler.printable import one_line

Probe = Callable[[str], bool]

APART_S: Final = 2.0  # one lost packet is no outage
_CONNECT_S: Final = 2.0
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
    where = host.strip("[]"), int(port)
    try:
        with socket.create_connection(where, timeout=_CONNECT_S, all_errors=True):
            return True
    except ExceptionGroup as several:
        errors = several.exceptions
    except (OSError, OverflowError, UnicodeError) as err:
        errors = (err,)
    # Of several addresses each must have failed by itself: that none is routed to is no outage.
    if silent := [err for err in errors if not isinstance(err, _FAILED)]:
        why = one_line(f"{type(silent[0]).__name__}: {silent[0]}", 200)
        raise Unreadable("unavailable", f"the probe cannot tell ({why})", is_transient=True)
    return False
