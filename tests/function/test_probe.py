"""The TCP witness on real sockets: it says down only where a connection was refused or timed out."""

import contextlib
import resource
import socket
import time

import pytest

from handler.dws.client import Unreadable
from handler.dws.probe import APART_S, probe

UNROUTED = "127.255.255.255"  # loopback's broadcast address: no stream goes there


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def address(listener):
    return f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def refused():
    """Taken by one who does not listen: nor can another, meanwhile."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        yield address(made)


def silent(where):
    with pytest.raises(Unreadable) as raised:
        probe(where)
    assert (raised.value.code, raised.value.is_transient) == ("unavailable", True)
    return str(raised.value)


def test_an_address_that_takes_a_connection_is_up(listener):
    assert probe(address(listener)) is True


def test_an_address_that_refuses_twice_is_down(refused):
    began = time.monotonic()
    assert probe(refused) is False
    assert time.monotonic() - began >= APART_S


def test_an_address_that_does_not_answer_is_down():
    """Its queue of connections is full: what else is sent to it is dropped."""
    with contextlib.ExitStack() as held:
        full = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        assert probe(address(full)) is False


@pytest.mark.parametrize(
    "where",
    ["no-such-host.invalid:8000", f"{'a' * 70}.example:8000", "a..b:8000", "127.0.0.1:99999"],
)
def test_a_name_that_cannot_be_looked_up_and_a_port_that_cannot_be_say_nothing(where):
    assert "cannot tell" in silent(where)


def test_an_address_to_which_there_is_no_route_says_nothing():
    assert "cannot tell" in silent(f"{UNROUTED}:8000")


def test_without_a_descriptor_nothing_is_said(listener):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(socket.socket())
        why = silent(address(listener))
    finally:
        for one in taken:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "Too many open files" in why


def test_of_several_addresses_one_that_is_not_routed_to_makes_the_witness_silent(
    monkeypatch, refused
):
    """As a name with an IPv6 address has it where there is no IPv6."""
    port = int(refused.rpartition(":")[2])
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (UNROUTED, port)),
    ]
    for order in (found, found[::-1]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, order=order, **_k: order)
        silent(f"warehouse.example:{port}")
