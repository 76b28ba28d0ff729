"""Alarms that come through a queue: each record stands for itself; what fails comes again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handler.events.envelopes import read_text
from handler.events.reading import check
from handler.signals import Alarm, Batch


def read(event: dict[str, Any]) -> Batch:
    """Read the records; what is in them is read one by one, so that one bad one stops no other."""
    check(event, "sqs-records")
    return Batch(event)


def read_record(number: int, record: Mapping[str, Any]) -> tuple[Alarm, ...]:
    """Read the alarms of one record.

    Raises:
        InvalidEvent: there is none; the message names the place.
    """
    alarms = read_text(record["body"], f"$.Records[{number}].body")
    again = _is_redelivered(record.get("attributes"))
    return tuple(replace(alarm.carried_by("sqs"), is_redelivered=again) for alarm in alarms)


def _is_redelivered(attributes: Any) -> bool:
    """Whether the queue has handed a record out before."""
    count = attributes.get("ApproximateReceiveCount") if isinstance(attributes, dict) else None
    return str(count or 1) != "1"
