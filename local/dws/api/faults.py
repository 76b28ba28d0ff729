"""Scripted misbehaviour: what goes wrong with which call, how often, and what becomes of its order.

A script is data; `sending` and `exchange` play it on real sockets.
"""

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Annotated, Any, Literal

Kind = Literal["stall", "drip", "cut", "corrupt", "respond", "refuse"]
Point = Literal["connect", "request", "answer", "headers", "body"]
OperationName = Literal[
    "any",
    "list",
    "detail",
    "progress",
    "failover",
    "switchover",
    "recovery",
    "start",
    "pause",
    "clusters",
    "cluster",
    "events",
    "token",
    "unknown",
]

POINTS: dict[str, tuple[Point, ...]] = {
    "stall": ("answer", "request"),
    "drip": ("body", "headers"),
    "cut": ("answer", "connect", "request", "headers", "body"),
    "corrupt": ("answer",),
    "respond": ("answer",),
    "refuse": ("answer",),
}

MIN_STATUS, MAX_STATUS = 200, 599


@dataclass(frozen=True)
class Fault:
    """One entry of the script."""

    operation: Annotated[OperationName, "the call it befalls"] = "any"
    kind: Annotated[
        Kind,
        "stall: no answer for a while; drip: a byte at a time; cut: the connection ends; corrupt: "
        "an answer that cannot be read; respond: another answer; refuse: connecting is refused "
        "for a while (from now on, or with an operation from its next answer on)",
    ] = "stall"
    pair: Annotated[
        str | None, "only calls about the pair with this id, or one of its clusters; null: all"
    ] = None
    times: Annotated[int | None, "how many calls it befalls; null: all"] = 1
    after: Annotated[int, "how many calls it lets through first"] = 0
    at: Annotated[
        Point | None,
        "stall: request (before the effect) or answer; drip: headers or body; cut: connect "
        "(before anything is read, control calls too), request, answer, headers or body (halfway)",
    ] = None
    effect: Annotated[
        bool | None, "whether an order is taken; null: yes, but for respond and cuts before"
    ] = None
    seconds: Annotated[float, "stall, refuse: how long"] = 30
    interval_ms: Annotated[float, "drip: time from byte to byte"] = 100
    how: Annotated[Literal["rst", "fin"], "cut: by reset, or by an orderly end"] = "rst"
    corruption: Annotated[
        Literal[
            "not-http",
            "truncated-json",
            "html",
            "wrong-types",
            "length-too-long",
            "length-too-short",
            "invalid-utf8",
            "empty",
            "huge",
        ],
        "corrupt: in which way",
    ] = "not-http"
    size_mb: Annotated[float, "corrupt huge: size of the body"] = 16
    status: Annotated[int, "respond: the status"] = 503
    headers: Annotated[dict[str, str], "respond: headers"] = field(default_factory=dict)
    body: Annotated[Any, "respond: the body, text or JSON"] = None

    def __post_init__(self) -> None:
        allowed = POINTS[self.kind]
        if self.at is None:
            object.__setattr__(self, "at", allowed[0])
        if self.at not in allowed:
            raise ValueError(f"at: expected one of {', '.join(allowed)}, got {self.at!r}")
        if self.at == "connect" and self.operation != "any":
            raise ValueError("at: connect knows no operation yet, it must be any")
        if not MIN_STATUS <= self.status <= MAX_STATUS:
            raise ValueError(f"status: expected {MIN_STATUS} to {MAX_STATUS}, got {self.status}")
        for text in chain(*self.headers.items()):
            if not (text.isascii() and text.isprintable()):
                raise ValueError(f"headers: expected printable ASCII, got {text!r}")

    @property
    def takes_order(self) -> bool:
        """Whether an order that it befalls is taken."""
        if self.effect is not None:
            return self.effect
        return self.kind != "respond" and not (
            self.kind == "cut" and self.at in ("connect", "request")
        )

    @property
    def label(self) -> str:
        """Its name in the journal."""
        return f"{self.kind}:{self.corruption if self.kind == 'corrupt' else self.at}"


@dataclass(frozen=True)
class Scripted:
    """A fault with its count."""

    id: int
    fault: Fault
    seen: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it befalls nothing any more."""
        return self.fault.times is not None and self.seen >= self.fault.after + self.fault.times


class Script:
    """The faults that are set, oldest first."""

    def __init__(self) -> None:
        self._scripted: dict[int, Scripted] = {}
        self._last_id = 0

    @property
    def entries(self) -> list[Scripted]:
        """All faults that are set, spent ones too."""
        return list(self._scripted.values())

    def add(self, fault: Fault) -> Scripted:
        """Set a fault."""
        self._last_id += 1
        self._scripted[self._last_id] = Scripted(self._last_id, fault)
        return self._scripted[self._last_id]

    def remove(self, fault_id: int | None = None) -> None:
        """Take one fault out, or all."""
        if fault_id is None:
            self._scripted.clear()
        else:
            self._scripted.pop(fault_id, None)

    def take(
        self, operation: str, pair_id: str | None = None, *, connecting: bool = False
    ) -> Fault | None:
        """The fault that befalls this call; the first that matches, others do not count it."""
        for entry in self.entries:
            fault = entry.fault
            matches = fault.operation in ("any", operation) and not entry.is_spent
            matches &= fault.pair in (None, pair_id)
            if not matches or (fault.at == "connect") != connecting:
                continue
            self._scripted[entry.id] = replace(entry, seen=entry.seen + 1)
            if entry.seen >= fault.after:
                return fault
        return None
