"""What a look has shown of an outage is stored, whatever others store at the same moment."""

from typing import Final

from handler.aws.telemetry import logger
from handler.errors import Conflict
from handler.failover.ports import Ports
from handler.gates.witnesses import counted_anew, remember_outage
from handler.model.evidence import Evidence
from handler.model.pair import Pair
from handler.model.pair_state import Observations

_TRIES: Final = 3


def note_outage(
    ports: Ports, pair: Pair, evidence: Evidence, observations: Observations | None = None
) -> None:
    """Store since when production is down, or that it is not, unless a newer look says more.

    That it was up must not be lost to an older look that was stored a moment before.

    Args:
        ports: what it is stored with.
        pair: whose outage.
        evidence: the look.
        observations: with it, on top of what was read; None where something else is stored by now.

    Raises:
        LedgerUnavailable: it cannot be stored.
    """
    id_ = pair.disaster_recovery_id
    for _ in range(_TRIES):
        if observations is None:
            record = ports.ledger.read(id_)
            known = counted_anew(record.observations, record.incident)
            observations = remember_outage(known, evidence)
            if observations == record.observations:
                return
        try:
            ports.ledger.save_observations(id_, observations)
        except Conflict:
            observations = None
        else:
            return
    logger.info("observations were noted by someone else", pair=pair.name)
