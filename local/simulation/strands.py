"""What takes turns: invocations, the environments that they run in, and their threads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Violation(AssertionError):
    """The function did what it must never do."""


class Killed(BaseException):
    """The process ends here; nothing of the function catches it."""


@dataclass
class Invocation:
    """One invocation: who it is in the story, what it answers, and how long it may live.

    `heard` is when it last asked what, `claimed` the run that it has claimed.
    """

    name: str
    deadline: datetime
    event: Mapping[str, Any] = field(default_factory=dict)
    is_dead: bool = False
    has_ended: bool = False
    tables_trouble: bool = False
    heard: dict[Any, Any] = field(default_factory=dict)
    claimed: str | None = None


@dataclass
class Environment:
    """What an invocation runs in and leaves behind: threads, caches."""

    number: int
    invocation: Invocation | None = None
    is_dead: bool = False
    frozen: list["Strand"] = field(default_factory=list)
    caches: dict[Any, Any] = field(default_factory=dict)


class Strand:
    """The main thread of an invocation, or another one."""

    def __init__(self, of: Invocation, environment: Environment, *, is_main: bool) -> None:
        self.invocation, self.environment, self.is_main = of, environment, is_main
        self.greenlet: Any = None
        self.turn = 0  # a wake-up that was meant for an earlier turn is none

    @property
    def is_outside(self) -> bool:
        """Whether its invocation has ended before it."""
        return self.environment.invocation is not self.invocation
