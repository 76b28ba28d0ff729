"""What is in an answer. A part that is missing, or of another kind, shows as nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from failoverctl.screen import printable

Result = Mapping[str, Any]
LETS_PASS: Final = ("pass", "overridden")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def results_in(answer: Mapping[str, Any]) -> list[Result]:
    """The results of an answer: one, or one for each pair."""
    return objects(answer, "results") if "results" in answer else [answer]


def objects(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list."""
    listed = found.get(name)
    entries: Sequence[Any] = listed if isinstance(listed, list) else ()
    return [one for one in entries if isinstance(one, Mapping)]


def text(found: Mapping[str, Any], name: str) -> str:
    """A field as one printable line; nothing if it is not there."""
    value = found.get(name)
    return "" if value is None else printable(value)


def gate(result: Result, name: str) -> Mapping[str, Any]:
    """What a gate has said."""
    return next((one for one in objects(result, "gates") if one.get("gate") == name), {})


def span(seconds: object) -> str:
    """A length of time for people; nothing, if it is none."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return ""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _two(whole, _MINUTE, "min", 1, "s")
    if whole < _DAY:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    return _two(whole, _DAY, "d", _HOUR, "h")


def _two(whole: int, large: int, unit: str, small: int, other: str) -> str:
    rest = whole % large // small
    return f"{whole // large} {unit}" + (f" {rest} {other}" if rest else "")
