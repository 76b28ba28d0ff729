"""The program itself: its help, its page, what it explains, and watching."""

import time

import pytest
from function_endpoint import Failoverctl, Lost, Raised, ended, interrupt, result
from places import ROOT

from failoverctl.failures import ExitCode
from failoverctl.program import COMMANDS, program

PAGE = (ROOT / "docs" / "failoverctl.md").read_text()
NAMES = [command.__name__ for command, _ in COMMANDS]


@pytest.mark.parametrize("name", NAMES)
def test_each_command_has_help_with_an_example_and_is_on_the_page(name):
    ran = Failoverctl().run(name, "--help")
    assert ran.code == 0
    assert f"Example: failoverctl {name}" in " ".join(ran.out.split())
    assert f"| `{name}" in PAGE


@pytest.mark.parametrize(("command", "example"), COMMANDS, ids=NAMES)
def test_each_example_is_one_of_its_command(command, example):
    assert example.split()[:2] == ["failoverctl", command.__name__]
    assert [one.callback.__name__ for one in program.registered_commands] == NAMES


def test_the_page_has_each_exit_code():
    codes = {line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")}
    assert {str(int(code)) for code in ExitCode} <= codes


def test_a_code_is_explained_and_a_close_name_suggested():
    ctl = Failoverctl()
    assert "`rpo`" in ctl.run("explain", "rpo").out.splitlines()[0]
    wrong = ctl.run("explain", "production_dwn")
    assert wrong.code == 2
    assert "production_down" in wrong.err
    listed = ctl.run("explain").out.split()
    assert {"rpo", "succeeded", "held"} <= set(listed)


def test_watching_goes_on_after_a_failure_and_ends_with_ctrl_c(ctl_of_told, told):
    troubles = [Lost()]

    def answer(_):
        if troubles:
            raise troubles.pop()
        return {"results": []}

    told.answer = answer
    process = ctl_of_told.start("status", "--watch", "--every", "5")
    while len(told.asked) < 2:
        time.sleep(0.05)
    time.sleep(1)
    ran = interrupt(process)
    assert (ran.code, "Stopped watching." in ran.err) == (130, True), ran
    assert "the answer was lost" in ran.err
    assert "no pairs" in ran.out


def test_watching_ends_at_once_where_what_is_asked_is_wrong(ctl_of_told, told):
    def answer(_):
        raise Raised("InvalidEvent", "$.pair: found 'salse', allowed: a configured pair (sales)")

    told.answer = answer
    ran = ctl_of_told.run("status", "salse", "--watch", "--every", "5")
    assert (ran.code, len(told.asked)) == (4, 1)
    assert "allowed: a configured pair (sales)" in ran.err


def test_colours_are_for_terminals_only(ctl_of_told, told):
    told.answer = lambda _: {"results": [result(pair="a", reason_code="held", reason="HELD")]}
    assert "\x1b" not in ctl_of_told.run("status").out


def test_a_line_that_was_pasted_below_is_no_reason(ctl_of_told, told):
    ran = ctl_of_told.run(
        "pause", "sales", "--until", "1h", "--requested-by", "ada",
        typed="failoverctl status sales --function f\n",
    )  # fmt: skip
    assert (ran.code, told.asked) == (2, [])
    assert "that is a command and no reason: nothing was sent" in ran.err


PAUSE = ("pause", "sales", "--until", "1h", "--requested-by", "ada")


def test_a_reason_may_come_through_a_pipe(ctl_of_told, told):
    ended(ctl_of_told.start(*PAUSE), "patching\n")
    assert [one["reason"] for one in told.asked] == ["patching"]


def test_where_nobody_can_answer_nothing_is_sent(ctl_of_told, told):
    ran = ended(ctl_of_told.start(*PAUSE), "")
    assert (ran.code, told.asked) == (2, [])
    assert ran.err.endswith("nobody answers: nothing was sent\n")


def test_where_the_input_is_closed_nobody_can_answer(ctl_of_told, told):
    ran = ended(ctl_of_told.start(*PAUSE, closed=True))
    assert (ran.code, told.asked) == (2, [])
    assert ran.err.endswith("nobody answers: nothing was sent\n")


def test_a_stack_that_is_typed_beats_a_function_that_the_environment_names(ctl_of_told, told):
    ran = ctl_of_told.run("verify", "sales", "--stack", "prod-eu", "--region", "eu-west-1")
    assert (ran.code, told.asked) == (3, [])
    assert "prod-eu" in ran.err


def test_a_function_that_is_typed_beats_a_view_that_the_environment_names(told):
    ctl = Failoverctl(
        AWS_ENDPOINT_URL_LAMBDA=told.url, FAILOVERCTL_VIEW="arn:aws:states:us-east-1:1:x:y"
    )
    ctl.run("status", "--function", "f")
    assert [one["command"] for one in told.asked] == ["status"]


def test_a_time_without_a_zone_is_typed_wrong(ctl_of_told, told):
    ran = ctl_of_told.run("rehearse", "sales", "--outage-began-at", "08:30")
    assert (ran.code, told.asked) == (2, [])
    assert "a time that says its zone" in ran.err


PAUSED = {"decision": "paused", "reason_code": "paused", "reason": "no failover: «patching»"}


def test_what_is_done_is_done_where_its_answer_cannot_be_written(ctl_of_told, told):
    told.answer = lambda _: result(pair="sales", **PAUSED)
    ran = ended(ctl_of_told.start(*PAUSE, "--reason", "x", into="/dev/full"))
    assert (ran.code, len(told.asked)) == (0, 1)
    assert ran.err.endswith("the answer could not be shown (No space left on device): paused\n")


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "JSON"])
def test_what_is_done_is_done_where_nobody_reads_its_answer(ctl_of_told, told, more):
    process = ctl_of_told.start(*PAUSE, "--reason", "x", *more)
    process.stdout.close()
    told.answer = lambda _: result(pair="sales", **PAUSED)
    assert process.wait(timeout=60) == 0
    assert process.stderr.read().endswith("the answer could not be shown (Broken pipe): paused\n")
    process.stderr.close()
    process.stdin.close()


def test_an_answer_is_shown_as_far_as_the_terminals_alphabet_can_say_it(ctl_of_told, told):
    told.answer = lambda _: result(pair="sales", **PAUSED)
    ctl_of_told.environment["PYTHONIOENCODING"] = "ascii"
    ran = ended(ctl_of_told.start(*PAUSE, "--reason", "x"))
    assert ran.code == 0
    assert "no failover: ?patching?" in ran.out


def test_talk_that_nobody_can_hear_ends_nothing(ctl_of_told, told):
    """Standard error is closed while a failure is said: its exit code stays what it is."""

    def answer(_):
        raise Raised("InvalidEvent", "no such pair")

    told.answer = answer
    process = ctl_of_told.start("verify", "sales")
    process.stderr.close()
    assert process.wait(timeout=60) == 4
    process.stdout.close()
    process.stdin.close()


def test_an_address_of_aws_that_is_none_is_said_in_a_sentence(ctl_of_told, told):
    ctl_of_told.environment["AWS_ENDPOINT_URL_LAMBDA"] = "nonsense"
    ran = ctl_of_told.run("status")
    assert (ran.code, told.asked) == (3, [])
    assert "Invalid endpoint: nonsense. look at AWS_ENDPOINT_URL" in ran.err


def test_what_belongs_to_a_headline_stands_below_it(ctl_of_told, told):
    gates = [{"gate": "rpo", "verdict": "pass", "reason": "fresh"}]
    told.answer = lambda _: result(pair="sales", decision="rehearsed", gates=gates)
    assert "\n  1 of 1 gates pass\n" in ctl_of_told.run("rehearse", "sales").out
