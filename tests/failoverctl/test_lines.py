"""What is printed can be pasted: a line sends the command that it was made from."""

import json
import shlex
from itertools import pairwise

import pytest
from function_endpoint import Failoverctl, FunctionEndpoint, result
from places import ROOT

from failoverctl.words import line_of

ID = "e59d6b86-9072-46eb-a996-13f8b44994c1"
CLUSTER = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"
EVIDENCE = "35070394104ed240"
SIGNED = {"reason": "<why>", "requested_by": "<who>"}
# The tool asks for these, or sets them itself when it sends.
NOT_PRINTED = ("confirm", "reason", "requested_by", "requested_at")
COMMANDS = [
    {"command": "status"},
    {"command": "status", "pair": "analytics"},
    {"command": "status", "pair": "sales-*"},
    {"command": "rehearse", "pair": "analytics"},
    {"command": "rehearse", "disaster_recovery_id": ID},
    {"command": "verify", "disaster_recovery_id": ID, "run_id": "20260101T000000000Z-00000000"},
    {"command": "verify", "pair": "analytics", "request_id": "a:b_c.d-e"},
    {"command": "acknowledge", "pair": "analytics", "production_cluster_id": CLUSTER, **SIGNED},
    {"command": "acknowledge", "disaster_recovery_id": ID, "production_cluster_id": CLUSTER,
     "run_id": "r-1", "override": ["roles"], **SIGNED},
    {"command": "pause", "pair": "*", "until": "2030-01-01T00:00:00Z", **SIGNED},
    {"command": "pause", "pair": "analytics", "until": "2030-01-01T00:00:00+08:00", **SIGNED},
    {"command": "resume", "pair": "*", **SIGNED},
    {"command": "resume", "pair": "-odd-name-", **SIGNED},
    {"command": "resume", "pair": "analytics", "paused_at": "2026-01-15T07:30:00.123456+00:00",
     **SIGNED},
    {"command": "history", "pair": "analytics"},
    {"command": "failover", "pair": "analytics", "evidence": EVIDENCE,
     "requested_at": "2026-01-01T00:00:00Z", **SIGNED},
    {"command": "failover", "pair": "analytics", "override": ["rpo", "armed", "hold"],
     "run_id": "r-1", "outage_began_at": "2026-01-01T00:00:00Z", "evidence": EVIDENCE,
     "request_id": "mine", **SIGNED},
]  # fmt: skip


def answer(event):
    """A function that takes whatever it is sent."""
    found = {"rehearse": ("rehearsed", "would_submit"), "verify": ("succeeded", "seen_exchanged"),
             "failover": ("submitted", "accepted"), "acknowledge": ("acknowledged", ""),
             "pause": ("paused", ""), "resume": ("resumed", "")}  # fmt: skip
    decision, code = found.get(event["command"], ("status", "ready"))
    name = event.get("pair", "analytics")
    return result(decision=decision, reason_code=code, pair=name, evidence=EVIDENCE, run_id="r-9")


def pasted(line, typed="why\nanalytics\n", evidence=EVIDENCE):
    """Paste a line, say who and why, and type the pair's name back: the commands that arrive."""
    program, *words = shlex.split(line)
    assert program == "failoverctl"
    with FunctionEndpoint(lambda event: answer(event) | {"evidence": evidence}) as function:
        ctl = Failoverctl(AWS_ENDPOINT_URL_LAMBDA=function.url)
        signed = words[0] in ("acknowledge", "pause", "resume", "failover")
        who = ["--requested-by", "ada"] if signed else []
        ran = ctl.run(words[0], *who, *words[1:], typed=typed)
        assert ran.code == 0, ran
        assert set(function.names) == {words[words.index("--function") + 1]}
        return function.asked


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: f"{one['command']}-{len(one)}")
def test_a_line_sends_the_command_that_it_was_made_from(command):
    line = line_of(command, ["--function", "the-function", "--region", "eu-west-1"])
    assert "<" not in line
    (sent,) = [one for one in pasted(line) if one["command"] == command["command"]]
    asked = dict.fromkeys(NOT_PRINTED) | ({"limit": 20} if command["command"] == "history" else {})
    if command["command"] == "failover":
        asked["request_id"] = sent["request_id"] if "request_id" not in command else "mine"
    expected = {name: one for name, one in command.items() if name not in NOT_PRINTED}
    unasked = {name: one for name, one in sent.items() if name not in NOT_PRINTED}
    assert unasked == {**{name: one for name, one in asked.items() if one}, **expected}
    if "reason" in command:
        assert (sent["reason"], sent["requested_by"]) == ("why", "ada")
    if command["command"] == "failover":
        assert sent["confirm"] == "analytics"
        assert sent["requested_at"] > command.get("requested_at", "")


def printed():
    """The two lines of each command in the examples of all notices, in docs/notifications.md."""
    lines = (ROOT / "docs" / "notifications.md").read_text().splitlines()
    found = {}
    for first, second in pairwise(map(str.strip, lines)):
        if first.startswith("failoverctl ") and second.startswith("printf "):
            found[first] = json.loads(shlex.split(second)[2])
    return found


PRINTED = printed()


def test_notices_print_commands_of_each_kind():
    kinds = {command["command"] for command in PRINTED.values()}
    assert kinds >= {"acknowledge", "failover", "pause", "rehearse", "resume", "status", "verify"}


@pytest.mark.parametrize("line", PRINTED)
def test_a_line_of_a_notice_sends_what_its_second_line_says(line):
    command = PRINTED[line]
    name = command.get("pair", "analytics")
    evidence = command.get("evidence", EVIDENCE)
    sent = pasted(line, typed=f"why\n{name}\n", evidence=evidence)
    (last,) = [one for one in sent if one["command"] == command["command"]]
    own = {"request_id"} - command.keys() if command["command"] == "failover" else set()
    expected = {field: one for field, one in command.items() if field not in NOT_PRINTED}
    expected |= {"evidence": evidence} if command["command"] == "failover" else {}
    assert {k: one for k, one in last.items() if k not in {*NOT_PRINTED, *own}} == expected
    assert line == line_of(command, line_options(line))


def line_options(line):
    """Where a line says that the function is."""
    words = shlex.split(line)
    at = words.index("--function")
    return words[at : at + 4]


def test_a_command_that_is_pasted_and_not_signed_orders_nothing():
    line = line_of(COMMANDS[-1], ["--function", "the-function", "--region", "eu-west-1"])
    _, *words = shlex.split(line)
    with FunctionEndpoint(answer) as function:
        ctl = Failoverctl(AWS_ENDPOINT_URL_LAMBDA=function.url)
        ran = ctl.run(*words, "--requested-by", "ada", typed="")
        assert ran.code == 2
        assert {one["command"] for one in function.asked} == {"rehearse"}


@pytest.mark.parametrize("said", [(), ("--region", "eu-west-1")], ids=["environment", "option"])
def test_a_line_names_the_region_whoever_has_said_it(said):
    step = json.dumps({"command": "status", "pair": "analytics"})
    with FunctionEndpoint(lambda event: answer(event) | {"next_steps": [step]}) as function:
        ctl = Failoverctl(AWS_ENDPOINT_URL_LAMBDA=function.url, AWS_DEFAULT_REGION="eu-west-1",
                          FAILOVERCTL_FUNCTION="the-function")  # fmt: skip
        ran = ctl.run("verify", "analytics", *said)
    line = "failoverctl status analytics --function the-function --region eu-west-1"
    assert line in ran.out.splitlines()[-1]
