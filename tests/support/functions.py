"""Functions, queues and roles of their own in an embedded AWS."""

import io
import json
import sys
import uuid
import zipfile

import boto3
from botocore.config import Config
from places import EMBEDDED_AWS

SOURCE = EMBEDDED_AWS / "probe.py"


def a_queue(aws):
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, attributes["Attributes"]["QueueArn"]


def a_function(aws, on_failure=None):
    """A function of its own; what fails for good goes to a queue."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.write(SOURCE, "probe.py")
    name = f"probe-{uuid.uuid4().hex[:8]}"
    client = aws.client("lambda")
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    who = {"Service": "lambda.amazonaws.com"}
    role = a_role(aws, who, "sqs:SendMessage", on_failure or "arn:aws:sqs:::none")
    arn = client.create_function(
        FunctionName=name, Runtime=runtime, Role=role, Handler="probe.handler",
        Code={"ZipFile": archive.getvalue()}, LoggingConfig={"LogGroup": "/own/group"},
        Environment={"Variables": {"OWN": "1"}}, Timeout=10,
    )["FunctionArn"]  # fmt: skip
    if on_failure:
        client.put_function_event_invoke_config(
            FunctionName=name,
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": on_failure}},
        )
    return arn


def called(aws, arn, **event):
    answer = aws.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
    return json.load(answer["Payload"])


def bodies(aws, url, within_s=8):
    answer = aws.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=within_s)
    return [message["Body"] for message in answer.get("Messages", [])]


def still_needed(is_still_missing, gap):
    assert is_still_missing, f"ministack has mended this: remove the gap {gap!r}"


def break_function(aws, arn):
    aws.client("lambda").update_function_configuration(FunctionName=arn, Handler="probe.missing")


def a_role(aws, who, action, resource, **conditions):
    """A role that someone may take and that may do one thing."""
    iam, name = aws.client("iam"), f"role-{uuid.uuid4().hex[:8]}"
    trust = a_policy(Principal=who, Action="sts:AssumeRole")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    policy = a_policy(Action=action, Resource=resource, **conditions)
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
    return role["Arn"]


def a_policy(**statement):
    statements = [{"Effect": "Allow", **statement}]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


VALUES = """\
import os, time
def handler(event, context):
    time.sleep(event.get("sleep_s", 0))
    return dict(os.environ)
"""


def a_function_that_shows_its_values(aws):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("values.py", VALUES)
    arn = a_function(aws)
    client = aws.client("lambda")
    client.update_function_code(FunctionName=arn, ZipFile=archive.getvalue())
    client.update_function_configuration(
        FunctionName=arn, Handler="values.handler", LoggingConfig={"LogFormat": "JSON"}
    )
    return arn


def through(proxy, service, keys=None):
    """A client of the proxy that does not try again."""
    keys = keys or {"AccessKeyId": "test", "SecretAccessKey": "test"}
    return boto3.client(
        service,
        endpoint_url=proxy.endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        config=Config(retries={"total_max_attempts": 1}),
    )
