"""The use case: assess, claim, send, tell. There is one way to act, whoever asks."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from handler.codec import to_plain
from handler.dws.auth import Clock
from handler.dws.client import Dws
from handler.evidence import EvidenceReader
from handler.gates import Assessment, assess, last_sync, outage_start
from handler.health import remember_outage
from handler.incident import Incident
from handler.ledger import Ledger, Record
from handler.outcome import Decision, Result, about, assessed, of_run, trigger_fields
from handler.pair import Pair
from handler.run import Run, RunState
from handler.sending import send
from handler.situation import Situation, Trigger
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller
from handler.wording import refusal, ways_out

CLAIM_NEEDS_S: Final = 30.0
_TRIES: Final = 3  # of a claim that someone else's change made void


@dataclass(frozen=True)
class Order:
    """What stands behind an attempt to act, beside the trigger.

    `incident` is the pair's open one; `request_id` a command's, which finds the run that it made;
    `relies_on` the evidence hash that a command was given on.
    """

    incident: Incident | None = None
    request_id: str | None = None
    relies_on: str | None = None


@dataclass(frozen=True)
class Failover:
    """What it takes to act on pairs; `remaining_s` tells how long this invocation may go on."""

    ledger: Ledger
    reader: EvidenceReader
    teller: Teller
    connect: Callable[[Pair], Dws]
    clock: Clock
    remaining_s: Callable[[], float]
    max_failovers_per_hour: int

    def act(self, pair: Pair, trigger: Trigger, order: Order) -> Result:
        """Assess and, if every gate passes, claim and send; tell what a person must know.

        Raises:
            LedgerUnavailable: nothing was ordered.
            InvalidSettings: the pair's credentials are bad; nothing was ordered.
        """
        for _ in range(_TRIES):
            record = self.ledger.read(pair.disaster_recovery_id)
            if run := self._run_it_belongs_to(record, order):
                return duplicate(pair, trigger, run)
            assessment = assess(self.look(pair, trigger, record))
            refused = self._refusal(assessment, order)
            if refused:
                refusing = tuple(verdict.gate for verdict in assessment.refusing)
                return self.teller.tell_refusal(refused, refusing, order.incident)
            run = self._new_run(assessment, order)
            if self._claim(run, assessment):
                return self._send(run, assessment)
        why = (Decision.BLOCKED, "contended", "the pair's state kept changing during the claim")
        return self.teller.tell_refusal(_result(assessment, *why), ("claim",), order.incident)

    def rehearse(self, pair: Pair, trigger: Trigger) -> Result:
        """The same line up to the claim, reads only, as for a confirmed command.

        Raises:
            LedgerUnavailable, InvalidSettings: as for `act`.
        """
        record = self.ledger.read(pair.disaster_recovery_id)
        confirmed = replace(trigger, is_confirmed=True)
        assessment = assess(self.look(pair, confirmed, record, note=False))
        if blocked := _blocked(assessment):
            return blocked
        return _rehearsed(assessment)

    def look(self, pair: Pair, trigger: Trigger, record: Record, *, note: bool = True) -> Situation:
        """Read the evidence, and note when it says that production is down."""
        dws = self.connect(pair)
        dws.check_credentials()
        evidence = self.reader.read(pair, record.standing.roles, dws)
        health = remember_outage(record.health, evidence)
        if note and health != record.health:
            try:
                self.ledger.save_health(pair.disaster_recovery_id, health)
            except Conflict:
                logger.info("health was noted by someone else", pair=pair.name)
        return Situation(
            now=self.clock(),
            pair=pair,
            evidence=evidence,
            standing=record.standing,
            health=health,
            fleet=self.ledger.fleet(),
            run=record.run,
            trigger=trigger,
            max_failovers_per_hour=self.max_failovers_per_hour,
        )

    def _run_it_belongs_to(self, record: Record, order: Order) -> Run | None:
        if record.run and record.run.is_in_flight:
            return record.run
        if order.request_id is None or record.run is None:
            return None
        return self.ledger.run_of_request(record.run.disaster_recovery_id, order.request_id)

    def _refusal(self, assessment: Assessment, order: Order) -> Result | None:
        """Why this assessment does not lead to a claim, if it does not."""
        if blocked := _blocked(assessment):
            return blocked
        if order.relies_on not in (None, assessment.evidence):
            why = "roles, refusals or the last synchronisation are no longer what was seen"
            return _result(assessment, Decision.REFUSED, "evidence_changed", why)
        if not assessment.may_act:
            return _result(assessment, Decision.REFUSED, *refusal(assessment))
        if self.remaining_s() < CLAIM_NEEDS_S:
            why = f"fewer than {CLAIM_NEEDS_S:.0f} s of this invocation are left"
            return _result(assessment, Decision.BLOCKED, "no_time_left", why)
        return None

    def _new_run(self, assessment: Assessment, order: Order) -> Run:
        situation, now = assessment.situation, self.clock()
        pair, roles = situation.pair, situation.standing.roles
        if roles is None:
            raise AssertionError("the roles gate passes only where the roles are known")
        return Run(
            run_id=new_id(now),
            pair=pair.name,
            disaster_recovery_id=pair.disaster_recovery_id,
            state=RunState.SUBMITTING,
            claimed_at=now,
            deadline_at=now + timedelta(seconds=self.remaining_s()),
            roles=roles,
            configuration=to_plain(pair),
            trigger=trigger_fields(situation.trigger),
            evidence=assessment.evidence,
            outage_began_at=outage_start(situation),
            last_sync=last_sync(situation),
            estimated_data_loss_s=assessment.estimated_data_loss_s,
            at_most_data_loss_s=assessment.at_most_data_loss_s,
            incident_id=order.incident.incident_id if order.incident else None,
            request_id=order.request_id,
            overridden=tuple(sorted(situation.trigger.override)),
            ordered_because=situation.trigger.reason,
        )

    def _claim(self, run: Run, assessment: Assessment) -> bool:
        situation = assessment.situation
        is_counted = not situation.trigger.is_confirmed
        try:
            self.ledger.claim(run, situation.standing, situation.fleet, is_counted=is_counted)
        except Conflict:
            return False
        logger.info("claimed", run_id=run.run_id)
        return True

    def _send(self, run: Run, assessment: Assessment) -> Result:
        situation = assessment.situation
        dws = self.connect(situation.pair)
        sent = send(run, situation.evidence, dws, self.clock, self.remaining_s)
        logger.info("answered", run_id=run.run_id, reason_code=sent.reason_code)
        outcome = Result(
            decision=Decision(sent.state.value),
            reason_code=sent.reason_code or sent.state.value,
            reason=sent.reason or "",
            retryable=not sent.holds,
            attribution="ours" if sent.state is RunState.SUBMITTED else None,
            next_steps=_next_steps(sent, assessment),
            **about(situation.pair, situation.trigger),
        )
        return self.teller.tell_outcome(of_run(assessed(outcome, assessment), sent), sent)


def _next_steps(run: Run, assessment: Assessment) -> tuple[str, ...]:
    """Look how it goes on; or order again, where nothing was started."""
    if run.holds:
        return (json.dumps({"command": "status", "pair": run.pair}),)
    return ways_out(assessment, run.pair, assessment.situation.now)


def duplicate(pair: Pair, trigger: Trigger, run: Run) -> Result:
    """An event that belongs to a run which is there already."""
    reason = f"this belongs to run {run.run_id}, which is {run.state}"
    result = Result(Decision.DUPLICATE, run.state.value, reason, **about(pair, trigger))
    return of_run(result, run)


def new_id(now: datetime) -> str:
    """An id that sorts by time and reads as one: `20260115T083000Z-1f2e3d4c`."""
    return f"{now:%Y%m%dT%H%M%SZ}-{token_hex(4)}"


def _blocked(assessment: Assessment) -> Result | None:
    """Without the detail and the list there is no evidence at all."""
    evidence = assessment.situation.evidence
    if evidence.shown is not None:
        return None
    fault = evidence.faults["detail"]
    why = f"the provider's state of the pair cannot be read: {fault.sentence}"
    blocked = _result(assessment, Decision.BLOCKED, f"provider_{fault.code}", why)
    return replace(blocked, retryable=fault.is_transient)


def _rehearsed(assessment: Assessment) -> Result:
    if assessment.may_act:
        why = "every gate passes: a confirmed command would fail over now"
        return _result(assessment, Decision.REHEARSED, "would_submit", why)
    code, (_, why) = "ready" if assessment.is_ready else "would_refuse", refusal(assessment)
    return _result(assessment, Decision.REHEARSED, code, why)


def _result(assessment: Assessment, decision: Decision, code: str, why: str) -> Result:
    situation = assessment.situation
    steps = ways_out(assessment, situation.pair.name, situation.now)
    result = Result(
        decision=decision,
        reason_code=code,
        reason=why,
        retryable=decision is not Decision.REHEARSED,
        next_steps=steps,
        **about(situation.pair, situation.trigger),
    )
    return assessed(result, assessment)
