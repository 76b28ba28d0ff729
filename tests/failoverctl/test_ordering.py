"""What is told of an order once it was sent: never that nothing was ordered."""

import pytest
from function_endpoint import Lost, Raised, Refusal, result

RUN = "20260115T083000000Z-1d60e79e"
SEEN = {"decision": "rehearsed", "reason_code": "would_submit", "evidence": "0123456789abcdef"}
SUBMITTED = {"decision": "submitted", "reason_code": "accepted", "run_id": RUN}
IN_PROGRESS = {"decision": "in_progress", "reason_code": "accepted", "run_id": RUN}
EXPIRED = Refusal("ExpiredTokenException", 403, "The security token is expired")


@pytest.fixture
def ordered(ctl_of_told, told):
    """Order, where the function answers each command in turn; the last answer stays."""

    def order(*answers_to_order, looks=(), words=()):
        scripts = {
            "rehearse": [SEEN], "failover": [*answers_to_order], "verify": [IN_PROGRESS, *looks],
        }  # fmt: skip

        def answer(event):
            script = scripts[event["command"]]
            said = script.pop(0) if len(script) > 1 else script[0]
            if isinstance(said, Exception):
                raise said
            return result(pair="sales", **(said() if callable(said) else said))

        told.answer = answer
        who = ("--requested-by", "ada", "--every", "1")
        return ctl_of_told.run("failover", "sales", *who, *words, typed="why\nsales\n")

    return order


def sent(told):
    return [one["command"] for one in told.asked].count("failover")


AFTER = {
    "expired": EXPIRED,
    "denied": Refusal("AccessDeniedException", 403),
    "gone": Refusal("ResourceNotFoundException", 404),
    "bad document": Raised("InvalidSettings", "the document of sales is bad"),
    "bad command": Raised("InvalidEvent", "$.pair"),
}


@pytest.mark.parametrize("answered", [SUBMITTED, Lost()], ids=["accepted", "answer lost"])
@pytest.mark.parametrize("case", AFTER)
def test_an_order_that_cannot_be_watched_is_told_as_sent(ordered, told, case, answered):
    ran = ordered(answered, looks=[AFTER[case]])
    assert ran.code == 5, ran
    (order,) = [one for one in told.asked if one["command"] == "failover"]
    assert "The order was sent" in ran.err
    assert f"failoverctl follow sales --request-id {order['request_id']}" in ran.err
    assert (f"run {RUN}" in ran.err) == (answered is SUBMITTED)
    assert "send it again" not in ran.err
    assert "nothing was" not in ran.err


def test_an_order_after_which_the_network_is_gone_is_told_as_sent(ctl_of_told, told):
    def answer(event):
        if event["command"] == "rehearse":
            return result(pair="sales", **SEEN)
        told.vanish()
        raise Lost

    told.answer = answer
    ran = ctl_of_told.run("failover", "sales", "--requested-by", "ada", "--every", "1",
                          typed="why\nsales\n")  # fmt: skip
    assert ran.code == 5, ran
    assert "The order was sent" in ran.err


def test_trouble_that_passes_while_watching_says_nothing_of_sending(ordered):
    troubles = [Raised("LedgerUnavailable"), Refusal("TooManyRequestsException", 429), Lost()]
    ran = ordered(SUBMITTED, looks=[*troubles, {"decision": "succeeded", "run_id": RUN}])
    assert ran.code == 0, ran
    assert ran.err.count("asking again") == 3
    assert "send it again" not in ran.err
    assert "nothing was" not in ran.err


def test_an_order_that_the_function_knows_nothing_of_afterwards_is_not_told_as_undone(ordered):
    ran = ordered(SUBMITTED, looks=[{"decision": "no_run"}])
    assert ran.code == 5, ran
    assert f"run {RUN}" in ran.err


@pytest.mark.parametrize("decision", ["refused", "blocked", "provider_rejected", "not_started"])
def test_an_order_that_began_nothing_is_not_followed(ordered, told, decision):
    ran = ordered({"decision": decision})
    assert ran.code == 1, ran
    assert "verify" not in {one["command"] for one in told.asked}


def look_at_run_of(told, **other):
    """A look at the run that the order has begun, or another order or alarm."""

    def look():
        (order,) = [one for one in told.asked if one["command"] == "failover"]
        at = order["requested_at"].replace("+00:00", "Z")
        trigger = {"kind": "command", "name": "failover", "occurred_at": at, **other}
        return {"decision": "succeeded", "run_id": RUN, "trigger": trigger}

    return look


DUPLICATE = {"decision": "duplicate", "reason_code": "succeeded", "run_id": RUN}
OTHERS = {
    "an older command": {"occurred_at": "2026-01-12T08:00:00Z"},
    "an alarm": {"kind": "alarm", "name": "dws-outage-sales"},
}


@pytest.mark.parametrize("answered", [DUPLICATE, Lost()], ids=["duplicate", "answer lost"])
@pytest.mark.parametrize("case", OTHERS)
def test_a_run_that_was_there_before_is_not_told_as_this_order(ordered, told, case, answered):
    look = look_at_run_of(told, **OTHERS[case])
    ran = ordered(answered, looks=[look], words=("--request-id", "OPS-17"))
    assert ran.code == 1, ran
    assert "Nothing was ordered now" in ran.err
    assert f"failoverctl follow sales --run-id {RUN}" in ran.err
    assert "succeeded" not in ran.out


@pytest.mark.parametrize("answered", [DUPLICATE, Lost()], ids=["duplicate", "answer lost"])
def test_the_run_that_this_order_has_begun_is_followed_to_its_end(ordered, told, answered):
    ran = ordered(answered, looks=[look_at_run_of(told)], words=("--request-id", "OPS-17"))
    assert ran.code == 0, ran
    assert "succeeded" in ran.out
