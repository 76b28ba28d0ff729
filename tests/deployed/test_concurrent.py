"""Everybody at once: alarms, people and state machines; one order, and all others belong to it."""

import json
import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import boto3
import pytest
from botocore.config import Config
from deployment import Deployment
from functions import a_role
from parts import bus_alarm, command
from stored import arm, runs

from local.aws.embedded import REGION
from local.dws import Emulator

ALARMS, COMMANDS, EXECUTIONS = 50, 10, 10
PAUSES_S = (1, 2, 4, *[8] * 20)
OVER_S = 120
# What is throttled has not run. ministack calls it Lambda.Unknown, which on AWS may also be a call
# that did run: a command's request_id then finds its run.
THROTTLED = ["Lambda.TooManyRequestsException", "Lambda.Unknown"]


@pytest.fixture(scope="module")
def rush(aws, built, packaged):
    """All of them on an armed pair whose production is down, on the deployed stack."""
    with (
        Emulator(sync_every_s=1) as emulator,
        Deployment(aws, built, packaged, emulator) as deployment,
    ):
        deployment.put_pair(production_down_for_s=0)
        arm(deployment)
        emulator.break_production()
        yield Rush(deployment)


class Rush:
    """What all of them were answered, and what came of it."""

    def __init__(self, deployment):
        self.deployment = deployment
        self._lambda = client_for_many(deployment.aws)
        events = [*self._alarms(), *commands(COMMANDS)]
        self._start = Barrier(len(events))
        executions = self._start_executions()
        with ThreadPoolExecutor(len(events)) as pool:
            answers = list(pool.map(self._invoke, events))
        answers += [self._output(execution) for execution in executions]
        self.results = [one for answer in answers for one in answer.get("results", [answer])]
        self.notices = deployment.notices()
        self.posts = deployment.emulator.failover_posts
        self.runs = runs(deployment)

    @property
    def run_id(self):
        return self.runs[0]["run_id"]["S"]

    def _alarms(self):
        prefix = f"{self.deployment.stack}-outage-analytics"
        return [bus_alarm(f"{prefix}-{number}") for number in range(ALARMS)]

    def _invoke(self, event):
        """Invoke when everybody does; if throttled, again a while later, as SDKs do."""
        self._start.wait()
        function = self.deployment.outputs["FailoverFunctionArn"]
        for pause_s in (*PAUSES_S, None):
            try:
                answer = self._lambda.invoke(FunctionName=function, Payload=json.dumps(event))
            except self._lambda.exceptions.TooManyRequestsException:
                assert pause_s, "throttled again and again"
                time.sleep(random.uniform(0, pause_s))
            else:
                break
        payload = json.load(answer["Payload"])
        assert "FunctionError" not in answer, payload
        return payload

    def _start_executions(self):
        states = self.deployment.aws.client("stepfunctions")
        machine = states.create_state_machine(
            name=self.deployment.stack,
            definition=json.dumps(definition(self.deployment.outputs["FailoverFunctionArn"])),
            roleArn=role_of_machine(self.deployment),
        )["stateMachineArn"]
        return [
            states.start_execution(stateMachineArn=machine, input=json.dumps(one))["executionArn"]
            for one in commands(EXECUTIONS)
        ]

    def _output(self, execution):
        states, until = self.deployment.aws.client("stepfunctions"), time.monotonic() + OVER_S
        found = states.describe_execution(executionArn=execution)
        while found["status"] == "RUNNING" and time.monotonic() < until:
            time.sleep(0.2)
            found = states.describe_execution(executionArn=execution)
        assert found["status"] == "SUCCEEDED", found
        return json.loads(found["output"])


def commands(number):
    return [command(request_id=str(uuid.uuid4())) for _ in range(number)]


def client_for_many(aws):
    """A client for many threads, which try again by themselves."""
    return boto3.client(
        "lambda", endpoint_url=aws.endpoint, region_name=REGION, aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=ALARMS + COMMANDS, retries={"total_max_attempts": 1}),
    )  # fmt: skip


def definition(function):
    retry = {"ErrorEquals": THROTTLED, "IntervalSeconds": 1, "MaxAttempts": 30, "BackoffRate": 1.2}
    fail_over = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "Retry": [retry],
        "End": True,
    }
    return {"StartAt": "FailOver", "States": {"FailOver": fail_over}}


def role_of_machine(deployment):
    who = {"Service": "states.amazonaws.com"}
    function = deployment.outputs["FailoverFunctionArn"]
    return a_role(deployment.aws, who, "lambda:InvokeFunction", function)


def test_everybody_is_answered(rush):
    assert len(rush.results) == ALARMS + COMMANDS + EXECUTIONS


def test_one_order_is_sent_and_accepted(rush):
    assert [post.effect for post in rush.posts] == [True]


def test_one_run_is_stored(rush):
    assert len(rush.runs) == 1


def test_one_has_ordered_and_all_others_belong_to_its_run(rush):
    found = Counter((one["decision"], one["run_id"]) for one in rush.results)
    others = ALARMS + COMMANDS + EXECUTIONS - 1
    assert found == {("submitted", rush.run_id): 1, ("duplicate", rush.run_id): others}


def test_nobody_is_told_anything_but_the_order(rush):
    assert [one.result["decision"] for one in rush.notices] == ["submitted"]


def test_who_reads_while_another_orders_belongs_to_its_run(outage):
    """The pair is seen switching, which would be refused, had there not been a claim meanwhile."""
    outage.emulator.fault("detail", "stall", at="request", seconds=30)
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(outage.take, bus_alarm("dws-outage-analytics"))
        while not outage.emulator.journal:
            time.sleep(0.01)
        ordered = outage.fail_over()
        outage.emulator.clear_faults()
        late = reading.result()
    assert ordered["decision"] == "submitted"
    assert (late.decision, late.run_id) == ("duplicate", ordered["run_id"])
    assert [one.result["decision"] for one in outage.notices()] == ["submitted"]
