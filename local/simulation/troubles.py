"""What befalls the pairs: the outage itself, and what one of them has by itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from local.simulation.expressions import Item
from local.simulation.machine import Violation
from local.simulation.sites import REGION, Site
from local.simulation.table import Key

if TYPE_CHECKING:
    from local.simulation.history import History

A_MINUTE = timedelta(minutes=1)
SOON = timedelta(minutes=5)  # down for two minutes, looked at each minute
SOON_FOR_A_CROWD = timedelta(seconds=215)
ALARMED_AFTER = timedelta(seconds=5)


class Troubles:
    """Brings trouble to the pairs and takes it away."""

    def __init__(self, history: "History") -> None:
        self._history = history
        self._damaged: dict[Key, Item | None] = {}

    def begin(self) -> None:
        """The outage begins, and with it everything that the plan has."""
        history = self._history
        history.faults.is_quiet = False
        history.machine.tell(f"trouble: {history.plan.trouble} {history.plan.neighbour}")
        self._befall(history.site, history.plan.trouble)
        for site in history.sites.values():
            if site is not history.site:
                self._break(site)
        if history.plan.neighbour:
            self._begin_alone(history.plan.neighbour)

    def end(self) -> None:
        """All is as it was, but for what died."""
        history, site = self._history, self._history.site
        history.secrets.texts.clear()
        history.secrets.bugs.clear()
        if history.plan.neighbour == "document":
            history.put_document(site, site.written(), is_good=True)
        for key, item in self._damaged.items():
            if item is None:
                history.table.items.pop(key, None)
            else:
                history.table.items[key] = item

    def judge(self, began: datetime) -> None:
        """The other pairs were failed over as if they were alone.

        Only a pause of all pairs may keep them waiting: people can set one in any history.
        """
        history = self._history
        paused = [one.until for one in history.facts.brakes if one.pk == "*"]
        until = max([began, *paused]) + (SOON_FOR_A_CROWD if history.plan.crowd else SOON)
        if until > history.machine.now:
            return
        for site in history.sites.values():
            is_judged = site is not history.site or history.plan.crowd
            if is_judged and not history.checks.claimed_within(site.id, began, until):
                raise Violation(f"{site.name} was not failed over by {until:%H:%M:%S}")

    def _befall(self, site: Site, trouble: str) -> None:
        history, pair, now = self._history, site.pair, self._history.machine.now
        if trouble.startswith(("production dies", "region goes dark")):
            pair.break_production(now)
        if trouble == "region goes dark":
            pair.variants = replace(pair.variants, production_dark=True)
        if trouble == "standby dies":
            pair.break_standby(now)
        if trouble == "console switches over":
            pair.order("switchover", now)
        if trouble == "production dies for a moment":
            after = timedelta(seconds=history.machine.random.uniform(30, 400))
            history.machine.at(now + after, lambda: pair.restore(history.machine.now))

    def _break(self, site: Site) -> None:
        """Another pair has an outage of the plainest kind, and its alarm says so."""
        history = self._history
        site.pair.break_production(history.machine.now)
        jitter = timedelta(seconds=history.machine.random.uniform(0, 0.5))
        history.machine.at(history.machine.now + ALARMED_AFTER + jitter, lambda: self._alarm(site))

    def _alarm(self, site: Site) -> None:
        history = self._history
        now = history.machine.now
        said = history.alarms.turn(f"{site.alarm}a", REGION, "ALARM", now)
        history.bring(said, "bus")

    def _begin_alone(self, what: str) -> None:
        """The first pair's own trouble."""
        history, site = self._history, self._history.site
        history.transport.corrupted = site.id if what == "garbage" else "nothing"
        if what == "document":
            document = history.machine.random.choice(("{", site.written(retry_for_s="an hour")))
            history.put_document(site, document, is_good=False)
        elif what == "secret":
            texts = (None, "{", '{"access_key_id": 7}')
            history.secrets.texts[f"dws-failover/{site.name}"] = history.machine.random.choice(
                texts
            )
        elif what == "bug":
            history.secrets.bugs.add(f"dws-failover/{site.name}")
        elif what == "dark":
            site.pair.is_deleted = True
        elif what.startswith("item "):
            self._damage(what.removeprefix("item "))

    def _damage(self, sk: str) -> None:
        """An item that this version does not know: a newer one's, or restored in half."""
        history, site = self._history, self._history.site
        pk = "*" if sk in ("notice#", "state#lease") else site.id
        key = (pk, sk + "broken" * sk.endswith("#"))
        self._replace(
            key,
            {
                **(history.table.items.get(key) or {}),
                "state": {"S": "frobnicated"},
                "revision": {"S": "seven"},
                "leased_until": {"S": "9999-12-31T00:00:00+00:00"},
            },
        )
        if sk.endswith("#"):
            work: Key = ("*", f"work#{site.id}")
            name = {"run#": "runs", "notice#": "notices"}[sk]
            found = history.table.items.get(work, {})
            self._replace(work, {**found, name: {"SS": ["broken"]}})

    def _replace(self, key: Key, item: Item) -> None:
        history = self._history
        self._damaged[key] = history.table.items.get(key)
        history.table.items[key] = {"pk": {"S": key[0]}, "sk": {"S": key[1]}, **item}
