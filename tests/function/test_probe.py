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


@pytest.fixture
def unheard():
    """Its queue of connections is full: what else is sent to it is dropped."""
    with contextlib.ExitStack() as held:
        full = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield address(full)


def test_an_address_that_does_not_answer_is_down(unheard):
    assert probe(unheard) is False


@pytest.fixture
def named(monkeypatch):
    """A name that has addresses."""

    def name(*addresses):
        where = [(host, int(port)) for host, _, port in (one.rpartition(":") for one in addresses)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in where]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        return "warehouse.example:8000"

    return name


def test_a_name_is_down_as_fast_as_an_address_however_many_of_its_addresses_are_silent(
    named, unheard
):
    name, began = named(*[unheard] * 10), time.monotonic()
    assert probe(name) is False
    assert time.monotonic() - began < 6


def test_a_name_of_which_one_address_takes_a_connection_is_up_at_once(
    named, unheard, refused, listener
):
    name, began = named(unheard, refused, address(listener), unheard), time.monotonic()
    assert probe(name) is True
    assert time.monotonic() - began < 1


def test_a_name_of_a_great_many_addresses_says_nothing(named, listener):
    assert "addresses" in silent(named(*[address(listener)] * 17))


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


def test_of_several_addresses_one_that_is_not_routed_to_makes_the_witness_silent(named, refused):
    """As a name with an IPv6 address has it where there is no IPv6."""
    addresses = [refused, f"{UNROUTED}:8000"]
    silent(named(*addresses))
    silent(named(*addresses[::-1]))
