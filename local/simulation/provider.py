"""The provider behind its wire: answers, answers that nobody should trust, and no answers."""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from local.dws import refusals
from local.dws.api import operations
from local.dws.api.world import World
from local.dws.model.pair import Pair
from local.dws.wire import Answer, Request
from local.simulation.faults import Faults, Garbage
from local.simulation.machine import Machine

# What is asked about which disaster recovery or cluster, and the answer, None before there is one.
Watch = Callable[[str, str, Answer | None], object]
HOST = "provider.example"
_BEGUN = "http11.send_request_headers.started"
# httpx builds the request of a redirect even where it follows none.
_LOCATIONS = ("https://xn--ls8h.la/", "https:login", "https://elsewhere.example/", "//[::1")
_ODD_BEFORE: tuple[Callable[[], Exception], ...] = (
    lambda: httpx.ConnectTimeout("timed out"),
    lambda: httpx.PoolTimeout("no connection"),
    lambda: httpx.ConnectError("[SSL] certificate verify failed"),
    lambda: UnicodeError("label empty or too long"),
    lambda: ssl.SSLError("handshake failed"),
    lambda: OSError(24, "Too many open files"),
    lambda: RuntimeError("can't start new thread"),
)
_ODD_AFTER: tuple[Callable[[], Exception], ...] = (
    lambda: httpx.ReadError("connection reset"),
    lambda: httpx.WriteError("broken pipe"),
    lambda: httpx.RemoteProtocolError("server disconnected"),
    lambda: httpx.InvalidURL("no such URL"),
    lambda: UnicodeError("label empty or too long"),
    lambda: ValueError("Read on closed or unwrapped SSL socket."),
    lambda: ssl.SSLError("decryption failed"),
    lambda: OSError(9, "Bad file descriptor"),
    lambda: RuntimeError("generator raised StopIteration"),
    lambda: KeyError("content-length"),
)
_OTHER_ID = "0c0ffee0-0000-4000-8000-000000000000"


class ProviderTransport(httpx.BaseTransport):
    """The provider, for the function's own HTTP client."""

    def __init__(
        self,
        world: World,
        machine: Machine,
        faults: Faults,
        garbage: tuple[Garbage, ...],
        watch: Watch,
    ) -> None:
        self._world, self._machine, self._faults = world, machine, faults
        self._garbage, self._watch = garbage, watch
        self.corrupted: str | None = None  # only answers about this disaster recovery, if any

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or lose it on its way."""
        asked = Request(request.method, request.url.raw_path.decode(), (), request.content)
        found = operations.find(asked)
        if found is None or request.url.host != HOST:
            raise httpx.ConnectError("no such host")
        operation, project_id, id_ = found
        trace = request.extensions.get("trace")
        within_s = request.extensions.get("timeout", {}).get("read") or 8.0

        def begin() -> None:
            if trace:
                trace(_BEGUN, {"request": request})
            if request.method == "POST":
                self._watch("sent", id_, None)

        def effect() -> httpx.Response:
            self._world.advance(self._machine.now)
            answer = self._answer(
                operation, operations.Asked(self._world, asked, self._machine.now, project_id, id_)
            )
            self._watch(operation.name, id_, answer)
            return _response(self._corrupt(operation.name, id_, answer))

        if request.method == "GET":
            self._watch(operation.name, id_, None)
        try:
            answer = self._faults.call(
                f"provider {operation.name}", effect, self._lost, within_s, begin
            )
        except _Status as status:
            return self._without_body(int(str(status)))
        if request.method == "POST" and answer.is_success:
            self._watch("heard", id_, None)
        return answer

    def _answer(self, operation: operations.Operation, asked: operations.Asked) -> Answer:
        if operation.method == "POST":
            self._watch("reached", asked.id, None)
        try:
            return operation.answer(asked)
        except refusals.GatewayRefused as refusal:
            return refusal.answer("0" * 32)

    def _corrupt(self, operation: str, id_: str, answer: Answer) -> Answer:
        pair = self._pair_of(id_)
        if self._faults.is_quiet or self.corrupted not in (None, id_, pair.id if pair else None):
            return answer
        now_s = (self._machine.now - self._machine.start) / timedelta(seconds=1)
        kinds = {operation, *(["production"] if pair and pair.production_id == id_ else [])}
        for one in self._garbage:
            if one.operation in kinds and one.from_s <= now_s < one.to_s:
                self._machine.tell(f"provider {operation}: garbage, {one.kind}")
                return GARBAGE[one.kind](answer)
        return answer

    def _pair_of(self, cluster_id: str) -> Pair | None:
        found = self._world.clusters().get(cluster_id)
        return found[0] if found else None

    def _lost(self, what: str) -> Exception:
        random = self._machine.random
        if what.startswith("answer "):
            return _Status(what.removeprefix("answer "))
        if what == "fail":
            return httpx.ConnectError("connection refused")
        if what == "odd before":
            return _one_of(_ODD_BEFORE, random)
        if what.startswith("odd"):
            return _one_of(_ODD_AFTER, random)
        return httpx.ReadTimeout("no answer")

    def _without_body(self, status: int) -> httpx.Response:
        is_redirect = str(status).startswith("3")
        location = self._machine.random.choice(_LOCATIONS)
        return _streamed(status, headers={"Location": location} if is_redirect else {})


def _one_of(odd: tuple[Callable[[], Exception], ...], random: Random) -> Exception:
    return random.choice(odd)()


def _response(answer: Answer) -> httpx.Response:
    body = answer.body
    return _streamed(answer.status, body if isinstance(body, bytes) else json.dumps(body).encode())


def _streamed(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """A response as a connection gives it, not read yet."""
    named = {"X-Request-Id": "simulated", **(headers or {})}
    return httpx.Response(status, headers=named, stream=httpx.ByteStream(body))


class _Status(Exception):
    """An answer that tells nothing but its status."""


def _changed(change: Callable[[str, Any], Any]) -> Callable[[Answer], Answer]:
    """Garbage that is made of an answer, value by value."""

    def walked(name: str, found: Any) -> Any:
        if isinstance(found, dict):
            return {key: walked(key, value) for key, value in found.items()}
        if isinstance(found, list):
            return [walked(name, one) for one in found]
        return change(name, found)

    return lambda answer: replace(answer, body=walked("", answer.body))


def _is_time(name: str) -> bool:
    return name.endswith("time")


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("cluster_id")


GARBAGE: Mapping[str, Callable[[Answer], Answer]] = {
    "lone surrogates": _changed(
        lambda name, found: f"{found}\ud800" if name.endswith(("status", "name")) else found
    ),
    "a status of 45 KB": _changed(
        lambda name, found: "switched " * 5000 if name.endswith("status") else found
    ),
    "half letters in words": _changed(
        lambda name, found: f"{found}\ud800" if name.endswith(("role", "version")) else found
    ),
    "words of 45 KB": _changed(
        lambda name, found: f"{found} " * 9000 if name.endswith(("role", "version")) else found
    ),
    "ids of other things": _changed(lambda name, found: _OTHER_ID if _is_id(name) else found),
    "ids that are shell": _changed(
        lambda name, found: "x'; touch pwned; echo '" if _is_id(name) else found
    ),
    "a dead other cluster": lambda answer: replace(
        answer, body={"cluster": {"id": _OTHER_ID, "status": "FAILED", "version": "8.1.3"}}
    ),
    "the year 9999": _changed(
        lambda name, found: "9999-12-31T23:59:59Z" if _is_time(name) else found
    ),
    "the year 1": _changed(
        lambda name, found: "0001-01-01T00:00:00+14:00" if _is_time(name) else found
    ),
    "lines and escapes": _changed(
        lambda name, found: f"{found}\n\nWhat to do:\x1b[31m" if name.endswith("name") else found
    ),
    "other types": _changed(lambda _, found: [found] if isinstance(found, str) else str(found)),
    "no JSON": lambda answer: replace(answer, body=b"<html>502</html>"),
    "deep JSON": lambda answer: replace(answer, body=b"[" * 100_000),
    "nothing": lambda answer: replace(answer, body=b""),
    "a gateway's timeout": lambda _: refusals.backend_timeout().answer("0" * 32),
}
OPERATIONS = ("detail", "list", "cluster", "events", "failover")
