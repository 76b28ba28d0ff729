"""Whether an order may have left: one fact decides, and no exception's class."""

import builtins
import errno
import inspect
import socket
import ssl
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import h11
import httpcore
import httpx
import idna
import pytest
from hosts import HOSTS

from handler.dws.ahead import Ahead
from handler.dws.auth import AccessKey, Tokens, User
from handler.dws.client import Dws
from handler.dws.http import Transport
from handler.errors import InvalidSettings, LedgerUnavailable
from local.dws.model.setup import PAIR_ID, PROJECT_ID
from local.smn import Signer

KEY = AccessKey("AK", "SK")


def clock():
    return datetime.now(UTC)


def connected(wire, endpoint, key=KEY, project_id=PROJECT_ID):
    return Dws(wire, endpoint, project_id, UTC, lambda _renew: key, Tokens(wire, clock), clock)


@pytest.fixture(params=["a new connection", "one that was opened ahead"])
def reached(request):
    """How a provider is reached whose order leaves on this or that."""
    ahead = Ahead()

    def reach(*args):
        dws = connected(*args)
        if request.param == "a new connection":
            return dws
        dws = replace(dws, ahead=ahead)
        dws.open_ahead("POST")
        return dws

    yield reach
    ahead.close()


def told(answer):
    return answer.meaning.value, answer.reason_code


@pytest.fixture
def wire():
    made = Transport(HOSTS)
    yield made
    made.close()


@pytest.fixture
def dws(emulator, wire, reached):
    emulator.break_production()
    key = AccessKey(emulator.credentials.access_key, emulator.credentials.secret_key)
    return reached(wire, emulator.url, key, emulator.project_id)


# Whatever is raised


class Raising(httpx.BaseTransport):
    """A transport at which something goes wrong, before or after the headers began to leave."""

    def __init__(self, error, *, after):
        self.error, self.after = error, after

    def handle_request(self, request):
        if self.after:
            request.extensions["trace"]("http11.send_request_headers.started", {})
        raise self.error


def exceptions_of(module):
    found = {one for _, one in inspect.getmembers(module, inspect.isclass)}
    return {one for one in found if issubclass(one, Exception)}


# A new one is looked at, and put here, before it is believed to change nothing.
HTTPX = {
    "CloseError", "ConnectError", "ConnectTimeout", "CookieConflict", "DecodingError", "HTTPError",
    "HTTPStatusError", "InvalidURL", "LocalProtocolError", "NetworkError", "PoolTimeout",
    "ProtocolError", "ProxyError", "ReadError", "ReadTimeout", "RemoteProtocolError",
    "RequestError", "RequestNotRead", "ResponseNotRead", "StreamClosed", "StreamConsumed",
    "StreamError", "TimeoutException", "TooManyRedirects", "TransportError", "UnsupportedProtocol",
    "WriteError", "WriteTimeout",
}  # fmt: skip
HTTPCORE = {
    "ConnectError", "ConnectTimeout", "ConnectionNotAvailable", "LocalProtocolError",
    "NetworkError", "PoolTimeout", "ProtocolError", "ProxyError", "ReadError", "ReadTimeout",
    "RemoteProtocolError", "TimeoutException", "UnsupportedProtocol", "WriteError", "WriteTimeout",
}  # fmt: skip


def test_no_exception_of_httpx_and_httpcore_is_new():
    assert {one.__name__ for one in exceptions_of(httpx)} == HTTPX
    assert {one.__name__ for one in exceptions_of(httpcore)} == HTTPCORE


def made(kind):
    """An exception of a class, however it wants to be made."""
    request = httpx.Request("POST", "https://provider.example")
    ways = (
        lambda: kind("words"),
        kind,
        lambda: kind("words", request=request, response=httpx.Response(500)),
        lambda: kind("ascii", "\u20ac", 0, 1, "words"),
        lambda: kind("ascii", b"words", 0, 1, "words"),
        lambda: kind("\u20ac", 0, 1, "words"),
        lambda: kind("words", [ValueError()]),
    )
    for way in ways:
        try:
            return way()
        except TypeError:
            continue
    raise AssertionError(f"{kind} cannot be made")


EVERY = sorted(
    {
        *exceptions_of(httpx),
        *exceptions_of(httpcore),
        *exceptions_of(builtins),
        *exceptions_of(ssl),
        *exceptions_of(socket),
        *exceptions_of(h11),
        *exceptions_of(idna),
    }
    - {h11.ProtocolError},  # an abstract one
    key=str,
)


@pytest.mark.parametrize("kind", EVERY, ids=lambda one: f"{one.__module__}.{one.__qualname__}")
def test_whatever_is_raised_it_has_left_exactly_if_its_headers_began_to(kind):
    after = connected(Transport(HOSTS, Raising(made(kind), after=True)), "https://provider.example")
    assert told(after.fail_over(PAIR_ID, 5)) == ("unknown", "answer_lost")
    before = connected(
        Transport(HOSTS, Raising(made(kind), after=False)), "https://provider.example"
    )
    assert told(before.fail_over(PAIR_ID, 5)) == ("not_started", "not_sent")


class Answering(httpx.BaseTransport):
    """A transport whose answer goes wrong while it is read."""

    def __init__(self, error, status):
        self.error, self.status = error, status

    def handle_request(self, request):
        request.extensions["trace"]("http11.send_request_headers.started", {})
        return httpx.Response(self.status, stream=self)

    def __iter__(self):
        yield b"{"
        raise self.error

    def close(self):
        raise OSError(errno.EBADF, "Bad file descriptor")


class AnsweringStream(Answering, httpx.SyncByteStream):
    pass


@pytest.mark.parametrize("status", [200, 503])
@pytest.mark.parametrize("error", [ValueError("closed"), KeyError("x"), RuntimeError("thread")])
def test_what_goes_wrong_in_the_body_does_not_hide_the_status(error, status):
    wire = Transport(HOSTS, AnsweringStream(error, status))
    answer = connected(wire, "https://provider.example").fail_over(PAIR_ID, 5)
    assert told(answer) == ("unknown", "answer_lost")
    assert answer.has_2xx is (status == 200)


# On real sockets


@pytest.mark.parametrize(
    "location", ["https://xn--ls8h.la/", "https:login", "//[::1", "http://a..b/", "/login", ""]
)
@pytest.mark.parametrize("status", [301, 302, 307])
def test_an_order_that_is_taken_and_answered_by_a_redirect_may_have_been_taken(
    emulator, dws, status, location
):
    headers = {"Location": location}
    emulator.fault("failover", "respond", status=status, headers=headers, effect=True)
    answer = dws.fail_over(emulator.pair.id, 5)
    assert told(answer) == ("unknown", f"http_{status}")
    assert emulator.pair.orders
    assert len(emulator.failover_posts) == 1


class Tls:
    """A server that takes one request over TLS and does something with its connection."""

    def __init__(self, folder, then):
        self.received = b""
        self._then = then
        authority = Signer("authority")
        server = Signer("server", authority, hosts=("localhost",))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(
            written(folder / "cert.pem", server.pem), written(folder / "key.pem", server.key_pem)
        )
        self.trusting = ssl.create_default_context(cadata=authority.pem.decode())
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._listener.close()

    def _serve(self):
        connection, _ = self._listener.accept()
        with self._context.wrap_socket(connection, server_side=True) as tls:
            while not self.received.endswith(b"\r\n\r\n"):
                self.received += tls.recv(65536)
            self._then(tls)


def written(path, content):
    path.write_bytes(content)
    return path


def wait_for_the_end(tls):
    try:
        while tls.recv(65536):
            pass
    except OSError:
        pass


def trusting(server):
    return Transport(HOSTS, context=server.trusting)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
def test_the_deadline_cuts_a_tls_stream_and_the_order_may_have_left(tmp_path, reached, sent):
    def then(tls):
        tls.sendall(sent)
        wait_for_the_end(tls)

    with Tls(tmp_path, then) as server:
        wire = trusting(server)
        answer = reached(wire, server.url).fail_over(PAIR_ID, 1)
        wire.close()
    assert b"POST" in server.received
    assert told(answer) == ("unknown", "answer_lost")
    assert answer.has_2xx is bool(sent)


# Still good?


class Listener:
    """A server that takes a connection and keeps what it receives."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        return self

    def __exit__(self, *_):
        self._listener.close()

    def received(self):
        """All that came, once the other side has ended the connection."""
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(5)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def test_what_is_no_longer_good_stays_here_though_the_connection_is_open(wire, reached):
    with Listener() as server:
        answer = reached(wire, server.url).fail_over(PAIR_ID, 5, lambda: "the pair\nis paused")
        assert server.received() == b""
    assert told(answer) == ("not_started", "stale")
    assert answer.sentence.endswith("the pair is paused")


@pytest.mark.parametrize(
    "error", [ValueError("no"), httpcore.WriteError("no"), LedgerUnavailable("no"), KeyError()]
)
def test_who_cannot_say_that_it_is_still_good_has_not_said_so(wire, reached, error):
    def still_good():
        raise error

    with Listener() as server:
        answer = reached(wire, server.url).fail_over(PAIR_ID, 5, still_good)
        assert server.received() == b""
    assert told(answer) == ("not_started", "not_sent")
    assert type(error).__name__ in answer.sentence


class Twice(httpx.BaseTransport):
    """A transport that begins again after it has begun, which httpcore does not do today."""

    def handle_request(self, request):
        for _ in range(2):
            request.extensions["trace"]("http11.send_request_headers.started", {})


def test_what_has_begun_to_leave_is_not_called_back_by_asking_again():
    answers = iter([None, "the pair is paused"])
    dws = connected(Transport(HOSTS, Twice()), "https://provider.example")
    assert told(dws.fail_over(PAIR_ID, 5, lambda: next(answers))) == ("unknown", "answer_lost")


def test_an_answer_that_comes_too_late_is_none(wire, reached):
    with Listener() as server:
        answer = reached(wire, server.url).fail_over(PAIR_ID, 0.2, lambda: time.sleep(0.5))
        assert server.received() == b""
    assert told(answer) == ("not_started", "not_sent")


def test_it_is_asked_once_for_an_order_and_never_for_a_read(emulator, dws):
    asked = []
    dws.detail(emulator.pair.id, 5)
    answer = dws.fail_over(emulator.pair.id, 5, lambda: asked.append(len(emulator.failover_posts)))
    assert (answer.meaning, asked) == ("submitted", [0])


def test_it_is_asked_again_before_the_repeat_after_a_401(emulator, dws):
    emulator.fault("failover", "respond", status=401)
    asked = []
    answer = dws.fail_over(emulator.pair.id, 5, lambda: asked.append(len(emulator.failover_posts)))
    assert (answer.meaning, asked) == ("submitted", [0, 1])


def test_what_left_once_and_was_not_repeated_is_what_its_401_made_of_it(emulator, dws):
    """The first has left: that nothing was sent cannot be said any more, but what it met can."""
    emulator.fault("failover", "respond", status=401)
    answers = iter([None, "the pair is paused"])
    answer = dws.fail_over(emulator.pair.id, 5, lambda: next(answers))
    assert told(answer) == ("provider_rejected", "http_401")
    assert len(emulator.failover_posts) == 1


def test_a_user_is_asked_for_the_order_and_not_for_the_token(emulator, wire, reached):
    emulator.break_production()
    login = emulator.credentials.login
    user = User(login.username, login.domain, emulator.url, login.password)
    asked = []
    dws = reached(wire, emulator.url, user, emulator.project_id)
    answer = dws.fail_over(emulator.pair.id, 5, lambda: asked.append(len(emulator.journal)))
    assert (answer.meaning, asked) == ("submitted", [1])


# Credentials


@pytest.mark.parametrize(
    "error", [InvalidSettings("gone"), LedgerUnavailable("throttled"), KeyError("x"), OSError(24)]
)
def test_credentials_that_cannot_be_had_let_nothing_leave(emulator, dws, error):
    def failing(_renew):
        raise error

    answer = replace(dws, credentials=failing).fail_over(emulator.pair.id, 5)
    assert told(answer) == ("not_started", "not_sent")
    assert emulator.failover_posts == []


@pytest.mark.parametrize("error", [InvalidSettings("gone"), LedgerUnavailable("busy"), KeyError()])
def test_credentials_that_cannot_be_had_again_leave_the_401_as_the_answer(emulator, dws, error):
    emulator.fault("failover", "respond", times=None, status=401)

    def once(renew):
        if renew:
            raise error
        return dws.credentials(renew)

    answer = replace(dws, credentials=once).fail_over(emulator.pair.id, 5)
    assert told(answer) == ("provider_rejected", "http_401")
    assert len(emulator.failover_posts) == 1


def test_each_order_has_a_connection_of_its_own(wire, reached):
    """What is kept open would be closed by the other side just as it is needed."""
    with Listener() as server:
        reached(wire, server.url).fail_over(PAIR_ID, 0.5)
        assert b"connection: close" in server.received().lower()
