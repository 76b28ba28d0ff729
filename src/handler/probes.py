"""The TCP witness: does production's own address take a connection?"""

import socket
import time
from collections.abc import Callable
from typing import Final

Probe = Callable[[str], bool]

APART_S: Final = 2.0  # one lost packet is no outage
_CONNECT_S: Final = 2.0


def probe(address: str) -> bool:
    """Connect to `host:port`; False only after two failures that are 2 s apart."""
    began = time.monotonic()
    if _connects(address):
        return True
    time.sleep(max(0.0, began + APART_S - time.monotonic()))
    return _connects(address)


def _connects(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_S):
            return True
    except (OSError, OverflowError, UnicodeError):
        return False
