"""Building and deploying to the embedded AWS: by SAM as a user does, by CloudFormation for tests."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from botocore.exceptions import ClientError
from places import EMBEDDED_AWS

from local.aws import deploy
from local.aws.processes import Failed

TEMPLATE = EMBEDDED_AWS / "stack" / "template.yaml"


@pytest.fixture(scope="module")
def small(aws, tmp_path_factory):
    """The small template, built."""
    folder = tmp_path_factory.mktemp("small")
    return deploy.build(folder, aws.environment, TEMPLATE)


@pytest.fixture(scope="module")
def small_packaged(aws, small):
    return deploy.package(aws, small)


@pytest.fixture(scope="module")
def stack(aws, small, small_packaged):
    """The name and the outputs of a stack of the small template."""
    name = f"echo-{uuid.uuid4().hex[:8]}"
    parameters = {**small.parameters, "AlarmNamePrefix": name}
    yield name, deploy.create_stack(aws, small_packaged, name, parameters)
    deploy.delete_stack(aws, name)


def call(aws, outputs, **event):
    answer = aws.client("lambda").invoke(
        FunctionName=outputs["FunctionArn"], Payload=json.dumps(event)
    )
    return json.load(answer["Payload"])


def failed(aws, outputs, within_s=10):
    """Take from the failure queue what has come there."""
    sqs, url = aws.client("sqs"), outputs["FailedQueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=within_s)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(message["Body"])


def test_the_function_reads_its_path_with_the_policy_of_that_path_alone(aws, stack):
    assert call(aws, stack[1])["parameter"] == ['{"word": "one"}']


def test_a_repeated_transaction_is_one_and_a_lost_condition_is_told(aws, stack):
    assert call(aws, stack[1], write="token") == "ConditionalCheckFailed"


def test_a_function_reaches_a_server_of_this_machine(aws, stack, server):
    assert call(aws, stack[1], fetch=server) == "here"


def test_what_a_function_prints_is_in_the_log_group_of_the_template(aws, stack):
    call(aws, stack[1], fail=True)
    assert any("as told" in line for line in aws.logs(stack[1]["LogGroup"]))


def test_what_the_bus_brings_and_fails_ends_in_the_failure_queue(aws, stack):
    name, outputs = stack
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{name}-down", Namespace="N", MetricName="M", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold",
    )  # fmt: skip
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=f"{name}-down", StateValue="ALARM", StateReason="told"
    )
    payload = failed(aws, outputs)["requestPayload"]
    assert payload["detail"]["alarmName"] == f"{name}-down"


def test_what_the_schedule_brings_and_fails_ends_there_too(aws, stack):
    """The Scheduler looks every 10 s; a time long past is due at once."""
    name, outputs = stack
    switch_schedule_on(aws, f"{name}-minute")
    assert failed(aws, outputs, within_s=20)["requestPayload"] == {"fail": "by the schedule"}


def switch_schedule_on(aws, name):
    scheduler = aws.client("scheduler")
    found = scheduler.get_schedule(Name=name)
    kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    scheduler.update_schedule(**{key: found[key] for key in kept}, State="ENABLED")


def test_sam_deploy_makes_a_stack_and_returns_its_outputs(aws, small):
    name = f"sam-{uuid.uuid4().hex[:8]}"
    outputs = deploy.deploy(aws, small, name, {"AlarmNamePrefix": name, "Word": "two"})
    assert call(aws, outputs)["parameter"] == ['{"word": "two"}']


def test_a_deleted_stack_is_gone(aws):
    template = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"
    deploy.create_stack(aws, template, "short-lived", {})
    deploy.delete_stack(aws, "short-lived")
    with pytest.raises(ClientError, match="does not exist"):
        deploy.outputs(aws, "short-lived")


def test_a_stack_that_cannot_be_made_says_which_resource_and_why(aws):
    properties = {"FunctionName": "nobody", "Qualifier": "$LATEST"}
    config = {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties}
    template = json.dumps({"Resources": {"Config": config}})
    with pytest.raises(Failed, match=r"Config: .*nobody"):
        deploy.create_stack(aws, template, "broken", {})


def test_a_template_that_sam_refuses_fails_with_the_words_of_sam(aws, tmp_path):
    template = tmp_path / "template.yaml"
    template.write_text("Resources: [")
    with pytest.raises(Failed, match=r"(?s)sam build .* ended with 1:.*Error"):
        deploy.build(tmp_path / "out", aws.environment, template)


def test_without_the_sam_cli_the_error_names_the_target_that_makes_it(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(Failed, match="make environments"):
        deploy.sam_cli()


@pytest.fixture
def server():
    """A server of this machine."""

    class Here(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"here")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Here) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
