"""A notice as a chat channel shows it: a custom notification of Amazon Q Developer. Pure.

The schema is that of "Custom notifications using Amazon Q Developer in chat applications" in its
administrator guide. It names no lengths; these are what can be read in a channel. All notices of
an incident and of its run stand in one thread.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from handler.model.notice import Notice
from handler.model.printable import one_line
from handler.model.result import is_command
from handler.notifications.command_lines import Address, command_lines

LONGEST: Final = 3000  # characters of what happened
_STEP: Final = 1000
MOST_STEPS: Final = 8
# What calls people, links, or ends what is quoted, in the markdown of any chat.
_HARMLESS: Final = str.maketrans({
    "<": "(", ">": ")", "[": "(", "]": ")", "`": "'", "|": "/", "@": "(at)",
})  # fmt: skip
# What strikes out or emphasises all up to its like, as signs that look the same and mean nothing.
_EMPHASIS: Final = str.maketrans({"~": "\N{TILDE OPERATOR}", "*": "\N{ASTERISK OPERATOR}"})
_AT_AN_EDGE: Final = re.compile(r"(?<!\w)_+|_+(?!\w)")  # inside a word it is a sign
# What chat makes a link of by itself: a scheme, and what could be the name of a host.
_LINKS: Final = re.compile(r"(?<=\w)(:(?=//)|:(?<=mailto:)|\.(?=[^\W\d_]{2}))", re.IGNORECASE)
_IN_THE_MAIL: Final = "The command for it stands in the mail: chat would change its characters."
_WHAT: Final = (
    "What happened: ",
    "Data loss: ",
    "Recovery time: ",
    "What happens next: ",
    "Late: ",
)


def chat_message(told: Notice, address: Address) -> str:
    """The message to publish; what cannot be understood of a notice is left out of it."""
    said = told.said
    content = {
        "textType": "client-markdown",
        "title": _plain(told.subject, LONGEST),
        "description": _plain_lines(told.text),
        "nextSteps": _steps(said, address),
        "keywords": [
            _plain(told.attributes[name], _STEP)
            for name in ("severity", "pair")
            if name in told.attributes
        ],
    }
    metadata = {
        "threadId": _thread(told, said),
        "summary": _plain(told.subject, LONGEST),
        "eventType": "dws-failover",
        "additionalContext": {name: _plain(one, _STEP) for name, one in told.attributes.items()},
    }
    message = {"version": "1.0", "source": "custom", "id": told.notice_id}
    return json.dumps({**message, "content": content, "metadata": metadata})


def _thread(told: Notice, said: Mapping[str, Any]) -> str:
    """The incident's, or its run's where no incident led to it; else the notice is alone."""
    found = said.get("incident_id") or said.get("run_id") or told.notice_id
    return one_line(str(found), _STEP)


def _plain_lines(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith(_WHAT)]
    return _cut("\n\n".join(map(_harmless, lines)), LONGEST)


def _steps(said: Mapping[str, Any], address: Address) -> list[str]:
    """Sentences, and of each command the line for `failoverctl`; the whole is in the mail."""
    steps = said.get("next_steps")
    given = [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []
    return [_step(step, address) for step in given[:MOST_STEPS]]


def _step(step: str, address: Address) -> str:
    """A sentence, or a command as it is to be pasted: its line is quoted, and not changed after."""
    lines = command_lines(step, address) if is_command(step) else ()
    if not lines:
        return _plain(step, _STEP)
    return f"`{lines[0]}`" if _is_plain(lines[0]) else _IN_THE_MAIL


def _is_plain(line: str) -> bool:
    return len(line) <= _STEP and line == line.translate(_HARMLESS)


def _plain(text: str, at_most: int) -> str:
    return _cut(_harmless(one_line(text, at_most)), at_most)


def _harmless(text: str) -> str:
    """A text that calls nobody, leads nowhere and marks nothing: a link is spelled `(.)`."""
    plain = _AT_AN_EDGE.sub("-", text.translate(_HARMLESS).translate(_EMPHASIS))
    return _LINKS.sub(r"(\1)", plain)


def _cut(text: str, at_most: int) -> str:
    return text if len(text) <= at_most else f"{text[: at_most - 1]}…"
