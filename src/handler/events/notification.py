"""What CloudWatch sends to an SNS topic when an alarm changes its state."""

from collections.abc import Mapping
from typing import Any

from handler.events.reading import check, time_at
from handler.signals import Alarm


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return "AlarmName" in event and "NewStateValue" in event


def read(event: dict[str, Any], where: str = "$") -> tuple[Alarm, ...]:
    """Read the alarm."""
    check(event, "sns-alarm", where)
    of = event.get("AlarmContributorId")
    return (
        Alarm(
            kind="sns",
            name=event["AlarmName"],
            arn=event["AlarmArn"],
            state=event["NewStateValue"],
            # Of many contributors each turns by itself, whatever the alarm as a whole was before.
            previous_state=None if of else event.get("OldStateValue"),
            occurred_at=time_at(event, "StateChangeTime", where),
            resource=of,
            was_muted=event.get("ActionExecutedAfterMuteWindow") is True,
        ),
    )
