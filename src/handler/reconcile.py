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
        if incident is None or not self._is_to_pursue(pair, record, incident):
            return learned
        trigger = Trigger(incident.kind, incident.name, incident.occurred_at)
        return pursue(self.failover, self.teller, incident, pair, trigger)

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

    def _is_to_pursue(self, pair: Pair, record: Record, incident: Incident) -> bool:
        """An incident is pursued while its time lasts and no run was made for it."""
        is_over = self.clock() - incident.opened_at > timedelta(seconds=pair.retry_for_s)
        had_run = record.run is not None and record.run.incident_id == incident.incident_id
        return not is_over and not had_run

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


def _learned(standing: Standing, health: Health, evidence: Evidence) -> str:
    shown, production = evidence.shown, evidence.production
    return "; ".join([
        f"disaster recovery {shown.status if shown else 'unreadable'}",
        f"production {production.status if production else 'unreadable'}",
        f"roles {'known' if standing.roles else f'agreed {health.agreed_times} of 3 times'}",
        "armed" if standing.armed else "not armed yet",
        *([f"down since {isoformat(health.down_since)}"] if health.down_since else []),
    ])  # fmt: skip
