"""What is open of a pair by the table alone, as far as it can be read: its document may be gone."""

from dataclasses import dataclass

from handler.errors import LedgerUnavailable
from handler.model.incident import Incident
from handler.model.pair_state import PairRecord
from handler.model.run import Run


@dataclass(frozen=True)
class Known:
    """What is open of a pair.

    Attributes:
        disaster_recovery_id: the pair's id.
        runs: those that hold it.
        incident: the open one; None if there is none.
        record: all that is current of it; None where that cannot be read.
        trouble: why it cannot.
    """

    disaster_recovery_id: str
    runs: tuple[Run, ...] = ()
    incident: Incident | None = None
    record: PairRecord | None = None
    trouble: LedgerUnavailable | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the pair was called, the present name first; its id where nothing tells."""
        open_ = [self.incident.pair] if self.incident else []
        found = (*open_, *(run.pair for run in self.runs))
        return tuple(dict.fromkeys(found)) or (self.disaster_recovery_id,)

    @property
    def is_open(self) -> bool:
        """Whether anything is open of it, or it cannot be told."""
        return bool(self.runs or self.incident or self.trouble)

    def is_of(self, name: str, disaster_recovery_id: str | None) -> bool:
        """Whether this is of a document with such a name or id: either may be what is bad."""
        return self.disaster_recovery_id == disaster_recovery_id or name in self.names
