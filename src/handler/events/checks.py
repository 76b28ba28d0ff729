"""What the readers share: an event that is checked against its schema, and what stands in many."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handler.errors import InvalidEvent
from handler.model.schema import parse_json, shown, validate
from handler.model.times import parse_time


def check(event: Any, schema: str, where: str = "$", *, secret: bool = False) -> None:
    """Check an event, whose values a `secret` one's faults do not show.

    Raises:
        InvalidEvent: with every fault and its JSON path.
    """
    faults = validate(event, schema, secret=secret) or _unwritable(event)
    if faults:
        raise InvalidEvent("; ".join(fault.replace("$", where, 1) for fault in faults))


def _unwritable(event: Any) -> list[str]:
    """Why an event could not be stored or sent on."""
    try:
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return ["$: found half of a surrogate pair, allowed: Unicode text"]
    except ValueError:
        return ["$: found a number without an end, allowed: numbers of JSON"]
    except RecursionError:
        return ["$: found something nested too deep, allowed: an event of events/"]
    return []


def parse_text(text: str, where: str) -> Any:
    """Parse JSON text that stands in an event.

    Raises:
        InvalidEvent: it is none.
    """
    try:
        return parse_json(text)
    except ValueError as err:
        raise InvalidEvent(f"{where}: not valid JSON: {err}") from err


def time_at(event: Mapping[str, Any], path: str, where: str = "$") -> datetime:
    """The time at a dotted path, which the schema has shown to be text.

    Raises:
        InvalidEvent: it is no time.
    """
    value: Any = event
    for step in path.split("."):
        value = value[step]
    if (time := parse_time(value)) is None:
        found = shown(value)
        raise InvalidEvent(f"{where}.{path}: found {found}, allowed: a time (ISO 8601)")
    return time
