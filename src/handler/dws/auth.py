"""Proving who asks: a signature on each request, or an IAM token that is kept while it is good.

Sources: `signing`; API reference of IAM, KeystoneCreateUserTokenByPassword (201, the token in
`X-Subject-Token`, its end in `token.expires_at`, valid for 24 h).
"""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from handler.dws.reply import Lost
from handler.dws.signing import sign
from handler.dws.wire import Deadline, Wire
from handler.times import parse_time

Clock = Callable[[], datetime]

_SIGNED: Final = ("host", "content-type", "x-project-id", "x-sdk-date", "x-security-token")
_RENEW_BEFORE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class AccessKey:
    """Credentials for signed requests."""

    id: str
    secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class User:
    """Credentials for an IAM token, scoped to one project."""

    name: str
    domain: str
    iam_endpoint: str
    password: str = field(repr=False)


class SignedAuth(httpx.Auth):
    """Signs each request with an access key (SDK-HMAC-SHA256)."""

    requires_request_body = True

    def __init__(self, key: AccessKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Stamp and sign; a request that is sent again is stamped anew."""
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
        yield request


class TokenAuth(httpx.Auth):
    """Sends an IAM token with each request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token."""
        request.headers["X-Auth-Token"] = self._token
        yield request


class Tokens:
    """IAM tokens by user and project, fetched when needed and kept until shortly before the end."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self._kept: dict[tuple[User, str], tuple[str, datetime]] = {}

    def get(self, user: User, project_id: str, deadline: Deadline, *, renew: bool) -> str:
        """A token that is good for some minutes yet.

        Raises:
            Lost: IAM gave none; the request that needs it has not left.
        """
        token, good_until = self._kept.get((user, project_id), ("", self._clock()))
        if renew or good_until - _RENEW_BEFORE <= self._clock():
            token, good_until = self._fetch(user, project_id, deadline)
            self._kept[user, project_id] = token, good_until
        return token

    def _fetch(self, user: User, project_id: str, deadline: Deadline) -> tuple[str, datetime]:
        body = json.dumps(_token_request(user, project_id)).encode()
        url = f"{user.iam_endpoint.rstrip('/')}/v3/auth/tokens?nocatalog=true"
        request = self._wire.request(
            "POST", url, body, Content_Type="application/json;charset=utf8"
        )
        try:
            reply = self._wire.exchange(request, httpx.Auth(), deadline)
            token = reply.headers.get("x-subject-token")
            good_until = parse_time(reply.json()["token"]["expires_at"])
        except (Lost, ValueError, KeyError, TypeError) as err:
            raise Lost(f"no token from IAM: {type(err).__name__}", may_have_left=False) from err
        if reply.status != httpx.codes.CREATED or not token or good_until is None:
            raise Lost(f"no token from IAM: HTTP {reply.status}", may_have_left=False)
        return token, good_until


def _token_request(user: User, project_id: str) -> Mapping[str, Any]:
    who = {"name": user.name, "password": user.password, "domain": {"name": user.domain}}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": who}},
            "scope": {"project": {"id": project_id}},
        }
    }
