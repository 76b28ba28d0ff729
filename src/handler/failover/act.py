"""The use case: assess, claim, send, tell. There is one way to act, whoever asks."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.follow import follow
from handler.failover.gather import situation_of
from handler.failover.next_steps import failover_command
from handler.failover.order import FRESH_FOR, send_order
from handler.failover.ports import Ports
from handler.failover.results import (
    about,
    answer_of,
    duplicate,
    no_evidence,
    of_run,
    outcome_of,
    rehearsal,
    trigger_fields,
)
from handler.gates.assess import Assessment, assess, last_sync, outage_start
from handler.gates.witnesses import is_waiting
from handler.model.codec import to_plain
from handler.model.disaster_recovery import words_by_id
from handler.model.evidence import Evidence
from handler.model.incident import TRY_AGAIN_AFTER_S, WAITING, Incident, next_try
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Result
from handler.model.run import Run, RunState
from handler.model.signals import Trigger
from handler.notifications.text import refusal

CLAIM_NEEDS_S: Final = 30.0
SETTLE_AFTER_S: Final = (1.0, 2.0, 4.0)  # pauses before the looks that may settle an unknown run
_TRIES: Final = 3  # of a claim that a change of the pair itself made void
_DOCUMENT_IS_GOOD_FOR: Final = timedelta(seconds=30)
_APART_S: Final = 0.1  # between tries of a claim that other pairs' claims were in the way of
_MOST_TRIES: Final = 500  # of these; the invocation's time is over before
# What has been read may be judged again without reading, as long as the order will still be fresh.
_READ_AGAIN_AFTER: Final = FRESH_FOR / 2


@dataclass(frozen=True)
class Order:
    """What stands behind an attempt to act, beside the trigger.

    `incident_id` is the reason to act, without which it is not pursued; `request_id` a command's,
    which finds the run that it made; `relies_on` the evidence hash that a command was given on.
    """

    incident_id: str | None = None
    request_id: str | None = None
    relies_on: str | None = None


def act(ports: Ports, pair: Pair, trigger: Trigger, order: Order) -> Result:
    """Assess and, if every gate passes, claim and send; tell what a person must know.

    A claim that was lost because the pair itself has changed is tried again a few times. One
    that other pairs' claims were in the way of is tried again until there is no time left:
    when a region fails, all its pairs claim at once.

    Raises:
        LedgerUnavailable: nothing was ordered.
        InvalidSettings: the pair's credentials are bad; nothing was ordered.
    """
    evidence: Evidence | None = None
    revisions: list[int] = []
    began_at = ports.clock()
    for number in range(_MOST_TRIES):
        if ports.clock() - began_at > _DOCUMENT_IS_GOOD_FOR:
            pair = ports.reload(pair)
        record = ports.ledger.read(pair.disaster_recovery_id)
        if settled := _settled_before(ports, pair, trigger, order, record):
            return settled
        revisions.append(record.pair_state.revision)
        seen = _fresh(ports, evidence, record)
        assessment = assess(situation_of(ports, pair, trigger, record, seen=seen))
        evidence = assessment.situation.evidence
        if len(set(revisions)) > _TRIES or number == _MOST_TRIES - 1:
            return _contended(ports, assessment, record, order)
        refused = _refusal(ports, assessment, order)
        answer = (
            _refuse(ports, pair, trigger, order, assessment, refused)
            if refused
            else _claim_and_send(ports, assessment, record, order)
        )
        if answer:
            return answer
        ports.wait(_APART_S)
    raise AssertionError("the last try has answered")


def dry_run(ports: Ports, pair: Pair, trigger: Trigger) -> Result:
    """The same line up to the claim, reads only, as for a confirmed command.

    Raises:
        LedgerUnavailable, InvalidSettings: as for `act`.
    """
    record = ports.ledger.read(pair.disaster_recovery_id)
    confirmed = replace(trigger, is_confirmed=True)
    assessment = assess(situation_of(ports, pair, confirmed, record, note=False))
    if blocked := no_evidence(assessment):
        return blocked
    check_claim(ports, assessment)
    return rehearsal(assessment)


def check_claim(ports: Ports, assessment: Assessment) -> None:
    """Build and pack the run that would be claimed: what reads READY can be claimed."""
    situation = assessment.situation
    if assessment.is_ready and situation.pair_state.roles:
        run = _new_run(ports, assessment, Order(), None)
        ports.ledger.claiming(run, situation.pair_state, situation.fleet, is_counted=True)


def _fresh(ports: Ports, evidence: Evidence | None, record: PairRecord) -> Evidence | None:
    """What was read a moment ago is not read again only because other pairs were faster."""
    roles = record.pair_state.roles
    if evidence is None or roles is None:
        return None
    is_same = roles.production_cluster_id == evidence.production_id
    is_fresh = ports.clock() - evidence.read_at <= _READ_AGAIN_AFTER
    return evidence if is_same and is_fresh else None


def _settled_before(
    ports: Ports, pair: Pair, trigger: Trigger, order: Order, record: PairRecord
) -> Result | None:
    """The answer, where no assessment is needed for it."""
    if run := _run_it_belongs_to(ports, pair, record, order):
        return duplicate(pair, trigger, run)
    incident = record.open_incident
    if order.incident_id is None:
        return None
    if incident is None or incident.incident_id != order.incident_id:
        why = "the incident has ended in the meantime"
        return Result(Decision.IGNORED, "incident_over", why, **about(pair, trigger))
    return _before_next_try(ports, pair, trigger, incident, record)


def _before_next_try(
    ports: Ports, pair: Pair, trigger: Trigger, incident: Incident, record: PairRecord
) -> Result | None:
    """The answer while an incident whose run started nothing waits, or has given up."""
    run = record.run
    if run is None or not incident.is_about(run) or not run.never_started:
        return None
    due = next_try(incident, record.runs)
    if due and ports.clock() < due:
        return duplicate(pair, trigger, run)
    if due:
        return None
    why = f"{len(TRY_AGAIN_AFTER_S) + 1} tries started nothing; last: {run.reason}"
    blocked = Result(
        Decision.BLOCKED,
        "tried_too_often",
        why,
        next_steps=failover_command(pair.name, ports.clock(), "every gate is asked again before"),
        **about(pair, trigger, incident),
    )
    return _tell_refusal(ports, of_run(blocked, run), ("tries",), record, incident)


def _refuse(
    ports: Ports,
    pair: Pair,
    trigger: Trigger,
    order: Order,
    assessment: Assessment,
    refused: Result,
) -> Result:
    """Tell a refusal, unless it is what another invocation has just set going that refuses.

    Nor is it told once an order has been claimed, or the incident is over, since it was read.
    """
    for _ in range(_TRIES):
        meanwhile = ports.ledger.read(pair.disaster_recovery_id)
        if settled := _settled_before(ports, pair, trigger, order, meanwhile):
            return settled
        incident = meanwhile.open_incident if order.incident_id else None
        try:
            return _told_refusal(ports, refused, news_of(assessment), meanwhile, incident)
        except Conflict:
            continue
    return refused


def _tell_refusal(
    ports: Ports,
    refused: Result,
    refusing: tuple[str, ...],
    record: PairRecord,
    incident: Incident | None,
) -> Result:
    """What someone else has decided or begun meanwhile is told by them."""
    try:
        return _told_refusal(ports, refused, refusing, record, incident)
    except Conflict:
        return refused


def _told_refusal(
    ports: Ports,
    refused: Result,
    refusing: tuple[str, ...],
    record: PairRecord,
    incident: Incident | None,
) -> Result:
    # Also a command's refusal says that an incident goes on, if one is open.
    if goes_on := record.open_incident:
        refused = replace(refused, incident_id=goes_on.incident_id)
    return ports.outbox.record_refusal(refused, refusing, record, incident)


def _contended(ports: Ports, assessment: Assessment, record: PairRecord, order: Order) -> Result:
    why = (Decision.BLOCKED, "contended", "the pair's state kept changing during the claim")
    incident = record.open_incident if order.incident_id else None
    return _tell_refusal(ports, answer_of(assessment, *why), ("claim",), record, incident)


def _run_it_belongs_to(ports: Ports, pair: Pair, record: PairRecord, order: Order) -> Run | None:
    if run := record.in_flight:
        return run
    if order.request_id is None:
        return None
    return ports.ledger.run_of_request(pair.disaster_recovery_id, order.request_id)


def _refusal(ports: Ports, assessment: Assessment, order: Order) -> Result | None:
    """Why this assessment does not lead to a claim, if it does not."""
    if blocked := no_evidence(assessment):
        return blocked
    if order.relies_on not in (None, assessment.evidence):
        why = "the verdicts, witnesses, roles or last synchronisation are not what was seen"
        return answer_of(assessment, Decision.REFUSED, "evidence_changed", why)
    if not assessment.may_act:
        return answer_of(assessment, Decision.REFUSED, *refusal(assessment))
    if ports.remaining_s() < CLAIM_NEEDS_S:
        why = f"fewer than {CLAIM_NEEDS_S:.0f} s of this invocation are left"
        return answer_of(assessment, Decision.BLOCKED, "no_time_left", why)
    return None


def _new_run(ports: Ports, assessment: Assessment, order: Order, incident: Incident | None) -> Run:
    situation, now = assessment.situation, ports.clock()
    pair, roles, trigger = situation.pair, situation.pair_state.roles, situation.trigger
    if roles is None:
        raise AssertionError("the roles gate passes only where the roles are known")
    estimate_s = assessment.estimated_data_loss_s  # None: the sync shown is not plausible
    return Run(
        run_id=new_id(now),
        pair=pair.name,
        disaster_recovery_id=pair.disaster_recovery_id,
        state=RunState.SUBMITTING,
        claimed_at=now,
        deadline_at=now + timedelta(seconds=ports.remaining_s()),
        roles=roles,
        role_words=words_by_id(situation.observations.role_words, roles),
        configuration=to_plain(pair),
        trigger=trigger_fields(trigger),
        evidence=assessment.evidence,
        outage_began_at=outage_start(situation),
        alarmed_at=None if trigger.is_command else trigger.occurred_at,
        decided_at=situation.now,
        last_sync=last_sync(situation) if estimate_s is not None else None,
        estimate_at_decision_s=estimate_s,
        incident_id=incident.incident_id if incident else None,
        request_id=order.request_id,
        overridden=tuple(sorted(trigger.override)),
        ordered_because=trigger.reason,
    )


def _claim_and_send(
    ports: Ports, assessment: Assessment, record: PairRecord, order: Order
) -> Result | None:
    """Order, if the claim comes through; else None."""
    run = _new_run(ports, assessment, order, record.open_incident)
    situation = assessment.situation
    is_counted = not situation.trigger.is_confirmed
    reason = record.open_incident if order.incident_id else None
    try:
        ports.ledger.claim(
            run, situation.pair_state, situation.fleet, reason, is_counted=is_counted
        )
    except Conflict:
        return None
    logger.info("claimed", run_id=run.run_id)
    return _send(ports, run, assessment, order)


def _send(ports: Ports, run: Run, assessment: Assessment, order: Order) -> Result:
    dws = ports.connect(assessment.situation.pair)
    judged = [assessment]
    sent = send_order(
        ports, run, assessment, dws, lambda: _judge(ports, run, assessment, order, judged)
    )
    assessment = judged[-1]  # what was found last: it may offer no order any more
    logger.info("answered", run_id=run.run_id, reason_code=sent.reason_code)
    outcome = outcome_of(sent, assessment)
    stored, outcome = ports.outbox.record_outcome(run, sent, outcome, ports.wait, ports.remaining_s)
    settled = _settle_soon(ports, stored)
    if settled.state is stored.state:
        return outcome
    return replace(outcome_of(settled, assessment), notified=True)


def _judge(
    ports: Ports, run: Run, assessment: Assessment, order: Order, judged: list[Assessment]
) -> Assessment:
    """Everything that the order rests on, read anew; the run itself does not hold it up.

    What is found is added to `judged`.

    Raises:
        FailoverError: it cannot be read, or is no longer what a person has approved.
    """
    situation = assessment.situation
    pair = ports.reload(situation.pair)
    record = without(ports.ledger.read(run.disaster_recovery_id), run)
    incident = record.open_incident
    if order.incident_id and (incident is None or incident.incident_id != order.incident_id):
        raise LedgerUnavailable("the incident has ended in the meantime")
    anew = assess(situation_of(ports, pair, situation.trigger, record, note=False))
    judged.append(anew)
    if blocked := no_evidence(anew):
        raise LedgerUnavailable(blocked.reason)
    if order.relies_on not in (None, anew.evidence):
        raise LedgerUnavailable("it is no longer what the command was given on")
    return anew


def _settle_soon(ports: Ports, run: Run) -> Run:
    """Look again while this invocation lasts; what is not settled then is reconcile's."""
    try:
        for pause_s in SETTLE_AFTER_S:
            if run.state is not RunState.UNKNOWN or ports.remaining_s() < CLAIM_NEEDS_S:
                break
            ports.wait(pause_s)
            run = follow(ports, run)
    except LedgerUnavailable as err:
        logger.error("run not settled", run_id=run.run_id, error=str(err))
    return run


def new_id(now: datetime) -> str:
    """An id that sorts by time and reads as one: `20260115T083000123Z-1f2e3d4c`."""
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-{token_hex(4)}"


def news_of(assessment: Assessment) -> tuple[str, ...]:
    """What a refusal is for, as far as another one would be news: the gates, and that it waits."""
    refusing = tuple(result.gate for result in assessment.refusing)
    if not is_waiting(assessment.refusing):
        return refusing
    return tuple(WAITING if gate == "production_down" else gate for gate in refusing)


def without(record: PairRecord, run: Run) -> PairRecord:
    """What the ledger holds about a pair, but for the run that has just been claimed."""
    runs = tuple(one for one in record.runs if one.run_id != run.run_id)
    held = tuple(one for one in record.held if one.run_id != run.run_id)
    holding = record.pair_state.holding - {run.run_id}
    pair_state = replace(record.pair_state, holding=holding)
    return replace(record, pair_state=pair_state, runs=runs, held=held)
