"""One request on one fresh connection, over when it is over or at its deadline.

httpx limits each read; the whole exchange is limited here, by shutting the socket down, so that a
peer that sends a byte a second cannot hold the function. No connection is used twice: a POST on a
connection that the peer has just closed would have an unknown fate for no good reason.

httpx's transport is asked, not its client: a client builds the request that a redirect would be,
also where it does not follow it, and what goes wrong in that goes wrong after ours has left.
"""

import contextlib
import re
import socket
import threading
from typing import Any, Final, Self

import httpx

from handler.dws.departure import Deadline, Departure
from handler.dws.reply import NoReply, Reply
from handler.errors import InvalidSettings
from handler.model.hosts import AllowedHosts
from handler.model.printable import without, without_bytes

BODY_LIMIT: Final = 4 * 1024 * 1024  # beyond any list: an endless answer must not fill the memory
_CONNECT_S: Final = 5.0
_CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")
# httpcore's word, `http11.` before it, that it is about to send the headers.
_HEADERS: Final = ".send_request_headers.started"
# No connection is kept: h11 itself lets none be used again that was opened with `close`.
_ALWAYS: Final = {
    "User-Agent": "dws-failover",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class Auth:
    """What is put on a request to prove who asks: nothing. `secrets` are never shown."""

    def __init__(self, *secrets: str) -> None:
        self.secrets = secrets

    def prove(self, request: httpx.Request) -> None:
        """Put it on."""


class Transport:
    """Exchanges requests for replies: no redirects, cookies, proxies or surprises from outside.

    Nothing goes to another host than `hosts` allow, whatever the caller has checked before.

    A transport that is given tells, as httpx's own does, by the request's `trace` extension that
    the sending of the headers begins.
    """

    def __init__(self, hosts: AllowedHosts, transport: httpx.BaseTransport | None = None) -> None:
        self._hosts = hosts
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = transport or httpx.HTTPTransport(trust_env=False, limits=limits)

    def exchange(
        self,
        request: httpx.Request,
        auth: Auth,
        deadline: Deadline,
        departure: Departure | None = None,
    ) -> Reply:
        """Send a request and read its whole answer.

        Raises:
            Lost: before or after the request may have left, as it says.
            InvalidSettings: it is to another host than is allowed; it has not left.
        """
        departure = departure or Departure()
        self._check_host(request.url, auth)
        _prove(request, auth)
        status = None
        with _DeadlineGuard(deadline, departure) as cut:
            request.extensions = {
                "timeout": _timeout(deadline.left_s).as_dict(),
                "trace": cut.watch,
            }
            try:
                response = self._transport.handle_request(request)
                status = response.status_code
                return _whole(response, auth.secrets)
            except Exception as err:
                if isinstance(err, NoReply) and not departure.has_begun:
                    raise  # withheld, as it says
                reason = "no whole answer in time" if cut.is_over else _reason(err, auth.secrets)
            # Whatever it was, one fact decides. Not chained: what was sent can stand in its text.
            left = departure.has_begun or status is not None
            raise NoReply(reason, may_have_left=left, status=status)

    def request(self, method: str, url: str, content: bytes = b"", **headers: str) -> httpx.Request:
        """Make a request; header names are given with `_` for `-`.

        Raises:
            Lost: the URL has no host or port that could be.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return httpx.Request(method, url, headers={**_ALWAYS, **named}, content=content)
        except Exception as err:  # nothing of it has left, whatever it is
            raise NoReply(f"bad endpoint: {_reason(err)}", may_have_left=False) from err

    def close(self) -> None:
        """Let go of the TLS context and whatever is still open."""
        self._transport.close()

    def _check_host(self, url: httpx.URL, auth: Auth) -> None:
        # The host as httpx will connect to it, and not as somebody wrote it.
        target = f"https://{url.netloc.decode('ascii')}"
        if not self._hosts.allow(target):
            sentence = f"nothing was sent to {target}, allowed: {self._hosts}"
            raise InvalidSettings(without(auth.secrets, sentence))


class _DeadlineGuard:
    """Shuts a request's socket down at the deadline; until there is one, httpx's limits hold."""

    def __init__(self, deadline: Deadline, departure: Departure) -> None:
        self._deadline = deadline
        self._departure = departure
        self._timer: threading.Timer | None = None
        self._stream: Any = None
        self.is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(_HEADERS):
            self._departure.begin(self._deadline)
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
            # Not the method of a TLS socket: that one first forgets its keys, and what is sent
            # in that moment would leave in the clear.
            socket.socket.shutdown(self._stream.get_extra_info("socket"), socket.SHUT_RDWR)


def _prove(request: httpx.Request, auth: Auth) -> None:
    try:
        auth.prove(request)
    except Exception as err:  # noqa: BLE001 - nothing has left; its text can hold a secret
        reason = f"the credentials cannot be sent ({type(err).__name__})"
    else:
        return
    raise NoReply(reason, may_have_left=False)


def _timeout(left_s: float) -> httpx.Timeout:
    return httpx.Timeout(left_s, connect=min(_CONNECT_S, left_s))


def _whole(response: httpx.Response, secrets: tuple[str, ...]) -> Reply:
    with contextlib.closing(response):
        body = without_bytes(secrets, _read(response))
        headers = response.headers
        request_id = _request_id(headers)
        shown = without(secrets, request_id) if request_id else None
        return Reply(response.status_code, body, shown, dict(headers), secrets)


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


def _reason(err: Exception, secrets: tuple[str, ...] = ()) -> str:
    """Class and text of an error, but no text of those about what we would have sent."""
    text = "" if isinstance(err, httpx.LocalProtocolError) else str(err)
    return without(secrets, f"{type(err).__name__}: {text}").rstrip(": ")
