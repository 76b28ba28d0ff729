"""Reads done at once: what has no answer in time counts as unreadable."""

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from typing import Any, Final

from handler.dws.client import Unreadable

# Each has a handshake to do, on a share of one CPU: more would only be slower together.
AT_ONCE: Final = 16
Read = Callable[[], Any]
SideBySide = Callable[[Mapping[str, Read], float], Mapping[str, Any]]


def side_by_side(reads: Mapping[str, Read], within_s: float) -> Mapping[str, Any]:
    """Do all reads at once; those that are not done in time count as unreadable.

    Returns:
        for each name what its read returned, or the `Unreadable` that it raised.
    """
    pool = ThreadPoolExecutor(max_workers=max(min(len(reads), AT_ONCE), 1))
    futures = {name: pool.submit(read) for name, read in reads.items()}
    wait(futures.values(), within_s)
    # A thread cannot be ended: one that hangs is left behind, and must not hold the others up.
    pool.shutdown(wait=False, cancel_futures=True)
    results = {}
    for name, future in futures.items():
        try:
            results[name] = future.result(0)
        except (TimeoutError, CancelledError):
            results[name] = Unreadable("unavailable", "no answer in time", is_transient=True)
        except Unreadable as err:
            results[name] = err
    return results
