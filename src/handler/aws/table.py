"""DynamoDB in a few verbs: strongly consistent reads, and writes that rest on what was read."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import uniform
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from handler.errors import Conflict, LedgerUnavailable
from handler.model.codec import to_plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
Key = tuple[str, str]  # partition key, sort key
Write = dict[str, Any]  # one entry of a transaction
_BATCH: Final = 100  # items that one BatchGetItem takes: API reference
# What makes a transaction void though all its conditions hold; it may be sent again.
_PASSING: Final = frozenset({
    "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded",
    "TransactionConflictException", "TransactionInProgressException",
})  # fmt: skip
_PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
_serializer, _deserializer = TypeSerializer(), TypeDeserializer()


def pause(seconds: float) -> None:
    """Sleep about so long: many that were in each other's way must not meet again."""
    time.sleep(seconds * uniform(0.5, 1.5))  # noqa: S311 - no secret


class Table:
    """One table; every method raises LedgerUnavailable where DynamoDB cannot be used.

    `wait` sleeps between tries of a call that others were in the way of.
    """

    def __init__(
        self, client: "DynamoDBClient", name: str, wait: Callable[[float], None] = pause
    ) -> None:
        self._client = client
        self._name = name
        self._wait = wait

    def get(self, key: Key) -> Mapping[str, Any] | None:
        """One item."""
        with _available():
            answer = self._client.get_item(
                TableName=self._name, Key=_pack(_named(key)), ConsistentRead=True
            )
        return _unpack(answer["Item"]) if "Item" in answer else None

    def last(self, pk: str, after: str, count: int) -> list[Mapping[str, Any]]:
        """The last items of a partition behind a sort key, the very last first."""
        with _available():
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression="pk = :pk AND sk > :after",
                ExpressionAttributeValues=_pack({":pk": pk, ":after": after}),
                ScanIndexForward=False,
                Limit=count,
                ConsistentRead=True,
            )
        return [_unpack(item) for item in answer["Items"]]

    def begins_with(self, pk: str, prefix: str) -> list[Mapping[str, Any]]:
        """All items of a partition whose sort keys begin like this."""
        values = _pack({":pk": pk, ":prefix": prefix})
        found: list[Mapping[str, Any]] = []
        start: dict[str, Any] = {}
        while True:
            with _available():
                answer = self._client.query(
                    TableName=self._name,
                    KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                    ExpressionAttributeValues=values,
                    ConsistentRead=True,
                    **start,
                )
            found += [_unpack(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def get_all(self, keys: Sequence[Key]) -> list[Mapping[str, Any]]:
        """Those of the items that exist, a hundred in a call."""
        found: list[Mapping[str, Any]] = []
        for first in range(0, len(keys), _BATCH):
            found += self._get_batch([_pack(_named(key)) for key in keys[first : first + _BATCH]])
        return found

    def _get_batch(self, left: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        """What DynamoDB leaves out when it is busy is asked for again after a pause."""
        found: list[Mapping[str, Any]] = []
        for pause_s in _PAUSES_S:
            asked: Any = {self._name: {"Keys": left, "ConsistentRead": True}}
            with _available():
                answer = self._client.batch_get_item(RequestItems=asked)
            found += [_unpack(item) for item in answer["Responses"].get(self._name, [])]
            rest = answer.get("UnprocessedKeys", {}).get(self._name, {"Keys": []})
            left = list(rest["Keys"])
            if not left:
                return found
            self._wait(pause_s)
        raise LedgerUnavailable("the runs table cannot be used: it leaves keys unprocessed")

    def revised(self, key: Key, value: Any, revision: int) -> Write:
        """A write of revision n on top of n - 1; of n = 1 where nothing is stored yet."""
        if revision == 1:
            return self._put(key, value, {"ConditionExpression": "attribute_not_exists(pk)"})
        return self.on_top_of(key, value, "revision", revision - 1)

    def on_top_of(self, key: Key, value: Any, field: str, was: Any) -> Write:
        """A write that holds only while a field has the value that was read."""
        condition = {
            "ConditionExpression": "#field = :was",
            "ExpressionAttributeNames": {"#field": field},
            "ExpressionAttributeValues": _pack({":was": was}),
        }
        return self._put(key, value, condition)

    def changed(
        self,
        key: Key,
        update: str,
        values: Mapping[str, Any],
        condition: str | None = None,
        names: Mapping[str, str] | None = None,
    ) -> Write:
        """A write that changes fields of an item."""
        change = {
            "TableName": self._name,
            "Key": _pack(_named(key)),
            "UpdateExpression": update,
            **({"ExpressionAttributeValues": _pack(values)} if values else {}),
            **({"ConditionExpression": condition} if condition else {}),
            **({"ExpressionAttributeNames": dict(names)} if names else {}),
        }
        return {"Update": change}

    def unchanged(self, key: Key, field: str, was: Any) -> Write:
        """No write, but a condition: a field still has the value that was read, None if none."""
        if was is None:
            return self.check(key, "attribute_not_exists(#field)", {}, {"#field": field})
        return self.check(key, "#field = :was", {":was": was}, {"#field": field})

    def check(
        self, key: Key, condition: str, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> Write:
        """No write, but a condition on which the others rest."""
        given = {
            "TableName": self._name,
            "Key": _pack(_named(key)),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": dict(names),
            **({"ExpressionAttributeValues": _pack(values)} if values else {}),
        }
        return {"ConditionCheck": given}

    def removed(self, key: Key) -> Write:
        """A write that removes an item, if it is there."""
        return {"Delete": {"TableName": self._name, "Key": _pack(_named(key))}}

    def write(self, *writes: Write, token: str | None = None) -> None:
        """Make all writes or none.

        Always as a transaction with a token: where its answer is lost and the call is repeated, by
        the SDK or here, DynamoDB knows it again (for ten minutes) instead of finding its own
        change in the way.

        Raises:
            Conflict: one of them does not hold.
        """
        call = self._client.transact_write_items
        transaction: Any = list(writes)
        token = token or uuid4().hex
        self._persist(lambda: call(TransactItems=transaction, ClientRequestToken=token))

    def _persist(self, call: Callable[[], object]) -> None:
        """Try again what another write was in the way of, as the SDK does not."""
        for pause_s in _PAUSES_S:
            try:
                with _available():
                    call()
            except _Passing:
                self._wait(pause_s)
            else:
                return
        raise LedgerUnavailable("the runs table cannot be used: other writes were in the way")

    def _put(self, key: Key, value: Any, condition: Mapping[str, Any]) -> Write:
        item = _pack({**to_plain(value), **_named(key)})
        return {"Put": {"TableName": self._name, "Item": item, **condition}}


class _Passing(Exception):
    """Another write was in the way."""


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except ClientError as err:
        codes = _codes(err)
        if "ConditionalCheckFailed" in codes or "ConditionalCheckFailedException" in codes:
            raise Conflict(str(err)) from err
        if codes & _PASSING:
            raise _Passing from err
        raise LedgerUnavailable(f"the runs table cannot be used: {err}") from err
    except BotoCoreError as err:
        raise LedgerUnavailable(f"the runs table cannot be used: {err}") from err


def _codes(err: ClientError) -> set[str]:
    """An error's code, and the reasons of a cancelled transaction."""
    answer: Any = err.response
    reasons = {reason.get("Code", "") for reason in answer.get("CancellationReasons", ())}
    return {answer.get("Error", {}).get("Code", ""), *reasons}


def _named(key: Key) -> dict[str, str]:
    return {"pk": key[0], "sk": key[1]}


def _pack(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serializer.serialize(value) for name, value in plain.items()}


def _unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in item.items()}


def _value(packed: Any) -> Any:
    """What an attribute holds; as it is packed, where it is nothing that was packed here.

    A number may have more digits than boto3 takes: that must not hide the items read with it.
    """
    try:
        return _deserializer.deserialize(packed)
    except (ArithmeticError, TypeError, ValueError):
        return packed
