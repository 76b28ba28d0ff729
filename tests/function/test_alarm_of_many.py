"""One alarm for many pairs: all are acted upon at about the same time, each by a main thread."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from parts import Parts, bus_alarm, now

from handler import app
from handler.failover.pursue import IN_TURN
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState
from handler.model.signals import Command

ALL = 6


class Invoker:
    """Lambda's answer to each invocation, and what had been ordered when it was asked for."""

    def __init__(self, parts: Parts, *, is_taken=True):
        self._parts, self._is_taken = parts, is_taken
        self.asked, self.orders_before = [], []

    def reconcile(self, _function, pair, _now):
        self.asked.append(pair)
        self.orders_before.append(self._parts.posts)
        return self._is_taken


class Concurrent(Invoker):
    """Lambda: each invocation has a main thread of its own."""

    def __init__(self, parts: Parts, pool):
        super().__init__(parts)
        self._pool, self.answers = pool, []

    def reconcile(self, function, pair, at):
        super().reconcile(function, pair, at)
        self.answers.append(self._pool.submit(self._invoked, pair))
        return True

    def _invoked(self, pair):
        adapters = replace(self._parts.adapters, invoker=Invoker(self._parts))
        return app.Invocation(adapters, self._parts.context).answer(Command("reconcile", pair))


@pytest.fixture
def region(parts, monkeypatch):
    """Six armed pairs that list one alarm; production of each has just failed."""
    monkeypatch.setenv("MAX_FAILOVERS_PER_HOUR", "100")
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    pairs = [parts.emulator.pair, *(parts.emulator.add_pair() for _ in range(ALL - 1))]
    for number, pair in enumerate(pairs):
        parts.put_pair(f"pair-{number}", disaster_recovery_id=pair.id, alarms=["region"])
        roles = Roles(pair.production_id, pair.standby_id)
        armed = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
        parts.ledger.save_pair_state(pair.id, armed)
        parts.emulator.break_production(pair.id)
    parts.pairs = pairs
    return parts


def alarm(parts, invoker, **changes):
    parts.instead["invoker"] = invoker
    return parts.send(bus_alarm("region", **changes))["results"]


def decisions(results):
    return [(one["decision"], one["reason_code"]) for one in results]


def is_open(parts, pair):
    return parts.ledger.read(pair.id).open_incident is not None


def test_some_are_acted_upon_here_and_the_others_each_in_an_invocation_of_its_own(region):
    invoker = Invoker(region)
    results = alarm(region, invoker)
    here, elsewhere = decisions(results[:IN_TURN]), decisions(results[IN_TURN:])
    assert here == [("submitted", "accepted")] * IN_TURN
    assert elsewhere == [("duplicate", "pursued")] * (ALL - IN_TURN)
    assert sorted(invoker.asked) == ["pair-3", "pair-4", "pair-5"]


def test_those_are_asked_for_before_the_first_order_and_after_all_incidents_are_stored(region):
    invoker = Invoker(region)
    alarm(region, invoker)
    assert invoker.orders_before == [0] * (ALL - IN_TURN)
    assert all(is_open(region, pair) for pair in region.pairs[IN_TURN:])


def test_each_is_ordered_once(region):
    with ThreadPoolExecutor(ALL) as pool:
        invoker = Concurrent(region, pool)
        alarm(region, invoker)
    answers = {(one.result().decision, one.result().pair) for one in invoker.answers}
    assert answers == {("submitted", f"pair-{number}") for number in range(IN_TURN, ALL)}
    assert region.posts == ALL


def test_what_lambda_does_not_take_is_acted_upon_here(region):
    results = alarm(region, Invoker(region, is_taken=False))
    assert decisions(results) == [("submitted", "accepted")] * ALL
    assert region.posts == ALL


def test_another_alarm_of_the_same_pairs_asks_for_no_invocation(region):
    region.put_pair(
        "pair-5", disaster_recovery_id=region.pairs[5].id, alarms=["region"], mode="observe"
    )
    alarm(region, Invoker(region, is_taken=False))
    invoker = Invoker(region)
    results = alarm(region, invoker, at=now())
    assert (invoker.asked, region.posts) == ([], ALL - 1)
    assert {one["decision"] for one in results} == {"duplicate"}
