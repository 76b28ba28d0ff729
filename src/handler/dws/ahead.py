"""Connections that are opened before they are needed, each for one request.

A handshake with the provider takes two round trips and waits for nothing that is read or stored
here: it is done meanwhile, by a thread. What is opened ahead belongs to one invocation, carries one
request or none, and is closed at the end: the sockets of an environment that was frozen are dead.

The peer may hang up on a connection that lies idle, and an order that is sent on such a one has an
unknown fate. So it is looked at just before, and used only while it is young.
"""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Final

from handler.dws.line import Line
from handler.dws.threads import leave_behind, threads

# More handshakes at once would only be slower together, on a share of one CPU.
MOST: Final = 16


@dataclass(frozen=True)
class _Opening:
    line: Future[Line]
    is_wanted: threading.Event


class Ahead:
    """The connections that one invocation has opened ahead, by what they are for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._openings: dict[tuple[str, str], list[_Opening]] = {}
        self._is_over = False

    def open(
        self, purpose: tuple[str, str], connect: Callable[[], Line], after_s: float = 0.0
    ) -> None:
        """Begin to open a connection, at once or in a while; none beyond a few that wait.

        Args:
            purpose: the endpoint and the method that it is for: no read takes an order's.
            connect: opens it.
            after_s: when to begin, unless it is wanted before.
        """
        with self._lock:
            waiting = sum(map(len, self._openings.values()))
            if self._is_over or waiting >= MOST:
                return
            is_wanted = threading.Event()

            def opened() -> Line:
                is_wanted.wait(after_s)
                if self._is_over:
                    raise CancelledError
                return connect()

            opening = _Opening(threads().submit(opened), is_wanted)
            self._openings.setdefault(purpose, []).append(opening)

    def take(self, purpose: tuple[str, str], within_s: float) -> Line | None:
        """A connection that is as good as a new one, if one was opened for this.

        What is still being opened is waited for. Why one could not be opened is not told: whoever
        needs one opens it then, and hears.
        """
        while opening := self._next(purpose):
            opening.is_wanted.set()
            try:
                line = opening.line.result(within_s)
            except (TimeoutError, CancelledError):
                _hang_up(opening)
                return None
            except Exception:  # noqa: BLE001 - see above
                return None
            if line.is_fit:
                return line
            line.close()
        return None

    def close(self) -> None:
        """Hang up all that nobody has taken, also what is still being opened."""
        with self._lock:
            self._is_over = True
            unused = [one for some in self._openings.values() for one in some]
            self._openings.clear()
        for opening in unused:
            opening.is_wanted.set()
            _hang_up(opening)

    def _next(self, purpose: tuple[str, str]) -> _Opening | None:
        with self._lock:
            waiting = self._openings.get(purpose)
            return waiting.pop(0) if waiting else None


def _hang_up(opening: _Opening) -> None:
    """Close a connection as soon as it is there."""

    def hang_up(done: "Future[Line]") -> None:
        with contextlib.suppress(Exception):  # there is none
            done.result().close()

    if opening.line.cancel():
        return
    if not opening.line.done():
        leave_behind()  # it may hang
    opening.line.add_done_callback(hang_up)
