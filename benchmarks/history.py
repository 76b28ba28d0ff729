"""What a long history costs: alarm and status of a pair with 10,000 runs, and of one without."""

from typing import Any

from benchmarks.ground import Ground
from benchmarks.runtime import Environment
from benchmarks.stage import Stage
from benchmarks.taken import Sample, fail_one_over
from local.load.history import a_run, write_past


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
            example = a_run(ground.aws, stage.table, stage.pairs[-1].id)
            for _ in ground.follow(range(turns), f"a history of {runs:,} runs"):
                for count in (0, runs):
                    pair = stage.next_pair.id
                    write_past(ground.aws, stage.table, example, [pair], count)
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
