"""What the function's processes and their calls cost meanwhile."""

from collections import defaultdict
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final, Self

import psutil

from local.aws.callers import environments
from local.chaos.stage import Stage

_EVERY_S: Final = 1.0
_MB: Final = 1e6


@dataclass(frozen=True)
class Memory:
    """What the function's processes have used.

    Attributes:
        processes: how many there were.
        peak_mb: the most that one has used.
        growth: of what each had in the middle of its time, how much it had at the end; the most.
    """

    processes: int
    peak_mb: float
    growth: float


class Watch:
    """Looks at each process of the function once a second, within its `with` block.

    Attributes:
        aws_calls: that came in it.
        provider_calls: that came in it.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cpu_s: dict[int, list[float]] = defaultdict(list)
        self._mb: dict[int, list[float]] = defaultdict(list)
        self._over, self._thread = Event(), Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self._from_before = frozenset(self._cpu_s)
        self.aws_calls, self.provider_calls = self._calls()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()
        aws, provider = self._calls()
        self.aws_calls, self.provider_calls = aws - self.aws_calls, provider - self.provider_calls

    @property
    def cpu_s(self) -> float:
        """What they have computed; of those that began within the block, their start is in it."""
        return sum(
            seen[-1] - (seen[0] if pid in self._from_before else 0.0)
            for pid, seen in self._cpu_s.items()
        )

    @property
    def memory(self) -> Memory:
        """What they have used."""
        return Memory(
            processes=len(self._mb),
            peak_mb=max(max(seen) for seen in self._mb.values()),
            growth=max(seen[-1] / seen[len(seen) // 2] for seen in self._mb.values()),
        )

    def _calls(self) -> tuple[int, int]:
        return len(self._stage.proxy.calls), len(self._stage.emulator.journal)

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        function = self._stage.function.rsplit(":", 1)[-1]
        for pid in environments(self._stage.aws.session, function):
            try:
                process = psutil.Process(pid)
                times, memory = process.cpu_times(), process.memory_info()
            except psutil.Error:  # it has ended
                continue
            self._cpu_s[pid].append(times.user + times.system)
            self._mb[pid].append(memory.rss / _MB)
