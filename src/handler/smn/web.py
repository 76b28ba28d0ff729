"""The two things that are asked of SMN itself: a certificate, and to confirm a subscription."""

import json
from typing import Final

import httpx

_LARGEST: Final = 64 * 1024
_ABSENT: Final = (httpx.codes.NOT_FOUND, httpx.codes.GONE)
_TIMEOUT: Final = httpx.Timeout(3.0)


class Unavailable(Exception):
    """It could not be had now; SMN shall send its message again."""


class Absent(Unavailable):
    """There is no such thing, and there will not be."""


def fetch(url: str) -> bytes:
    """Get what is at a URL of SMN.

    Raises:
        Absent: the answer is a 404 or 410.
        Unavailable: no answer, or another one than 200, or a large one.
    """
    try:
        # A proxy or a certificate authority of the deployment's own is honoured, as by boto3.
        with httpx.stream("GET", url, timeout=_TIMEOUT, follow_redirects=False) as response:
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _LARGEST:
                    raise Unavailable("the answer is too large")
            if response.status_code != httpx.codes.OK:
                kind = Absent if response.status_code in _ABSENT else Unavailable
                raise kind(f"the answer was {response.status_code}")
            return body
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        raise Unavailable(f"{type(err).__name__}: {err}"[:200]) from err


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
