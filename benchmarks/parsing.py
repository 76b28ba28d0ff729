"""Reading the largest events, hostile ones among them, beside merely parsing their JSON."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from handler.errors import InvalidEvent
from handler.events import parse

SIZE: Final = 256 * 1024
TRIES: Final = 5
TOPIC: Final = "urn:smn:eu-west-101:0123456789abcdef0123456789abcdef:dws-alarms"
ALARM: Final = {
    "AlarmName": "dws-outage-analytics",
    "AlarmArn": "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:dws-outage-analytics",
    "NewStateValue": "ALARM",
    "OldStateValue": "OK",
    "StateChangeTime": "2026-01-15T08:30:00.409+0000",
}


def main() -> None:
    """Print how long each takes."""
    table = Table("event of 256 KB", "answer", "read", "json.loads", "ratio", box=None)
    for name, event in EVENTS.items():
        read = fastest(partial(answer, event))
        loaded = fastest(partial(json.loads, json.dumps(event)))
        ms = (f"{read * 1000:.1f} ms", f"{loaded * 1000:.1f} ms", f"{read / loaded:.1f}")
        table.add_row(name, answer(event), *ms)
    Console().print(table)


def answer(event: Any) -> str:
    """What comes of an event."""
    try:
        return type(parse(event)).__name__
    except InvalidEvent:
        return "InvalidEvent"


def fastest(call: Callable[[], object]) -> float:
    """Seconds of the fastest of some calls."""
    spans = []
    for _ in range(TRIES):
        started = time.perf_counter()
        call()
        spans.append(time.perf_counter() - started)
    return min(spans)


def _sns(message: str) -> dict[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message, "MessageId": "m"}}]}


def _smn(message: str) -> dict[str, Any]:
    ids = {"topic_urn": TOPIC, "message_id": "m", "timestamp": "2026-01-15T08:30:00Z"}
    return {"smn": {**ids, "message": message}}


_KEYS: Final = {f"k{number:05}": number for number in range(SIZE // 15)}
EVENTS: Final[dict[str, Any]] = {
    "SNS, an alarm with a long text": _sns(json.dumps({**ALARM, "AlarmDescription": "x" * SIZE})),
    "SNS, an alarm with many fields": _sns(json.dumps({**ALARM, "more": _KEYS})),
    "SNS, nested without end": _sns("[" * SIZE),
    "SNS, one quote after the other": _sns('"' * SIZE),
    "SNS, too many records": {"Records": [{"EventSource": "aws:sns", "Sns": {}}] * (SIZE // 40)},
    "SMN, a template of many fields": _smn(json.dumps(_KEYS)),
    "SMN, a template of many lines": _smn("a: b\n" * (SIZE // 5)),
    "SMN, brackets": _smn("[" * SIZE),
    "SMN, separators": _smn("a:" + ";" * SIZE + "x"),
    "SMN, one name again and again": _smn("disasterRecoveryAbnormal " * (SIZE // 25)),
    "a command of unknown fields": {"command": "status", **_KEYS},
}


if __name__ == "__main__":
    main()
