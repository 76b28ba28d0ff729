"""What can arrive, once its envelope is off: an alarm's new state, or a command."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm's change of state; `kind` names the bus that brought it."""

    kind: str
    name: str
    arn: str
    state: str
    previous_state: str | None
    occurred_at: datetime
    correlation_id: str | None = None

    @property
    def is_transition(self) -> bool:
        """Whether the alarm has just turned."""
        return self.state == "ALARM" and self.previous_state != "ALARM"


@dataclass(frozen=True)
class Command:
    """A command with its fields, checked one by one but not yet against a pair."""

    command: str
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
