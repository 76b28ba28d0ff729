"""Deployed, changed one parameter at a time, and taken away: with and without each optional part."""

import json

import pytest
from botocore.exceptions import ClientError
from deployment import Deployment, is_true_within
from parts import bus_alarm
from stored import items

from local.aws.deploy import delete_stack
from local.smn import TOPIC


@pytest.fixture(scope="module")
def surroundings(aws):
    """What an optional part names: a network and a key."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="failover", Description="x", VpcId=vpc)["GroupId"]
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return {"subnet": subnet, "group": group, "key": key}


@pytest.fixture(scope="module")
def stack(aws, built, packaged):
    """One stack for all changes; each is made on top of those before it."""
    from local.dws import Emulator

    with Emulator() as emulator, Deployment(aws, built, packaged, emulator) as deployment:
        yield deployment


# What can be seen of a parameter


def document(stack):
    name = f"{stack.outputs['PairsParameterPath']}/{stack.parameters['PairName']}"
    return json.loads(stack.aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def function(stack):
    name = stack.outputs["FailoverFunctionArn"]
    return stack.aws.client("lambda").get_function_configuration(FunctionName=name)


def environment(stack):
    return function(stack)["Environment"]["Variables"]


def addresses(stack):
    pages = stack.aws.client("sns").get_paginator("list_subscriptions")
    mine = {stack.outputs["NotificationTopicArn"], stack.outputs["OperationsTopicArn"]}
    every = [one for page in pages.paginate() for one in page["Subscriptions"]]
    return sorted(one["Endpoint"] for one in every
                  if one["TopicArn"] in mine and one["Protocol"] == "email")  # fmt: skip


def retention(stack):
    groups = stack.aws.client("logs").describe_log_groups(
        logGroupNamePrefix=stack.physical_id("FailoverLogGroup")
    )["logGroups"]
    return groups[0]["retentionInDays"]


def policy(stack, name):
    role = stack.physical_id("FailoverRole")
    found = stack.aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)
    return json.dumps(found["PolicyDocument"])


def key_of_queue(stack):
    found = stack.aws.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["FailedEventsQueueUrl"], AttributeNames=["KmsMasterKeyId"]
    )
    return found.get("Attributes", {}).get("KmsMasterKeyId") or None


def topics(stack):
    """Of the function behind the URL, if there is one."""
    if "SmnEndpointUrl" not in stack.outputs:
        return ""
    name = stack.physical_id("SmnFunction")
    found = stack.aws.client("lambda").get_function_configuration(FunctionName=name)
    return found["Environment"]["Variables"]["SMN_TOPIC_URNS"]


def may_connect(stack):
    """Whether the function's role has what Lambda needs to put it into a network."""
    role = stack.physical_id("FailoverRole")
    return "network" in stack.aws.client("iam").list_role_policies(RoleName=role)["PolicyNames"]


def is_heard(stack, name):
    """Whether the pair listens to an alarm that the function is sent."""
    (result,) = stack.invoke(bus_alarm(name))["results"]
    return result["reason_code"] != "not_listed"


def probes(stack):
    return document(stack).get("probes", {})


PROBE = '{"probes": {"7e9a1c52-0001-4f3b-9d3a-000000000001": "127.0.0.1:9"}}'
CHANGES = [
    ("Mode", "observe", lambda stack: document(stack)["mode"]),
    ("Mode", "automatic", lambda stack: document(stack)["mode"]),
    ("MaxDataLossSeconds", "7200", lambda stack: str(document(stack)["max_data_loss_s"])),
    ("FirstPairOptions", PROBE, lambda stack: json.dumps({"probes": probes(stack)})),
    ("FirstPairOptions", "{}", lambda stack: json.dumps(probes(stack))),
    ("DwsEndpoint", "http://127.0.0.1:9", lambda stack: document(stack)["endpoint"]),
    ("ProjectId", "0" * 32, lambda stack: document(stack)["project_id"]),
    ("PairName", "renamed", lambda stack: stack.parameters["PairName"]),
    ("AllowedProviderHosts", "127.0.0.1, *.example.com",
     lambda stack: environment(stack)["ALLOWED_PROVIDER_HOSTS"]),
    ("MaxFailoversPerHour", "2", lambda stack: environment(stack)["MAX_FAILOVERS_PER_HOUR"]),
    ("LogRetentionInDays", "30", lambda stack: str(retention(stack))),
    ("CredentialsSecretPrefix", "elsewhere/",
     lambda stack: "elsewhere/" * ("elsewhere/*" in policy(stack, "failover"))),
    ("CredentialsSecretName", "elsewhere/key", lambda stack: document(stack)["credentials_secret"]),
    ("NotificationEmail", "on-call@example.com", lambda stack: addresses(stack)[0]),
    ("NotificationEmail", "", lambda stack: "".join(addresses(stack))),
    ("SmnTopicUrns", TOPIC, topics),
    ("SmnTopicUrns", f"{TOPIC},{TOPIC}-2", topics),
    ("SmnTopicUrns", "", topics),
]  # fmt: skip
OF_PARTS = [
    ({"KmsKeyArn": "key"}, lambda stack, given: key_of_queue(stack) == given["key"]),
    ({"KmsKeyArn": ""}, lambda stack, _: key_of_queue(stack) is None),
    ({"CredentialsKeyArn": "key"},
     lambda stack, given: given["key"] in policy(stack, "credentials-key")),
    ({"SubnetIds": "subnet", "SecurityGroupIds": "group"},
     lambda stack, _: may_connect(stack)),
    ({"SubnetIds": "", "SecurityGroupIds": ""}, lambda stack, _: not may_connect(stack)),
]  # fmt: skip


def changed(stack, **parameters):
    """Deploy again; whatever is changed, the table is the same and nothing of it is lost."""
    before = stack.outputs["RunsTableName"], len(items(stack))
    stack.change(**parameters)
    assert (stack.outputs["RunsTableName"], len(items(stack))) == before


def test_each_parameter_can_be_changed_by_itself(stack):
    """One after the other, as years of a deployment go by."""
    for name, value, seen in CHANGES:
        changed(stack, **{name: value})
        assert seen(stack) == value, name


def test_each_optional_part_comes_and_goes(stack, surroundings):
    for names, is_there in OF_PARTS:
        given = {name: surroundings.get(kind, kind) for name, kind in names.items()}
        changed(stack, **given)
        assert is_there(stack, surroundings), names


def test_after_a_new_name_one_document_is_there_and_its_alarms_are_heard(deployment):
    prefix = deployment.parameters["AlarmNamePrefix"]
    assert is_heard(deployment, f"{prefix}analytics")
    deployment.change(PairName="sales")
    ssm = deployment.aws.client("ssm")
    found = ssm.get_parameters_by_path(Path=deployment.outputs["PairsParameterPath"])["Parameters"]
    assert [one["Name"].rsplit("/", 1)[-1] for one in found] == ["sales"]

    def are_heard():
        heard = [name for name in ("analytics", "sales", "sales-2", "sales2")
                 if is_heard(deployment, f"{prefix}{name}")]  # fmt: skip
        return heard == ["sales", "sales-2"]

    assert is_true_within(60, are_heard)  # a document is at most 30 s old


PARTS = {
    "nothing": {},
    "mail": {"NotificationEmail": "on-call@example.com"},
    "SMN": {"SmnTopicUrns": TOPIC},
    "network": {"SubnetIds": "subnet", "SecurityGroupIds": "group"},
    "keys": {"KmsKeyArn": "key", "CredentialsKeyArn": "key"},
    "options": {"FirstPairOptions": PROBE},
}
PARTS["everything"] = {name: kind for part in PARTS.values() for name, kind in part.items()}


@pytest.mark.parametrize("part", PARTS)
def test_it_is_deployed_answers_and_leaves_what_it_shall_keep(
    aws, built, packaged, emulator, surroundings, part
):
    given = {name: surroundings.get(kind, kind) for name, kind in PARTS[part].items()}
    with Deployment(aws, built, packaged, emulator, **given) as deployment:
        (row,) = deployment.invoke({"command": "status"})["results"]
        assert row["gates"], row["reason"]
        table = deployment.outputs["RunsTableName"]
        pair = f"{deployment.outputs['PairsParameterPath']}/analytics"
        delete_stack(aws, deployment.stack)
    assert aws.client("dynamodb").describe_table(TableName=table)["Table"]["TableName"] == table
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws.client("ssm").get_parameter(Name=pair)


def test_a_network_without_its_other_half_is_refused_before_anything_is_made(deployment):
    with pytest.raises(ClientError, match="are given together"):
        deployment.change(SubnetIds="subnet-0123456789abcdef0")
