"""Where ministack's Step Functions differ from AWS's documents, by which our interpreter goes.

A test fails on the day its difference has gone: then it can go, too. What the definitions of this
project rest on is tested by the interpreter (tests/unit/test_machine_answers.py).
"""

import json
import time
import uuid

import pytest
from functions import a_role
from interpreter import Failed, Machine
from simulated import Clock


@pytest.fixture(scope="module")
def role(aws):
    return a_role(aws, {"Service": "states.amazonaws.com"}, "sqs:SendMessage", "arn:aws:sqs:::none")


def machine(*states, **top):
    """A machine of states in a row."""
    names = [f"S{number}" for number, _ in enumerate(states)]
    ways = [{"Next": name} for name in names[1:]] + [{"End": True}]
    row = {name: {**state, **way} for name, state, way in zip(names, states, ways, strict=True)}
    return {"QueryLanguage": "JSONata", "TimeoutSeconds": 60, "StartAt": "S0", "States": row, **top}


def of_ministack(aws, role, definition):
    """How an execution ends there."""
    client, name = aws.client("stepfunctions"), uuid.uuid4().hex
    arn = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
    started = client.start_execution(stateMachineArn=arn["stateMachineArn"], input="{}")
    while (found := client.describe_execution(executionArn=started["executionArn"]))[
        "status"
    ] == "RUNNING":
        time.sleep(0.05)
    return json.loads(found["output"]) if found["status"] == "SUCCEEDED" else found["error"]


def of_ours(definition):
    """How one ends by AWS's documents."""
    execution = Machine("one", definition, {}, Clock()).begin({})
    try:
        execution.run()
    except Failed as err:
        return err.error
    return execution.output


PASS, WAIT = {"Type": "Pass"}, {"Type": "Wait", "Seconds": 2}
NO_VALUE = "States.QueryEvaluationError"
DIFFERENCES = {
    # "Passing data between states with variables", Evaluation order in an assign field
    "variables are set together": (
        machine({**PASS, "Assign": {"a": 1, "b": "{% $exists($a) %}"}}, {**PASS, "Output": "{% $b %}"}),
        False, True,
    ),
    # "Choice workflow state", Condition
    "a condition is true or false": (
        {
            **machine(PASS),
            "StartAt": "C",
            "States": {
                "C": {"Type": "Choice", "Default": "S", "Choices": [{"Condition": "{% 'x' %}", "Next": "S"}]},
                "S": {"Type": "Succeed"},
            },
        },
        NO_VALUE, {},
    ),
    # "State machine structure in Amazon States Language", TimeoutSeconds
    "an execution has its time": (
        machine(WAIT, PASS, TimeoutSeconds=1), "States.Timeout", {},
    ),
    # "Step Functions service quotas", Maximum input or output size
    "an output has 256 KiB": (
        machine({**PASS, "Output": "{% $pad('x', 300000) %}"}, {**PASS, "Output": "done"}),
        "States.DataLimitExceeded", "done",
    ),
    # "Transforming data with JSONata in Step Functions", Reserved variable: $states
    "only a task has a result": (machine({**PASS, "Output": "{% $exists($states.result) %}"}), False, True),
    # the same, JSONata functions provided by Step Functions
    "there is no $eval": (machine({**PASS, "Output": "{% $eval('1') %}"}), NO_VALUE, 1),
    # JSONata's reference implementation
    "a text is not escaped": (
        machine({**PASS, "Output": "{% $string(['\u00ab']) %}"}), '["\u00ab"]', '["\\u00ab"]',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENCES)
def test_ministack_does_not(aws, role, name):
    definition, expected, found = DIFFERENCES[name]
    assert of_ours(definition) == expected
    still = of_ministack(aws, role, definition)
    assert still == found, f"it ends with {still} now: remove this row, if that is {expected}"
