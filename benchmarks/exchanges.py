"""What has gone along a wire: connections, exchanges, and what an order had to wait for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """Something that takes its time, in seconds of one clock."""

    name: str
    lane: str
    began: float
    ended: float


@dataclass(eq=False)
class Connection:
    """A connection as its client saw it: opened, and ready once TLS had its keys."""

    opened: float
    ready: float = 0.0
    requests: int = 0


@dataclass(eq=False)
class Exchange:
    """A request and its answer.

    Attributes:
        began, ended: when the client sent it, and when it had the answer (0: not yet).
        arrived: when the server had its first bytes.
        cpu_s: what the client had used by then.
        sent: the request.
    """

    connection: Connection
    began: float
    arrived: float
    cpu_s: float
    sent: bytes = field(default=b"", repr=False)
    ended: float = 0.0

    @property
    def name(self) -> str:
        """The operation of AWS's, or which of the provider's it was."""
        if found := re.search(rb"(?i)\r\nx-amz-target: [\w.]*?(\w+)\r\n", self.sent):
            return found[1].decode()
        if found := re.search(rb"(?:^|[&\n])Action=(\w+)", self.sent):
            return found[1].decode()
        line = self.sent.partition(b"\r\n")[0].decode("latin-1")
        return next((name for shape, name in _OF_THE_PROVIDER if re.search(shape, line)), line)


_OF_THE_PROVIDER = (
    (r"^POST \S+/failover ", "order"),
    (r"/disaster-recovery/[^/ ]+ ", "detail"),
    (r"/disaster-recoveries", "list"),
    (r"/clusters", "cluster"),
    (r"/events", "events"),
)


def spans_of(
    lane: str, connections: Iterable[Connection], exchanges: Iterable[Exchange]
) -> list[Span]:
    """What has gone along one wire, openings of connections among it, in order."""
    opened = [Span("connect", lane, one.opened, one.ready) for one in connections if one.ready]
    asked = [Span(one.name, lane, one.began, one.ended) for one in exchanges if one.ended]
    return sorted([*opened, *asked], key=lambda span: span.began)


def way_to(order: Span, others: Iterable[Span]) -> list[Span]:
    """What the order waited for, first to last: the last one over before it, and so on back.

    Of several at once only the one that took longest is waited for.
    """
    way, until, over = [order], order.began, [one for one in others if one != order]
    while before := [one for one in over if one.ended <= until]:
        last = max(before, key=lambda one: one.ended)
        way.append(last)
        until = last.began
    return way[::-1]


def in_sequence(calls: Sequence[Span], beside: Sequence[Span]) -> int:
    """How many calls are made one after the other, at the most.

    A call whose whole time passes beside one of the others, far slower ones, adds nothing.
    """
    free = [
        call
        for call in calls
        if not any(one.began <= call.began and call.ended <= one.ended for one in beside)
    ]
    count, until = 0, float("-inf")
    for call in sorted(free, key=lambda one: one.ended):
        if call.began >= until:
            count, until = count + 1, call.ended
    return count
