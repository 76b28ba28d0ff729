"""An incident: a stored reason to act for a pair, kept until it has ended for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from handler.model.run import Run

WAITING: Final = "waiting"  # what an incident refuses for that only has to last a little longer
DECIDE: Final = "decide"  # beside the gates: production is down, and nothing acts by itself
MOST_ALARMS: Final = 500  # keys of 16 characters: an item stays far below DynamoDB's 400 KB
# Longer than an assessment reads; one that was killed keeps the others waiting no longer.
ASSESSING_FOR: Final = timedelta(seconds=15)
# Seconds from a run that started nothing to the next try: a provider that throttles recovers, and
# one that rejects for good is not asked for ever.
TRY_AGAIN_AFTER_S: Final = (60, 120, 240, 300, 300, 300)
# A gate that goes to and fro must not send a notice a minute.
MAY_CHANGE_NEWS_AFTER: Final = timedelta(minutes=10)
# Whoever missed the first must not believe that it has passed.
REPEAT_NEWS_AFTER: Final = timedelta(hours=1)


class IncidentState(StrEnum):
    """Whether an incident is still a reason to act."""

    OPEN = "open"
    ENDED = "ended"


class Ending(StrEnum):
    """Why an incident is no longer a reason to act."""

    FAILED_OVER = "failed_over"
    ALARMS_OK = "alarms_ok"
    PRODUCTION_UP = "production_up"
    ACKNOWLEDGED = "acknowledged"
    RETRY_TIME_OVER = "retry_time_over"


TRANSITIONS: Final[Mapping[IncidentState, Mapping[Ending, IncidentState]]] = {
    IncidentState.OPEN: dict.fromkeys(Ending, IncidentState.ENDED),
    IncidentState.ENDED: {},
}
WATCH: Final = "watch"  # the kind of an incident that reconcile has opened by itself


@dataclass(frozen=True)
class Incident:
    """The open incident of a pair: who called, since when, and what was last said about it.

    Attributes:
        incident_id: begins with the time it was opened.
        pair: the pair's name.
        disaster_recovery_id: the pair's id.
        state: whether it is still a reason to act.
        kind: the bus that brought its first alarm, or `watch`.
        name: of that alarm.
        occurred_at: when that alarm turned.
        opened_at: when it was stored.
        retry_until: until when it is pursued at least; each alarm that joins moves it, and a pause
            prolongs it.
        revision: of decisions, one more with each; an incident goes on from its predecessor's.
        alarms: the keys of those in ALARM.
        joins: counts every change of that set, so that an end can depend on it.
        is_crowded: whether there were more alarms than the set takes.
        last_alarm_at: when the newest of the alarms that joined turned; None if none has.
        joined_at: when the newest of the alarms that joined was heard; None if none has.
        assessing_until: until then someone reads the evidence for it; None if nobody does.
        notified_at: when people were last told of a refusal; None if never.
        notified_gates: the refusing gates that they were told of, and whether they must decide.
        notification_count: how often they were told, which numbers the notices.
        decided_at: when it was last decided about; None before the first decision.
        decision: the last one.
        reason: its sentence.
        ended_at: when it ended; None while it is open.
        ended_because: why; None while it is open.
        acknowledged_by: who has ended it by acknowledging, as typed; None if it ended otherwise.
        acknowledged_because: the reason that they gave.
    """

    incident_id: str
    pair: str
    disaster_recovery_id: str
    state: IncidentState
    kind: str
    name: str
    occurred_at: datetime
    opened_at: datetime
    retry_until: datetime
    revision: int = 0
    alarms: frozenset[str] = frozenset()
    joins: int = 0
    is_crowded: bool = False
    last_alarm_at: datetime | None = None
    joined_at: datetime | None = None
    assessing_until: datetime | None = None
    notified_at: datetime | None = None
    notified_gates: tuple[str, ...] = ()
    notification_count: int = 0
    decided_at: datetime | None = None
    decision: str | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    ended_because: Ending | None = None
    acknowledged_by: str | None = None
    acknowledged_because: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still a reason to act."""
        return self.state is IncidentState.OPEN

    @property
    def needs_two_words(self) -> bool:
        """Whether no alarm stands behind it: then one witness alone is never enough."""
        return not self.alarms and not self.is_crowded

    @property
    def outlasts_alarms(self) -> bool:
        """Whether it goes on without any alarm that it knows of."""
        return self.kind == WATCH or self.is_crowded

    def is_assessed_at(self, now: datetime) -> bool:
        """Whether someone reads the evidence for it; nobody does so for longer than that."""
        until = self.assessing_until
        return until is not None and now < until <= now + 2 * ASSESSING_FOR

    def is_last(self, key: str) -> bool:
        """Whether nothing is left of it once this alarm is OK."""
        return self.alarms == {key} and not self.outlasts_alarms

    @property
    def newest_alarm_at(self) -> datetime:
        """When the newest of its alarms turned."""
        return max(self.occurred_at, self.last_alarm_at or self.occurred_at)

    @property
    def heard_at(self) -> datetime:
        """When the newest of its alarms was heard: what was seen before is no answer to it."""
        return max(self.opened_at, self.joined_at or self.opened_at)

    def has_news(self, refusing: tuple[str, ...], now: datetime) -> bool:
        """Whether a refusal is worth a notification.

        The first always is, what it has come to when waiting is over, and that a person must decide
        now; another set of refusing gates after ten minutes; the same after an hour.
        """
        is_over = WAITING in self.notified_gates and WAITING not in refusing
        is_grave = DECIDE in refusing and DECIDE not in self.notified_gates
        if self.notified_at is None or is_over or is_grave:
            return True
        silence = abs(now - self.notified_at)  # a time far ahead is none that was told at
        changed = refusing != self.notified_gates and silence >= MAY_CHANGE_NEWS_AFTER
        return changed or silence >= REPEAT_NEWS_AFTER

    def decided(self, decision: str, reason: str, now: datetime) -> "Incident":
        """The incident with the last decision about it."""
        return replace(
            self, decision=decision, reason=reason, decided_at=now, revision=self.revision + 1
        )

    def told(self, refusing: tuple[str, ...], now: datetime) -> "Incident":
        """The incident after a notification about its refusing gates."""
        return replace(
            self,
            notified_at=now,
            notified_gates=refusing,
            notification_count=self.notification_count + 1,
        )

    def ended(self, because: Ending, now: datetime) -> "Incident":
        """The incident, no longer a reason to act.

        Raises:
            ValueError: it has ended before.
        """
        state = TRANSITIONS[self.state].get(because)
        if state is None:
            raise ValueError(f"an incident that is {self.state} knows no {because}")
        return replace(
            self, state=state, ended_at=now, ended_because=because, revision=self.revision + 1
        )

    def is_about(self, run: Run | None) -> bool:
        """Whether a run was begun for this incident."""
        return run is not None and run.incident_id == self.incident_id


@dataclass(frozen=True)
class LastIncident:
    """A pair's incident as read, which a change may rest on; None if there was none."""

    incident: Incident | None

    @property
    def open(self) -> Incident | None:
        """It, if it is still a reason to act."""
        return self.incident if self.incident and self.incident.is_open else None


def next_try(incident: Incident, runs: tuple[Run, ...]) -> datetime | None:
    """When an incident whose runs started nothing may try again; None if never by itself.

    Args:
        incident: the open one.
        runs: of its pair, the newest first; the newest is the incident's and came to nothing.
    """
    tries = [run for run in runs if incident.is_about(run)]
    if len(tries) > len(TRY_AGAIN_AFTER_S):
        return None
    ended_at = tries[0].ended_at or tries[0].claimed_at
    return ended_at + timedelta(seconds=TRY_AGAIN_AFTER_S[len(tries) - 1])
