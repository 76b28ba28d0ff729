"""How a pair stands, in one line and then the facts. No side effect."""

from dataclasses import replace

from handler.failover import Failover
from handler.gates import Assessment, assess, last_sync
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about, assessed, of_run
from handler.pair import Pair
from handler.record import Record
from handler.situation import Trigger
from handler.times import isoformat, seconds


def status_of(pair: Pair, ledger: Ledger, failover: Failover) -> Result:
    """Look at a pair as a confirmed command would.

    Raises:
        LedgerUnavailable, InvalidSettings: it cannot be looked at.
    """
    trigger = Trigger(kind="command", name="status", is_confirmed=True)
    record = ledger.read(pair.disaster_recovery_id)
    assessment = assess(failover.look(pair, trigger, record, note=False))
    code, line = _line(assessment)
    result = Result(
        Decision.STATUS,
        code,
        ". ".join([line, *_facts(assessment, record)]),
        **about(pair, trigger, record.open_incident),
    )
    result = assessed(result, assessment)
    return of_run(result, record.run) if record.run else result


def brief_of(pair: Pair, ledger: Ledger) -> Result:
    """What is stored of a pair's last run; the provider is not asked.

    Raises:
        LedgerUnavailable: it cannot be read.
    """
    run = ledger.read(pair.disaster_recovery_id).run
    line = f"{pair.name} is in mode {pair.mode}"
    result = Result(
        Decision.STATUS,
        "brief",
        f"{line}; last run {run.run_id}: {run.state}" if run else line,
        pair=pair.name,
        disaster_recovery_id=pair.disaster_recovery_id,
    )
    return replace(result, run_id=run.run_id) if run else result


def _line(assessment: Assessment) -> tuple[str, str]:
    refusing = {verdict.gate: verdict for verdict in assessment.refusing}
    if "pause" in refusing:
        return "paused", f"PAUSED until {refusing['pause'].measured}"
    if "hold" in refusing:
        return "held", f"HELD by run {refusing['hold'].measured}"
    if assessment.is_ready:
        return "ready", "READY"
    because = "; ".join(
        f"{verdict.gate}: {verdict.reason}"
        for verdict in assessment.refusing
        if verdict.gate != "production_down"
    )
    return "not_ready", f"NOT READY because {because}"


def _facts(assessment: Assessment, record: Record) -> list[str]:
    situation = assessment.situation
    roles, sync = record.standing.roles, last_sync(situation)
    incident, run = record.open_incident, record.run
    age = f"{seconds(situation.now - sync)} s old" if sync else "of unknown age"
    facts = [
        f"Production is {roles.production_cluster_id}, standby {roles.standby_cluster_id}"
        if roles
        else "The roles are not known yet",
        f"The standby's data is {age}",
    ]
    if incident:
        said = f", last {incident.decision}: {incident.reason}" if incident.decision else ""
        facts.append(f"Incident since {isoformat(incident.opened_at)}{said}")
    if run:
        facts.append(f"Last run {run.run_id}: {run.state}")
    return facts


def rows(pairs, status, *, is_brief=False):  # type: ignore[no-untyped-def]
    return tuple(status(pair) for pair in pairs.good)
