"""A command's fields as the words of a command line: what notices print is what is sent."""

import re
import shlex
from collections.abc import Mapping
from typing import Any, Final

from handler.model.command_words import words_of
from handler.model.result import IN_JSON
from handler.model.schema import parse_json

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def whom(pair: str | None) -> dict[str, str]:
    """The fields that say which pair is meant: by its disaster-recovery id, or by its name."""
    if pair is None:
        return {}
    return {"disaster_recovery_id": pair} if _UUID.fullmatch(pair) else {"pair": pair}


def fields(**given: Any) -> dict[str, Any]:
    """The fields that were given at all."""
    return {name: value for name, value in given.items() if value not in (None, [], ())}


def command_in(step: str) -> Mapping[str, Any] | None:
    """The command that a step of an answer is; None where it is a sentence."""
    try:
        command = parse_json(step)
    except ValueError:
        return None
    return command if isinstance(command, dict) else None


def sentence_of(step: str) -> str:
    """A step's sentence without what is only for whoever sends the JSON, which is not printed."""
    own, _, _ = step.rpartition(IN_JSON)
    return own or step


def line_of(command: Mapping[str, Any], options: list[str]) -> str:
    """The line that sends a command; who and why are asked when it is run."""
    return shlex.join(words_of(command, options))
