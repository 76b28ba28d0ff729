"""What can arrive, once its envelope is off: an alarm's new state, or a command."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

NO_OUTAGE: Final = "NO_OUTAGE"


@dataclass(frozen=True)
class Alarm:
    """An alarm's change of state, or an event; `kind` names the bus that brought it.

    `state` is CloudWatch's, or `NO_OUTAGE` of an event that tells of none. `arn` is the alarm's, or
    its SMN topic's URN and its name. `resource` is what an alarm over many speaks of now: a
    contributor's id, or what SMN's rule names. `previous_state` is that part's, not the others'.
    `reported_as` is what is told once a day if no pair lists it, where that is not the ARN.
    `disaster_recovery_id` is what an event is about; `named_ids` are what one may be about that a
    text tells of, in which names hold ids as well.
    `is_hint` is of what a text alone tells of: it calls, but makes no single witness enough.
    `muted_by` says to people what silences its actions, and `muted_until` how long, if that is
    said; `was_muted` is of an ALARM that was silent until now.
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
    named_ids: tuple[str, ...] = ()
    is_hint: bool = False
    reported_as: str | None = None
    muted_by: str | None = None
    muted_until: datetime | None = None
    was_muted: bool = False
    is_redelivered: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of pairs that it speaks for, whatever they list; none if it names none."""
        return (self.disaster_recovery_id,) if self.disaster_recovery_id else self.named_ids

    @property
    def part(self) -> str:
        """What an incident knows it by: names alone are the same in two regions."""
        return f"{self.arn} ({self.resource})" if self.resource else self.arn

    def carried_by(
        self, bus: str, correlation_id: str | None = None, sent_at: datetime | None = None
    ) -> "Alarm":
        """The alarm as the outermost bus brought it."""
        at = self.occurred_at
        if self.was_muted and sent_at:  # its release is its transition, whenever it had turned
            at = max(at, sent_at)
        known = self.correlation_id or correlation_id
        return replace(self, kind=bus, correlation_id=known, occurred_at=at)

    @property
    def is_transition(self) -> bool:
        """Whether the alarm has just turned, or is heard for the first time since it has."""
        return self.state == "ALARM" and (self.previous_state != "ALARM" or self.was_muted)

    @property
    def trigger(self) -> "Trigger":
        """Who asks, where an alarm does."""
        return Trigger(kind=self.kind, name=self.name, occurred_at=self.occurred_at)


CommandName = Literal[
    "failover", "rehearse", "verify", "acknowledge", "pause", "resume", "status", "history",
    "report", "test_notice", "reconcile",
]  # fmt: skip
_ASKED_AT: Final = frozenset({"failover", "rehearse", "verify"})  # whose results say when


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
    paused_at: datetime | None = None
    code: str | None = None
    brief: bool = False
    scheduled_at: datetime | None = None
    limit: int = 20

    @property
    def trigger(self) -> "Trigger":
        """Who asks, where a person or a state machine does."""
        return Trigger(
            kind="command",
            name=self.command,
            occurred_at=self.requested_at if self.command in _ASKED_AT else None,
            requested_by=self.requested_by,
            reason=self.reason,
            is_confirmed=self.confirm is not None,
            override=frozenset(self.override),
            outage_began_at=self.outage_began_at,
            run_id=self.run_id,
        )


@dataclass(frozen=True)
class Batch:
    """A queue's records, as they came: each is read, answered and sent again by itself."""

    event: dict[str, Any]


Signals = tuple[Alarm, ...] | Command | Batch


@dataclass(frozen=True)
class Trigger:
    """Who is asking; `is_confirmed` means that a person has typed the pair's name.

    `run_id` is the run whose hold the override means. Where no alarm stands behind it, it
    `needs_two_words` of the witnesses.
    """

    kind: str
    name: str
    occurred_at: datetime | None = None
    requested_by: str | None = None
    reason: str | None = None
    is_confirmed: bool = False
    override: frozenset[str] = frozenset()
    outage_began_at: datetime | None = None
    run_id: str | None = None
    needs_two_words: bool = False

    @property
    def is_command(self) -> bool:
        """Whether a person or a state machine asks; then `occurred_at` is when they asked."""
        return self.kind == "command"
