"""All measurements of one run, as plain data, of which all that is printed and drawn is made."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from benchmarks import cold, connection, crowd, fleet, history, imports, start, storm, warm
from benchmarks.figures import columns
from benchmarks.ground import Ground
from benchmarks.packages import weigh

Results = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How often and how much."""

    cold: int
    warm: int
    distances_ms: tuple[int, ...]
    connections: int
    crowds: tuple[int, ...]
    sizes: tuple[int, ...]
    reconcile_sizes: tuple[int, ...]
    turns: int
    ages: tuple[str, ...]
    runs: int
    has_clock: bool


FULL = Counts(
    cold=15,
    warm=27,
    distances_ms=(0, 50, 200),
    connections=15,
    crowds=(1, 5, 20),
    sizes=(10, 100, 1000),
    reconcile_sizes=(10, 100, 1000, 2500),
    turns=4,
    ages=("stale", "fresh"),
    runs=10_000,
    has_clock=True,
)
QUICK = Counts(
    cold=1,
    warm=1,
    distances_ms=(0, 50),
    connections=1,
    crowds=(5,),
    sizes=(10, 30),
    reconcile_sizes=(10, 30),
    turns=1,
    ages=("fresh",),
    runs=20,
    has_clock=False,
)


def measure(
    ground: Ground, counts: Counts, before: str | None, say: Callable[[str], None]
) -> Results:
    """Measure all of it.

    Raises:
        RuntimeError: something did not do what is measured.
    """
    results: Results = {"before": before, "counts": asdict(counts)}
    results["packages"] = {
        one.name: {"shipped": asdict(weigh(one.shipped)), "compiled": asdict(weigh(one.compiled))}
        for one in ground.packages
    }
    say("cold")
    found = cold.measure(ground, counts.cold)
    results["share"] = found.pop("share")
    results["cold"] = {variant: _each(kinds) for variant, kinds in found.items()}
    with ground.stage() as stage:
        results["imports"] = {
            one.name: imports.measure(stage, one, counts.cold) for one in ground.packages
        }
        results["start"] = start.measure(stage, ground.ours, counts.cold)
    say("warm")
    results["warm"] = {
        way: _each(kinds)
        for way, kinds in warm.measure(ground, counts.warm, counts.distances_ms).items()
    }
    say("a new connection, further alarms")
    results["connection"] = connection.measure(ground, counts.connections)
    results["storm"] = {name: _each(kinds) for name, kinds in storm.measure(ground).items()}
    results["crowd"] = {
        size: columns([one]) for size, one in crowd.measure(ground, counts.crowds).items()
    }
    say("fleets")
    found = fleet.alarms(ground, counts.sizes, counts.turns, counts.ages)
    results["alarms"] = {age: _each(sizes) for age, sizes in found.items()}
    found = fleet.reconcile(ground, counts.reconcile_sizes)
    results["reconcile"] = {size: columns([one]) for size, one in found.items()}
    say("histories")
    found = history.measure(ground, counts.runs, max(counts.turns // 2, 1))
    results["history"] = {count: _each(kinds) for count, kinds in found.items()}
    say("the outage's clock")
    results["outage_clock"] = _outage_clock() if counts.has_clock else {}
    return results


def _each(kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {name: columns(samples) for name, samples in kinds.items()}


def _outage_clock() -> dict[str, Any]:
    """On the simulated clock: a program of its own, for it stands in for the function's clock."""
    if find_spec("benchmarks.outage_clock") is None:
        return {}
    command = [sys.executable, "-m", "benchmarks.outage_clock", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
