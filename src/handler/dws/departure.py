"""The one fact about a request: whether it may have left, and until when it may leave."""

import time
from collections.abc import Callable

from handler.dws.reply import NoReply

StillGood = Callable[[], str | None]


class Deadline:
    """A point in time, on a clock that no one sets back."""

    def __init__(self, within_s: float) -> None:
        self._at = time.monotonic() + within_s

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._at

    @property
    def left_s(self) -> float:
        """Seconds until then, never less than a moment."""
        return max(self._at - time.monotonic(), 0.001)

    def within_s(self, limit_s: float | None) -> float:
        """Seconds that one step may take: what is left, or less."""
        return self.left_s if limit_s is None else min(limit_s, self.left_s)


class Departure:
    """Whether the sending of a request's headers has begun.

    Until then nothing has left, and from then on the peer may have it, whatever is raised.
    `still_good` is asked in between; what it answers is why the request must not be sent.
    """

    def __init__(self, still_good: StillGood = lambda: None) -> None:
        self._still_good = still_good
        self.has_begun = False

    def again(self) -> "Departure":
        """The same question for a request that is sent once more."""
        return Departure(self._still_good)

    def begin(self, deadline: Deadline) -> None:
        """Let the headers go.

        Raises:
            Lost: they must not.
        """
        try:
            why = self._still_good()
        except Exception as err:  # who cannot say that it is good has not said so
            reason = f"unknown whether it still may be sent: {type(err).__name__}: {err}"
            raise NoReply(reason, may_have_left=False) from err
        if why is not None:
            raise NoReply(why, may_have_left=False, is_stale=True)
        if deadline.is_over:
            raise NoReply("no time is left to send it", may_have_left=False)
        self.has_begun = True
