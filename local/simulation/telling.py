"""What is decided is told: stored first, in time, once, and fit for whoever reads it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from local.simulation.alarms import Said
from local.simulation.facts import OPEN, Body, Change, Facts, Told, body_of, never_started, time_of
from local.simulation.sites import MAX_EVENT_AGE_S
from local.simulation.strands import Invocation

WITHIN_S = 180  # of calm
EARLIER = timedelta(seconds=20)  # a notice is made before its decision is stored
A_MINUTE_S = 60
ONE_WORD = timedelta(minutes=10)  # of what a storm of alarms tells
CLOCK_MARGIN = timedelta(seconds=1)
FIRST_LOOKS = 4
ENDED_WELL = ("failed_over", "acknowledged")  # told by what ended it
_CAME_TO_AN_END = ("not_started", "provider_rejected", "closed", "failed")
_DENIES = ("refused", "blocked", "not_started", "provider_rejected")

Fits = Callable[[Told], bool]


class Telling:
    """Watches what is published, and what should have been."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._publishers: dict[str, Invocation | None] = {}

    def publish(self, call: Mapping[str, Any]) -> None:
        """A notice has reached the topic."""
        facts, current = self._facts, self._facts.machine.current
        attributes = {name: one["StringValue"] for name, one in call["MessageAttributes"].items()}
        notice_id, body = attributes["notice_id"], body_of(json.loads(call["Message"])["lambda"])
        facts.machine.tell(f"told: {call['Subject']} ({notice_id})")
        if notice_id not in facts.stored and not _is_excused(current):
            self._found(f"notice {notice_id} was published before it was stored")
        before = self._publishers.get(notice_id)
        if notice_id in self._publishers and not (_is_excused(before) or _is_excused(current)):
            self._found(f"notice {notice_id} was published twice without a crash")
        self._publishers[notice_id] = current
        facts.told.append(Told(facts.machine.now, notice_id, body, attributes["severity"]))
        if notice_id not in facts.stored:
            self._no_denial_in_flight(body)
        self._fits(body)

    def stored(self, change: Change) -> None:
        """A notice is stored: it is what was decided just now."""
        body = body_of(change.after["body"])
        self._no_denial_in_flight(body)
        self._was_down_for_as_long(body)

    # At the end

    def judge(self) -> None:
        """Look for what should have been told by now."""
        self._everything_stored_was_told()
        self._late_is_told_once()
        all_told = [*self._all_told()]
        for at, what, fits in self._news():
            until = self._until(at)
            if until > self._facts.machine.now:
                continue
            # What could not be stored in a trouble was told in it, and is stored after it.
            since = self._facts.calm_before(at) - EARLIER
            if not any(since <= one.at <= until and fits(one) for one in all_told):
                self._found(f"{what} at {at:%H:%M:%S} was not told by {until:%H:%M:%S}")

    def _until(self, at: datetime) -> datetime:
        return self._facts.calm_until(at, WITHIN_S * self._facts.slowness(at))

    def _all_told(self) -> Iterator[Told]:
        """What was told; what SNS refuses to take, or the next run holds back, counts as told."""
        yield from self._facts.told
        yield from self._facts.refused()
        for notice_id, change in self._facts.stored.items():
            if self._waits_for_the_next_run(change):
                yield Told(change.at, notice_id, body_of(change.after["body"]), "critical")

    def _waits_for_the_next_run(self, change: Change) -> bool:
        """Whether it says that nothing is on its way, and soon after its run the next one was."""
        body = body_of(change.after["body"])
        if body["decision"] not in _DENIES or body["run_id"] is None:
            return False
        soon = self._until(change.at)
        begun = (one for one in self._facts.changes.get("run#", ()) if not one.before)
        incidents = {one.after.get("incident_id") for one in begun if change.at < one.at < soon}
        return body["incident_id"] in incidents - {None}

    def _everything_stored_was_told(self) -> None:
        for notice_id, change in self._facts.stored.items():
            is_due = self._until(change.at) <= self._facts.machine.now
            is_told = notice_id in self._publishers or notice_id in self._facts.never_taken
            if is_due and not is_told and not self._is_held_back(change):
                self._found(f"notice {notice_id} was never published")

    def _is_held_back(self, change: Change) -> bool:
        """Whether a run of its incident is on its way, and it says that nothing is."""
        body = body_of(change.after["body"])
        runs = self._facts.runs(body["disaster_recovery_id"])
        is_of_it = any(
            run["state"] in OPEN and body["incident_id"] in {run.get("incident_id")} - {None}
            for run in runs
        )
        return is_of_it and body["decision"] in _DENIES

    def _late_is_told_once(self) -> None:
        """What was executed late is told each time that it is, and not again."""
        late = Counter(
            one.after["run_id"]
            for one in self._facts.changes.get("run#", ())
            if one.after and one.before.get("state") in _CAME_TO_AN_END
            and one.after["state"] in ("submitted", "succeeded")
        )  # fmt: skip
        told = {
            (one.body["run_id"], one.notice_id)
            for one in self._facts.told
            if one.body["reason_code"] == "executed_late"
        }
        for run_id, times in Counter(run_id for run_id, _ in told).items():
            if times > late[run_id]:
                self._found(f"that run {run_id} was executed late was told {times} times")

    def _news(self) -> Iterator[tuple[datetime, str, Fits]]:
        """Everything that a person must have heard of: when, what, and which notice tells it."""
        changes = self._facts.changes
        for change in changes.get("state#incident", ()):
            yield from self._of_incident(change)
        for change in changes.get("run#", ()):
            yield from self._of_run(change)
        for kind in ("state#pair", "state#fleet"):
            for change in changes.get(kind, ()):
                yield from self._of_pause(change)
        for change in changes.get("state#health", ()):
            yield from self._of_readiness(change)
        for said in self._facts.alarms.all_taken():
            yield from self._of_alarm(said)

    def _of_incident(self, change: Change) -> Iterator[tuple[datetime, str, Fits]]:
        before, after = change.before, change.after
        if not after:
            return
        id_, is_new = after["incident_id"], before.get("incident_id") != after["incident_id"]
        if is_new and not self._is_in_flight(change):
            yield change.at, f"incident {id_}, opened", lambda told: self._is_about(told, id_)
        if after.get("notified_at") not in (None, None if is_new else before.get("notified_at")):
            yield (
                time_of(after, "notified_at"),
                f"the {after.get('decision')} of incident {id_}",
                lambda told: (
                    told.body["incident_id"] == id_
                    and (told.body["decision"] == after["decision"] or self._is_ordered(change))
                ),
            )
        has_ended = after["state"] == "ended" and (is_new or before.get("state") == "open")
        if has_ended and after["ended_because"] not in ENDED_WELL:
            yield (
                change.at,
                f"the end of incident {id_}",
                lambda told: told.body["incident_id"] == id_ and _is_of_an_end(told),
            )

    def _is_about(self, told: Told, incident_id: str) -> bool:
        if told.body["incident_id"] == incident_id:
            return True
        runs = {
            run["run_id"] for run in self._facts.runs() if run.get("incident_id") == incident_id
        }
        return told.body["run_id"] in runs

    def _is_in_flight(self, change: Change) -> bool:
        """Whether a run of the pair was on its way then, or soon after: it tells."""
        runs = [one for one in self._facts.changes.get("run#", ()) if one.pk == change.pk]
        last = {one.after["run_id"]: one.after["state"] for one in runs if one.at <= change.at}
        soon = self._until(change.at)
        is_soon = any(change.at < one.at < soon and not one.before for one in runs)
        return is_soon or any(state in OPEN for state in last.values())

    def _is_ordered(self, change: Change) -> bool:
        """Whether an incident's next run was claimed soon: a refusal is held back meanwhile."""
        until, id_ = self._until(change.at), change.after["incident_id"]
        return any(
            change.at <= one.at <= until and one.after["incident_id"] == id_
            for one in self._facts.changes.get("run#", ())
            if one.after and not one.before
        )

    def _of_run(self, change: Change) -> Iterator[tuple[datetime, str, Fits]]:
        before, after = change.before, change.after
        id_, state = after.get("run_id"), after.get("state")
        if not after or state in ("submitting", before.get("state")):
            return
        decisions = ("closed", "acknowledged") if state == "closed" else (state,)
        is_late = before.get("state") in _CAME_TO_AN_END
        yield (
            change.at,
            f"run {id_}, {state}" + " (late)" * is_late,
            lambda told: (
                told.body["run_id"] == id_
                and told.body["decision"] in decisions
                and (not is_late or told.severity == "critical")
            ),
        )

    def _of_pause(self, change: Change) -> Iterator[tuple[datetime, str, Fits]]:
        before, after = change.before.get("pause"), change.after.get("pause")
        if before == after:
            return
        holds = after and datetime.fromisoformat(after["until"]) > change.at
        decision = "paused" if holds else "resumed"
        id_ = None if change.pk == "*" else change.pk
        yield (
            change.at,
            f"{decision} of {change.pk}",
            lambda told: (
                (told.body["decision"], told.body["disaster_recovery_id"]) == (decision, id_)
            ),
        )

    def _of_readiness(self, change: Change) -> Iterator[tuple[datetime, str, Fits]]:
        before, after = change.before.get("is_ready"), change.after.get("is_ready")
        if before == after or after is None or (before is None and after):
            return
        code = "readiness_regained" if after else "readiness_lost"
        yield (
            change.at,
            f"{code} of {change.pk}",
            lambda told: (
                (told.body["reason_code"], told.body["disaster_recovery_id"]) == (code, change.pk)
            ),
        )

    def _of_alarm(self, said: Said) -> Iterator[tuple[datetime, str, Fits]]:
        """One that came too late by its queue, and one that is muted."""
        site = next((one for one in self._facts.sites.values() if one.lists(said.arn)), None)
        if site is None or said.taken_at is None or not site.was_good_at(said.taken_at):
            return
        is_overtaken = self._is_overtaken(said, said.taken_at)
        is_late = not is_overtaken
        is_late &= (said.taken_at - said.at).total_seconds() > MAX_EVENT_AGE_S
        # What a failed delivery has stored all the same is not too late.
        is_late &= not any(key in said.keys for _, key in self._facts.joined)
        # Nor is it news where the pair was failed over by itself meanwhile.
        is_late &= all(
            never_started(run) or time_of(run, "claimed_at") < said.at
            for run in self._facts.runs(site.id)
        )
        is_muted = said.is_muted and not is_overtaken
        code = "muted" if is_muted else "too_old" if is_late and said.was_queued else None
        if said.state == "ALARM" and code and not self._was_told(code, site.id, said.taken_at):
            yield (
                said.taken_at,
                f"{code} of {said.name}",
                lambda told: (
                    (told.body["reason_code"], told.body["disaster_recovery_id"]) == (code, site.id)
                ),
            )

    def _was_told(self, code: str, id_: str, at: datetime) -> bool:
        """Whether another alarm of the pair has made it known just before: that is one word."""
        just_before = (one for one in self._facts.stored.values() if at - ONE_WORD <= one.at <= at)
        bodies = (body_of(one.after["body"]) for one in just_before)
        return any(
            (one["reason_code"], one["disaster_recovery_id"]) == (code, id_) for one in bodies
        )

    def _is_overtaken(self, said: Said, taken_at: datetime) -> bool:
        """Whether a newer word of the alarm was heard before it, or beside it: that one counts."""
        beside = self._until(taken_at)
        others = (one for one in self._facts.alarms.said[said.arn] if one.at > said.at)
        return any(one.taken_at is not None and one.taken_at < beside for one in others)

    # What a notice says

    def _no_denial_in_flight(self, body: Body) -> None:
        """Not "not failed over" while a run of that incident is on its way."""
        # That it could not act, since the table could not be read, denies nothing.
        if body["decision"] not in _DENIES or body["reason_code"] == "ledger_unavailable":
            return
        if body["incident_id"] is None or (body["trigger"] or {}).get("kind") == "command":
            return
        for run in self._facts.runs(body["disaster_recovery_id"]):
            is_of_it = run.get("incident_id") == body["incident_id"]
            if is_of_it and run["state"] in OPEN and run["run_id"] != body["run_id"]:
                self._found(f"told not failed over while run {run['run_id']} is {run['state']}")

    def _fits(self, body: Body) -> None:
        if body["reason_code"] == "internal_error" and self._facts.plan.neighbour != "bug":
            self._found(f"a bug: {body['reason']}")
        if body["reason_code"] == "invalid_credentials" and not self._facts.plan.neighbour:
            self._found("told that the credentials are wrong, and they were only not to be had")
        if body["reason_code"] == "roles_changed":
            self._was_not_ours(body)
        self._measured_from_the_outage(body)

    def _was_not_ours(self, body: Body) -> None:
        """That no run did it is not said of what a run did."""
        site = self._facts.site(body["disaster_recovery_id"])
        accepted = self._facts.accepted.get(body["disaster_recovery_id"] or "", [])
        if site is None or not accepted or any(one.by != "api" for one in site.pair.orders):
            return
        if any(one.kind != "failover" for one in site.pair.orders):
            return
        if site.pair.production_id == accepted[-1].run["roles"]["standby_cluster_id"]:
            run = self._facts.items.get((site.id, f"run#{accepted[-1].run['run_id']}"), {})
            if not run.get("acknowledged_at"):
                self._found("told that no run changed the roles, and an accepted one did")

    def _was_down_for_as_long(self, body: Body) -> None:
        """What is production was not alive in the minute in which it is said to have died."""
        said = (one["measured"] for one in body["gates"] if one["gate"] == "production_down")
        site, down_s = self._facts.site(body["disaster_recovery_id"]), next(said, None)
        roles = self._facts.items.get((site.id, "state#pair"), {}).get("roles") if site else None
        if site is None or not roles or not isinstance(down_s, int) or down_s < A_MINUTE_S:
            return
        production, now = roles["production_cluster_id"], self._facts.machine.now
        if site.was_alive_in(production, now, down_s):
            self._found(f"said to be down for {down_s} s, and {production} was alive then")

    def _measured_from_the_outage(self, body: Body) -> None:
        """Loss is counted from the last sync to the outage's start, not to now."""
        estimate, times = body["estimated_data_loss_s"], body["timings"]
        rpo = next((gate["measured"] for gate in body["gates"] if gate["gate"] == "rpo"), None)
        if isinstance(rpo, int) and isinstance(estimate, int) and rpo != estimate:
            self._found(f"the rpo gate measured {rpo} s, the estimate is {estimate} s")
        if not {"outage_began_at", "last_sync_at", "claimed_at"} <= set(times):
            return
        began, sync, claimed = (
            datetime.fromisoformat(times[name])
            for name in ("outage_began_at", "last_sync_at", "claimed_at")
        )
        if estimate != max(0, int((began - sync).total_seconds())):
            self._found(f"estimated {estimate} s, but the outage began {began}, synced {sync}")
        site = self._facts.site(body["disaster_recovery_id"])
        is_by_itself = (body["trigger"] or {}).get("kind") != "command"
        held_s = site.settings["production_down_for_s"] if site else 0
        if is_by_itself and claimed - began < timedelta(seconds=held_s) - CLOCK_MARGIN:
            self._found(f"the outage is said to have begun at {began}, too near the claim")

    def _found(self, why: str) -> None:
        self._facts.machine.found(why)


def _is_of_an_end(told: Told) -> bool:
    """That of the incident, or of a mute that takes its last alarm."""
    return told.notice_id.endswith("/ended") or told.body["reason_code"] == "muted"


def _is_excused(invocation: Invocation | None) -> bool:
    """Whether a crash or a failing service was in the way of storing or marking."""
    return invocation is None or invocation.is_dead or invocation.tables_trouble
