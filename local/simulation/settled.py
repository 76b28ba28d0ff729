"""At a history's end, what is stored of runs and incidents fits what was."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from local.dws.model.state import State
from local.simulation.facts import (
    FRESH_FOR,
    OPEN,
    Body,
    Change,
    Facts,
    never_started,
    time_of,
)
from local.simulation.sites import Site
from local.simulation.time_over import over_at

A_WHILE = timedelta(minutes=6)
FIVE_LOOKS = timedelta(minutes=3)  # a minute apart, the first just after the alarm
LOOKED_AT_S = 720  # closely at least every ten minutes
HOURLY = timedelta(minutes=70)
OF_A_LOST_PAIR = ("new_production_down", "old_production_back")
_TIME = re.compile(r"-(\d{4}-\d\d-\d\dT[\d:]+Z)")


class Settled:
    """Judges runs and incidents, by the provider's truth."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def changed(self, run: Body) -> None:
        """A run has changed: what was accepted never came to nothing."""
        accepted = self._facts.accepted.get(run["disaster_recovery_id"], ())
        is_accepted = any(one.run["run_id"] == run["run_id"] for one in accepted)
        if is_accepted and never_started(run):
            self._found(f"run {run['run_id']} was accepted and is stored as {run['state']}")
        if run["state"] == "not_started" and self._is_known_to_be_taken(run):
            self._found(f"run {run['run_id']} was answered as accepted and is now not_started")

    def _is_known_to_be_taken(self, run: Body) -> bool:
        """Whether the function has heard so, has lived on, and the table was to be had again."""
        facts = self._facts
        by = facts.answered.get(run["run_id"])
        is_away = any(one.service == "table" for one in facts.plan.windows)
        return by is not None and not by.is_dead and not is_away

    def roles_changed(self, change: Change) -> None:
        """A pair's item has changed: two words of a person that lead back are nobody's change."""
        invocation, before, after = self._facts.machine.current, change.before, change.after
        site = self._facts.site(change.pk)
        is_word = invocation is not None and invocation.event.get("command") == "acknowledge"
        if not is_word or site is None or before.get("roles") == after.get("roles"):
            return
        known = [before, *(one.before for one in self._facts.changes["state#pair"])]
        is_from_before = any(
            one.get("roles") == after.get("roles") and one.get("roles_changed_by") == "other"
            for one in known
        )
        productions = {state.production.id for _, state in site.pair.history}
        is_back = productions == {after.get("roles", {}).get("production_cluster_id")}
        if is_back and after.get("roles_changed_by") == "other" and not is_from_before:
            self._found(f"{site.name} was switched by nobody, and its roles are another's doing")

    def judge(self, quiet_since: datetime) -> None:
        """Judge a history that has been quiet for long enough to be over."""
        self._incidents_have_ended()
        self._no_standby_is_called_old()
        for run in self._facts.runs():
            if site := self._facts.site(run["disaster_recovery_id"]):
                self._run_fits_the_truth(run, site, quiet_since)
                self._open_run_is_told_hourly(run)
                self._what_followed_was_told(run, site)

    def _incidents_have_ended(self) -> None:
        facts, now = self._facts, self._facts.machine.now
        for incident in facts.incidents.values():
            id_, over = incident["incident_id"], over_at(facts, incident)
            runs = facts.runs(incident["disaster_recovery_id"])
            is_in_flight = any(run["state"] in OPEN for run in runs)
            if incident["state"] == "open":
                if now > over + A_WHILE and not is_in_flight:
                    self._found(f"incident {id_} never ended")
                continue
            lasted = time_of(incident, "ended_at") - time_of(incident, "opened_at")
            is_plain = facts.plan.is_undisturbed and not facts.plan.repeats
            is_up = incident["ended_because"] == "production_up"
            if is_plain and is_up and lasted < FIVE_LOOKS:
                self._found(f"incident {id_} ended after {lasted}, which is too few looks")

    def _no_standby_is_called_old(self) -> None:
        """After the pair was armed anew an outage leaves a standby, and no production of before."""
        facts, runs = self._facts, {run["run_id"]: run for run in self._facts.runs()}
        for told in (*facts.told, *facts.refused()):
            run = runs.get(told.notice_id.partition("/")[0])
            if run is None or told.body["reason_code"] not in OF_A_LOST_PAIR:
                continue
            # The reminder of a run that is still open is numbered: such a run was never over.
            if not (times := _TIME.findall(told.notice_id)):
                continue
            began = datetime.fromisoformat(times[0])
            armed = facts.armed_at(run["disaster_recovery_id"])
            if any(time_of(run, "ended_at") < at < began for at in armed):
                code = told.body["reason_code"]
                self._found(f"{code} was told of {began:%H:%M:%S}, and the pair was armed before")

    def _run_fits_the_truth(self, run: Body, site: Site, quiet_since: datetime) -> None:
        id_, state, pair = run["run_id"], run["state"], site.pair
        is_switched = pair.production_id == run["roles"]["standby_cluster_id"]
        was_switched = any(
            one.id == run["roles"]["standby_cluster_id"] for one in _productions(site, run)
        )
        if state == "succeeded" and not was_switched:
            self._found(f"run {id_} succeeded though nothing was exchanged")
        if self._facts.machine.now - quiet_since < A_WHILE or pair.is_deleted:
            return
        if state == "submitting":
            self._found(f"run {id_} is still submitting")
        is_settled = is_switched and self._is_settled_since(site, quiet_since)
        if state in OPEN and is_settled:
            self._found(f"run {id_} is {state} though the roles are exchanged")
        is_last = run is self._facts.runs(site.id)[-1]
        # What was never sent is not looked for: a switch is somebody else's.
        is_nothing = (
            state in ("not_started", "provider_rejected") and run.get("answer") != "not_sent"
        )
        if self._is_anothers(run) or self._is_as_a_person_said(run):
            return
        if is_last and is_nothing and not run.get("acknowledged_at") and is_settled:
            self._found(f"run {id_} is {state} though the roles are exchanged")

    def _is_anothers(self, run: Body) -> bool:
        """Whether a run was proved, after this one was claimed, to have done the switch."""
        claimed_at = time_of(run, "claimed_at")
        return any(
            one["state"] == "succeeded" and time_of(one, "ended_at") >= claimed_at
            for one in self._facts.runs(run["disaster_recovery_id"])
            if one["run_id"] != run["run_id"]
        )

    def _is_as_a_person_said(self, run: Body) -> bool:
        """Whether a person has said since that the roles are these: nobody looks who did it."""
        pair_state = self._facts.items.get((run["disaster_recovery_id"], "state#pair"), {})
        said = pair_state.get("roles", {}).get("production_cluster_id")
        if (
            said != run["roles"]["standby_cluster_id"]
            or pair_state["roles_changed_by"] == "learned"
        ):
            return False
        return time_of(pair_state, "roles_since") > time_of(run, "claimed_at")

    def _is_settled_since(self, site: Site, quiet_since: datetime) -> bool:
        last_change = max((at for at, _ in site.pair.history), default=quiet_since)
        is_alive = site.pair.state.production.is_alive and site.pair.status != "switchovering"
        return is_alive and self._facts.machine.now - max(last_change, quiet_since) > A_WHILE

    def _open_run_is_told_hourly(self, run: Body) -> None:
        if run["state"] not in OPEN:
            return
        told = [one.at for one in self._facts.told if one.body["run_id"] == run["run_id"]]
        last = max(told, default=time_of(run, "claimed_at"))
        if self._facts.machine.now - last > HOURLY:
            self._found(f"run {run['run_id']} is open and was last told at {last}")

    def _what_followed_was_told(self, run: Body, site: Site) -> None:
        """After a failover: the old production lives again, or the roles are switched back."""
        is_last = run["run_id"] == self._facts.runs(site.id)[-1]["run_id"]
        if not is_last or run["state"] != "succeeded" or run.get("acknowledged_at"):
            return
        old, states = run["roles"]["production_cluster_id"], site.pair.history[::-1]
        back_since = _since(states, lambda state: state.production.id == old)
        lives_since = _since(
            states,
            lambda state: (
                state.standby.id == old and state.standby.is_alive and state.status != "running"
            ),
        )
        self._was_told_after(site, back_since, "roles_changed")
        if any(at > time_of(run, "ended_at") for at in self._facts.armed_at(site.id)):
            return  # the old one is a standby by now
        is_dark = site.pair.variants.production_dark and not site.settings["probes"]
        self._was_told_after(site, None if is_dark else lives_since, "old_production_back")

    def _was_told_after(self, site: Site, since: datetime | None, code: str) -> None:
        facts = self._facts
        if since is None or not site.changed_at or not site.is_as_written or site.pair.is_deleted:
            return
        since = max(since, site.changed_at)
        if facts.calm_until(since, LOOKED_AT_S * facts.slowness(since)) > facts.machine.now:
            return
        codes = [
            one.body["reason_code"] for one in (*facts.told, *facts.refused())
            if one.body["disaster_recovery_id"] == site.id
        ]  # fmt: skip
        if code not in codes:
            self._found(f"{code} was not told of {site.name}, which is so since {since:%H:%M:%S}")

    def _found(self, why: str) -> None:
        self._facts.machine.found(why)


def _since(
    states: tuple[tuple[datetime, State], ...], is_so: Callable[[State], bool]
) -> datetime | None:
    """Since when something is so that is so now; the newest state comes first."""
    since = None
    for at, state in states:
        if not is_so(state):
            break
        since = at
    return since


def _productions(site: Site, run: Body) -> Iterator[Any]:
    """What was production since the evidence that a run was claimed on: nobody knew it sooner."""
    since = time_of(run, "claimed_at") - FRESH_FOR
    for at, state in site.pair.history:
        if at >= since:
            yield state.production
