"""IAM tokens: issued for a password, good for a day, revocable."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.dws.refusals import not_authenticated, token_expired
from local.dws.wire import Answer


@dataclass(frozen=True)
class Login:
    """A user of IAM who may ask for tokens."""

    username: str = "failover"
    password: str = "example-password"  # noqa: S105 # the example's own
    domain: str = "example-domain"


@dataclass(frozen=True)
class Token:
    """What a token stands for."""

    project_id: str
    expires: datetime


class Tokens:
    """All tokens issued since the start."""

    def __init__(self, lifetime_s: float) -> None:
        self.lifetime_s = lifetime_s
        self._issued: dict[str, Token] = {}
        self._revoked: set[str] = set()

    def issue(self, project_id: str, now: datetime) -> tuple[str, Token]:
        """A new token for a project."""
        text = secrets.token_hex(32)
        token = Token(project_id, now + timedelta(seconds=self.lifetime_s))
        self._issued[text] = token
        return text, token

    def check(self, text: str, now: datetime) -> Token:
        """What this token stands for.

        Raises:
            GatewayRefused: it is unknown, revoked or expired.
        """
        token = self._issued.get(text)
        if token is None:
            raise not_authenticated("the token is not known")
        if text in self._revoked or now >= token.expires:
            raise token_expired()
        return token

    def revoke_all(self) -> int:
        """Make every token issued so far invalid, and tell how many."""
        new = self._issued.keys() - self._revoked
        self._revoked |= new
        return len(new)


def requested_project(body: Any, login: Login) -> str | None:
    """The project a token is asked for (its id or its name), None if the login is wrong."""
    try:
        user = body["auth"]["identity"]["password"]["user"]
        found = Login(user["name"], user["password"], user["domain"]["name"])
        project = body["auth"]["scope"]["project"]
        wanted = project.get("id") or project["name"]
    except (KeyError, TypeError, AttributeError):
        return None
    return str(wanted) if found == login else None


def not_logged_in() -> Answer:
    """The answer of IAM to a wrong login, in its own error shape."""
    message = "The username or password is wrong."
    return Answer(401, {"error": {"code": 401, "message": message, "title": "Unauthorized"}})


def created(text: str, token: Token, now: datetime) -> Answer:
    """The answer of IAM that hands a token out."""
    body = {
        "token": {
            "expires_at": _iam_time(token.expires),
            "issued_at": _iam_time(now),
            "methods": ["password"],
            "project": {"id": token.project_id},
        }
    }
    return Answer(201, body, {"X-Subject-Token": text})


def _iam_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
