"""A run: one attempt to fail over, with at most one request. Its states, and what may follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from handler.model.disaster_recovery import Roles
from handler.model.times import seconds


class RunState(StrEnum):
    """Where a run is; docs/reference.md, "A run"."""

    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    PROVIDER_REJECTED = "provider_rejected"
    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CLOSED = "closed"


class RunEvent(StrEnum):
    """What can become known of a run: by its answer, by reading the provider, by a person."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    DOUBTFUL = "doubtful"
    ABANDONED = "abandoned"
    SEEN_SWITCHING = "seen_switching"
    TOLD_BEGUN = "told_begun"
    SEEN_EXCHANGED = "seen_exchanged"
    TOLD_FAILED = "told_failed"
    SEEN_UNTOUCHED = "seen_untouched"
    ACKNOWLEDGED = "acknowledged"


_S, _E = RunState, RunEvent
_LATE: Final = {
    _E.SEEN_SWITCHING: _S.SUBMITTED,
    _E.TOLD_BEGUN: _S.SUBMITTED,
    _E.SEEN_EXCHANGED: _S.SUCCEEDED,
}
TRANSITIONS: Final[Mapping[RunState, Mapping[RunEvent, RunState]]] = {
    _S.SUBMITTING: {
        _E.ACCEPTED: _S.SUBMITTED,
        _E.REJECTED: _S.PROVIDER_REJECTED,
        _E.NOT_SENT: _S.NOT_STARTED,
        _E.DOUBTFUL: _S.UNKNOWN,
        _E.ABANDONED: _S.UNKNOWN,
    },
    _S.UNKNOWN: {
        **_LATE,
        _E.TOLD_FAILED: _S.FAILED,
        _E.SEEN_UNTOUCHED: _S.NOT_STARTED,
        _E.ACKNOWLEDGED: _S.CLOSED,
    },
    _S.SUBMITTED: {
        _E.SEEN_EXCHANGED: _S.SUCCEEDED,
        _E.TOLD_FAILED: _S.FAILED,
        _E.ACKNOWLEDGED: _S.CLOSED,
    },
    _S.NOT_STARTED: _LATE,
    _S.PROVIDER_REJECTED: _LATE,
    _S.FAILED: _LATE,
    _S.CLOSED: _LATE,
    _S.SUCCEEDED: {},
}
IN_FLIGHT: Final = frozenset({_S.SUBMITTING, _S.UNKNOWN, _S.SUBMITTED})
# The provider names no end to what it queues; a day of watching costs some reads a minute.
LATE_FOR: Final = timedelta(hours=24)
# The reason of a run that goes on after it was thought to be over.
EXECUTED_LATE: Final = "executed_late"
# Whose doing a change of roles is, by the answer that the request got.
_ATTRIBUTION: Final = {_E.ACCEPTED: "ours", _E.REJECTED: "other", _E.NOT_SENT: "other"}


@dataclass(frozen=True)
class Run:
    """One attempt, with all that is needed to settle it without its pair's document.

    Attributes:
        run_id: begins with the time of the claim, so that runs sort by it.
        pair: the pair's name when it was claimed.
        disaster_recovery_id: the pair's id.
        state: where it stands; changes by `after` alone.
        claimed_at: when the claim was made, before the request left.
        deadline_at: when its invocation must have ended.
        roles: those expected when it was claimed, before the switch.
        configuration: the pair's document at the claim, as plain values: it is settled with that.
        trigger: who asked, as results show it.
        evidence: the hash of what the gates rested on.
        revision: of the stored run, one more with each write.
        transitions: how often its state has changed; each change voids claims on the pair.
        role_words: the provider's word for each role before the order, by cluster id.
        outage_began_at: as assumed for the data loss; None if nothing tells.
        may_take_writes: whether production may have been up when it was decided: then nobody knows
            how much is lost at most.
        alarmed_at: when the alarm turned; None for a command.
        decided_at: when the gates passed.
        last_sync: the standby's newest synchronisation before the switch; None if not plausible.
        estimate_at_decision_s: seconds of data that the decision took to be lost; None if unknown.
        incident_id: the incident it was begun for; None if a command found none open.
        request_id: the command's own id; None if it gave none.
        answer: what the answer to the request meant; None if there was none to read.
        has_2xx: whether the provider answered 2xx, or something of which that cannot be told: then
            it is never inferred not to have started.
        reason_code: why it is in its state; None until the first transition.
        reason: the same as a sentence.
        provider_request_id: the provider's id of the request; None if the answer gave none.
        requested_at: when the request was handed to the network; None if unknown.
        answered_at: when its answer was read; None if there was none.
        seen_at: the last read that showed something of it; None before the first.
        switching_at: the first read that showed the pair switching; None if none has.
        exchanged_since: start of the present stretch of reads that show the roles exchanged.
        new_down_since: start of the present stretch of reads that show the roles exchanged and the
            new production down.
        untouched_since: start of the present stretch of reads that show nothing changed.
        untouched_reads: how many reads that stretch has.
        ended_at: when it was settled; None while in flight.
        acknowledged_at: when a person ended its hold; None while nobody has.
        acknowledged_by: who that was, as typed.
        acknowledged_because: the reason that they gave.
        overdue_at: when it was found unfinished after its deadline; None if it was not.
        notified_at: when people were last told about it; None if never.
        last_notified_as: what they were told it was.
        notification_count: reminders since, which number their notices.
        overridden: the gates that a person has overridden.
        ordered_because: the reason that a person gave; None for an alarm.
    """

    run_id: str
    pair: str
    disaster_recovery_id: str
    state: RunState
    claimed_at: datetime
    deadline_at: datetime
    roles: Roles
    configuration: Mapping[str, Any]
    trigger: Mapping[str, Any]
    evidence: str
    revision: int = 1
    transitions: int = 0
    role_words: Mapping[str, str] = field(default_factory=dict)
    outage_began_at: datetime | None = None
    may_take_writes: bool = False
    alarmed_at: datetime | None = None
    decided_at: datetime | None = None
    last_sync: datetime | None = None
    estimate_at_decision_s: int | None = None
    incident_id: str | None = None
    request_id: str | None = None
    answer: RunEvent | None = None
    has_2xx: bool = False
    reason_code: str | None = None
    reason: str | None = None
    provider_request_id: str | None = None
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    seen_at: datetime | None = None
    switching_at: datetime | None = None
    exchanged_since: datetime | None = None
    new_down_since: datetime | None = None
    untouched_since: datetime | None = None
    untouched_reads: int = 0
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_because: str | None = None
    overdue_at: datetime | None = None
    notified_at: datetime | None = None
    last_notified_as: str | None = None
    notification_count: int = 0
    overridden: tuple[str, ...] = ()
    ordered_because: str | None = None

    @property
    def is_in_flight(self) -> bool:
        """Whether its request may still be on its way or at work."""
        return self.state in IN_FLIGHT

    @property
    def never_started(self) -> bool:
        """Whether it is certain that this run started nothing: the incident may try again."""
        never_sent = self.state is RunState.NOT_STARTED and self.answer is RunEvent.NOT_SENT
        return never_sent or self.state is RunState.PROVIDER_REJECTED

    @property
    def holds_pair(self) -> bool:
        """Whether it was or may have been accepted, and no person has said that it is over."""
        return self.acknowledged_at is None and not self.never_started

    @property
    def attribution(self) -> str:
        """Whose doing it is if the pair is switched: reads prove that it was, not by whom."""
        return _ATTRIBUTION.get(self.answer, "unclear") if self.answer else "unclear"

    @property
    def estimated_data_loss_s(self) -> int | None:
        """Seconds of data written before the outage that the new production lacks."""
        return _span_s(self.last_sync, self.outage_began_at)

    @property
    def at_most_data_loss_s(self) -> int | None:
        """Seconds of data lost at most, had the old production been written to until the switch.

        None where it may not have been down at all: nothing fences it.
        """
        if self.may_take_writes:
            return None
        until = self.switching_at or self.exchanged_since or self.requested_at or self.claimed_at
        return _span_s(self.last_sync, until)

    @property
    def recovery_time_s(self) -> int | None:
        """The RTO as measured: from the outage's start until the roles were seen exchanged."""
        is_proved = self.state is RunState.SUCCEEDED
        return _span_s(self.outage_began_at, self.exchanged_since) if is_proved else None

    @property
    def may_show_until(self) -> datetime:
        """Until when its order, if it was taken, may still be executed."""
        return self.claimed_at + LATE_FOR

    @property
    def began_at(self) -> datetime:
        """When its request left, as far as that is known."""
        return self.requested_at or self.claimed_at

    def is_repeated_by(self, asked_at: datetime) -> bool:
        """Whether a command of then that bears this run's request id may be its own, sent again.

        Once a person has ended it, or its order can no longer come, another outage is meant: the
        run's end would be taken for the end of that.
        """
        is_over = self.acknowledged_at is not None and self.acknowledged_at < asked_at
        return not is_over and asked_at <= self.may_show_until

    def after(self, event: RunEvent, now: datetime, **changes: Any) -> "Run":
        """The run after a transition of the table; one that goes on again holds again.

        Raises:
            ValueError: the table has no such transition.
        """
        state = TRANSITIONS[self.state].get(event)
        if state is None:
            raise ValueError(f"a run that is {self.state} knows no {event}")
        is_in_flight = state in IN_FLIGHT
        code = event.value if self.is_in_flight or event is RunEvent.ACKNOWLEDGED else EXECUTED_LATE
        return replace(
            self,
            state=state,
            transitions=self.transitions + 1,
            ended_at=None if is_in_flight else now,
            acknowledged_at=now if event is RunEvent.ACKNOWLEDGED else None,
            acknowledged_by=None,
            acknowledged_because=None,
            overdue_at=self.overdue_at if is_in_flight else None,
            **{"reason_code": code, "notified_at": now, "last_notified_as": state.value, **changes},
        )

    def acknowledged(
        self, now: datetime, by: str | None = None, because: str | None = None
    ) -> "Run":
        """The run once a person has looked at it; an open one ends as closed."""
        run = self
        if run.state is RunState.SUBMITTING:
            run = run.after(RunEvent.ABANDONED, now)
        if run.is_in_flight:
            run = run.after(RunEvent.ACKNOWLEDGED, now, reason="a person has acknowledged it")
        return replace(run, acknowledged_at=now, acknowledged_by=by, acknowledged_because=because)

    def told(self, what: str, now: datetime) -> "Run":
        """The run after a reminder that it is still open."""
        return replace(
            self,
            notified_at=now,
            last_notified_as=what,
            notification_count=self.notification_count + 1,
        )


def _span_s(since: datetime | None, until: datetime | None) -> int | None:
    return max(0, seconds(until - since)) if since and until else None
