"""What must hold in every history, whatever happens. Each check looks at the truth, not at words.

The truth is the provider's model, the table's items and what reached the topic; the function's own
modules are not asked.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from local.dws.wire import Answer
from local.simulation.expressions import Item
from local.simulation.facts import Body, Facts
from local.simulation.kept import Kept
from local.simulation.orders import Orders
from local.simulation.services import READS
from local.simulation.settled import Settled
from local.simulation.table import Key, keys_of
from local.simulation.telling import Telling

LONGEST = 40_000  # of an item: what is longer holds a text that nobody has capped


class Checks:
    """Watches a history as it happens, and judges it at its end."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.orders, self.kept = Orders(facts), Kept(facts)
        self.telling, self.settled = Telling(facts), Settled(facts)

    def on_change(self, key: Key, before: Item | None, after: Item | None) -> None:
        """An item of the table has changed."""
        (_, sk), facts = key, self.facts
        change = facts.note(key, before, after)
        self._can_be_written(sk, change.after)
        if sk == "state#incident" and after:
            if change.before.get("incident_id") != change.after["incident_id"]:
                self.kept.opened(change)
            self.kept.changed(change)
        elif sk == "state#pair":
            self._armed_only_by_a_sync(key[0])
            self.settled.roles_changed(change)
        elif sk.startswith("notice#") and after and not before:
            self.telling.stored(change)
        elif sk.startswith("run#") and after:
            if not before and facts.machine.current:
                facts.machine.current.claimed = change.after["run_id"]
            self.settled.changed(change.after)

    def _can_be_written(self, sk: str, item: Body) -> None:
        """What the provider wrote is text, and of a length that a person would read."""
        text = json.dumps(item, ensure_ascii=False, default=str)
        if any(0xD800 <= ord(one) <= 0xDFFF for one in text):  # noqa: PLR2004 - surrogates
            self.facts.machine.found(f"{sk} holds half a letter")
        if len(text) > LONGEST:
            self.facts.machine.found(f"{sk} is {len(text)} characters long")

    def on_call(self, operation: str, call: Mapping[str, Any]) -> None:
        """A call of the table took effect."""
        facts = self.facts
        if operation in READS:
            asked = [call] if operation != "batch_get_item" else [*call["RequestItems"].values()]
            if not all(one.get("ConsistentRead") for one in asked):
                facts.machine.found(f"{operation}: a read of the ledger is not strongly consistent")
        if invocation := facts.machine.current:
            now = facts.machine.now
            for pk, sk in keys_of(call):
                if sk in ("state#fleet", "state#pair"):
                    what = "fleet" if sk == "state#fleet" else "standing"
                    invocation.heard[what, pk] = (now, None)
            if operation == "query":
                pk = call["ExpressionAttributeValues"][":pk"]["S"]
                invocation.heard["standing", pk] = (now, None)
                invocation.heard["health", pk] = (now, None)

    def on_provider(self, what: str, id_: str, answer: Answer | None) -> None:
        """The provider is asked, is about to answer, or has."""
        if what == "sent":
            self.orders.sent(id_)
        elif what == "reached":
            self.orders.reached(id_)
        elif what == "heard":
            self.orders.heard()
        elif what == "failover":
            if answer and answer.effect:
                self.orders.taken(id_)
        else:
            self.orders.hear(what, id_, answer)

    def judge(self, quiet_since: datetime) -> None:
        """Judge a history that has been quiet for long enough to be over.

        Raises:
            Violation: it must not be.
        """
        self.settled.judge(quiet_since)
        self.telling.judge()
        self.facts.machine.check()

    def claimed_within(self, id_: str, since: datetime, until: datetime) -> bool:
        """Whether a run was claimed then; one that was killed before its order holds the pair."""
        return any(
            since <= datetime.fromisoformat(run["claimed_at"]) <= until
            for run in self.facts.runs(id_)
        )

    def seen(self) -> Counter[str]:
        """What this history was about, for a summary of many."""
        return Counter(self._seen())

    def _seen(self) -> Iterator[str]:
        facts = self.facts
        yield "orders" if facts.ordered_at else "histories without an order"
        yield from (f"runs {run['state']}" for run in facts.runs())
        yield from (f"incidents {one.get('ended_because')}" for one in facts.incidents.values())
        yield from (f"told {one.body['decision']}" for one in facts.told)

    def _armed_only_by_a_sync(self, id_: str) -> None:
        pair_state, site = self.facts.items.get((id_, "state#pair")), self.facts.site(id_)
        if pair_state is None or site is None or not pair_state.get("armed"):
            return
        last, since = site.pair.last_sync(self.facts.machine.now), pair_state.get("roles_since")
        if since is None or last is None or last <= datetime.fromisoformat(since):
            self.facts.machine.found(
                f"armed though the last sync was {last}, the roles changed {since}"
            )
