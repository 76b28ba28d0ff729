"""Which alarms come in a storm: mostly copies, some further ones, some to and fro. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from local.chaos.plan import Outage

_MAIN: Final = ""  # the alarm that stays in ALARM, so that each outage stays one
PARTS: Final = (_MAIN, "-1", "-2", "-3", "-4")
_NOT_BEFORE: Final = timedelta(seconds=1)  # CloudWatch looks at an alarm every ten seconds at most
_TURNS: Final = 0.3  # how often another one turns again; else what it did last comes again


@dataclass(frozen=True)
class Turned:
    """An alarm's transition."""

    outage: Outage
    part: str
    state: str
    at: datetime


class Storm:
    """Draws one transition after the other, of any pair."""

    def __init__(self, seed: int, outages: Sequence[Outage]) -> None:
        self._rng, self._outages = Random(seed), outages
        self._newest: dict[tuple[int, str], Turned] = {}

    @property
    def newest(self) -> list[Turned]:
        """What each alarm did last."""
        return list(self._newest.values())

    def next(self, at: datetime) -> Turned:
        """A transition of this moment, or the copy of one before."""
        outage, part = self._rng.choice(self._outages), self._rng.choice(PARTS)
        before = self._newest.get((outage.number, part))
        if before and not self._turns(before, at):
            return before
        state = "OK" if before and before.state == "ALARM" else "ALARM"
        turned = Turned(outage, part, state, at)
        self._newest[outage.number, part] = turned
        return turned

    def copy(self) -> Turned:
        """The copy of any alarm's newest transition."""
        return self._rng.choice(self.newest)

    def _turns(self, before: Turned, at: datetime) -> bool:
        is_time = at - before.at >= _NOT_BEFORE
        return is_time and before.part != _MAIN and self._rng.random() < _TURNS
