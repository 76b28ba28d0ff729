"""The services around the function: table, topic, parameters, secrets, and Lambda itself."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from local.simulation.expressions import Unsupported
from local.simulation.faults import Faults
from local.simulation.machine import Machine
from local.simulation.table import MemoryTable, error

Watch = Callable[[str, Mapping[str, Any]], object]
ACCOUNT, REGION = "000000000000", "us-east-1"
READS = ("get_item", "query", "batch_get_item")
PUBLISH_WITHIN_S = 16.0  # two tries of 8 s, as the SDK is set up
_SUBJECT_LIMIT, _MESSAGE_LIMIT = 100, 256 * 1024
_ATTRIBUTES_LIMIT = 10


def step_of(operation: str, call: Mapping[str, Any]) -> str:
    """Which step of the story a call of the table is."""
    if operation != "transact_write_items":
        return f"table {operation}"
    if _is_claim(call):
        return "table claim"
    changed = {_sk(one).partition("#")[0]: one for one in call["TransactItems"]}
    states = {_sk(one) for one in call["TransactItems"]}
    steps = (
        ("run" in changed, "outcome"),
        ("state#incident" in states, "incident"),
        (bool(states & {"state#pair", "state#fleet"}), "standing"),
        ("Put" in changed.get("notice", ()), "notice"),
        ("notice" in changed, "mark"),
    )
    return "table " + next((step for is_it, step in steps if is_it), "other")


def _is_claim(call: Mapping[str, Any]) -> bool:
    """A run that is not there yet is put."""
    return any(
        _sk(one).startswith("run#")
        and "Put" in one
        and "attribute_not_exists" in one["Put"].get("ConditionExpression", "")
        for one in call["TransactItems"]
    )


def _sk(write: Mapping[str, Any]) -> str:
    ((_, given),) = write.items()
    return str((given.get("Item") or given["Key"])["sk"]["S"])


class TableClient:
    """The table behind its wire; `watch` sees every call that took effect."""

    def __init__(self, table: MemoryTable, faults: Faults, machine: Machine, watch: Watch) -> None:
        self._table, self._faults, self._machine, self._watch = table, faults, machine, watch

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self._table, operation)

        def call(**given: Any) -> Any:
            if operation == "transact_write_items":
                # botocore makes a token of its own for each call, which its tries share.
                token = str(UUID(int=self._machine.random.getrandbits(128), version=4))
                given = {"ClientRequestToken": token, **given}

            def effect() -> Any:
                try:
                    if operation not in READS:
                        _check_texts(given)
                    answer = method(**given)
                except Unsupported as err:
                    self._machine.found(err)
                    raise
                self._watch(operation, given)
                return answer

            answer = self._faults.call(step_of(operation, given), effect, _aws_error)
            return self._in_part(given, answer) if operation == "batch_get_item" else answer

        return call

    def _in_part(self, given: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """DynamoDB may leave keys unprocessed."""
        ((name, asked),) = given["RequestItems"].items()
        if self._faults.what("table unprocessed") is None or len(asked["Keys"]) == 1:
            return answer
        self._faults.note("table unprocessed", "the first key only")
        first, *rest = asked["Keys"]
        found = [
            item for item in answer["Responses"][name]
            if (item["pk"], item["sk"]) == (first["pk"], first["sk"])
        ]  # fmt: skip
        return {"Responses": {name: found}, "UnprocessedKeys": {name: {**asked, "Keys": rest}}}


class Topic:
    """SNS; `watch` sees what it has taken."""

    def __init__(self, faults: Faults, watch: Callable[[Mapping[str, Any]], object]) -> None:
        self._faults, self._watch = faults, watch
        self.never: set[str] = set()  # notices that it will not take, whatever is tried

    def publish(self, **call: Any) -> None:
        """Publish."""
        notice_id = call["MessageAttributes"]["notice_id"]["StringValue"]

        def effect() -> None:
            if why := _unfit(call) or ("never" if notice_id in self.never else None):
                self._faults.note("topic publish", why)
                raise error("InvalidParameter")
            self._watch(call)

        def lost(what: str) -> Exception:
            if what != "never":
                return _aws_error(what)
            self.never.add(notice_id)
            return error("InvalidParameter")

        # The query protocol is form encoded: half a surrogate pair is raised by the client.
        call["Subject"].encode()
        call["Message"].encode()
        self._faults.call("topic publish", effect, lost, PUBLISH_WITHIN_S)

    def get_topic_attributes(self, **_: Any) -> dict[str, Any]:
        """GetTopicAttributes: everyone has confirmed."""
        return self._faults.call(
            "topic attributes",
            lambda: {"Attributes": {"SubscriptionsConfirmed": "1", "SubscriptionsPending": "0"}},
            _aws_error,
            PUBLISH_WITHIN_S,
        )


class FailureQueue:
    """SQS, where what nobody takes is kept for people."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.kept: list[Mapping[str, Any]] = []

    def send_message(self, **call: Any) -> None:
        """SendMessage."""
        body = json.loads(call["MessageBody"])
        self._faults.call("queue send_message", lambda: self.kept.append(body), _aws_error)


class Parameters:
    """SSM with the pairs' documents as they are now."""

    def __init__(self, documents: dict[str, str], faults: Faults) -> None:
        self.documents = documents
        self._faults = faults

    @property
    def client(self) -> "Parameters":
        """What Powertools asks."""
        return self

    def get_multiple(self, *_: object, **__: object) -> Any:
        """All documents, page after page."""
        return _get(self._faults, "parameters", lambda: dict(self.documents))

    def get_parameters(self, Names: list[str]) -> Any:  # noqa: N803 - the SDK's word
        """Those documents of these names that are there."""
        return self._faults.call("parameters get", lambda: self._named(Names), _aws_error)

    def _named(self, names: list[str]) -> Any:
        there = {name: self.documents.get(name.rpartition("/")[2]) for name in names}
        return {"Parameters": [{"Name": n, "Value": text} for n, text in there.items() if text]}


class Secrets:
    """Secrets Manager, each environment with its cache."""

    GOOD = json.dumps({"access_key_id": "AK", "secret_access_key": "SK"})

    def __init__(self, machine: Machine, faults: Faults) -> None:
        self.texts: dict[str, str | None] = {}
        self.bugs: set[str] = set()
        self._machine, self._faults = machine, faults

    def get(self, name: str, max_age: int = 5, *, force_fetch: bool = False, **_: object) -> Any:
        """A secret's text."""
        if name in self.bugs:
            raise LookupError(f"a bug that concerns {name} only")
        return _cached(
            self._machine, name, max_age, lambda: self._read(name), is_forced=force_fetch
        )

    def _read(self, name: str) -> Any:
        text = self.texts.get(name, self.GOOD)
        if text is None:
            raise GetParameterError("ResourceNotFoundException")
        return _get(self._faults, "secrets", lambda: text)


def _cached(
    machine: Machine, key: str, max_age: int, read: Callable[[], Any], *, is_forced: bool
) -> Any:
    """As Powertools' providers do it."""
    strand = machine.strand
    caches = strand.environment.caches if strand else {}
    found = caches.get(key)
    if found and not is_forced and machine.now < found[0]:
        return found[1]
    text = read()
    caches[key] = (machine.now + timedelta(seconds=max_age), text)
    return text


def _get(faults: Faults, service: str, effect: Callable[[], Any]) -> Any:
    try:
        return faults.call(f"{service} get", effect, _aws_error)
    except Exception as err:  # noqa: BLE001 - Powertools wraps whatever there is
        raise GetParameterError(str(err))  # noqa: B904 - it names no cause


def context_of(deadline: datetime, machine: Machine) -> Any:
    """Lambda's context of one invocation."""
    return SimpleNamespace(
        function_name="failover",
        aws_request_id="simulated",
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:failover",
        get_remaining_time_in_millis=lambda: int((deadline - machine.now).total_seconds() * 1000),
    )


def _check_texts(call: Mapping[str, Any]) -> None:
    """DynamoDB takes no half of a surrogate pair."""
    try:
        json.dumps(call, ensure_ascii=False, default=list).encode()
    except UnicodeEncodeError as err:
        raise error("SerializationException") from err


def _unfit(call: Mapping[str, Any]) -> str | None:
    """Why SNS would not take a message, if so (API reference of Publish)."""
    subject = call["Subject"]
    if not 0 < len(subject) < _SUBJECT_LIMIT or not (subject.isascii() and subject.isprintable()):
        return f"no subject: {subject!r}"
    if len(call["Message"].encode()) > _MESSAGE_LIMIT:
        return "the message is too long"
    attributes = call["MessageAttributes"]
    if len(attributes) > _ATTRIBUTES_LIMIT or not all(
        one["StringValue"] for one in attributes.values()
    ):
        return "no attributes"
    return None


def _aws_error(what: str) -> Exception:
    if what == "throttle":
        return error("ThrottlingException")
    if what == "conflict":
        return error("TransactionCanceledException", ["TransactionConflict"])
    if what.startswith(("hang", "lose")):
        return ReadTimeoutError(endpoint_url="https://aws.example")
    return EndpointConnectionError(endpoint_url="https://aws.example")
