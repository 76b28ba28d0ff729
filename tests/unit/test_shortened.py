"""What reconcile answers about a thousand pairs."""

import json

from handler.commands.reconcile.shortened import MOST, shortened
from handler.model.result import Decision, Result


def result(number, decision=Decision.RECONCILED, code="armed"):
    return Result(decision, code, "r" * 200, command="reconcile", pair=f"pair-{number}")


def test_few_are_all_there_in_their_order():
    few = tuple(result(number) for number in range(MOST))
    assert shortened(few) == few


def test_of_many_those_that_are_odd_come_first_and_the_others_are_counted():
    calm = [result(number) for number in range(1000)]
    calm[500] = result(500, code="not_armed")
    calm[900] = result(900, Decision.BLOCKED, "unavailable")
    *shown, last = shortened(tuple(calm))
    assert [one.pair for one in shown[:3]] == ["pair-900", "pair-500", "pair-0"]
    assert len(shown) == MOST
    assert (last.reason_code, last.pair) == ("left_off", None)
    assert last.reason.startswith("900 further results are left off (900 armed)")


def test_the_answer_about_2500_pairs_is_as_long_as_that_about_101():
    lengths = [
        len(json.dumps([one.as_json() for one in shortened(tuple(map(result, range(count))))]))
        for count in (MOST + 1, 2500)
    ]
    assert lengths[1] < lengths[0] * 1.1 < 100_000
