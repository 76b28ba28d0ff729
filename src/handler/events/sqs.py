"""Alarms that come through a queue: each record stands for itself; what fails comes again."""

from typing import Any

from handler.events import smn
from handler.events.envelopes import read_alarms
from handler.events.reading import check, parse_text
from handler.signals import Alarm, Batch


def read(event: dict[str, Any]) -> Batch:
    """Read the records; what is in them is read one by one, so that one bad one stops no other."""
    check(event, "sqs-records")
    return Batch(event)


def read_record(number: int, body: str) -> tuple[Alarm, ...]:
    """Read the alarms of one record.

    Never a command: whoever may write to a queue can raise an alarm at most.

    Raises:
        InvalidEvent: there is none; the message names the place.
    """
    where = f"$.Records[{number}].body"
    event = parse_text(body, where)
    if isinstance(event, dict) and smn.knows(event):
        return smn.read(event, where)  # by SMN still: its alarms are known by topic and name
    return tuple(alarm.carried_by("sqs") for alarm in read_alarms(event, where))
