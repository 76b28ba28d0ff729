"""The events that CloudWatch sends of an alarm's transition, in the shapes that AWS documents.

CloudWatch User Guide: "Alarm events and EventBridge" has the event of the bus, "Invoke a Lambda
function from an alarm" the one of a function among an alarm's actions, "Using Amazon CloudWatch
alarms" what a topic is sent.
"""

import json
import uuid
from datetime import UTC, datetime
from typing import Any, Final

_KIND: Final = "CloudWatch Alarm State Change"
_ACTIONS: Final = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}
_TRIGGER: Final = (
    "MetricName", "Namespace", "Statistic", "Unit", "Period", "EvaluationPeriods",
    "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData",
)  # fmt: skip


class Memory:
    """What each alarm's state was: ministack has overwritten it when a transition is told."""

    def __init__(self) -> None:
        self._states: dict[str, dict[str, Any]] = {}

    def detail(self, alarm: dict[str, Any], old: str, new: str, reason: str) -> dict[str, Any]:
        """What happened to an alarm: `detail` of the bus, `alarmData` of an action."""
        arn = alarm["AlarmArn"]
        previous = self._states.get(arn)
        if previous is None or previous["value"] != old:  # unheard of, or made anew
            previous = _first_state(alarm, old)
        state = {"value": new, "reason": reason, "timestamp": _now()}
        data = alarm.get("StateReasonData")
        if data and data != previous.get("reasonData"):  # ministack keeps what is of the last state
            state["reasonData"] = data
        self._states[arn] = state
        return {
            "alarmName": alarm["AlarmName"],
            "state": state,
            "previousState": previous,
            "configuration": _configuration(alarm),
        }


def for_bus(alarm: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    """The entry of PutEvents."""
    return {
        "Source": "aws.cloudwatch",
        "DetailType": _KIND,
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps(detail),
    }


def for_function(alarm: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    """The payload of a function that is among the alarm's actions."""
    _arn, _aws, _cloudwatch, region, account, _rest = alarm["AlarmArn"].split(":", 5)
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm["AlarmArn"],
        "accountId": account,
        "time": _now(),
        "region": region,
        "alarmData": detail,
    }


def for_topic(alarm: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    """The text of a topic that is among the alarm's actions."""
    _arn, _aws, _cloudwatch, region, account, _rest = alarm["AlarmArn"].split(":", 5)
    state = detail["state"]
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": _made_at(alarm),
        "NewStateValue": state["value"],
        "NewStateReason": state["reason"],
        "StateChangeTime": state["timestamp"],
        "Region": region,  # AWS writes the region's name for people
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": detail["previousState"]["value"],
        "ActionExecutedAfterMuteWindow": False,
        **{field: alarm.get(field) or [] for field in _ACTIONS.values()},
        **_measured(alarm),
    }


def actions(alarm: dict[str, Any], new: str, service: str) -> list[str]:
    """The actions of a service, `lambda` or `sns`, that a new state sets off."""
    if not alarm.get("ActionsEnabled", True):
        return []
    return [arn for arn in alarm.get(_ACTIONS[new]) or [] if arn.split(":")[2] == service]


def _measured(alarm: dict[str, Any]) -> dict[str, Any]:
    """What a topic is told of what an alarm looks at."""
    if "AlarmRule" in alarm:
        return {"AlarmRule": alarm["AlarmRule"]}
    trigger = {name: alarm.get(name) for name in _TRIGGER}
    dimensions = [
        {"value": one["Value"], "name": one["Name"]} for one in alarm.get("Dimensions") or []
    ]
    return {"Trigger": {**trigger, "StatisticType": "Statistic", "Dimensions": dimensions}}


def _first_state(alarm: dict[str, Any], value: str) -> dict[str, Any]:
    return {
        "value": value,
        "reason": "Unchecked: Initial alarm creation",
        "timestamp": _made_at(alarm),
    }


def _configuration(alarm: dict[str, Any]) -> dict[str, Any]:
    text = alarm.get("AlarmDescription")
    described = {"description": text} if text else {}
    if "AlarmRule" in alarm:
        return {**described, "alarmRule": alarm["AlarmRule"]}
    metric = {
        "namespace": alarm["Namespace"],
        "name": alarm["MetricName"],
        "dimensions": {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or []},
    }
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic")
    measured = {"metric": metric, "period": alarm["Period"], "stat": stat}
    query = {"id": str(uuid.uuid4()), "metricStat": measured, "returnData": True}
    return {**described, "metrics": [query]}


def _made_at(alarm: dict[str, Any]) -> str:
    return _written(datetime.fromtimestamp(alarm["AlarmConfigurationUpdatedTimestamp"], UTC))


def _now() -> str:
    return _written(datetime.now(UTC))


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"
