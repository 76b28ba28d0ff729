"""How reconcile ends an incident: its run has succeeded, production is up, or its time is over."""

from datetime import datetime
from typing import Final

from handler.commands.reconcile.time_over import over_since
from handler.errors import Conflict, InvalidSettings, LedgerUnavailable
from handler.failover.attempt import trigger_of
from handler.failover.ignore import BELONGS_FOR
from handler.failover.ports import Ports
from handler.failover.pursue import tell_blocked
from handler.failover.results import Subject, about
from handler.model.incident import Ending, Incident
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run, RunState
from handler.model.times import isoformat
from handler.notifications.next_steps import rehearse_command

# One check may have met the cluster between two failures; five are minutes of a working production.
UP_TIMES: Final = 5


def is_up(observations: Observations, incident: Incident) -> bool:
    """Whether enough checks in a row have found production up since the newest alarm was heard.

    One may have joined since they were counted.
    """
    at = observations.up_counted_at
    return observations.up_times >= UP_TIMES and at is not None and at >= incident.heard_at


def end_up(ports: Ports, pair: Pair, incident: Incident, record: PairRecord) -> Result:
    """Production is up again, which nobody has to do anything about."""
    why = (
        f"production was up in {UP_TIMES} consecutive checks: use the planned switchover if needed"
    )
    over = _subject(pair, incident).result(
        Decision.IGNORED, Reason(Ending.PRODUCTION_UP.value, why)
    )
    return _end(ports, incident, Ending.PRODUCTION_UP, over, record)


def end_late(
    ports: Ports, pair: Pair, incident: Incident, record: PairRecord, until: datetime
) -> Result:
    """Its time is over: the next alarm opens an incident of its own."""
    last = f"; last {incident.decision}: {incident.reason}" if incident.decision else ""
    why = f"the incident was pursued until {isoformat(until)} (retry_for_s) and is over{last}"
    steps, subject = rehearse_command(pair.name), _subject(pair, incident)
    over = subject.result(Decision.BLOCKED, Reason("retry_time_over", why), next_steps=steps)
    return _end(ports, incident, Ending.RETRY_TIME_OVER, over, record)


def end_or_tell_blocked(
    ports: Ports, pair: Pair, record: PairRecord, err: InvalidSettings | LedgerUnavailable
) -> Result:
    """An incident that cannot be looked at ends in its time, and until then people hear of it.

    Raises:
        InvalidSettings, LedgerUnavailable: there is none.
    """
    incident = record.open_incident
    if incident is None or record.in_flight:
        raise err
    if until := over_since(ports, pair, record):
        return end_late(ports, pair, incident, record, until)
    return tell_blocked(ports, _subject(pair, incident), incident, pair, err)


def _end(
    ports: Ports, incident: Incident, because: Ending, over: Result, record: PairRecord
) -> Result:
    try:
        return ports.outbox.end_incident(incident, because, over, record)
    except Conflict:
        return over


def end_silently(ports: Ports, pair: Pair, incident: Incident, record: PairRecord) -> Result | None:
    """An incident that was opened while its outage's run succeeded; the run has told it."""
    ended = incident.ended(Ending.FAILED_OVER, ports.clock())
    try:
        ports.ledger.incidents.end(ended, record.pair_state, None)
    except Conflict:
        return None
    why = "the run of its outage has succeeded"
    return _subject(pair, incident).result(Decision.IGNORED, Reason(Ending.FAILED_OVER.value, why))


def is_over_with(run: Run | None, incident: Incident) -> bool:
    """Whether an incident is about what a run has ended: its alarms are from before."""
    if run is None or run.state is not RunState.SUCCEEDED or run.ended_at is None:
        return False
    is_before = incident.newest_alarm_at < run.ended_at + BELONGS_FOR
    return is_before and incident.opened_at <= run.ended_at


def _subject(pair: Pair, incident: Incident) -> Subject:
    return about(pair, trigger_of(incident), incident)
