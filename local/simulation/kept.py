"""No alarm is lost: at quiet moments each that is in ALARM is somewhere, and none is nowhere."""

from datetime import datetime, timedelta

from local.simulation.alarms import Said
from local.simulation.facts import Body, Change, Facts, never_started, time_of
from local.simulation.sites import MAX_EVENT_AGE_S, Site
from local.simulation.time_over import ended_too_early

BELONGS_FOR = timedelta(minutes=30)  # after a run's end
SETTLED_FOR_S = 130  # two looks of reconcile, after a document has become good again
CACHED_FOR = timedelta(seconds=31)
NOBODY_FOR = timedelta(seconds=2)  # documents that were read just before are not read again
READ_FOR = timedelta(seconds=20)  # what reconcile has read when it opens a watch
WORDS_LAST_S = 240
UP_FOR = timedelta(seconds=4 * 50)
ENDS = ("retry_time_over", "production_up", "acknowledged", "failed_over")


class Kept:
    """Looks for each alarm, and for the reason of each incident."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._opened_for: dict[tuple[str, str], str] = {}

    def look(self) -> None:
        """Nobody is at work: is everything where it belongs?"""
        for site in self._facts.sites.values():
            if not self._is_steady(site):
                continue
            for said in self._facts.alarms.newest():
                if site.lists(said.arn):
                    self._is_somewhere(said, site)
            self._has_a_reason(site)

    def opened(self, change: Change) -> None:
        """An incident is new: nothing old may open it, and a watch only by two words."""
        incident = change.after
        site = self._facts.site(change.pk)
        if incident["kind"] == "watch" and site:
            self._watch_has_two_words(site)
            self._nothing_is_muted(site)
        if incident.get("alarms"):
            self._belongs_to_no_run(change)
        for alarm in incident.get("alarms", ()):
            key = (alarm, incident["occurred_at"])
            before = self._opened_for.setdefault(key, incident["incident_id"])
            if before != incident["incident_id"]:
                self._facts.machine.found(
                    f"one change of an alarm opened a second incident: {alarm}"
                )

    def changed(self, change: Change) -> None:
        """An incident has changed: where it ends, it has a right to."""
        incident = change.after
        if change.before.get("state") != "open" or incident.get("state") != "ended":
            return
        match incident["ended_because"]:
            case "retry_time_over":
                self._had_its_time(incident)
            case "acknowledged":
                self._word_is_about_the_outage(change)
            case "production_up":
                self._was_up_for_minutes(incident)

    def _was_up_for_minutes(self, incident: Body) -> None:
        """Since its newest alarm: five looks, of which none need be a minute after another."""
        names = ("opened_at", "occurred_at", "last_alarm_at", "joined_at")
        since = max(time_of(incident, name) for name in names if incident.get(name))
        lasted = time_of(incident, "ended_at") - since
        if lasted < UP_FOR:
            seconds = lasted.total_seconds()
            self._facts.machine.found(f"an incident has ended as up {seconds:.0f} s after an alarm")

    def _had_its_time(self, incident: Body) -> None:
        if when := ended_too_early(self._facts, incident):
            self._facts.machine.found(f"the time of an incident was over {when}")

    def _word_is_about_the_outage(self, change: Change) -> None:
        """A person's word that ends an incident ends a hold, or names another production."""
        of_pair = [
            one for one in self._facts.changes.get("state#pair", ())
            if one.pk == change.pk and one.at == change.at
        ]  # fmt: skip
        ends_hold = any(
            set(one.before.get("holding", ())) > set(one.after.get("holding", ()))
            for one in of_pair
        )
        renames = any(one.before.get("roles") != one.after.get("roles") for one in of_pair)
        if not (ends_hold or renames):
            id_ = change.after["incident_id"]
            self._facts.machine.found(f"incident {id_} ended by a word that said nothing of it")

    def _is_steady(self, site: Site) -> bool:
        """Whether the pair's document has been good for long enough for all to be taken up."""
        facts, since = self._facts, site.good_since
        if since is None or site.pair.is_deleted:
            return False
        return facts.machine.now >= self._settled_at(since)

    def _is_somewhere(self, said: Said, site: Site) -> None:
        facts = self._facts
        if said.state != "ALARM" or said.taken_at is None or not self._calls(said):
            return
        if not facts.alarms.is_settled(said.arn, facts.machine.now - CACHED_FOR):
            return
        age_s = (said.taken_at - said.at).total_seconds()
        if age_s > MAX_EVENT_AGE_S or self._came_too_early(said, site):
            return
        if not (self._is_in_an_incident(said, site) or self._belongs_to_a_run(said, site)):
            since = f"{said.calls_since:%H:%M:%S}"
            facts.machine.found(f"{said.name} is in ALARM since {since} and is nowhere")

    def _calls(self, said: Said) -> bool:
        """Whether it is not muted, or no longer, and has been so for two looks of reconcile."""
        facts, until = self._facts, said.muted_until
        return until is None or self._settled_at(until) <= facts.machine.now

    def _settled_at(self, since: datetime) -> datetime:
        """When reconcile has looked twice since then."""
        return self._facts.calm_until(since, SETTLED_FOR_S * self._facts.slowness(since))

    def _came_too_early(self, said: Said, site: Site) -> bool:
        """It came so long before the document became good again that it was too old by then."""
        since = (site.good_since or self._facts.machine.now) + NOBODY_FOR
        return (since - said.at).total_seconds() > MAX_EVENT_AGE_S - SETTLED_FOR_S

    def _is_in_an_incident(self, said: Said, site: Site) -> bool:
        incident = self._facts.incident(site.id)
        if incident and incident["state"] == "open" and said.keys & set(incident.get("alarms", ())):
            return True
        return any(self._has_ended_with(said, one) for one in self._facts.incidents.values())

    def _has_ended_with(self, said: Said, incident: Body) -> bool:
        joined = [
            at
            for (id_, alarm), at in self._facts.joined.items()
            if id_ == incident["incident_id"] and alarm in said.keys
        ]
        has_ended = incident["state"] == "ended" and incident["ended_because"] in ENDS
        return has_ended and any(at >= (said.turned_at or said.calls_since) for at in joined)

    def _belongs_to_a_run(self, said: Said, site: Site) -> bool:
        """To one that is under way or has just ended, unless the pair was armed since it ended."""
        now, armed_at = self._facts.machine.now, self._facts.armed_at(site.id)
        return any(
            not never_started(run)
            and said.calls_since < _end_of(run, now) + BELONGS_FOR
            and not any(_end_of(run, now) < at < said.calls_since for at in armed_at)
            for run in self._facts.runs(site.id)
        )

    def _belongs_to_no_run(self, change: Change) -> None:
        """What turned soon after the last run, and before the pair was armed again, is its."""
        incident, runs = change.after, self._facts.runs(change.pk)
        last, turned = runs[-1] if runs else None, time_of(incident, "occurred_at")
        if last is None or never_started(last) or not last.get("ended_at"):
            return
        ended = time_of(last, "ended_at")
        armed = self._facts.armed_at(change.pk)
        if turned < ended + BELONGS_FOR and not any(ended < at < turned for at in armed):
            self._facts.machine.found(
                f"an alarm of {turned:%H:%M:%S} opened an incident of its own, and run"
                f" {last['run_id']} had ended at {ended:%H:%M:%S} and the pair was not armed since"
            )

    def _has_a_reason(self, site: Site) -> None:
        facts = self._facts
        incident = facts.incident(site.id)
        if incident is None or incident["state"] != "open" or incident["kind"] == "watch":
            return
        said = [one for one in facts.alarms.newest() if site.lists(one.arn)]
        since, mine = facts.machine.now - CACHED_FOR, filter(site.lists, facts.alarms.said)
        if not all(facts.alarms.is_settled(arn, since) for arn in mine):
            return
        if not any(one.state == "ALARM" for one in said):
            facts.machine.found(
                f"incident {incident['incident_id']} is open and no alarm of its pair is in ALARM"
            )

    def _nothing_is_muted(self, site: Site) -> None:
        """Whoever mutes an alarm is at work on the pair."""
        long_ago = self._facts.machine.now - READ_FOR
        for one in self._facts.alarms.newest():
            is_known = one.taken_at is not None and one.taken_at < long_ago
            is_muted = one.muted_until is not None and one.muted_until > self._facts.machine.now
            if site.lists(one.arn) and one.state == "ALARM" and is_muted and is_known:
                self._facts.machine.found(f"a watch opened though {one.name} is muted in ALARM")

    def _expected(self, site: Site) -> set[str]:
        """What is production by the table, now or a moment ago when it was read."""
        now, changes = self._facts.machine.now, self._facts.changes.get("state#pair", ())
        known = [(self._facts.items.get((site.id, "state#pair"), {}))]
        known += [one.before for one in changes if one.pk == site.id and now - one.at < READ_FOR]
        return {one["roles"]["production_cluster_id"] for one in known if one.get("roles")}

    def _watch_has_two_words(self, site: Site) -> None:
        """The cluster's and the probe's, or one of them with the disaster-recovery side."""
        now, words = self._facts.machine.now, set[str]()
        expected = self._expected(site)
        for seconds in range(WORDS_LAST_S):
            state = site.pair.state_at(now, seconds)
            if not all(one.is_alive for one in (state.first, state.second) if one.id in expected):
                words.add("cluster")
                words |= {"probe"} if site.settings["probes"] else set()
            is_cut = self._facts.plan.trouble == "probe path is cut"
            words |= {"probe"} if is_cut and site.settings["probes"] else set()
            lag_s = max(site.pair.variants.list_lag_s, site.pair.variants.detail_lag_s)
            late = site.pair.state_at(now, seconds + lag_s)
            words |= {"dr"} if "abnormal" in (state.status, late.status) else set()
            words |= (
                {"dr"} if "abnormal" in (*late.dr_statuses(now), *state.dr_statuses(now)) else set()
            )
        if len(words) < 2 or words == {"dr"}:  # noqa: PLR2004 - two witnesses
            self._facts.machine.found(f"a watch opened on {' and '.join(words) or 'no word'} alone")


def _end_of(run: Body, now: datetime) -> datetime:
    return time_of(run, "ended_at") if run.get("ended_at") else now
