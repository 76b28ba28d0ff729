"""DynamoDB's client as far as the function uses it, in memory.

It knows the expressions that the ledger writes and refuses any other; a test holds it against the
embedded AWS.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]
_TERM = re.compile(r"(attribute_not_exists|attribute_exists)\((\S+)\)|([#\w]+) (=|<=) (:\w+)")
_PART = re.compile(r"(SET|ADD|DELETE) (.*?)(?= (?:SET|ADD|DELETE) |$)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "<=": operator.le}


class Unsupported(Exception):
    """The function writes what this table cannot read: teach it, or change the ledger."""


class MemoryTable:
    """One table; items are kept as they came, in DynamoDB's own JSON."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self._tokens: set[str] = set()

    def get_item(self, **call: Any) -> dict[str, Any]:
        """GetItem."""
        found = self.items.get(_key(call["Key"]))
        return {"Item": dict(found)} if found else {}

    def batch_get_item(self, **call: Any) -> dict[str, Any]:
        """BatchGetItem, all at once."""
        ((name, asked),) = call["RequestItems"].items()
        found = [self.items.get(_key(key)) for key in asked["Keys"]]
        return {"Responses": {name: [dict(one) for one in found if one]}, "UnprocessedKeys": {}}

    def query(self, **call: Any) -> dict[str, Any]:
        """Query of one partition, by sort keys that follow a key or begin like it."""
        values = call["ExpressionAttributeValues"]
        pk = values[":pk"]["S"]
        of_pk = sorted((key for key in self.items if key[0] == pk), key=_sk)
        match call["KeyConditionExpression"]:
            case "pk = :pk AND sk > :after":
                keys = [key for key in of_pk if key[1] > values[":after"]["S"]]
            case "pk = :pk AND begins_with(sk, :prefix)":
                keys = [key for key in of_pk if key[1].startswith(values[":prefix"]["S"])]
            case other:
                raise Unsupported(other)
        is_forward = call.get("ScanIndexForward", True)
        keys = keys if is_forward else keys[::-1]
        return {"Items": [dict(self.items[key]) for key in keys[: call.get("Limit", len(keys))]]}

    def put_item(self, **call: Any) -> dict[str, Any]:
        """PutItem."""
        self._write({"Put": call})
        return {}

    def update_item(self, **call: Any) -> dict[str, Any]:
        """UpdateItem."""
        self._write({"Update": call})
        return {}

    def transact_write_items(self, **call: Any) -> dict[str, Any]:
        """TransactWriteItems: all or nothing; a token that has been seen changes nothing."""
        token = call.get("ClientRequestToken")
        if token in self._tokens:
            return {}
        writes = call["TransactItems"]
        keys = [_target(write) for write in writes]
        if len(set(keys)) < len(keys):
            raise Unsupported("a transaction has two operations on one item")
        if not all(self._holds(write) for write in writes):
            raise error("TransactionCanceledException", ["ConditionalCheckFailed"])
        for write in writes:
            self._apply(write)
        if token:
            self._tokens.add(token)
        return {}

    def _write(self, write: dict[str, Any]) -> None:
        if not self._holds(write):
            raise error("ConditionalCheckFailedException")
        self._apply(write)

    def _holds(self, write: Mapping[str, Any]) -> bool:
        ((_, given),) = write.items()
        condition = given.get("ConditionExpression")
        item = self.items.get(_target(write))
        return condition is None or _is_true(condition, item or {}, given)

    def _apply(self, write: Mapping[str, Any]) -> None:
        key = _target(write)
        if "Put" in write:
            item = dict(write["Put"]["Item"])
            if {"SS": []} in item.values() or {"NS": []} in item.values():
                raise Unsupported(f"an empty set in {item}")
            self.items[key] = item
            return
        given = write["Update"]
        item = dict(self.items.get(key, given["Key"]))
        for name, value in _changes(item, given):
            if value is None:
                item.pop(name, None)
            else:
                item[name] = value
        self.items[key] = item


def error(code: str, reasons: list[str] | None = None) -> ClientError:
    """What botocore raises."""
    answer: Any = {"Error": {"Code": code, "Message": code}}
    if reasons:
        answer["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(answer, "simulated")


def _is_true(condition: str, item: Item, given: Mapping[str, Any]) -> bool:
    return any(
        all(_term(term, item, given) for term in clause.split(" AND "))
        for clause in condition.split(" OR ")
    )


def _term(term: str, item: Item, given: Mapping[str, Any]) -> bool:
    found = _TERM.fullmatch(term)
    if found is None:
        raise Unsupported(term)
    function, argument, left, compare, right = found.groups()
    if function:
        return (_name(argument, given) in item) is (function == "attribute_exists")
    stored, value = item.get(_name(left, given)), given["ExpressionAttributeValues"][right]
    return stored is not None and _COMPARE[compare](_plain(stored), _plain(value))


def _changes(item: Item, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    values = given["ExpressionAttributeValues"]
    for verb, assignments in _PART.findall(given["UpdateExpression"]):
        for assignment in assignments.split(", "):
            words = assignment.split(" = " if verb == "SET" else " ")
            name, value = _name(words[0], given), values[words[1]]
            yield name, value if verb == "SET" else _set(verb, item.get(name), value)


def _set(verb: str, stored: Any, value: Any) -> Any:
    """A string set with others added to it or deleted from it; an empty one is no attribute."""
    before, change = set(stored["SS"] if stored else ()), set(value["SS"])
    after = before | change if verb == "ADD" else before - change
    return {"SS": sorted(after)} if after else None


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, plain),) = value.items()
    return float(plain) if kind == "N" else frozenset(plain) if kind == "SS" else plain


def _name(name: str, given: Mapping[str, Any]) -> str:
    names: Mapping[str, str] = given.get("ExpressionAttributeNames", {})
    return names.get(name, name)


def _target(write: Mapping[str, Any]) -> Key:
    ((kind, given),) = write.items()
    return _key(given["Item"] if kind == "Put" else given["Key"])


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _sk(key: Key) -> str:
    return key[1]
