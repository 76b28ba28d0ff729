"""What a deployment's table holds, changed by hand: a pair is armed, and time has passed."""

import re
from datetime import datetime, timedelta
from itertools import islice

from botocore.exceptions import ClientError
from parts import now

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
KEYS = ("pk", "sk")
AT_ONCE = 100  # what a transaction takes


def arm(deployment):
    """Store what reconcile learns from a healthy pair in a while."""
    pair = deployment.emulator.pair
    roles = Roles(pair.production_id, pair.standby_id)
    table = Table(deployment.aws.client("dynamodb"), deployment.outputs["RunsTableName"])
    pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
    Ledger(table).save_pair_state(pair.id, pair_state)


def items(deployment):
    """Everything in the table."""
    pages = deployment.aws.client("dynamodb").get_paginator("scan")
    name = deployment.outputs["RunsTableName"]
    return [
        item
        for page in pages.paginate(TableName=name, ConsistentRead=True)
        for item in page["Items"]
    ]


def runs(deployment):
    return [item for item in items(deployment) if item["sk"]["S"].startswith("run#")]


def let_pass(deployment, seconds):
    """Let time pass: move every time in every item back."""
    moves = [
        (item, move) for item in items(deployment) if (move := _move(deployment, item, seconds))
    ]
    for some in _batched(moves):
        if not _written(deployment, [move for _, move in some]):
            for item, _ in some:
                _move_alone(deployment, item, seconds)


def _batched(moves):
    rest = iter(moves)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _move_alone(deployment, item, seconds):
    """Move what somebody else may be changing just now."""
    while item and (move := _move(deployment, item, seconds)):
        if _written(deployment, [move]):
            return
        item = _read(deployment, item)


def _move(deployment, item, seconds):
    """The update that moves an item's times back, if it is still as it was read."""
    moved = {name: earlier(value, seconds) for name, value in item.items() if name not in KEYS}
    fields = [name for name in moved if moved[name] != item[name]]
    return fields and {
        "TableName": deployment.outputs["RunsTableName"],
        "Key": {name: item[name] for name in KEYS},
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in fields),
        "ConditionExpression": " AND ".join(f"#{name} = :old_{name}" for name in fields),
        "ExpressionAttributeNames": {f"#{name}": name for name in fields},
        "ExpressionAttributeValues": {
            **{f":{name}": moved[name] for name in fields},
            **{f":old_{name}": item[name] for name in fields},
        },
    }


def _written(deployment, moves):
    """Whether all of them were written: none is, if an item has been changed meanwhile."""
    try:
        deployment.aws.client("dynamodb").transact_write_items(
            TransactItems=[{"Update": move} for move in moves]
        )
    except ClientError as err:
        if err.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return False
    return True


def _read(deployment, item):
    key = {name: item[name] for name in KEYS}
    name = deployment.outputs["RunsTableName"]
    answer = deployment.aws.client("dynamodb").get_item(
        TableName=name, Key=key, ConsistentRead=True
    )
    return answer.get("Item")


def earlier(value, seconds):
    """A stored value with all its times moved back."""
    ((kind, one),) = value.items()
    if kind == "M":
        return {kind: {name: earlier(inner, seconds) for name, inner in one.items()}}
    if kind == "L":
        return {kind: [earlier(inner, seconds) for inner in one]}
    if kind == "S" and TIME.fullmatch(one):
        moved = (datetime.fromisoformat(one) - timedelta(seconds=seconds)).isoformat()
        return {kind: moved.replace("+00:00", "Z") if one.endswith("Z") else moved}
    return value
