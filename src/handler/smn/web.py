"""The two things that are asked of SMN itself: a certificate, and to confirm a subscription.

httpx limits each read. A whole request is limited here, by shutting its socket down, so that a peer
that sends a byte a second cannot hold the function; and what is read is counted as it comes, before
anything would unpack it.
"""

import contextlib
import json
import socket
import threading
from typing import Any, Final, Self

import httpx

from handler.model.printable import without

# SMN waits 5 s for our answer (SMN FAQ, "Does SMN Ensure That Messages Are Received by Subscription
# Endpoints?"): what takes longer would be sent again anyway.
WITHIN_S: Final = 4.0
_LARGEST: Final = 64 * 1024
_ABSENT: Final = (httpx.codes.NOT_FOUND, httpx.codes.GONE)
# httpcore's words, which begin with `connection.` or `proxy.`.
_CONNECTED: Final = (".connect_tcp.complete", ".start_tls.complete")


class Unavailable(Exception):
    """It could not be had now; SMN shall send its message again."""


class Unusable(Unavailable):
    """Something else is there."""


class Absent(Unavailable):
    """There is no such thing, and there will not be."""


def fetch(url: str, within_s: float = WITHIN_S) -> bytes:
    """Get what is at a URL of SMN, as it is sent.

    Raises:
        Absent: the answer is a 404 or 410.
        Unusable: the answer is large.
        Unavailable: no whole answer in time, or another one than 200.
    """
    with _Cut(within_s) as cut:
        try:
            body = _exchange(url, within_s, cut)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as err:
            if cut.is_over:
                raise Unavailable("no whole answer in time") from err
            reason = without(_secrets(url), f"{type(err).__name__}: {err}")[:200]
            raise Unavailable(reason) from None  # chained, it would show what was blotted out
        if cut.is_over:  # a body without a length ends where the connection ends
            raise Unavailable("no whole answer in time")
        return body


def confirm(url: str) -> None:
    """Confirm a subscription; SMN answers with its `subscription_urn`.

    Raises:
        Unavailable: it is not confirmed.
    """
    try:
        answer = json.loads(fetch(url))
    except ValueError as err:
        raise Unavailable("the answer is not JSON") from err
    if not isinstance(answer, dict) or not answer.get("subscription_urn"):
        raise Unavailable("the answer names no subscription")


def _secrets(url: str) -> list[str]:
    """What a peer that repeats a URL must not show: a query's values, as given and as sent."""
    given, sent = url.partition("?")[2], ""
    with contextlib.suppress(httpx.InvalidURL):  # else nothing was sent
        sent = httpx.URL(url).query.decode()
    return [one.partition("=")[2] for query in (given, sent) for one in query.split("&")]


class _Cut:
    """Shuts a request's socket down when its time is over."""

    def __init__(self, within_s: float) -> None:
        self._timer = threading.Timer(within_s, self._cut)
        self._timer.daemon = True
        self._stream: Any = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Take each new stream of the request, as httpcore tells of it."""
        if event.endswith(_CONNECTED):
            self._stream = info["return_value"]
            if self.is_over:
                self._cut()

    def _cut(self) -> None:
        self.is_over = True
        if self._stream is not None:
            # A TLS socket's own method would forget its keys; see dws/http.py.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._stream.get_extra_info("socket"), socket.SHUT_RDWR)


def _exchange(url: str, within_s: float, cut: _Cut) -> bytes:
    # A proxy or a certificate authority of the deployment's own is honoured, as by boto3.
    with (
        httpx.Client(timeout=within_s, headers={"Accept-Encoding": "identity"}) as client,
        client.stream("GET", url, extensions={"trace": cut.watch}) as response,
    ):
        if response.status_code != httpx.codes.OK:
            kind = Absent if response.status_code in _ABSENT else Unavailable
            raise kind(f"the answer was {response.status_code}")
        return _read(response)


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > _LARGEST:
            raise Unusable("the answer is too large")
    return bytes(body)
