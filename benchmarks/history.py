"""What a long history costs: alarm and status of a pair with 10,000 runs, and of one without."""

from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.ground import Ground
from benchmarks.runtime import Environment
from benchmarks.stage import Stage
from benchmarks.taken import Sample, fail_one_over

_AT_ONCE = 25  # of a BatchWriteItem


def measure(ground: Ground, runs: int, turns: int) -> dict[str, Any]:
    """Both in turn.

    Returns:
        for `0` runs and for so many: the samples of `alarm` and of `status`.
    """
    found: dict[str, Any] = {str(count): {"alarm": [], "status": []} for count in (0, runs)}
    with ground.stage() as stage:
        stage.grow_to(2 * turns + 1)
        stage.reconcile(ground.ours)
        with stage.environment(ground.ours) as environment:
            fail_one_over(stage, environment, ground.ours, is_cold=False)
            example = _a_run(ground, stage)
            for _ in ground.follow(range(turns), f"a history of {runs:,} runs"):
                for count in (0, runs):
                    pair = stage.next_pair.id
                    _write(ground, stage, example, pair, count)
                    of_count = found[str(count)]
                    of_count["status"].append(_status(stage, environment, pair))
                    of_count["alarm"].append(
                        fail_one_over(stage, environment, ground.ours, is_cold=False)
                    )
    return found


def _status(stage: Stage, environment: Environment, pair: str) -> Sample:
    stage.watch(environment)
    answer = environment.invoke({"command": "status", "pair": pair})
    return {
        "ms": (answer.ended - answer.began) * 1000,
        "cpu_ms": answer.cpu_s * 1000,
        "aws_calls": len(stage.aws.exchanges),
        "bytes": answer.size,
    }


def _a_run(ground: Ground, stage: Stage) -> dict[str, Any]:
    """The run that has just been made, as it is stored."""
    found: list[dict[str, Any]] = ground.aws.client("dynamodb").query(
        TableName=stage.table,
        KeyConditionExpression="pk = :pair AND begins_with(sk, :run)",
        ExpressionAttributeValues={":pair": {"S": stage.pairs[-1].id}, ":run": {"S": "run#"}},
    )["Items"]
    return found[0]


def _write(ground: Ground, stage: Stage, example: dict[str, Any], pair: str, count: int) -> None:
    """Runs of another pair, one each hour, all of them long over."""
    client, now = ground.aws.client("dynamodb"), datetime.now(UTC)
    items = [_past(example, pair, now - timedelta(hours=hours + 24)) for hours in range(count)]
    for at in range(0, count, _AT_ONCE):
        requests = [{"PutRequest": {"Item": item}} for item in items[at : at + _AT_ONCE]]
        client.batch_write_item(RequestItems={stage.table: requests})


def _past(example: dict[str, Any], pair: str, at: datetime) -> dict[str, Any]:
    id_, when = f"{at:%Y%m%dT%H%M%S}000Z-00000000", {"S": at.isoformat()}
    changed = {"pk": pair, "disaster_recovery_id": pair, "pair": pair, "run_id": id_}
    return {
        **example,
        **{name: {"S": text} for name, text in changed.items()},
        "sk": {"S": f"run#{id_}"},
        "state": {"S": "succeeded"},
        **dict.fromkeys(("claimed_at", "deadline_at", "ended_at", "acknowledged_at"), when),
    }
