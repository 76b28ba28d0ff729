"""Many seeds judged side by side, with a bar that shows how far it is."""

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Judged = TypeVar("Judged")
Test = TypeVar("Test", bound=Callable[..., None])


def drawn(number: int, count: int, *, is_small: bool = True) -> Callable[[Test], Test]:
    """Have a test's examples drawn from a seed, the same ones each time; nothing is remembered.

    One that fails is made as small as it can be, unless that is not wanted: it takes long.
    """
    alone = settings(
        max_examples=count,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if is_small else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: seed(number)(alone(test))


def judge_all(
    judge: Callable[[int, int], Judged],
    seeds: range,
    batch: int,
    console: Console,
    what: str,
    *prepare: Any,
) -> Generator[Judged]:
    """Call `judge(seed, batch)` for each seed; who closes this gives up what is left.

    `prepare` is what each process calls first, and with what.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    initializer, *initargs = prepare or (None,)
    pool = ProcessPoolExecutor(os.cpu_count(), initializer=initializer, initargs=tuple(initargs))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress, pool:
        task = progress.add_task(what, total=len(seeds) * batch)
        try:
            for verdict in _in_turn(pool, judge, iter(seeds), batch):
                progress.advance(task, batch)
                yield verdict
        finally:
            _end_workers()


def _end_workers() -> None:
    """End the pool's processes, whatever they are at: nobody waits for what is left.

    The pool then ends by itself. Were it told not to wait for them, its thread would go on while
    the interpreter ends, and complain of closed pipes.
    """
    for worker in multiprocessing.active_children():
        worker.terminate()


def _in_turn(
    pool: ProcessPoolExecutor,
    judge: Callable[[int, int], Judged],
    seeds: Iterator[int],
    batch: int,
) -> Iterator[Judged]:
    running: set[Future[Judged]] = set()
    for number in seeds:
        running.add(pool.submit(judge, number, batch))
        if len(running) > 2 * (os.cpu_count() or 1):
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (one.result() for one in done)
