"""Commands: sent by a person, a console test event, a schedule or a state machine."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from handler.errors import InvalidEvent
from handler.events.checks import check
from handler.model.schema import shown
from handler.model.signals import Command
from handler.model.times import parse_typed_time

_TIMES: Final[tuple[str, ...]] = (
    "requested_at", "outage_began_at", "until", "paused_at", "scheduled_at",
)  # fmt: skip
_TEXTS: Final[tuple[str, ...]] = ("reason", "requested_by")
_PLACEHOLDER: Final = re.compile(r"""[\s'"`]*<.*>[\s'"`]*""", re.DOTALL)
# Two that show nothing by themselves, but without which some languages cannot be written.
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
# Letters by their category, which show nothing: the fillers of Hangul, two blanks of hieroglyphs.
_BLANK: Final = "\u115f\u1160\u3164\uffa0\U00013441\U00013442"


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return "command" in event


def read(event: dict[str, Any]) -> Command:
    """Read the command.

    Raises:
        InvalidEvent: with its faults, each with its JSON path.
    """
    check(event, "command")
    faults = [fault for name in _TEXTS if name in event for fault in _faults(name, event[name])]
    if faults:
        raise InvalidEvent("; ".join(faults))
    times = {name: _time(name, event[name]) for name in _TIMES if name in event}
    fields: dict[str, Any] = {**event, **times, "override": tuple(event.get("override", ()))}
    if "limit" in event:
        fields["limit"] = int(event["limit"])  # 20.0 is a whole number, too
    id_ = event.get("disaster_recovery_id")
    return Command(**fields | ({"disaster_recovery_id": id_.lower()} if id_ else {}))


def _time(name: str, typed: str) -> datetime:
    if (time := parse_typed_time(typed)) is None:
        allowed = "a time that says its zone, such as 2026-01-15T08:30Z or 2026-01-15T09:30+01:00"
        raise InvalidEvent(f"$.{name}: found {shown(typed)}, allowed: {allowed}")
    return time


def _faults(name: str, text: str) -> list[str]:
    """Why a text does not stand for the person who sent it."""
    if not all(map(_is_printable, text)):
        allowed = "one line of characters that can be printed"
    elif not any(map(_is_seen, text)):
        allowed = "a word or more"
    # Notices print commands with placeholders: nobody signs with them by mistake.
    elif _PLACEHOLDER.fullmatch(text):
        allowed = "your own words in the place of <…>"
    else:
        return []
    return [f"$.{name}: found {shown(text)}, allowed: {allowed}"]


def _is_printable(character: str) -> bool:
    """Whether a character can neither break a line nor forge or hide another."""
    is_space = unicodedata.category(character) == "Zs"
    return character.isprintable() or is_space or character in _JOINERS


def _is_seen(character: str) -> bool:
    """Whether it is a letter or a digit that shows."""
    return unicodedata.category(character)[0] in "LN" and character not in _BLANK
