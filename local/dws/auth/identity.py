"""Who sends a request: the gateway's look at its signature or token."""

from dataclasses import dataclass, field
from datetime import datetime

from local.dws.auth.signature import read_claim, verify
from local.dws.auth.tokens import Login, Tokens
from local.dws.refusals import GatewayRefused, not_authenticated
from local.dws.wire import Request


@dataclass(frozen=True)
class Credentials:
    """An access key and its secret, permanent, or temporary with a security token."""

    access_key: str = "EXAMPLEAKEXAMPLEAK00"
    secret_key: str = field(default="ExampleSkExampleSkExampleSkExampleSk0000", repr=False)
    security_token: str | None = field(default=None, repr=False)
    login: Login = field(default=Login(), repr=False)

    @property
    def username(self) -> str:
        """The user who may ask for tokens."""
        return self.login.username

    @property
    def password(self) -> str:
        """That user's password."""
        return self.login.password

    @property
    def domain(self) -> str:
        """That user's domain (account)."""
        return self.login.domain


@dataclass(frozen=True)
class Identity:
    """What the gateway found out; `refusal` is why it lets the request no further."""

    kind: str
    access_key: str | None = None
    project_id: str | None = None
    refusal: GatewayRefused | None = None


def identify(
    request: Request, credentials: dict[str, Credentials], tokens: Tokens, now: datetime
) -> Identity:
    """Find out who sends a request."""
    authorization = request.header("Authorization")
    token = request.header("X-Auth-Token")
    if authorization is not None:
        return _by_signature(authorization, request, credentials, now)
    if token is not None:
        return _by_token(token, tokens, now)
    return Identity("none", refusal=not_authenticated("there is neither signature nor token"))


def _by_signature(
    authorization: str, request: Request, credentials: dict[str, Credentials], now: datetime
) -> Identity:
    kind, access_key = "signature", None
    try:
        claim = read_claim(authorization)
        kind = "signature" if claim.scope is None else "signature-v11"
        access_key = claim.access_key
        known = credentials.get(access_key)
        if known is None:
            raise not_authenticated("the access key is not known")
        _check_security_token(request, claim.signed, known.security_token)
        verify(claim, request, known.secret_key, now)
    except GatewayRefused as refusal:
        return Identity(kind, access_key, refusal=refusal)
    return Identity(kind, access_key)


def _check_security_token(request: Request, signed: tuple[str, ...], expected: str | None) -> None:
    if request.header("X-Security-Token") != expected:
        raise not_authenticated("the security token is not the access key's")
    if expected is not None and "x-security-token" not in signed:
        raise not_authenticated("the security token is not signed")


def _by_token(text: str, tokens: Tokens, now: datetime) -> Identity:
    try:
        return Identity("token", project_id=tokens.check(text, now).project_id)
    except GatewayRefused as refusal:
        return Identity("token", refusal=refusal)
