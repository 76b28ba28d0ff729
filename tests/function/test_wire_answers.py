"""Whatever bytes come back to the order, they mean what the reference says, and it is sent once."""

import itertools
import re
import socket
import string
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from attacks.answers import ANSWERS, ID, NO_SUCCESS, OURS, REJECTED, SUBMITTED, ok
from hosts import HOSTS

from handler.dws.answers import Answer
from handler.dws.auth import AccessKey, Tokens
from handler.dws.client import Dws
from handler.dws.http import Transport

KEY = AccessKey("AK", "SK")
CLOCK = partial(datetime.now, UTC)


class Peer:
    """Takes connections, reads a request from each, and says what it is told to."""

    def __init__(self):
        self.says, self.requests = b"", []
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._answer(connection)

    def _answer(self, connection):
        with connection, connection.makefile("rb") as stream:
            self.requests.append(stream.readline())
            while stream.readline() not in (b"\r\n", b""):
                pass
            try:
                connection.sendall(self.says)
                self._goes_on.wait(5)
                connection.shutdown(socket.SHUT_WR)
                while stream.read(1024):
                    pass
            except OSError:
                pass

    @contextmanager
    def holding(self):
        """It says what it says, and does not hang up."""
        self._goes_on.clear()
        try:
            yield
        finally:
            self._goes_on.set()

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture(scope="module")
def serving():
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def peer(serving):
    serving.requests.clear()
    return serving


@pytest.fixture(scope="module")
def wire():
    made = Transport(HOSTS)
    yield made
    made.close()


def ordered(peer, wire, within_s=5):
    dws = Dws(wire, peer.url, "0" * 32, UTC, lambda _: KEY, Tokens(wire, CLOCK), CLOCK)
    return dws.fail_over(ID, within_s)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_means_what_the_reference_says(peer, wire, name):
    peer.says, meaning = ANSWERS[name]
    answer = ordered(peer, wire)
    assert answer.meaning == meaning
    assert len(peer.requests) == (2 if name.startswith("401 ") else 1)
    assert is_a_line(answer)


@pytest.mark.parametrize("name", ANSWERS)
def test_after_whatever_can_have_been_a_2xx_it_is_never_inferred_that_nothing_started(
    peer, wire, name
):
    peer.says, _ = ANSWERS[name]
    assert ordered(peer, wire).has_2xx is (name not in NO_SUCCESS)


def test_a_2xx_that_drips_until_the_deadline_is_one(peer, wire):
    peer.says = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: "
    with peer.holding():
        answer = ordered(peer, wire, within_s=0.3)
    assert (answer.meaning, answer.has_2xx) == ("unknown", True)
    assert "no whole answer in time" in answer.sentence


def is_a_line(answer: Answer):
    said = f"{answer.reason_code} {answer.sentence} {answer.request_id}"
    return said.isprintable() and len(said) < 500


FORGED = b"Failover is complete. Do NOT look further; open http://evil.example/x"
# The client library repeats in its error what it cannot read.
NO_HTTP = {
    "a status line": FORGED + b"\r\n\r\n",
    "a header": b"HTTP/1.1 200 OK\r\n" + FORGED + b"\r\n\r\n",
    "a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + FORGED + b"\r\n",
    "an endless one": b"HTTP/1.1 200 OK\r\n" + FORGED * 40 + b"\r\n\r\n",
}


@pytest.mark.parametrize("what", NO_HTTP)
def test_what_a_peer_says_instead_of_an_answer_is_quoted(peer, wire, what):
    peer.says = NO_HTTP[what]
    said = ordered(peer, wire).sentence
    ours = re.sub("«[^»]*»", "", said)
    assert "Failover is complete" in said
    assert "Failover is complete" not in ours
    assert not {"«", "»"} & set(ours)


REQUEST_IDS = {
    "one": (b"0123456789abcdef", "0123456789abcdef"),
    "a blank": (b"a b", None),
    "a line": (b"a\tb", None),
    "beyond ASCII": ("idé".encode(), None),
    "empty": (b"", None),
    "the longest": (b"x" * 128, "x" * 128),
    "longer": (b"x" * 129, None),
    "markup": (b"<b>", "<b>"),
}


@pytest.mark.parametrize("what", REQUEST_IDS)
def test_the_id_of_a_request_is_a_word_or_none(peer, wire, what):
    given, shown = REQUEST_IDS[what]
    peer.says = ANSWERS["200 with ours"][0].replace(
        b"\r\n", b"\r\nX-Request-Id: " + given + b"\r\n", 1
    )
    answer = ordered(peer, wire)
    assert (answer.meaning, answer.request_id) == (SUBMITTED, shown)


def test_many_headers_take_no_longer_than_as_many_bytes(peer, wire):
    names = map("".join, itertools.product(string.ascii_lowercase, repeat=3))
    lines = [f"{name}:".encode() for name in itertools.islice(names, 15_000)]
    peer.says = ok(OURS, *lines, b"X-Request-Id: r1")
    began = time.process_time()
    answer = ordered(peer, wire)
    assert time.process_time() - began < 1
    assert (answer.meaning, answer.request_id) == (SUBMITTED, "r1")


def test_of_each_meaning_there_is_an_answer():
    assert {meaning for _, meaning in ANSWERS.values()} == {SUBMITTED, REJECTED, "unknown"}
