"""Runs of the past: as many as are wanted, made from one that the function has stored."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local.aws import EmbeddedAws

Item = Mapping[str, Any]
_AT_ONCE: Final = 25  # of a BatchWriteItem
_PAST: Final = "-00000000"  # how their ids end


def a_run(aws: EmbeddedAws, table: str, pair: str) -> Item:
    """The first run of a pair, as it is stored."""
    found: list[Item] = aws.client("dynamodb").query(
        TableName=table,
        KeyConditionExpression="pk = :pair AND begins_with(sk, :run)",
        ExpressionAttributeValues={":pair": {"S": pair}, ":run": {"S": "run#"}},
    )["Items"]
    return found[0]


def write_past(
    aws: EmbeddedAws, table: str, example: Item, pairs: Sequence[str], each: int
) -> None:
    """Write runs of these pairs, one each hour, all of them long over."""
    now = datetime.now(UTC)
    for pair in pairs:
        items = [_past(example, pair, now - timedelta(hours=hour + 24)) for hour in range(each)]
        for at in range(0, each, _AT_ONCE):
            requests = [{"PutRequest": {"Item": item}} for item in items[at : at + _AT_ONCE]]
            aws.client("dynamodb").batch_write_item(RequestItems={table: requests})


def is_past(run_id: str) -> bool:
    """Whether a run was written here."""
    return run_id.endswith(_PAST)


def _past(example: Item, pair: str, at: datetime) -> Item:
    id_, when = f"{at:%Y%m%dT%H%M%S}000Z{_PAST}", {"S": at.isoformat()}
    changed = {"pk": pair, "disaster_recovery_id": pair, "pair": pair, "run_id": id_}
    return {
        **example,
        **{name: {"S": text} for name, text in changed.items()},
        "sk": {"S": f"run#{id_}"},
        "state": {"S": "succeeded"},
        **dict.fromkeys(("claimed_at", "deadline_at", "ended_at", "acknowledged_at"), when),
    }
