"""Asks the tests about a changed module, in a process of its own that ends in time."""

import contextlib
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Final

import pytest

from local.mutants.mutants import Mutant
from local.mutants.targets import SIMULATION
from local.simulation.planting import plant

_FORK: Final = multiprocessing.get_context("fork")
_OPTIONS: Final = (
    "-x", "-q", "-n0", "--assert=plain", "-p", "no:randomly", "-p", "no:cacheprovider",
    "-W", "ignore:Module already imported",
)  # fmt: skip

_NOT_ASKED: Final = 99  # no exit code of pytest
_MOST_CPU_S: Final = 240  # of a round: what turns in circles ends however busy the machine is


class Broken(Exception):
    """A change was not planted, so that no test could notice it."""


@dataclass(eq=False)
class Work:
    """A change on its way through its rounds of tests; `mutant` is None for the source as it is."""

    mutant: Mutant | None
    rounds: tuple[tuple[str, ...], ...]
    number: int = 0
    process: BaseProcess | None = None
    began: float = 0.0
    noticed_by: str | None = None

    @property
    def name(self) -> str:
        """What it is told as."""
        return f"{self.mutant.module}: {self.mutant.change}" if self.mutant else "as it is"


def judge(works: list[Work], within_s: float) -> Iterator[Work]:
    """Ask each one's tests, one more at once than there are cores; each once it has its verdict.

    Args:
        works: in the order in which they are begun.
        within_s: how long a round may last; one that hangs is noticed.

    Raises:
        Broken: the function had been imported before.
    """
    waiting, running = list(works), list[Work]()
    try:
        while waiting or running:
            while waiting and len(running) <= (os.cpu_count() or 1):  # they wait, too
                running.append(_begun(waiting.pop(0)))
            time.sleep(0.02)
            for work in list(running):
                if (noticed := _verdict(work, within_s)) is None:
                    continue
                running.remove(work)
                work.number += 1
                if noticed or work.number == len(work.rounds):
                    yield work
                else:
                    waiting.insert(0, work)
    finally:
        for work in running:
            _end(work)


def _begun(work: Work) -> Work:
    work.process = _FORK.Process(target=_ask, args=(work.mutant, work.rounds[work.number]))
    work.began = time.monotonic()
    work.process.start()
    return work


def _verdict(work: Work, within_s: float) -> bool | None:
    """Whether this round has noticed the change; None while it runs."""
    process, tests = work.process, work.rounds[work.number]
    if process is None or process.is_alive():
        if time.monotonic() - work.began < within_s:
            return None
        _end(work)
        work.noticed_by = "hangs"
        return True
    if process.exitcode == _NOT_ASKED:
        raise Broken(f"{work.name}: not planted, the function is imported already")
    # Where a module cannot even be imported, pytest says that it was called wrongly.
    if process.exitcode:
        work.noticed_by = tests[0]
    return bool(process.exitcode)


def _end(work: Work) -> None:
    process = work.process
    if process is None or process.pid is None:
        return
    with contextlib.suppress(ProcessLookupError):  # it may not lead its group yet
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _ask(mutant: Mutant | None, tests: tuple[str, ...]) -> None:
    """In the process of its own: plant the change, ask, and end with what came of it."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        plant(mutant)
    except RuntimeError:
        os._exit(_NOT_ASKED)
    os._exit(_simulated() if tests == (SIMULATION,) else int(pytest.main([*_OPTIONS, *tests])))


def _simulated() -> int:
    from local.simulation.__main__ import judge as judge_histories  # noqa: PLC0415 - planted before

    found, _ = judge_histories(0, is_small=False)
    return 1 if found else 0
