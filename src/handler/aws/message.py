"""A notice as it is published: a text for each protocol, in one message that SNS takes.

SNS counts the bytes of the whole message (256 KiB, with its attributes), in which the text stands
twice and the JSON three times, escaped once more. What would be larger could never be told: it is
cut, and says so.
"""

import json
from typing import Any, Final

from handler.model.notice import Notice

MACHINES: Final = ("sqs", "lambda", "https")
MOST: Final = 250_000  # bytes: the rest is for the attributes
_MOST_TEXT: Final = 50_000
_MOST_BODY: Final = 48_000
_FIRST: Final = 300  # characters of a field that are kept where there is room for no more
_CUT: Final = "\n\n(Cut here: it was too long to be sent. Ask for status.)\n"


def message_of(told: Notice) -> str:
    """The message of a notice."""
    whole = _message(told.text, told.body)
    if len(whole) <= MOST:
        return whole
    return _message(_shorter(told.text), _smaller(told.said))


def published_size(text: str) -> int:
    """The bytes of a text in a message."""
    return len(json.dumps(text)) - 2


def _message(text: str, body: str) -> str:
    return json.dumps({"default": text, "email": text} | dict.fromkeys(MACHINES, body))


def _shorter(text: str) -> str:
    size = 0
    for place, character in enumerate(text):
        size += published_size(character)
        if size > _MOST_TEXT:
            return f"{text[:place]}{_CUT}"
    return text


def _smaller(said: dict[str, Any]) -> str:
    """The same fields; those that need the most room are shortened, then emptied."""
    while published_size(shown := json.dumps(said)) > _MOST_BODY:
        largest = max(said, key=lambda name: len(json.dumps(said[name])))
        if said[largest] is None:  # its names are too long: nobody's result
            return "{}"
        said[largest] = _less(said[largest])
    return shown


def _less(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _FIRST:
        return f"{value[: _FIRST - 1]}…"
    return [] if isinstance(value, list) and value else None
