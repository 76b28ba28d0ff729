"""SDK-HMAC-SHA256, the provider's request signature, as a pure function of the request.

Source: `huaweicloudsdkcore` 3.1.219, `signer/signer.py`; reproduced for every vector in
`tests/signing-vectors.json`. V11-HMAC-SHA256 is the same with a derived key.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

_PLAIN: Final = "SDK-HMAC-SHA256"
_DERIVED: Final = "V11-HMAC-SHA256"
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Signed:
    """A signature and the headers it needs beside those that were given."""

    authorization: str
    headers: Mapping[str, str]


def sign(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    key: tuple[str, str],
    scope: str | None = None,
) -> Signed:
    """Sign a request.

    Args:
        method: upper case.
        target: path and query as sent, e.g. `/v2/p/disaster-recoveries?id=x`.
        headers: all that shall be signed, `Host` and `X-Sdk-Date` among them.
        body: empty if there is none.
        key: access key id and secret access key.
        scope: `YYYYMMDD/region/service` for V11-HMAC-SHA256, else None.
    """
    extra = _payload_header(headers)
    signed = {name.lower(): value.strip() for name, value in {**headers, **extra}.items()}
    names = sorted(name for name in signed if "_" not in name)
    payload = _UNSIGNED if extra and body else hashlib.sha256(body).hexdigest()
    path, _, query = target.partition("?")
    canonical = "\n".join([
        method,
        _canonical_path(path),
        _canonical_query(query),
        *(f"{name}:{signed[name]}" for name in names),
        "",
        ";".join(names),
        payload,
    ])  # fmt: skip
    algorithm = _DERIVED if scope else _PLAIN
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    stamp = [signed["x-sdk-date"], *([scope] if scope else [])]
    to_sign = "\n".join([algorithm, *stamp, digest])
    secret = _derived_key(key, scope) if scope else key[1].encode()
    signature = hmac.new(secret, to_sign.encode(), hashlib.sha256).hexdigest()
    who = f"Credential={key[0]}/{scope}" if scope else f"Access={key[0]}"
    authorization = f"{algorithm} {who}, SignedHeaders={';'.join(names)}, Signature={signature}"
    return Signed(authorization, extra)


def _payload_header(headers: Mapping[str, str]) -> dict[str, str]:
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    signable = ("application/json", "application/bson")
    unsigned = any(not value.startswith(signable) for value in types)
    return {"X-Sdk-Content-Sha256": _UNSIGNED} if unsigned else {}


def _canonical_path(path: str) -> str:
    encoded = quote(unquote(path), safe="/~")
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(key, safe='~')}={quote(value, safe='~')}" for key, value in pairs)


def _derived_key(key: tuple[str, str], scope: str) -> bytes:
    """HKDF of one block (RFC 5869), used as hexadecimal text."""
    extracted = hmac.new(key[0].encode(), key[1].encode(), hashlib.sha256).digest()
    return hmac.new(extracted, scope.encode() + b"\x01", hashlib.sha256).hexdigest().encode()
