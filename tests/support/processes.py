"""The processes that the embedded AWS has started, as the kernel tells them."""

import os
from contextlib import suppress

import psutil


def session_of(aws):
    """The processes that were started and all that these have started."""
    return processes_of(aws._program._process.pid)


def processes_of(leader):
    return [pid for pid in psutil.pids() if _session(pid) == leader]


def _session(pid):
    with suppress(ProcessLookupError):
        return os.getsid(pid)


def addresses_of(pid):
    """Where a process listens."""
    with suppress(psutil.NoSuchProcess):
        found = psutil.Process(pid).net_connections()
        return [one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN]
    return []


def environment_of(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).environ()
    return {}
