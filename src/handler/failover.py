"""The use case: assess, claim, send, tell. There is one way to act, whoever asks."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from handler.answering import answer_of, duplicate, no_evidence, outcome_of, rehearsal
from handler.codec import to_plain
from handler.dws.auth import Clock
from handler.dws.client import Dws
from handler.errors import LedgerUnavailable
from handler.evidence import EvidenceReader, Listed
from handler.following import Follower
from handler.gates import Assessment, assess, last_sync, outage_start
from handler.health import remember_outage, words_by_id
from handler.incident import TRY_AGAIN_AFTER_S, Incident, next_try
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about, of_run, trigger_fields
from handler.pair import Pair
from handler.record import Record
from handler.run import Run, RunState
from handler.sending import send
from handler.situation import Situation, Trigger
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller
from handler.wording import confirmed, refusal

CLAIM_NEEDS_S: Final = 30.0
SETTLE_AFTER_S: Final = (1.0, 2.0, 4.0)  # pauses before the looks that may settle an unknown run
_TRIES: Final = 3  # of a claim that someone else's change made void


@dataclass(frozen=True)
class Order:
    """What stands behind an attempt to act, beside the trigger.

    `incident_id` is the reason to act, without which it is not pursued; `request_id` a command's,
    which finds the run that it made; `relies_on` the evidence hash that a command was given on.
    """

    incident_id: str | None = None
    request_id: str | None = None
    relies_on: str | None = None


@dataclass(frozen=True)
class Failover:
    """What it takes to act on pairs; `remaining_s` tells how long this invocation may go on."""

    ledger: Ledger
    reader: EvidenceReader
    teller: Teller
    follower: Follower
    connect: Callable[[Pair], Dws]
    clock: Clock
    wait: Callable[[float], None]
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
            if settled := self._settled_before(pair, trigger, order, record):
                return settled
            incident = record.open_incident
            # A command's refusal is its own news, whatever has been told of an incident.
            told_of = incident if order.incident_id else None
            assessment = assess(self.look(pair, trigger, record))
            if refused := self._refusal(assessment, order):
                # What refuses may be what another invocation has just set going.
                meanwhile = self.ledger.read(pair.disaster_recovery_id)
                if run := self._run_it_belongs_to(meanwhile, order):
                    return duplicate(pair, trigger, run)
                refusing = tuple(verdict.gate for verdict in assessment.refusing)
                return self.teller.tell_refusal(refused, refusing, told_of)
            run = self._new_run(assessment, order, incident)
            if self._claim(run, assessment):
                return self._send(run, assessment)
        why = (Decision.BLOCKED, "contended", "the pair's state kept changing during the claim")
        return self.teller.tell_refusal(answer_of(assessment, *why), ("claim",), told_of)

    def rehearse(self, pair: Pair, trigger: Trigger) -> Result:
        """The same line up to the claim, reads only, as for a confirmed command.

        Raises:
            LedgerUnavailable, InvalidSettings: as for `act`.
        """
        record = self.ledger.read(pair.disaster_recovery_id)
        confirmed = replace(trigger, is_confirmed=True)
        assessment = assess(self.look(pair, confirmed, record, note=False))
        if blocked := no_evidence(assessment):
            return blocked
        return rehearsal(assessment)

    def look(
        self,
        pair: Pair,
        trigger: Trigger,
        record: Record,
        *,
        note: bool = True,
        listed: Listed | None = None,
    ) -> Situation:
        """Read the evidence, and note when it says that production is down."""
        dws = self.connect(pair)
        dws.check_credentials()
        evidence = self.reader.read(pair, record.standing.roles, dws, listed)
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

    def _settled_before(
        self, pair: Pair, trigger: Trigger, order: Order, record: Record
    ) -> Result | None:
        """The answer, where no assessment is needed for it."""
        if run := self._run_it_belongs_to(record, order):
            return duplicate(pair, trigger, run)
        incident = record.open_incident
        if order.incident_id is None:
            return None
        if incident is None or incident.incident_id != order.incident_id:
            why = "the incident has ended in the meantime"
            return Result(Decision.IGNORED, "incident_over", why, **about(pair, trigger))
        return self._before_next_try(pair, trigger, incident, record.runs)

    def _before_next_try(
        self, pair: Pair, trigger: Trigger, incident: Incident, runs: tuple[Run, ...]
    ) -> Result | None:
        """The answer while an incident whose run started nothing waits, or has given up."""
        if not runs or not incident.is_about(runs[0]) or not runs[0].came_to_nothing:
            return None
        due = next_try(incident, runs)
        if due and self.clock() < due:
            return duplicate(pair, trigger, runs[0])
        if due:
            return None
        why = f"{len(TRY_AGAIN_AFTER_S) + 1} tries started nothing; last: {runs[0].reason}"
        blocked = Result(
            Decision.BLOCKED,
            "tried_too_often",
            why,
            next_steps=(json.dumps(confirmed(pair.name, self.clock(), [], None)),),
            **about(pair, trigger, incident),
        )
        return self.teller.tell_refusal(of_run(blocked, runs[0]), ("tries",), incident)

    def _run_it_belongs_to(self, record: Record, order: Order) -> Run | None:
        if record.run and record.run.is_in_flight:
            return record.run
        if order.request_id is None or record.run is None:
            return None
        return self.ledger.run_of_request(record.run.disaster_recovery_id, order.request_id)

    def _refusal(self, assessment: Assessment, order: Order) -> Result | None:
        """Why this assessment does not lead to a claim, if it does not."""
        if blocked := no_evidence(assessment):
            return blocked
        if order.relies_on not in (None, assessment.evidence):
            why = "roles, refusals or the last synchronisation are no longer what was seen"
            return answer_of(assessment, Decision.REFUSED, "evidence_changed", why)
        if not assessment.may_act:
            return answer_of(assessment, Decision.REFUSED, *refusal(assessment))
        if self.remaining_s() < CLAIM_NEEDS_S:
            why = f"fewer than {CLAIM_NEEDS_S:.0f} s of this invocation are left"
            return answer_of(assessment, Decision.BLOCKED, "no_time_left", why)
        return None

    def _new_run(self, assessment: Assessment, order: Order, incident: Incident | None) -> Run:
        situation, now = assessment.situation, self.clock()
        pair, roles, trigger = situation.pair, situation.standing.roles, situation.trigger
        if roles is None:
            raise AssertionError("the roles gate passes only where the roles are known")
        estimate_s = assessment.estimated_data_loss_s  # None: the sync shown is not plausible
        return Run(
            run_id=new_id(now),
            pair=pair.name,
            disaster_recovery_id=pair.disaster_recovery_id,
            state=RunState.SUBMITTING,
            claimed_at=now,
            deadline_at=now + timedelta(seconds=self.remaining_s()),
            roles=roles,
            role_words=words_by_id(situation.health.role_words, roles),
            configuration=to_plain(pair),
            trigger=trigger_fields(trigger),
            evidence=assessment.evidence,
            outage_began_at=outage_start(situation),
            alarmed_at=trigger.occurred_at,
            decided_at=situation.now,
            last_sync=last_sync(situation) if estimate_s is not None else None,
            estimate_at_decision_s=estimate_s,
            incident_id=incident.incident_id if incident else None,
            request_id=order.request_id,
            overridden=tuple(sorted(trigger.override)),
            ordered_because=trigger.reason,
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
        outcome = outcome_of(sent, assessment)
        stored, outcome = self.teller.tell_outcome(outcome, sent)
        settled = self._settle_soon(stored)
        if settled.state is stored.state:
            return outcome
        return replace(outcome_of(settled, assessment), notified=True)

    def _settle_soon(self, run: Run) -> Run:
        """Look again while this invocation lasts; what is not settled then is reconcile's."""
        try:
            for pause_s in SETTLE_AFTER_S:
                if run.state is not RunState.UNKNOWN or self.remaining_s() < CLAIM_NEEDS_S:
                    break
                self.wait(pause_s)
                run = self.follower.follow(run)
        except LedgerUnavailable as err:
            logger.error("run not settled", run_id=run.run_id, error=str(err))
        return run


def new_id(now: datetime) -> str:
    """An id that sorts by time and reads as one: `20260115T083000123Z-1f2e3d4c`."""
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-{token_hex(4)}"
