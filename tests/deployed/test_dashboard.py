"""The dashboard as it is deployed: its function with its own rights, and who may use it."""

import json
import re

import pytest
from botocore.exceptions import ClientError
from deployment import reconciled
from stored import arm
from template import RESOURCES

DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError")
CONTEXT = {"widgetContext": {"theme": "dark", "width": 588, "height": 369, "params": {}}}


def asked(deployment, **event):
    """What the console would show."""
    answer = deployment.aws.client("lambda").invoke(
        FunctionName=deployment.physical_id("DashboardFunction"), Payload=json.dumps(event)
    )
    shown = json.load(answer["Payload"])
    assert "FunctionError" not in answer, shown
    return shown


def rehearsal_in(page):
    """What the button of the only pair sends, and to whom."""
    ((endpoint, content),) = re.findall(
        r'<cwdb-action action="call" display="popup" endpoint="([^"]+)">(.*?)</cwdb-action>', page
    )
    return endpoint, json.loads(content.replace("&quot;", '"'))


def test_the_widget_draws_what_reconcile_has_seen_and_its_button_rehearses(deployment):
    arm(deployment)
    reconciled(deployment)
    page = asked(deployment, **CONTEXT)
    assert all(part in page for part in ("READY", "analytics", "dwsf-dark", "the cluster is"))
    endpoint, content = rehearsal_in(page)
    answer = asked(deployment, **content, **CONTEXT)
    assert endpoint.endswith(f":function:{deployment.physical_id('DashboardFunction')}")
    assert "Ready: only an outage is missing" in answer
    assert "Nothing was ordered." in answer
    assert deployment.emulator.failover_posts == []


def test_to_draw_it_does_not_ask_the_provider(deployment):
    """So it draws while the provider is down."""
    arm(deployment)
    reconciled(deployment)
    deployment.emulator.clear_journal()
    assert "READY" in asked(deployment)
    assert deployment.emulator.journal == []


def test_a_command_to_it_is_drawn_over_not_carried_out(deployment):
    """Whoever may look at the widget may send its function anything."""
    arm(deployment)
    deployment.emulator.break_production()
    who = {"reason": "because", "requested_by": "me", "confirm": "analytics"}
    page = asked(deployment, command="failover", pair="analytics", **who)
    assert "analytics" in page
    assert deployment.emulator.failover_posts == []


FORBIDDEN = {
    "write a run": ("dynamodb", lambda it, client: client.put_item(
        TableName=it.outputs["RunsTableName"], Item={"pk": {"S": "x"}, "sk": {"S": "y"}}
    )),
    "delete a run": ("dynamodb", lambda it, client: client.delete_item(
        TableName=it.outputs["RunsTableName"], Key={"pk": {"S": "*"}, "sk": {"S": "y"}}
    )),
    "read the credentials": ("secretsmanager", lambda it, client: client.get_secret_value(
        SecretId=it.secret
    )),
    "publish": ("sns", lambda it, client: client.publish(
        TopicArn=it.outputs["NotificationTopicArn"], Message="x"
    )),
    "send the function a command": ("lambda", lambda it, client: client.invoke(
        FunctionName=it.outputs["FailoverFunctionArn"], Payload='{"command": "status"}'
    )),
    "start a failover": ("stepfunctions", lambda it, client: client.start_execution(
        stateMachineArn=it.outputs["FailoverStateMachineArn"], input="{}"
    )),
    "change a pair": ("ssm", lambda it, client: client.put_parameter(
        Name=f"{it.outputs['PairsParameterPath']}/analytics", Value="{}", Overwrite=True
    )),
}  # fmt: skip


def test_its_role_can_read_and_do_nothing_else(deployment):
    table = deployment.outputs["RunsTableName"]
    reader = deployment.client_as("DashboardRole", "dynamodb")
    key = {"pk": {"S": "*"}, "sk": {"S": "state#fleet"}}
    reader.get_item(TableName=table, Key=key)  # who has no rights at all proves nothing
    for what, (service, attempt) in FORBIDDEN.items():
        client = deployment.client_as("DashboardRole", service)
        with pytest.raises(ClientError) as denied:
            attempt(deployment, client)
        assert denied.value.response["Error"]["Code"] in DENIED, what


def test_the_console_finds_the_dashboard_and_its_first_widget_is_the_function(deployment):
    name = deployment.outputs["DashboardUrl"].rpartition("/")[2]
    found = deployment.aws.client("cloudwatch").get_dashboard(DashboardName=name)
    first = json.loads(found["DashboardBody"])["widgets"][0]
    assert first["properties"]["endpoint"].endswith(deployment.physical_id("DashboardFunction"))
    assert "Dashboard" in RESOURCES
