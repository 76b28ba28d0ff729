"""One request on one connection of its own, over when it is over or at its deadline.

No connection is used twice: a POST on one that the peer has just closed would have an unknown fate
for no good reason. It may have been opened ahead (`ahead`), if nothing has been sent on it.

A transport is asked, not httpx's client: that builds the request that a redirect would be,
also where it does not follow it, and what goes wrong in that goes wrong after ours has left.
"""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any, Final

import httpcore
import httpx

from handler.dws.authorities import tls
from handler.dws.departure import Deadline, Departure
from handler.dws.line import Line, Lines
from handler.dws.reply import NoReply, Reply
from handler.errors import InvalidSettings
from handler.model.evidence import Cause
from handler.model.hosts import AllowedHosts
from handler.model.printable import without, without_in
from handler.model.quoting import quoted

BODY_LIMIT: Final = 2 * 1024 * 1024  # beyond any list: of several at once none may fill the memory
# httpcore's word, `http11.` before it, that it is about to send the headers.
_HEADERS: Final = ".send_request_headers.started"
# No connection is kept: h11 itself lets none be used again that was opened with `close`.
_ALWAYS: Final = {
    "User-Agent": "dws-failover",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


# Of an answer's headers; the last is IAM's token.
_READ: Final = ("x-request-id", "x-iam-trace-id", "x-subject-token")


class Auth:
    """What is put on a request to prove who asks: nothing.

    No text shows any of `secrets`: the keys that prove it, and the names of who asks. The names can
    be words of the provider's own, so that in what it says of a pair they are left.
    """

    def __init__(self, *keys: str, names: tuple[str, ...] = ()) -> None:
        self.keys = keys
        self.secrets = (*keys, *names)

    def prove(self, request: httpx.Request) -> None:
        """Put it on."""


class Transport:
    """Exchanges requests for replies: no redirects, cookies, proxies or surprises from outside.

    Nothing goes to another host than `hosts` allow, whatever the caller has checked before.

    A transport that is given tells, as httpx's own does, by the request's `trace` extension that
    the sending of the headers begins.
    """

    def __init__(
        self,
        hosts: AllowedHosts,
        transport: httpx.BaseTransport | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts
        if transport is None:
            transport = Lines(context or tls())
        self._transport = transport

    @property
    def opens_ahead(self) -> bool:
        """Whether it opens connections ahead; a transport that is given does not."""
        return isinstance(self._transport, Lines)

    def connect(self, url: str, within_s: float) -> Line:
        """A new connection for a request to a URL, within so many seconds.

        Raises:
            NoReply: the URL has no host or port that could be.
            InvalidSettings: it is to another host than is allowed; none was opened.
            Exception: there is none.
        """
        if not isinstance(self._transport, Lines):
            raise AssertionError("a transport that is given opens no connections ahead")
        where = self.request("GET", url).url
        self._check_host(where, Auth())
        return self._transport.connect(where, Deadline(within_s))

    def exchange(
        self,
        request: httpx.Request,
        auth: Auth,
        deadline: Deadline,
        departure: Departure | None = None,
        line: Line | None = None,
    ) -> Reply:
        """Send a request and read its whole answer.

        Args:
            request: that is sent once.
            auth: proves who asks.
            deadline: until when there must be the whole answer.
            departure: lets it go, and knows whether it may have left.
            line: the connection that it is sent on, if one was opened ahead; it is closed.

        Raises:
            Lost: before or after the request may have left, as it says.
            InvalidSettings: it is to another host than is allowed; it has not left.
        """
        with contextlib.closing(line) if line else contextlib.nullcontext():
            self._check_host(request.url, auth)
            _prove(request, auth)
            return self._exchange(request, auth, deadline, departure or Departure(), line)

    def _exchange(
        self,
        request: httpx.Request,
        auth: Auth,
        deadline: Deadline,
        departure: Departure,
        line: Line | None,
    ) -> Reply:
        def watch(event: str, _: dict[str, Any]) -> None:
            if event.endswith(_HEADERS):
                departure.begin(deadline)

        status, cause, heard = None, Cause.OTHER, threading.Event()
        request.extensions = {
            "timeout": httpx.Timeout(deadline.left_s).as_dict(),
            "trace": watch,
            "deadline": deadline,
            "heard": heard,
        }
        try:
            response = (line or self._transport).handle_request(request)
            status = response.status_code
            return _whole(response, auth)
        except Exception as err:
            if isinstance(err, NoReply) and not departure.has_begun:
                raise  # withheld, as it says
            reason = "no whole answer in time" if deadline.is_over else _reason(err, auth.secrets)
            cause = cause_of(err)
        # Whatever it was, one fact decides. Not chained: what was sent can stand in its text.
        left = departure.has_begun or status is not None
        is_garbled = status is None and heard.is_set()
        raise NoReply(reason, may_have_left=left, status=status, is_garbled=is_garbled, cause=cause)

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


def _prove(request: httpx.Request, auth: Auth) -> None:
    try:
        auth.prove(request)
    except Exception as err:  # noqa: BLE001 - nothing has left; its text can hold a secret
        reason = f"the credentials cannot be sent ({type(err).__name__})"
    else:
        return
    raise NoReply(reason, may_have_left=False)


def _whole(response: httpx.Response, auth: Auth) -> Reply:
    with contextlib.closing(response):
        body = _read(response)
        # Each is looked for by itself: a dict of them all would look at each of them for each.
        found = {name: response.headers.get(name) for name in _READ}
        headers = {name: value for name, value in found.items() if value}
        request_id = without_in(auth.secrets, _request_id(headers))
        return Reply(response.status_code, body, request_id, headers, auth.keys, auth.secrets)


def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise httpx.DecodingError(f"the answer is larger than {BODY_LIMIT} bytes")
    return bytes(body)


def _request_id(headers: Mapping[str, str]) -> str | None:
    found = headers.get("x-request-id") or headers.get("x-iam-trace-id") or ""
    return found if re.fullmatch(r"[!-~]{1,128}", found, re.ASCII) else None


_QUOTED: Final = 200  # characters: a reason has 300, and must not lose its last mark
_OURS: Final = httpx.LocalProtocolError | httpcore.LocalProtocolError


def _reason(err: Exception, secrets: tuple[str, ...] = ()) -> str:
    """Class and text of an error, but no text of those about what we would have sent.

    Quoted where the peer may have been heard: h11 repeats what it cannot read.
    """
    text = "" if isinstance(err, _OURS) else without(secrets, str(err))
    if text and not isinstance(err, _UNCONNECTED):
        text = quoted(text, _QUOTED)
    return f"{type(err).__name__}: {text}".rstrip(": ")


def cause_of(err: BaseException) -> Cause:
    """What is the matter with a connection that there is none; the reasons are chained."""
    chain = _chain(err)
    if any(isinstance(one, socket.gaierror) and one.errno in _NO_NAME for one in chain):
        return Cause.NO_SUCH_HOST
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return Cause.NO_TLS
    is_unconnected = isinstance(err, _UNCONNECTED)
    return Cause.NO_CONNECTION if is_unconnected else Cause.OTHER


# httpx's of a transport that is given.
_UNCONNECTED: Final = (
    httpcore.ConnectError | httpcore.ConnectTimeout | httpx.ConnectError | httpx.ConnectTimeout
)
# Any other trouble of a name server passes, and says nothing about the name.
_NO_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def _chain(err: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    while err not in found:
        found.append(err)
        err = err.__cause__ or err.__context__ or err
    return found
