"""Everything that can arrive, read into signals: one file per bus, the only code that knows shapes.

A reader is a pair of functions: does it know this event, and what does the event say.
"""

from typing import Any, Final

from handler.errors import InvalidEvent
from handler.events import alarm_action, commands, eventbridge, sns
from handler.schema import shown
from handler.signals import Alarm, Command

READERS: Final[tuple[Any, ...]] = (alarm_action, eventbridge, sns, commands)


def parse(event: Any) -> tuple[Alarm, ...] | Command:
    """Read an event.

    Raises:
        InvalidEvent: it is of no known shape, or broken; the message names the place.
    """
    if isinstance(event, dict):
        for reader in READERS:
            if reader.knows(event):
                signals: tuple[Alarm, ...] | Command = reader.read(event)
                return signals
    if isinstance(event, dict) and {"key1", "key2", "key3"} <= set(event):
        raise InvalidEvent(
            "$: found the console's hello-world test event. Send an event of events/ instead, for"
            ' example {"command": "status"}; rehearse shows every gate and orders nothing'
        )
    keys = shown(sorted(map(str, event))) if isinstance(event, dict) else shown(event)
    raise InvalidEvent(
        f"$: found {keys}, allowed: a CloudWatch alarm (direct, EventBridge, SNS)"
        " or a command, as in events/"
    )
