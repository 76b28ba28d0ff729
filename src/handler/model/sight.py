"""What the last close look at a pair has shown: kept for people who look without asking. Pure.

Nothing is decided by it. The gates judge evidence that was just read, never what is kept here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A healthy pair is looked at closely every ten minutes: after this, nobody has.
UNSEEN_AFTER: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Heard:
    """What one witness said about production.

    Attributes:
        witness: `cluster`, `probe` or `disaster recovery`.
        says: `up`, `down` or `silent`.
        text: the same as a sentence.
    """

    witness: str
    says: str
    text: str


@dataclass(frozen=True)
class Refusal:
    """A gate that stood in the way, and why."""

    gate: str
    reason: str


@dataclass(frozen=True)
class Sight:
    """A pair as it was seen.

    Attributes:
        at: when.
        last_sync: the standby's last synchronisation; None if it was not shown.
        witnesses: what each said.
        refusing: why it could not have been failed over, apart from that production was up; a
            gate each.
    """

    at: datetime
    last_sync: datetime | None
    witnesses: tuple[Heard, ...]
    refusing: tuple[Refusal, ...]

    def still_refusing(self, *, is_armed: bool) -> tuple[Refusal, ...]:
        """What was in the way, and may still be: a glance since may have armed the pair."""
        return tuple(one for one in self.refusing if one.gate != "armed" or not is_armed)
