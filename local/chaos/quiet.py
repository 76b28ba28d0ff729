"""Whether anybody does anything: time may pass only where nobody is in the middle of something."""

import time
from typing import Final

from local.aws.callers import Freezer, work_of
from local.chaos.stage import Stage

# Longer than an event takes from one hand to the next; and than a probe that was refused waits
# before it tries again: whoever waits for it has read what it will write.
FOR_S: Final = 2.5
_EVERY_S: Final = 0.1
_AT_MOST_S: Final = 90.0


class Quiet:
    """Looks at the function's processes, its calls of AWS and its requests to the provider.

    An invocation that sleeps for longer is quiet, too: it reads anew before it does anything.
    """

    def __init__(self, stage: Stage, freezer: Freezer) -> None:
        self._stage, self._freezer = stage, freezer
        self._worked: dict[int, float] = {}

    def wait(self) -> None:
        """Wait until it has been quiet for a moment; not for ever."""
        over, busy_at = time.monotonic() + _AT_MOST_S, time.monotonic()
        while (now := time.monotonic()) < min(over, busy_at + FOR_S):
            if self._is_busy():
                busy_at = now
            time.sleep(_EVERY_S)

    def _is_busy(self) -> bool:
        stage = self._stage
        before, self._worked = self._worked, work_of(stage.aws.session)
        return (
            self._worked != before
            or stage.proxy.quiet_s < _EVERY_S
            or bool(stage.emulator.open_connections)
            or self._freezer.thawing
        )
