"""Connections that are opened before they are needed: which are used, and that all are closed."""

import socket
import ssl
import threading
import time
from types import SimpleNamespace

import httpcore
import httpx
import pytest
from outages import PartsBehind, alarm_held
from parts import bus_alarm
from relay import Relay

from handler import app
from handler.dws.ahead import MOST, Ahead
from handler.dws.departure import Deadline
from handler.dws.line import GOOD_FOR_S, Line, Lines
from handler.dws.stream import Clear
from handler.errors import LedgerUnavailable
from handler.events import parse
from local.aws.troubles import Error
from local.smn import Signer

ORDER = "https://provider.example", "POST"
READ = "https://provider.example", "GET"
CLAIM = "state#fleet"


# One connection


class Peer:
    """A server that takes one connection, in the clear or over TLS, and does as it is told."""

    def __init__(self, folder=None, version=None):
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = httpx.URL(f"http://127.0.0.1:{port}")
        self.context = self.trusting = None
        if folder:
            self.url = httpx.URL(f"https://localhost:{port}")
            authority = Signer("authority")
            server = Signer("server", authority, hosts=("localhost",))
            certificate, key = folder / "cert.pem", folder / "key.pem"
            certificate.write_bytes(server.pem)
            key.write_bytes(server.key_pem)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.maximum_version = version
            self.context.load_cert_chain(certificate, key)
            self.trusting = ssl.create_default_context(cadata=authority.pem.decode())

    def __enter__(self):
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        self.lines = Lines(self.trusting or ssl.create_default_context())
        self.line = self.lines.connect(self.url, Deadline(5))
        self._thread.join()
        return self

    def __exit__(self, *_):
        self.line.close()
        self.connection.close()
        self._listener.close()

    def _accept(self):
        accepted, _ = self._listener.accept()
        accepted.settimeout(5)
        self.connection = accepted
        if self.context:
            self.connection = self.context.wrap_socket(accepted, server_side=True)


@pytest.fixture(params=["in the clear", "TLS 1.2", "TLS 1.3"])
def peer(request, tmp_path):
    versions = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}
    version = versions.get(request.param)
    with Peer(tmp_path, version) if version else Peer() as accepted:
        yield accepted


def soon(condition, within_s=5):
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_new_connection_is_fit_however_often_it_is_looked_at(peer):
    time.sleep(0.05)  # the session tickets of TLS 1.3 have come by then
    assert [peer.line.is_fit for _ in range(3)] == [True] * 3


def test_a_connection_that_was_looked_at_carries_a_request_and_its_answer(peer):
    assert peer.line.is_fit
    peer.connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    headers = {"Connection": "close"}
    extensions = {"deadline": Deadline(5), "heard": threading.Event()}
    asked = httpx.Request("GET", peer.url.join("/x"), headers=headers, extensions=extensions)
    response = peer.line.handle_request(asked)
    response.close()
    assert response.status_code == 204
    assert peer.connection.recv(65536).startswith(b"GET /x HTTP/1.1\r\n")
    assert peer.connection.recv(1) == b""


def test_a_connection_that_the_peer_has_closed_is_not_fit(peer):
    peer.connection.close()
    soon(lambda: not peer.line.is_fit)


def test_a_connection_that_the_peer_has_reset_is_not_fit(peer):
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    peer.connection.close()
    soon(lambda: not peer.line.is_fit)


def test_a_connection_on_which_the_peer_speaks_unasked_is_not_fit(peer):
    peer.connection.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    soon(lambda: not peer.line.is_fit)


def test_a_connection_is_fit_while_it_is_young(peer):
    age = GOOD_FOR_S + 0.1
    old = Line(peer.line.origin, peer.line.stream, time.monotonic() - age)
    assert (GOOD_FOR_S, old.is_fit) == (5.0, False)


def test_a_certificate_of_somebody_else_opens_nothing(tmp_path):
    with Peer(tmp_path, ssl.TLSVersion.TLSv1_3) as peer:
        url = peer.url.copy_with(host="127.0.0.1")
        listener = threading.Thread(target=_greet_badly, args=(peer,))
        listener.start()
        with pytest.raises(httpcore.ConnectError):
            peer.lines.connect(url, Deadline(5))
        listener.join()


def _greet_badly(peer):
    accepted, _ = peer._listener.accept()
    with accepted, pytest.raises(ssl.SSLError):
        peer.context.wrap_socket(accepted, server_side=True)


# Many of them


class Stream(Clear):
    """A connection to a silent peer, which knows whether it was closed."""

    def __init__(self):
        self.is_closed = False
        ours, self._other = socket.socketpair()
        super().__init__(ours)

    def close(self):
        self.is_closed = True
        super().close()
        self._other.close()


def line(age_s=0.0):
    return Line(None, Stream(), time.monotonic() - age_s)


@pytest.fixture
def ahead():
    made = Ahead()
    yield made
    made.close()


def opened(ahead, purpose, *lines):
    for one in lines:
        ahead.open(purpose, lambda one=one: one)


def test_a_read_takes_no_connection_that_was_opened_for_an_order(ahead):
    one = line()
    opened(ahead, ORDER, one)
    assert ahead.take(READ, 1) is None
    assert ahead.take(ORDER, 1) is one
    one.close()


def test_a_connection_is_taken_once(ahead):
    one = line()
    opened(ahead, ORDER, one)
    assert [ahead.take(ORDER, 1), ahead.take(ORDER, 1)] == [one, None]
    one.close()


def test_what_is_no_longer_fit_is_closed_and_the_next_one_taken(ahead):
    old, young = line(age_s=GOOD_FOR_S + 0.1), line()
    opened(ahead, READ, old, young)
    assert ahead.take(READ, 1) is young
    assert old.stream.is_closed
    young.close()


@pytest.mark.parametrize("error", [httpcore.ConnectError("no"), UnicodeError("no"), OSError(24)])
def test_where_none_could_be_opened_there_is_none(ahead, error):
    def fail():
        raise error

    ahead.open(ORDER, fail)
    assert ahead.take(ORDER, 1) is None


def test_one_that_is_being_opened_is_waited_for_as_long_as_there_is_time(ahead):
    is_reached, one = threading.Event(), line()
    ahead.open(ORDER, lambda: is_reached.wait(5) and one)
    assert ahead.take(ORDER, 0.05) is None
    is_reached.set()
    soon(lambda: one.stream.is_closed)


def test_one_that_is_to_be_opened_later_is_opened_when_it_is_wanted(ahead):
    one, began = line(), time.monotonic()
    ahead.open(ORDER, lambda: one, after_s=60)
    assert ahead.take(ORDER, 5) is one
    assert time.monotonic() - began < 5
    one.close()


def test_what_nobody_takes_is_closed_also_what_is_still_being_opened():
    ahead, is_reached, begun = Ahead(), threading.Event(), []
    there, coming, later = line(), line(), []
    ahead.open(READ, lambda: begun.append(1) or there)
    ahead.open(READ, lambda: begun.append(1) or (is_reached.wait(5) and coming))
    ahead.open(ORDER, lambda: later.append(1), after_s=60)
    soon(lambda: len(begun) == 2)
    ahead.close()
    is_reached.set()
    soon(lambda: there.stream.is_closed and coming.stream.is_closed)
    assert later == []


def test_no_more_are_opened_than_can_be_of_use(ahead):
    lines = [line() for _ in range(MOST + 1)]
    opened(ahead, READ, *lines)
    taken = [ahead.take(READ, 1) for _ in lines]
    assert taken == [*lines[:MOST], None]
    for one in lines:
        one.close()


def test_after_the_end_none_is_opened(ahead):
    ahead.close()
    asked = []
    ahead.open(ORDER, lambda: asked.append(1))
    assert (ahead.take(ORDER, 0.1), asked) == (None, [])


# An alarm's way


@pytest.fixture
def outage(aws, emulator, proxy):
    """An armed pair whose production has just failed, its provider behind a relay."""
    with PartsBehind(aws, emulator, proxy) as made, Relay(emulator.url.split("//")[1]) as relay:
        made.arm()
        made.put_pair(endpoint=relay.url)
        made.send({"command": "rehearse", "pair": "analytics"})
        emulator.break_production()
        relay.seen.clear()
        proxy.clear()
        made.relay = relay
        yield made


def test_an_alarm_that_orders_opens_five_connections_one_for_each_request(outage):
    outage.alarm()
    assert len(outage.relay.seen) == 5
    assert [one.is_order for one in outage.relay.seen].count(True) == 1


def test_the_order_leaves_on_a_connection_from_before_the_claim_that_carried_nothing(outage):
    with alarm_held(outage, CLAIM) as answers:
        soon(lambda: len(outage.relay.unclosed) == 1)
        (waiting,) = outage.relay.unclosed
        assert waiting.spoke_at is None
    assert (answers[0]["decision"], waiting.is_order) == ("submitted", True)
    assert len(outage.relay.seen) == 5


def test_connections_for_the_reads_are_opened_while_the_incident_is_stored(outage):
    """And nothing is asked on them before it is."""
    with alarm_held(outage, "state#incident"):
        soon(lambda: len(outage.relay.seen) == 4)
        assert [one.spoke_at for one in outage.relay.seen] == [None] * 4
    assert len(outage.relay.seen) == 5


def test_a_claim_that_takes_long_makes_the_order_leave_on_a_new_connection(outage):
    with alarm_held(outage, CLAIM):
        time.sleep(GOOD_FOR_S + 0.1)
    (order,) = [one for one in outage.relay.seen if one.is_order]
    assert order is outage.relay.seen[5]
    assert outage.posts == 1


def test_an_order_does_not_leave_on_what_the_peer_has_closed_meanwhile(outage):
    with alarm_held(outage, CLAIM) as answers:
        soon(lambda: len(outage.relay.unclosed) == 1)
        outage.relay.hang_up()
    assert (answers[0]["decision"], outage.posts) == ("submitted", 1)
    assert len(outage.relay.seen) == 6


@pytest.mark.parametrize("what", ["refused", "observed", "ordered", "raised", "not stored"])
def test_whatever_an_alarm_comes_to_no_connection_is_left(outage, what):
    if what == "refused":
        outage.emulator.restore_production()
    if what == "observed":
        outage.put_pair(mode="observe", endpoint=outage.relay.url)
    if what == "raised":
        outage.instead["probe"] = _bug
        outage.put_pair(
            endpoint=outage.relay.url,
            probes={outage.emulator.pair.production_id: "127.0.0.1:9"},
        )
    if what == "not stored":
        outage.proxy.take_down("dynamodb", Error("InternalServerError", 500), after="Query")
    try:
        outage.alarm()
    except (ZeroDivisionError, LedgerUnavailable):
        assert what in ("raised", "not stored")
    else:
        assert what not in ("raised", "not stored")
    soon(lambda: not outage.relay.unclosed)


def _bug(_):
    raise ZeroDivisionError


def test_one_that_only_watches_has_no_connection_for_an_order(outage):
    outage.put_pair(mode="observe", endpoint=outage.relay.url)
    outage.alarm()
    assert len(outage.relay.seen) == 4


def test_nothing_is_opened_for_an_alarm_that_joins(outage):
    outage.alarm()
    outage.relay.seen.clear()
    outage.alarm("dws-outage-other")
    assert outage.relay.seen == []


def test_no_connection_outlives_its_invocation(outage):
    one, another = (app.Invocation(outage.adapters, outage.context) for _ in range(2))
    one.answer(parse(bus_alarm("dws-outage-analytics")))
    assert one.ahead is not another.ahead
    purpose = outage.relay.url, "POST"
    one.ahead.open(purpose, lambda: SimpleNamespace(is_fit=True))
    assert one.ahead.take(purpose, 0.1) is None
