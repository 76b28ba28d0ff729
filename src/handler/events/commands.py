"""Commands: sent by a person, a console test event, a schedule or a state machine."""

from collections.abc import Mapping
from typing import Any, Final

from handler.events.reading import check, time_at
from handler.signals import Command

_TIMES: Final[tuple[str, ...]] = ("requested_at", "outage_began_at", "until")


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return "command" in event


def read(event: dict[str, Any]) -> Command:
    """Read the command."""
    check(event, "command")
    times = {name: time_at(event, name) for name in _TIMES if name in event}
    fields: dict[str, Any] = {**event, **times, "override": tuple(event.get("override", ()))}
    return Command(**fields)
