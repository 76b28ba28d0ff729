"""What there is at the end of a wave, as plain facts: from these alone it is judged. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local.chaos.events import Sent
from local.chaos.plan import Outage
from local.chaos.tally import Met

Item = Mapping[str, Any]
OPEN: Final = ("submitting", "unknown", "submitted")  # states of a run


@dataclass(frozen=True)
class Told:
    """A notice that has reached the subscriber, each copy one."""

    notice_id: str
    pair_id: str
    decision: str
    reason_code: str
    run_id: str | None


@dataclass(frozen=True)
class Left:
    """Something that lies in a queue at the end.

    Attributes:
        queue: which.
        body: of the message.
        error: why Lambda gave an event up, where it has.
    """

    queue: str
    body: str
    error: str = ""


@dataclass(frozen=True)
class OfPair:
    """What there is of one outage.

    Attributes:
        outage: as planned.
        accepted: orders of ours that the provider has taken.
        is_exchanged: whether the provider has exchanged the roles.
        runs: as stored, each with `claimed_s`, its claim in the wave's time, and `holds`, whether
            it holds the pair.
        told: what the subscriber has received about it.
    """

    outage: Outage
    accepted: int
    is_exchanged: bool
    runs: tuple[Item, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Facts:
    """All of it.

    Attributes:
        pairs: each outage.
        control_orders: orders for the pair that was well all along.
        notices: as stored.
        told: all that the subscriber has received.
        heard: the newest transition of each alarm's part in the table, in the wave's time.
        waiting: the parts of alarms that wait for a document.
        open: ids of runs and notices that the table says are open.
        sent: the alarms that were taken from the wave.
        left: what lies in queues.
        met: every fault that befell something.
    """

    pairs: tuple[OfPair, ...]
    control_orders: int = 0
    notices: tuple[Item, ...] = ()
    told: tuple[Told, ...] = ()
    heard: Mapping[str, float] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    open: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()
    left: tuple[Left, ...] = ()
    met: tuple[Met, ...] = ()
