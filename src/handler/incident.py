"""An incident: a stored reason to act for a pair, kept until it has ended for a reason."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MAY_CHANGE_NEWS_AFTER: Final = timedelta(minutes=10)
REPEAT_NEWS_AFTER: Final = timedelta(hours=1)


class IncidentState(StrEnum):
    """Whether an incident is still a reason to act."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Incident:
    """The open incident of a pair: who called, since when, and what was last said about it."""

    incident_id: str
    pair: str
    disaster_recovery_id: str
    state: IncidentState
    kind: str
    name: str
    occurred_at: datetime
    opened_at: datetime
    revision: int = 0
    alarms: frozenset[str] = frozenset()
    told_at: datetime | None = None
    told_of: tuple[str, ...] = ()
    told_times: int = 0
    run_id: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None

    def has_news(self, refusing: tuple[str, ...], now: datetime) -> bool:
        """Whether a refusal is worth a notification.

        The first always is; another set of refusing gates after ten minutes; the same after an
        hour.
        """
        if self.told_at is None:
            return True
        silence = now - self.told_at
        changed = refusing != self.told_of and silence >= MAY_CHANGE_NEWS_AFTER
        return changed or silence >= REPEAT_NEWS_AFTER

    def decided(self, decision: str, reason: str, now: datetime) -> "Incident":
        """The incident with the last decision about it."""
        return replace(
            self, decision=decision, reason=reason, decided_at=now, revision=self.revision + 1
        )

    def told(self, refusing: tuple[str, ...], now: datetime) -> "Incident":
        """The incident after a notification about its refusing gates."""
        return replace(self, told_at=now, told_of=refusing, told_times=self.told_times + 1)

    def ended(self, because: str, now: datetime) -> "Incident":
        """The incident, no longer a reason to act."""
        return replace(
            self,
            state=IncidentState.ENDED,
            ended_at=now,
            ended_because=because,
            revision=self.revision + 1,
        )
