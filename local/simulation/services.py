"""The services around the function: table, provider, topic, parameters, secrets, Lambda itself."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import httpx
from botocore.exceptions import EndpointConnectionError

from local.dws import api, refusals
from local.dws.wire import Answer, Request
from local.dws.world import World
from local.simulation.faults import Faults
from local.simulation.machine import Machine
from local.simulation.table import MemoryTable, error

Watcher = Callable[..., None]


def step_of(operation: str, call: Mapping[str, Any]) -> str:
    """Which step of the story a call of the table is."""
    if operation != "transact_write_items":
        return f"table {operation}"
    puts = [one["Put"]["Item"]["sk"]["S"] for one in call["TransactItems"] if "Put" in one]
    if "state#incident" in puts:
        return "table incident"
    if "ClientRequestToken" in call:
        return "table claim"
    if any(key.startswith("run#") for key in puts):
        return "table outcome"
    return "table notice" if puts else "table mark"


class TableClient:
    """The table behind its wire; `watch` sees every call that took effect."""

    def __init__(self, table: MemoryTable, faults: Faults, watch: Watcher) -> None:
        self._table, self._faults, self._watch = table, faults, watch

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self._table, operation)

        def call(**given: Any) -> Any:
            def effect() -> Any:
                answer = method(**given)
                self._watch(operation, given)
                return answer

            return self._faults.call(step_of(operation, given), effect, _aws_error)

        return call


class ProviderTransport(httpx.BaseTransport):
    """The provider behind its wire, for the function's own HTTP client."""

    def __init__(self, world: World, machine: Machine, faults: Faults, watch: Watcher) -> None:
        self._world, self._machine, self._faults, self._watch = world, machine, faults, watch

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or lose it on its way."""
        asked = Request(request.method, request.url.raw_path.decode(), (), request.content)
        found = api.find(asked)
        if found is None or request.url.host != "provider.example":
            raise httpx.ConnectError("no such host")
        operation, project_id, id_ = found

        def effect() -> httpx.Response:
            # As httpcore does: what follows is no longer "not sent", whatever becomes of it.
            request.extensions["trace"]("http11.send_request_headers.started", {})
            now = self._machine.now
            self._world.advance(now)
            asking = api.Asked(self._world, asked, now, project_id, id_)
            self._see("before", operation.name, None)
            try:
                answer = operation.answer(asking)
            except refusals.GatewayRefused as refusal:
                answer = refusal.answer("0" * 32)
            self._see("after", operation.name, answer)
            return _response(answer)

        try:
            return self._faults.call(f"provider {operation.name}", effect, _http_error)
        except _Status as status:
            return _streamed(int(str(status)))

    def _see(self, *what: Any) -> None:
        """Show a call to the checks; the function takes what they raise for a lost answer."""
        try:
            self._watch(*what)
        except Exception as err:
            self._machine.found = err
            raise


class Topic:
    """SNS."""

    def __init__(self, faults: Faults, watch: Watcher) -> None:
        self._faults, self._watch = faults, watch

    def publish(self, **call: Any) -> None:
        """Publish."""
        self._faults.call("topic publish", lambda: self._watch(call), _aws_error)

    def get_topic_attributes(self, **_: Any) -> dict[str, Any]:
        """GetTopicAttributes: everyone has confirmed."""
        return {"Attributes": {"SubscriptionsPending": "0"}}


class Parameters:
    """SSM, with the pair's document as it is now."""

    def __init__(self, documents: dict[str, str]) -> None:
        self.documents = documents

    def get_multiple(self, *_: object, **__: object) -> dict[str, str]:
        """All documents."""
        return dict(self.documents)


class Secrets:
    """Secrets Manager."""

    _TEXT = json.dumps({"access_key_id": "AK", "secret_access_key": "SK"})

    def get(self, *_: object, **__: object) -> str:
        """The secret."""
        return self._TEXT


def context_of(deadline: datetime, machine: Machine) -> Any:
    """Lambda's context of one invocation."""
    return SimpleNamespace(
        function_name="failover",
        invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:failover",
        get_remaining_time_in_millis=lambda: int((deadline - machine.now).total_seconds() * 1000),
    )


def _response(answer: Answer) -> httpx.Response:
    return _streamed(answer.status, json.dumps(answer.body).encode())


def _streamed(status: int, body: bytes = b"") -> httpx.Response:
    """A response as a connection gives it, not read yet."""
    headers = {"X-Request-Id": "simulated"}
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


class _Status(Exception):
    """An answer that tells nothing but its status."""


def _http_error(what: str) -> Exception:
    if what.startswith("answer "):
        return _Status(what.removeprefix("answer "))
    if what == "fail":
        return httpx.ConnectError("connection refused")
    return httpx.ReadTimeout("no answer")


def _aws_error(what: str) -> Exception:
    if what == "throttle":
        return error("ThrottlingException")
    if what == "conflict":
        return error("TransactionCanceledException", ["TransactionConflict"])
    return EndpointConnectionError(endpoint_url="https://aws.example")
