"""One request on one fresh connection, over when it is over or at its deadline.

httpx limits each read; the whole exchange is limited here, by shutting the socket down, so that a
peer that sends a byte a second cannot hold the function. No connection is used twice: a POST on a
connection that the peer has just closed would have an unknown fate for no good reason.
"""

import contextlib
import re
import socket
import threading
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final, Self

import httpx

from handler.dws.reply import Lost, Reply

BODY_LIMIT: Final = 4 * 1024 * 1024
_CONNECT_S: Final = 5.0
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Deadline:
    """A point in time, on a clock that no one sets back."""

    def __init__(self, within_s: float) -> None:
        self._at = time.monotonic() + within_s

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._at

    @property
    def left_s(self) -> float:
        """Seconds until then, never less than a moment."""
        return max(self._at - time.monotonic(), 0.001)


class Wire:
    """Exchanges requests for replies: no redirects, cookies, proxies or surprises from outside."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    def exchange(self, request: httpx.Request, auth: httpx.Auth, deadline: Deadline) -> Reply:
        """Send a request and read its whole answer.

        Raises:
            Lost: before or after the request may have left, as it says.
        """
        with _Cut(deadline) as cut:
            request.extensions = {
                "timeout": _timeout(deadline.left_s).as_dict(),
                "trace": cut.watch,
            }
            status = None
            try:
                response = self._client.send(request, auth=auth, stream=True)
                status = response.status_code
                with contextlib.closing(response):
                    return Reply(
                        status,
                        _read(response),
                        _request_id(response.headers),
                        dict(response.headers),
                    )
            except _NOT_SENT as err:
                raise Lost(_reason(err), may_have_left=False) from err
            except (OverflowError, UnicodeError) as err:  # no such port, no such name
                raise Lost(f"bad endpoint: {err}", may_have_left=False) from err
            except httpx.HTTPError as err:
                reason = "no whole answer in time" if cut.is_over else _reason(err)
                raise Lost(reason, may_have_left=True, status=status) from err

    def request(self, method: str, url: str, content: bytes = b"", **headers: str) -> httpx.Request:
        """Make a request; header names are given with `_` for `-`.

        Raises:
            Lost: the URL has no host or port that could be.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return self._client.build_request(method, url, content=content, headers=named)
        except httpx.InvalidURL as err:
            raise Lost(f"bad endpoint: {err}", may_have_left=False) from err

    def close(self) -> None:
        """Let go of the TLS context and whatever is still open."""
        self._client.close()


class _Cut:
    """Shuts a request's socket down at the deadline; until there is one, httpx's limits hold."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._timer: threading.Timer | None = None
        self._stream: Any = None
        self.is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        if event not in _CONNECTED:
            return
        self._stream = info["return_value"]
        if self.is_over or self._deadline.is_over:
            self._cut()
        elif self._timer is None:
            self._timer = threading.Timer(self._deadline.left_s, self._cut)
            self._timer.daemon = True
            self._timer.start()

    def _cut(self) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def _timeout(left_s: float) -> httpx.Timeout:
    return httpx.Timeout(left_s, connect=min(_CONNECT_S, left_s))


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise httpx.DecodingError(f"the answer is larger than {BODY_LIMIT} bytes")
    return bytes(body)


def _request_id(headers: httpx.Headers) -> str | None:
    found = headers.get("x-request-id") or headers.get("x-iam-trace-id") or ""
    return found if re.fullmatch(r"[!-~]{1,128}", found, re.ASCII) else None


def _reason(err: httpx.HTTPError) -> str:
    return f"{type(err).__name__}: {err}".rstrip(": ")[:200]
