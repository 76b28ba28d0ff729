"""Writes to the runs table: each is one entry of a transaction, with the condition it rests on.

They name no table: `Table.write` does. Making one shows that what it holds can be stored.
"""

from collections.abc import Mapping
from typing import Any, Final

from boto3.dynamodb.types import TypeSerializer

from handler.model.codec import to_plain

Key = tuple[str, str]  # partition key, sort key
Write = dict[str, Any]  # one entry of a transaction
# Two invocations may have read that there is nothing: only the first of them may put something.
IS_NEW: Final = "attribute_not_exists(pk)"
SCHEMA: Final = 1  # of every item that is written; one without any was written as the first
_serializer: Final = TypeSerializer()


def revised(key: Key, value: Any, revision: int) -> Write:
    """A write of revision n on top of n - 1; of n = 1 where nothing is stored yet."""
    if revision == 1:
        return _put(key, value, {"ConditionExpression": IS_NEW})
    # Whoever else has written since it was read has made it a later revision.
    condition = {
        "ConditionExpression": "#field = :was",
        "ExpressionAttributeNames": {"#field": "revision"},
        "ExpressionAttributeValues": pack({":was": revision - 1}),
    }
    return _put(key, value, condition)


def changed(
    key: Key,
    update: str,
    values: Mapping[str, Any],
    condition: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Write:
    """A write that changes fields of an item, and makes one where there is none."""
    change = {
        "Key": pack(named(key)),
        "UpdateExpression": _with_schema(update),
        "ExpressionAttributeValues": pack({**values, ":schema": SCHEMA}),
        **({"ConditionExpression": condition} if condition else {}),
        "ExpressionAttributeNames": {**(names or {}), "#schema": "schema"},
    }
    return {"Update": change}


def kept(key: Key, value: Any) -> Write:
    """A write of what is over and stays as it is: nothing rests on it."""
    return _put(key, value, {})


def unchanged(key: Key, field: str, was: Any) -> Write:
    """No write, but a condition: a field still has the value that was read, None if none."""
    if was is None:
        return check(key, "attribute_not_exists(#field)", {}, {"#field": field})
    return check(key, "#field = :was", {":was": was}, {"#field": field})


def check(key: Key, condition: str, values: Mapping[str, Any], names: Mapping[str, str]) -> Write:
    """No write, but a condition on which the others rest."""
    given = {
        "Key": pack(named(key)),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": dict(names),
        **({"ExpressionAttributeValues": pack(values)} if values else {}),
    }
    return {"ConditionCheck": given}


def removed(key: Key) -> Write:
    """A write that removes an item, if it is there."""
    return {"Delete": {"Key": pack(named(key))}}


def replaced(item: Mapping[str, Any], field: str, value: Any) -> Write:
    """A write in the place of an item, if this field of it is still as it was read."""
    key, names = (item["pk"], item["sk"]), {"#field": field}
    if field not in item:
        condition = check(key, "attribute_not_exists(#field)", {}, names)
    else:
        condition = check(key, "#field = :was", {":was": item[field]}, names)
    given = condition["ConditionCheck"]
    return _put(key, value, {name: one for name, one in given.items() if name != "Key"})


def named(key: Key) -> dict[str, str]:
    """A key as the table's attributes."""
    return {"pk": key[0], "sk": key[1]}


def pack(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as DynamoDB takes them."""
    return {name: _serializer.serialize(value) for name, value in plain.items()}


def _with_schema(update: str) -> str:
    """The update of an item that says its schema; a newer one's is kept, for the newer fields."""
    stamp = "SET #schema = if_not_exists(#schema, :schema)"
    if update.startswith("SET "):
        return f"{stamp}, {update.removeprefix('SET ')}"
    return f"{stamp} {update}"


def _put(key: Key, value: Any, condition: Mapping[str, Any]) -> Write:
    return {"Put": {"Item": pack({**to_plain(value), "schema": SCHEMA, **named(key)}), **condition}}
