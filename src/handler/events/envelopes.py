"""An alarm in as many envelopes as buses put around it.

SNS wraps a message in records for a function and in a notification for a queue; a queue's body is
text again.
"""

from typing import Any, Final

from handler.errors import InvalidEvent
from handler.events import cloudwatch
from handler.events.checks import check, parse_text
from handler.model.schema import shown
from handler.model.signals import Alarm
from handler.model.times import parse_time

DEEPEST: Final = 4  # EventBridge in SNS in SQS is three


def is_sns_records(event: dict[str, Any]) -> bool:
    """Whether these are records that SNS hands to a function."""
    return bool(_source(event, "EventSource") == "aws:sns")


def is_sqs_records(event: dict[str, Any]) -> bool:
    """Whether these are records that a queue hands to a function."""
    return bool(_source(event, "eventSource") == "aws:sqs")


def is_alarm(event: dict[str, Any]) -> bool:
    """Whether an alarm can be in here."""
    is_notification = event.get("Type") == "Notification" and "Message" in event
    return cloudwatch.knows(event) or is_notification or is_sns_records(event)


def read_alarms(event: Any, where: str = "$", depth: int = 0) -> tuple[Alarm, ...]:
    """Read the alarm, or those of all records.

    Raises:
        InvalidEvent: there is none; the message names the place.
    """
    if not isinstance(event, dict) or not is_alarm(event) or depth > DEEPEST:
        raise InvalidEvent(f"{where}: found {_keys(event)}, allowed: a CloudWatch alarm")
    if cloudwatch.knows(event):
        return (cloudwatch.read(event, where),)
    if not is_sns_records(event):
        return _message(event, where, depth)
    check(event, "sns-records", where)
    records = enumerate(event["Records"])
    places = ((record["Sns"], f"{where}.Records[{number}].Sns") for number, record in records)
    return tuple(alarm for sns, place in places for alarm in _message(sns, place, depth))


def read_text(text: str, where: str, depth: int = 0) -> tuple[Alarm, ...]:
    """Read an alarm that is JSON text.

    Raises:
        InvalidEvent: it is none; the message names the place.
    """
    return read_alarms(parse_text(text, where), where, depth)


def _message(sns: dict[str, Any], where: str, depth: int) -> tuple[Alarm, ...]:
    check(sns, "sns-message", where)
    alarms = read_text(sns["Message"], f"{where}.Message", depth + 1)
    id_, sent_at = sns.get("MessageId"), parse_time(sns.get("Timestamp"))
    return tuple(alarm.carried_by("sns", id_, sent_at) for alarm in alarms)


def _source(event: dict[str, Any], field: str) -> Any:
    records = event.get("Records")
    first = records[0] if isinstance(records, list) and records else None
    return first.get(field) if isinstance(first, dict) else None


def _keys(event: Any) -> str:
    return shown(sorted(map(str, event))) if isinstance(event, dict) else shown(event)
