"""What was seen while a scenario was played: plain facts, from which the report is made. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["alarm", "order", "provider", "notice", "end", "fault"]


@dataclass(frozen=True)
class Moment:
    """Something that happened, in seconds since the scenario's zero."""

    at_s: float
    kind: Kind
    text: str
    severity: str | None = None


@dataclass(frozen=True)
class Span:
    """A state that lasted."""

    from_s: float
    to_s: float
    state: str


@dataclass(frozen=True)
class Played:
    """One scenario, played for one pair.

    Attributes:
        pair: its name.
        mode: of its document.
        scenario: its key.
        title: the scenario's.
        says: the scenario's.
        expects: in a sentence.
        came_to: in a sentence.
        is_met: whether that is right.
        orders: how many the provider has taken, of those that this function sent.
        recovery_s: from production's death until the other cluster is production.
        proved_s: from production's death until the function has proved that, and told it.
        loss_s: of data, as it really was: from the last synchronisation to production's death.
        estimated_loss_s: what the function said beforehand.
        gates: the last assessment.
        moments: what happened, in order.
        clusters: by letter, what each cluster was.
        shown: the provider's status of the pair.
        took_s: of real time, to play it.
    """

    pair: str
    mode: str
    scenario: str
    title: str
    says: str
    expects: str
    came_to: str
    is_met: bool
    orders: int
    recovery_s: float | None
    proved_s: float | None
    loss_s: float | None
    estimated_loss_s: int | None
    gates: tuple[Mapping[str, Any], ...]
    moments: tuple[Moment, ...]
    clusters: Mapping[str, tuple[Span, ...]]
    shown: tuple[Span, ...]
    took_s: float

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return asdict(self)
