"""What must hold whenever an order leaves, reaches the provider, or is taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from local.dws.wire import Answer
from local.simulation.facts import FRESH_FOR, Accepted, Body, Facts, SeenUp, holds, time_of
from local.simulation.sites import Site
from local.simulation.strands import Invocation, Strand

LOOK_BACK_S = (20, 15, 10, 5, 0)  # how old the evidence of an order may be, by the provider's truth
A_WHILE = timedelta(minutes=6)
A_MINUTE = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=10)  # from a word to what is stored of it
_LATE = ("slow", "slow answer")  # what is heard all the same
CACHED_FOR = timedelta(seconds=31)  # a document


class Orders:
    """Watches each order on its way."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def hear(self, operation: str, id_: str, answer: Answer | None) -> None:
        """An invocation asks the provider, or is answered: what it may rest on, and how old it is.

        What was asked in vain is asked all the same: it is silence, just heard.
        """
        invocation = self._facts.machine.current
        if invocation is None:
            return
        now = self._facts.machine.now
        if operation == "list":
            for one in self._facts.sites.values():
                invocation.heard["list", one.id] = (now, _status_in_list(answer, one.id))
        elif operation in ("detail", "cluster"):
            self._note_up(id_, answer, invocation)
            shown = (
                _body(answer, "disaster_recovery").get("status") if operation == "detail" else None
            )
            invocation.heard[operation, id_] = (now, shown)

    def _note_up(self, id_: str, answer: Answer | None, invocation: Invocation) -> None:
        is_up = _body(answer, "cluster").get("status") in ("AVAILABLE", "ACTIVE")
        if is_up and invocation.event.get("command", "reconcile") == "reconcile":
            seen = SeenUp(self._facts.machine.now, id_, invocation)
            self._facts.seen_up.append(seen)

    def sent(self, id_: str) -> None:
        """The headers of an order begin to leave."""
        facts, strand = self._facts, self._facts.machine.strand
        site = facts.site(id_)
        if strand is None or site is None:
            raise AssertionError(f"an order for {id_} comes from nowhere")
        facts.machine.tell("order leaves")
        if not strand.is_main:
            self._found("an order leaves from a thread, which may go on after its invocation")
        if strand.is_outside:
            self._found("an order leaves after its invocation has ended")
        self._evidence_is_fresh(strand, site)
        for what in ("detail", "list"):
            if strand.invocation.heard.get((what, id_), (None, None))[1] == "switchovering":
                self._found(f"ordered though the {what} said that the pair is switching")

    def reached(self, id_: str) -> None:
        """An order has reached the provider."""
        facts = self._facts
        facts.machine.tell("order reaches the provider")
        facts.ordered_at.append(facts.machine.now)
        run = self._run(id_)
        if run is None:
            self._found("an order reaches the provider and no claim is stored")
            return
        self._no_brake(run)
        self._nothing_held_was_passed(run)
        if run["trigger"]["kind"] != "command":
            self._by_itself_only_for_a_reason(run)
        else:
            self._no_outage_before_it_began(run)

    def taken(self, id_: str) -> None:
        """The provider has taken an order."""
        facts, run = self._facts, self._run(id_)
        facts.machine.tell("order is taken")
        if run is None:
            return
        self._only_once(run)
        facts.accepted.setdefault(id_, []).append(Accepted(facts.machine.now, run))

    def heard(self) -> None:
        """The provider's word that it has taken an order has come back."""
        invocation = self._facts.machine.current
        if invocation and invocation.claimed:
            self._facts.answered[invocation.claimed] = invocation

    def _found(self, why: str) -> None:
        self._facts.machine.found(why)

    def _run(self, id_: str) -> Body | None:
        """The run that this invocation has claimed."""
        invocation = self._facts.machine.current
        claimed = invocation.claimed if invocation else None
        run = self._facts.items.get((id_, f"run#{claimed}"))
        return run if run and run["state"] == "submitting" else None

    def _evidence_is_fresh(self, strand: Strand, site: Site) -> None:
        now, heard = self._facts.machine.now, strand.invocation.heard
        for key in self._witnesses(site):
            at, _ = heard.get(key, (None, None))
            if at is None or now - at > FRESH_FOR:
                old = f"{(now - at).total_seconds():.1f} s old" if at else "never read"
                self._found(f"an order leaves though {' '.join(key)} is {old}")

    def _witnesses(self, site: Site) -> Iterator[tuple[str, str]]:
        run = self._run(site.id)
        production = run["roles"]["production_cluster_id"] if run else site.pair.production_id
        yield ("detail", site.id)
        yield ("list", site.id)
        for cluster in site.pair.clusters:
            yield ("cluster", cluster.id)
        if production in site.settings["probes"]:
            yield ("probe", production)
        yield ("fleet", "*")
        yield ("standing", site.id)
        yield ("health", site.id)

    def _no_brake(self, run: Body) -> None:
        claimed_at = time_of(run, "claimed_at")
        for brake in self._facts.brakes:
            concerns = brake.pk in ("*", run["disaster_recovery_id"])
            if concerns and brake.since < claimed_at < brake.until:
                self._found("ordered while paused")

    def _nothing_held_was_passed(self, run: Body) -> None:
        """A person may set one hold aside, by its run's id, where nothing was seen of it."""
        command = self._facts.machine.current.event if self._facts.machine.current else {}
        named = command.get("run_id") if "hold" in command.get("override", ()) else None
        for other in self._facts.runs(run["disaster_recovery_id"]):
            is_set_aside = other["run_id"] == named and other["state"] == "not_started"
            if other["run_id"] != run["run_id"] and holds(other) and not is_set_aside:
                self._found(f"ordered while run {other['run_id']} holds")

    def _by_itself_only_for_a_reason(self, run: Body) -> None:
        facts, now = self._facts, self._facts.machine.now
        site = facts.site(run["disaster_recovery_id"])
        if site is None:
            return
        if site.observed_since and now - site.observed_since > A_WHILE:
            self._found("ordered in observe")
        production = run["roles"]["production_cluster_id"]
        if all(site.was_alive(production, now, seconds) for seconds in LOOK_BACK_S):
            self._found("ordered by itself though production was alive")
        pair_state = facts.items.get((site.id, "state#pair"), {})
        if not pair_state.get("armed"):
            self._found("ordered by itself though the pair was not armed")
        self._not_for_a_muted_alarm(site, run)
        self._not_on_one_word_alone(site, run, production)
        self._down_in_all_that_was_seen(site, run, production)
        self._not_for_alarms_that_are_over(site, run)

    def _down_in_all_that_was_seen(self, site: Site, run: Body, production: str) -> None:
        """Since production is said to be down, nobody has seen it up and had time to store that."""
        plan, down_for_s = self._facts.plan, site.settings["production_down_for_s"]
        is_heard = not plan.garbage and all(one.what in _LATE for one in plan.windows)
        began, claimed_at = time_of(run, "outage_began_at"), time_of(run, "claimed_at")
        if not is_heard or plan.faults or not down_for_s:
            return
        for seen in self._facts.seen_up:
            is_of_it = seen.cluster_id == production and began < seen.at < claimed_at - A_MOMENT
            if is_of_it and not seen.invocation.is_dead:
                self._found(f"ordered for being down since {began}, and seen up at {seen.at}")

    def _not_for_alarms_that_are_over(self, site: Site, run: Body) -> None:
        """All that the incident has of alarms had been heard to be OK, whatever the document."""
        facts, incident = self._facts, self._facts.incident(site.id) or {}
        is_of_it = incident.get("incident_id") == run.get("incident_id")
        mine = set(incident.get("alarms", ()))
        if not (is_of_it and mine) or incident["kind"] == "watch" or incident.get("is_crowded"):
            return
        since = time_of(run, "claimed_at") - A_MOMENT
        said = [one for one in facts.alarms.newest() if one.keys & mine]
        is_settled = all(facts.alarms.is_settled(one.arn, since) for one in said)
        if said and is_settled and all(one.state == "OK" for one in said):
            self._found("ordered by itself though all of its alarms were heard to be OK")

    def _stood_when_claimed(self, site: Site, run: Body) -> bool:
        """Whether the last alarm left only after the claim, which is void if it leaves before."""
        changes, id_ = self._facts.changes, run["run_id"]
        (claimed_at,) = (
            one.at for one in changes["run#"] if not one.before and one.after["run_id"] == id_
        )
        return any(
            one.before.get("alarms") and not one.after.get("alarms")
            for one in changes.get("state#incident", ())
            if one.pk == site.id and one.at >= claimed_at
        )

    def _not_on_one_word_alone(self, site: Site, run: Body, production: str) -> None:
        """Where no alarm stands behind it any more, one witness is no reason."""
        facts, incident = self._facts, self._facts.incident(site.id) or {}
        is_of_it = incident.get("incident_id") == run.get("incident_id")
        if not is_of_it or incident.get("alarms") or incident.get("is_crowded"):
            return
        if self._stood_when_claimed(site, run):
            return
        seen = [site.pair.state_at(facts.machine.now, seconds) for seconds in LOOK_BACK_S]
        is_corroborated = any(one.status == "abnormal" for one in seen)
        if production not in site.settings["probes"] and not is_corroborated:
            self._found("ordered by itself on one witness alone, and no alarm")

    def _no_outage_before_it_began(self, run: Body) -> None:
        """Data is lost until now where production lives, whenever the command was written."""
        began, claimed_at = time_of(run, "outage_began_at"), time_of(run, "claimed_at")
        site = self._facts.site(run["disaster_recovery_id"])
        ago_s = int((self._facts.machine.now - began).total_seconds())
        if site is None or claimed_at - began < A_MINUTE:
            return
        production, now = run["roles"]["production_cluster_id"], self._facts.machine.now
        # A moment of death may have been between two looks, no minute.
        if site.was_alive_in(production, now, ago_s):
            self._found(f"the outage is said to have begun at {began}, and production was alive")

    def _not_for_a_muted_alarm(self, site: Site, run: Body) -> None:
        """What is muted is no reason; what was opened before it, for another one, may go on."""
        alarms, incident = self._facts.alarms, self._facts.incidents.get(run.get("incident_id", ""))
        if incident is None:
            return
        said = [one for one in alarms.newest() if site.lists(one.arn)]
        opened_at, claimed_at = time_of(incident, "opened_at"), time_of(run, "claimed_at")
        in_alarm = [one for one in said if one.state == "ALARM"]
        muted = [
            one for one in in_alarm
            if one.at < opened_at and one.muted_until and one.muted_until > opened_at
        ]  # fmt: skip
        if len(muted) < len(in_alarm) or not muted:
            return
        # Of the one whose ALARM it is just answering nothing need have been heard before.
        if all(alarms.is_settled(arn, claimed_at) for arn in alarms.said if site.lists(arn)):
            self._found("ordered by itself though all that is in ALARM is muted")

    def _only_once(self, run: Body) -> None:
        """One outage ends when a person has acknowledged it, and a later sync was completed."""
        facts, id_ = self._facts, run["disaster_recovery_id"]
        before = facts.accepted.get(id_)
        site = facts.site(id_)
        if not before or site is None:
            return
        last, acknowledged_at = before[-1], self._acknowledged_at(before[-1].run)
        command = facts.machine.current.event if facts.machine.current else {}
        override = set(command.get("override", ()))
        if "hold" in override and command.get("run_id") == last.run["run_id"]:
            return  # a person has seen the first one and orders the second by name
        is_acknowledged = acknowledged_at is not None and acknowledged_at > last.at
        if is_acknowledged and "armed" in override:
            return
        sync = site.pair.last_sync(facts.machine.now)
        if not (is_acknowledged and acknowledged_at and sync and sync > acknowledged_at):
            self._found("a second order was accepted in one outage")

    def _acknowledged_at(self, run: Body) -> datetime | None:
        """When a person has acknowledged a run, whatever became of it later."""
        return next(
            (
                change.at
                for change in self._facts.changes.get("run#", ())
                if change.after.get("run_id") == run["run_id"]
                and change.after.get("acknowledged_at")
            ),
            None,
        )


def _body(answer: Answer | None, key: str) -> dict[str, Any]:
    found = answer.body.get(key) if answer and isinstance(answer.body, dict) else None
    return found if isinstance(found, dict) else {}


def _status_in_list(answer: Answer | None, id_: str) -> str | None:
    items = (
        answer.body.get("disaster_recovery") if answer and isinstance(answer.body, dict) else None
    )
    return next((one.get("status") for one in items or () if one.get("id") == id_), None)
