"""A command as people paste it: a line for `failoverctl`, and one for the AWS CLI alone. Pure.

Neither confirms anything. The first leaves out what the tool asks for, or sets itself when it
sends; the second is the command's JSON as it stands, for version 1 and 2 of the AWS CLI alike.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handler.model.command_words import words_of
from handler.model.printable import one_line

# The tool asks a person for these, or sets them when it sends.
NEVER_PRINTED: Final = frozenset({"confirm", "reason", "requested_by", "requested_at"})
# The function itself lasts 300 s; the CLI gives up after 60 s by itself, and sends it again.
READ_TIMEOUT_S: Final = 330
_LONGEST: Final = 300


@dataclass(frozen=True)
class Address:
    """Where commands are sent."""

    function: str
    region: str


def command_lines(step: str, to: Address) -> tuple[str, ...]:
    """The two lines of a command; none if the step is no JSON object."""
    try:
        command = json.loads(step)
    except ValueError:
        return ()
    return (
        (_of_the_tool(command, to), _of_the_cli(command, to)) if isinstance(command, dict) else ()
    )


def explain_line(code: str) -> str:
    """How to read what a reason code means, and what to do about it."""
    return _line(["failoverctl", "explain", code])


def _of_the_tool(command: Mapping[str, Any], to: Address) -> str:
    return _line(words_of(command, ["--function", to.function, "--region", to.region]))


def _of_the_cli(command: Mapping[str, Any], to: Address) -> str:
    payload = json.dumps(command).replace("\x7f", "\\u007f")  # the one that JSON leaves unprintable
    invoke = [
        "aws", "lambda", "invoke", "--function-name", to.function, "--region", to.region,
        "--cli-read-timeout", str(READ_TIMEOUT_S), "--payload", "fileb:///dev/stdin", "/dev/stdout",
    ]  # fmt: skip
    return f"printf %s {shlex.quote(payload)} | {_line(invoke)}"


def _line(words: list[str]) -> str:
    """Words for a shell, whatever is in them, on one printable line."""
    return shlex.join(one_line(word, _LONGEST) for word in words)
