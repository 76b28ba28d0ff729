"""Nothing keeps the function from acting where it should: evidence is good, and no brake is on."""

from datetime import datetime, timedelta

from local.simulation.choices import PLAIN
from local.simulation.facts import OPEN, Body, holds, never_started, time_of
from local.simulation.sites import RETRY_S
from local.simulation.stage import Stage
from local.simulation.strands import Violation

GOOD_FOR = timedelta(minutes=10)
SOON = timedelta(minutes=6)
TRIED_AGAIN_AFTER_S = (60, 120, 240, 300, 300, 300)
TWO_LOOKS_S = 130


class Progress:
    """Judges what should have happened by itself."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def judge(self, began: datetime) -> None:
        """If evidence is good for ten minutes and nothing brakes, the failover happens.

        Raises:
            Violation: it has not.
        """
        plan = self._stage.plan
        first = min((s.at_s for s in plan.signals if s.what == "ALARM"), default=None)
        is_plain = plan.trouble == "production dies" and plan.variants in PLAIN
        if not is_plain or plan.neighbour or plan.mode != "automatic" or first is None:
            return
        if all(one.what == "ALARM" for one in plan.signals):
            self._is_ordered(began, began + timedelta(seconds=first))
        if {one.what.partition(",")[0] for one in plan.signals} <= {"ALARM", "fail over"}:
            self._is_tried_again()

    def _is_ordered(self, began: datetime, opened: datetime) -> None:
        stage, plan = self._stage, self._stage.plan
        bad = [one.to_s for one in plan.garbage if one.operation != "events"]
        ends = [*(one.to_s for one in plan.windows), *bad]
        start = stage.machine.start
        good_from = max(
            opened, stage.faults.last_at, *(start + timedelta(seconds=one) for one in ends)
        )
        # As much can be thought lost where the outage is only seen once all is well.
        if timedelta(seconds=plan.max_data_loss_s) < good_from - began + timedelta(minutes=2):
            return
        until = good_from + GOOD_FOR + timedelta(seconds=plan.down_for_s)
        if until > min(opened + timedelta(seconds=RETRY_S), stage.machine.now):
            return
        if not stage.checks.claimed_within(stage.site.id, began, until):
            raise Violation(f"evidence was good from {good_from} on and nothing was ordered")

    def _is_tried_again(self) -> None:
        """A run that started nothing is followed by another one, while its incident is open."""
        stage, runs = self._stage, self._stage.facts.runs(self._stage.site.id)
        is_enough = stage.plan.max_data_loss_s >= timedelta(hours=1).total_seconds()
        if not is_enough or stage.plan.windows or any(map(holds, runs)):
            return
        for number, run in enumerate(runs):
            if never_started(run) and run.get("incident_id") and run.get("ended_at"):
                tries = [one for one in runs[: number + 1] if _is_of(one, run)]
                self._next_is_in_time(run, len(tries), runs[number + 1 :])

    def _next_is_in_time(self, run: Body, tries: int, later: list[Body]) -> None:
        facts, machine = self._stage.facts, self._stage.machine
        incident = facts.incidents[run["incident_id"]]
        if tries > len(TRIED_AGAIN_AFTER_S):
            return
        due = time_of(run, "ended_at") + timedelta(seconds=TRIED_AGAIN_AFTER_S[tries - 1])
        until = facts.calm_until(due, TWO_LOOKS_S * facts.slowness(due))
        ended = time_of(incident, "ended_at") if incident.get("ended_at") else machine.now
        over = min(ended, time_of(incident, "retry_until"), machine.now)
        if until < over and not any(time_of(one, "claimed_at") <= until for one in later):
            raise Violation(f"run {run['run_id']} started nothing and was not tried again")

    def judge_the_next(self, before: datetime) -> None:
        """The next outage is as good as the first.

        Raises:
            Violation: it was not.
        """
        stage = self._stage
        if stage.plan.forgets:
            self._what_was_forgotten_is_told(before)
            return
        if timedelta(seconds=stage.plan.max_data_loss_s) < timedelta(minutes=2):
            return
        if not stage.checks.claimed_within(stage.site.id, before, stage.machine.now):
            raise Violation(
                "the next outage, after all was acknowledged and armed, was slept through"
            )

    def _what_was_forgotten_is_told(self, before: datetime) -> None:
        """What holds does not blind: the outage is an incident, and people hear what is held."""
        stage, site, until = self._stage, self._stage.site, before + SOON
        facts = stage.facts
        pair_state = facts.items.get((site.id, "state#pair"), {})
        expected = (pair_state.get("roles") or {}).get("production_cluster_id")
        is_in_flight = any(run["state"] in OPEN for run in facts.runs(site.id))
        if expected != site.pair.production_id or is_in_flight or site.pair.is_deleted:
            return
        told = [one for one in facts.told_since(before) if one.body["pair"] == site.name]
        if not any(one.at < until and one.body["incident_id"] for one in told):
            raise Violation("an outage opened no incident that anyone heard of: an old run is held")


def _is_of(one: Body, run: Body) -> bool:
    return bool(one.get("incident_id") == run["incident_id"])
