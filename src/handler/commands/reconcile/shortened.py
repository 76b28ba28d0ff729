"""What reconcile answers where there are many pairs: those first that somebody should look at.

Nothing rests on the answer: what people must know is notified, and `status` has every pair. But an
answer of more than 6 MB is an error of Lambda's, and who reads it wants what is odd.
"""

from collections import Counter
from typing import Final

from handler.model.result import Decision, Result

MOST: Final = 100  # results, of about 700 bytes each


def shortened(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """All results; of more than can be read the oddest, and how many of which kind are left off."""
    if len(results) <= MOST:
        return results
    by_oddness = sorted(results, key=_rank)
    left = Counter(one.reason_code for one in by_oddness[MOST:])
    kinds = ", ".join(f"{count} {code}" for code, count in sorted(left.items()))
    why = f"{left.total()} further results are left off ({kinds}): status has every pair"
    more = Result(Decision.RECONCILED, "left_off", why, command="reconcile")
    return (*by_oddness[:MOST], more)


def _rank(result: Result) -> int:
    """What was decided or is in the way comes first, then what is not ready to be acted for."""
    if result.decision is not Decision.RECONCILED:
        return 0
    return 2 if result.reason_code == "armed" else 1
