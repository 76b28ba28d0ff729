"""Proving who asks: a signature on each request, or an IAM token that is kept while it is good.

Sources: `signing`; API reference of IAM, KeystoneCreateUserTokenByPassword (201, the token in
`X-Subject-Token`, its end in `token.expires_at`, valid for 24 h).
"""

import contextlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from handler.dws.departure import Deadline
from handler.dws.http import Auth, Transport
from handler.dws.reply import NoReply, Reply
from handler.dws.signing import sign
from handler.model.evidence import Cause
from handler.model.times import Clock, parse_time

_SIGNED: Final = ("host", "content-type", "x-project-id", "x-sdk-date", "x-security-token")
_LIVES_FOR: Final = timedelta(hours=24)
_RENEW_BEFORE: Final = timedelta(minutes=10)  # no order may meet a token that ends under way
_REFUSED_FOR: Final = timedelta(minutes=5)  # IAM locks after five failures in fifteen, by default
_REQUEST_TAKES_S: Final = 1.0  # that needs the token
_TOKEN: Final = re.compile(r"[!-~]{1,65536}", re.ASCII)
_LOOPBACK: Final = re.compile(r"localhost|127(\.\d{1,3}){3}|::1", re.ASCII)
_REGION: Final = re.compile(r"[a-z]+-[a-z]+-\d+", re.ASCII)


@dataclass(frozen=True)
class AccessKey:
    """Credentials for signed requests."""

    id: str = field(repr=False)
    secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class User:
    """Credentials for an IAM token, scoped to one project."""

    name: str = field(repr=False)
    domain: str = field(repr=False)
    iam_endpoint: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def iam_host(self) -> str:
        """The host that gives the tokens."""
        return (urlsplit(self.iam_endpoint).hostname or "").rstrip(".")

    @property
    def names(self) -> tuple[str, ...]:
        """What no text shows, either, and what proves nothing."""
        return self.name, self.domain, self.iam_endpoint, self.iam_host

    def may_ask(self, host: str) -> bool:
        """Whether a host may be given this user's token: it is of the same provider as IAM.

        That is a host under IAM's domain, e.g. under example.eu for iam.eu-west-101.example.eu.
        """
        host = host.lower().rstrip(".")
        if host == self.iam_host or (_LOOPBACK.fullmatch(host) and self._is_loopback):
            return True
        _, *labels = self.iam_host.split(".")
        domain = labels[1:] if labels and _REGION.fullmatch(labels[0]) else labels
        # One label is everybody's, e.g. `com`; and an address has no domain.
        is_domain = len(domain) > 1 and not domain[-1].isdigit()
        return is_domain and host.endswith(f".{'.'.join(domain)}")

    @property
    def _is_loopback(self) -> bool:
        return bool(_LOOPBACK.fullmatch(self.iam_host))


class SignedAuth(Auth):
    """Signs each request with an access key (SDK-HMAC-SHA256)."""

    def __init__(self, key: AccessKey, clock: Clock) -> None:
        super().__init__(key.id, key.secret, key.security_token or "")
        self._key = key
        self._clock = clock

    def prove(self, request: httpx.Request) -> None:
        """Stamp and sign."""
        request.headers["X-Sdk-Date"] = self._clock().strftime("%Y%m%dT%H%M%SZ")
        if self._key.security_token:
            request.headers["X-Security-Token"] = self._key.security_token
        signable = {name: request.headers[name] for name in _SIGNED if name in request.headers}
        signed = sign(
            request.method,
            request.url.raw_path.decode("ascii"),
            signable,
            request.content,
            (self._key.id, self._key.secret),
        )
        request.headers.update(signed.headers)
        request.headers["Authorization"] = signed.authorization


class TokenAuth(Auth):
    """Sends an IAM token with each request."""

    def __init__(self, token: str, user: User) -> None:
        super().__init__(token, user.password, names=user.names)
        self._token = token

    def prove(self, request: httpx.Request) -> None:
        """Add the token."""
        request.headers["X-Auth-Token"] = self._token


class Tokens:
    """IAM tokens by user and project, fetched when needed and kept until shortly before the end.

    IAM locks a user whose password is refused a few times. So reads that begin at once log in once,
    and a password that was refused is not tried again for some minutes; another one is at once.
    """

    def __init__(self, wire: Transport, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._kept: dict[tuple[User, str], tuple[str, datetime]] = {}
        self._refused: dict[User, datetime] = {}
        self._turns: dict[User, threading.Lock] = {}

    def has_refused(self, user: User) -> bool:
        """Whether IAM has refused this very password a few minutes ago."""
        at = self._refused.get(user)
        return at is not None and abs(self._clock() - at) < _REFUSED_FOR

    def get(
        self,
        user: User,
        project_id: str,
        deadline: Deadline,
        *,
        renew: bool,
        is_for_order: bool = False,
    ) -> str:
        """A token that is good for some minutes yet.

        Args:
            user: who asks.
            project_id: where.
            deadline: until when it is of use.
            renew: whether the one at hand is no longer taken.
            is_for_order: an order waits for no read, and tries whatever a read was answered.

        Raises:
            Lost: IAM gave none; the request that needs it has not left.
            InvalidSettings: IAM is at a host to which nothing may go.
        """
        if token := self._at_hand(user, project_id, renew=renew):
            return token
        if is_for_order:
            return self._log_in(user, project_id, deadline)
        with self._turn_of(user, deadline):
            if token := self._at_hand(user, project_id, renew=renew):
                return token
            if self.has_refused(user):
                why = "no token from IAM: HTTP 401 to the same password a moment ago"
                raise NoReply(why, may_have_left=False, cause=Cause.NO_TOKEN)
            return self._log_in(user, project_id, deadline)

    def _at_hand(self, user: User, project_id: str, *, renew: bool) -> str | None:
        token, good_until = self._kept.get((user, project_id), (None, self._clock()))
        return None if renew or good_until <= self._clock() else token

    @contextlib.contextmanager
    def _turn_of(self, user: User, deadline: Deadline) -> Iterator[None]:
        turn = self._turns.setdefault(user, threading.Lock())
        if not turn.acquire(timeout=_earlier(deadline).left_s):
            why = "no token from IAM (no whole answer in time)"
            raise NoReply(why, may_have_left=False, cause=Cause.NO_IAM)
        try:
            yield
        finally:
            turn.release()

    def _log_in(self, user: User, project_id: str, deadline: Deadline) -> str:
        token, good_until = self._fetch(user, project_id, deadline)
        self._kept[user, project_id] = token, good_until
        self._refused.pop(user, None)
        return token

    def _fetch(self, user: User, project_id: str, deadline: Deadline) -> tuple[str, datetime]:
        body = json.dumps(_token_request(user, project_id)).encode()
        url = f"{user.iam_endpoint.rstrip('/')}/v3/auth/tokens?nocatalog=true"
        header = {"Content_Type": "application/json;charset=utf8"}
        try:
            request = self._wire.request("POST", url, body, **header)
        except NoReply:  # its text is about the endpoint, which is part of the secret
            raise NoReply(
                "no token from IAM: there can be no such host",
                may_have_left=False,
                cause=Cause.NO_IAM,
            ) from None
        try:
            auth = Auth(user.password, names=user.names)
            reply = self._wire.exchange(request, auth, _earlier(deadline))
        except NoReply as lost:
            why = f"no token from IAM ({lost})"
            raise NoReply(why, may_have_left=False, cause=Cause.NO_IAM) from lost
        if reply.status == httpx.codes.UNAUTHORIZED:
            self._refused[user] = self._clock()
        token = reply.headers.get("x-subject-token", "")
        if reply.status != httpx.codes.CREATED or not _TOKEN.fullmatch(token):
            why = f"no token from IAM: HTTP {reply.status}"
            raise NoReply(why, may_have_left=False, cause=_cause(reply.status))
        return token, self._keep_until(reply)

    def _keep_until(self, reply: Reply) -> datetime:
        """Shortly before its end; a token whose end cannot be told is not kept."""
        now = self._clock()
        try:
            end = reply.read(lambda body: parse_time(body["token"]["expires_at"]))
        except (ValueError, LookupError, TypeError):
            end = None
        return min(end, now + _LIVES_FOR) - _RENEW_BEFORE if end else now


def _cause(status: int) -> Cause:
    """Whether IAM has refused the user, and will again until the secret is corrected."""
    is_busy = status in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)
    is_refusal = status // 100 == 4 and not is_busy  # noqa: PLR2004
    return Cause.NO_TOKEN if is_refusal else Cause.NO_IAM


def _earlier(deadline: Deadline) -> Deadline:
    """A token that comes at the last moment is of no use, and who hangs must still be named."""
    return Deadline(max(deadline.left_s - _REQUEST_TAKES_S, deadline.left_s / 2))


def _token_request(user: User, project_id: str) -> Mapping[str, Any]:
    who = {"name": user.name, "password": user.password, "domain": {"name": user.domain}}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": who}},
            "scope": {"project": {"id": project_id}},
        }
    }
