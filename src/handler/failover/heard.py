"""Before an incident is pursued, what waits for its pair's document is taken in: maybe an OK.

The document was bad or gone when it came. Reconcile takes it in once a minute, which is too late
where an order may follow sooner.
"""

from handler.failover.ports import Ports
from handler.failover.waiting import take_up, waiting_alarms
from handler.model.alarm_history import PendingAlarm, key_of
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord


def with_waiting(ports: Ports, pair: Pair, record: PairRecord) -> PairRecord:
    """What is stored of a pair, once what waits for it or for its open incident is taken in.

    Raises:
        LedgerUnavailable: it cannot be taken in; nothing may be ordered on what is known without.
    """
    incident = record.open_incident
    if incident is None or not take_in(ports, pair, incident):
        return record
    return ports.ledger.read(pair.disaster_recovery_id)


def take_in(ports: Ports, pair: Pair, incident: Incident) -> bool:
    """Take in what waits for a pair or for its open incident; whether there was anything.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    mine = [one for one in waiting_alarms(ports) if _is_of(one, pair, incident)]
    if mine:
        pairs = ports.pairs()
        for one in mine:
            take_up(ports, one, pairs)
    return bool(mine)


def _is_of(waiting: PendingAlarm, pair: Pair, incident: Incident) -> bool:
    """By its name of then, or as a part of the incident, whatever the pair was called."""
    return waiting.pair == pair.name or key_of(waiting.alarm.part) in incident.alarms
