"""One history: a plan comes true, is watched, and judged at its end."""

from datetime import datetime, timedelta
from functools import partial

from local.simulation.choices import PLAIN
from local.simulation.people import People
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal
from local.simulation.progress import Progress
from local.simulation.promptness import Promptness
from local.simulation.stage import Stage
from local.simulation.troubles import Troubles

QUIET_AFTER_S = 35 * MINUTE
LONG_QUIET_AFTER_S = 80 * MINUTE  # where an order is executed an hour late
QUIET_FOR_S = 24 * MINUTE
OFTEN_FOR_S = 32 * MINUTE  # after that reconcile comes every third minute only


class History:
    """A plan on its stage, with the people and the troubles that it has."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stage = Stage(plan)
        self.machine, self.checks = self.stage.machine, self.stage.checks
        self.people = People(self.stage, self.stage.site)
        self.troubles = Troubles(self.stage)
        self.progress = Progress(self.stage)
        self.promptness = Promptness(self.stage)

    def run(self) -> None:
        """Let it come true.

        Raises:
            Violation: it did what must never be.
        """
        try:
            self._run()
        finally:
            self.machine.close()

    def _run(self) -> None:
        machine, plan = self.machine, self.plan
        began = machine.start + timedelta(seconds=TROUBLE_AT_S)
        quiet_at = began + timedelta(seconds=self._quiet_after_s)
        end = quiet_at + timedelta(seconds=self._quiet_for_s)
        self.stage.facts.often_until = machine.start + timedelta(seconds=OFTEN_FOR_S)
        self._schedule(end + timedelta(hours=1))
        machine.at(began, self.troubles.begin)
        for signal in plan.signals:
            at = began + timedelta(seconds=signal.at_s)
            machine.at(at, partial(self.people.act, signal))
        machine.at(quiet_at, self._become_quiet)
        machine.run_until(end)
        self.progress.judge(began)
        self.promptness.judge(began)
        self.troubles.judge(began)
        self.checks.judge(quiet_at)
        if plan.recovers or plan.forgets:
            self._happen_again(end)

    @property
    def _quiet_after_s(self) -> int:
        delay_s: float = self.plan.variants.get("order_delay_s", 0)
        if self.plan.crowd or self.plan.neighbour:
            return 8 * MINUTE
        return LONG_QUIET_AFTER_S if delay_s > QUIET_AFTER_S / 2 else QUIET_AFTER_S

    @property
    def _quiet_for_s(self) -> int:
        return 0 if self.plan.crowd else 12 * MINUTE if self.plan.neighbour else QUIET_FOR_S

    def _schedule(self, end: datetime) -> None:
        """The schedule: every minute, but for those that it misses."""
        minute = 0
        while (at := self.machine.start + timedelta(minutes=minute)) < end:
            is_due = minute * MINUTE < OFTEN_FOR_S or minute % 3 == 0
            if is_due and minute not in self.plan.missed_reconciles:
                self.machine.at(at, self._reconcile)
            minute += 1

    def _reconcile(self) -> None:
        self.stage.world.advance(self.machine.now)  # also while nobody asks the provider
        if self.machine.is_idle:
            self.checks.kept.look()
        self.stage.invoke("reconcile", {"command": "reconcile"})

    def _become_quiet(self) -> None:
        """Whatever was in the way is over; the provider stays as it is."""
        self.machine.tell("all is quiet")
        self.stage.faults.is_quiet = True
        self.troubles.end()

    def _happen_again(self, end: datetime) -> None:
        """People clean up, or forget half of it; the next outage is as good as the first."""
        machine, site, plan = self.machine, self.stage.site, self.plan
        pair = site.pair
        is_plain = plan.variants in PLAIN and plan.trouble != "region goes dark"
        if pair.is_deleted or (plan.recovers and not (is_plain and plan.mode == "automatic")):
            return
        self.stage.put_document(site, site.written(), is_good=True)
        pair.restore(machine.now)
        self.people.resume_all()
        machine.run_until(end + timedelta(minutes=4))
        if not plan.forgets:
            self.people.acknowledge_all()
        if pair.state.status == "abnormal":
            pair.order("recovery", machine.now)
        machine.run_until(machine.now + timedelta(minutes=20))
        pair.break_production(machine.now)
        before = machine.now
        if self.plan.has_probe is False or not plan.forgets:
            self.people.alarm(Signal(0, "ALARM", "a"), "ALARM")
        machine.run_until(before + timedelta(minutes=12))
        self.progress.judge_the_next(before)
        self.checks.judge(before)
