"""Simulated time, and invocations that take turns at every read and write.

Each invocation runs in an environment, as on Lambda, and may have threads; each of these is a
greenlet. Whatever one does with the outside takes a moment of simulated time, in which the others
go on; there it can also be killed. When an invocation has answered, its environment freezes with
the threads that are left in it; they go on once it is invoked again. The same random numbers make
the same history.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

from local.simulation.strands import Environment, Invocation, Killed, Strand, Violation

_A_MOMENT = timedelta(milliseconds=1)


class Machine:
    """The clock, the agenda, and the story so far."""

    def __init__(self, start: datetime, random: Random) -> None:
        self.start = start
        self.now = start
        self.random = random
        self.story: list[str] = []
        self.environments: list[Environment] = []
        self._agenda: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = 0
        self._hub = getcurrent()
        self._found: Exception | None = None
        self._strands: dict[Any, Strand] = {}

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
            Violation: something must not be that has happened.
        """
        while self._agenda and self._agenda[0][0] <= end:
            self.now, _, action = heapq.heappop(self._agenda)
            action()
            if self._found:
                raise self._found
        self.now = max(self.now, end)

    def check(self) -> None:
        """Raise what was found.

        Raises:
            Violation: something must not be that has happened.
        """
        if self._found:
            raise self._found

    def found(self, what: Exception | str) -> None:
        """Note what must not be; it ends the history, whoever may catch exceptions until then."""
        found = what if isinstance(what, Exception) else Violation(what)
        self._found = self._found or found

    def close(self) -> None:
        """End whatever still goes on."""
        for environment in self.environments:
            environment.is_dead = True
        for strand in list(self._strands.values()):
            strand.turn += 1
            self._switch(strand)

    def spawn(self, invocation: Invocation, work: Callable[[], object]) -> None:
        """Start an invocation now, in the environment that was last at work, or in a new one."""
        environment = self._free_environment()
        environment.invocation = invocation

        def lived() -> None:
            try:
                work()
            except Killed:
                invocation.is_dead = environment.is_dead = True
            finally:
                invocation.has_ended, environment.invocation = True, None

        thawed, environment.frozen = environment.frozen, []
        for one in thawed:
            self._wake(one, self.now)
        self._start(Strand(invocation, environment, is_main=True), lived)

    @property
    def strand(self) -> Strand | None:
        """The thread whose turn it is."""
        return self._strands.get(getcurrent())

    @property
    def current(self) -> Invocation | None:
        """The invocation whose turn it is."""
        strand = self.strand
        return strand.invocation if strand else None

    @property
    def is_idle(self) -> bool:
        """Whether no invocation is at work."""
        return all(one.invocation is None for one in self.environments)

    def pause(self, seconds: float = 0) -> None:
        """Let others go on for a moment, and these seconds.

        Raises:
            Killed: the invocation does not live to see its next turn.
        """
        strand = self.strand
        if strand is None:
            self.now += timedelta(seconds=seconds)
            return
        moment = self.random.uniform(0.002, 0.05) + seconds
        self.sleep(strand, self.now + timedelta(seconds=moment))

    def sleep(self, strand: Strand, until: datetime) -> None:
        """Let others go on until then, or until someone wakes this one.

        Raises:
            Killed: see `pause`.
        """
        if strand.environment.is_dead:
            raise Killed
        if not strand.invocation.has_ended:
            until = min(until, strand.invocation.deadline + _A_MOMENT)
        self._wake(strand, until)
        self._hub.switch()
        if strand.environment.is_dead:
            raise Killed
        if not strand.invocation.has_ended and self.now > strand.invocation.deadline:
            self.kill("its time is over")

    def wake(self, strand: Strand) -> None:
        """Wake a sleeping one before its time."""
        strand.turn += 1
        self._wake(strand, self.now)

    def kill(self, why: str) -> None:
        """End the process whose turn it is, as Lambda or an accident does.

        Raises:
            Killed: always.
        """
        strand = self.strand
        if strand is None:
            raise Killed
        self.tell(f"killed: {why}")
        strand.environment.is_dead = True
        if strand.environment.invocation:
            strand.environment.invocation.is_dead = True
        for one in list(self._strands.values()):
            if one.environment is strand.environment and one is not strand:
                self.wake(one)
        raise Killed

    def tell(self, what: str) -> None:
        """Add a line to the story."""
        at = (self.now - self.start).total_seconds()
        strand = self.strand
        who = "-" if strand is None else strand.invocation.name
        thread = "" if strand is None or strand.is_main else " (thread)"
        self.story.append(f"{at:9.2f} s  {who:<16} {what}{thread}")

    def begin(self, strand: Strand, work: Callable[[], object]) -> None:
        """Begin a thread, which has its first turn when this one sleeps."""
        self._enlist(strand, work)
        self._wake(strand, self.now)

    def _start(self, strand: Strand, work: Callable[[], object]) -> None:
        self._enlist(strand, work)
        self._switch(strand)

    def _enlist(self, strand: Strand, work: Callable[[], object]) -> None:
        strand.greenlet = greenlet(work, parent=self._hub)
        self._strands[strand.greenlet] = strand

    def _wake(self, strand: Strand, when: datetime) -> None:
        turn = strand.turn
        self.at(when, lambda: self._turn(strand, turn))

    def _turn(self, strand: Strand, turn: int) -> None:
        if strand.turn != turn or strand.greenlet.dead:
            return
        environment = strand.environment
        if environment.invocation is None and not environment.is_dead:
            environment.frozen.append(strand)
            return
        strand.turn += 1
        self._switch(strand)

    def _switch(self, strand: Strand) -> None:
        try:
            strand.greenlet.switch()
        finally:
            if strand.greenlet.dead:
                self._strands.pop(strand.greenlet, None)

    def _free_environment(self) -> Environment:
        for one in reversed(self.environments):
            if one.invocation is None and not one.is_dead:
                return one
        self.environments.append(Environment(len(self.environments) + 1))
        return self.environments[-1]
