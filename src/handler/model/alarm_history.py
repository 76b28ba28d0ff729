"""What was last heard of an alarm: buses deliver late, twice and in any order."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from handler.model.signals import Alarm

# Longer than any event is young (`max_event_age_s`), any pause and any mute that one forgets: a
# copy that comes after it was forgotten would count anew.
REMEMBERED_FOR: Final = timedelta(days=30)
# CloudWatch, API reference, "Schedule": a mute rule's window lasts for 15 days at most (P15D). An
# alarm that says more of itself, or no end as where another alarm suppresses it, must not be silent
# for ever: it may have been deleted since, which no bus tells.
LONGEST_MUTE: Final = timedelta(days=15)


def key_of(part: str) -> str:
    """What sets of alarms hold in place of an alarm's ARN, which may be long."""
    return sha256(part.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LastTransition:
    """The newest transition of one part of a pair: of an alarm, or of what it watches.

    Attributes:
        part: the alarm's ARN with the contributor or resource.
        name: the alarm's.
        state: what it turned to.
        at: when it turned.
        arn: the alarm's, without more.
        resource: the contributor or resource; None where the alarm watches one thing.
        muted_by: what keeps it from acting; None if nothing does.
        muted_until: when that ends, as the alarm says; None if it does not.
        message_id: of the message that brought it; None where buses tell of none.
        revision: of the stored one; 0 where nothing is stored yet; None where that has not been
            read, and what is stored is replaced if this one is newer.
    """

    part: str
    name: str
    state: str
    at: datetime
    arn: str = ""
    resource: str | None = None
    muted_by: str | None = None
    muted_until: datetime | None = None
    message_id: str | None = None
    revision: int | None = 0

    @property
    def is_muted(self) -> bool:
        """Whether it is in ALARM and must not act."""
        return self.state == "ALARM" and self.muted_by is not None

    @property
    def mute_ends_at(self) -> datetime | None:
        """When its mute ends; no later than one can, whatever the alarm or the table says."""
        latest = self.at + LONGEST_MUTE
        return min(self.muted_until or latest, latest) if self.is_muted else None

    def is_mute_over(self, now: datetime) -> bool:
        """Whether its mute has ended by itself."""
        return self.mute_ends_at is not None and now >= self.mute_ends_at

    def is_superseded_by(self, state: str, at: datetime) -> bool:
        """Whether that is newer. Of one moment an ALARM wins: none may be lost."""
        return at > self.at or (at == self.at and state == "ALARM" and self.state != "ALARM")

    def is_same(self, state: str, at: datetime) -> bool:
        """Whether this very transition has come before."""
        return (state, at) == (self.state, self.at)


@dataclass(frozen=True)
class PendingAlarm:
    """An alarm of a pair whose document is bad: it is taken up once that is good.

    Attributes:
        pair: the name of the bad document.
        alarm: as it came.
        stored_as: its item's key, once it is stored; what is read of it may not be all of it.
    """

    pair: str
    alarm: Alarm
    stored_as: str | None = field(default=None, compare=False)
