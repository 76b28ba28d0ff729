"""Mutate the events of the corpus: `make fuzz N=200000`.

Whatever comes of it, the readers answer with signals that can be stored and counted with, or with
an InvalidEvent that names a place in one printable line, and SMN's entry with a status.
A failing seed comes again with `make fuzz SEED=<its seed> N=1000`.
"""

import argparse
import contextlib
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from handler.aws.telemetry import metrics
from handler.errors import InvalidEvent
from handler.events import parse
from handler.events.sqs import read_record
from handler.model.signals import Alarm, Batch
from handler.model.times import isoformat, parse_time
from handler.smn.app import respond
from handler.smn.certificates import Certificates
from handler.smn.ingress import Ingress
from local.seeds import drawn, judge_all
from local.smn import TOPIC, Signer

BATCH: Final = 1000
CORPUS: Final = Path(__file__).parents[1] / "tests" / "corpus"
LONGEST_MESSAGE: Final = 16_384  # characters of an InvalidEvent
A_LIFE: Final = timedelta(days=36_500)
_NOW: Final = datetime(2026, 1, 15, 8, 30, 20, tzinfo=UTC)

HOSTILE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 2**70, 1768465800, 1768465800409, 10**400, "", " ", "0", "null",
    "\x00", "\ud800", "\N{RIGHT-TO-LEFT OVERRIDE}", "é仓库", "*", "%n%s{0}${jndi:ldap://x}",
    "../../etc/passwd", "https://attacker.example/", "https://smn.eu-west-101.myhuaweicloud.eu@x/",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "x" * 9000,
    "99999999999999", "2126-01-15T08:30:00Z", "arn:aws:cloudwatch:::alarm:", "urn:smn:::", "[[[[",
    "\udfff", "a\nWhat to do: b", "\x1b[2J", "<why>", "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999+0000", "9000-12-31T23:59:59-23:59", "-62135596800000", "1e400",
    "9" * 5000, "[" * 5000, "WaitPeriod", True, {"id": "\u202e"}, {"id": "x" * 2000}, {"id": None},
    {"mutedByArn": "\n", "muteWindowEnd": "9999-12-31T23:59:59Z"}, {"value": "ALARM"}, {"\n$.a": 1},
    "{}", "[]", '"', "42", "ALARM", "Notification", "CloudWatch Alarm State Change", "aws:sns",
    "aws:sqs", "status", [], {}, [[]], [None], {"": {}}, {"Records": []}, {"command": "failover"},
    {"alarmData": None}, {"smn": []},
)  # fmt: skip

RAW: Final = ("1e400", "9" * 5000, "-0.0", "NaN", "[" * 5000, '"\\ud800"', '{"a": 1, "a": 1}')

# Fields that change how an event is taken, wherever they turn up.
NAMES: Final = (
    "muteDetail", "actionsSuppressedBy", "previousState", "alarmContributor", "AlarmContributorId",
    "ActionExecutedAfterMuteWindow", "Timestamp", "attributes", "configuration", "requested_at",
)  # fmt: skip

Slot = tuple[Any, Any]  # a container, and a key or an index of it


@dataclass(frozen=True)
class Change:
    """One mutation: which place, what is done there, with what."""

    place: int
    how: str
    value: Any
    other: int


CHANGES = st.builds(
    Change,
    place=st.integers(0, 2**16),
    how=st.sampled_from(
        ["put", "drop", "move", "nest", "text", "cut", "twice", "swap", "raw", "add"]
    ),
    value=st.sampled_from(HOSTILE) | st.text(max_size=40) | st.integers() | st.floats(),
    other=st.integers(0, 2**16),
)


def mutated(event: Any, changes: list[Change]) -> Any:
    """An event after some changes, wherever they fall: in it, or in the JSON text within it."""
    root = [json.loads(json.dumps(event))]
    for change in changes:
        _change(root, change)
    return root[0]


def _change(root: list[Any], change: Change) -> None:
    slots = list(_slots(root))
    container, key = slots[change.place % len(slots)]
    value = container[key]
    if isinstance(value, str) and change.other % 3 and (inner := _json(value)) is not None:
        _change(inner, change)
        container[key] = json.dumps(inner[0])
        return
    source, other = slots[change.other % len(slots)]
    match change.how:
        case "put":
            container[key] = json.loads(json.dumps(change.value))
        case "drop" if isinstance(container, dict):
            del container[key]
        case "move":
            container[key] = json.loads(json.dumps(source[other]))
        case "nest":
            container[key] = [value] if change.other % 2 else json.loads("[" * 200 + "]" * 200)
        case "text":
            container[key] = json.dumps(value)
        case "twice":
            container[key] = json.dumps(value).replace("{", '{"a": 1, "a": 2, ', 1)
        case _ if isinstance(value, str):
            container[key] = _text(value, change)
        case _ if isinstance(value, dict):
            container[key] = _object(value, change)


def _text(text: str, change: Change) -> str:
    match change.how:
        case "cut":
            return text[: change.other % (len(text) + 1)]
        case "raw":  # what `json.dumps` would not write
            return re.sub(r"\d+", lambda _: RAW[change.other % len(RAW)], text, count=1)
    return text


def _object(fields: dict[str, Any], change: Change) -> dict[str, Any]:
    match change.how:
        case "swap":
            return {str(name)[::-1]: each for name, each in fields.items()}
        case "add":
            name = NAMES[change.other % len(NAMES)]
            return {**fields, name: json.loads(json.dumps(change.value))}
    return fields


def _json(text: str) -> list[Any] | None:
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return [inner] if isinstance(inner, dict | list) else None


def _slots(container: Any) -> Iterator[Slot]:
    keys = range(len(container)) if isinstance(container, list) else list(container)
    for key in keys:
        yield container, key
        if isinstance(container[key], dict | list):
            yield from _slots(container[key])


SIGNER: Final = Signer("fuzzing", valid=(timedelta(days=-3650), timedelta(days=3650)))
INGRESS: Final = Ingress(
    frozenset([TOPIC]), Certificates(lambda _: SIGNER.pem), print, lambda _: True, lambda: _NOW
)


def outcome(event: Any) -> str:
    """What comes of an event."""
    if isinstance(event, dict) and "rawPath" in event:
        answer = respond(event, INGRESS)
        metrics.clear_metrics()
        return f"SMN {answer['statusCode']}"
    signals = _read(lambda: parse(event))
    if not isinstance(signals, Batch):
        return signals if isinstance(signals, str) else type(signals).__name__
    for number, record in enumerate(signals.event["Records"]):
        _read(lambda number=number, record=record: read_record(number, record))  # type: ignore[misc]
    return "Batch"


def _read(read: Callable[[], Any]) -> Any:
    try:
        signals = read()
    except InvalidEvent as err:
        if str(err).startswith("$") and len(str(err)) < LONGEST_MESSAGE and str(err).isprintable():
            return "InvalidEvent"
        raise AssertionError("its message names no place, is too long or not one line") from err
    for alarm in signals if isinstance(signals, tuple) else ():
        _check(alarm)
    return signals


def _check(alarm: Alarm) -> None:
    """Whatever is done with an alarm later must be possible."""
    json.dumps(asdict(alarm), default=isoformat, ensure_ascii=False).encode()
    for time in filter(None, (alarm.occurred_at, alarm.muted_until)):
        if parse_time(isoformat(time)) != time.replace(microsecond=0):
            raise AssertionError(f"{time} is not read again as it is written")
        _ = (time + A_LIFE, time - A_LIFE)
    if not (alarm.muted_by or "").isprintable():
        raise AssertionError("what mutes it is not one line")


def judge(number: int, count: int) -> tuple[str | None, Counter[str]]:
    """Judge the events of one seed; what came of them."""
    logging.disable(logging.CRITICAL)
    corpus = [json.loads(path.read_text())["event"] for path in sorted(CORPUS.glob("*.json"))]
    seen: Counter[str] = Counter()

    @drawn(number, count)
    @given(st.sampled_from(corpus), st.lists(CHANGES, min_size=1, max_size=4))
    def holds(event: Any, changes: list[Change]) -> None:
        seen[outcome(mutated(event, changes))] += 1

    try:
        holds()
    except Exception as err:  # noqa: BLE001 - whatever is raised is what is looked for
        notes = "\n".join(getattr(err, "__notes__", ()))
        return f"seed {number}: {type(err).__name__}: {err}\n{notes}", seen
    return None, seen


def main() -> int:
    """Judge as many events as asked for, side by side, and tell the first that must not be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("-n", type=int, default=5000, help="how many events (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (%(default)s)")
    asked = parser.parse_args()
    size = min(asked.n, BATCH)
    seeds = range(asked.seed, asked.seed + -(-asked.n // size))
    console, total = Console(), Counter[str]()
    with contextlib.closing(judge_all(judge, seeds, size, console, "events")) as verdicts:
        for found, seen in verdicts:
            total += seen
            if found:
                break
    if found:
        console.print(found, highlight=False, markup=False, soft_wrap=True)
        return 1
    console.print(f"{asked.n} events, nothing but signals and InvalidEvent. What came of them:")
    console.print(", ".join(f"{name} {count}" for name, count in total.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
