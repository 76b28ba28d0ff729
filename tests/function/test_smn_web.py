"""What SMN's function asks of others: it ends in time and stays small, whatever the peer does."""

import gzip
import itertools
import socket
import threading
import time
import tracemalloc
from datetime import timedelta

import pytest
from httpcore._backends.sync import SyncStream
from smn_url import Url
from template import SMN_RESOURCES

from handler.smn import web
from handler.smn.app import _AWS
from handler.smn.kept import Kept
from local.smn import HOST, REGION, Signer

FAILED, REFUSED, FORWARDED = (503, "failed"), (403, "refused"), (200, "forwarded")
PATH = f"/smn/SMN_{REGION}_odd.pem"
ODD = f"https://{HOST}{PATH}"
OK = b"HTTP/1.1 200 OK\r\n"
PEM = Signer("smn").pem


# Time


def drip(out, text, then=b""):
    """A byte each tenth of a second, which each read is content with; ends by itself in the end."""
    for at in range(200):
        out.write(text[at : at + 1] or b"x")
        time.sleep(0.1)
    out.write(then)


DRIPPING = {
    "headers": lambda out: drip(out, OK + b"X: ", b"\r\nContent-Length: 2\r\n\r\n{}"),
    "body": lambda out: (out.write(OK + b"Content-Length: 200\r\n\r\n"), drip(out, PEM)),
    "body without a length": lambda out: (out.write(OK + b"\r\n"), drip(out, PEM)),
    "chunks": lambda out: (
        out.write(OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        [(out.write(b"1\r\nx\r\n"), time.sleep(0.1)) for _ in range(200)],
        out.write(b"0\r\n\r\n"),
    ),
}


@pytest.mark.parametrize("what", DRIPPING)
def test_a_peer_that_drips_is_cut_off(smn, what):
    smn.odd[PATH] = DRIPPING[what]
    with pytest.raises(web.Unavailable, match="no whole answer in time"):
        web.fetch(ODD, within_s=0.5)


def test_a_peer_that_says_nothing_is_cut_off(smn):
    let_go = threading.Event()
    smn.odd[PATH] = lambda _out: let_go.wait(20)
    with pytest.raises(web.Unavailable):
        web.fetch(ODD, within_s=0.5)
    let_go.set()


def test_a_connection_that_is_there_too_late_is_cut_at_once():
    ours, theirs = socket.socketpair()
    with ours, theirs, web._Cut(within_s=0) as cut:
        while not cut.is_over:
            time.sleep(0.01)
        cut.watch("proxy.start_tls.complete", {"return_value": SyncStream(ours)})
        theirs.settimeout(5)
        assert theirs.recv(1) == b""


@pytest.mark.parametrize(
    "silent", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], indirect=True, ids=["", "TLS"]
)
def test_a_proxy_that_says_nothing_is_cut_off_and_a_host_behind_it(monkeypatch, silent):
    monkeypatch.setenv("HTTPS_PROXY", silent)
    with pytest.raises(web.Unavailable):
        web.fetch(ODD, within_s=0.5)


@pytest.fixture
def silent(request):
    """A proxy that says only this, and never a word of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say():
            connection, _ = server.accept()
            connection.sendall(request.param)
            with connection:
                connection.settimeout(20)
                while connection.recv(1000):
                    pass

        threading.Thread(target=say, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_both_requests_of_a_confirmation_and_the_queue_fit_into_the_functions_time():
    to_queue = (_AWS.connect_timeout + _AWS.read_timeout) * _AWS.retries["total_max_attempts"]
    timeout = SMN_RESOURCES["SmnFunction"]["Properties"]["Timeout"]
    assert web.WITHIN_S + max(web.WITHIN_S, to_queue) < timeout


# Size


def answer(out, body, **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    out.write(OK + lines.encode() + b"\r\n" + body)


def test_nothing_is_unpacked(smn):
    bomb = gzip.compress(b"\0" * 40_000_000)
    assert len(bomb) < 64 * 1024
    smn.odd[PATH] = lambda out: answer(out, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    got = web.fetch(ODD)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got == bomb
    assert peak < 10_000_000


def test_an_endless_body_is_left_after_64_kilobytes(smn):
    def pour(out):
        out.write(OK + b"\r\n")
        for _ in itertools.repeat(None):
            out.write(b"x" * 10_000)  # ends when nobody reads any more

    smn.odd[PATH] = pour
    with pytest.raises(web.Unusable, match="too large"):
        web.fetch(ODD, within_s=10)


def test_what_is_beside_the_certificate_is_not_read(smn):
    smn.odd[PATH] = lambda out: (out.write(b"HTTP/1.1 404 Not Found\r\n\r\n"), drip(out, b""))
    with pytest.raises(web.Absent):
        web.fetch(ODD, within_s=10)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_where_smns_host_redirects_to_nobody_is_asked(smn, url, status):
    elsewhere = smn.certificate_url
    smn.odd[PATH] = lambda out: out.write(
        f"HTTP/1.1 {status} Elsewhere\r\nLocation: {elsewhere}\r\n\r\n".encode()
    )
    assert post(url, smn) == FAILED
    assert smn.asked == [PATH]


# What is held against a URL


def post(url, smn, **other):
    at = url.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return url.post(smn.notification("it is down", signing_cert_url=ODD, timestamp=at, **other))


NOTHING = {
    "is not there": (lambda out: out.write(b"HTTP/1.1 404 Not Found\r\n\r\n"), REFUSED),
    "is no certificate": (lambda out: answer(out, b"hello"), FAILED),
    "is large": (lambda out: answer(out, b"x" * 100_000), FAILED),
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_no_certificate_is_fetched_once_a_minute_however_many_ask(smn, url, what):
    smn.odd[PATH], fate = NOTHING[what]
    assert [post(url, smn) for _ in range(5)] == [fate] * 5
    assert len(smn.asked) == 1
    url.now += timedelta(seconds=61)
    assert post(url, smn) == fate
    assert len(smn.asked) == 2


TROUBLE = {
    "an error": lambda out: out.write(b"HTTP/1.1 503 Later\r\n\r\n"),
    "a refusal": lambda out: out.write(b"HTTP/1.1 403 Too many of you\r\n\r\n"),
    "a cut": lambda out: out.write(b"HTTP/1.1 2"),
}


@pytest.mark.parametrize("what", TROUBLE)
def test_the_hosts_trouble_keeps_an_alarm_waiting_for_ten_seconds(smn, url, what):
    smn.odd[PATH] = TROUBLE[what]
    assert [post(url, smn) for _ in range(5)] == [FAILED] * 5
    assert len(smn.asked) == 1
    smn.odd[PATH] = lambda out: answer(out, smn.signer.pem)
    assert post(url, smn) == FAILED
    url.now += timedelta(seconds=10)
    assert post(url, smn) == FORWARDED


def test_a_certificate_that_is_no_good_now_is_fetched_once_a_minute_too(smn, url):
    old = Signer("old", valid=(timedelta(days=-9), timedelta(days=-1)))
    smn.odd[PATH] = lambda out: answer(out, old.pem)
    assert [post(url, smn, signer=old) for _ in range(5)] == [REFUSED] * 5
    assert len(smn.asked) == 1
    smn.odd[PATH] = lambda out: answer(out, smn.signer.pem)
    url.now += timedelta(seconds=61)
    assert post(url, smn) == FORWARDED


def test_a_bad_url_is_not_held_against_a_good_one(smn, url):
    smn.odd[PATH] = TROUBLE["an error"]
    assert post(url, smn) == FAILED
    assert url.post(smn.notification("it is down")) == FORWARDED


def test_a_forged_message_is_not_held_against_the_certificate(smn, url):
    forged = {**smn.notification("it is down"), "message": "changed"}
    assert url.post(forged) == REFUSED
    assert url.post(smn.notification("it is down")) == FORWARDED


def test_many_bad_urls_do_not_push_a_good_one_out(smn, url):
    assert url.post(smn.notification("it is down")) == FORWARDED
    for number in range(70):
        where = f"https://{HOST}/smn/SMN_{REGION}_{number}.pem"
        assert url.post(smn.notification("x", signing_cert_url=where)) == REFUSED
    smn.asked.clear()
    assert url.post(smn.notification("it is down")) == FORWARDED
    assert smn.asked == []


def test_so_many_are_kept_and_the_oldest_goes():
    kept, url = Kept(2), Url()
    until = url.now + timedelta(seconds=1)
    for name in ("a", "b", "a", "c"):
        kept.put(name, name.upper(), until)
    assert [kept.get(name, url.now) for name in "abc"] == ["A", None, "C"]
    assert kept.get("a", until) is None
