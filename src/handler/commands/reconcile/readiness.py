"""Whether a pair could be failed over, and when people should hear that this changed. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.commands.reconcile.finding import Finding
from handler.commands.reconcile.misconfigured import is_misconfigured
from handler.gates.assess import Assessment
from handler.model.pair_state import Observations, PairRecord
from handler.model.times import isoformat
from handler.notifications.diagnosis import diagnose, diagnose_part
from handler.notifications.next_steps import status_command

# A new pair is armed only after a synchronisation of its own: nobody needs to hear of that. It
# takes three checks and a whole period, which is added.
NEW_FOR: Final = timedelta(hours=1)
# What the provider calls a period may be years: nobody would hear that the pair is of no use.
LONGEST_PERIOD: Final = timedelta(days=1)


UNREADABLE_TIMES: Final = 3  # one answer that was lost is no lost readiness


# A pair that flaps between two checks is told six times an hour at most.
READINESS_EVERY: Final = timedelta(minutes=10)


def remember_readiness(
    record: PairRecord,
    observations: Observations,
    assessment: Assessment,
    heard_since: datetime | None,
) -> tuple[Observations, Finding | None]:
    """What people must hear about readiness, if anything, and the health that remembers it.

    Nothing while an incident is open or a run holds: those are told by themselves. A passing
    failure to read must repeat, a new pair has an hour, and news are ten minutes apart. What else
    is in the way by now is news as well, and so is all of it, once somebody hears.
    """
    now, is_ready = assessment.situation.now, assessment.is_ready
    if not _is_news(record, observations, assessment, heard_since):
        return observations, None
    if is_ready and observations.is_ready is None:
        return replace(observations, is_ready=True), None
    found = _regained(assessment) if is_ready else _lost(assessment)
    told = set() if is_ready else {*observations.unready_gates, *_stuck(assessment)}
    noted = replace(observations, is_ready=is_ready, unready_gates=tuple(sorted(told)))
    return replace(noted, ready_notified_at=now), found


def _stuck(assessment: Assessment) -> set[str]:
    return {one.gate for one in assessment.stuck}


def _regained(assessment: Assessment) -> Finding:
    why = "every gate but those about an outage passes"
    steps = status_command(assessment.situation.pair.name)
    return Finding("readiness_regained", why, _once("readiness_regained", assessment), steps)


def _lost(assessment: Assessment) -> Finding:
    """Where nothing can be read, that is the reason, and none of the gates that could not look."""
    situation = assessment.situation
    once = _once("readiness_lost", assessment)
    if unread := diagnose(situation.pair, situation.evidence):
        return Finding("readiness_lost", unread.sentence, once, unread.next_steps)
    why = "; ".join(f"{verdict.gate}: {verdict.reason}" for verdict in assessment.stuck)
    if part := diagnose_part(situation.pair, situation.evidence):
        return Finding("readiness_lost", f"{part.sentence}; {why}", once, part.next_steps)
    return Finding("readiness_lost", why, once, status_command(situation.pair.name))


def _once(code: str, assessment: Assessment) -> str:
    id_, now = assessment.situation.pair.disaster_recovery_id, assessment.situation.now
    return f"{id_}/{code}-{isoformat(now)}"


def _is_news(
    record: PairRecord,
    observations: Observations,
    assessment: Assessment,
    heard_since: datetime | None,
) -> bool:
    """Whether readiness is another than people know, and may be told now."""
    if record.open_incident or record.holding or is_misconfigured(record, observations, assessment):
        return False
    notified_at, now = observations.ready_notified_at, assessment.situation.now
    is_unheard = bool(notified_at and heard_since and notified_at < heard_since)
    if notified_at and abs(now - notified_at) < READINESS_EVERY and not is_unheard:
        return False
    if assessment.is_ready:
        return observations.is_ready is not True
    is_told = observations.is_ready is False and not is_unheard
    if is_told and not _is_more(observations, assessment):
        return False
    return _is_lost(observations, assessment)


def _is_more(observations: Observations, assessment: Assessment) -> bool:
    """Whether something is in the way that was not, since readiness was lost.

    What goes and comes again is no news: a gate is told once until the pair has been ready.
    """
    told = set(observations.unready_gates)
    return bool(told) and not _stuck(assessment) <= told


def _is_lost(observations: Observations, assessment: Assessment) -> bool:
    """Whether not being ready is worth a word by now."""
    now, evidence = assessment.situation.now, assessment.situation.evidence
    if observations.is_ready is None:
        since, shown = observations.first_checked_at or now, evidence.shown
        period = timedelta(seconds=(shown.sync_period_s if shown else None) or 0)
        return now - since >= NEW_FOR + min(period, LONGEST_PERIOD)
    is_passing = any(fault.is_transient for fault in evidence.faults.values())
    return not is_passing or observations.unreadable_times >= UNREADABLE_TIMES
