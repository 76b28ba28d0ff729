"""CloudWatch alarms that come through an SNS topic, one or more at a time."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import SNSEvent

from handler.errors import InvalidEvent
from handler.events.reading import check, time_at
from handler.schema import parse_json
from handler.signals import Alarm


def knows(event: Mapping[str, Any]) -> bool:
    """Whether the event has this shape."""
    records = event.get("Records")
    first = records[0] if isinstance(records, list) and records else None
    return isinstance(first, dict) and first.get("EventSource") == "aws:sns"


def read(event: dict[str, Any]) -> tuple[Alarm, ...]:
    """Read the alarm of each record."""
    check(event, "sns-records")
    records = SNSEvent(event).records
    return tuple(_alarm(number, record.sns) for number, record in enumerate(records))


def _alarm(number: int, sns: Any) -> Alarm:
    where = f"$.Records[{number}].Sns.Message"
    try:
        message = parse_json(sns.message)
    except ValueError as err:
        raise InvalidEvent(f"{where}: not valid JSON: {err}") from err
    check(message, "sns-alarm", where)
    return Alarm(
        kind="sns",
        name=message["AlarmName"],
        arn=message["AlarmArn"],
        state=message["NewStateValue"],
        previous_state=message.get("OldStateValue"),
        occurred_at=time_at(message, "StateChangeTime", where),
        correlation_id=sns.get("MessageId"),
    )
