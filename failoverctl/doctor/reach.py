"""What brings an alarm to the function: a rule of EventBridge, or an action that may. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from failoverctl.doctor.readings import Alarm
from handler.model.wildcard import matches

_RULES: Final = "events.amazonaws.com"
_ALARMS: Final = "lambda.alarms.cloudwatch.amazonaws.com"
_TOPICS: Final = "sns.amazonaws.com"


@dataclass(frozen=True)
class Reach:
    """Who may invoke the function, and which names the rule lets through."""

    function_arn: str
    statements: tuple[Mapping[str, Any], ...]
    names: tuple[Mapping[str, str] | str, ...] = ()

    def brings(self, alarm: Alarm) -> bool:
        """Whether an alarm that turns is heard."""
        return any(_lets_through(one, alarm.name) for one in self.names) or any(
            self._acts(action, alarm) for action in alarm.actions
        )

    def _acts(self, action: str, alarm: Alarm) -> bool:
        if action == self.function_arn:
            return _may_invoke(self.statements, _ALARMS, alarm.arn)
        return _may_invoke(self.statements, _TOPICS, action)


def rules_in(statements: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rules that may invoke the function."""
    return [arn for one in statements if _service(one) == _RULES for arn in _sources(one)]


def names_in(rule: Mapping[str, Any]) -> tuple[Mapping[str, str] | str, ...]:
    """The names of alarms that a rule lets through; none if it is off or about something else."""
    if rule.get("State") != "ENABLED":
        return ()
    try:
        pattern = json.loads(rule.get("EventPattern") or "{}")
        names = pattern["detail"]["alarmName"]
    except (ValueError, KeyError, TypeError):
        return ()
    return tuple(one for one in names if isinstance(one, str | dict))


def _lets_through(allowed: Mapping[str, str] | str, name: str) -> bool:
    if isinstance(allowed, str):
        return name == allowed
    return "prefix" in allowed and name.startswith(allowed["prefix"])


def _may_invoke(statements: Iterable[Mapping[str, Any]], service: str, source: str) -> bool:
    mine = (one for one in statements if _service(one) == service)
    return any(
        not _sources(one) or any(matches(arn, source) for arn in _sources(one)) for one in mine
    )


def _service(statement: Mapping[str, Any]) -> str | None:
    principal = statement.get("Principal")
    found = principal.get("Service") if isinstance(principal, dict) else None
    return found if isinstance(found, str) else None


def _sources(statement: Mapping[str, Any]) -> list[str]:
    """The ARNs that a statement is about, whatever operator compares them."""
    conditions = statement.get("Condition") or {}
    found = [
        value
        for keys in conditions.values()
        for key, value in keys.items()
        if key.lower() == "aws:sourcearn"
    ]
    return [arn for one in found for arn in ([one] if isinstance(one, str) else one)]
