"""The use case: assess, claim, send, tell. There is one way to act, whoever asks."""

from dataclasses import replace
from typing import Final

from handler.dws.probe import APART_S
from handler.errors import Conflict, InvalidEvent
from handler.failover.attempt import Attempt, Stored
from handler.failover.claim import check_claim, claim_and_send
from handler.failover.gather import situation_of
from handler.failover.noted import note_outage
from handler.failover.order import FRESH_FOR
from handler.failover.ports import Ports
from handler.failover.refuse import contended, news_of, refusal_of, store_refusal, tell_refusal
from handler.failover.results import (
    about,
    duplicate,
    no_evidence,
    of_run,
    rehearsal,
)
from handler.gates.assess import Assessment, assess
from handler.gates.witnesses import is_newer
from handler.model.evidence import Evidence
from handler.model.incident import TRY_AGAIN_AFTER_S, Incident, next_try
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.schema import shown
from handler.model.signals import Trigger
from handler.model.times import isoformat
from handler.notifications.next_steps import failover_command

_TRIES: Final = 3  # of a claim that a change of the pair itself made void
_APART_S: Final = 0.1  # between tries of a claim that other pairs' claims were in the way of
_MOST_TRIES: Final = 500  # of these; the invocation's time is over before
# What has been read may be judged again without reading, as long as the order will still be fresh.
_READ_AGAIN_AFTER: Final = FRESH_FOR / 2


def act(ports: Ports, attempt: Attempt, known: Stored | None = None) -> Result:
    """Assess and, if every gate passes, claim and send; tell what a person must know.

    A claim that was lost because the pair itself has changed is tried again a few times. One
    that other pairs' claims were in the way of is tried again until there is no time left:
    when a region fails, all its pairs claim at once.

    Args:
        ports: what it acts through.
        attempt: who asks, for which pair.
        known: what is stored of the pair, if it has just been read or written.

    Raises:
        InvalidEvent: its request id is another command's; nothing was ordered.
        LedgerUnavailable: nothing was ordered.
        InvalidSettings: the pair's credentials are bad; nothing was ordered.
    """
    evidence: Evidence | None = None
    observed: Observations | None = None
    revisions: list[int] = []
    for number in range(_MOST_TRIES):
        stored = known or _read(ports, attempt.pair)
        record, known = stored.record, None  # it was good for the first try
        if settled := _settled_before(ports, attempt, record):
            return settled
        revisions.append(record.pair_state.revision)
        attempt = attempt.as_of(record)
        pair, trigger = attempt.pair, attempt.trigger
        seen = _fresh(ports, evidence, record)
        if seen is None:
            _open_for_order(ports, pair, trigger, record)
        situation = situation_of(ports, pair, trigger, record, seen=seen, observed=observed)
        situation = replace(situation, stored_read_at=stored.read_at)
        assessment = assess(situation)
        evidence, observed = situation.evidence, situation.observations
        if len(set(revisions)) > _TRIES or number == _MOST_TRIES - 1:
            _note(ports, assessment, record)
            return contended(ports, assessment, record, attempt)
        if refused := refusal_of(ports, assessment, attempt):
            _note(ports, assessment, record)
            return _refuse(ports, attempt, assessment, refused)
        # Reading may have taken long: whoever turns the pair to observe meanwhile is heeded.
        if (document := ports.reload(pair)) != pair:
            attempt = replace(attempt, pair=document)
            continue
        if answer := claim_and_send(ports, assessment, record, attempt):
            return answer
        ports.wait(_APART_S)
    raise AssertionError("the last try has answered")


def _read(ports: Ports, pair: Pair) -> Stored:
    read_at = ports.clock()
    return Stored(ports.ledger.read(pair.disaster_recovery_id), read_at)


def dry_run(ports: Ports, pair: Pair, trigger: Trigger) -> Result:
    """The same line up to the claim, reads only, as for a confirmed command.

    Raises:
        LedgerUnavailable, InvalidSettings: as for `act`.
    """
    record = ports.ledger.read(pair.disaster_recovery_id)
    confirmed = replace(trigger, is_confirmed=True)
    assessment = assess(situation_of(ports, pair, confirmed, record))
    if blocked := no_evidence(assessment):
        return blocked
    check_claim(ports, assessment)
    return rehearsal(assessment)


def _open_for_order(ports: Ports, pair: Pair, trigger: Trigger, record: PairRecord) -> None:
    """Have a connection for the order ready when the evidence is, if one can follow.

    A probe that fails takes a while: a connection of before would be too old by then.
    """
    roles = record.pair_state.roles
    if roles is None or not (pair.mode == "automatic" or trigger.is_confirmed):
        return
    waits_for_probe = roles.production_cluster_id in pair.probes
    ports.connect(pair).open_ahead("POST", after_s=APART_S / 2 if waits_for_probe else 0.0)


def _note(ports: Ports, assessment: Assessment, record: PairRecord) -> None:
    """Store since when production is down, or that it is not: how long it has to be is counted.

    Before an order nobody waits for that: it is stored with what became of it.
    """
    situation = assessment.situation
    if situation.observations != record.observations:
        note_outage(ports, situation.pair, situation.evidence, situation.observations)


def _fresh(ports: Ports, evidence: Evidence | None, record: PairRecord) -> Evidence | None:
    """What was read a moment ago is not read again only because other pairs were faster."""
    roles = record.pair_state.roles
    if evidence is None or roles is None:
        return None
    is_same = roles.production_cluster_id == evidence.production_id
    is_fresh = ports.clock() - evidence.read_at <= _READ_AGAIN_AFTER
    is_newest = not is_newer(record.observations.looked_at, evidence.read_at)
    return evidence if is_same and is_fresh and is_newest else None


def _settled_before(ports: Ports, attempt: Attempt, record: PairRecord) -> Result | None:
    """The answer, where no assessment is needed for it."""
    pair, trigger = attempt.pair, attempt.trigger
    if run := _run_it_belongs_to(ports, attempt, record):
        return duplicate(pair, trigger, run)
    if attempt.has_lost_its_incident(record):
        why = "the incident has ended in the meantime"
        return about(pair, trigger).result(Decision.IGNORED, Reason("incident_over", why))
    incident = attempt.incident_in(record)
    return _before_next_try(ports, attempt, incident, record) if incident else None


def _before_next_try(
    ports: Ports, attempt: Attempt, incident: Incident, record: PairRecord
) -> Result | None:
    """The answer while an incident whose run started nothing waits, or has given up."""
    pair, trigger, run = attempt.pair, attempt.trigger, record.run
    if run is None or not incident.is_about(run) or not run.never_started:
        return None
    due = next_try(incident, record.runs)
    if due and ports.clock() < due:
        return duplicate(pair, trigger, run)
    if due:
        return None
    why = f"{len(TRY_AGAIN_AFTER_S) + 1} tries started nothing; last: {run.reason}"
    blocked = about(pair, trigger, incident).result(
        Decision.BLOCKED,
        Reason("tried_too_often", why),
        next_steps=failover_command(pair.name, ports.clock(), "every gate is asked again before"),
    )
    return tell_refusal(ports, of_run(blocked, run), ("tries",), record, incident)


def _refuse(ports: Ports, attempt: Attempt, assessment: Assessment, refused: Result) -> Result:
    """Tell a refusal, unless it is what another invocation has just set going that refuses.

    Nor is it told once an order has been claimed, or the incident is over, since it was read.
    """
    for _ in range(_TRIES):
        meanwhile = ports.ledger.read(attempt.pair.disaster_recovery_id)
        if settled := _settled_before(ports, attempt, meanwhile):
            return settled
        incident = attempt.incident_in(meanwhile)
        try:
            return store_refusal(ports, refused, news_of(assessment, refused), meanwhile, incident)
        except Conflict:
            continue
    return refused


def _run_it_belongs_to(ports: Ports, attempt: Attempt, record: PairRecord) -> Run | None:
    if run := record.in_flight:
        return run
    return _run_it_repeats(ports, attempt, attempt.request_id) if attempt.request_id else None


def _run_it_repeats(ports: Ports, attempt: Attempt, request_id: str) -> Run | None:
    """The run that this very command has made before.

    Raises:
        InvalidEvent: it is an earlier command's, whose end would read as the end of this one.
    """
    run = ports.ledger.run_of_request(attempt.pair.disaster_recovery_id, request_id)
    if run is None or run.is_repeated_by(attempt.trigger.occurred_at or ports.clock()):
        return run
    raise InvalidEvent(
        f"$.request_id: found {shown(request_id)}, which has made run {run.run_id} at"
        f" {isoformat(run.claimed_at)}; allowed: a new request_id, or none"
    )
