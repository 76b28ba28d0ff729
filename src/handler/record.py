"""What the ledger holds about a pair, and what of it is open."""

from dataclasses import dataclass

from handler.incident import Incident
from handler.run import Run
from handler.standing import Health, Standing


@dataclass(frozen=True)
class Record:
    """What the ledger holds about one pair now; `runs` are its newest, the last one first."""

    standing: Standing
    incident: Incident | None
    health: Health
    runs: tuple[Run, ...]

    @property
    def run(self) -> Run | None:
        """The last run."""
        return self.runs[0] if self.runs else None

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        return self.incident if self.incident and self.incident.is_open else None


@dataclass(frozen=True)
class Work:
    """What is open of one pair: ids of runs in flight, of incidents, of notices not published."""

    disaster_recovery_id: str
    runs: frozenset[str] = frozenset()
    incidents: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
