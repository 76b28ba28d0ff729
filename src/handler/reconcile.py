"""Every minute, for every pair: learn what health is like, and pursue what is open."""

from dataclasses import dataclass
from datetime import timedelta

from handler.dws.auth import Clock
from handler.errors import FailoverError, InvalidSettings
from handler.failover import Failover
from handler.health import learn, remember_health
from handler.incident import Incident
from handler.intake import pursue
from handler.ledger import Ledger, Record
from handler.outcome import Decision, Result, about
from handler.pair import Pair
from handler.pairs import Pairs
from handler.run import Run
from handler.situation import Evidence, Trigger
from handler.standing import Health, Standing
from handler.table import Conflict
from handler.telemetry import logger
from handler.telling import Teller
from handler.times import isoformat

_TRIGGER = Trigger(kind="command", name="reconcile")


@dataclass(frozen=True)
class Reconcile:
    """Looks after all pairs, one by one; trouble with one never stops the others."""

    ledger: Ledger
    failover: Failover
    teller: Teller
    clock: Clock

    def run(self, pairs: Pairs) -> tuple[Result, ...]:
        """Reconcile every pair."""
        bad = tuple(
            Result(
                Decision.BLOCKED,
                "invalid_pair",
                pair.sentence,
                command="reconcile",
                pair=pair.name,
                disaster_recovery_id=pair.disaster_recovery_id,
            )
            for pair in pairs.bad
        )
        return (*(self._guarded(pair) for pair in pairs.good), *bad)

    def _guarded(self, pair: Pair) -> Result:
        try:
            return self._reconcile(pair)
        except FailoverError as err:
            code = "invalid_credentials" if isinstance(err, InvalidSettings) else "unavailable"
            logger.warning("not reconciled", pair=pair.name, error=str(err))
            return Result(Decision.BLOCKED, code, str(err), **about(pair, _TRIGGER))

    def _reconcile(self, pair: Pair) -> Result:
        """Learn first: what keeps an incident from acting may be that too little is known."""
        record = self.ledger.read(pair.disaster_recovery_id)
        learned = self._learn(pair, record)
        incident = record.open_incident
        if incident is None:
            return learned
        trigger = Trigger(incident.kind, incident.name, incident.occurred_at)
        own_run = record.run if _is_of(record.run, incident) else None
        if own_run and own_run.holds:
            return learned
        if self.clock() - incident.opened_at > timedelta(seconds=pair.retry_for_s):
            return self._end(pair, incident, trigger)
        if own_run:  # it came to nothing: whether to try again is for a person to decide
            return learned
        return pursue(self.failover, self.teller, incident, pair, trigger)

    def _end(self, pair: Pair, incident: Incident, trigger: Trigger) -> Result:
        """Its time is over: the next alarm opens an incident of its own."""
        last = f"; last {incident.decision}: {incident.reason}" if incident.decision else ""
        why = f"the incident was pursued for {pair.retry_for_s} s and is over{last}"
        result = Result(Decision.BLOCKED, "retry_time_over", why, **about(pair, trigger, incident))
        try:
            self.ledger.note_decision(incident.ended("retry_time_over", self.clock()))
        except Conflict:
            return result
        return self.teller.tell(result, f"{incident.incident_id}/ended")

    def _learn(self, pair: Pair, record: Record) -> Result:
        situation = self.failover.look(pair, _TRIGGER, record, note=False)
        evidence = situation.evidence
        health = remember_health(situation.health, evidence)
        standing = learn(record.standing, health, evidence, situation.now)
        self._save(pair, record, health, standing)
        return Result(
            Decision.RECONCILED,
            "armed" if standing.armed else "not_armed",
            _learned(standing, health, evidence),
            roles=standing.roles,
            **about(pair, _TRIGGER, record.open_incident),
        )

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


def _is_of(run: Run | None, incident: Incident) -> bool:
    return run is not None and run.incident_id == incident.incident_id


def _learned(standing: Standing, health: Health, evidence: Evidence) -> str:
    shown, production = evidence.shown, evidence.production
    return "; ".join([
        f"disaster recovery {shown.status if shown else 'unreadable'}",
        f"production {production.status if production else 'unreadable'}",
        f"roles {'known' if standing.roles else f'agreed {health.agreed_times} of 3 times'}",
        "armed" if standing.armed else "not armed yet",
        *([f"down since {isoformat(health.down_since)}"] if health.down_since else []),
    ])  # fmt: skip
