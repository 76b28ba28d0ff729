"""SMN's POST to the function URL (payload format 2.0): nothing in it is verified yet.

Who has the token of a confirmation can confirm the subscription: of what may hold one, a fault
shows no value.
"""

import base64
import binascii
from typing import Any, Final

from aws_lambda_powertools.utilities.data_classes import LambdaFunctionUrlEvent

from handler.errors import InvalidEvent
from handler.events.checks import check, time_at
from handler.model.schema import parse_json, shown
from handler.smn.message import Message

_LARGEST: Final = 2 * 1024 * 1024  # SMN's 256 KB, every character escaped


def read_post(event: Any) -> Message:
    """Read a POST to the function URL (payload format 2.0); nothing in it is verified yet.

    Raises:
        InvalidEvent: it brings no message of SMN.
    """
    body = _parsed(_body(event))
    try:
        return _read(body)
    except InvalidEvent:
        if isinstance(body, dict) and "subscribe_url" not in body:
            raise
    # The same without its values.
    check(body, "smn-message", "$.body", secret=True)
    raise InvalidEvent("$.body: found a URL, a signature or a time that is none")


def _read(body: Any) -> Message:
    check(body, "smn-message", "$.body")
    if body["type"] != "Notification" and not body.get("subscribe_url"):
        raise InvalidEvent("$.body.subscribe_url: found nothing, allowed: a URL")
    return Message(
        type=body["type"],
        topic_urn=body["topic_urn"],
        message_id=body["message_id"],
        message=body["message"],
        timestamp=body["timestamp"],
        sent_at=time_at(body, "timestamp", "$.body"),
        signature=_decode(body["signature"], "$.body.signature"),
        signing_cert_url=body["signing_cert_url"],
        subject=body.get("subject"),
        subscribe_url=body.get("subscribe_url"),
    )


def _body(event: Any) -> str:
    post = LambdaFunctionUrlEvent(event) if isinstance(event, dict) else {}
    body = post.get("body")
    if not isinstance(body, str):
        raise InvalidEvent(f"$.body: found {_kind(body)}, allowed: a message of SMN")
    if len(body) > _LARGEST:
        raise InvalidEvent(f"$.body: found {len(body)} characters, allowed: {_LARGEST}")
    if not post.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except UnicodeDecodeError as err:
        raise InvalidEvent("$.body: found no UTF-8, allowed: a message of SMN") from err
    except ValueError as err:
        raise InvalidEvent("$.body: found no Base64, which it is said to be") from err


def _parsed(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError:  # whose text can show a key
        raise InvalidEvent("$.body: not valid JSON, or not as anybody means it") from None


def _kind(body: Any) -> str:
    return "null" if body is None else f"a {type(body).__name__}"


def _decode(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as err:
        raise InvalidEvent(f"{where}: found {shown(text)}, allowed: Base64") from err
