"""HTTP/1.1 as bytes: reading a request as it came, writing an answer as it shall go.

The request keeps its raw path, query and headers, for a signature covers these and not what a
friendlier server would make of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO

MAX_LINE = 65_536
MAX_HEADERS = 100
MAX_BODY = 12 * 1024 * 1024


class BadRequest(Exception):
    """What came is no HTTP/1.1 request that this server can read."""


@dataclass(frozen=True)
class Request:
    """A request as received."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target up to the question mark, still encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target after the question mark, still encoded."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first value of a header, None if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def wants_close(self) -> bool:
        """Whether the connection ends after the answer."""
        return (self.header("Connection") or "").lower() == "close"


@dataclass(frozen=True)
class Answer:
    """An answer; `effect` tells whether an order was taken with it."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    effect: bool = False

    @property
    def content(self) -> bytes:
        """The body as bytes: text as it is, anything else as JSON."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


def read_request(stream: BinaryIO) -> Request | None:
    """The next request of a connection, None at its end.

    Raises:
        BadRequest: it cannot be read.
    """
    line = stream.readline(MAX_LINE)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):  # noqa: PLR2004 # method, target, version
        raise BadRequest(f"not a request line: {line[:100]!r}")
    request = Request(parts[0], parts[1], _read_headers(stream))
    return Request(request.method, request.target, request.headers, _read_body(stream, request))


def render(answer: Answer, *, closes: bool) -> tuple[bytes, bytes]:
    """Status line with headers, and body."""
    content = answer.content
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Connection": "close" if closes else "keep-alive",
        **answer.headers,
    }
    lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"), content


def _read_headers(stream: BinaryIO) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    while (line := stream.readline(MAX_LINE)) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(headers) == MAX_HEADERS:
            raise BadRequest("the headers cannot be read")
        headers.append((name, value.strip()))
    return tuple(headers)


def _read_body(stream: BinaryIO, request: Request) -> bytes:
    length = request.header("Content-Length") or "0"
    if request.header("Transfer-Encoding") or not length.isdigit() or int(length) > MAX_BODY:
        raise BadRequest(f"a body must have a Content-Length up to {MAX_BODY}")
    body = stream.read(int(length))
    if len(body) < int(length):
        raise BadRequest("the body ended early")
    return body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
