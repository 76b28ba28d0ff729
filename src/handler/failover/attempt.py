"""One attempt to fail a pair over: who asks, and what it stands and falls with."""

from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.signals import Trigger


@dataclass(frozen=True)
class Attempt:
    """One attempt to fail a pair over.

    Attributes:
        pair: by its document of when it is read last.
        trigger: who asks.
        incident_id: the incident that is pursued; where it has ended, there is no reason to act.
        request_id: a command's, which finds the run that it has made.
        relies_on: the hash of the evidence that a person has seen and approved.
    """

    pair: Pair
    trigger: Trigger
    incident_id: str | None = None
    request_id: str | None = None
    relies_on: str | None = None

    def incident_in(self, record: PairRecord) -> Incident | None:
        """The open incident, if this attempt is made for one: a command pursues none."""
        return record.open_incident if self.incident_id else None

    def as_of(self, record: PairRecord) -> "Attempt":
        """This attempt by the incident's alarms of now.

        Where none is left, one witness is not enough any more: how many it takes must not be older
        than the evidence.
        """
        incident = self.incident_in(record)
        if incident is None:
            return self
        return replace(
            self, trigger=replace(self.trigger, needs_two_words=incident.needs_two_words)
        )

    def has_lost_its_incident(self, record: PairRecord) -> bool:
        """Whether the incident that is pursued has ended, or another one is open by now."""
        incident = record.open_incident
        is_open = incident is not None and incident.incident_id == self.incident_id
        return self.incident_id is not None and not is_open

    def is_approved_on(self, evidence: str) -> bool:
        """Whether what is found is still what a person has approved, if one had to."""
        return self.relies_on in (None, evidence)


@dataclass(frozen=True)
class Stored:
    """What is stored of a pair, and when it was read."""

    record: PairRecord
    read_at: datetime


def trigger_of(incident: Incident) -> Trigger:
    """Who asks, where an incident is pursued: what has opened it."""
    return Trigger(
        incident.kind,
        incident.name,
        incident.occurred_at,
        needs_two_words=incident.needs_two_words,
    )


def new_id(now: datetime) -> str:
    """An id that sorts by time and reads as one: `20260115T083000123Z-1f2e3d4c`."""
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-{token_hex(4)}"
