"""Services that are off for a deployed stack, or stall: each class is a row of the README's table.

Those that answer with errors are in tests/function/test_service_down.py. No emulator can take Lambda,
EventBridge, the Scheduler or CloudWatch down; what is shown here is what the stack does without them.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from deployment import Deployment, InvocationFailed, behind_proxy, is_true_within
from parts import bus_alarm, command
from stored import arm, let_pass
from template import FUNCTION

from local.aws.troubles import Error, Hold
from local.dws import Emulator

RECONCILE = {"command": "reconcile"}


@pytest.fixture(scope="module")
def own_aws(aws, packaged):  # noqa: ARG001 - it has been packaged there
    """An AWS that can be in trouble for its functions."""
    with behind_proxy(aws, retry_after_s=0.1) as (own, proxy):
        yield own, proxy


class Stack:
    """A deployment with an armed pair whose production has just failed."""

    def __init__(self, deployment, proxy):
        self.deployment, self.proxy = deployment, proxy
        self.aws, self.emulator = deployment.aws, deployment.emulator
        self.alarm_name = f"{deployment.stack}-outage-analytics-production"
        self.emulator.vary(switching_s=0, abnormal_after_s=0)
        deployment.put_pair(production_down_for_s=0)
        arm(deployment)
        self.emulator.break_production()

    @property
    def alarm(self):
        return bus_alarm(self.alarm_name)

    @property
    def orders(self):
        return len(self.emulator.failover_posts)

    def ring(self, *actions):
        """Let CloudWatch's alarm go to ALARM."""
        cloudwatch = self.aws.client("cloudwatch")
        cloudwatch.put_metric_alarm(
            AlarmName=self.alarm_name, Namespace="Warehouse", MetricName="ConnectionTaken",
            Statistic="Minimum", Period=60, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="LessThanThreshold", AlarmActions=list(actions),
        )  # fmt: skip
        cloudwatch.set_alarm_state(
            AlarmName=self.alarm_name, StateValue="ALARM", StateReason="no connection"
        )

    def reconcile(self):
        """A minute later."""
        let_pass(self.deployment, 61)
        return self.deployment.invoke(RECONCILE)["results"]

    def is_ordered(self, within_s=20):
        return is_true_within(within_s, lambda: self.orders == 1)

    def told(self, within_s=10):
        notices = self.deployment.notices(within_s)
        return [notice.attributes["reason_code"] for notice in notices]


@pytest.fixture
def stack(own_aws, built, packaged, emulator):
    own, proxy = own_aws
    proxy.clear()
    with Deployment(own, built, packaged, emulator) as deployment:
        yield Stack(deployment, proxy)
    proxy.clear()


def in_queue(stack, url):
    """What comes into a queue, waiting for the first."""
    for _ in range(3):
        answer = stack.aws.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)
        if messages := answer.get("Messages"):
            return [message["Body"] for message in messages]
    return []


class TestDynamoDB:
    def test_an_alarm_is_tried_three_times_and_is_then_in_the_failure_queue(self, stack):
        stack.proxy.take_down("dynamodb", Error("ServiceUnavailable", 503))
        stack.deployment.send(stack.alarm)
        (body,) = in_queue(stack, stack.deployment.outputs["FailedEventsQueueUrl"])
        assert stack.alarm_name in body
        assert (stack.orders, stack.told(within_s=0)) == (0, [])

    def test_an_alarm_that_nobody_could_store_is_not_needed_once_two_witnesses_agree(self, stack):
        stack.proxy.take_down("dynamodb", Error("ServiceUnavailable", 503))
        with pytest.raises(InvocationFailed) as failed:
            stack.deployment.invoke(stack.alarm)
        assert failed.value.name == "LedgerUnavailable"
        stack.proxy.bring_back("dynamodb")
        stack.reconcile()
        assert stack.is_ordered()


class TestLambda:
    def test_while_it_runs_nothing_nothing_is_ordered_and_afterwards_reconcile_acts(self, stack):
        function = stack.deployment.outputs["FailoverFunctionArn"]
        client = stack.aws.client("lambda")
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
        with pytest.raises(ClientError, match="TooManyRequests"):
            stack.deployment.invoke(stack.alarm)
        assert stack.orders == 0
        client.delete_function_concurrency(FunctionName=function)
        stack.reconcile()
        assert stack.is_ordered()

    def test_a_reconcile_whose_invocations_it_does_not_take_orders_itself(self, stack):
        stack.proxy.take_down("lambda", Error("ServiceException", 500))
        stack.reconcile()
        assert stack.orders == 1


class TestEventBridge:
    @pytest.fixture
    def stack(self, stack):
        """Its rule is off: no alarm comes by the bus."""
        events = stack.aws.client("events")
        events.disable_rule(Name=stack.deployment.physical_id("FailoverFunctionAlarm"))
        return stack

    def test_an_alarm_with_an_action_of_its_own_is_acted_on(self, stack):
        stack.ring(stack.deployment.outputs["FailoverFunctionArn"])
        assert stack.is_ordered()

    def test_any_other_is_not_heard_but_reconcile_acts_on_the_witnesses(self, stack):
        stack.ring()
        assert stack.told(within_s=2) == []
        assert stack.orders == 0
        stack.reconcile()
        assert stack.is_ordered()


class TestEventBridgeScheduler:
    """The schedule of every stack here is off: only tests reconcile."""

    def test_an_alarm_is_acted_on_and_told(self, stack):
        stack.ring()
        assert stack.is_ordered()
        assert stack.told() == ["accepted"]

    def test_a_run_is_followed_by_whoever_asks(self, stack):
        stack.deployment.invoke(stack.alarm)
        for _ in range(2):
            let_pass(stack.deployment, 61)
            answer = stack.deployment.invoke({"command": "verify", "pair": "analytics"})
        assert answer["decision"] == "succeeded"

    def test_a_refused_alarm_is_not_looked_at_again_until_somebody_reconciles(self, stack):
        stack.emulator.restore_production()
        stack.deployment.invoke(stack.alarm)
        assert stack.told() == ["production_down"]
        stack.emulator.break_production()
        assert stack.orders == 0
        stack.reconcile()
        assert stack.is_ordered()


@pytest.fixture(scope="module")
def asked(own_aws, built, packaged):
    """Every service that the function calls from an alarm to the proven end."""
    own, proxy = own_aws
    proxy.clear()
    with (
        Emulator(sync_every_s=1) as emulator,
        Deployment(own, built, packaged, emulator) as deployment,
    ):
        stack = Stack(deployment, proxy)
        deployment.invoke(stack.alarm)
        for _ in range(2):
            stack.reconcile()
        answer = deployment.invoke({"command": "verify", "pair": "analytics"})
        assert answer["decision"] == "succeeded"
        yield {call.service for call in proxy.calls}


class TestCloudWatch:
    def test_no_alarm_comes_but_reconcile_acts_on_the_witnesses(self, stack):
        stack.reconcile()
        assert stack.is_ordered()
        assert "accepted" in stack.told()

    def test_the_function_asks_nothing_of_it(self, asked):
        assert "monitoring" not in asked


class TestCloudWatchLogs:
    def test_the_function_asks_nothing_of_it(self, asked):
        """It writes to its standard output; what becomes of that is Lambda's business."""
        assert asked == {"dynamodb", "sns", "ssm", "secretsmanager"}


class TestStepFunctions:
    def test_the_function_asks_nothing_of_it(self, asked):
        assert "states" not in asked

    def test_a_persons_command_needs_no_state_machine(self, stack):
        answer = stack.deployment.invoke(command())
        assert (answer["decision"], stack.orders) == ("submitted", 1)


# A service that stalls: no answer at all, as long as the function asks


STALLED = {
    "SNS": "Publish",
    "DynamoDB": "Query",
    "SSM Parameter Store": "GetParametersByPath",
    "Secrets Manager": "GetSecretValue",
}


@pytest.fixture(scope="module")
def stalled(own_aws, built, packaged):
    """What a stack of its own answers to an alarm while a service stalls, for all of them at once."""
    own, proxy = own_aws
    proxy.clear()
    with ExitStack() as until_end, ThreadPoolExecutor(len(STALLED)) as threads:
        stacks = {}
        for service, operation in STALLED.items():
            emulator = until_end.enter_context(Emulator(sync_every_s=1))
            deployment = until_end.enter_context(Deployment(own, built, packaged, emulator))
            stacks[service] = Stack(deployment, proxy)
            for nth in range(1, 9):
                proxy.spoil(operation, Hold(), nth=nth, containing=deployment.stack)
        answers = dict(zip(stacks, threads.map(answered, stacks.values()), strict=True))
        proxy.clear()
        yield stacks, answers


def answered(stack):
    """What one invocation answers, however long it takes: a second one would answer otherwise."""
    patient = boto3.client(
        "lambda", endpoint_url=stack.aws.endpoint, region_name="us-east-1",
        aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(read_timeout=FUNCTION["Timeout"] + 10, retries={"total_max_attempts": 1}),
    )  # fmt: skip
    answer = patient.invoke(
        FunctionName=stack.deployment.outputs["FailoverFunctionArn"],
        Payload=json.dumps(stack.alarm),
    )
    payload = json.load(answer["Payload"])
    if answer.get("FunctionError"):
        return payload["errorType"]
    (result,) = payload["results"]
    return result["decision"], result["reason_code"], result["notified"]


WHILE_STALLED = {
    "SNS": ("submitted", "accepted", False),
    "DynamoDB": "LedgerUnavailable",
    "SSM Parameter Store": "LedgerUnavailable",
    "Secrets Manager": ("blocked", "ledger_unavailable", True),
}


@pytest.mark.parametrize("service", STALLED)
def test_while_a_service_stalls_the_function_answers_and_does_not_hang(stalled, service):
    _, answers = stalled
    assert answers[service] == WHILE_STALLED[service]


@pytest.mark.parametrize("service", STALLED)
def test_once_it_stalls_no_more_there_is_one_order(stalled, service):
    stacks, _ = stalled
    stack = stacks[service]
    stack.deployment.invoke(stack.alarm)
    stack.reconcile()
    assert stack.is_ordered()
    assert "accepted" in stack.told()
