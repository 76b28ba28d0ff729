"""What only has to last is ordered when it has: no incident waits for the schedule's minute."""

from datetime import datetime, timedelta

from local.simulation.choices import PLAIN
from local.simulation.facts import Body, time_of
from local.simulation.sites import Site
from local.simulation.stage import Stage
from local.simulation.strands import Violation

AT_MOST = timedelta(seconds=10)


class Promptness:
    """Judges how soon after its time an order was claimed, where nothing else refused it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def judge(self, began: datetime) -> None:
        """From the first word on, it takes as long as production has to be down, and 10 s.

        Raises:
            Violation: it took longer.
        """
        plan = self._stage.plan
        is_plain = plan.trouble == "production dies" and plan.variants in PLAIN
        if not is_plain or plan.neighbour or plan.mode != "automatic":
            return
        for site in self._stage.sites.values():
            for run in self._stage.facts.runs(site.id)[:1]:
                if run.get("incident_id") and run["trigger"]["kind"] != "command":
                    self._is_in_time(site, run, began)

    def _is_in_time(self, site: Site, run: Body, began: datetime) -> None:
        incident = self._stage.facts.incidents[run["incident_id"]]
        word = time_of(run, "outage_began_at")
        opened, claimed = time_of(incident, "opened_at"), time_of(run, "claimed_at")
        down_for = timedelta(seconds=site.settings["production_down_for_s"])
        until = max(word + down_for, opened) + AT_MOST
        if claimed > until and self._is_undisturbed(min(word, opened), until, began):
            late_s = (claimed - until + AT_MOST).total_seconds()
            raise Violation(f"run {run['run_id']} was claimed {late_s:.0f} s after it was due")

    def _is_undisturbed(self, since: datetime, until: datetime, began: datetime) -> bool:
        """Whether all services did as they should, and nobody did anything but alarms."""
        stage = self._stage
        seconds = (until - since).total_seconds()
        others = [one.at_s for one in stage.plan.signals if one.what != "ALARM"]
        is_alone = all(began + timedelta(seconds=at_s) > until for at_s in others)
        return is_alone and stage.facts.calm_until(since, seconds) <= until
