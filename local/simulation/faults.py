"""What goes wrong in a history: one call of one kind, or everything of one service for a while."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from local.simulation.machine import Machine

T = TypeVar("T")
# Never sent; sent and not taken; taken, and the answer lost. `twice` is taken twice: the SDK calls
# again whose answer was lost. `odd` is whatever exception a transport may come up with.
UNSENT = ("fail", "odd before")
UNTAKEN = (
    "throttle", "conflict", "hang", "lost on the way", "odd on the way", "never",
    "answer 302", "answer 401", "answer 429", "answer 503", "late answer 429",
)  # fmt: skip
UNANSWERED = ("lose the answer", "hang after", "odd after", "answer 307", "answer 500")
SLOW_S = {"slow": 6.0, "very slow": 7.9}
LATE = "slow answer"  # of what was true when it was asked
HANG_S = 15.0  # three tries of 5 s, as the SDK is set up


@dataclass(frozen=True)
class Fault:
    """The nth call of a step since the trouble began: what becomes of it."""

    step: str
    nth: int
    what: str


@dataclass(frozen=True)
class Garbage:
    """Answers of the provider that nobody should trust, from one second to another."""

    operation: str
    kind: str
    from_s: int
    to_s: int


@dataclass(frozen=True)
class Window:
    """A service that does not answer from one second to another."""

    service: str
    from_s: int
    to_s: int
    what: str = "fail"


class Faults:
    """Lets calls through to their effect, or not, and their answers back, or not."""

    def __init__(
        self, machine: Machine, faults: tuple[Fault, ...], windows: tuple[Window, ...]
    ) -> None:
        self._machine = machine
        self._faults = {(fault.step, fault.nth): fault.what for fault in faults}
        self._windows = windows
        self._seen: Counter[str] = Counter()
        self.is_quiet = True
        self.troubled_at: list[datetime] = []

    @property
    def last_at(self) -> datetime:
        """When something went wrong last."""
        return self.troubled_at[-1] if self.troubled_at else self._machine.start

    def call(
        self,
        step: str,
        effect: Callable[[], T],
        lost: Callable[[str], Exception],
        within_s: float = HANG_S,
        begin: Callable[[], object] = lambda: None,
    ) -> T:
        """Make one call of a step; `lost` makes the exception of one without an answer.

        Args:
            step: which of the story.
            effect: what it does at the other side.
            lost: makes the exception by what went wrong.
            within_s: how long its caller waits.
            begin: what is done when the call is about to leave.

        Raises:
            Killed: the invocation ends before or after the call took effect.
        """
        machine, what = self._machine, self.what(step)
        if what:
            self.note(step, what)
        self._wait(SLOW_S.get(what or "", 0.0), within_s, lost)
        if what == "kill before":
            machine.kill(f"before {step}")
        if what in UNSENT:
            raise lost(what)
        begin()
        if what in UNTAKEN:
            self._hang(what, within_s)
            raise lost(what.removeprefix("late "))
        result = effect()
        if what == "kill after":
            machine.kill(f"after {step}")
        if what == "twice":
            result = self._again(effect)
        machine.pause()
        if what == LATE:
            machine.pause(min(SLOW_S["slow"], within_s))
        if what in UNANSWERED:
            self._hang(what, within_s)
            raise lost(what)
        return result

    def note(self, step: str, what: str) -> None:
        """Note that something goes wrong."""
        machine = self._machine
        self.troubled_at.append(machine.now)
        machine.tell(f"{step}: {what}")
        if machine.current and what not in (*SLOW_S, LATE) and not step.startswith("provider"):
            machine.current.tables_trouble = True

    def what(self, step: str) -> str | None:
        """What becomes of the next call of a step, if it is not as usual."""
        if self.is_quiet:
            return None
        service = step.partition(" ")[0]
        now_s = (self._machine.now - self._machine.start) / timedelta(seconds=1)
        for one in self._windows:
            if one.service == service and one.from_s <= now_s < one.to_s:
                return one.what
        self._seen[step] += 1
        return self._faults.get((step, self._seen[step]))

    def _wait(self, seconds: float, within_s: float, lost: Callable[[str], Exception]) -> None:
        """What takes too long, or was frozen meanwhile, gets no answer."""
        began = self._machine.now
        self._machine.pause(min(seconds, within_s))
        if (self._machine.now - began).total_seconds() > within_s + 1:
            raise lost("hang")

    def _hang(self, what: str, within_s: float) -> None:
        if what.startswith("hang"):
            self._machine.pause(within_s)
        elif what.startswith("late"):
            self._machine.pause(SLOW_S["slow"])

    def _again(self, effect: Callable[[], Any]) -> Any:
        self._machine.pause()
        return effect()
