"""Answers that are none: said in one sentence wherever they come in, and nothing stumbles over them."""

import json
import math

import pytest
from function_endpoint import Raised

from failoverctl.received import fault_of

SAYS = "none of its results"
RUN = "20260115T083000000Z-1d60e79e"
RESULT = {
    "schema": "dws-failover/1",
    "decision": "submitted",
    "reason": "r",
    "run_id": RUN,
    "pair": "a",
}
READY = {
    "schema": "dws-failover/1",
    "pair": "a",
    "decision": "status",
    "reason_code": "ready",
    "reason": "READY",
}
ODD = {
    "a figure that is none": {"estimated_data_loss_s": math.nan},
    "a figure without end": {"timings": {"recovery_time_s": math.inf}},
    "a figure of 4001 digits": {"estimated_data_loss_s": 10**4000},
    "a figure past counting": {"at_most_data_loss_s": 10**300},
    "a figure in words": {"estimated_data_loss_s": "9 s"},
    "a figure of a gate": {"gates": [{"gate": "rpo", "measured": math.nan, "limit": 3}]},
    "steps that are numbers": {"next_steps": [1]},
    "a number for steps": {"next_steps": 7},
    "texts for results": {"results": ["x"]},
    "a text for gates": {"gates": "all pass"},
    "an object for a reason": {"reason": {"sentence": "r"}},
    "a text for roles": {"roles": "exchanged"},
    "a list without an end": {"runs": [{}] * 10_001},
    "an unknown part that is too deep": {"new": json.loads("[" * 100 + "]" * 100)},
}  # fmt: skip
SOME = ("a figure that is none", "steps that are numbers", "a deep answer")
RAW = {
    "a deep answer": b"[" * 200_000,
    "a deep part": b'{"reason": "r", "gates": ' + b'[{"a": ' * 50_000,
    "no UTF-8": b'{"reason": "\xff"}',
    "a key twice": b'{"decision": "succeeded", "decision": "failed"}',
    "nothing": b"",
    "a page": b"<html>\x1b[2J</html>",
}


def answers():
    odd = {name: json.dumps(RESULT | parts).encode() for name, parts in ODD.items()}
    return odd | RAW


@pytest.mark.parametrize("case", answers())
def test_what_is_none_of_the_results_is_said_in_a_sentence(ctl_of_told, told, case):
    told.answer = lambda _: answers()[case]
    ran = ctl_of_told.run("verify", "a")
    assert (ran.code, ran.out) == (5, ""), ran
    assert SAYS in ran.err
    assert len(ran.err.splitlines()) == 1
    assert len(ran.err) < 500
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("case", SOME)
def test_following_ends_where_no_result_comes(ctl_of_told, told, case):
    told.answer = lambda _: answers()[case]
    ran = ctl_of_told.run("follow", "a", "--every", "1")
    assert ran.code == 5, ran
    assert SAYS in ran.err


@pytest.mark.parametrize("case", SOME)
def test_an_order_that_no_result_follows_is_sent_once_and_not_known(ctl_of_told, told, case):
    seen = RESULT | {"decision": "rehearsed", "reason_code": "would_submit", "evidence": "0" * 16}
    told.answer = lambda event: {
        "rehearse": seen, "failover": RESULT, "verify": answers()[case],
    }[event["command"]]  # fmt: skip
    ran = ctl_of_told.run("failover", "a", "--requested-by", "ada", typed="why\na\n")
    assert ran.code == 5, ran
    assert SAYS in ran.err
    assert [one["command"] for one in told.asked].count("failover") == 1


@pytest.mark.parametrize("case", SOME)
def test_an_order_that_is_answered_with_no_result_is_looked_for(ctl_of_told, told, case):
    seen = RESULT | {"decision": "rehearsed", "reason_code": "would_submit", "evidence": "0" * 16}
    told.answer = lambda event: {
        "rehearse": seen, "failover": answers()[case], "verify": {**RESULT, "decision": "succeeded"},
    }[event["command"]]  # fmt: skip
    ran = ctl_of_told.run("failover", "a", "--requested-by", "ada", typed="why\na\n")
    assert ran.code == 0, ran
    assert SAYS in ran.err
    assert [one["command"] for one in told.asked].count("failover") == 1


@pytest.mark.parametrize("case", SOME)
def test_the_doctor_says_that_no_result_came_and_goes_on(ctl_of_told, told, case):
    told.answer = lambda _: answers()[case]
    ctl_of_told.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    ran = ctl_of_told.run("doctor", "--no-notice")
    assert ran.code == 1, ran
    assert SAYS in ran.out
    assert "Who hears" in ran.out


def test_a_step_that_is_no_command_is_shown_as_a_sentence(ctl_of_told, told):
    told.answer = lambda _: RESULT | {"next_steps": ["[" * 5000, '{"pair": NaN}']}
    ran = ctl_of_told.run("verify", "a")
    assert ran.code == 0, ran
    assert '{"pair": NaN}' in ran.out


def test_an_error_whose_words_are_no_text_is_said(ctl_of_told, told):
    def answer(_):
        raise Raised("InvalidEvent", "[" * 5000)

    told.answer = answer
    assert ctl_of_told.run("verify", "a").code == 4


def test_parts_that_a_newer_function_adds_are_let_pass(ctl_of_told, told):
    told.answer = lambda _: RESULT | {"new": [{"nested": {"figure": 1.5, "flag": True}}]}
    assert ctl_of_told.run("verify", "a").code == 0


def test_a_fault_says_where_it_is():
    said = fault_of({"results": [READY, READY | {"next_steps": [1]}]})
    assert said == "$.results[1].next_steps: found [1], allowed: a list of texts"


def test_very_many_pairs_are_listed_in_seconds(ctl_of_told, told):
    told.answer = lambda _: {"results": [READY | {"pair": f"p{number}"} for number in range(8000)]}
    ran = ctl_of_told.run("status")
    assert ran.code == 0
    assert "8000 more are READY" in ran.out
