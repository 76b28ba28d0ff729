"""What all tests share: a clean environment, no way out but loopback, and the embedded AWS."""

import os
import socket
from collections.abc import Iterator

import pytest

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No test sees the settings of the machine that it runs on."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "POWERTOOLS_", "HUAWEI", "HTTP_PROXY", "HTTPS_PROXY")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test connects to {address[0]}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session")
def aws() -> Iterator:
    """The embedded AWS with IAM enforced, one for all tests that need it."""
    from local.aws import EmbeddedAws

    with EmbeddedAws(auth=True) as embedded:
        yield embedded
