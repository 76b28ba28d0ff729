"""Who may do what: people with the policies of a deployment, whose rights are enforced."""

import json

import pytest
from botocore.exceptions import ClientError
from executions import WHO
from function_endpoint import Failoverctl
from parts import bus_alarm, command

from handler.aws.ledger import Ledger
from handler.aws.table import Table

DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError")


@pytest.fixture
def acting_with(deployment):
    """Clients of a person who has one policy of the deployment."""

    def client(policy, service):
        return deployment.aws.client(service, role_arn=deployment.person(policy))

    return client


def failoverctl_of(deployment, policy):
    """failoverctl in the hands of a person, who knows the stack's name only."""
    sts = deployment.aws.client("sts")
    role = deployment.person(policy)
    keys = sts.assume_role(RoleArn=role, RoleSessionName="ada")["Credentials"]
    return Failoverctl(
        AWS_ENDPOINT_URL=deployment.aws.endpoint,
        AWS_ACCESS_KEY_ID=keys["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=keys["SecretAccessKey"],
        AWS_SESSION_TOKEN=keys["SessionToken"],
        FAILOVERCTL_STACK=deployment.stack,
    )


def looked(deployment, client, **request):
    answer = client.start_sync_execution(
        stateMachineArn=deployment.outputs["ViewStateMachineArn"], input=json.dumps(request)
    )
    return answer.get("error") or json.loads(answer["output"])


@pytest.mark.parametrize("name", ["status", "rehearse", "history"])
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


@pytest.mark.parametrize("policy", ["ViewerPolicyArn", "OperatorPolicyArn"])
def test_whoever_may_look_may_look_at_the_dashboards_widget(deployment, acting_with, policy):
    answer = acting_with(policy, "lambda").invoke(
        FunctionName=deployment.physical_id("DashboardFunction"), Payload="{}"
    )
    assert "analytics" in json.load(answer["Payload"])


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


def test_a_viewer_looks_with_failoverctl_and_can_do_no_more(deployment):
    ctl = failoverctl_of(deployment, "ViewerPolicyArn")
    for words in (("status", "analytics"), ("history",), ("rehearse", "analytics")):
        ran = ctl.run(*words)
        assert "asking by the view state machine" in ran.err, ran
        assert "analytics" in ran.out or "no runs" in ran.out
    for words in (("verify", "analytics"), ("resume", "analytics", "--reason", "done")):
        ran = ctl.run(*words)
        assert (ran.code, "you may not invoke the function" in ran.err) == (3, True), ran


def test_a_viewer_of_another_function_is_not_shown_this_stacks_pairs(deployment):
    ctl = failoverctl_of(deployment, "ViewerPolicyArn")
    ran = ctl.run("status", "--function", "another-function")
    assert (ran.code, ran.out) == (3, ""), ran


def test_an_operator_needs_the_stacks_name_only_and_is_named_by_aws(deployment):
    ran = failoverctl_of(deployment, "OperatorPolicyArn").run(
        "pause", "analytics", "--until", "1h", "--reason", "works"
    )
    assert ran.code == 0, ran
    assert "/ada" in ran.err
    assert "/ada»" in ran.out
