"""DynamoDB's client as far as the function uses it, in memory.

It knows the calls that the ledger makes and refuses any other; a test holds it against the embedded
AWS.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.simulation.expressions import Item, Unsupported, holds, updated, words_of

Key = tuple[str, str]
Watch = Callable[[Key, Item | None, Item | None], object]  # an item before and after a write
_KNOWN = {
    "get_item": {"TableName", "Key", "ConsistentRead"},
    "batch_get_item": {"RequestItems"},
    "query": {
        "TableName", "KeyConditionExpression", "ExpressionAttributeValues",
        "ExpressionAttributeNames", "ScanIndexForward", "Limit", "ConsistentRead",
        "ExclusiveStartKey",
    },
    "transact_write_items": {"TransactItems", "ClientRequestToken"},
    "Put": {"Item"},
    "Update": {"Key", "UpdateExpression"},
    "Delete": {"Key"},
    "ConditionCheck": {"Key"},
}  # fmt: skip
_OF_A_WRITE = {
    "TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues",
}  # fmt: skip
_MOST_WRITES = 100
_PARTITION = re.compile(r"pk = (:\w+)( AND |$)")


class MemoryTable:
    """One table; items are kept as they came, in DynamoDB's own JSON."""

    def __init__(self, watch: Watch | None = None) -> None:
        self.items: dict[Key, Item] = {}
        self._watch = watch
        self._tokens: dict[str, list[Any]] = {}

    def get_item(self, **call: Any) -> dict[str, Any]:
        """GetItem."""
        _check("get_item", call)
        found = self.items.get(_key(call["Key"]))
        return {"Item": dict(found)} if found else {}

    def batch_get_item(self, **call: Any) -> dict[str, Any]:
        """BatchGetItem, all at once."""
        _check("batch_get_item", call)
        ((name, asked),) = call["RequestItems"].items()
        found = [self.items.get(_key(key)) for key in asked["Keys"]]
        return {"Responses": {name: [dict(one) for one in found if one]}, "UnprocessedKeys": {}}

    def query(self, **call: Any) -> dict[str, Any]:
        """Query of one partition, by its sort keys."""
        _check("query", call)
        condition = call["KeyConditionExpression"]
        words = words_of(call, condition)
        partition = _PARTITION.match(condition)
        if partition is None:
            raise Unsupported(condition)
        pk = words.value(partition[1])
        of_pk = (sk for key_pk, sk in self.items if key_pk == pk["S"])
        found = (sk for sk in of_pk if holds(condition, {"pk": pk, "sk": {"S": sk}}, words))
        keys = [
            (pk["S"], sk) for sk in sorted(found, reverse=not call.get("ScanIndexForward", True))
        ]
        if "ExclusiveStartKey" in call:
            keys = keys[keys.index(_key(call["ExclusiveStartKey"])) + 1 :]
        limit = call.get("Limit", len(keys))
        answer: dict[str, Any] = {"Items": [dict(self.items[key]) for key in keys[:limit]]}
        if limit and len(keys) >= limit and "Limit" in call:
            last = keys[limit - 1]
            answer["LastEvaluatedKey"] = {"pk": {"S": last[0]}, "sk": {"S": last[1]}}
        return answer

    def put_item(self, **call: Any) -> dict[str, Any]:
        """PutItem."""
        self._write({"Put": call})
        return {}

    def update_item(self, **call: Any) -> dict[str, Any]:
        """UpdateItem."""
        self._write({"Update": call})
        return {}

    def delete_item(self, **call: Any) -> dict[str, Any]:
        """DeleteItem."""
        self._write({"Delete": call})
        return {}

    def transact_write_items(self, **call: Any) -> dict[str, Any]:
        """TransactWriteItems: all or nothing; a token that has been seen changes nothing."""
        _check("transact_write_items", call)
        token, writes = call.get("ClientRequestToken"), call["TransactItems"]
        if token in self._tokens:
            return self._recognised(token, writes)
        keys = [_target(write) for write in writes]
        if len(set(keys)) < len(keys):
            raise Unsupported("a transaction has two operations on one item")
        if len(writes) > _MOST_WRITES:
            raise Unsupported(f"a transaction of {len(writes)} writes")
        reasons = ["None" if self._holds(write) else _FAILED for write in writes]
        if _FAILED in reasons:
            raise error("TransactionCanceledException", reasons)
        for write in writes:
            self._apply(write)
        if token:
            self._tokens[token] = writes
        return {}

    def _recognised(self, token: str, writes: list[Any]) -> dict[str, Any]:
        before = self._tokens[token]
        if before is not writes and _as_text(before) != _as_text(writes):
            raise error("IdempotentParameterMismatchException")
        return {}

    def _write(self, write: dict[str, Any]) -> None:
        if not self._holds(write):
            raise error("ConditionalCheckFailedException")
        self._apply(write)

    def _holds(self, write: Mapping[str, Any]) -> bool:
        ((kind, given),) = write.items()
        _check(kind, given, _OF_A_WRITE)
        condition = given.get("ConditionExpression")
        words = words_of(given, condition, given.get("UpdateExpression"))
        item = self.items.get(_target(write))
        return condition is None or holds(condition, item or {}, words)

    def _apply(self, write: Mapping[str, Any]) -> None:
        ((kind, given),) = write.items()
        key = _target(write)
        before = self.items.get(key)
        if kind == "ConditionCheck":
            return
        after = None if kind == "Delete" else _written(kind, given, before)
        if after is None:
            self.items.pop(key, None)
        else:
            self.items[key] = after
        if self._watch:
            self._watch(key, before, after)


def error(code: str, reasons: list[str] | None = None) -> ClientError:
    """What botocore raises."""
    answer: Any = {"Error": {"Code": code, "Message": code}}
    if reasons:
        answer["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(answer, "simulated")


def _as_text(writes: list[Any]) -> str:
    return json.dumps(writes, sort_keys=True)


_FAILED = "ConditionalCheckFailed"


def _written(kind: str, given: Mapping[str, Any], before: Item | None) -> Item:
    if kind == "Put":
        item = dict(given["Item"])
        if any(one in ({"SS": []}, {"NS": []}) for one in item.values()):
            raise Unsupported(f"an empty set in {item}")
        return item
    words = words_of(given, given.get("ConditionExpression"), given["UpdateExpression"])
    return updated(given["UpdateExpression"], before or dict(given["Key"]), words)


def _check(kind: str, call: Mapping[str, Any], more: set[str] | None = None) -> None:
    if unknown := set(call) - _KNOWN[kind] - (more or set()):
        raise Unsupported(f"{kind} with {', '.join(sorted(unknown))}")


def _target(write: Mapping[str, Any]) -> Key:
    ((kind, given),) = write.items()
    return _key(given["Item"] if kind == "Put" else given["Key"])


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def keys_of(call: Mapping[str, Any]) -> Iterator[Key]:
    """The items that a transaction, a write or a read of single items is about."""
    if "TransactItems" in call:
        yield from map(_target, call["TransactItems"])
    elif "RequestItems" in call:
        for asked in call["RequestItems"].values():
            yield from map(_key, asked["Keys"])
    elif "Item" in call or "Key" in call:
        yield _key(call.get("Item") or call["Key"])
