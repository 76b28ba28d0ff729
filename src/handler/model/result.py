"""The result of an event, as callers, subscribers and state machines read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from handler.model.codec import to_plain
from handler.model.disaster_recovery import Roles

Steps = tuple[str, ...]
# In a step's sentence: what follows is only for whoever sends the JSON. failoverctl asks instead.
IN_JSON: Final = "; in the JSON, "


def is_command(step: str) -> bool:
    """Whether a step is a command; the one before it says what it does."""
    return step.startswith("{")


SCHEMA: Final = "dws-failover/1"


class Decision(StrEnum):
    """What was decided, or what became of it."""

    SUBMITTED = "submitted"
    REFUSED = "refused"
    BLOCKED = "blocked"
    REHEARSED = "rehearsed"
    DUPLICATE = "duplicate"
    PROVIDER_REJECTED = "provider_rejected"
    UNKNOWN = "unknown"
    IGNORED = "ignored"
    NO_RUN = "no_run"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    PAUSED = "paused"
    RESUMED = "resumed"
    STATUS = "status"
    RECONCILED = "reconciled"
    TESTED = "tested"


@dataclass(frozen=True)
class Reason:
    """Why something was decided: a code for machines, a sentence for people."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Result:
    """One result; absent figures are None and leave as null."""

    decision: Decision
    reason_code: str
    reason: str
    command: str | None = None
    retryable: bool = False
    pair: str | None = None
    disaster_recovery_id: str | None = None
    incident_id: str | None = None
    run_id: str | None = None
    trigger: Mapping[str, Any] | None = None
    gates: tuple[Mapping[str, Any], ...] = ()
    evidence: str | None = None
    estimated_data_loss_s: int | None = None
    at_most_data_loss_s: int | None = None
    roles: Roles | None = None
    attribution: str | None = None
    provider_request_id: str | None = None
    timings: Mapping[str, str | int] = field(default_factory=dict)
    next_steps: tuple[str, ...] = ()
    notified: bool = False

    def as_json(self) -> dict[str, Any]:
        """The result as plain JSON, every field there."""
        values = {one.name: to_plain(getattr(self, one.name)) for one in fields(self)}
        return {"schema": SCHEMA, **values}

    def as_brief_json(self) -> dict[str, Any]:
        """The result as plain JSON, without what it does not say."""
        return {
            name: value for name, value in self.as_json().items() if value not in (None, [], {})
        }
