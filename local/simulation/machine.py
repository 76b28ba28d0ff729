"""Simulated time, and invocations that take turns at every read and write.

Each invocation is a greenlet. Whatever it does with the outside takes a moment of simulated time,
in which the others go on; there it can also be killed. The same random numbers make the same
history.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")
LIFETIME = timedelta(seconds=300)


class Killed(BaseException):
    """The process ends here; nothing of the function catches it."""


@dataclass
class Invocation:
    """One invocation: who it is in the story, and how long it may live."""

    name: str
    deadline: datetime
    is_dead: bool = False
    tables_trouble: bool = False
    published: set[str] = field(default_factory=set)


class Machine:
    """The clock, the agenda, and the story so far."""

    def __init__(self, start: datetime, random: Random) -> None:
        self.start = start
        self.now = start
        self.random = random
        self.story: list[str] = []
        self._agenda: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = 0
        self._hub = getcurrent()
        self._running: dict[greenlet, Invocation] = {}
        self.found: Exception | None = None

    def clock(self) -> datetime:
        """The simulated time."""
        return self.now

    def at(self, when: datetime, action: Callable[[], object]) -> None:
        """Put something on the agenda."""
        self._count += 1
        heapq.heappush(self._agenda, (max(when, self.now), self._count, action))

    def run_until(self, end: datetime) -> None:
        """Let everything happen that is due until then.

        Raises:
            Exception: what was found, whoever may have caught it since.
        """
        while self._agenda and self._agenda[0][0] <= end:
            self.now, _, action = heapq.heappop(self._agenda)
            action()
            if self.found:
                raise self.found
        self.now = max(self.now, end)

    def spawn(self, invocation: Invocation, work: Callable[[], object]) -> None:
        """Start an invocation now."""
        one = greenlet(work)
        self._running[one] = invocation
        self._switch(one)

    @property
    def current(self) -> Invocation | None:
        """The invocation whose turn it is."""
        return self._running.get(getcurrent())

    def pause(self, seconds: float = 0) -> None:
        """Let others go on for a moment, and these seconds.

        Raises:
            Killed: the invocation does not live to see its next turn.
        """
        invocation = self.current
        if invocation is None:
            self.now += timedelta(seconds=seconds)
            return
        if invocation.is_dead:
            raise Killed
        moment = self.random.uniform(0.002, 0.05) + seconds
        one = getcurrent()
        self.at(self.now + timedelta(seconds=moment), lambda: self._switch(one))
        self._hub.switch()
        if self.now > invocation.deadline:
            self.kill("its time is over")

    def kill(self, why: str) -> None:
        """End the invocation whose turn it is, as Lambda or an accident does.

        Raises:
            Killed: always.
        """
        invocation = self.current
        if invocation is not None:
            invocation.is_dead = True
            self.tell(f"killed: {why}")
        raise Killed

    def tell(self, what: str) -> None:
        """Add a line to the story."""
        at = (self.now - self.start).total_seconds()
        who = self.current.name if self.current else "-"
        self.story.append(f"{at:9.2f} s  {who:<16} {what}")

    def _switch(self, one: Any) -> None:
        one.switch()
        if one.dead:
            self._running.pop(one, None)
