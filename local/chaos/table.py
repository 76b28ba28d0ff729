"""The runs table as the judge reads it: plain values, by the names that the function stores."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from local.chaos.stage import Stage

Item = Mapping[str, Any]


class Table:
    """Reads what is there now; nothing is kept."""

    def __init__(self, stage: Stage) -> None:
        self._client = stage.aws.client("dynamodb")
        self._name = stage.outputs["RunsTableName"]

    def items(self) -> list[Item]:
        """All of it."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name, ConsistentRead=True
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def is_armed(self, id_: str) -> bool:
        """Whether a pair is ready to be failed over."""
        key = {"pk": {"S": id_}, "sk": {"S": "state#pair"}}
        found = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return bool(_plain(found.get("Item", {})).get("armed"))


def of_kind(items: list[Item], kind: str, pk: str | None = None) -> Iterator[Item]:
    """Those whose sort key begins so, of one partition or of all."""
    return (one for one in items if one["sk"].startswith(kind) and pk in (None, one["pk"]))


def time_of(item: Item, field: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(item[field])


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.items()}
