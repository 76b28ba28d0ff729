"""Reads what is open of a pair, as far as it can be read: its document may be gone."""

from handler.aws.ledger import Ledger
from handler.errors import LedgerUnavailable
from handler.model.incident import Incident
from handler.model.known import Known
from handler.model.pair_state import OpenItems
from handler.model.run import Run


def known_of(ledger: Ledger, one: OpenItems) -> Known:
    """What is known of what is open of a pair: a damaged item must not hide the others."""
    id_ = one.disaster_recovery_id
    try:
        record = ledger.read(id_)
    except LedgerUnavailable as err:
        return Known(id_, _runs(ledger, one), _incident(ledger, id_), trouble=err)
    return Known(id_, record.held, record.open_incident, record)


def _runs(ledger: Ledger, one: OpenItems) -> tuple[Run, ...]:
    try:
        found = ledger.past.named(one.disaster_recovery_id, one.held)
    except LedgerUnavailable:
        return ()
    return tuple(run for run in found if isinstance(run, Run))


def _incident(ledger: Ledger, disaster_recovery_id: str) -> Incident | None:
    try:
        return ledger.incidents.last(disaster_recovery_id).open
    except LedgerUnavailable:
        return None
