"""Before an incident is pursued, what waits of its alarms is taken in: it may be the last one's OK.

Their pair's document was bad or gone when it came. Reconcile takes in once a minute what waits,
which is too late where an order may follow sooner.
"""

from dataclasses import replace

from handler.failover.incidents import take
from handler.failover.ports import Ports
from handler.failover.waiting import waiting_alarms
from handler.model.alarm_history import key_of
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord


def with_waiting(ports: Ports, pair: Pair, record: PairRecord) -> PairRecord:
    """What is stored of a pair, once what waits of its open incident's alarms is taken in.

    Raises:
        LedgerUnavailable: it cannot be taken in; nothing may be ordered on what is known without.
    """
    incident = record.open_incident
    if incident is None or not take_in(ports, pair, incident):
        return record
    return ports.ledger.read(pair.disaster_recovery_id)


def take_in(ports: Ports, pair: Pair, incident: Incident) -> bool:
    """Take in what waits of an open incident's alarms; whether there was anything.

    For this pair alone: it goes on waiting for whom else it is about, and for reconcile.

    Raises:
        LedgerUnavailable: it could not be stored.
    """
    alarms = [one.alarm for one in waiting_alarms(ports)]
    mine = [alarm for alarm in alarms if key_of(alarm.part) in incident.alarms]
    for alarm in mine:
        take(ports, replace(alarm, is_redelivered=True), pair)
    return bool(mine)
