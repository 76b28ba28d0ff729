"""What is open for pairs whose document is bad or gone: it comes to its end all the same."""

import contextlib

from handler.commands.reconcile.findings import old_production_back, remember_old_production
from handler.commands.reconcile.look import look_closely
from handler.commands.reconcile.one_pair import TRIGGER
from handler.commands.reconcile.time_over import over_since
from handler.errors import Conflict
from handler.failover.follow import follow, pair_of
from handler.failover.ports import Ports
from handler.failover.results import Subject, about, about_run
from handler.failover.settle import watched
from handler.model.incident import Ending
from handler.model.result import Decision, Reason, Result
from handler.model.run import RunState
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
    incident = record.open_incident
    if incident is None or record.in_flight:
        return None
    subject = Subject(incident.pair, disaster_recovery_id, incident_id=incident.incident_id)
    steps = correct_document(incident.pair)
    why = f"the document of {incident.pair} is bad or gone: its incident cannot be pursued"
    bad, over = Reason("invalid_pair", why), Reason("retry_time_over", f"{why}; its time is over")
    result = subject.result(Decision.BLOCKED, bad, next_steps=steps)
    late = subject.result(Decision.BLOCKED, over, next_steps=steps)
    with contextlib.suppress(Conflict):
        if over_since(ports, None, record):
            return ports.outbox.end_incident(incident, Ending.RETRY_TIME_OVER, late, record)
        return ports.outbox.record_refusal(result, ("invalid_pair",), record, incident)
    return None


def watch_old_production(ports: Ports, disaster_recovery_id: str) -> Result | None:
    """Whether what was production before the last failover is back, by that run's own snapshot.

    Two writers are possible then, whatever has become of the document.
    """
    record = ports.ledger.read(disaster_recovery_id)
    run = record.run
    if run is None or run.state is not RunState.SUCCEEDED:
        return None
    pair = pair_of(run)
    seen, before = look_closely(ports, pair, record), record.observations
    observations = remember_old_production(record, before, seen.evidence, seen.old_probe)
    if observations != before:
        try:
            ports.ledger.save_observations(disaster_recovery_id, observations)
        except Conflict:
            return None  # since when it is back makes it news, and that has not been stored
    for finding in old_production_back(record, observations, seen.evidence, seen.old_probe):
        why = Reason(finding.code, finding.sentence)
        told = about(pair, TRIGGER).result(
            Decision.RECONCILED, why, roles=record.roles_now, next_steps=finding.next_steps
        )
        notice_id = finding.once(ports.heard_since())
        return ports.outbox.notify(told, notice_id, can_wait=True)
    return None
