"""The unmodified template on the embedded AWS, with IAM enforced."""

import json
import time
from datetime import datetime

import pytest
from botocore.exceptions import ClientError
from deployment import Deployment, InvocationFailed, armed, reconciled
from parts import bus_alarm, command

from local.aws.deploy import deploy


@pytest.fixture
def outage(deployment):
    deployment.put_pair(production_down_for_s=0)
    armed(deployment)
    deployment.emulator.break_production()
    return deployment


def test_an_alarm_on_the_bus_fails_over_and_its_notice_arrives(outage):
    name = f"{outage.stack}-outage-analytics"
    put_alarm(outage.aws, name)
    outage.aws.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue="ALARM", StateReason="no connection"
    )
    (notice,) = outage.notices()
    assert (notice.result["decision"], notice.attributes["pair"]) == ("submitted", "analytics")
    (post,) = outage.emulator.failover_posts
    assert post.status == 200


def test_an_alarms_own_action_fails_over(outage):
    name = f"{outage.stack}-outage-analytics"
    put_alarm(outage.aws, name, [outage.outputs["FailoverFunctionArn"]])
    outage.aws.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue="ALARM", StateReason="no connection"
    )
    assert outage.notices()[0].result["decision"] == "submitted"
    time.sleep(0.5)
    assert len(outage.emulator.failover_posts) == 1


def test_reconcile_gives_an_open_incident_an_invocation_of_its_own(deployment):
    deployment.put_pair(production_down_for_s=0)
    armed(deployment)
    deployment.invoke(bus_alarm(f"{deployment.stack}-outage-analytics"))
    deployment.emulator.break_production()
    assert reconciled(deployment)["reason_code"] == "pursued"
    told = deployment.notices()
    while "submitted" not in {notice.result["decision"] for notice in told}:
        told += deployment.notices()
    assert len(deployment.emulator.failover_posts) == 1


def test_an_incident_that_only_waits_is_ordered_by_an_invocation_that_has_waited(deployment):
    """The schedule is off, and nobody asks again."""
    deployment.put_pair(production_down_for_s=4)
    armed(deployment)
    deployment.emulator.break_production()
    (refused,) = deployment.invoke(bus_alarm(f"{deployment.stack}-outage-analytics"))["results"]
    assert (refused["decision"], refused["reason_code"]) == ("refused", "production_down")
    told = deployment.notices()
    while "submitted" not in {notice.result["decision"] for notice in told}:
        told += deployment.notices()
    (order,) = deployment.emulator.failover_posts
    assert order.at >= datetime.fromisoformat(refused["timings"]["acts_at"])


def put_alarm(aws, name, actions=()):
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name, Namespace="Warehouse", MetricName="ConnectionTaken", Statistic="Minimum",
        Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold",
        AlarmActions=list(actions),
    )  # fmt: skip


def test_errors_have_the_names_that_state_machines_match(deployment):
    with pytest.raises(InvocationFailed) as failed:
        deployment.invoke({"command": "rehearse", "pair": "nowhere"})
    assert failed.value.name == "InvalidEvent"


def test_no_secret_is_ever_logged(outage):
    outage.invoke(command())
    text = "\n".join(outage.logs())
    assert '"decision": "submitted"' in text or '"decision":"submitted"' in text
    assert outage.emulator.credentials.secret_key not in text
    assert outage.emulator.credentials.access_key not in text


FORBIDDEN = {
    "delete the table": lambda it, aws: aws("dynamodb").delete_table(
        TableName=it.outputs["RunsTableName"]
    ),
    "publish to a stranger's topic": lambda it, aws: aws("sns").publish(
        TopicArn=it.outputs["OperationsTopicArn"], Message="x"
    ),
    "read a secret outside its prefix": lambda _, aws: aws("secretsmanager").get_secret_value(
        SecretId="somebody-else/credentials"
    ),
    "write parameters": lambda it, aws: aws("ssm").put_parameter(
        Name=f"{it.outputs['PairsParameterPath']}/analytics", Value="{}", Type="String",
        Overwrite=True,
    ),
    "invoke other functions": lambda it, aws: aws("lambda").invoke(
        FunctionName=f"{it.stack}-somebody-elses"
    ),
    "delete a run": lambda it, aws: aws("dynamodb").delete_item(
        TableName=it.outputs["RunsTableName"], Key={"pk": {"S": "a"}, "sk": {"S": "b"}}
    ),
    "read another stack's pairs": lambda _, aws: aws("ssm").get_parameters_by_path(
        Path="/dws-failover/other/pairs"
    ),
    "make itself a key": lambda _, aws: aws("iam").create_access_key(UserName="anyone"),
}  # fmt: skip


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_the_functions_role_can_not(deployment, attempt):
    secrets = deployment.aws.client("secretsmanager")
    try:
        secrets.create_secret(Name="somebody-else/credentials", SecretString="{}")
    except secrets.exceptions.ResourceExistsException:
        pass
    deployment.client_as("FailoverRole", "sts").get_caller_identity()  # it can be taken

    def as_function(service):
        return deployment.client_as("FailoverRole", service)

    with pytest.raises(ClientError) as denied:
        FORBIDDEN[attempt](deployment, as_function)
    code = denied.value.response["Error"]["Code"]
    assert code in ("AccessDenied", "AccessDeniedException", "AuthorizationError")


def test_an_event_that_fails_every_time_ends_in_the_failure_queue(deployment):
    sqs = deployment.aws.client("sqs")
    deployment.aws.client("lambda").invoke(
        FunctionName=deployment.outputs["FailoverFunctionArn"],
        InvocationType="Event",
        Payload=json.dumps({"command": "never heard of"}),
    )
    answer = sqs.receive_message(
        QueueUrl=deployment.outputs["FailedEventsQueueUrl"], WaitTimeSeconds=15
    )
    (message,) = answer["Messages"]
    assert "never heard of" in message["Body"]


def test_two_stacks_live_side_by_side(aws, built, packaged, emulator, deployment):
    with Deployment(aws, built, packaged, emulator) as other:
        assert other.invoke({"command": "status"})["results"][0]["pair"] == "analytics"
        assert deployment.invoke({"command": "status"})["results"][0]["pair"] == "analytics"
        assert other.outputs["RunsTableName"] != deployment.outputs["RunsTableName"]


def test_a_deploy_with_another_parameter_changes_what_runs(aws, built, emulator):
    stack = "deployed-twice"
    aws.client("secretsmanager").create_secret(
        Name=f"{stack}/credentials",
        SecretString=json.dumps({
            "access_key_id": emulator.credentials.access_key,
            "secret_access_key": emulator.credentials.secret_key,
        }),
    )  # fmt: skip
    given = {
        "PairName": "analytics", "DisasterRecoveryId": emulator.pair.id,
        "ProjectId": emulator.project_id, "DwsEndpoint": emulator.url,
        "AllowedProviderHosts": "127.0.0.1",
        "CredentialsSecretName": f"{stack}/credentials",
        "CredentialsSecretPrefix": f"{stack}/", "MaxDataLossSeconds": "3600",
    }  # fmt: skip
    seen = []
    for mode, limit in (("observe", "5"), ("automatic", "7")):
        outputs = deploy(aws, built, stack, {**given, "Mode": mode, "MaxFailoversPerHour": limit})
        result = rehearse(aws, outputs)
        gates = {one["gate"]: one for one in result["gates"]}
        seen.append((gates["mode"]["measured"], gates["rate_limit"]["limit"]))
    aws.client("cloudformation").delete_stack(StackName=stack)
    assert seen == [("observe", 5), ("automatic", 7)]


def rehearse(aws, outputs):
    event = {"command": "rehearse", "pair": "analytics"}
    answer = aws.client("lambda").invoke(
        FunctionName=outputs["FailoverFunctionArn"], Payload=json.dumps(event)
    )
    return json.load(answer["Payload"])


def test_the_package_is_small_and_pure_but_for_cryptography(built):
    package = built.template.parent / "FailoverFunction"
    files = [one.relative_to(package) for one in package.rglob("*") if one.is_file()]
    of_cryptography = ("cryptography", "cffi", "_cffi_backend", "pycparser")
    others = [one for one in files if not one.parts[0].startswith(of_cryptography)]
    assert sum((package / one).stat().st_size for one in files) < 30_000_000
    sources = [one for one in others if one.suffix != ".pyc"]
    assert sum((package / one).stat().st_size for one in sources) < 10_000_000
    assert sum((package / one).stat().st_size for one in others) < 14_000_000
    assert [one for one in others if one.suffix in (".so", ".pyd")] == []


def test_an_alarm_of_another_name_does_not_reach_the_function(deployment):
    put_alarm(deployment.aws, f"other-{deployment.stack}-outage-x")
    deployment.aws.client("cloudwatch").set_alarm_state(
        AlarmName=f"other-{deployment.stack}-outage-x", StateValue="ALARM", StateReason="x"
    )
    assert deployment.notices(within_s=2) == []


def test_an_alarm_through_a_topic_fails_over(outage):
    sns = outage.aws.client("sns")
    topic = sns.create_topic(Name=f"{outage.stack}-alarms")["TopicArn"]
    arn = outage.outputs["FailoverFunctionArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    bus = bus_alarm(f"{outage.stack}-outage-analytics")
    message = {
        "AlarmName": bus["detail"]["alarmName"],
        "AlarmArn": bus["resources"][0],
        "NewStateValue": "ALARM",
        "OldStateValue": "OK",
        "StateChangeTime": bus["time"],
    }
    sns.publish(TopicArn=topic, Message=json.dumps(message))
    assert outage.notices()[0].result["trigger"]["kind"] == "sns"
