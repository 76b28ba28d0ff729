"""Everything that can arrive, read into signals: the only code that knows shapes of events."""

from typing import Any

from handler.errors import InvalidEvent
from handler.events import commands, envelopes, smn, sqs
from handler.model.schema import shown
from handler.model.signals import Signals


def parse(event: Any) -> Signals:
    """Read an event.

    Raises:
        InvalidEvent: it is of no known shape, or broken; the message names the place.
    """
    if isinstance(event, dict):
        if commands.knows(event) and _is_something_else(event):
            # Whoever may send a few commands only must not hide an alarm behind one.
            raise InvalidEvent("$: found a command and an alarm in one event, allowed: one of them")
        if envelopes.is_sqs_records(event):
            return sqs.read(event)
        if envelopes.is_alarm(event):
            return envelopes.read_alarms(event)
        if smn.knows(event):
            return smn.read(event)
        if commands.knows(event):
            return commands.read(event)
        if {"key1", "key2", "key3"} <= set(event):
            raise InvalidEvent(
                "$: found the console's hello-world test event. Send an event of events/ instead,"
                ' for example {"command": "status"}; rehearse shows every gate and orders nothing'
            )
    keys = shown(sorted(map(str, event))) if isinstance(event, dict) else shown(event)
    raise InvalidEvent(
        f"$: found {keys}, allowed: a CloudWatch alarm (direct, EventBridge, SNS, SQS)"
        " or a command, as in events/"
    )


def _is_something_else(event: dict[str, Any]) -> bool:
    return envelopes.is_sqs_records(event) or envelopes.is_alarm(event) or smn.knows(event)
