"""A run: one attempt to fail over, with at most one request. Its states, and what may follow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from handler.dws.models import Roles


class RunState(StrEnum):
    """Where a run stands (contract §7)."""

    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    PROVIDER_REJECTED = "provider_rejected"
    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CLOSED = "closed"


_S: Final = RunState
TRANSITIONS: Final[Mapping[RunState, frozenset[RunState]]] = {
    _S.SUBMITTING: frozenset({_S.NOT_STARTED, _S.SUBMITTED, _S.PROVIDER_REJECTED, _S.UNKNOWN}),
    _S.UNKNOWN: frozenset({_S.SUBMITTED, _S.SUCCEEDED, _S.FAILED, _S.NOT_STARTED, _S.CLOSED}),
    _S.SUBMITTED: frozenset({_S.SUCCEEDED, _S.FAILED, _S.CLOSED}),
    _S.NOT_STARTED: frozenset({_S.SUBMITTED, _S.SUCCEEDED}),
    _S.PROVIDER_REJECTED: frozenset({_S.SUBMITTED, _S.SUCCEEDED}),
    _S.FAILED: frozenset({_S.SUBMITTED, _S.SUCCEEDED}),
    _S.CLOSED: frozenset({_S.SUBMITTED, _S.SUCCEEDED}),
    _S.SUCCEEDED: frozenset(),
}
IN_FLIGHT: Final = frozenset({_S.SUBMITTING, _S.UNKNOWN, _S.SUBMITTED})


@dataclass(frozen=True)
class Run:
    """One attempt, with all that is needed to settle it without its pair's document."""

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
    outage_began_at: datetime | None = None
    last_sync: datetime | None = None
    estimated_data_loss_s: int | None = None
    at_most_data_loss_s: int | None = None
    incident_id: str | None = None
    request_id: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    proved: bool = False
    provider_request_id: str | None = None
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    overridden: tuple[str, ...] = ()
    ordered_because: str | None = None

    @property
    def is_in_flight(self) -> bool:
        """Whether its request may still be on its way or at work."""
        return self.state in IN_FLIGHT

    @property
    def holds(self) -> bool:
        """Whether it was or may have been accepted, and no person has said that it is over."""
        if self.acknowledged_at is not None:
            return False
        never_sent = self.state is RunState.NOT_STARTED and self.proved
        return not never_sent and self.state is not RunState.PROVIDER_REJECTED

    def became(self, state: RunState, now: datetime, **changes: Any) -> "Run":
        """The run after a transition of the table.

        Raises:
            ValueError: the table has no such transition.
        """
        if state not in TRANSITIONS[self.state]:
            raise ValueError(f"a run does not go from {self.state} to {state}")
        ended_at = None if state in IN_FLIGHT else now
        return replace(self, state=state, ended_at=ended_at, **changes)
