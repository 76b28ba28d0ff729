"""What the embedded AWS tells of an alarm, beside what AWS documents."""

import json
import time
import uuid

import pytest
from functions import a_function, a_queue, bodies, break_function, still_needed
from parts import arn_of, subscribe_queue

from handler.events import parse
from local.aws import EmbeddedAws


@pytest.fixture
def heard(aws):
    """A name that begins every alarm of the test, and the queue of the rule that hears them."""
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    url, arn = a_queue(aws)
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"prefix": name}]}}
    aws.client("events").put_rule(Name=name, EventPattern=json.dumps(pattern))
    aws.client("events").put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    return name, url


@pytest.fixture
def acting(aws):
    """A function that fails at once, so that what it was given is in its failure queue."""
    url, arn = a_queue(aws)
    function = a_function(aws, on_failure=arn)
    break_function(aws, function)
    return function, url


def put_alarm(aws, name, **more):
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name, Namespace="Warehouse", MetricName="Connections", Statistic="Minimum",
        Dimensions=[{"Name": "Cluster", "Value": "production"}], Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="LessThanThreshold", **more,
    )  # fmt: skip


def put_composite(aws, name, child, **more):
    rule = f"ALARM({child})"
    aws.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule=rule, **more)


def change(aws, name, state, reason="told", **more):
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason, **more)


def events(aws, url, count):
    """So many events, in the order of their times."""
    found, until = [], time.monotonic() + 10
    while len(found) < count and time.monotonic() < until:
        sqs = aws.client("sqs")
        got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10)
        found += [json.loads(one["Body"]) for one in got.get("Messages", [])]
    assert len(found) == count
    return sorted(found, key=lambda event: event["detail"]["state"]["timestamp"])


def given(aws, url):
    """What the failing function was given."""
    return json.loads(bodies(aws, url)[0])["requestPayload"]


def test_the_first_transition_comes_from_the_state_that_creation_gave(aws, heard):
    name, url = heard
    put_alarm(aws, name)
    change(aws, name, "ALARM")
    previous = events(aws, url, 1)[0]["detail"]["previousState"]
    assert previous["value"] == "INSUFFICIENT_DATA"
    assert previous["reason"] == "Unchecked: Initial alarm creation"


def test_the_next_transition_has_the_whole_state_before_it(aws, heard):
    name, url = heard
    put_alarm(aws, name)
    change(aws, name, "ALARM", "down", StateReasonData='{"version":"1.0"}')
    change(aws, name, "OK", "up")
    first, second = (event["detail"] for event in events(aws, url, 2))
    assert first["state"]["reasonData"] == '{"version":"1.0"}'
    assert second["previousState"] == first["state"]
    assert second["state"].keys() == {"value", "reason", "timestamp"}


def test_an_alarm_made_anew_does_not_remember(aws, heard):
    name, url = heard
    put_alarm(aws, name)
    change(aws, name, "OK", "of the old one")
    aws.client("cloudwatch").delete_alarms(AlarmNames=[name])
    put_alarm(aws, name)
    change(aws, name, "ALARM")
    _, second = events(aws, url, 2)
    assert second["detail"]["previousState"]["value"] == "INSUFFICIENT_DATA"


def test_a_metric_alarm_tells_what_it_measures(aws, heard):
    name, url = heard
    put_alarm(aws, name, AlarmDescription="nobody connects")
    change(aws, name, "ALARM")
    configuration = events(aws, url, 1)[0]["detail"]["configuration"]
    (query,) = configuration["metrics"]
    metric = {"namespace": "Warehouse", "name": "Connections",
              "dimensions": {"Cluster": "production"}}  # fmt: skip
    assert configuration["description"] == "nobody connects"
    assert query["metricStat"] == {"metric": metric, "period": 60, "stat": "Minimum"}
    assert query["returnData"] is True


def test_a_composite_alarm_tells_its_rule_and_no_metrics(aws, heard):
    name, url = heard
    child = f"child-{name}"
    put_alarm(aws, child)
    put_composite(aws, name, child)
    change(aws, child, "ALARM")
    detail = events(aws, url, 2)[-1]["detail"]  # the first is of its creation, to OK
    assert detail["configuration"] == {"alarmRule": f"ALARM({child})"}
    assert detail["state"]["value"] == "ALARM"
    assert child in json.loads(detail["state"]["reasonData"])["triggeringAlarms"][0]["arn"]


def test_a_function_among_the_actions_is_given_the_documented_payload(aws, acting):
    function, url = acting
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    put_alarm(aws, name, AlarmActions=[function])
    change(aws, name, "ALARM")
    payload = given(aws, url)
    assert payload.keys() == {"source", "alarmArn", "accountId", "time", "region", "alarmData"}
    assert payload["alarmArn"].endswith(f":us-east-1:{payload['accountId']}:alarm:{name}")
    assert payload["alarmData"]["alarmName"] == name
    assert payload["alarmData"]["previousState"]["value"] == "INSUFFICIENT_DATA"


@pytest.fixture
def topic(aws):
    """A topic, and the queue of a subscriber."""
    name = f"topic-{uuid.uuid4().hex[:8]}"
    arn = aws.client("sns").create_topic(Name=name)["TopicArn"]
    return arn, subscribe_queue(aws.client("sns"), aws.client("sqs"), arn, name)


def test_a_topic_among_the_actions_is_sent_what_the_function_can_read(aws, topic):
    arn, url = topic
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    put_alarm(aws, name, AlarmActions=[arn])
    change(aws, name, "ALARM")
    (alarm,) = parse(json.loads(bodies(aws, url)[0]))
    assert (alarm.name, alarm.part) == (name, arn_of(name))
    assert (alarm.state, alarm.previous_state) == ("ALARM", "INSUFFICIENT_DATA")
    assert not alarm.was_muted


def test_a_topic_is_told_the_rule_of_a_composite_alarm(aws, topic):
    arn, url = topic
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    put_alarm(aws, f"child-{name}")
    put_composite(aws, name, f"child-{name}", AlarmActions=[arn])
    change(aws, f"child-{name}", "ALARM")
    text = json.loads(json.loads(bodies(aws, url)[0])["Message"])
    assert (text["AlarmName"], text["AlarmRule"]) == (name, f"ALARM(child-{name})")
    assert "Trigger" not in text


def test_actions_that_are_switched_off_do_not_act_but_the_bus_hears(aws, heard, acting):
    (name, heard_url), (function, acted_url) = heard, acting
    put_alarm(aws, name, AlarmActions=[function], ActionsEnabled=False)
    change(aws, name, "ALARM")
    events(aws, heard_url, 1)
    assert bodies(aws, acted_url, within_s=1) == []


def test_only_the_actions_of_the_new_state_act(aws, heard, acting):
    (name, heard_url), (function, acted_url) = heard, acting
    put_alarm(aws, name, OKActions=[function])
    change(aws, name, "ALARM")
    events(aws, heard_url, 1)
    assert bodies(aws, acted_url, within_s=1) == []


def test_actions_are_still_needed():
    """The gap `asynchronous` alone: what fails would be in the queue, were the function invoked."""
    with EmbeddedAws(auth=False, gaps=["runtime", "asynchronous"]) as partly:
        url, arn = a_queue(partly)
        function = a_function(partly, on_failure=arn)
        break_function(partly, function)
        put_alarm(partly, "alone", AlarmActions=[function])
        change(partly, "alone", "ALARM")
        still_needed(bodies(partly, url, within_s=1) == [], "alarms")


def test_the_text_for_topics_is_still_needed():
    with EmbeddedAws(auth=False, gaps=["runtime"]) as partly:
        name = "alone"
        arn = partly.client("sns").create_topic(Name=name)["TopicArn"]
        url = subscribe_queue(partly.client("sns"), partly.client("sqs"), arn, name)
        put_alarm(partly, name, AlarmActions=[arn])
        change(partly, name, "ALARM")
        text = json.loads(json.loads(bodies(partly, url)[0])["Message"])
        still_needed("AlarmArn" not in text, "alarms")
