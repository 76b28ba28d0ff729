"""The provider's side of SDK-HMAC-SHA256 and V11-HMAC-SHA256: is this request's signature right?

Written from the provider's description and not shared with any signer, so that a signer tried
against it is tried against something else than itself.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from local.dws.refusals import not_authenticated
from local.dws.wire import Request

MAX_SKEW = timedelta(minutes=15)
UNSIGNED = "UNSIGNED-PAYLOAD"

_AUTHORIZATION = re.compile(
    r"(?P<algorithm>SDK-HMAC-SHA256|V11-HMAC-SHA256) "
    r"(?:Access=(?P<access>[^,/]+)|Credential=(?P<derived>[^,/]+)/(?P<scope>[^,]+)), "
    r"SignedHeaders=(?P<headers>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Claim:
    """What an Authorization header claims, not yet believed."""

    algorithm: str
    access_key: str
    scope: str | None
    signed: tuple[str, ...]
    signature: str


def read_claim(authorization: str) -> Claim:
    """Take an Authorization header apart.

    Raises:
        GatewayRefused: it has another form.
    """
    found = _AUTHORIZATION.fullmatch(authorization)
    if found is None or (found["algorithm"] == "V11-HMAC-SHA256") == (found["scope"] is None):
        raise not_authenticated("the Authorization header cannot be read")
    return Claim(
        algorithm=found["algorithm"],
        access_key=found["access"] or found["derived"],
        scope=found["scope"],
        signed=tuple(found["headers"].split(";")),
        signature=found["signature"],
    )


def verify(claim: Claim, request: Request, secret_key: str, now: datetime) -> None:
    """Let a request pass whose signature is right and fresh.

    Raises:
        GatewayRefused: it is not.
    """
    if not {"host", "x-sdk-date"} <= set(claim.signed):
        raise not_authenticated("host and x-sdk-date must be signed")
    date = request.header("X-Sdk-Date") or ""
    _check_fresh(date, now)
    if claim.scope is not None and not claim.scope.startswith(date[:8] + "/"):
        raise not_authenticated("the credential scope is of another day")
    expected = _signature(claim, request, secret_key, date)
    if not hmac.compare_digest(expected, claim.signature):
        raise not_authenticated("the signature is not right")


def _check_fresh(date: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as err:
        raise not_authenticated("X-Sdk-Date must be YYYYMMDDTHHMMSSZ") from err
    if abs(now - signed_at) > MAX_SKEW:
        raise not_authenticated(
            f"signature expired, signature time:{date},server time:{now:%Y%m%dT%H%M%SZ}"
        )


def _signature(claim: Claim, request: Request, secret_key: str, date: str) -> str:
    digest = hashlib.sha256(_canonical(request, claim.signed).encode()).hexdigest()
    lines = [claim.algorithm, date, digest]
    key = secret_key
    if claim.scope is not None:
        lines.insert(2, claim.scope)
        key = _derived_key(claim.access_key, secret_key, claim.scope)
    return _hmac(key.encode(), "\n".join(lines)).hex()


def _derived_key(access_key: str, secret_key: str, scope: str) -> str:
    # HKDF of one round, salted with the access key; its hexadecimal text is the key.
    extracted = _hmac(access_key.encode(), secret_key)
    return _hmac(extracted, scope + "\x01").hex()


def _canonical(request: Request, signed: tuple[str, ...]) -> str:
    headers = [f"{name}:{_value(request, name)}\n" for name in signed]
    return "\n".join(
        [
            request.method,
            _canonical_path(request.path),
            _canonical_query(request.query),
            "".join(headers),
            ";".join(signed),
            _payload_hash(request, signed),
        ]
    )


def _value(request: Request, name: str) -> str:
    value = request.header(name)
    if value is None:
        raise not_authenticated(f"the signed header {name} is missing")
    return value


def _canonical_path(path: str) -> str:
    encoded = "/".join(_encode(segment) for segment in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = sorted(
        (unquote(name), unquote(value))
        for name, _, value in (part.partition("=") for part in query.split("&"))
    )
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def _payload_hash(request: Request, signed: tuple[str, ...]) -> str:
    is_unsigned = "x-sdk-content-sha256" in signed and request.body
    if is_unsigned and request.header("X-Sdk-Content-Sha256") == UNSIGNED:
        return UNSIGNED
    return hashlib.sha256(request.body).hexdigest()


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
