"""What of a pair's configuration cannot work, as its document or the provider shows. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from handler.commands.reconcile.finding import Finding, begin_of_day
from handler.commands.reconcile.zone import other_offset
from handler.gates.assess import Assessment
from handler.model.alarm_history import key_of
from handler.model.alarm_patterns import can_match
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.quoting import quoted
from handler.notifications.diagnosis import Diagnosis, diagnose, diagnose_part
from handler.notifications.next_steps import correct_document

# A pair that could never be read is rather badly configured than out of reach; one lost answer is
# neither.
_NEVER_READ_TIMES: Final = 2


def misconfigured(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Iterator[Finding]:
    """What people must correct, each fault once a day. An open incident tells why it is blocked."""
    situation = assessment.situation
    pair, once = situation.pair, f"{situation.pair.disaster_recovery_id}/misconfigured"
    today, day = begin_of_day(situation.now), f"{situation.now:%Y-%m-%d}"
    unread = _unreadable(record, observations, assessment)
    if unread and not record.open_incident:
        key = f"{once}-{day}/{key_of(unread.next_steps[0])}"
        yield Finding("misconfigured", unread.sentence, key, unread.next_steps, today)
    if zone := other_offset(pair, situation.evidence, record.observations.sight, situation.now):
        offset, why = zone
        steps = (
            f"provider_utc_offset: compare with the console; set it to {offset} if that is so",
            *correct_document(pair.name),
        )
        key = f"{once}-{day}/{key_of(f'zone {pair.provider_utc_offset}')}"
        yield Finding("misconfigured", why, key, steps, today)
    for setting, fault in impossible(pair, situation.evidence.detail).items():
        key = f"{once}-{day}/{key_of(setting)}"
        yield Finding("misconfigured", fault, key, correct_document(pair.name), today)


def is_misconfigured(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> bool:
    """Whether what keeps a pair from being read is told as that, and by no gate."""
    return _unreadable(record, observations, assessment) is not None


def _unreadable(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Diagnosis | None:
    """Why it cannot be read, if that does not pass by itself."""
    pair, evidence = assessment.situation.pair, assessment.situation.evidence
    found = diagnose(pair, evidence) or diagnose_part(pair, evidence)
    if found is None or found.is_lasting:
        return found
    is_new = record.pair_state.roles is None
    return found if is_new and observations.unreadable_times >= _NEVER_READ_TIMES else None


def impossible(pair: Pair, detail: DisasterRecovery | None) -> Mapping[str, str]:
    """What of a pair's document can never work, by the setting: what is measured may change."""
    found = {
        pattern: f"alarm pattern {quoted(pattern)} matches no name or ARN of a CloudWatch alarm"
        for pattern in pair.alarms
        if not can_match(pattern)
    }
    period_s = detail.sync_period_s if detail else None
    if period_s and pair.max_data_loss_s < period_s:
        said = f"max_data_loss_s is {pair.max_data_loss_s}"
        found[said] = (
            f"{said}, less than the {period_s} s between two synchronisations: most failovers would"
            " be refused"
        )
    return found
