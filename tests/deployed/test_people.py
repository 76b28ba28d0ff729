"""Who may do what: people with the policies of a deployment, whose rights are enforced."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError
from executions import WHO
from parts import bus_alarm, command

from handler.aws.ledger import Ledger
from handler.aws.table import Table

DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError")


@pytest.fixture
def acting_with(deployment):
    """Clients of a person who has one policy of the deployment."""

    def client(policy, service):
        iam, name = deployment.aws.client("iam"), f"person-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        iam.attach_role_policy(RoleName=name, PolicyArn=deployment.outputs[policy])
        return deployment.aws.client(service, role_arn=role)

    return client


def looked(deployment, client, **request):
    answer = client.start_sync_execution(
        stateMachineArn=deployment.outputs["ViewStateMachineArn"], input=json.dumps(request)
    )
    return answer.get("error") or json.loads(answer["output"])


@pytest.mark.parametrize("name", ["status", "rehearse"])
def test_a_viewer_asks_how_pairs_stand_and_what_would_happen(deployment, acting_with, name):
    found = looked(deployment, acting_with("ViewerPolicyArn", "stepfunctions"),
                   command=name, pair="analytics")  # fmt: skip
    assert (found["command"], found["pair"]) == (name, "analytics")


@pytest.mark.parametrize(
    "request_",
    [
        command(),
        {"command": "pause", "pair": "*", "until": "2030-01-01T00:00:00Z", **WHO},
        {"command": "reconcile"},
        {"command": "STATUS", "pair": "analytics"},
        {"pair": "analytics"},
        {},
    ],
    ids=["failover", "pause", "reconcile", "another case", "no command", "nothing"],
)
def test_nothing_else_comes_through_to_the_function(deployment, acting_with, request_):
    viewer = acting_with("ViewerPolicyArn", "stepfunctions")
    assert looked(deployment, viewer, **request_) == "NotForViewers"
    assert deployment.emulator.failover_posts == []


def test_an_alarm_behind_a_question_does_not_reach_the_function(deployment, acting_with):
    viewer = acting_with("ViewerPolicyArn", "stepfunctions")
    alarm = bus_alarm(f"{deployment.stack}-outage-analytics")
    found = looked(deployment, viewer, **alarm, command="status")
    assert [row["command"] for row in found["results"]] == ["status"]
    assert Ledger(table_of(deployment)).read(deployment.emulator.pair.id).incident is None


def table_of(deployment):
    return Table(deployment.aws.client("dynamodb"), deployment.outputs["RunsTableName"])


FORBIDDEN = {
    "order": lambda it, client: client("stepfunctions").start_execution(
        stateMachineArn=it.outputs["FailoverStateMachineArn"], input="{}"
    ),
    "order for a fleet": lambda it, client: client("stepfunctions").start_execution(
        stateMachineArn=it.outputs["FleetStateMachineArn"], input="{}"
    ),
    "send a command": lambda it, client: client("lambda").invoke(
        FunctionName=it.outputs["FailoverFunctionArn"], Payload='{"command": "status"}'
    ),
    "read the credentials": lambda it, client: client("secretsmanager").get_secret_value(
        SecretId=it.secret
    ),
}


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_a_viewer_can_not(deployment, acting_with, attempt):
    def as_viewer(service):
        return acting_with("ViewerPolicyArn", service)

    as_viewer("sts").get_caller_identity()  # who cannot be a viewer at all proves nothing
    with pytest.raises(ClientError) as denied:
        FORBIDDEN[attempt](deployment, as_viewer)
    assert denied.value.response["Error"]["Code"] in DENIED


def test_an_operator_can_order_and_send_commands_but_not_read_the_credentials(
    deployment, acting_with
):
    def as_operator(service):
        return acting_with("OperatorPolicyArn", service)

    assert FORBIDDEN["order"](deployment, as_operator)["executionArn"]
    answer = FORBIDDEN["send a command"](deployment, as_operator)
    assert json.load(answer["Payload"])["results"]
    with pytest.raises(ClientError) as denied:
        FORBIDDEN["read the credentials"](deployment, as_operator)
    assert denied.value.response["Error"]["Code"] in DENIED
