"""Alarms that come through a queue: each record stands for itself; what fails comes again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handler.events import smn
from handler.events.checks import check, parse_text
from handler.events.envelopes import read_alarms
from handler.model.signals import Alarm, Batch


def read(event: dict[str, Any]) -> Batch:
    """Read the records; what is in them is read one by one, so that one bad one stops no other."""
    check(event, "sqs-records")
    return Batch(event)


def read_record(number: int, record: Mapping[str, Any]) -> tuple[Alarm, ...]:
    """Read the alarms of one record.

    Never a command: whoever may write to a queue can raise an alarm at most.

    Raises:
        InvalidEvent: there is none; the message names the place.
    """
    where = f"$.Records[{number}].body"
    event = parse_text(record["body"], where)
    again = _is_redelivered(record.get("attributes"))
    if isinstance(event, dict) and smn.knows(event):
        # By SMN still: its alarms are known by topic and name.
        return tuple(replace(alarm, is_redelivered=again) for alarm in smn.read(event, where))
    alarms = (alarm.carried_by("sqs") for alarm in read_alarms(event, where))
    return tuple(replace(alarm, is_redelivered=again) for alarm in alarms)


def _is_redelivered(attributes: Any) -> bool:
    """Whether the queue has handed a record out before."""
    count = attributes.get("ApproximateReceiveCount") if isinstance(attributes, dict) else None
    return str(count or 1) != "1"
