"""Reads done at once: what has no answer in time counts as unreadable."""

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from typing import Any, Final

from handler.dws.client import Unreadable
from handler.dws.threads import leave_behind, threads

# Each has a handshake to do, on a share of one CPU: more would only be slower together.
AT_ONCE: Final = 16
Read = Callable[[], Any]
SideBySide = Callable[[Mapping[str, Read], float], Mapping[str, Any]]


def side_by_side(reads: Mapping[str, Read], within_s: float) -> Mapping[str, Any]:
    """Do all reads at once; those that are not done in time count as unreadable.

    Returns:
        for each name what its read returned, or the `Unreadable` that it raised.
    """
    pool = threads() if len(reads) <= AT_ONCE else ThreadPoolExecutor(AT_ONCE)
    futures = {name: pool.submit(read) for name, read in reads.items()}
    _, late = wait(futures.values(), within_s)
    if late:
        # A thread cannot be ended: one that hangs must not hold the reads of later up.
        leave_behind()
        for future in late:
            future.cancel()
    if len(reads) > AT_ONCE:
        pool.shutdown(wait=False)
    results = {}
    for name, future in futures.items():
        try:
            results[name] = future.result(0)
        except (TimeoutError, CancelledError):
            results[name] = Unreadable("unavailable", "no answer in time", is_transient=True)
        except Unreadable as err:
            results[name] = err
    return results
