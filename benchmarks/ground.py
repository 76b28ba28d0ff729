"""What all measurements stand on: the embedded AWS, the wires, the packages, and what is said."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.packages import Package
from benchmarks.stage import Stage
from benchmarks.wire import Loop
from local.aws import EmbeddedAws

T = TypeVar("T")
PAIRS = 10  # of a stage: one page of documents, as in a deployment of usual size


@dataclass(frozen=True)
class Ground:
    """The parts, and `follow`, which shows how far something long has come."""

    aws: EmbeddedAws
    loop: Loop
    packages: tuple[Package, ...]
    follow: Callable[[Iterable[int], str], Iterator[int]]

    @property
    def ours(self) -> Package:
        """This project's function as it is now."""
        return next(one for one in self.packages if one.name == "ours")

    def stage(self, round_trip_s: float = 0.0) -> Stage:
        """A deployment without pairs."""
        return Stage(self.aws, self.loop, round_trip_s)

    def stages(self, stack: ExitStack, round_trip_s: float = 0.0) -> dict[str, Stage]:
        """A stage with pairs for each of our own packages; the others share the first."""
        first: Stage | None = None
        found = {}
        for package in self.packages:
            if package.is_ours:
                stage = stack.enter_context(self.stage(round_trip_s))
                stage.grow_to(PAIRS)
                stage.reconcile(package)
                first = first or stage
                found[package.name] = stage
            elif first:
                found[package.name] = first
        return found


def in_turn(packages: tuple[Package, ...], turn: int) -> tuple[Package, ...]:
    """All of them, each turn another one first: what a turn does to the next falls on all alike."""
    at = turn % len(packages)
    return packages[at:] + packages[:at]
