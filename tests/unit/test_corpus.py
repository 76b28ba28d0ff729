"""Events in the shapes that the services send, each with the signals or the error it must give."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from places import CORPUS

from handler.errors import InvalidEvent
from handler.events import parse
from handler.events.sqs import read_record
from handler.model.signals import Batch, Command
from handler.smn.post import read_post

FILES = sorted(CORPUS.glob("*.json"))


def shown(value):
    if isinstance(value, tuple):
        return list(value)
    return _iso(value) if isinstance(value, datetime) else value


def plain(alarms):
    return [{name: shown(value) for name, value in asdict(alarm).items()} for alarm in alarms]


def _iso(time):
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole(alarms):
    """What a file leaves out is not there."""
    absent = (
        "message_id",
        "resource",
        "disaster_recovery_id",
        "reported_as",
        "muted_by",
        "muted_until",
    )
    unsaid = {
        **dict.fromkeys(absent),
        "was_muted": False,
        "is_redelivered": False,
        "is_hint": False,
        "named_ids": [],
    }
    return [{**unsaid, **alarm} for alarm in alarms]


def of_record(number, record):
    try:
        return plain(read_record(number, record))
    except InvalidEvent as err:
        return str(err)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_event_gives_its_signals_or_its_error(path):
    entry = json.loads(path.read_text())
    ((kind, expected),) = entry["expected"].items()
    if kind in ("error", "refused"):
        read = parse if kind == "error" else read_post
        with pytest.raises(InvalidEvent) as caught:
            read(entry["event"])
        assert str(caught.value).startswith(expected)
        return
    if kind == "message":
        message = vars(read_post(entry["event"]))
        assert {name: shown(message[name]) for name in expected} == expected
        return
    found = parse(entry["event"])
    match found:
        case Command():
            assert (kind, expected["command"]) == ("command", found.command)
        case Batch():
            answers = [of_record(n, r) for n, r in enumerate(found.event["Records"])]
            for answer, one in zip(answers, expected, strict=True):
                if isinstance(one, str):
                    assert answer.startswith(one)
                else:
                    assert answer == whole(one)
        case _:
            assert (kind, plain(found)) == ("alarms", whole(expected))


def test_the_corpus_is_large_enough_to_mean_something():
    assert len(FILES) >= 80


def test_every_entry_says_where_its_shape_is_from():
    assert all(json.loads(path.read_text())["source"] for path in FILES)
