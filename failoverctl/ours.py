"""Whether it is the function that has answered: its results name their schema and a decision."""

import json
from collections.abc import Mapping
from typing import Any, Final

from failoverctl.failures import NotTheFunction
from failoverctl.screen import printable

_SCHEMA: Final = "dws-failover/1"
_OF_ANOTHER_VERSION: Final = "dws-failover/"
_LONGEST: Final = 120  # characters of what somebody else has answered
_WAY_OUT: Final = (
    "name it with --function, or its stack with --stack; those of SMN and of the dashboard are"
    " others"
)


def ours(answer: object, command: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer, if it is one to this command.

    Raises:
        NotTheFunction: somebody else has answered.
    """
    if isinstance(answer, dict) and all(map(_is_result, _in(answer, command))):
        return answer
    schema = answer.get("schema") if isinstance(answer, dict) else None
    if schema != _SCHEMA and str(schema).startswith(_OF_ANOTHER_VERSION):
        raise NotTheFunction(
            f"it answers as {printable(schema)}, of which this failoverctl knows nothing: install"
            " that of the deployed version"
        )
    found = printable(json.dumps(answer, ensure_ascii=False))[:_LONGEST]
    raise NotTheFunction(
        f"what has answered is not the failover function ({found} is no result of it): {_WAY_OUT}"
    )


def _in(answer: Mapping[str, Any], command: Mapping[str, Any]) -> list[object]:
    """The results of an answer; only to `status` there may be any number."""
    results = answer.get("results")
    if command["command"] != "status" or not isinstance(results, list):
        return [answer]
    is_of_many = "*" in str(command.get("pair", "*")) and "disaster_recovery_id" not in command
    return results if results or is_of_many else [answer]


def _is_result(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    decision = found.get("decision")
    return found.get("schema") == _SCHEMA and isinstance(decision, str) and bool(decision)
