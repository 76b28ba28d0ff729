"""When a pause ends: as it was typed, or so long from now."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from failoverctl.failures import ExitCode, Failure
from failoverctl.screen import printable

_SPAN: Final = re.compile(r"(\d{1,5}) ?(min|h|d)")
_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})"
)
A_TIME: Final = "a time that says its zone (2026-01-15T08:30Z, 2026-01-15T09:30+01:00)"
_UNITS: Final = {"min": "minutes", "h": "hours", "d": "days"}


def says_moment(text: str) -> bool:
    """Whether it is a time with its zone."""
    return _TIME.fullmatch(text.strip()) is not None


def time_of(until: str) -> str:
    """The time as the function takes it.

    Raises:
        Failure: what was typed is neither a time that says its zone nor a length of time.
    """
    found = _SPAN.fullmatch(until.strip())
    if found is None:
        if says_moment(until):
            return until
        raise Failure(
            f"--until: found {printable(until)}, allowed: a length of time from now on (90min, 4h,"
            f" 2d), or {A_TIME}",
            ExitCode.USAGE,
        )
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    return (datetime.now(UTC) + length).strftime("%Y-%m-%dT%H:%M:%SZ")
