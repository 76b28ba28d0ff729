"""What no honest provider sends, on the wire: it is not read, and its words are a line."""

import json
import tracemalloc
from datetime import UTC, datetime
from functools import partial

import pytest
from hosts import HOSTS

from handler.dws.auth import AccessKey, Tokens
from handler.dws.client import Dws, Unreadable
from handler.dws.http import Transport


@pytest.fixture
def connected(emulator):
    wire = Transport(HOSTS)
    key = AccessKey(emulator.credentials.access_key, emulator.credentials.secret_key)
    clock = partial(datetime.now, UTC)
    yield Dws(
        wire, emulator.url, emulator.project_id, UTC, lambda _: key, Tokens(wire, clock), clock
    )
    wire.close()


@pytest.mark.parametrize(
    ("operation", "read"),
    [
        ("detail", lambda dws, pair: dws.detail(pair.id, 5)),
        ("list", lambda dws, pair: dws.listed(5, pair.id)),
        ("cluster", lambda dws, pair: dws.cluster(pair.production_id, 5)),
        ("events", lambda dws, pair: dws.events(pair.id, 5)),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"cluster": ' + "9" * 5000 + "}",
        '{"cluster": 1e999999}',
        '{"events": {}}',
        json.dumps(dict.fromkeys(("disaster_recovery", "events"), [{}] * 100_000)),
    ],
    ids=["deep", "a number of 5,000 digits", "infinity", "no array", "100,000 items"],
)
def test_a_body_that_no_honest_one_sends_is_not_read(emulator, connected, operation, read, body):
    emulator.fault(operation, "respond", status=200, body=body)
    with pytest.raises(Unreadable) as raised:
        read(connected, emulator.pair)
    assert raised.value.code == "garbled"


def test_what_could_not_be_read_is_not_kept_with_the_error_that_says_so(emulator, connected):
    """One such answer after another, each kept until the next collection, filled the memory."""
    body = json.dumps({"disaster_recovery": [{}] * 200_000})  # 13 MB as objects
    emulator.fault("list", "respond", status=200, body=body)
    tracemalloc.start()
    with pytest.raises(Unreadable) as raised:
        connected.listed(5)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (raised.value.code, kept < 5_000_000) == ("garbled", True)


@pytest.mark.parametrize("status", [403, 503])
def test_the_providers_words_in_a_refusal_are_a_line(emulator, connected, status):
    said = "no\nWhat to do:\u202e\ud800\x1b[2J " + "x" * 45_000
    emulator.fault(
        "detail", "respond", status=status, body={"error_code": "E.1", "error_msg": said}
    )
    with pytest.raises(Unreadable) as raised:
        connected.detail(emulator.pair.id, 5)
    text = str(raised.value)
    assert text.isprintable()
    assert f"HTTP {status} E.1 «no What to do:\ufffd\ufffd\ufffd[2J xxx" in text
    assert len(text) < 300
