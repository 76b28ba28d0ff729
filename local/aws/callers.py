"""Who calls the embedded AWS: the function's processes, to end or to stop them within a call."""

import os
import signal
import time
from contextlib import suppress
from threading import Lock, Timer

import psutil

from local.aws.troubles import Call, Dropped

_FUNCTION = "AWS_LAMBDA_FUNCTION_NAME"


def session_of(leader: int) -> list[int]:
    """The processes of a session: one that was started, and all that it has started."""
    return [pid for pid in psutil.pids() if _session(pid) == leader]


def environment_of(pid: int) -> dict[str, str]:
    """A process's environment; empty once it is gone."""
    with suppress(psutil.Error):
        return dict(psutil.Process(pid).environ())
    return {}


def environments(leader: int, function: str) -> list[int]:
    """The processes that a function runs in."""
    return [pid for pid in session_of(leader) if environment_of(pid).get(_FUNCTION) == function]


def end_environments(leader: int, function: str) -> int:
    """End all of them, at work or not; how many there were."""
    return sum(map(_kill, environments(leader, function)))


def work_of(leader: int) -> dict[int, float]:
    """The seconds that each process of a session but the first has computed, or waits to compute.

    One that could compute and is not let is told by a figure that is never the same.
    """
    found = {}
    for pid in session_of(leader):
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            is_waiting = process.status() in (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)
            used = process.cpu_times()
            found[pid] = used.user + used.system + (time.monotonic() if is_waiting else 0)
    found.pop(leader, None)
    return found


class Kill:
    """Ends the process that makes a call, and loses the call."""

    @staticmethod
    def caller(port: int) -> bool:
        """End whoever has opened a connection from this port; whether there was somebody."""
        pid = _process_behind(port)
        return pid is not None and _kill(pid)

    def befall(self, call: Call) -> None:
        """Of Trouble."""
        self.caller(call.peer)
        raise Dropped


class Freezer:
    """Stops processes within a call, and lets those go on that are to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thawing: set[int] = set()
        self._for_good: set[int] = set()

    @property
    def thawing(self) -> bool:
        """Whether one is stopped that will go on."""
        with self._lock:
            return bool(self._thawing)

    @property
    def frozen(self) -> bool:
        """Whether one is stopped that nobody has ended yet."""
        with self._lock:
            self._for_good = {pid for pid in self._for_good if psutil.pid_exists(pid)}
            return bool(self._for_good)

    def freeze(self, seconds: float | None) -> "Freeze":
        """A trouble that stops its caller for so long; None: until somebody ends it."""
        return Freeze(self, seconds)

    def stop(self, pid: int, seconds: float | None) -> None:
        """Stop a process."""
        with self._lock, suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            (self._for_good if seconds is None else self._thawing).add(pid)
        if seconds is not None:
            timer = Timer(seconds, self._go_on, (pid,))
            timer.daemon = True
            timer.start()

    def _go_on(self, pid: int) -> None:
        with self._lock, suppress(ProcessLookupError):
            self._thawing.discard(pid)
            os.kill(pid, signal.SIGCONT)


class Freeze:
    """Stops the process that makes a call; the call itself goes on."""

    def __init__(self, freezer: Freezer, seconds: float | None) -> None:
        self._freezer, self._seconds = freezer, seconds

    def befall(self, call: Call) -> None:
        """Of Trouble."""
        if pid := _process_behind(call.peer):
            self._freezer.stop(pid, self._seconds)


def _process_behind(port: int) -> int | None:
    """Who holds the near end of a connection, by its port."""
    for one in psutil.net_connections("tcp4"):
        if one.laddr and one.laddr.port == port and one.pid not in (None, os.getpid()):
            return int(one.pid)
    return None


def _kill(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def _session(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.getsid(pid)
    return None
