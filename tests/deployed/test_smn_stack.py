"""From Huawei Cloud's own alarm to a failover: the function URL of a deployed stack."""

import json
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError
from deployment import Deployment, armed
from parts import command

from local.smn import HOST, REGION, TOPIC, Signer, Smn


class Subscribed:
    """A stack with a function URL, and the throw-away SMN that posts to it."""

    def __init__(self, deployment, smn):
        self.deployment, self.smn = deployment, smn
        self.url = urlsplit(deployment.outputs["SmnEndpointUrl"])
        self._let_it_find(smn)

    def _let_it_find(self, smn):
        """As an operator whose functions reach the internet by a proxy."""
        client, name = (
            self.deployment.aws.client("lambda"),
            self.deployment.physical_id("SmnFunction"),
        )
        set_ = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**set_, **smn.environment}}
        )

    def post(self, message):
        # The host's name resolves nowhere: the embedded AWS finds the URL by its header.
        endpoint = self.deployment.aws.endpoint
        answer = httpx.post(
            endpoint, json=message, headers={"Host": self.url.netloc}, trust_env=False, timeout=30
        )
        return answer.status_code

    def cloud_eye(self, *, is_alarm=True, **other):
        at = datetime.now(UTC).strftime("%Y/%m/%d %H:%M:%S GMT+00:00")
        rule = f"{self.deployment.stack}-outage-analytics-sessions"
        data = {
            "MetricName": "Sessions", "IsAlarm": is_alarm, "AlarmTime": at, "AlarmRuleName": rule,
            "ResourceId": "7e9a1c52-0001-4f3b-9d3a-000000000001", "AlarmRecordID": "ah1",
        }  # fmt: skip
        return self.smn.notification(json.dumps({"version": "v1", "data": data}), **other)

    @property
    def reads(self):
        return len(self.deployment.emulator.journal)


@pytest.fixture
def with_topic(aws, built, packaged, emulator):
    with Deployment(aws, built, packaged, emulator, SmnTopicUrns=TOPIC) as deployment:
        yield deployment


@pytest.fixture
def subscribed(with_topic, tmp_path):
    with_topic.put_pair(production_down_for_s=0)
    armed(with_topic)
    with Smn(tmp_path) as smn:
        yield Subscribed(with_topic, smn)


def test_subscribed_and_confirmed_an_alarm_of_cloud_eye_fails_over(subscribed):
    assert subscribed.post(subscribed.smn.confirmation()) == 200
    assert any("/smn/subscription/confirm?" in path for path in subscribed.smn.asked)
    subscribed.deployment.emulator.break_production()
    assert subscribed.post(subscribed.cloud_eye()) == 200
    (notice,) = subscribed.deployment.notices()
    assert (notice.result["decision"], notice.result["trigger"]["kind"]) == ("submitted", "smn")
    assert len(subscribed.deployment.emulator.failover_posts) == 1


def test_an_event_of_dws_speaks_for_the_pair_that_it_names(subscribed):
    subscribed.deployment.emulator.break_production()
    event = {
        "name": "disasterRecoveryAbnormal",
        "name_space": "dws",
        "source_id": subscribed.deployment.emulator.pair.id,
    }
    assert subscribed.post(subscribed.smn.notification(json.dumps(event))) == 200
    (notice,) = subscribed.deployment.notices()
    assert notice.result["decision"] == "submitted"


FOREIGN = "urn:smn:eu-west-101:ffffffffffffffffffffffffffffffff:dws-alarms"
REFUSED = {
    "forged signature": {"signer": Signer("somebody")},
    "other topic": {"topic_urn": FOREIGN},
    "other host": {"signing_cert_url": f"https://smn.example.com/smn/SMN_{REGION}_0.pem"},
    "other region": {"signing_cert_url": f"https://{HOST.replace('101', '102')}/smn/SMN_0.pem"},
    "old": {"timestamp": "2025-06-02T14:56:17Z"},
}


@pytest.fixture
def quiet(subscribed):
    """Production is down, nothing has said so yet."""
    subscribed.deployment.emulator.break_production()
    return subscribed


def test_what_is_not_smns_changes_nothing(quiet):
    before = quiet.reads
    statuses = {why: quiet.post(quiet.cloud_eye(**other)) for why, other in REFUSED.items()}
    assert statuses == dict.fromkeys(REFUSED, 403)
    assert quiet.post({**quiet.cloud_eye(), "message": "changed"}) == 403
    assert quiet.post({"hello": "world"}) == 400
    time.sleep(1)
    assert quiet.reads == before
    assert incident(quiet.deployment) is None


def test_a_message_that_comes_again_after_its_incident_is_ended_opens_none(subscribed):
    alarm = subscribed.cloud_eye()
    assert subscribed.post(alarm) == 200
    assert subscribed.deployment.notices()[0].result["decision"] == "refused"
    time.sleep(1.1)  # Cloud Eye tells whole seconds, and of one second the alarm wins
    assert subscribed.post(subscribed.cloud_eye(is_alarm=False)) == 200
    until = time.monotonic() + 60
    while incident(subscribed.deployment) is not None:
        assert time.monotonic() < until
        time.sleep(0.2)
    cold(subscribed.deployment)
    before = subscribed.reads
    assert subscribed.post(alarm) == 200
    time.sleep(2)
    assert (incident(subscribed.deployment), subscribed.reads) == (None, before)


def incident(deployment):
    """The open incident, as the table has it."""
    item = deployment.aws.client("dynamodb").get_item(
        TableName=deployment.outputs["RunsTableName"],
        Key={"pk": {"S": deployment.emulator.pair.id}, "sk": {"S": "state#incident"}},
        ConsistentRead=True,
    ).get("Item")  # fmt: skip
    return item["incident_id"]["S"] if item and item["state"]["S"] == "open" else None


def cold(deployment):
    """Have the next message meet an environment that remembers nothing."""
    client, name = deployment.aws.client("lambda"), deployment.physical_id("SmnFunction")
    client.update_function_configuration(FunctionName=name, Description="anew")


# What can be done with the credentials of the function behind the URL


class Intruder:
    """Somebody who has them."""

    def __init__(self, deployment):
        self._deployment = deployment
        self._queue = deployment.physical_id("SmnQueue")

    def client(self, service):
        return self._deployment.client_as("SmnRole", service)

    def put(self, body):
        """Put something into the queue that the failover function takes from."""
        self.client("sqs").send_message(QueueUrl=self._queue, MessageBody=json.dumps(body))


@pytest.fixture
def intruder(with_topic):
    return Intruder(with_topic)


FORBIDDEN = {
    "order a failover": lambda it, aws: aws("lambda").invoke(
        FunctionName=it.outputs["FailoverFunctionArn"], Payload=json.dumps(command())
    ),
    "have it ordered": lambda it, aws: aws("lambda").invoke(
        FunctionName=it.outputs["FailoverFunctionArn"], InvocationType="Event",
        Payload=json.dumps(command()),
    ),
    "start the state machine": lambda it, aws: aws("stepfunctions").start_execution(
        stateMachineArn=it.outputs["FailoverStateMachineArn"], input=json.dumps(command())
    ),
    "take an alarm away": lambda it, aws: aws("sqs").receive_message(
        QueueUrl=it.physical_id("SmnQueue")
    ),
    "drop what waits": lambda it, aws: aws("sqs").purge_queue(QueueUrl=it.physical_id("SmnQueue")),
    "write to another queue": lambda it, aws: aws("sqs").send_message(
        QueueUrl=it.outputs["FailedEventsQueueUrl"], MessageBody="{}"
    ),
    "change what is stored": lambda it, aws: aws("dynamodb").put_item(
        TableName=it.outputs["RunsTableName"], Item={"pk": {"S": "a"}, "sk": {"S": "b"}}
    ),
    "read a secret": lambda it, aws: aws("secretsmanager").get_secret_value(SecretId=it.secret),
}  # fmt: skip


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_its_role_can_not(with_topic, intruder, attempt):
    with pytest.raises(ClientError) as denied:
        FORBIDDEN[attempt](with_topic, intruder.client)
    assert denied.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


SMUGGLED = {
    "order": command(),
    "order beside something else": {**command(), "hello": "world"},
    "acknowledgement": {
        "command": "acknowledge", "pair": "analytics", "reason": "r", "requested_by": "w",
        "production_cluster_id": "7e9a1c52-0001-4f3b-9d3a-000000000001",
    },
    "order as SNS would wrap it": {
        "Type": "Notification", "MessageId": "m", "Message": json.dumps(command()),
    },
    "order as a queue would wrap it": {
        "Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": json.dumps(command())}]
    },
}  # fmt: skip


def test_a_command_in_the_queue_orders_nothing_and_is_kept_for_a_person(quiet, intruder):
    """Production is down: what is confirmed would be ordered, if it were taken."""
    deployment = quiet.deployment
    sqs, queue = deployment.aws.client("sqs"), deployment.physical_id("SmnQueue")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    for smuggled in SMUGGLED.values():
        intruder.put(smuggled)
    kept = taken(sqs, deployment.physical_id("SmnDeadLetterQueue"), len(SMUGGLED))
    assert sorted(kept) == sorted(map(json.dumps, SMUGGLED.values()))
    assert deployment.emulator.failover_posts == []
    assert (deployment.notices(within_s=0), incident(deployment)) == ([], None)


def taken(sqs, queue, count, within_s=60):
    """So many messages of a queue, waiting for them."""
    found, until = {}, time.monotonic() + within_s
    while len(found) < count:
        assert time.monotonic() < until, found
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        found |= {one["MessageId"]: one["Body"] for one in answer.get("Messages", [])}
    return list(found.values())


def test_a_made_up_message_in_the_queue_is_an_alarm_at_most(subscribed, intruder):
    """Production is up: a confirmed command could override that, an alarm can not."""
    deployment = subscribed.deployment
    signed = subscribed.cloud_eye()
    names = ("topic_urn", "message_id", "timestamp", "message")
    made_up = {**command(override=["production_down"]), **{name: signed[name] for name in names}}
    intruder.put({**made_up, "smn": {name: signed[name] for name in names}})
    (notice,) = deployment.notices()
    assert notice.result["trigger"]["kind"] == "smn"
    assert (notice.result["decision"], notice.result["reason_code"]) == (
        "refused",
        "production_down",
    )
    assert incident(deployment) == notice.result["incident_id"]
    assert deployment.emulator.failover_posts == []


def test_without_topics_there_is_no_url_and_no_queue(deployment):
    assert "SmnEndpointUrl" not in deployment.outputs
    for name in ("SmnFunction", "SmnQueue", "SmnQueueMapping"):
        with pytest.raises(ClientError):
            deployment.physical_id(name)


def test_topics_open_the_door_and_without_them_it_is_closed_again(deployment, tmp_path):
    was = left_by_the_door(deployment)
    deployment.change(SmnTopicUrns=TOPIC)
    log_group = deployment.physical_id("SmnLogGroup")
    with Smn(tmp_path) as smn:
        subscribed = Subscribed(deployment, smn)
        assert subscribed.post(subscribed.cloud_eye()) == 200
        (notice,) = deployment.notices(within_s=60)
    assert notice.result["trigger"]["kind"] == "smn"
    deployment.change(SmnTopicUrns="")
    assert "SmnEndpointUrl" not in deployment.outputs
    assert left_by_the_door(deployment) == was
    assert log_group in log_groups(deployment.aws)


def left_by_the_door(deployment):
    """What of the failover function the door is fastened to."""
    function = deployment.outputs["FailoverFunctionArn"]
    mappings = deployment.aws.client("lambda").list_event_source_mappings(FunctionName=function)
    role = deployment.physical_id("FailoverRole")
    policies = deployment.aws.client("iam").list_role_policies(RoleName=role)
    return mappings["EventSourceMappings"], sorted(policies["PolicyNames"])


def log_groups(aws):
    pages = aws.client("logs").get_paginator("describe_log_groups").paginate()
    return {group["logGroupName"] for page in pages for group in page["logGroups"]}


def test_another_topic_is_let_in_by_the_same_url(with_topic):
    url, other = with_topic.outputs["SmnEndpointUrl"], TOPIC.replace("alarms", "events")
    with_topic.change(SmnTopicUrns=f"{TOPIC}, {other}")
    function = with_topic.aws.client("lambda").get_function_configuration(
        FunctionName=with_topic.physical_id("SmnFunction")
    )
    assert function["Environment"]["Variables"]["SMN_TOPIC_URNS"] == f"{TOPIC}, {other}"
    assert with_topic.outputs["SmnEndpointUrl"] == url


def test_concurrency_can_be_reserved(aws, built, packaged, emulator):
    given = {"SmnTopicUrns": TOPIC, "SmnReservedConcurrency": "5"}
    with Deployment(aws, built, packaged, emulator, **given) as deployment:
        assert deployment.physical_id("SmnFunction")
