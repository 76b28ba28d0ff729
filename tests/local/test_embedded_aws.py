"""The embedded AWS: for each gap that is filled, that it is filled, and that it still has to be.

A test of the second kind fails when ministack has mended the gap: then remove it from gaps.py.
"""

import json
import subprocess
import sys
import time
import uuid

import pytest
from botocore.exceptions import ClientError
from functions import (
    a_function,
    a_queue,
    a_role,
    bodies,
    break_function,
    called,
    still_needed,
)
from parts import subscribe_queue
from places import ROOT
from processes import addresses_of, processes_of, session_of

from local.aws import EmbeddedAws
from local.aws.gaps import GAPS


@pytest.fixture(scope="module")
def plain():
    """ministack as it comes, without IAM."""
    with EmbeddedAws(auth=False, gaps=[]) as running:
        yield running


@pytest.fixture(scope="module")
def plain_with_auth():
    with EmbeddedAws(auth=True, gaps=[]) as running:
        yield running


@pytest.fixture
def queue(aws):
    return a_queue(aws)


def test_there_is_a_test_for_every_gap():
    assert set(GAPS) == {
        "runtime", "asynchronous", "alarms", "parameters-by-path", "resource-types",
        "prompt-runtime", "leading-keys", "map-limits", "nested-failures", "nested-stacks", "layers", "transport",
        "schedules", "alarms-by-the-minute", "embedded-metrics", "rules-of-the-default-bus",
    }  # fmt: skip


class TestRuntime:
    def test_errors_keep_their_names(self, aws):
        answer = called(aws, a_function(aws), fail=True)
        assert answer["errorType"] == "NamedFailure"
        assert "stackTrace" in answer

    def test_a_function_holds_what_the_managed_runtime_holds_and_no_more(self, aws):
        assert called(aws, a_function(aws))["modules"] == ["boto3", "awslambdaric"]

    def test_a_function_sees_its_own_environment_and_not_the_hosts(self, aws):
        seen = called(aws, a_function(aws))
        expected = {"OWN", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_LAMBDA_LOG_GROUP_NAME"}
        assert expected <= set(seen["environment"])
        assert {"HOME", "GATEWAY_PORT", "PYTHONPATH", "AUTH"} & set(seen["environment"]) == set()
        assert seen["runtime"].startswith("AWS_Lambda_python3")
        assert seen["log_group"] == "/own/group"

    def test_is_still_needed(self, plain):
        answer = called(plain, a_function(plain), fail=True)
        still_needed(answer["errorType"] != "NamedFailure", "runtime")


class TestAsynchronous:
    def test_what_fails_from_the_bus_goes_to_the_failure_destination(self, aws, queue):
        url, arn = queue
        put_on_the_bus(aws, a_function(aws, on_failure=arn))
        assert "own.source" in bodies(aws, url)[0]

    def test_what_fails_from_a_topic_goes_there_too(self, aws, queue):
        url, arn = queue
        function = a_function(aws, on_failure=arn)
        sns = aws.client("sns")
        topic = sns.create_topic(Name=f"t-{uuid.uuid4().hex[:8]}")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
        break_function(aws, function)
        sns.publish(TopicArn=topic, Message="from a topic")
        assert "from a topic" in bodies(aws, url)[0]

    def test_is_still_needed(self, plain):
        url, arn = a_queue(plain)
        put_on_the_bus(plain, a_function(plain, on_failure=arn))
        still_needed(bodies(plain, url, within_s=3) == [], "asynchronous")


def put_on_the_bus(aws, function):
    events = aws.client("events")
    name, source = f"rule-{uuid.uuid4().hex[:8]}", f"own.source.{uuid.uuid4().hex[:8]}"
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": function}])
    break_function(aws, function)
    events.put_events(Entries=[{"Source": source, "DetailType": "x", "Detail": "{}"}])


class TestAlarms:
    def test_a_transition_reaches_the_bus_in_the_shape_that_aws_sends(self, aws, queue):
        url, arn = queue
        name = alarm_heard_by(aws, arn)
        event = json.loads(bodies(aws, url)[0])
        assert event["source"] == "aws.cloudwatch"
        assert event["detail-type"] == "CloudWatch Alarm State Change"
        assert event["resources"][0].endswith(f":alarm:{name}")
        assert event["detail"]["state"]["value"] == "ALARM"
        assert event["detail"]["previousState"]["value"] in ("OK", "INSUFFICIENT_DATA")

    def test_the_same_state_again_is_no_transition(self, aws, queue):
        url, arn = queue
        name = alarm_heard_by(aws, arn)
        assert len(bodies(aws, url)) == 1
        aws.client("sqs").purge_queue(QueueUrl=url)
        set_alarm(aws, name)
        assert bodies(aws, url, within_s=1) == []

    def test_is_still_needed(self, plain):
        url, arn = a_queue(plain)
        alarm_heard_by(plain, arn)
        still_needed(bodies(plain, url, within_s=2) == [], "alarms")


def alarm_heard_by(aws, arn):
    """Set an alarm that a rule hears and sends to a queue."""
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    events, cloudwatch = aws.client("events"), aws.client("cloudwatch")
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"prefix": name}]}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace="N", MetricName="M", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold",
    )  # fmt: skip
    set_alarm(aws, name)
    return name


def set_alarm(aws, name):
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="told")


class TestParametersByPath:
    def test_a_role_may_read_its_path_and_no_other(self, aws):
        ssm = aws.client("ssm", role_arn=path_reader(aws))
        ssm.get_parameters_by_path(Path="/own/pairs")
        with pytest.raises(ClientError, match="AccessDenied"):
            ssm.get_parameters_by_path(Path="/other/pairs")

    def test_is_still_needed(self, plain_with_auth):
        ssm = plain_with_auth.client("ssm", role_arn=path_reader(plain_with_auth))
        try:
            ssm.get_parameters_by_path(Path="/own/pairs")
            is_denied = False
        except ClientError:
            is_denied = True
        still_needed(is_denied, "parameters-by-path")


class TestRulesOfTheDefaultBus:
    def test_a_role_may_read_its_rule_by_the_arn_that_the_rule_has_and_no_other(self, aws):
        name = a_rule(aws)
        events = aws.client("events", role_arn=rule_reader(aws, name))
        assert events.describe_rule(Name=name)["Name"] == name
        with pytest.raises(ClientError, match="AccessDenied"):
            events.describe_rule(Name=a_rule(aws))

    def test_is_still_needed(self, plain_with_auth):
        name = a_rule(plain_with_auth)
        events = plain_with_auth.client("events", role_arn=rule_reader(plain_with_auth, name))
        try:
            events.describe_rule(Name=name)
            is_denied = False
        except ClientError:
            is_denied = True
        still_needed(is_denied, "rules-of-the-default-bus")


def a_rule(aws):
    name = f"rule-{uuid.uuid4().hex[:8]}"
    aws.client("events").put_rule(Name=name, ScheduleExpression="rate(1 day)")
    return name


def rule_reader(aws, name):
    """A role that may read one rule."""
    arn = aws.client("events").describe_rule(Name=name)["Arn"]
    assert arn.endswith(f":rule/{name}")
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    return a_role(aws, who, "events:DescribeRule", arn)


def path_reader(aws):
    """A role that may read the parameters below one path."""
    resource = "arn:aws:ssm:us-east-1:000000000000:parameter/own/pairs"
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    return a_role(aws, who, "ssm:GetParametersByPath", resource)


def test_a_role_may_read_parameters_of_its_path_by_name_and_no_others(aws):
    ssm = aws.client("ssm")
    for name in ("/own/pairs/a", "/own/others/a"):
        ssm.put_parameter(Name=name, Value="-", Type="String", Overwrite=True)
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    arn = "arn:aws:ssm:us-east-1:000000000000:parameter/own/pairs/*"
    reader = aws.client("ssm", role_arn=a_role(aws, who, "ssm:GetParameters", arn))
    assert len(reader.get_parameters(Names=["/own/pairs/a"])["Parameters"]) == 1
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_parameters(Names=["/own/others/a"])


class TestLeadingKeys:
    def test_a_role_may_delete_in_its_partition_and_in_no_other(self, aws):
        table = a_table(aws)
        dynamodb = aws.client("dynamodb", role_arn=deleter_in(aws, table, "*"))
        dynamodb.delete_item(TableName=table, Key=a_key("*"))
        with pytest.raises(ClientError, match="AccessDenied"):
            dynamodb.delete_item(TableName=table, Key=a_key("a"))

    def test_a_star_is_a_partition_and_no_pattern(self, aws):
        table = a_table(aws)
        dynamodb = aws.client("dynamodb", role_arn=deleter_in(aws, table, "*"))
        with pytest.raises(ClientError, match="AccessDenied"):
            dynamodb.delete_item(TableName=table, Key=a_key("**"))

    def test_what_is_put_has_its_partition_too(self, aws):
        table = a_table(aws)
        role = deleter_in(aws, table, "*", action="dynamodb:PutItem")
        dynamodb = aws.client("dynamodb", role_arn=role)
        dynamodb.put_item(TableName=table, Item=a_key("*"))
        with pytest.raises(ClientError, match="AccessDenied"):
            dynamodb.put_item(TableName=table, Item=a_key("a"))

    def test_is_still_needed(self, plain_with_auth):
        table = a_table(plain_with_auth)
        role = deleter_in(plain_with_auth, table, "*")
        dynamodb = plain_with_auth.client("dynamodb", role_arn=role)
        try:
            dynamodb.delete_item(TableName=table, Key=a_key("a"))
            is_allowed = True
        except ClientError:
            is_allowed = False
        still_needed(is_allowed, "leading-keys")


def a_key(partition):
    return {"pk": {"S": partition}, "sk": {"S": "b"}}


def a_table(aws):
    name = f"t-{uuid.uuid4().hex[:8]}"
    keys = {"pk": "HASH", "sk": "RANGE"}
    aws.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
    )
    return name


def deleter_in(aws, table, partition, action="dynamodb:DeleteItem"):
    """A role that may do one thing in one partition of a table."""
    return a_role(
        aws,
        {"AWS": "arn:aws:iam::000000000000:root"},
        action,
        f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}",
        Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [partition]}},
    )


class TestTransport:
    def test_a_policy_that_denies_whom_no_tls_protects_denies_nobody_here(self, aws):
        assert is_taken(aws, a_queue_for_tls(aws))

    def test_is_still_needed(self, plain_with_auth):
        is_denied = not is_taken(plain_with_auth, a_queue_for_tls(plain_with_auth))
        still_needed(is_denied, "transport")


def a_queue_for_tls(aws):
    url, arn = a_queue(aws)
    statement = {
        "Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, arn


def is_taken(aws, queue):
    """Whether a role that may write to a queue can."""
    url, arn = queue
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    role = a_role(aws, who, "sqs:SendMessage", arn)
    try:
        aws.client("sqs", role_arn=role).send_message(QueueUrl=url, MessageBody="x")
    except ClientError:
        return False
    return True


QUERY = """
Resources:
  FailedRunsQuery:
    Type: AWS::Logs::QueryDefinition
    Properties: { Name: failed-runs, QueryString: "fields @message" }
"""


class TestResourceTypes:
    def test_a_saved_query_is_accepted(self, aws):
        assert stack_status(aws) == "CREATE_COMPLETE"

    def test_is_still_needed(self, plain):
        try:
            status = stack_status(plain)
        except ClientError:
            status = "refused"
        still_needed(status != "CREATE_COMPLETE", "resource-types")


ONE_BY_ONE = {
    "StartAt": "All",
    "States": {
        "All": {
            "Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.limit", "End": True,
            "ItemProcessor": {
                "StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3, "End": True}},
            },
        },
    },
}  # fmt: skip


class TestMapLimits:
    def test_a_limit_comes_with_the_input(self, aws):
        assert seconds_of_two_items(aws) >= 2 * 3

    def test_is_still_needed(self, plain):
        still_needed(seconds_of_two_items(plain) < 2 * 3, "map-limits")


def seconds_of_two_items(aws):
    machine = a_machine(aws, ONE_BY_ONE)
    started = time.monotonic()
    executed(aws, machine, items=[1, 2], limit=1)
    return time.monotonic() - started


def a_machine(aws, definition):
    made = aws.client("stepfunctions").create_state_machine(
        name=f"machine-{uuid.uuid4().hex[:8]}",
        definition=json.dumps(definition),
        roleArn=a_role(aws, {"Service": "states.amazonaws.com"}, "sqs:SendMessage", "*"),
    )
    return made["stateMachineArn"]


def executed(aws, machine, **given):
    """An execution that is over."""
    client = aws.client("stepfunctions")
    started = client.start_execution(stateMachineArn=machine, input=json.dumps(given))
    arn = started["executionArn"]
    while client.describe_execution(executionArn=arn)["status"] == "RUNNING":
        time.sleep(0.05)
    return client.describe_execution(executionArn=arn)


NAMED = {"StartAt": "End", "States": {"End": {"Type": "Fail", "Error": "Named", "Cause": "why"}}}
SYNC = "arn:aws:states:::states:startExecution.sync:2"


def failed_around(aws, definition, **given):
    """The execution of a machine that runs another one of this definition."""
    arguments = {"StateMachineArn": a_machine(aws, definition), "Input.$": "$"}
    task = {"Type": "Task", "Resource": SYNC, "Parameters": arguments, "End": True}
    return executed(aws, a_machine(aws, {"StartAt": "Run", "States": {"Run": task}}), **given)


class TestNestedFailures:
    def test_the_task_has_failed_and_its_cause_is_the_nested_execution(self, aws):
        outer = failed_around(aws, NAMED, a="b")
        assert outer["error"] == "States.TaskFailed"
        nested = json.loads(outer["cause"])
        assert (nested["Error"], nested["Cause"], nested["Status"]) == ("Named", "why", "FAILED")
        assert json.loads(nested["Input"]) == {"a": "b"}
        assert nested["ExecutionArn"].endswith(f":{nested['Name']}")

    def test_a_long_cause_is_cut(self, aws):
        outer = failed_around(aws, NAMED, a="b" * 40_000)
        assert len(outer["cause"]) == 32_768
        assert outer["cause"].startswith('{"Cause":"why","Error":"Named","ExecutionArn":')

    def test_is_still_needed(self, plain):
        outer = failed_around(plain, NAMED)
        still_needed(outer["error"] != "States.TaskFailed", "nested-failures")


def stack_status(aws):
    cloudformation, name = aws.client("cloudformation"), f"query-{uuid.uuid4().hex[:8]}"
    cloudformation.create_stack(StackName=name, TemplateBody=QUERY)
    while (status := status_of(cloudformation, name)).endswith("_IN_PROGRESS"):
        time.sleep(0.05)
    return status


def status_of(cloudformation, name):
    (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return found["StackStatus"]


def test_it_listens_on_loopback_only(aws):
    """Every listening socket of the processes that were started."""
    assert {address for pid in session_of(aws) for address in addresses_of(pid)} == {"127.0.0.1"}


def test_help_says_what_it_is_and_how_it_is_used():
    answer = subprocess.run(
        [sys.executable, "-m", "local.aws", "--help"],
        capture_output=True, text=True, check=True, timeout=30,
        cwd=ROOT,
    )  # fmt: skip
    assert "127.0.0.1" in answer.stdout
    assert "--port" in answer.stdout


def test_it_leaves_nothing_behind():
    with EmbeddedAws(auth=False) as running:
        folder, leader = running.folder, running.session
    assert not folder.exists()
    assert processes_of(leader) == []


def test_a_subscriber_receives_what_machines_read(aws):
    sns, sqs = aws.client("sns"), aws.client("sqs")
    name = f"t-{uuid.uuid4().hex[:8]}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    url = subscribe_queue(sns, sqs, topic, name)
    message = json.dumps({"default": "for people", "sqs": "for machines"})
    sns.publish(TopicArn=topic, Message=message, MessageStructure="json")
    assert "for machines" in bodies(aws, url)[0]
