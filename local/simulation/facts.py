"""The truth about a history as it happens: what is stored, what was ordered, what was told.

It comes from the table's items, the provider's model and the topic; the function is not asked.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.simulation.alarms import Alarms
from local.simulation.expressions import Item
from local.simulation.faults import Faults
from local.simulation.machine import Machine
from local.simulation.plan import Plan
from local.simulation.sites import Site
from local.simulation.strands import Invocation
from local.simulation.table import Key

OPEN = ("submitting", "unknown", "submitted")
FRESH_FOR = timedelta(seconds=10)  # evidence of an order
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A notice that has reached the topic."""

    at: datetime
    notice_id: str
    body: Body
    severity: str


@dataclass(frozen=True)
class Accepted:
    """An order that the provider has taken."""

    at: datetime
    run: Body


@dataclass(frozen=True)
class Change:
    """A value of the table that has become another one: of which item, and when."""

    at: datetime
    pk: str
    before: Body
    after: Body


@dataclass(frozen=True)
class SeenUp:
    """A cluster has told an invocation that stores what it sees that it is up."""

    at: datetime
    cluster_id: str
    invocation: Invocation


@dataclass
class Brake:
    """A pause: of whom, from when, until when or until it was lifted."""

    pk: str
    since: datetime
    until: datetime


@dataclass
class Facts:
    """Everything that a check may look at."""

    plan: Plan
    machine: Machine
    faults: Faults
    sites: Mapping[str, Site]
    alarms: Alarms = field(default_factory=Alarms)
    items: dict[Key, Body] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)  # by the sort key's first part
    incidents: dict[str, Body] = field(default_factory=dict)
    joined: dict[tuple[str, str], datetime] = field(
        default_factory=dict
    )  # last seen in an open one
    stored: dict[str, Change] = field(default_factory=dict)  # notices
    told: list[Told] = field(default_factory=list)
    accepted: dict[str, list[Accepted]] = field(default_factory=dict)  # by disaster recovery
    answered: dict[str, Invocation] = field(default_factory=dict)  # who heard that a run was taken
    ordered_at: list[datetime] = field(default_factory=list)
    brakes: list[Brake] = field(default_factory=list)
    seen_up: list[SeenUp] = field(default_factory=list)
    never_taken: set[str] = field(default_factory=set)  # notices that SNS refuses for good
    often_until: datetime | None = None  # from then on reconcile comes every third minute only
    _merged: list[tuple[datetime, datetime]] = field(default_factory=list)
    _merged_of: tuple[int, tuple[datetime | None, ...]] | None = None

    def note(self, key: Key, before: Item | None, after: Item | None) -> Change:
        """An item has changed."""
        pk, sk = key
        was = self.items.get(key, {}) if before else {}
        found = plain_item(after) if after else {}
        if after:
            self.items[key] = found
        else:
            self.items.pop(key, None)
        change = Change(self.machine.now, pk, was, found)
        kind = sk if sk.startswith("state#") else sk.partition("#")[0] + "#"
        self.changes.setdefault(kind, []).append(change)
        self._note_more(sk, change)
        return change

    def refused(self) -> Iterator[Told]:
        """What SNS refuses for good: people find it in the failure queue, so it counts as told."""
        for notice_id in self.never_taken & set(self.stored):
            change = self.stored[notice_id]
            yield Told(change.at, notice_id, body_of(change.after["body"]), "critical")

    def site(self, id_: str | None) -> Site | None:
        """The pair with this disaster-recovery id, or with this name."""
        return next((one for one in self.sites.values() if id_ in (one.id, one.name)), None)

    def runs(self, id_: str | None = None) -> list[Body]:
        """All runs as stored, of a pair or of all, oldest first."""
        keys = sorted(key for key in self.items if key[1].startswith("run#"))
        return [self.items[key] for key in keys if id_ in (None, key[0])]

    def armed_at(self, id_: str) -> list[datetime]:
        """The synchronisations by which the pair was armed, each time that it was."""
        return [
            time_of(one.after, "armed_since")
            for one in self.changes.get("state#pair", ())
            if one.pk == id_ and one.after.get("armed") and not one.before.get("armed")
        ]

    def incident(self, id_: str) -> Body | None:
        """A pair's incident, the open one or the last."""
        return self.items.get((id_, "state#incident"))

    def told_since(self, at: datetime) -> Iterator[Told]:
        """What was told since then."""
        return (one for one in self.told if one.at >= at)

    def _note_more(self, sk: str, change: Change) -> None:
        if sk == "state#incident" and change.after:
            self._note_incident(change)
        if sk in ("state#pair", "state#fleet"):
            self._note_brake(change)
        if sk.startswith("notice#") and not change.before:
            self.stored.setdefault(sk.removeprefix("notice#"), change)

    def _note_incident(self, change: Change) -> None:
        incident = change.after
        id_ = incident["incident_id"]
        self.incidents[id_] = incident
        for alarm in incident.get("alarms", ()) if incident["state"] == "open" else ():
            self.joined[id_, alarm] = change.at

    def _note_brake(self, change: Change) -> None:
        before, after = change.before.get("pause"), change.after.get("pause")
        if before == after:
            return
        for brake in self.brakes:
            if brake.pk == change.pk:
                brake.until = min(brake.until, change.at)
        if after:
            until = datetime.fromisoformat(after["until"])
            self.brakes.append(Brake(change.pk, change.at, until))

    # How long something may take

    def slowness(self, at: datetime) -> int:
        """By how much longer everything takes, as reconcile comes."""
        return 3 if self.often_until and at > self.often_until - timedelta(minutes=3) else 1

    def calm_until(self, since: datetime, seconds: float) -> datetime:
        """When there have been so many seconds without trouble since then."""
        left, at = timedelta(seconds=seconds), since
        for began, ended in self._troubles():
            if ended <= at:
                continue
            if began - at >= left:
                break
            left -= max(began - at, timedelta())
            at = max(at, ended)
        return at + left

    def calm_before(self, at: datetime) -> datetime:
        """That moment; in a trouble, the one in which it began."""
        within = [began for began, ended in self._troubles() if began <= at <= ended]
        return min(within, default=at)

    def _troubles(self) -> list[tuple[datetime, datetime]]:
        """All until now, merged anew when another has begun."""
        changed = tuple(one.changed_at for one in self.sites.values())
        known = (len(self.faults.troubled_at), changed)
        if known != self._merged_of:
            self._merged, self._merged_of = list(self._all_troubles()), known
        return self._merged

    def _all_troubles(self) -> Iterator[tuple[datetime, datetime]]:
        start, plan = self.machine.start, self.plan
        found = [(self._at(one.from_s), self._at(one.to_s + RECOVERING_S)) for one in plan.windows]
        found += [
            (self._at(one.from_s), self._at(one.to_s + 10))
            for one in plan.garbage
            if one.operation != "events"  # nobody needs them
        ]
        found += [(at, at + timedelta(seconds=RECOVERING_S)) for at in self.faults.troubled_at]
        for minute in plan.missed_reconciles:
            found.append((start + timedelta(minutes=minute), start + timedelta(minutes=minute + 1)))
        for one in self.sites.values():
            if one.changed_at:
                found.append((one.changed_at, one.changed_at + timedelta(seconds=30)))
        yield from sorted(found)

    def _at(self, second: float) -> datetime:
        return self.machine.start + timedelta(seconds=second)


RECOVERING_S = 75  # the next reconcile may be a minute away, and its lease be taken


def time_of(item: Body, name: str) -> datetime:
    """A time of an item."""
    return datetime.fromisoformat(item[name])


def never_started(run: Body) -> bool:
    """Whether it is said to be certain that a run has started nothing."""
    if run["state"] == "provider_rejected":
        return True
    return run["state"] == "not_started" and run.get("answer") == "not_sent"


def holds(run: Body) -> bool:
    """Whether a run was or may have been accepted, and nobody has acknowledged it."""
    return not run.get("acknowledged_at") and not never_started(run)


def body_of(text: str) -> Body:
    """The result that a notice tells."""
    found: Body = json.loads(text)
    return found


def plain_item(item: Mapping[str, Any]) -> Body:
    """An item without DynamoDB's types."""
    return {name: plain(value) for name, value in item.items()}


def plain(value: Mapping[str, Any]) -> Any:
    """A value without its type."""
    ((kind, inner),) = value.items()
    if kind == "M":
        return plain_item(inner)
    if kind == "L":
        return [plain(one) for one in inner]
    if kind == "N":
        return int(inner)
    return None if kind == "NULL" else inner
