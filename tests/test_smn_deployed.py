"""From Huawei Cloud's own alarm to a failover: the function URL of a deployed stack."""

import json
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError
from deployment import Deployment
from test_deployed import armed

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
        rule = f"{self.deployment.stack}-outage-sessions"
        data = {
            "MetricName": "Sessions", "IsAlarm": is_alarm, "AlarmTime": at, "AlarmRuleName": rule,
            "ResourceId": "7e9a1c52-0001-4f3b-9d3a-000000000001", "AlarmRecordID": "ah1",
        }  # fmt: skip
        return self.smn.notification(json.dumps({"version": "v1", "data": data}), **other)

    @property
    def reads(self):
        return len(self.deployment.emulator.journal)


@pytest.fixture
def subscribed(aws, built, packaged, emulator, tmp_path):
    with (
        Smn(tmp_path) as smn,
        Deployment(aws, built, packaged, emulator, SmnTopicUrns=TOPIC) as deployment,
    ):
        deployment.put_pair(production_down_for_s=0)
        armed(deployment)
        yield Subscribed(deployment, smn)


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
    assert subscribed.post(subscribed.cloud_eye(is_alarm=False)) == 200
    until = time.monotonic() + 10
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


def test_the_url_may_do_nothing_but_hand_on(subscribed):
    deployment = subscribed.deployment
    role = deployment.physical_id("SmnRole")
    policies = deployment.aws.client("iam").list_role_policies(RoleName=role)["PolicyNames"]
    (policy,) = (
        deployment.aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)[
            "PolicyDocument"
        ]
        for name in policies
    )
    actions = [one["Action"] for one in policy["Statement"]]
    assert actions == [["logs:CreateLogStream", "logs:PutLogEvents"], "lambda:InvokeFunction"]
    (function,) = (one["Resource"] for one in policy["Statement"] if one["Sid"] == "HandOn")
    assert function == deployment.outputs["FailoverFunctionArn"]


def test_without_topics_there_is_no_url(deployment):
    assert "SmnEndpointUrl" not in deployment.outputs
    with pytest.raises(ClientError):
        deployment.physical_id("SmnFunction")
