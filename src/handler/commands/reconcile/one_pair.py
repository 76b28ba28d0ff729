"""Reconcile's turn at one pair: look, learn, tell what is new, pursue or end its incident.

Looking only reads: it is done in threads, side by side, and may be given up. All that changes
something is done by the invocation's own thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from handler.aws.ledger import Ledger
from handler.aws.pairs import BadPair
from handler.aws.telemetry import logger
from handler.commands.reconcile.findings import (
    Finding,
    calls_for_watch,
    findings,
    needs_closer_look,
    remember_lone_witness,
    remember_odd_roles,
    remember_old_production,
    remember_readiness,
    watched,
)
from handler.commands.reconcile.learn import learn, remember_health, remember_ups
from handler.dws.client import Unreadable
from handler.dws.probe import Probe
from handler.errors import Conflict
from handler.failover.act import Failover
from handler.failover.gather import Listed
from handler.failover.incidents import BELONGS_FOR, new_incident, pursue
from handler.failover.next_steps import correcting, rehearsing
from handler.failover.results import about
from handler.failover.settle import Sighting
from handler.gates.assess import Assessment, assess
from handler.gates.witnesses import remember_outage
from handler.model.alarm_history import key_of
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.evidence import Evidence, Situation
from handler.model.incident import WATCH, Ending, Incident
from handler.model.notice import Notice
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Health, Record, Standing
from handler.model.result import Decision, Result
from handler.model.run import Run, RunState
from handler.model.signals import Trigger
from handler.model.times import Clock, isoformat
from handler.notifications.outbox import Teller

TRIGGER: Final = Trigger(kind="command", name="reconcile", is_confirmed=True)
UP_TIMES: Final = 5


@dataclass(frozen=True)
class Seen:
    """What a look at a pair showed; `runs` what it means for those that may be executed late."""

    evidence: Evidence
    is_close: bool = False
    runs: Mapping[str, Sighting] = field(default_factory=dict)
    old_probe: bool | None = None


@dataclass(frozen=True)
class Rounds:
    """What it takes to look after one pair."""

    ledger: Ledger
    failover: Failover
    teller: Teller
    probe: Probe
    clock: Clock

    def look(self, pair: Pair, record: Record, listed: Listed) -> Seen:
        """Look at a pair, closely where its item in the list is not enough.

        Raises:
            FailoverError: it cannot be looked at.
        """
        glance = self._glance(pair, record, listed)
        if not needs_closer_look(record, glance):
            return Seen(glance)
        return self.look_closely(pair, record, listed)

    def look_closely(self, pair: Pair, record: Record, listed: Listed | None = None) -> Seen:
        """Read all that there is to be seen of a pair.

        Raises:
            FailoverError: it cannot be looked at.
        """
        follower = self.failover.follower
        runs = {run.run_id: follower.look(run) for run in watched(record, self.clock())}
        evidence = self.failover.read(pair, record, listed)
        return Seen(evidence, True, runs, self._probe_old(pair, record, evidence))  # noqa: FBT003

    def judge(self, pair: Pair, record: Record, seen: Seen, fleet: Fleet | None = None) -> Result:
        """Store and tell what a look has shown, and open a watch where the witnesses agree.

        Raises:
            FailoverError: it cannot be stored.
        """
        if not seen.is_close:
            return self._remember(pair, record, seen.evidence)
        # All that a claim would read, older runs as well: what reads ready can be claimed.
        record = self.ledger.read(pair.disaster_recovery_id)
        result, health = self._learn(pair, record, seen, fleet)
        record = replace(record, health=health)
        if record.standing.muted or record.open_incident:
            return result
        if not calls_for_watch(record, seen.evidence, health):
            return result
        return self._open_watch(pair, record, health) or result

    def pursue(self, pair: Pair) -> Result:
        """Look at a pair closely, then pursue its incident or end it.

        Raises:
            FailoverError: it cannot be looked at or stored.
        """
        record = self.ledger.read(pair.disaster_recovery_id)
        seen = self.look_closely(pair, record)
        learned, health = self._learn(pair, record, seen, None)
        record = self.ledger.read(pair.disaster_recovery_id)
        incident = record.open_incident
        if incident is None or record.in_flight:
            return learned
        if _is_over_with(record.run, incident):
            return self._end_silently(pair, incident, record) or learned
        if health.up_times >= UP_TIMES:
            return self._end_up(pair, incident, record)
        if self.clock() > incident.retry_until:
            return self._end_late(pair, incident, record)
        if any(incident.is_about(run) for run in record.held):
            return learned
        trigger = Trigger(
            incident.kind,
            incident.name,
            incident.occurred_at,
            needs_two_words=incident.needs_two_words,
        )
        return pursue(self.failover, self.teller, incident, pair, trigger)

    def tell_bad(self, bad: BadPair) -> Result:
        """Tell once a day that a pair's document is bad."""
        whom: dict[str, Any] = {"pair": bad.name, "disaster_recovery_id": bad.disaster_recovery_id}
        steps = correcting(bad.name)
        result = Result(
            Decision.BLOCKED,
            "invalid_pair",
            bad.sentence,
            command="reconcile",
            next_steps=steps,
            **whom,
        )
        return self.tell_misconfigured(result)

    def tell_misconfigured(self, result: Result) -> Result:
        """What keeps a pair from being looked after is told daily, and when it is another thing."""
        told = replace(result, decision=Decision.RECONCILED, reason_code="misconfigured")
        day = f"{self.clock():%Y-%m-%d}"
        what = key_of(result.reason)
        notice_id = f"{result.pair}/{result.reason_code}-{day}-{what}"
        return replace(result, notified=self.teller.tell(told, notice_id, can_wait=True).notified)

    def _glance(self, pair: Pair, record: Record, listed: Listed) -> Evidence:
        item = listed if isinstance(listed, DisasterRecovery) else None
        roles = record.standing.roles
        production_id = roles.production_cluster_id if roles else None
        address = pair.probes.get(production_id or "")
        probe = self._ask(address) if address else None
        return Evidence(self.clock(), production_id, detail=item, item=item, probe=probe)

    def _ask(self, address: str) -> bool | None:
        try:
            return self.probe(address)
        except Unreadable:
            return None

    def _probe_old(self, pair: Pair, record: Record, evidence: Evidence) -> bool | None:
        """Whether what was production until the last failover can be reached again."""
        run = record.run
        if run is None or run.state is not RunState.SUCCEEDED:
            return None
        old = run.roles.production_cluster_id
        if evidence.production_id == old:
            return evidence.probe
        address = pair.probes.get(old)
        return self._ask(address) if address else None

    def _remember(self, pair: Pair, record: Record, glance: Evidence) -> Result:
        """A pair whose item in the list is as expected: arm it, remember its probe."""
        health = remember_outage(record.health, glance)
        standing = learn(record.standing, health, glance, record, glance.read_at)
        self._save(pair, record, health, standing)
        return _learned(pair, record, standing, health, glance)

    def _learn(
        self, pair: Pair, record: Record, seen: Seen, fleet: Fleet | None
    ) -> tuple[Result, Health]:
        record = self._settled_late(record, seen)
        situation = self.failover.look(
            pair, TRIGGER, record, note=False, seen=seen.evidence, fleet=fleet
        )
        health = _remembered(situation, record)
        health = remember_odd_roles(record, health, seen.evidence, situation.now)
        health = remember_old_production(record, health, seen.evidence, seen.old_probe)
        standing = learn(record.standing, health, seen.evidence, record, situation.now)
        assessment = assess(replace(situation, standing=standing, health=health))
        if assessment.is_ready:
            self.failover.check_claim(assessment)
        health, readiness = remember_readiness(record, health, assessment)
        news = self._notice(readiness, pair, assessment) if readiness else None
        if not self._save(pair, record, health, standing, news):
            # Since when something is so makes it news, and that has not been stored.
            return _learned(pair, record, standing, health, seen.evidence), health
        for finding in findings(pair, record, health, assessment, seen.old_probe):
            self.teller.tell(_found(finding, pair, assessment), finding.once_per, can_wait=True)
        return _learned(pair, record, standing, health, seen.evidence), health

    def _settled_late(self, record: Record, seen: Seen) -> Record:
        """A run that has ended may still be taken up late by the provider."""
        follower = self.failover.follower
        for run in (*record.runs, *record.held):
            if run.run_id not in seen.runs:
                continue
            settled = follower.settle(run, seen.runs[run.run_id])
            if settled.transitions != run.transitions:
                return self.ledger.read(run.disaster_recovery_id)
            runs = tuple(settled if one is run else one for one in record.runs)
            held = tuple(settled if one is run else one for one in record.held)
            return replace(record, runs=runs, held=held)
        return record

    def _open_watch(self, pair: Pair, record: Record, health: Health) -> Result | None:
        now, since = self.clock(), health.down_since
        trigger = Trigger(kind=WATCH, name="reconcile", occurred_at=since)
        incident = new_incident(pair, record, trigger, now)
        standing = self.ledger.read(pair.disaster_recovery_id).standing
        try:
            self.ledger.open_incident(incident, standing)
        except Conflict:
            return None
        why = "the witnesses agree that production is down: an incident is open"
        return Result(Decision.RECONCILED, "watch", why, **about(pair, TRIGGER, incident))

    def _end_up(self, pair: Pair, incident: Incident, record: Record) -> Result:
        why = (
            f"production was up in {UP_TIMES} consecutive checks: use the planned switchover if"
            " needed"
        )
        over = Result(Decision.IGNORED, Ending.PRODUCTION_UP.value, why, **_whom(pair, incident))
        return self._end(incident, Ending.PRODUCTION_UP, over, record)

    def _end_late(self, pair: Pair, incident: Incident, record: Record) -> Result:
        """Its time is over: the next alarm opens an incident of its own."""
        last = f"; last {incident.decision}: {incident.reason}" if incident.decision else ""
        until = isoformat(incident.retry_until)
        why = f"the incident was pursued until {until} (retry_for_s) and is over{last}"
        steps, whom = rehearsing(pair.name), _whom(pair, incident)
        over = Result(Decision.BLOCKED, "retry_time_over", why, next_steps=steps, **whom)
        return self._end(incident, Ending.RETRY_TIME_OVER, over, record)

    def _end(self, incident: Incident, because: Ending, over: Result, record: Record) -> Result:
        try:
            return self.teller.tell_end(incident, because, over, record)
        except Conflict:
            return over

    def _end_silently(self, pair: Pair, incident: Incident, record: Record) -> Result | None:
        """An incident that was opened while its outage's run succeeded; the run has told it."""
        ended = incident.ended(Ending.FAILED_OVER, self.clock())
        try:
            self.ledger.end_incident(ended, record.standing, None)
        except Conflict:
            return None
        why = "the run of its outage has succeeded"
        return Result(Decision.IGNORED, Ending.FAILED_OVER.value, why, **_whom(pair, incident))

    def _notice(self, finding: Finding, pair: Pair, assessment: Assessment) -> Notice:
        return self.teller.notice(_found(finding, pair, assessment), finding.once_per)

    def _save(
        self,
        pair: Pair,
        record: Record,
        health: Health,
        standing: Standing,
        news: Notice | None = None,
    ) -> bool:
        """Store what is new, with its news; what someone else has stored is seen in a minute."""
        id_ = pair.disaster_recovery_id
        try:
            if health != record.health:
                self.ledger.save_health(id_, health, (news,) if news else ())
                if news:
                    self.teller.publish(news)
            if standing != record.standing:
                self.ledger.save_standing(id_, standing)
        except Conflict:
            logger.info("pair was changed by someone else", pair=pair.name)
            return False
        return True


def _is_over_with(run: Run | None, incident: Incident) -> bool:
    """Whether an incident is about what a run has ended: its alarms are from before."""
    if run is None or run.state is not RunState.SUCCEEDED or run.ended_at is None:
        return False
    is_before = incident.newest_alarm_at < run.ended_at + BELONGS_FOR
    return is_before and incident.opened_at <= run.ended_at


def _found(finding: Finding, pair: Pair, assessment: Assessment) -> Result:
    shown = assessment.situation.evidence.shown
    return Result(
        Decision.RECONCILED,
        finding.code,
        finding.sentence,
        roles=shown.roles if shown else None,
        next_steps=finding.next_steps,
        **about(pair, TRIGGER),
    )


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
    agreed = f"learned after three healthy checks ({health.agreed_times} of 3 so far)"
    said = "; ".join([
        f"disaster recovery {shown.status if shown else 'unreadable'}",
        *([f"production {production.status}"] if production else []),
        f"roles {'known' if standing.roles else agreed}",
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
