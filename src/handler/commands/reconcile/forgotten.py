"""What is open of a pair by its own items, and is not named among its open items, is named again.

Reconcile follows what the open items name. Where that item was lost or damaged, an order on its way
would be followed by nobody, in silence: the pair's own items know of it all the same.
"""

import contextlib
from collections.abc import Iterator

from handler.aws.telemetry import logger
from handler.errors import Conflict
from handler.failover.ports import Ports
from handler.model.pair_state import OpenItems, PairRecord


def name_again(ports: Ports, named: OpenItems, record: PairRecord | None = None) -> None:
    """Name again what is open of a pair; the next reconcile follows it.

    Args:
        ports: what it is stored with.
        named: what is named of the pair.
        record: what is known of it, if it has been read.

    Raises:
        LedgerUnavailable: it cannot be read or stored.
    """
    id_ = named.disaster_recovery_id
    record = record or ports.ledger.read(id_)
    forgotten = dict(_forgotten(record, named))
    if not forgotten:
        return
    with contextlib.suppress(Conflict):  # it has come to an end, or goes on: seen in a minute
        ports.ledger.name_open(id_, record, forgotten)
        logger.warning("open items named again", subject=id_, item=sorted(forgotten))


def _forgotten(record: PairRecord, named: OpenItems) -> Iterator[tuple[str, set[str]]]:
    """By field of the open items; what was opened since those were read may be among them."""
    runs = {run.run_id for run in record.held if run.is_in_flight}
    incidents = {record.open_incident.incident_id} if record.open_incident else set()
    found = {
        "runs": runs - named.runs,
        "held": set(record.holding) - named.held,
        "incidents": incidents - named.incidents,
    }
    yield from ((name, ids) for name, ids in found.items() if ids)
