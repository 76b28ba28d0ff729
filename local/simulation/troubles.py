"""What befalls the pairs: the outage itself, and what one of them has by itself."""

from dataclasses import replace
from datetime import datetime, timedelta

from local.simulation.expressions import Item
from local.simulation.sites import REGION, Site
from local.simulation.stage import Stage
from local.simulation.strands import Violation
from local.simulation.table import Key

A_MINUTE = timedelta(minutes=1)
SOON = timedelta(minutes=5)  # down for two minutes, looked at each minute
SOON_FOR_A_CROWD = timedelta(seconds=215)
_UNSAID = 0.3
ALARMED_AFTER = timedelta(seconds=5)


class Troubles:
    """Brings trouble to the pairs and takes it away."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._damaged: dict[Key, Item | None] = {}
        self._listed: list[tuple[Key, str]] = []  # where work is listed that there is not

    def begin(self) -> None:
        """The outage begins, and with it everything that the plan has."""
        stage = self._stage
        stage.faults.is_quiet = False
        stage.machine.tell(f"trouble: {stage.plan.trouble} {stage.plan.neighbour}")
        self._befall(stage.site, stage.plan.trouble)
        for site in stage.sites.values():
            if site is not stage.site:
                self._break(site)
        if stage.plan.neighbour:
            self._begin_alone(stage.plan.neighbour)

    def end(self) -> None:
        """All is as it was, but for what died."""
        stage, site = self._stage, self._stage.site
        stage.secrets.texts.clear()
        stage.secrets.bugs.clear()
        if stage.plan.neighbour == "document":
            stage.put_document(site, site.written(), is_good=True)
        for key, item in self._damaged.items():
            if item is None:
                stage.table.items.pop(key, None)
            else:
                stage.table.items[key] = item
        for key, name in self._listed:
            self._strike_out(key, name)

    def judge(self, began: datetime) -> None:
        """The other pairs were failed over as if they were alone.

        Only a pause of all pairs may keep them waiting: people can set one in any stage.
        """
        stage = self._stage
        paused = [one.until for one in stage.facts.brakes if one.pk == "*"]
        until = max([began, *paused]) + (SOON_FOR_A_CROWD if stage.plan.crowd else SOON)
        if until > stage.machine.now:
            return
        for site in stage.sites.values():
            is_judged = site is not stage.site or stage.plan.crowd
            if is_judged and not stage.checks.claimed_within(site.id, began, until):
                raise Violation(f"{site.name} was not failed over by {until:%H:%M:%S}")

    def _befall(self, site: Site, trouble: str) -> None:
        stage, pair, now = self._stage, site.pair, self._stage.machine.now
        if trouble.startswith(("production dies", "region goes dark")):
            pair.break_production(now)
        if trouble == "region goes dark":
            pair.variants = replace(pair.variants, production_dark=True)
        if trouble == "standby dies":
            pair.break_standby(now)
        if trouble == "console switches over":
            pair.order("switchover", now)
        if trouble == "production dies for a moment":
            after = timedelta(seconds=stage.machine.random.uniform(30, 400))
            stage.machine.at(now + after, lambda: pair.restore(stage.machine.now))

    def _break(self, site: Site) -> None:
        """Another pair has an outage of the plainest kind; its alarm says so, or reconcile sees."""
        stage = self._stage
        site.pair.break_production(stage.machine.now)
        if not stage.plan.crowd and stage.machine.random.random() < _UNSAID:
            return
        jitter = timedelta(seconds=stage.machine.random.uniform(0, 0.5))
        stage.machine.at(stage.machine.now + ALARMED_AFTER + jitter, lambda: self._alarm(site))

    def _alarm(self, site: Site) -> None:
        stage = self._stage
        now = stage.machine.now
        said = stage.alarms.turn(f"{site.alarm}a", REGION, "ALARM", now)
        stage.bring(said, "bus")

    def _begin_alone(self, what: str) -> None:
        """The first pair's own trouble."""
        stage, site = self._stage, self._stage.site
        stage.transport.corrupted = site.id if what == "garbage" else "nothing"
        if what == "document":
            document = stage.machine.random.choice(("{", site.written(retry_for_s="an hour")))
            stage.put_document(site, document, is_good=False)
        elif what == "secret":
            texts = (None, "{", '{"access_key_id": 7}')
            stage.secrets.texts[f"dws-failover/{site.name}"] = stage.machine.random.choice(texts)
        elif what == "bug":
            stage.secrets.bugs.add(f"dws-failover/{site.name}")
        elif what == "dark":
            site.pair.is_deleted = True
        elif what.startswith("item "):
            self._damage(what.removeprefix("item "))

    def _damage(self, sk: str) -> None:
        """An item that this version does not know: a newer one's, or restored in half."""
        stage, site = self._stage, self._stage.site
        pk = "*" if sk in ("notice#", "state#lease") else site.id
        key = (pk, sk + "broken" * sk.endswith("#"))
        self._replace(
            key,
            {
                **(stage.table.items.get(key) or {}),
                "state": {"S": "frobnicated"},
                "revision": {"S": "seven"},
                "leased_until": {"S": "9999-12-31T00:00:00+00:00"},
            },
        )
        if sk.endswith("#"):
            self._list(("*", f"work#{site.id}"), {"run#": "runs", "notice#": "notices"}[sk])

    def _list(self, key: Key, name: str) -> None:
        items = self._stage.table.items
        found = items.get(key, {"pk": {"S": key[0]}, "sk": {"S": key[1]}})
        items[key] = {**found, name: {"SS": [*found.get(name, {}).get("SS", ()), "broken"]}}
        self._listed.append((key, name))

    def _strike_out(self, key: Key, name: str) -> None:
        """What else has been listed meanwhile stays."""
        items = self._stage.table.items
        found = dict(items.get(key, {}))
        left = [one for one in found.pop(name, {}).get("SS", ()) if one != "broken"]
        if found:
            items[key] = {**found, **({name: {"SS": left}} if left else {})}

    def _replace(self, key: Key, item: Item) -> None:
        stage = self._stage
        self._damaged[key] = stage.table.items.get(key)
        stage.table.items[key] = {"pk": {"S": key[0]}, "sk": {"S": key[1]}, **item}
