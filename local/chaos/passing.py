"""Time that passes at once: for what the table holds and for the provider alike.

Everything in them becomes older. What runs just then does not notice; so it is done when nothing
does.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from local.aws.ageing import Item, let_pass
from local.aws.embedded import EmbeddedAws
from local.dws import Emulator

MINUTE_S: Final = 60.0


class Passing:
    """The wave's own time, in seconds since it began."""

    def __init__(self, aws: EmbeddedAws, emulator: Emulator, table: str) -> None:
        self._aws, self._emulator, self._table = aws, emulator, table
        self._began = datetime.now(UTC)
        self._passed_s = 0.0
        self._log: list[tuple[datetime, float]] = []  # when time passed, and how much had by then
        self._minute_began_s = 0.0

    def now_s(self) -> float:
        """The time."""
        return self.at_s(datetime.now(UTC))

    def at_s(self, moment: datetime) -> float:
        """When something was that is known by its time of now: in the table, or of the provider."""
        return (moment - self._began).total_seconds() + self._passed_s

    def then_s(self, moment: datetime) -> float:
        """When something was of which a note was made that has not become older since."""
        before = [passed_s for at, passed_s in self._log if at <= moment]
        return (moment - self._began).total_seconds() + (before[-1] if before else 0.0)

    def end_minute(self, lasts_s: float = MINUTE_S) -> None:
        """Let the rest of a minute pass that began when the last one ended."""
        rest_s = self._minute_began_s + lasts_s - self.now_s()
        if rest_s > 0:
            self._passed_s += rest_s
            let_pass(self._aws, self._table, rest_s, _is_past)
            self._emulator.let_pass(rest_s)
            self._log.append((datetime.now(UTC), self._passed_s))
        self._minute_began_s = self.now_s()


def _is_past(item: Item) -> bool:
    """A notice that is published and an incident that has ended: nothing rests on their times."""
    kind = item["sk"]["S"].partition("#")[0]
    return kind == "incident" or (kind == "notice" and "published_at" in item)


def is_true_within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether something becomes true in time."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return found
