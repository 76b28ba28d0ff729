"""What can arrive, once its envelope is off: an alarm's new state, or a command."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

NO_OUTAGE: Final = "NO_OUTAGE"


@dataclass(frozen=True)
class Alarm:
    """An alarm's change of state, or an event; `kind` names the bus that brought it.

    `state` is CloudWatch's, or `NO_OUTAGE` of an event that tells of none. `arn` is the alarm's, or
    its SMN topic's URN and its name. `resource` is what a rule over many speaks of now.
    `told_as` is what is told once a day if no pair lists it, where that is not the ARN.
    """

    kind: str
    name: str
    arn: str
    state: str
    previous_state: str | None
    occurred_at: datetime
    correlation_id: str | None = None
    message_id: str | None = None
    resource: str | None = None
    disaster_recovery_id: str | None = None
    told_as: str | None = None
    muted_by: str | None = None
    is_redelivered: bool = False

    @property
    def part(self) -> str:
        """What an incident knows it by: its ARN and resource."""
        return f"{self.arn} ({self.resource})" if self.resource else self.arn

    def carried_by(self, bus: str, correlation_id: str | None = None) -> "Alarm":
        """The alarm as the outermost bus brought it."""
        return replace(self, kind=bus, correlation_id=self.correlation_id or correlation_id)

    @property
    def is_transition(self) -> bool:
        """Whether the alarm has just turned."""
        return self.state == "ALARM" and self.previous_state != "ALARM"


CommandName = Literal[
    "failover", "rehearse", "verify", "acknowledge", "pause", "resume", "status", "reconcile"
]


@dataclass(frozen=True)
class Command:
    """A command with its fields, checked one by one but not yet against a pair."""

    command: CommandName
    pair: str | None = None
    disaster_recovery_id: str | None = None
    confirm: str | None = None
    reason: str | None = None
    requested_by: str | None = None
    requested_at: datetime | None = None
    override: tuple[str, ...] = ()
    request_id: str | None = None
    run_id: str | None = None
    evidence: str | None = None
    outage_began_at: datetime | None = None
    production_cluster_id: str | None = None
    until: datetime | None = None
    brief: bool = False


@dataclass(frozen=True)
class Batch:
    """A queue's records, as they came: each is read, answered and sent again by itself."""

    event: dict[str, Any]


Signals = tuple[Alarm, ...] | Command | Batch
