"""The CPU of a new TLS connection to AWS, by what a call costs more once AWS has hung up."""

import statistics
from typing import Any

from benchmarks.ground import Ground
from benchmarks.packages import Package
from benchmarks.runtime import Environment
from benchmarks.stage import Event, Stage


def measure(ground: Ground, turns: int) -> dict[str, Any]:
    """For our packages: CPU in ms of one new connection, a figure for each turn."""
    return {
        package.name: _one_package(ground, package, turns)
        for package in ground.packages
        if package.is_ours
    }


def _one_package(ground: Ground, package: Package, turns: int) -> list[float]:
    with ground.stage() as stage:
        stage.grow_to(1)
        event = {"command": "status", "pair": stage.pairs[0].id, "brief": True}
        with stage.environment(package) as environment:
            environment.invoke(event)
            return [_one_connection(stage, environment, event) for _ in range(turns)]


def _one_connection(stage: Stage, environment: Environment, event: Event) -> float:
    kept = statistics.median(environment.invoke(event).cpu_s for _ in range(3))
    stage.aws.hang_up()
    stage.watch(environment)
    anew = environment.invoke(event).cpu_s
    return (anew - kept) * 1000 / len(stage.aws.connections)
