"""Simulate many histories: `make simulate N=10000`.

Each seed draws and judges a hundred of them. A failing one is made as small as hypothesis can make
it, told as a story, and comes again with `make simulate SEED=<its seed> N=100`. `BUG=<name>` plants
a bug that must be found, `BUG=all` each of them in turn.
"""

import argparse
import contextlib
import logging
import os
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial

from hypothesis import given
from rich.console import Console

from local.seeds import drawn, judge_all
from local.simulation.bugs import BUGS
from local.simulation.drawing import plans
from local.simulation.plan import Plan
from local.simulation.planting import plant

BATCH = 100
ALL = "all"


@dataclass(frozen=True)
class Found:
    """A history that must not be."""

    seed: int
    why: str
    plan: str
    story: tuple[str, ...]


def judge(
    number: int, count: int = BATCH, *, is_small: bool = True
) -> tuple[Found | None, Counter[str]]:
    """Judge the histories of one seed; what they told, by decision and by an incident's end."""
    from local.simulation.history import History  # noqa: PLC0415 - a bug is planted before

    logging.disable(logging.CRITICAL)
    os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"  # they would be printed between stories
    last: list[tuple[Plan, History]] = []
    seen: Counter[str] = Counter()

    @drawn(number, count, is_small=is_small)
    @given(plans())
    def holds(plan: Plan) -> None:
        history = History(plan)
        last[:] = [(plan, history)]
        history.run()
        seen.update(history.checks.seen())

    try:
        holds()
    except Exception as err:  # noqa: BLE001 - whatever the function raises is what is looked for
        ((plan, history),) = last
        why = f"{type(err).__name__}: {err}"
        return Found(number, why, repr(plan), tuple(history.machine.story)), seen
    return None, seen


def main() -> int:
    """Run as many histories as asked for, side by side, and tell the first that must not be."""
    asked, console = _arguments(), Console()
    if asked.bug == ALL:
        return _find_all(asked, console)
    found, total = _first(asked, console, asked.bug, is_small=not asked.bug)
    if found:
        _tell(console, found)
        return 1
    console.print(f"{asked.n} histories, nothing found. What happened in them:")
    console.print(", ".join(f"{name} {count}" for name, count in total.most_common()))
    return 0


def _first(
    asked: argparse.Namespace, console: Console, bug: str | None, *, is_small: bool = True
) -> tuple[Found | None, Counter[str]]:
    """The first history that must not be, with a bug planted or none."""
    found, total, size = None, Counter[str](), min(asked.n, BATCH)
    seeds = range(asked.seed, asked.seed + -(-asked.n // size))
    one, what = partial(judge, is_small=is_small), bug or "histories"
    verdicts = judge_all(one, seeds, size, console, what, plant, BUGS.get(bug or ""))
    with contextlib.closing(verdicts):
        for found, seen in verdicts:
            total += seen
            if found:
                break
    return found, total


def _find_all(asked: argparse.Namespace, console: Console) -> int:
    """Plant each bug in turn; how many were not found."""
    missed = 0
    for bug in BUGS:
        found, _ = _first(asked, console, bug, is_small=False)
        missed += found is None
        why = f"seed {found.seed}: {found.why}" if found else "[bold red]NOT FOUND[/]"
        console.print(f"{bug}: {why}", soft_wrap=True)
    return missed


def _tell(console: Console, found: Found) -> None:
    console.print(f"\n[bold red]{found.why}[/]\n")
    for line in found.story:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n{found.plan}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\nAgain: make simulate SEED={found.seed} N={BATCH}")


def _arguments() -> argparse.Namespace:
    description = (__doc__ or "").split("\n", maxsplit=1)[0]
    parser = argparse.ArgumentParser(prog="python -m local.simulation", description=description)
    parser.add_argument("-n", type=int, default=2000, help="how many histories (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (%(default)s)")
    parser.add_argument("--bug", choices=[*BUGS, ALL], help="plant a bug that must be found")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
