"""What the ledger holds about a pair, and what of it is open."""

from dataclasses import dataclass

from handler.incident import Incident
from handler.run import Run
from handler.standing import Health, Standing


@dataclass(frozen=True)
class Record:
    """What the ledger holds about one pair now.

    `runs` are its newest, the last one first; `held` are all that hold it, however old they are.
    """

    standing: Standing
    incident: Incident | None
    health: Health
    runs: tuple[Run, ...]
    held: tuple[Run, ...] = ()

    @property
    def run(self) -> Run | None:
        """The last run."""
        return self.runs[0] if self.runs else None

    @property
    def holding(self) -> frozenset[str]:
        """The ids of all runs that hold the pair: by its own word, and by theirs."""
        return self.standing.holding | {run.run_id for run in self.held}

    @property
    def in_flight(self) -> Run | None:
        """The run that is not settled yet; an old one that shows late may be one, too."""
        return next((run for run in (*self.runs[:1], *self.held) if run.is_in_flight), None)

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        return self.incident if self.incident and self.incident.is_open else None


@dataclass(frozen=True)
class Work:
    """What is open of one pair, by id.

    Runs in flight, runs that hold it, incidents, notices that are not published.
    """

    disaster_recovery_id: str
    runs: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    incidents: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
