"""What the number of pairs costs: an alarm among many, and reconcile."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.ground import Ground
from benchmarks.stage import Stage
from benchmarks.taken import Sample, fail_one_over

STALE_S = 31  # documents are kept for 30 s
_LIFT = {"command": "resume", "pair": "*", "reason": "it is measured", "requested_by": "bench"}


def alarms(ground: Ground, sizes: Sequence[int], turns: int, ages: Sequence[str]) -> dict[str, Any]:
    """An alarm among so many pairs: with their documents at hand, and when these are too old.

    Args:
        ground: what it stands on.
        sizes: numbers of pairs; their turns alternate.
        turns: how many.
        ages: of the documents: `stale`, which is waited for, `fresh`, or both.

    Returns:
        for each age and each size the samples.
    """
    found: dict[str, Any] = {name: {str(size): [] for size in sizes} for name in ages}
    with ExitStack() as stack:
        places = {}
        for size in sizes:
            stage = stack.enter_context(ground.stage())
            stage.grow_to(size)
            stage.reconcile(ground.ours)
            places[size] = stage, stack.enter_context(stage.environment(ground.ours))
            fail_one_over(*places[size], ground.ours, is_cold=False)
        for _ in ground.follow(range(turns), "an alarm among many pairs"):
            for name in ages:
                if name == "stale":
                    time.sleep(STALE_S)
                for size, place in places.items():
                    sample = fail_one_over(*place, ground.ours, is_cold=False)
                    found[name][str(size)].append(sample)
    return found


def reconcile(ground: Ground, sizes: Sequence[int]) -> dict[str, Any]:
    """Reconcile with so many healthy pairs, as it is in any minute.

    Returns:
        for each size seconds, CPU in ms, peak memory in MB, calls, and bytes answered.
    """
    found = {}
    for index in ground.follow(range(len(sizes)), "reconcile"):
        with ground.stage() as stage:
            stage.grow_to(sizes[index])
            found[str(sizes[index])] = _reconcile(ground, stage)
    return found


def _reconcile(ground: Ground, stage: Stage) -> Sample:
    with stage.environment(ground.ours) as environment:
        environment.invoke(_LIFT)
        stage.watch(environment)
        answer = environment.invoke({"command": "reconcile"})
        return {
            "s": answer.ended - answer.began,
            "cpu_ms": answer.cpu_s * 1000,
            "peak_mb": environment.peak_mb,
            "aws_calls": len(stage.aws.exchanges),
            "provider_calls": len(stage.provider.exchanges),
            "bytes": answer.size,
        }
