"""Lengths of time as people say them. Pure."""

from datetime import timedelta
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def span(length: timedelta) -> str:
    """A length of time in its two largest units: `4 min`, `1 h 05 min`, `2 d 3 h`."""
    s = max(0, int(length.total_seconds()))
    if s < 2 * _MINUTE:
        return f"{s} s"
    if s < _HOUR:
        return f"{s // _MINUTE} min"
    if s < _DAY:
        hours, minutes = divmod(s // _MINUTE, 60)
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    days, hours = divmod(s // _HOUR, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
