"""A CloudWatch alarm whose action is this function."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import CloudWatchAlarmEvent

from handler.events.muting import read_muting
from handler.events.reading import check, contributor, previous_state, time_at
from handler.signals import Alarm


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return "alarmData" in event


def read(event: dict[str, Any], where: str = "$") -> tuple[Alarm, ...]:
    """Read the alarm."""
    check(event, "alarm-action", where)
    alarm = CloudWatchAlarmEvent(event)
    data = alarm.alarm_data
    return (
        Alarm(
            kind="alarm_action",
            name=data.alarm_name,
            arn=alarm.alarm_arn,
            state=data.state.value,
            previous_state=previous_state(event["alarmData"]),
            occurred_at=time_at(event, "alarmData.state.timestamp", where),
            resource=contributor(event["alarmData"]),
            **read_muting(event["alarmData"]),
        ),
    )
