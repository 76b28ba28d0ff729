"""The threads of this process. They are kept: to start one takes as long as a small read.

A thread cannot be ended. Where one hangs, it is left behind with all its like, and whoever needs
threads after that begins with others.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

# Started as they are needed: as many rounds at once as there may be, with all reads of each.
_MOST: Final = 128


@cache
def threads() -> ThreadPoolExecutor:
    """Those that are at hand; nobody shuts them down."""
    return ThreadPoolExecutor(_MOST)


def leave_behind() -> None:
    """Have others from now on; those of before end once they are free."""
    threads.cache_clear()
