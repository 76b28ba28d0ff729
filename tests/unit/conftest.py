"""What makes the unit tests fast and certain: they need nothing but Python."""

import socket

import pytest


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch):
    """Whatever opens a connection or listens belongs to another tier."""

    def refuse(*_):
        raise AssertionError("a unit test uses a socket: it belongs to tests/function")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
