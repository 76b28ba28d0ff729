"""A deadline holds whatever the peer's TLS does, and what comes in pieces arrives all the same."""

import json
import socket
import ssl
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest
from certificates import loopback_tls
from endless import GOES_ON_FOR_S, Greetings, Tickets
from hosts import EVERYWHERE

from handler.dws.auth import AccessKey, Tokens
from handler.dws.client import Dws, Unreadable
from handler.dws.departure import Deadline
from handler.dws.http import BODY_LIMIT, Transport
from handler.dws.line import Lines
from local.dws.model.setup import PAIR_ID, PROJECT_ID

KEY = AccessKey("AK", "SK")
CLOCK = partial(datetime.now, UTC)
SOON_S = GOES_ON_FOR_S / 2


def asking(url, trusting=None):
    wire = Transport(EVERYWHERE, context=trusting)
    return Dws(wire, url, PROJECT_ID, UTC, lambda _: KEY, Tokens(wire, CLOCK), CLOCK)


@pytest.fixture
def soon():
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON_S


@pytest.mark.usefixtures("soon")
def test_whoever_greets_without_end_before_its_certificate_gets_no_order():
    with Greetings() as peer:
        answer = asking(peer.url).fail_over(PAIR_ID, 1)
    assert (answer.meaning, answer.reason_code) == ("not_started", "not_sent")


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("begins", [None, b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_an_order_to_whoever_sends_tickets_without_end_is_over_in_time(tmp_path, begins):
    with Tickets(tmp_path, begins=begins) as peer:
        answer = asking(peer.url, peer.trusting).fail_over(PAIR_ID, 1)
    assert (answer.meaning, answer.reason_code) == ("unknown", "answer_lost")


@pytest.mark.usefixtures("soon")
def test_a_2xx_whose_body_tickets_keep_from_coming_is_one(tmp_path):
    with Tickets(tmp_path, begins=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") as peer:
        answer = asking(peer.url, peer.trusting).fail_over(PAIR_ID, 1)
    assert (answer.meaning, answer.has_2xx, peer.requests) == ("unknown", True, 1)


@pytest.mark.usefixtures("soon")
def test_a_read_of_whoever_sends_tickets_without_end_is_over_in_time(tmp_path):
    with Tickets(tmp_path) as peer, pytest.raises(Unreadable) as raised:
        asking(peer.url, peer.trusting).detail(PAIR_ID, 1)
    assert raised.value.code == "unavailable"


@pytest.mark.usefixtures("soon")
def test_a_connection_on_which_tickets_come_without_end_is_not_fit(tmp_path):
    with Tickets(tmp_path) as peer:
        line = Lines(peer.trusting).connect(httpx.URL(peer.url), Deadline(1))
        time.sleep(0.2)  # until there are as many as the socket holds
        is_fit = line.is_fit
        line.close()
    assert not is_fit


# In pieces


class Pieces:
    """A server that gives one answer over TLS, so many bytes at a time on the wire, and hangs up."""

    def __init__(self, folder, answer, at_once, version):
        self._answer, self._at_once = answer, at_once
        self._context, trusted = loopback_tls(folder)
        self._context.maximum_version = version
        self.trusting = ssl.create_default_context(cafile=trusted)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        accepted, _ = self._listener.accept()
        with self._listener, accepted:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            come, go = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = self._context.wrap_bio(come, go, server_side=True)
            for step in (tls.do_handshake, lambda: tls.read(65536)):
                while True:
                    try:
                        step()
                        break
                    except ssl.SSLWantReadError:
                        self._send(accepted, go.read())
                        come.write(accepted.recv(65536))
                self._send(accepted, go.read())
            tls.write(self._answer)
            self._send(accepted, go.read())

    def _send(self, connection, content):
        for at in range(0, len(content), self._at_once):
            connection.sendall(content[at : at + self._at_once])


BODY = json.dumps({"disaster_recovery": {"id": PAIR_ID}}).encode()
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("length", [b"Content-Length: %d\r\n" % len(BODY), b""])
@pytest.mark.parametrize("at_once", [1, 1000])
def test_what_comes_in_pieces_arrives(tmp_path, version, length, at_once):
    """Also what ends where the connection ends, without TLS saying so."""
    peer = Pieces(tmp_path, HEAD + length + b"\r\n" + BODY, at_once, version)
    assert asking(peer.url, peer.trusting).fail_over(PAIR_ID, 5).meaning == "submitted"


def test_as_much_as_a_body_may_have_arrives_over_tls(tmp_path):
    body = BODY.ljust(BODY_LIMIT)
    peer = Pieces(tmp_path, HEAD + b"\r\n" + body, 300_000, ssl.TLSVersion.TLSv1_3)
    assert asking(peer.url, peer.trusting).fail_over(PAIR_ID, 5).meaning == "submitted"


# Many addresses


@pytest.fixture
def unheard():
    """An address whose queue of connections is full, so that it answers nobody; and its port."""
    with ExitStack() as held:
        full = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()


def named(monkeypatch, *addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    return "http://provider.example:80"


def test_all_addresses_of_a_name_have_the_time_of_one(monkeypatch, unheard):
    dws = asking(named(monkeypatch, *[unheard] * 10))
    began = time.monotonic()
    answer = dws.fail_over(PAIR_ID, 1)
    assert time.monotonic() - began < 2
    assert (answer.meaning, answer.reason_code) == ("not_started", "not_sent")


def test_an_address_that_answers_nobody_does_not_keep_an_order_from_the_next(
    monkeypatch, unheard, emulator
):
    port = int(emulator.url.rpartition(":")[2])
    dws = asking(named(monkeypatch, unheard, ("127.0.0.1", port)))
    assert dws.fail_over(PAIR_ID, 2).reason_code.startswith("APIGW.")
