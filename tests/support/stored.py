"""What a deployment's table holds, changed by hand: a pair is armed, and time has passed."""

import re
from datetime import datetime, timedelta

from botocore.exceptions import ClientError
from parts import now

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
KEYS = ("pk", "sk")


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
    for item in items(deployment):
        while item and not _moved(deployment, item, seconds):
            item = _read(deployment, item)  # noqa: PLW2901 - it has been changed meanwhile


def _moved(deployment, item, seconds):
    """Whether the item was still as it was read when it was changed."""
    moved = {name: earlier(value, seconds) for name, value in item.items() if name not in KEYS}
    fields = [name for name in moved if moved[name] != item[name]]
    if not fields:
        return True
    try:
        deployment.aws.client("dynamodb").update_item(
            TableName=deployment.outputs["RunsTableName"],
            Key={name: item[name] for name in KEYS},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in fields),
            ConditionExpression=" AND ".join(f"#{name} = :old_{name}" for name in fields),
            ExpressionAttributeNames={f"#{name}": name for name in fields},
            ExpressionAttributeValues={
                **{f":{name}": moved[name] for name in fields},
                **{f":old_{name}": item[name] for name in fields},
            },
        )
    except ClientError as err:
        if err.response["Error"]["Code"] != "ConditionalCheckFailedException":
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
