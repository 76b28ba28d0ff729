"""A table's past: every time in every item is moved back, as if time had passed since."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from botocore.exceptions import ClientError

from local.aws.embedded import EmbeddedAws

TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_KEYS: Final = ("pk", "sk")
_AT_ONCE: Final = 100  # what a transaction takes
Item = dict[str, Any]


def items_of(aws: EmbeddedAws, table: str) -> list[Item]:
    """Everything in a table."""
    pages = aws.client("dynamodb").get_paginator("scan")
    return [
        item
        for page in pages.paginate(TableName=table, ConsistentRead=True)
        for item in page["Items"]
    ]


def let_pass(
    aws: EmbeddedAws,
    table: str,
    seconds: float,
    is_past: Callable[[Item], bool] = lambda _: False,
) -> None:
    """Let time pass: what others change meanwhile is moved as they have left it.

    What `is_past` stays as it is: where nothing rests on its times any more, that saves time.
    """
    items = (item for item in items_of(aws, table) if not is_past(item))
    _Ageing(aws, table, seconds).run(items)


class _Ageing:
    def __init__(self, aws: EmbeddedAws, table: str, seconds: float) -> None:
        self._table, self._seconds = table, seconds
        self._client = aws.client("dynamodb")

    def run(self, items: Iterable[Item]) -> None:
        moves = [(item, move) for item in items if (move := self._move(item))]
        for some in _batched(moves):
            if not self._written([move for _, move in some]):
                for item, _ in some:
                    self._move_alone(item)

    def _move_alone(self, item: Item | None) -> None:
        """Move what somebody else may be changing just now."""
        while item and (move := self._move(item)):
            if self._written([move]):
                return
            item = self._read(item)

    def _move(self, item: Item) -> Mapping[str, Any] | None:
        """The update that moves an item's times back, if it is still as it was read."""
        moved = {
            name: earlier(value, self._seconds) for name, value in item.items() if name not in _KEYS
        }
        fields = [name for name in moved if moved[name] != item[name]]
        return fields and {  # type: ignore[return-value]
            "TableName": self._table,
            "Key": {name: item[name] for name in _KEYS},
            "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in fields),
            "ConditionExpression": " AND ".join(f"#{name} = :old_{name}" for name in fields),
            "ExpressionAttributeNames": {f"#{name}": name for name in fields},
            "ExpressionAttributeValues": {
                **{f":{name}": moved[name] for name in fields},
                **{f":old_{name}": item[name] for name in fields},
            },
        }

    def _written(self, moves: list[Mapping[str, Any]]) -> bool:
        """Whether all of them were written: none is, if an item has been changed meanwhile."""
        try:
            self._client.transact_write_items(TransactItems=[{"Update": move} for move in moves])
        except ClientError as err:
            if err.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            return False
        return True

    def _read(self, item: Item) -> Item | None:
        key = {name: item[name] for name in _KEYS}
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found


def _batched(moves: list[Any]) -> Iterator[list[Any]]:
    rest = iter(moves)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def earlier(value: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """A stored value with all its times moved back."""
    ((kind, one),) = value.items()
    if kind == "M":
        return {kind: {name: earlier(inner, seconds) for name, inner in one.items()}}
    if kind == "L":
        return {kind: [earlier(inner, seconds) for inner in one]}
    if kind == "S" and TIME.fullmatch(one):
        moved = (datetime.fromisoformat(one) - timedelta(seconds=seconds)).isoformat()
        return {kind: moved.replace("+00:00", "Z") if one.endswith("Z") else moved}
    return dict(value)
