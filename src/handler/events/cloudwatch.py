"""A CloudWatch alarm in its three shapes: the function's own, the EventBridge bus', an SNS topic's.

A muted alarm silences its actions only: the bus hears of each change of state all the same. What
of an alarm's many time series has turned is its contributor; each turns by itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from handler.events.checks import check, time_at
from handler.events.muting import read_muting
from handler.model.alarm_patterns import name_in
from handler.model.printable import one_line, visible
from handler.model.signals import Alarm

_LONGEST_STATE: Final = 32
ON_THE_BUS: Final = ("CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change")


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event is an alarm, in no envelope."""
    return _is_action(event) or _is_on_the_bus(event) or _is_message(event)


def read(event: dict[str, Any], where: str = "$") -> Alarm:
    """Read the alarm.

    Raises:
        InvalidEvent: it is broken; the message names every place.
    """
    if _is_action(event):
        return _read_action(event, where)
    return _read_bus(event, where) if _is_on_the_bus(event) else _read_message(event, where)


def _is_action(event: Mapping[str, Any]) -> bool:
    return "alarmData" in event


def _is_on_the_bus(event: Mapping[str, Any]) -> bool:
    return event.get("detail-type") in ON_THE_BUS


def _is_message(event: Mapping[str, Any]) -> bool:
    return "AlarmName" in event and "NewStateValue" in event


def _read_action(event: dict[str, Any], where: str) -> Alarm:
    check(event, "alarm-action", where)
    data = event["alarmData"]
    return Alarm(
        kind="alarm_action",
        **_named(event["alarmArn"]),
        state=data["state"]["value"],
        previous_state=_previous_state(data),
        occurred_at=time_at(event, "alarmData.state.timestamp", where),
        resource=_contributor(data),
        **read_muting(data),
    )


def _read_bus(event: dict[str, Any], where: str) -> Alarm:
    check(event, "bus-alarm", where)
    detail = event["detail"]
    return Alarm(
        kind="eventbridge",
        **_named(event["resources"][0]),
        state=detail["state"]["value"],
        previous_state=_previous_state(detail),
        occurred_at=time_at(event, "detail.state.timestamp", where),
        correlation_id=event["id"],
        resource=_contributor(detail),
        **read_muting(detail),
    )


def _read_message(event: dict[str, Any], where: str) -> Alarm:
    check(event, "sns-alarm", where)
    of = event.get("AlarmContributorId")
    return Alarm(
        kind="sns",
        **_named(event["AlarmArn"]),
        state=event["NewStateValue"],
        previous_state=None if of else _state(event.get("OldStateValue")),
        occurred_at=time_at(event, "StateChangeTime", where),
        resource=of,
        was_muted=event.get("ActionExecutedAfterMuteWindow") is True,
    )


def _named(arn: str) -> dict[str, Any]:
    """An alarm by its ARN, which is what a pair lists: the name that stands beside it may lie."""
    return {"name": visible(name_in(arn)), "arn": arn}


def _previous_state(detail: Mapping[str, Any]) -> str | None:
    """What an alarm was before; of its contributors each turns by itself, and nothing says it."""
    return None if _contributor(detail) else _state(detail.get("previousState", {}).get("value"))


def _state(before: str | None) -> str | None:
    """What an alarm says that it was: whatever it is called, it is stored where the alarm waits."""
    return one_line(before, _LONGEST_STATE) if before else None


def _contributor(detail: Mapping[str, Any]) -> str | None:
    """The one of an alarm's time series that has turned."""
    id_: str | None = detail.get("alarmContributor", {}).get("id")
    return id_
