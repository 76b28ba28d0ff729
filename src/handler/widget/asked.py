"""What the dashboard asks for: whatever else an event says changes nothing. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_PATTERN: Final = re.compile(r"[A-Za-z0-9_.*-]{1,128}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """One call of the console.

    Attributes:
        is_dark: the theme that the reader has chosen.
        pattern: which pairs, by name; `*` is a wildcard.
        rehearse: the disaster-recovery id of the pair to rehearse; None to draw.
        wants_description: whether the widget shall say what it understands.
    """

    is_dark: bool = False
    pattern: str = "*"
    rehearse: str | None = None
    wants_description: bool = False


def read_asked(event: Any) -> Asked:
    """Read an event of the console: CloudWatch User Guide, "Details about custom widgets".

    A page is drawn whatever was sent: who looks must see the pairs, not a fault of a parameter.
    """
    fields = _object(event)
    context = _object(fields.get("widgetContext"))
    return Asked(
        is_dark=context.get("theme") == "dark",
        pattern=_matching(_PATTERN, fields.get("pair")) or "*",
        rehearse=_matching(_UUID, fields.get("rehearse")),
        wants_description="describe" in fields,
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _matching(allowed: re.Pattern[str], value: Any) -> str | None:
    return value if isinstance(value, str) and allowed.fullmatch(value) else None
