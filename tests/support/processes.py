"""The processes that the embedded AWS has started, as the kernel tells them."""

from contextlib import suppress

import psutil

from local.aws import callers
from local.aws.callers import environment_of

__all__ = ["addresses_of", "environment_of", "processes_of", "session_of"]
processes_of = callers.session_of


def session_of(aws):
    """The processes that were started and all that these have started."""
    return processes_of(aws.session)


def addresses_of(pid):
    """Where a process listens."""
    with suppress(psutil.NoSuchProcess):
        found = psutil.Process(pid).net_connections()
        return [one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN]
    return []
