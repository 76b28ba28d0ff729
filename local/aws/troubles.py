"""What can befall a call to AWS on its way: it waits, is answered with an error, or is dropped."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from fnmatch import fnmatchcase
from threading import Event
from typing import Final, Literal, Protocol
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

Moment = Literal["before", "after"]
# AWS General Reference, "Elements of an AWS API request signature": the credential's scope.
_SIGNED_FOR: Final = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")


class Dropped(Exception):
    """The connection ends here, without an answer."""


@dataclass(frozen=True)
class Call:
    """A request as it was sent; `peer` is the port that it came from."""

    method: str
    path: str
    headers: Message
    body: bytes
    peer: int = 0

    @property
    def operation(self) -> str:
        """For example `TransactWriteItems`, `Publish` or `POST /2015-03-31/functions/…`."""
        target = self.headers.get("X-Amz-Target")
        return target.split(".")[-1] if target else self.action or f"{self.method} {self.path}"

    @property
    def service(self) -> str:
        """The service that it is signed for, for example `dynamodb`; empty if it is not signed."""
        found = _SIGNED_FOR.search(self.headers.get("Authorization", ""))
        return found[1] if found else ""

    @property
    def action(self) -> str | None:
        """The operation of the query protocol, if it is spoken."""
        kind = self.headers.get("Content-Type", "")
        is_form = kind.startswith("application/x-www-form-urlencoded")
        return parse_qs(self.body.decode()).get("Action", [None])[0] if is_form else None


@dataclass(frozen=True)
class Answer:
    """What the caller gets."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Trouble(Protocol):
    """Something that befalls a call: an answer instead of its own, or None; Dropped if none."""

    def befall(self, call: Call) -> Answer | None: ...  # noqa: D102 - the class says it


class Hold:
    """Keeps a call waiting until told what becomes of it."""

    def __init__(self) -> None:
        self._has_come, self._has_ended = Event(), Event()
        self._is_dropped = False

    def wait(self, within_s: float) -> bool:
        """Wait for the call; whether it has come."""
        return self._has_come.wait(within_s)

    def release(self) -> None:
        """Let the call go on."""
        self._has_ended.set()

    def drop(self) -> None:
        """Let the call be lost."""
        self._is_dropped = True
        self._has_ended.set()

    def befall(self, _: Call) -> None:  # noqa: D102 - of Trouble
        self._has_come.set()
        self._has_ended.wait()
        if self._is_dropped:
            raise Dropped


@dataclass(frozen=True)
class Drop:
    """Ends the connection without an answer."""

    def befall(self, _: Call) -> None:  # noqa: D102 - of Trouble
        raise Dropped


@dataclass(frozen=True)
class Error:
    """Answers with an error of AWS, in the protocol that the call speaks."""

    code: str
    status: int = 400
    message: str = ""

    def befall(self, call: Call) -> Answer:  # noqa: D102 - of Trouble
        if call.action:
            inner = f"<Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message>"
            text = f"<ErrorResponse><Error>{inner}</Error></ErrorResponse>"
            return Answer(self.status, [("Content-Type", "text/xml")], text.encode())
        text = json.dumps({"__type": self.code, "message": self.message})
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", self.code)]
        return Answer(self.status, headers, text.encode())


@dataclass(frozen=True)
class Noted:
    """Tells that it befalls a call, and is another trouble otherwise."""

    trouble: Trouble
    note: Callable[[], None]

    def drop(self) -> None:
        """Let calls be lost that it keeps waiting."""
        if isinstance(self.trouble, Hold):
            self.trouble.drop()

    def befall(self, call: Call) -> Answer | None:  # noqa: D102 - of Trouble
        self.note()
        return self.trouble.befall(call)


@dataclass
class Rule:
    """Which call meets which trouble, before or after it takes effect."""

    trouble: Trouble
    moment: Moment
    operation: str
    containing: tuple[bytes, ...]
    calls_until: int

    def takes(self, call: Call) -> bool:
        """Whether this is the call, counting those that could be."""
        is_meant = fnmatchcase(call.operation, self.operation) and all(
            text in call.body for text in self.containing
        )
        self.calls_until -= is_meant
        return is_meant and self.calls_until == 0


@dataclass
class Outage:
    """A service that is down: at once, or once some call, of whatever service, was answered."""

    service: str
    trouble: Trouble
    begins_after: tuple[str, bytes] | None
    has_begun: bool

    def takes(self, call: Call) -> bool:
        """Whether this call meets it."""
        return self.has_begun and call.service == self.service

    def note_answered(self, call: Call) -> None:
        """A call has been answered, which may be the last one that is."""
        if self.begins_after is None:
            return
        operation, containing = self.begins_after
        self.has_begun |= call.operation == operation and containing in call.body
