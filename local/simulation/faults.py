"""What goes wrong in a history: one call of one kind, or everything of one service for a while."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from local.simulation.machine import Machine

T = TypeVar("T")
BEFORE = ("fail", "throttle", "conflict", "answer 503")  # without effect
SLOW_S = 6.0
AFTER = ("lose the answer", "answer 500")  # with it


@dataclass(frozen=True)
class Fault:
    """The nth call of a step since the trouble began: what becomes of it."""

    step: str
    nth: int
    what: str


@dataclass(frozen=True)
class Window:
    """A service that does not answer from one second to another."""

    service: str
    from_s: int
    to_s: int


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
        self.last_at = machine.now

    def call(self, step: str, effect: Callable[[], T], lost: Callable[[str], Exception]) -> T:
        """Make one call of a step; `lost` makes the exception of one without an answer.

        Raises:
            Killed: the invocation ends before or after the call took effect.
        """
        machine, what = self._machine, self._what(step)
        machine.pause(SLOW_S if what == "slow" else 0)
        if what:
            self._note(step, what)
        if what == "kill before":
            machine.kill(f"before {step}")
        if what in BEFORE:
            raise lost(what)
        result = effect()
        if what == "kill after":
            machine.kill(f"after {step}")
        machine.pause()
        if what in AFTER:
            raise lost(what)
        return result

    def _note(self, step: str, what: str) -> None:
        machine = self._machine
        self.last_at = machine.now
        machine.tell(f"{step}: {what}")
        if machine.current and what != "slow" and not step.startswith("provider"):
            machine.current.tables_trouble = True

    def _what(self, step: str) -> str | None:
        if self.is_quiet:
            return None
        service = step.partition(" ")[0]
        now_s = (self._machine.now - self._machine.start) / timedelta(seconds=1)
        if any(one.service == service and one.from_s <= now_s < one.to_s for one in self._windows):
            return "fail"
        self._seen[step] += 1
        return self._faults.get((step, self._seen[step]))
