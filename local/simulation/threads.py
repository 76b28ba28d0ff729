"""Works that an invocation does side by side, each in a thread."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from local.simulation.machine import Machine
from local.simulation.strands import Killed, Strand

AT_ONCE = 16  # threads
Result = BaseException | tuple[Any] | None


def side_by_side(
    machine: Machine, works: Sequence[Callable[[], object]], within_s: float
) -> list[Result]:
    """Do each work in a thread of the invocation at work, for so long at most.

    Returns:
        for each of them what it returned, as a tuple of one, or what it raised; None if it was not
        done in time: it goes on, or has never begun.
    """
    main = machine.strand
    if main is None:
        raise AssertionError("only an invocation has threads")
    return _Pool(machine, main, works).results_within(within_s)


class _Pool:
    """Threads of one invocation that share out works between them."""

    def __init__(self, machine: Machine, main: Strand, works: Sequence[Callable[[], Any]]) -> None:
        self._machine, self._main, self._works = machine, main, works
        self._left = list(range(len(works)))
        machine.random.shuffle(self._left)
        self._results: list[Result] = [None] * len(works)
        self._done = 0
        self._is_waited_for = True

    def results_within(self, within_s: float) -> list[Result]:
        machine, main = self._machine, self._main
        for _ in range(min(len(self._works), AT_ONCE)):
            machine.begin(Strand(main.invocation, main.environment, is_main=False), self._work)
        until = machine.now + timedelta(seconds=within_s)
        while self._done < len(self._works) and machine.now < until:
            machine.sleep(main, until)
        self._is_waited_for = False
        self._left.clear()
        return list(self._results)

    def _work(self) -> None:
        try:
            while self._left:
                self._do(self._left.pop())
        except Killed:
            return

    def _do(self, number: int) -> None:
        try:
            self._results[number] = (self._works[number](),)
        except Exception as err:  # noqa: BLE001 - as a pool of threads keeps whatever is raised
            self._results[number] = err
        self._done += 1
        if self._is_waited_for and self._done == len(self._works):
            self._machine.wake(self._main)
