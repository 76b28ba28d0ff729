"""DynamoDB in a few verbs: strongly consistent reads, and writes that rest on what was read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from handler.codec import to_plain
from handler.errors import LedgerUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Key = tuple[str, str]  # partition key, sort key
Write = dict[str, Any]  # one entry of a transaction

_serializer, _deserializer = TypeSerializer(), TypeDeserializer()


class Conflict(Exception):
    """Someone else changed what was read; read again and decide again."""


class Table:
    """One table; every method raises LedgerUnavailable where DynamoDB cannot be used."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

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

    def write(self, write: Write) -> None:
        """Make one write.

        Raises:
            Conflict: it does not hold.
        """
        with _available(), self._holding():
            self._client.put_item(**write["Put"])

    def write_all(self, writes: list[Write], token: str | None = None) -> None:
        """Make all writes or none; the same again with the same token changes nothing.

        Raises:
            Conflict: one of them does not hold.
        """
        extra: Any = {"ClientRequestToken": token} if token else {}
        transaction: Any = writes
        with _available(), self._holding():
            self._client.transact_write_items(TransactItems=transaction, **extra)

    def update(
        self,
        key: Key,
        update: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Change fields of an item.

        Raises:
            Conflict: the condition does not hold.
        """
        named: Any = {"ExpressionAttributeNames": names} if names else {}
        with _available(), self._holding():
            self._client.update_item(
                TableName=self._name,
                Key=_pack(_named(key)),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=_pack(values),
                **named,
            )

    def _put(self, key: Key, value: Any, condition: Mapping[str, Any]) -> Write:
        item = _pack({**to_plain(value), **_named(key)})
        return {"Put": {"TableName": self._name, "Item": item, **condition}}

    @contextmanager
    def _holding(self) -> Iterator[None]:
        known = self._client.exceptions
        try:
            yield
        except (
            known.ConditionalCheckFailedException,
            known.TransactionCanceledException,
            known.TransactionConflictException,
        ) as err:
            raise Conflict(str(err)) from err


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as err:
        raise LedgerUnavailable(f"the runs table cannot be used: {err}") from err


def _named(key: Key) -> dict[str, str]:
    return {"pk": key[0], "sk": key[1]}


def _pack(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serializer.serialize(value) for name, value in plain.items()}


def _unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}
