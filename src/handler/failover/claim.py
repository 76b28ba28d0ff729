"""From gates that pass to an order: the claim, the order and its outcome, each stored in turn."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from handler.aws.telemetry import logger, of_story, put_spans
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.attempt import Attempt, new_id
from handler.failover.follow import follow
from handler.failover.gather import situation_of
from handler.failover.order import send_order
from handler.failover.ports import Ports
from handler.failover.results import no_evidence, outcome_of, trigger_fields
from handler.failover.spans import to_order
from handler.gates.assess import Assessment, assess
from handler.gates.data_loss import last_sync, outage_start
from handler.model.codec import to_plain
from handler.model.disaster_recovery import words_by_id, words_of
from handler.model.evidence import Situation
from handler.model.incident import Incident
from handler.model.pair_state import PairRecord, PairState
from handler.model.result import Result
from handler.model.run import Run, RunState

# A claim without time for the order, its answer and its record would hold the pair for nothing.
CLAIM_NEEDS_S: Final = 30.0
_TRIES: Final = 10  # of what other pairs' claims may be in the way of
SETTLE_AFTER_S: Final = (1.0, 2.0, 4.0)  # pauses before the looks that may settle an unknown run


def claim_and_send(
    ports: Ports, assessment: Assessment, record: PairRecord, attempt: Attempt
) -> Result | None:
    """Order, if the claim comes through; else None."""
    run = _new_run(ports, assessment, attempt, record.open_incident)
    situation = assessment.situation
    # The rate limit is a brake on alarms: a person who has confirmed may do more, and spends none.
    is_counted = not situation.trigger.is_confirmed
    reason = attempt.incident_in(record)
    try:
        ports.ledger.claim(
            run, situation.pair_state, situation.fleet, reason, is_counted=is_counted
        )
    except Conflict:
        return None
    except LedgerUnavailable as err:
        if not err.is_busy:
            raise
        return None  # all pairs of a region claim at once
    logger.info("claimed", pair=run.pair, **of_story(run.incident_id, run.run_id))
    return _send(ports, run, assessment, attempt)


def check_claim(ports: Ports, assessment: Assessment) -> None:
    """Build and pack the run that would be claimed: what reads READY can be claimed."""
    situation = assessment.situation
    if assessment.is_ready and situation.pair_state.roles:
        run = _new_run(ports, assessment, Attempt(situation.pair, situation.trigger), None)
        ports.ledger.check_claim(run, situation.pair_state, situation.fleet)


def _new_run(
    ports: Ports, assessment: Assessment, attempt: Attempt, incident: Incident | None
) -> Run:
    situation, now = assessment.situation, ports.clock()
    pair, roles, trigger = situation.pair, situation.pair_state.roles, situation.trigger
    if roles is None:
        raise AssertionError("the roles gate passes only where the roles are known")
    return Run(
        run_id=new_id(now),
        pair=pair.name,
        disaster_recovery_id=pair.disaster_recovery_id,
        state=RunState.SUBMITTING,
        claimed_at=now,
        deadline_at=now + timedelta(seconds=ports.remaining_s()),
        roles=roles,
        role_words=words_by_id(_words_before(situation), roles),
        configuration=to_plain(pair),
        trigger=trigger_fields(trigger),
        evidence=assessment.evidence,
        **_loss_in(assessment),
        alarmed_at=None if trigger.is_command else trigger.occurred_at,
        decided_at=situation.now,
        incident_id=incident.incident_id if incident else None,
        request_id=attempt.request_id,
        overridden=tuple(sorted(trigger.override)),
        ordered_because=trigger.reason,
    )


def _words_before(situation: Situation) -> Mapping[str, str]:
    """The role words that a switch exchanges: as learned in health, else as they are shown now."""
    shown = situation.evidence.shown
    return situation.observations.role_words or (words_of(shown) if shown else {})


def _loss_in(assessment: Assessment) -> dict[str, Any]:
    """What a run says of the data that is lost, by what was judged."""
    situation, estimate_s = assessment.situation, assessment.estimated_data_loss_s
    return {
        "outage_began_at": outage_start(situation),
        "may_take_writes": not assessment.is_called_down,
        # There is no estimate where the synchronisation that is shown is not plausible.
        "last_sync": last_sync(situation) if estimate_s is not None else None,
        "estimate_at_decision_s": estimate_s,
    }


def _send(ports: Ports, run: Run, assessment: Assessment, attempt: Attempt) -> Result:
    dws = ports.connect(assessment.situation.pair)
    judged = [assessment]
    sent = send_order(
        ports, run, assessment, dws, lambda: _judge(ports, run, assessment, attempt, judged)
    )
    assessment = judged[-1]  # what was found last: it may offer no order any more
    sent = replace(sent, **_loss_in(assessment))
    said: dict[str, Any] = {"decision": sent.state.value, "reason_code": sent.reason_code}
    logger.info("answered", pair=run.pair, **said, **of_story(run.incident_id, run.run_id))
    outcome = outcome_of(sent, assessment)
    # What was seen last: production may have been up, and then has to be down for its time anew.
    seen = assessment.situation.observations
    stored, outcome = ports.outbox.record_outcome(
        run, sent, outcome, ports.wait, ports.remaining_s, seen
    )
    put_spans(to_order(sent))  # only now: nothing stands between an order and its record
    if stored.never_started:
        _give_back(ports, stored)
    settled = _settle_soon(ports, stored)
    if settled.state is stored.state:
        return outcome
    return replace(outcome_of(settled, assessment), notified=True)


def _give_back(ports: Ports, run: Run) -> None:
    """What started nothing has failed nothing over: it must keep no other pair from it."""
    mine = (run.disaster_recovery_id, run.claimed_at)
    with suppress(LedgerUnavailable):  # then it counts for its hour
        for _ in range(_TRIES):
            fleet = ports.ledger.fleet()
            others = dict(claim for claim in fleet.claims.items() if claim != mine)
            if len(others) == len(fleet.claims):
                break
            with suppress(Conflict):
                ports.ledger.save_fleet(replace(fleet, claims=others))
                break


def _judge(
    ports: Ports, run: Run, assessment: Assessment, attempt: Attempt, judged: list[Assessment]
) -> Assessment:
    """Everything that the order rests on, read anew; the run itself does not hold it up.

    What is found is added to `judged`.

    Raises:
        FailoverError: it cannot be read, or is no longer what a person has approved.
    """
    situation = assessment.situation
    pair = ports.reload(situation.pair)
    record = without(ports.ledger.read(run.disaster_recovery_id), run, situation.pair_state)
    if attempt.has_lost_its_incident(record):
        raise LedgerUnavailable("the incident has ended in the meantime")
    trigger = attempt.as_of(record).trigger
    observed = judged[-1].situation.observations
    found = situation_of(ports, pair, trigger, record, observed=observed)
    # Of what the limit counts, one is this claim itself.
    others = {id_: at for id_, at in found.fleet.claims.items() if id_ != run.disaster_recovery_id}
    anew = assess(replace(found, fleet=replace(found.fleet, claims=others)))
    judged.append(anew)
    if blocked := no_evidence(anew):
        raise LedgerUnavailable(blocked.reason)
    if not attempt.is_approved_on(anew.evidence):
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
        logger.error("run not settled", error=str(err), **of_story(run.incident_id, run.run_id))
    return run


def without(record: PairRecord, run: Run, before: PairState) -> PairRecord:
    """What the ledger holds about a pair, but for the run that has just been claimed.

    Args:
        record: as read after the claim.
        run: what was claimed.
        before: the pair as the claim has found it, with the run that was the last one then.
    """
    runs = tuple(one for one in record.runs if one.run_id != run.run_id)
    held = tuple(one for one in record.held if one.run_id != run.run_id)
    now = record.pair_state
    last = before.run_id if now.run_id == run.run_id else now.run_id
    pair_state = replace(now, run_id=last, holding=now.holding - {run.run_id})
    return replace(record, pair_state=pair_state, runs=runs, held=held)
