"""Figures, and texts of others, as people read them. Pure."""

import html
from typing import Final

from handler.model.printable import visible

_SPACE: Final = "\N{NO-BREAK SPACE}"
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


def clock(seconds: float) -> str:
    """A time since the outage: `2:10`, `1:02:10`."""
    whole = round(seconds)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    hours, left = divmod(whole, _HOUR_S)
    minutes, left = divmod(left, _MINUTE_S)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def span(seconds: float | None) -> str:
    """How long: `45 s`, `12 min 40 s`, `2 h 5 min`; a dash for what there is none of."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    hours, left = divmod(whole, _HOUR_S)
    minutes, left = divmod(left, _MINUTE_S)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else left, "s")]
    shown = [f"{number}{_SPACE}{unit}" for number, unit in parts if number]
    return " ".join(shown) or f"0{_SPACE}s"


def escape(text: str) -> str:
    """A text from outside in HTML."""
    return html.escape(visible(text))
