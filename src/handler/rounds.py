"""Reconcile's turn at one pair: look, learn, tell what is new, pursue or end its incident."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from handler.dws.auth import Clock
from handler.dws.models import DisasterRecovery
from handler.errors import FailoverError, InvalidSettings
from handler.evidence import Listed
from handler.failover import Failover
from handler.gates import Assessment, assess
from handler.health import learn, remember_health, remember_outage, remember_ups
from handler.incident import WATCH, Ending, Incident
from handler.intake import new_incident, pursue
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about
from handler.pair import Pair
from handler.pairs import BadPair
from handler.probes import Probe
from handler.record import Record
from handler.settling import is_watched
from handler.situation import Evidence, Situation, Trigger
from handler.standing import Health, Standing
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller
from handler.times import isoformat
from handler.watching import (
    Finding,
    calls_for_watch,
    findings,
    needs_closer_look,
    remember_lone_witness,
    remember_readiness,
)

TRIGGER: Final = Trigger(kind="command", name="reconcile", is_confirmed=True)
UP_TIMES: Final = 5


@dataclass(frozen=True)
class Rounds:
    """What it takes to look after one pair."""

    ledger: Ledger
    failover: Failover
    teller: Teller
    probe: Probe
    clock: Clock

    def look(self, pair: Pair, record: Record, listed: Listed) -> Result:
        """Look at a pair without an incident, closely where its item in the list is not enough."""
        return self._guarded(pair, lambda: self._look(pair, record, listed))

    def pursue(self, pair: Pair) -> Result:
        """Look at a pair closely, then pursue its incident or end it."""
        return self._guarded(pair, lambda: self._pursue(pair))

    def _guarded(self, pair: Pair, turn: Callable[[], Result]) -> Result:
        try:
            return turn()
        except FailoverError as err:
            code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
            logger.warning("not reconciled", pair=pair.name, error=str(err))
            result = Result(Decision.BLOCKED, code, str(err), **about(pair, TRIGGER))
            return self._once_a_day(result) if isinstance(err, InvalidSettings) else result

    def tell_bad(self, bad: BadPair) -> Result:
        """Tell once a day that a pair's document is bad."""
        whom: dict[str, Any] = {"pair": bad.name, "disaster_recovery_id": bad.disaster_recovery_id}
        result = Result(Decision.BLOCKED, "invalid_pair", bad.sentence, command="reconcile", **whom)
        return self._once_a_day(result)

    def _once_a_day(self, result: Result) -> Result:
        """What keeps a pair from being looked after at all is told, as long as it lasts."""
        told = replace(result, decision=Decision.RECONCILED, reason_code="misconfigured")
        day = f"{self.clock():%Y-%m-%d}"
        notice_id = f"{result.pair}/{result.reason_code}-{day}"
        return replace(result, notified=self.teller.tell(told, notice_id, can_wait=True).notified)

    def _look(self, pair: Pair, record: Record, listed: Listed) -> Result:
        item = listed if isinstance(listed, DisasterRecovery) else None
        roles = record.standing.roles
        production_id = roles.production_cluster_id if roles else None
        address = pair.probes.get(production_id or "")
        probe = self.probe(address) if address else None
        glance = Evidence(self.clock(), production_id, detail=item, item=item, probe=probe)
        if not needs_closer_look(record, glance):
            return self._remember(pair, record, glance)
        result, _ = self._look_closely(pair, record, listed)
        return result

    def _remember(self, pair: Pair, record: Record, glance: Evidence) -> Result:
        """A pair whose item in the list is as expected: arm it, remember its probe."""
        health = remember_outage(record.health, glance)
        standing = learn(record.standing, health, glance, record.run, glance.read_at)
        self._save(pair, record, health, standing)
        return _learned(pair, record, standing, health, glance)

    def _look_closely(
        self, pair: Pair, record: Record, listed: Listed | None = None
    ) -> tuple[Result, Health]:
        record = self._settled_late(record)
        situation = self.failover.look(pair, TRIGGER, record, note=False, listed=listed)
        evidence = situation.evidence
        health = _remembered(situation, record)
        standing = learn(record.standing, health, evidence, record.run, situation.now)
        assessment = assess(replace(situation, standing=standing, health=health))
        health, readiness = remember_readiness(record, health, assessment)
        self._save(pair, record, health, standing)
        found = findings(pair, record, health, assessment)
        for finding in (*found, *([readiness] if readiness else ())):
            self._tell(finding, pair, assessment)
        result = _learned(pair, record, standing, health, evidence)
        if record.open_incident is None and calls_for_watch(record, evidence, health):
            result = self._open_watch(pair, record, health) or result
        return result, health

    def _settled_late(self, record: Record) -> Record:
        """A run that has ended may still be taken up late by the provider."""
        run = record.run
        if run is None or run.is_in_flight or not is_watched(run, record.standing, self.clock()):
            return record
        followed = self.failover.follower.follow(run, record.open_incident)
        return replace(record, runs=(followed, *record.runs[1:]))

    def _open_watch(self, pair: Pair, record: Record, health: Health) -> Result | None:
        now, since = self.clock(), health.down_since
        trigger = Trigger(kind=WATCH, name="reconcile", occurred_at=since)
        incident = new_incident(pair, record, trigger, now)
        try:
            self.ledger.open_incident(incident)
        except Conflict:
            return None
        why = "the witnesses agree that production is down: an incident is open"
        return Result(Decision.RECONCILED, "watch", why, **about(pair, TRIGGER, incident))

    def _pursue(self, pair: Pair) -> Result:
        record = self.ledger.read(pair.disaster_recovery_id)
        learned, health = self._look_closely(pair, record)
        incident, run = self._incident(pair), record.run
        if incident is None or (run and run.is_in_flight):
            return learned
        if health.up_times >= UP_TIMES:
            return self._end_up(pair, incident)
        if self.clock() > incident.retry_until:
            return self._end_late(pair, incident)
        if run and incident.is_about(run) and run.holds:
            return learned
        trigger = Trigger(incident.kind, incident.name, incident.occurred_at)
        return pursue(self.failover, self.teller, incident, pair, trigger)

    def _incident(self, pair: Pair) -> Incident | None:
        return self.ledger.read(pair.disaster_recovery_id).open_incident

    def _end_up(self, pair: Pair, incident: Incident) -> Result:
        why = f"production was up in {UP_TIMES} looks running: use the planned switchover if needed"
        over = Result(Decision.IGNORED, Ending.PRODUCTION_UP.value, why, **_whom(pair, incident))
        return self._end(incident, Ending.PRODUCTION_UP, over)

    def _end_late(self, pair: Pair, incident: Incident) -> Result:
        """Its time is over: the next alarm opens an incident of its own."""
        last = f"; last {incident.decision}: {incident.reason}" if incident.decision else ""
        until = isoformat(incident.retry_until)
        why = f"the incident was pursued until {until} (retry_for_s) and is over{last}"
        over = Result(Decision.BLOCKED, "retry_time_over", why, **_whom(pair, incident))
        return self._end(incident, Ending.RETRY_TIME_OVER, over)

    def _end(self, incident: Incident, because: Ending, over: Result) -> Result:
        try:
            return self.teller.tell_end(incident, because, over)
        except Conflict:
            return over

    def _tell(self, finding: Finding, pair: Pair, assessment: Assessment) -> None:
        shown = assessment.situation.evidence.shown
        result = Result(
            Decision.RECONCILED,
            finding.code,
            finding.sentence,
            roles=shown.roles if shown else None,
            next_steps=finding.next_steps,
            **about(pair, TRIGGER),
        )
        self.teller.tell(result, finding.once_per, can_wait=True)

    def _save(self, pair: Pair, record: Record, health: Health, standing: Standing) -> None:
        """Store what is new; what someone else has just stored is looked at in a minute."""
        id_ = pair.disaster_recovery_id
        try:
            if health != record.health:
                self.ledger.save_health(id_, health)
            if standing != record.standing:
                self.ledger.save_standing(id_, standing)
        except Conflict:
            logger.info("pair was changed by someone else", pair=pair.name)


def _remembered(situation: Situation, record: Record) -> Health:
    """All that a close look leaves behind."""
    evidence, health = situation.evidence, situation.health
    health = remember_lone_witness(remember_health(health, evidence), evidence)
    incident = record.open_incident
    health = remember_ups(health, evidence, incident.opened_at if incident else None)
    return replace(
        health,
        first_looked_at=health.first_looked_at or situation.now,
        looked_at=situation.now,
        unreadable_times=0 if evidence.shown else health.unreadable_times + 1,
    )


def _whom(pair: Pair, incident: Incident) -> dict[str, Any]:
    trigger = Trigger(incident.kind, incident.name, incident.occurred_at)
    return about(pair, trigger, incident)


def _learned(
    pair: Pair, record: Record, standing: Standing, health: Health, evidence: Evidence
) -> Result:
    shown, production = evidence.shown, evidence.production
    said = "; ".join([
        f"disaster recovery {shown.status if shown else 'unreadable'}",
        *([f"production {production.status}"] if production else []),
        f"roles {'known' if standing.roles else f'agreed {health.agreed_times} of 3 times'}",
        "armed" if standing.armed else "not armed yet",
        *([f"down since {isoformat(health.down_since)}"] if health.down_since else []),
    ])  # fmt: skip
    return Result(
        Decision.RECONCILED,
        "armed" if standing.armed else "not_armed",
        said,
        roles=standing.roles,
        **about(pair, TRIGGER, record.open_incident),
    )
