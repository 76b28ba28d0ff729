"""An alarm's change of state on the EventBridge bus: metric, composite, or one contributor's."""

from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent

from handler.events.muting import read_muting
from handler.events.reading import check, contributor, previous_state, time_at
from handler.signals import Alarm

KINDS: Final = ("CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change")


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    return event.get("detail-type") in KINDS


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
            previous_state=previous_state(detail),
            occurred_at=time_at(event, "detail.state.timestamp", where),
            correlation_id=envelope.get_id,
            resource=contributor(detail),
            **read_muting(detail),
        ),
    )
