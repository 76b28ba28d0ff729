"""Alarms that come through a queue: each record stands for itself; what fails comes again."""

from typing import Any

from handler.events.envelopes import read_text
from handler.events.reading import check
from handler.signals import Alarm, Batch


def read(event: dict[str, Any]) -> Batch:
    """Read the records; what is in them is read one by one, so that one bad one stops no other."""
    check(event, "sqs-records")
    return Batch(event)


def read_record(number: int, body: str) -> tuple[Alarm, ...]:
    """Read the alarms of one record.

    Raises:
        InvalidEvent: there is none; the message names the place.
    """
    alarms = read_text(body, f"$.Records[{number}].body")
    return tuple(alarm.carried_by("sqs") for alarm in alarms)
