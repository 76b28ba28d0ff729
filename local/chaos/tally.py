"""What was met, as against what was planned: each trouble is counted when it befalls something."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True)
class Met:
    """A fault that befell something.

    Attributes:
        fault: its row in the report.
        at_s: when, in the wave's time.
        outage: whose; None: of everybody.
    """

    fault: str
    at_s: float
    outage: int | None


class Tally:
    """Notes what is met, from whatever thread."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._lock = Lock()
        self._met: list[Met] = []

    @property
    def met(self) -> tuple[Met, ...]:
        """All of it, in order."""
        with self._lock:
            return tuple(self._met)

    def note(self, fault: str, outage: int | None, times: int = 1) -> None:
        """Something was met; what has no row is no fault."""
        if fault:
            with self._lock:
                self._met += [Met(fault, self._now_s(), outage)] * times


def counted(met: tuple[Met, ...]) -> Counter[str]:
    """How often each row was met."""
    return Counter(one.fault for one in met)
