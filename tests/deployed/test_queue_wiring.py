"""A queue of one's own before the function, wired as the page says: no alarm is used up."""

import json
import re
import shlex

import pytest
from botocore import xform_name
from deployment import Deployment, behind_proxy
from envelopes import notification, queue
from parts import bus_alarm, now
from places import ROOT
from stored import arm
from template import FUNCTION

from local.aws.troubles import Error

VISIBLE_AGAIN_S = 2


@pytest.fixture(scope="module")
def own_aws(aws, packaged):  # noqa: ARG001 - it has been packaged there
    """An AWS of which single calls of its functions can be spoiled."""
    with behind_proxy(aws) as (own, proxy):
        yield own, proxy


class Wired:
    """A deployment with a queue before it, and the commands of the page that put it there."""

    def __init__(self, deployment, proxy):
        self.deployment, self.proxy = deployment, proxy
        self._sqs = deployment.aws.client("sqs")
        self.dead_letters = self._sqs.create_queue(QueueName=f"{deployment.stack}-dead")["QueueUrl"]
        name = f"{deployment.stack}-alarms"
        told = {
            "<name>": name,
            "<queue ARN>": f"arn:aws:sqs:us-east-1:000000000000:{name}",
            "<dead-letter queue ARN>": f"arn:aws:sqs:us-east-1:000000000000:{deployment.stack}-dead",
            "<role of FailoverFunction>": deployment.physical_id("FailoverRole"),
            "<FailoverFunctionArn>": deployment.outputs["FailoverFunctionArn"],
            f'"{FUNCTION["Timeout"]}"': f'"{VISIBLE_AGAIN_S}"',  # no test waits so long
        }
        for command in commands(told):
            run(deployment.aws, command)
        self.queue = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def put(self, body):
        self._sqs.send_message(QueueUrl=self.queue, MessageBody=json.dumps(body))

    def hide_for(self, seconds):
        """Let what is taken, and fails, come again after so long a time."""
        attributes = {"VisibilityTimeout": str(seconds)}
        self._sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=attributes)

    def alarm(self, **changes):
        return bus_alarm(f"{self.deployment.stack}-outage-analytics", **changes)

    def fail_to_store(self, times=1):
        """Let so many of the writes fail that keep an alarm from being lost."""
        for nth in range(1, times + 1):
            trouble = Error("AccessDeniedException")  # nothing that the SDK would try again
            self.proxy.spoil("TransactWriteItems", trouble, nth=nth, containing="state#incident")

    def kept(self, within_s):
        """What lies in the dead letters."""
        answer = self._sqs.receive_message(QueueUrl=self.dead_letters, WaitTimeSeconds=within_s)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def commands(told):
    """The page's commands, each in words, with what stands for its placeholders."""
    page = (ROOT / "docs/deployment.md").read_text()
    begin = "### Alarms through a queue of yours"
    block = re.search(rf"{begin}.*?```sh\n(.*?)```", page, re.DOTALL).group(1)
    for placeholder, value in told.items():
        assert placeholder in block
        block = block.replace(placeholder, value)
    found = []
    for word in shlex.split(block.replace("\\\n", "")):
        if word == "aws":
            found.append([])
        found[-1].append(word)
    return found


def run(aws, command):
    """Run a command as the AWS CLI would: its options are the call's members."""
    _, service, operation, *words = command
    client, method = aws.client(service), operation.replace("-", "_")
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    members = {xform_name(name): name for name in model.input_shape.members}
    given = {}
    for option, value in zip(words[::2], words[1::2], strict=True):
        name = members[option.removeprefix("--").replace("-", "_")]
        kind = model.input_shape.members[name].type_name
        given[name] = {"map": json.loads, "list": lambda one: [one]}.get(kind, str)(value)
    getattr(client, method)(**given)


@pytest.fixture
def wired(own_aws, built, packaged, emulator):
    own, proxy = own_aws
    proxy.clear()
    with Deployment(own, built, packaged, emulator) as deployment:
        deployment.put_pair(production_down_for_s=0)
        arm(deployment)
        emulator.break_production()
        yield Wired(deployment, proxy)


def test_the_pages_queue_gives_an_alarm_again_while_it_is_still_worth_something():
    (create,) = (words for words in commands({"<": "", ">": ""}) if "create-queue" in words)
    attributes = json.loads(create[create.index("--attributes") + 1])
    every, redrive = int(attributes["VisibilityTimeout"]), json.loads(attributes["RedrivePolicy"])
    assert every == FUNCTION["Timeout"]  # AWS takes no less
    assert (int(redrive["maxReceiveCount"]) - 1) * every < 900  # max_event_age_s


def test_an_alarm_that_could_not_be_stored_comes_again_and_is_used(wired):
    wired.hide_for(12)  # a call that takes longer would be another receive, and these are counted
    wired.fail_to_store()
    wired.put(wired.alarm())
    (notice,) = wired.deployment.notices(within_s=30)
    assert (notice.result["decision"], notice.result["trigger"]["kind"]) == ("submitted", "sqs")
    assert len(wired.deployment.emulator.failover_posts) == 1
    assert any('"record failed"' in line for line in wired.deployment.logs())
    assert wired.kept(within_s=0) == []


def test_an_alarm_that_can_never_be_stored_is_kept_for_a_person(wired):
    wired.fail_to_store(times=3)
    alarm = wired.alarm()
    wired.put(alarm)
    assert wired.kept(within_s=20) == [alarm]
    assert wired.deployment.emulator.failover_posts == []


def test_an_alarm_that_has_become_too_old_meanwhile_is_told_and_opens_nothing(wired):
    wired.deployment.put_pair(max_event_age_s=60)
    wired.hide_for(12)
    wired.fail_to_store()
    wired.put(wired.alarm(at=now(seconds=-50)))
    (notice,) = wired.deployment.notices(within_s=20)
    assert (notice.result["decision"], notice.result["reason_code"]) == ("ignored", "too_old")
    assert any('"record failed"' in line for line in wired.deployment.logs())
    assert wired.deployment.emulator.failover_posts == []


# What the handler makes of a record that comes again, without a queue


def old_alarm():
    return bus_alarm("dws-outage-analytics", at=now(minutes=-20))


def received(count, body):
    batch = queue(body)
    batch["Records"][0]["attributes"] = {"ApproximateReceiveCount": str(count)}
    return batch


def smn_message(at):
    data = {"AlarmRuleName": "dws-outage-smn", "IsAlarm": True, "MetricName": "Sessions"}
    smn = {
        "topic_urn": "urn:smn:eu-west-101:0123456789abcdef0123456789abcdef:dws-alarms",
        "message_id": "1565df032a19494590d61e05f7b0dc0e",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "message": json.dumps({"version": "v1", "data": data}),
    }
    return {"smn": smn}


OLD = {
    "CloudWatch": old_alarm,
    "CloudWatch in SNS": lambda: notification(old_alarm()),
    "SMN": lambda: smn_message(now(minutes=-20)),
}


@pytest.mark.parametrize("kind", OLD)
def test_a_record_that_comes_again_too_late_is_told_once(outage, kind):
    batch = received(2, OLD[kind]())
    assert [outage.send(batch), outage.send(batch)] == [{"batchItemFailures": []}] * 2
    (notice,) = outage.notices()
    assert (notice.result["decision"], notice.result["reason_code"]) == ("ignored", "too_old")
    assert (outage.posts, outage.record.open_incident) == (0, None)


def test_a_record_that_comes_late_for_the_first_time_is_told(outage):
    """Its queue has not been read: nobody has heard of it in time."""
    outage.send(received(1, old_alarm()))
    (notice,) = outage.notices()
    assert notice.result["reason_code"] == "too_old"


def test_a_message_of_smn_comes_through_a_queue_as_it_would_by_itself(outage):
    outage.send(received(1, smn_message(now(seconds=-1))))
    (notice,) = outage.notices()
    assert (notice.result["decision"], notice.result["trigger"]["kind"]) == ("submitted", "smn")


@pytest.mark.parametrize("broken", [{}, {"topic_urn": "x"}, {"message": 7}], ids=str)
def test_a_message_of_smn_that_is_none_names_its_place_and_fails(outage, caplog, broken):
    body = smn_message(now())
    body["smn"] = {**body["smn"], **broken} if broken else {}
    assert len(outage.send(received(1, body))["batchItemFailures"]) == 1
    assert "$.Records[0].body.smn." in str(caplog.records[-1].__dict__)
