"""What goes wrong: one sentence with the way out, an exit code, and never a second try."""

import json
import re

import pytest
from function_endpoint import Failoverctl, Lost, Raised, Ran, Refusal, ended, result
from places import ROOT

from failoverctl.arguments import OVERRIDABLE

ACCESS = Refusal("AccessDeniedException", 403, "User ada is not authorized")
TABLE = {
    "no such function": (Refusal("ResourceNotFoundException", 404), 3, "--function"),
    "denied": (ACCESS, 3, "you may not invoke the function"),
    "expired": (Refusal("ExpiredTokenException", 403), 3, "sign in"),
    "throttled": (Refusal("TooManyRequestsException", 429), 3, "nothing was done"),
    "AWS is broken": (Refusal("ServiceException", 500), 5, "ServiceException"),
    "the answer is lost": (Lost(), 5, "the answer was lost"),
    "wrong command": (Raised("InvalidEvent", "$.pair: found 'x'"), 4, "$.pair: found 'x'"),
    "wrong deployment": (Raised("InvalidSettings"), 4, "correct the deployment"),
    "no provider": (Raised("ProviderUnavailable"), 4, "nothing was ordered"),
    "no table": (Raised("LedgerUnavailable"), 4, "nothing was ordered"),
    "a bug": (Raised("KeyError"), 5, "see its log"),
    "killed": (Raised("Sandbox.Timedout"), 5, "Sandbox.Timedout"),
}


@pytest.fixture
def failing(told):
    def fail(trouble):
        def answer(_):
            raise trouble

        told.answer = answer

    return fail


def is_one_sentence(ran: Ran):
    lines = ran.err.strip().splitlines()
    return len(lines) == 1 and "Traceback" not in ran.err


@pytest.mark.parametrize("case", TABLE)
def test_each_trouble_is_a_sentence_with_a_way_out(ctl_of_told, told, failing, case):
    trouble, code, words = TABLE[case]
    failing(trouble)
    ran = ctl_of_told.run("verify", "analytics")
    assert ran.code == code, ran
    assert words in ran.err
    assert is_one_sentence(ran)
    assert len(told.asked) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "no AWS credentials"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "no AWS credentials"),
        ({"AWS_DEFAULT_REGION": None}, "--region"),
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE"),
        ({"AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
    ids=["no credentials", "half of them", "no region", "no such profile", "no network"],
)
def test_without_a_way_to_aws_nothing_is_sent(ctl_of_told, told, changes, words):
    ctl = Failoverctl(**(ctl_of_told.environment | changes))
    ran = ctl.run("verify", "analytics")
    assert ran.code == 3, ran
    assert words in ran.err
    assert is_one_sentence(ran)
    assert told.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ("failover",), ("verify", "a", "--nothing"), ("status", "--watch", "--json"), ("nothing",),
        ("history", "--limit", "101"), ("acknowledge", "a"), ("pause", "a"),
        ("rehearse", "a", "--override", "mode"), ("failover", "a", "--override", "no_such_gate"),
    ],
)  # fmt: skip
def test_what_was_typed_wrong_is_said_and_nothing_is_sent(ctl_of_told, told, words):
    ran = ctl_of_told.run(*words)
    assert ran.code == 2, ran
    assert "Traceback" not in ran.err
    assert told.asked == []


def test_the_gates_that_may_be_set_aside_are_those_of_the_function():
    schema = json.loads((ROOT / "src/handler/model/schemas/command.json").read_text())
    assert set(OVERRIDABLE) == set(schema["properties"]["override"]["items"]["enum"])


def test_a_region_of_an_arn_is_the_region(ctl_of_told, told):
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    ctl_of_told.environment["AWS_DEFAULT_REGION"] = None
    assert ctl_of_told.run("verify", "analytics", "--function", arn).code == 0
    assert told.names == [arn]


@pytest.mark.parametrize("said", ["\x1b[2J\x1b[31mREADY", "a\r\nb\x07", "\u202eYDAER", "\x9b31m"])
def test_no_answer_moves_the_cursor(ctl_of_told, told, said):
    row = result(pair=said, decision=said, reason=said, reason_code=said,
                 gates=[{"gate": said, "verdict": said, "reason": said}])  # fmt: skip
    told.answer = lambda _: row | {
        "results": [row], "next_steps": [said, '{"command": "\\u001b[2J"}'],
        "runs": [{"run_id": said, "pair": said, "decision": said, "reason": said}],
        "incidents": [{"incident_id": said, "unreadable": said}],
    }  # fmt: skip
    for words in (("status",), ("status", "a"), ("verify", "a"), ("history",)):
        ran = ctl_of_told.run(*words)
        assert not re.search(r"[^\x20-\x7e\n«»…\ufffd]", ran.out + ran.err), ran


NOT_OURS = (
    [], "text", 7, None, {}, {"statusCode": 200, "body": "ok"}, {"results": []}, {"results": 7},
    {"batchItemFailures": []}, {"results": [{"decision": "status"}]},
    {"schema": "dws-failover/1"}, {"schema": "dws-failover/1", "decision": ""},
    {"decision": "succeeded"}, {"schema": "other/1", "decision": "paused"},
)  # fmt: skip


WHO = ("--reason", "why", "--requested-by", "ada")


@pytest.mark.parametrize("answer", NOT_OURS, ids=str)
def test_what_is_no_result_of_the_function_is_said(ctl_of_told, told, answer):
    told.answer = lambda _: answer
    ran = ctl_of_told.run("resume", "*", *WHO)
    assert ran.code == 5, ran
    assert "is not the failover function" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("words", [("verify", "a"), ("follow", "a"), ("history",), ("status", "a"),
                                   ("rehearse", "a"), ("pause", "a", "--until", "1h", *WHO),
                                   ("acknowledge", "a", "--production", "x", *WHO)])  # fmt: skip
def test_no_command_takes_another_function_for_this_one(ctl_of_told, told, words):
    told.answer = lambda _: {"results": []}
    ran = ctl_of_told.run(*words)
    assert ran.code == 5, ran
    assert "is not the failover function" in ran.err


def test_a_function_without_pairs_is_still_the_function(ctl_of_told, told):
    told.answer = lambda _: {"results": []}
    ran = ctl_of_told.run("status")
    assert (ran.code, ran.out.strip()) == (0, "no pairs")


def test_an_answer_of_another_version_is_said_to_be_one(ctl_of_told, told):
    told.answer = lambda _: result(schema="dws-failover/2")
    ran = ctl_of_told.run("verify", "a")
    assert ran.code == 5
    assert "dws-failover/2" in ran.err
    assert is_one_sentence(ran)


@pytest.mark.parametrize("words", [("pause", "a", "--until", "1h"), ("resume", "a"),
                                   ("acknowledge", "a", "--production", "x")])  # fmt: skip
def test_a_decision_that_is_not_known_here_is_not_done(ctl_of_told, told, words):
    told.answer = lambda _: result(decision="postponed")
    assert ctl_of_told.run(*words, *WHO).code == 1


@pytest.mark.parametrize("parts", [{}, {"gates": [{}], "next_steps": [], "timings": None, "roles": {}},
                                   {"runs": [{}], "incidents": [{}]}])  # fmt: skip
def test_an_answer_that_lacks_parts_is_shown_without_them(ctl_of_told, told, parts):
    told.answer = lambda _: result(**parts)
    for words in (("status",), ("status", "a"), ("verify", "a"), ("history",)):
        ran = ctl_of_told.run(*words)
        assert ran.code == 0, ran


def test_looks_that_fail_are_followed_by_others(ctl_of_told, told):
    troubles = [Lost(), Refusal("TooManyRequestsException", 429), Raised("LedgerUnavailable")]

    def answer(_):
        if troubles:
            raise troubles.pop()
        return result(decision="succeeded")

    told.answer = answer
    ran = ctl_of_told.run("follow", "a", "--every", "1")
    assert ran.code == 0, ran
    assert ran.err.count("asking again") == 3


@pytest.mark.parametrize(
    ("decision", "code"),
    [("succeeded", 0), ("failed", 1), ("not_started", 1), ("provider_rejected", 1), ("closed", 1),
     ("no_run", 1)],
)  # fmt: skip
def test_following_ends_with_the_run(ctl_of_told, told, decision, code):
    told.answer = lambda _: result(decision=decision)
    assert ctl_of_told.run("follow", "a").code == code


def test_it_says_what_it_needs_to_be_installed(tmp_path):
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError(name='typer')")
    ctl = Failoverctl()
    ctl.environment["PYTHONPATH"] = f"{tmp_path}:{ROOT}"
    ran = ended(ctl.start("status"))
    assert ran.code == 1
    assert "dws-failover[ctl]" in ran.err


def test_an_order_whose_pair_has_no_name_cannot_be_confirmed_by_nothing(ctl_of_told, told):
    seen = result(decision="rehearsed", reason_code="would_submit", pair=None)
    told.answer = lambda _: seen
    ran = ctl_of_told.run("failover", "analytics", "--requested-by", "ada", typed="why\n\n")
    assert ran.code == 1, ran
    assert {one["command"] for one in told.asked} == {"rehearse"}
