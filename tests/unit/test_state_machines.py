"""The definitions as texts: what the embedded AWS does not check, and what would rot."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from template import RESOURCES, TEMPLATE, policies

from handler import errors
from local.pictures import PAGE, drawn

FILES = {path.name.partition(".")[0]: path for path in (ROOT / "statemachine").glob("*.asl.json")}
MACHINES = {name: json.loads(path.read_text()) for name, path in FILES.items()}
PLACEHOLDERS = {
    "Partition": "aws",
    "FailoverFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:failover",
    "FailoverStateMachineArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:failover",
    "RunsTableName": "runs",
    "FunctionName": "failover",
    "Region": "eu-central-1",
    "NotificationTopicArn": "arn:aws:sns:eu-central-1:111122223333:notifications",
}
# What Step Functions and Lambda name, and no class of ours.
FOREIGN = re.compile(r"(States|Lambda)\.[A-Za-z]+")


def states(machine):
    for name, state in machine["States"].items():
        yield name, state
        if inner := state.get("ItemProcessor"):
            yield from states(inner)


ALL = [(machine, *one) for machine, text in MACHINES.items() for one in states(text)]
TASKS = [(f"{machine}.{name}", state) for machine, name, state in ALL if state["Type"] == "Task"]
ERRORS = {one.__name__ for one in errors.FailoverError.__subclasses__()}


def caught(state):
    return [
        name
        for handler in (*state.get("Retry", ()), *state.get("Catch", ()))
        for name in handler["ErrorEquals"]
    ]


@pytest.mark.parametrize("name", FILES)
def test_statelint_has_nothing_to_say(tmp_path, name):
    text = FILES[name].read_text()
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(f"${{{placeholder}}}", value)
    path = tmp_path / "definition.json"
    path.write_text(text)
    statelint = Path(f"{sys.prefix}-sam") / "bin" / "statelint"
    said = subprocess.run([statelint, path], capture_output=True, text=True, check=False)
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


def test_every_error_of_ours_is_known_to_the_machines_and_no_other():
    named = {name for *_, state in ALL for name in caught(state)}
    assert {name for name in named if not FOREIGN.fullmatch(name)} == ERRORS


def test_every_error_of_ours_is_an_end_of_the_failover():
    assert set(MACHINES["failover"]["States"]) >= ERRORS


@pytest.mark.parametrize(("name", "state"), TASKS, ids=[name for name, _ in TASKS])
def test_every_task_has_a_time_out(name, state):
    assert 30 <= state["TimeoutSeconds"] <= 28_800, name


def test_the_machines_have_time_for_the_longest_run():
    longest = 21_600  # completion_deadline_s of a pair
    assert MACHINES["failover"]["TimeoutSeconds"] > longest + 900
    nested = dict(states(MACHINES["fleet"]))["FailOverPair"]
    assert nested["TimeoutSeconds"] > MACHINES["failover"]["TimeoutSeconds"]
    assert MACHINES["fleet"]["TimeoutSeconds"] > nested["TimeoutSeconds"]


# Events in an execution's history: entered and exited; a task is also scheduled, started, done.
EVENTS = {"Task": 5, "Choice": 2, "Wait": 2}
LOOKING = ("IsThereTime", "WaitForAPerson", "LookForARun", "HasAPersonActed")
FOLLOWING = ("WaitToVerify", "Verify", "IsItSettled")


def events_in(seconds, loop):
    """How many events so long a time of a loop leaves, if its tasks take no time at all."""
    turn = [MACHINES["failover"]["States"][name] for name in loop]
    every_s = sum(state.get("Seconds", 0) for state in turn)
    return seconds / every_s * sum(EVENTS[state["Type"]] for state in turn)


def longest_approval_time(machine):
    (yes,) = MACHINES[machine]["States"]["IsTheTimeAllowed"]["Choices"]
    return int(re.search(r"approval_time_s <= (\d+) ", yes["Condition"]).group(1))


def test_the_longest_execution_stays_below_the_history_that_is_kept():
    """25,000 events: Step Functions Developer Guide, "Avoid reaching the history quota"."""
    looking_s = longest_approval_time("failover")
    following_s = MACHINES["failover"]["TimeoutSeconds"] - looking_s
    most = events_in(looking_s, LOOKING) + events_in(following_s, FOLLOWING)
    assert 22_000 < most < 24_000
    assert longest_approval_time("fleet") == looking_s


def test_a_task_may_last_as_long_as_the_function():
    function = RESOURCES["FailoverFunction"]["Properties"]["Timeout"]
    asking = [state for _, state in TASKS if state["Resource"].endswith("lambda:invoke")]
    assert {state["TimeoutSeconds"] for state in asking} == {function + 30}


def test_an_order_of_unknown_fate_is_never_simply_repeated():
    order = MACHINES["failover"]["States"]["FailOver"]
    repeated = [name for retrier in order["Retry"] for name in retrier["ErrorEquals"]]
    # Raised only where nothing was ordered; throttled before it began.
    safe = {"ProviderUnavailable", "LedgerUnavailable", "Lambda.TooManyRequestsException"}
    assert set(repeated) == safe
    assert order["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert order["Catch"][-1]["Next"] == "WaitToVerify"


@pytest.mark.parametrize(("name", "state"), TASKS, ids=[name for name, _ in TASKS])
def test_retries_grow_have_an_end_and_do_not_come_together(name, state):
    for retrier in state.get("Retry", ()):
        if retrier["MaxAttempts"]:
            assert (retrier["BackoffRate"], retrier["JitterStrategy"]) == (2.0, "FULL"), name


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_reached(machine):
    def reached(one):
        ways = {one["StartAt"]}
        for state in one["States"].values():
            handlers = (*state.get("Catch", ()), *state.get("Choices", ()))
            ways |= {handler["Next"] for handler in handlers}
            ways |= {state[field] for field in ("Next", "Default") if field in state}
            assert "ItemProcessor" not in state or reached(state["ItemProcessor"])
        assert ways == set(one["States"])
        return True

    assert reached(MACHINES[machine])


def test_each_failure_is_named_for_what_it_means():
    failures = {name: state["Error"] for _, name, state in ALL if state["Type"] == "Fail"}
    assert failures == {name: name for name in failures}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_page_names_every_end(machine):
    ends = {
        name for name, state in MACHINES[machine]["States"].items()
        if state["Type"] in ("Fail", "Succeed")
    }  # fmt: skip
    assert [name for name in ends if f"`{name}`" not in PAGE.read_text()] == []


def test_the_pictures_are_those_of_the_definitions():
    assert drawn(PAGE.read_text()) == PAGE.read_text()


RESOURCE_OF = {
    "failover": "FailoverStateMachine", "fleet": "FleetStateMachine", "view": "ViewStateMachine",
}  # fmt: skip
# Service Authorization Reference; Step Functions Developer Guide, "IAM policies for integrated
# services" of each integration.
NEEDED = {
    "lambda:invoke": {"lambda:InvokeFunction"},
    "states:startExecution.sync:2": {
        "states:StartExecution", "states:DescribeExecution", "states:StopExecution",
        "events:PutTargets", "events:PutRule", "events:DescribeRule",
    },
    "dynamodb:getItem": {"dynamodb:GetItem"},
    "dynamodb:updateItem": {"dynamodb:UpdateItem"},
    "sns:publish": {"sns:Publish"},
}  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_a_role_may_do_what_its_definition_does_and_nothing_else(machine):
    used = {
        state["Resource"].partition(":states:::")[2]
        for _, state in states(MACHINES[machine])
        if state["Type"] == "Task"
    }
    role = RESOURCES[RESOURCE_OF[machine]]["Properties"]["Role"]["GetAtt"].partition(".")[0]
    policy, *_ = policies(RESOURCES[role]["Properties"])
    allowed = [one["Action"] for one in policy["PolicyDocument"]["Statement"]]
    actions = {a for one in allowed for a in ([one] if isinstance(one, str) else one)}
    assert actions == set().union(*(NEEDED[resource] for resource in used))


def test_a_fleet_may_touch_its_own_counters_only():
    policy, *_ = policies(RESOURCES["FleetStateMachineRole"]["Properties"])
    (count,) = (
        one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "CountFailures"
    )
    assert count["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["fleet#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert "'fleet#' & " in FILES["fleet"].read_text()


@pytest.mark.parametrize(("machine", "name"), [("fleet", "counter"), ("failover", "command")])
def test_an_execution_is_known_by_its_start_as_well(machine, name):
    """Its name is free again after 90 days: API reference of Step Functions, StartExecution."""
    assigned = MACHINES[machine]["States"]["Begin"]["Assign"][name]
    assert "$states.context.Execution.Name" in assigned
    assert "$states.context.Execution.StartTime" in assigned


@pytest.mark.parametrize("machine", MACHINES)
def test_every_placeholder_is_substituted(machine):
    used = set(re.findall(r"\$\{(\w+)\}", FILES[machine].read_text()))
    properties = RESOURCES[RESOURCE_OF[machine]]["Properties"]
    assert set(properties["DefinitionSubstitutions"]) == used
    assert properties["DefinitionUri"] == f"statemachine/{machine}.asl.json"


def test_both_may_be_started_by_whoever_reads_the_outputs():
    outputs = TEMPLATE["Outputs"]
    assert outputs["FailoverStateMachineArn"]["Value"] == {"Ref": "FailoverStateMachine"}
    assert outputs["FleetStateMachineArn"]["Value"] == {"Ref": "FleetStateMachine"}


def test_what_a_viewer_rehearses_is_what_an_operator_would_order():
    (passed_on,) = re.findall(r"\$k in \[(.*?)\]", json.dumps(MACHINES["view"]))
    assert {"override", "run_id", "outage_began_at"} <= {
        one.strip(" '") for one in passed_on.split(",")
    }
