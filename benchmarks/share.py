"""A share of one CPU for a process, as Lambda gives it once INIT is over."""

import contextlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import Final, Self

# 1,024 MB; a whole CPU comes with 1,769 MB (AWS Lambda Developer Guide, "Configure Lambda function
# memory").
OF_1024_MB: Final = 0.58
_PERIOD_US: Final = 20_000
_GROUPS_V1: Final = Path("/sys/fs/cgroup/cpu")
_GROUPS_V2: Final = Path("/sys/fs/cgroup")


class Share:
    """Limits processes, by a group of the kernel's where that may be made, else by stopping them.

    A stopped process is stopped for so many of its milliseconds, whether it computes or waits;
    the kernel's group stops it only once it has computed for so many.

    Attributes:
        how: which of the two, in words.
    """

    def __init__(self, of_one_cpu: float) -> None:
        self._share = of_one_cpu
        self._group = _make_group(int(of_one_cpu * _PERIOD_US))
        self._has_ended = threading.Event()
        how = (
            "stopped and continued by signals" if self._group is None else "a group of the kernel's"
        )
        self.how = f"{of_one_cpu} of one CPU in each {_PERIOD_US // 1000} ms, {how}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._has_ended.set()
        if self._group:
            # Who was in it may take a moment to be gone.
            for _moment in range(100):
                with contextlib.suppress(OSError):
                    self._group.rmdir()
                    return
                time.sleep(0.01)

    def limit(self, pid: int) -> None:
        """Limit a process, from now until it ends."""
        if self._group:
            (self._group / "cgroup.procs").write_text(str(pid))
        else:
            threading.Thread(target=self._stop_and_go, args=(pid,), daemon=True).start()

    def _stop_and_go(self, pid: int) -> None:
        period_s = _PERIOD_US / 1e6
        with contextlib.suppress(ProcessLookupError):
            while not self._has_ended.wait(period_s * self._share):
                os.kill(pid, signal.SIGSTOP)
                time.sleep(period_s * (1 - self._share))
                os.kill(pid, signal.SIGCONT)


def _make_group(quota_us: int) -> Path | None:
    name = f"dws-failover-bench-{os.getpid()}"
    v1, v2 = _GROUPS_V1 / name, _GROUPS_V2 / name
    for group, limits in (
        (v1, {"cpu.cfs_period_us": str(_PERIOD_US), "cpu.cfs_quota_us": str(quota_us)}),
        (v2, {"cpu.max": f"{quota_us} {_PERIOD_US}"}),
    ):
        try:
            group.mkdir()
            for file, text in limits.items():
                (group / file).write_text(text)
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        return group
    return None
