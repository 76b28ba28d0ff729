"""What an answer of the provider means: the one table for the POST, and the words for a read.

The table is that of docs/reference.md, "The answer to the order". Whatever it does not name may
have been taken and is `unknown`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from handler.dws.reply import NoReply, Reply
from handler.model.printable import one_line, without
from handler.model.quoting import quoted


class Meaning(StrEnum):
    """What became of a request to fail over, as far as its answer tells."""

    SUBMITTED = "submitted"
    NOT_STARTED = "not_started"
    PROVIDER_REJECTED = "provider_rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """The meaning of an answer, and what a person needs to take it up with the provider.

    `has_2xx` tells that its status was a success, whatever came of its body, or can have been one.
    """

    meaning: Meaning
    reason_code: str
    sentence: str
    request_id: str | None = None
    has_2xx: bool = False


# 401 stands here for a second one: the first is renewed and repeated by the client.
_REFUSED_STATUSES: Final = frozenset({401, 403, 404, 413, 414, 429})
_REFUSED_CODES: Final = frozenset({
    "DWS.10101",  # no such disaster recovery
    "DWS.5045",  # tenant not allowed
    "DWS.5064",  # not a UUID
    "DWS.5095",  # instance type does not support it
    "DWS.5206",  # version does not support it
    *(
        f"{gateway}.{code}"
        for gateway in ("APIG", "APIGW")
        for code in ("0301", "0302", "0303", "0305", "0306", "0307", "0308", "0310", "0802")
    ),
})  # fmt: skip
_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_MESSAGE_LIMIT: Final = 200
_ERROR_WITHIN_S: Final = 1.0  # no error of the provider's is so large that it waits for its turn
_WORDS: Final = (
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("errCode", "externalMessage"),
    ("code", "message"),
)


def read_answer(reply: Reply | NoReply, disaster_recovery_id: str) -> Answer:
    """What the answer to `POST …/failover` means."""
    if isinstance(reply, NoReply):
        return _lost(reply)
    code, _ = error_of(reply)
    said = f"the provider answered {describe(reply)}"
    if reply.status == HTTPStatus.OK and _accepted_id(reply) == disaster_recovery_id.lower():
        said = "the provider accepted the exception switchover"
        return Answer(Meaning.SUBMITTED, "accepted", said, reply.request_id, has_2xx=True)
    if reply.status in _REFUSED_STATUSES or (
        reply.status == HTTPStatus.BAD_REQUEST and code in _REFUSED_CODES
    ):
        # The provider's codes have a point and ours have none: it can say nothing in our name.
        reason_code = code if code and "." in code else f"http_{reply.status}"
        return Answer(Meaning.PROVIDER_REJECTED, reason_code, said, reply.request_id)
    has_2xx = _is_success(reply.status)
    return Answer(Meaning.UNKNOWN, f"http_{reply.status}", said, reply.request_id, has_2xx)


def error_of(reply: Reply) -> tuple[str | None, str | None]:
    """Error code and message of a body, in any of the provider's shapes."""
    try:
        return reply.read(partial(_error_in, reply.secrets), _ERROR_WITHIN_S)
    except (ValueError, TimeoutError):
        return None, None


def _error_in(secrets: tuple[str, ...], body: Any) -> tuple[str | None, str | None]:
    nested = list(body.values()) if isinstance(body, dict) else []
    for place in (body, *nested):
        for code, message in _WORDS:
            if isinstance(place, dict) and place.get(code) is not None:
                return _code(place[code]), _message(place.get(message), secrets)
    return None, None


def describe(reply: Reply) -> str:
    """An answer in a few words: status, and the provider's code and message."""
    code, message = error_of(reply)
    said = quoted(message) if message else None
    return " ".join(part for part in (f"HTTP {reply.status}", code, said) if part)


def _lost(lost: NoReply) -> Answer:
    if lost.may_have_left:
        said = f"the answer was lost ({lost})"
        has_2xx = lost.is_garbled or _is_success(lost.status)
        return Answer(Meaning.UNKNOWN, "answer_lost", said, has_2xx=has_2xx)
    if lost.is_stale:
        return Answer(Meaning.NOT_STARTED, "stale", f"the request was not sent: {lost}")
    return Answer(Meaning.NOT_STARTED, "not_sent", f"the request could not be sent ({lost})")


def _is_success(status: int | None) -> bool:
    return status is not None and status // 100 == 2  # noqa: PLR2004


def _accepted_id(reply: Reply) -> str | None:
    try:
        found = reply.read(lambda body: body["disaster_recovery"]["id"])
    except (ValueError, KeyError, TypeError):
        return None
    return found.lower() if isinstance(found, str) else None


def _code(value: Any) -> str | None:
    """A code is a word, and nothing else goes where codes go."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CODE.fullmatch(text) else None


def _message(value: Any, secrets: tuple[str, ...]) -> str | None:
    return one_line(without(secrets, value), _MESSAGE_LIMIT) if isinstance(value, str) else None
