"""Simulate many histories: `make simulate N=10000`.

Each seed draws and judges a hundred of them. A failing one is made as small as hypothesis can make
it, told as a story, and comes again with `make simulate SEED=<its seed> N=100`.
"""

import argparse
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local.simulation.bugs import BUGS, plant
from local.simulation.plan import Plan, plans

BATCH = 100


@dataclass(frozen=True)
class Found:
    """A history that must not be."""

    seed: int
    why: str
    plan: str
    story: tuple[str, ...]


def judge(number: int, count: int = BATCH) -> tuple[Found | None, Counter[str]]:
    """Judge the histories of one seed; what they told, by decision and by an incident's end."""
    from local.simulation.history import History  # noqa: PLC0415 - a bug is planted before

    logging.disable(logging.CRITICAL)
    last: list[tuple[Plan, History]] = []
    seen: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
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
    asked = _arguments()
    seeds = iter(range(asked.seed, asked.seed + -(-asked.n // BATCH)))
    console, total = Console(), Counter[str]()
    pool = ProcessPoolExecutor(os.cpu_count(), initializer=plant, initargs=(asked.bug,))
    with _progress(console) as progress, pool:
        task = progress.add_task("histories", total=asked.n)
        for (found, seen), count in _judged(pool, seeds, min(asked.n, BATCH)):
            progress.advance(task, count)
            total += seen
            if found:
                pool.shutdown(wait=False, cancel_futures=True)
                progress.stop()
                _tell(console, found)
                return 1
    console.print(f"{asked.n} histories, nothing found. What happened in them:")
    console.print(", ".join(f"{name} {count}" for name, count in total.most_common()))
    return 0


def _judged(
    pool: ProcessPoolExecutor, seeds: Iterator[int], count: int
) -> Iterator[tuple[tuple[Found | None, Counter[str]], int]]:
    running: set[Future[tuple[Found | None, Counter[str]]]] = set()
    for number in seeds:
        running.add(pool.submit(judge, number, count))
        if len(running) > 2 * (os.cpu_count() or 1):
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from ((one.result(), count) for one in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from ((one.result(), count) for one in done)


def _tell(console: Console, found: Found) -> None:
    console.print(f"\n[bold red]{found.why}[/]\n")
    for line in found.story:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n{found.plan}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\nAgain: make simulate SEED={found.seed} N={BATCH}")


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)


def _arguments() -> argparse.Namespace:
    description = (__doc__ or "").split("\n", maxsplit=1)[0]
    parser = argparse.ArgumentParser(prog="python -m local.simulation", description=description)
    parser.add_argument("-n", type=int, default=2000, help="how many histories (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (%(default)s)")
    parser.add_argument("--bug", choices=[*BUGS], help="plant a bug that must be found")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
