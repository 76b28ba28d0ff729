"""DynamoDB in a few verbs: strongly consistent reads, and writes that rest on what was read."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import uniform
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.writes import Key, Write, named, pack
from handler.errors import Conflict, LedgerUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
CALL_TAKES_S: Final = 27.0  # at most, with the SDK's own tries and pauses (`adapters`)
_BATCH: Final = 100  # items that one BatchGetItem takes: API reference
# What makes a transaction void though all its conditions hold; it may be sent again.
_PASSING: Final = frozenset({
    "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded",
    "TransactionConflictException", "TransactionInProgressException",
})  # fmt: skip
# What no repetition of the same write changes, as where an item is too long.
_REFUSED: Final = frozenset({"ValidationException", "ValidationError"})
# Together about two seconds: the evidence that a claim rests on is fresh for ten.
_PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
_deserializer: Final = TypeDeserializer()


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
        self.wait = wait

    def get(self, key: Key) -> Mapping[str, Any] | None:
        """One item."""
        with _available():
            answer = self._client.get_item(
                TableName=self._name, Key=pack(named(key)), ConsistentRead=True
            )
        return _unpack(answer["Item"]) if "Item" in answer else None

    def last(self, pk: str, after: str, count: int) -> list[Mapping[str, Any]]:
        """The last items of a partition behind a sort key, the very last first."""
        with _available():
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression="pk = :pk AND sk > :after",
                ExpressionAttributeValues=pack({":pk": pk, ":after": after}),
                ScanIndexForward=False,
                Limit=count,
                ConsistentRead=True,
            )
        return [_unpack(item) for item in answer["Items"]]

    def begins_with(self, pk: str, prefix: str, last: int | None = None) -> list[Mapping[str, Any]]:
        """All items of a partition whose sort keys begin like this; or its last ones.

        Of those the very last comes first, and no more are read than are asked for.
        """
        values = pack({":pk": pk, ":prefix": prefix})
        found: list[Mapping[str, Any]] = []
        asked: dict[str, Any] = {}
        while True:
            if last is not None:
                asked |= {"ScanIndexForward": False, "Limit": last - len(found)}
            with _available():
                answer = self._client.query(
                    TableName=self._name,
                    KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                    ExpressionAttributeValues=values,
                    ConsistentRead=True,
                    **asked,
                )
            found += [_unpack(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer or (last is not None and len(found) >= last):
                return found
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def get_all(self, keys: Sequence[Key]) -> list[Mapping[str, Any]]:
        """Those of the items that exist, a hundred in a call."""
        found: list[Mapping[str, Any]] = []
        for first in range(0, len(keys), _BATCH):
            found += self._get_batch([pack(named(key)) for key in keys[first : first + _BATCH]])
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
            self.wait(pause_s)
        raise LedgerUnavailable("the runs table cannot be used: it leaves keys unprocessed")

    def write(self, *writes: Write, token: str | None = None) -> None:
        """Make all writes or none.

        Always as a transaction with a token: where its answer is lost and the call is repeated, by
        the SDK or here, DynamoDB knows it again (for ten minutes) instead of finding its own
        change in the way.

        Raises:
            Conflict: one of them does not hold.
        """
        call = self._client.transact_write_items
        transaction: Any = [self._addressed(one) for one in writes]
        token = token or uuid4().hex
        self._persist(lambda: call(TransactItems=transaction, ClientRequestToken=token))

    def _addressed(self, write: Write) -> Write:
        ((action, given),) = write.items()
        return {action: {"TableName": self._name, **given}}

    def _persist(self, call: Callable[[], object]) -> None:
        """Try again what another write was in the way of, as the SDK does not."""
        for pause_s in _PAUSES_S:
            try:
                with _available():
                    call()
            except _Passing:
                self.wait(pause_s)
            else:
                return
        why = "the runs table cannot be used: other writes were in the way"
        raise LedgerUnavailable(why, is_busy=True)


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
        is_refused = bool(codes & _REFUSED)
        why = f"the runs table cannot be used: {err}"
        raise LedgerUnavailable(why, is_refused=is_refused) from err
    except BotoCoreError as err:
        raise LedgerUnavailable(f"the runs table cannot be used: {err}") from err


def _codes(err: ClientError) -> set[str]:
    """An error's code, and the reasons of a cancelled transaction."""
    answer: Any = err.response
    reasons = {reason.get("Code", "") for reason in answer.get("CancellationReasons", ())}
    return {answer.get("Error", {}).get("Code", ""), *reasons}


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
