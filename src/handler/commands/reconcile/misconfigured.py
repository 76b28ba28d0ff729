"""What of a pair's configuration cannot work, as its document or the provider shows. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handler.commands.reconcile.finding import Finding, begin_of_day, daily, still
from handler.commands.reconcile.zone import other_offset
from handler.gates.assess import Assessment
from handler.model.alarm_history import key_of
from handler.model.alarm_patterns import can_match
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.evidence import Cause
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.quoting import quoted
from handler.notifications.diagnosis import Diagnosis, diagnose, diagnose_part
from handler.notifications.next_steps import correct_document

# A pair that could never be read is rather badly configured than out of reach; one lost answer is
# neither.
_NEVER_READ_TIMES: Final = 2


@dataclass(frozen=True)
class Fault:
    """Something that people must correct: by what it is the same as before, and what it is."""

    key: str
    sentence: str
    next_steps: tuple[str, ...]


def remember_faults(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Observations:
    """Note since when each fault is there: one that was mended is news when it comes back."""
    now = assessment.situation.now
    found = {one.key for one in _faults(record, observations, assessment)}
    unseen = _not_to_be_seen(observations.faults, assessment)
    return replace(observations, faults=still(observations.faults, found | unseen, now))


def misconfigured(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Iterator[Finding]:
    """What people must correct, each fault once a day. An open incident tells why it is blocked."""
    now, id_ = assessment.situation.now, assessment.situation.pair.disaster_recovery_id
    unread = _of_reading(record, observations, assessment) if record.open_incident else ()
    told_by_its_incident = {one.key for one in unread}
    for fault in _faults(record, observations, assessment):
        if fault.key in told_by_its_incident:
            continue
        since = observations.faults.get(fault.key, now)
        key = daily(f"{id_}/misconfigured-{fault.key}", since, now)
        yield Finding("misconfigured", fault.sentence, key, fault.next_steps, begin_of_day(now))


def _faults(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Iterator[Fault]:
    situation = assessment.situation
    pair = situation.pair
    yield from _of_reading(record, observations, assessment)
    if zone := other_offset(pair, situation.evidence, record.observations.sight, situation.now):
        offset, why = zone
        steps = (
            f"provider_utc_offset: compare with the console; set it to {offset} if that is so",
            *correct_document(pair.name),
        )
        yield Fault(_key_of_zone(pair), why, steps)
    for setting, why in impossible(pair, situation.evidence.detail).items():
        yield Fault(key_of(setting), why, correct_document(pair.name))


def _of_reading(
    record: PairRecord, observations: Observations, assessment: Assessment
) -> Iterator[Fault]:
    if unread := _unreadable(record, observations, assessment):
        yield Fault(key_of(unread.next_steps[0]), unread.sentence, unread.next_steps)


def _not_to_be_seen(before: Iterable[str], assessment: Assessment) -> set[str]:
    """The faults that a look does not show to be mended: all, where it could not read the pair.

    A wrong offset shows only when a synchronisation comes: it is there as long as the document
    says so.
    """
    pair, detail = assessment.situation.pair, assessment.situation.evidence.detail
    return {_key_of_zone(pair)} & set(before) if detail else set(before)


def _key_of_zone(pair: Pair) -> str:
    return key_of(f"zone {pair.provider_utc_offset}")


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
    if found and found.fault.cause is Cause.NOT_LISTED:
        # One odd list says little, and of an armed pair nothing is left to be learned from it.
        return None if record.pair_state.armed else found
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
