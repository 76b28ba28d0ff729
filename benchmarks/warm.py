"""From an event to the order in an environment that is warm, at several distances."""

from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.ground import PAIRS, Ground, in_turn
from benchmarks.taken import Sample, fail_one_over


def measure(
    ground: Ground, turns: int, distances_ms: Sequence[int]
) -> dict[str, dict[str, list[Sample]]]:
    """All packages in turn; each environment's first event warms it up and does not count.

    Returns:
        for each distance, a round trip in ms, and each package its samples.
    """
    found: dict[str, dict[str, list[Sample]]] = {}
    for round_trip_ms in distances_ms:
        samples: dict[str, list[Sample]] = {one.name: [] for one in ground.packages}
        left = turns
        for _ in ground.follow(range(-(-turns // (PAIRS - 1))), f"warm at {round_trip_ms} ms"):
            _block(ground, round_trip_ms / 1000, min(left, PAIRS - 1), samples)
            left -= PAIRS - 1
        found[str(round_trip_ms)] = samples
    return found


def _block(
    ground: Ground, round_trip_s: float, turns: int, samples: dict[str, list[Sample]]
) -> None:
    """As many turns as a stage has pairs, but for one."""
    with ExitStack() as stack:
        stages = ground.stages(stack, round_trip_s)
        environments = {
            package.name: stack.enter_context(stages[package.name].environment(package))
            for package in ground.packages
        }
        for turn in range(turns + 1):
            for package in in_turn(ground.packages, turn):
                stage, environment = stages[package.name], environments[package.name]
                sample = fail_one_over(stage, environment, package, is_cold=False)
                if turn:
                    samples[package.name].append(sample)
