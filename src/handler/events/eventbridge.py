"""An alarm's change of state on the EventBridge bus, of a metric or a composite alarm."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent

from handler.events.reading import check, time_at
from handler.signals import Alarm


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return event.get("detail-type") == "CloudWatch Alarm State Change"


def read(event: dict[str, Any], where: str = "$") -> tuple[Alarm, ...]:
    """Read the alarm."""
    check(event, "bus-alarm", where)
    envelope = EventBridgeEvent(event)
    detail = envelope.detail
    return (
        Alarm(
            kind="eventbridge",
            name=detail["alarmName"],
            arn=envelope.resources[0],
            state=detail["state"]["value"],
            previous_state=detail.get("previousState", {}).get("value"),
            occurred_at=time_at(event, "detail.state.timestamp", where),
            correlation_id=envelope.get_id,
        ),
    )
