"""Whether a pair could be failed over, and when people should hear that this changed. Pure."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from handler.commands.reconcile.findings import Finding
from handler.gates.assess import Assessment
from handler.model.pair_state import Observations, PairRecord
from handler.model.times import isoformat
from handler.notifications.next_steps import status_command

# A new pair is armed only after a synchronisation of its own: nobody needs to hear of that.
NEW_FOR: Final = timedelta(hours=1)


UNREADABLE_TIMES: Final = 3  # one answer that was lost is no lost readiness


# A pair that flaps between two checks is told six times an hour at most.
READINESS_EVERY: Final = timedelta(minutes=10)


def remember_readiness(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> tuple[Observations, Finding | None]:
    """What people must hear about readiness, if anything, and the health that remembers it.

    Nothing while an incident is open or a run holds: those are told by themselves. A passing
    failure to read must repeat, a new pair has an hour, and news are ten minutes apart.
    """
    now, is_ready = assessment.situation.now, assessment.is_ready
    if not _is_news(record, observations, assessment):
        return observations, None
    if is_ready and observations.is_ready is None:
        return replace(observations, is_ready=True), None
    stuck = [one for one in assessment.refusing if one.gate != "production_down"]
    lost = "; ".join(f"{verdict.gate}: {verdict.reason}" for verdict in stuck)
    code = "readiness_regained" if is_ready else "readiness_lost"
    why = "every gate but those about an outage passes" if is_ready else lost
    pair = assessment.situation.pair
    once = f"{pair.disaster_recovery_id}/{code}-{isoformat(now)}"
    found = Finding(code, why, once, status_command(pair.name))
    return replace(observations, is_ready=is_ready, ready_notified_at=now), found


def _is_news(record: PairRecord, observations: Observations, assessment: Assessment) -> bool:
    """Whether readiness is another than people know, and may be told now."""
    if record.open_incident or record.holding:
        return False
    if observations.is_ready == assessment.is_ready:
        return False
    notified_at, now = observations.ready_notified_at, assessment.situation.now
    if notified_at and abs(now - notified_at) < READINESS_EVERY:
        return False
    return assessment.is_ready or _is_lost(observations, assessment)


def _is_lost(observations: Observations, assessment: Assessment) -> bool:
    """Whether not being ready is worth a word by now."""
    now, evidence = assessment.situation.now, assessment.situation.evidence
    if observations.is_ready is None:
        since = observations.first_checked_at or now
        return now - since >= NEW_FOR
    is_passing = any(fault.is_transient for fault in evidence.faults.values())
    return not is_passing or observations.unreadable_times >= UNREADABLE_TIMES
