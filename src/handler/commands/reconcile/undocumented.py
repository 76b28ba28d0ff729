"""What is open for pairs whose document is bad or gone: it comes to its end all the same."""

import contextlib

from handler.errors import Conflict
from handler.failover.follow import follow
from handler.failover.ports import Ports
from handler.failover.results import Subject, about_run
from handler.failover.settle import watched
from handler.model.incident import Ending
from handler.model.result import Decision, Reason, Result
from handler.notifications.next_steps import correct_document


def settle_late(ports: Ports, disaster_recovery_id: str) -> Result | None:
    """What holds a pair that is configured no more, or badly, may be executed late as well."""
    record = ports.ledger.read(disaster_recovery_id)
    for run in watched(record, ports.clock()):
        followed = follow(ports, run)
        if followed.transitions != run.transitions:
            return about_run(followed)
    return None


def expire_incident(ports: Ports, disaster_recovery_id: str) -> Result | None:
    """An incident whose pair is configured no more, or badly, ends when its time is over."""
    record = ports.ledger.read(disaster_recovery_id)
    incident, now = record.open_incident, ports.clock()
    if incident is None or record.in_flight:
        return None
    subject = Subject(incident.pair, disaster_recovery_id, incident_id=incident.incident_id)
    steps = correct_document(incident.pair)
    why = f"the document of {incident.pair} is bad or gone: its incident cannot be pursued"
    bad, over = Reason("invalid_pair", why), Reason("retry_time_over", f"{why}; its time is over")
    result = subject.result(Decision.BLOCKED, bad, next_steps=steps)
    late = subject.result(Decision.BLOCKED, over, next_steps=steps)
    with contextlib.suppress(Conflict):
        if now <= incident.retry_until:
            return ports.outbox.record_refusal(result, ("invalid_pair",), record, incident)
        return ports.outbox.end_incident(incident, Ending.RETRY_TIME_OVER, late, record)
    return None
