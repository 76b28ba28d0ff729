"""What shall happen in a history."""

from dataclasses import dataclass, field
from typing import Any

from local.simulation.faults import Fault, Garbage, Window

MINUTE = 60
TROUBLE_AT_S = 6 * MINUTE  # by then the pairs are known and armed


@dataclass(frozen=True)
class Signal:
    """Something that people, alarms or the console do, so many seconds after the trouble began.

    `name` is the alarm's, or how a document changes; `via` how an alarm comes, `region` from where.
    """

    at_s: float
    what: str
    name: str = ""
    via: str = "bus"
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Plan:
    """One history before it happens.

    `neighbour` is the trouble that the first pair has by itself, while another one is judged;
    `crowd` how many further pairs have their outage in the same moment. What `forgets` does not
    acknowledge, is followed by the next outage all the same.
    """

    seed: int = 0
    variants: dict[str, Any] = field(default_factory=dict)
    trouble: str = "production dies"
    has_probe: bool = False
    mode: str = "automatic"
    max_data_loss_s: int = 300
    down_for_s: int = 120
    signals: tuple[Signal, ...] = ()
    faults: tuple[Fault, ...] = ()
    windows: tuple[Window, ...] = ()
    garbage: tuple[Garbage, ...] = ()
    missed_reconciles: frozenset[int] = frozenset()
    recovers: bool = False
    forgets: bool = False
    repeats: bool = False  # every event that nobody waits for is delivered twice
    neighbour: str = ""
    crowd: int = 0

    @property
    def is_undisturbed(self) -> bool:
        """Whether all services do as they should."""
        return not (self.faults or self.windows or self.garbage)
