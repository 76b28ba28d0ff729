"""An alarm in its three shapes, in every envelope that buses put around it."""

import json

import pytest
from parts import bus_alarm, now
from test_interrupted import LOST, with_table

from handler import app
from handler.errors import InvalidEvent
from handler.events import parse
from handler.signals import Batch

NAME = "dws-outage-analytics"
ARN = f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{NAME}"
AT = "2026-01-15T08:30:00.409+0000"


def action():
    state = {"value": "ALARM", "timestamp": AT}
    return {
        "source": "aws.cloudwatch", "alarmArn": ARN, "accountId": "000000000000",
        "alarmData": {"alarmName": NAME, "state": state, "previousState": {"value": "OK"}},
    }  # fmt: skip


def message():
    return {
        "AlarmName": NAME, "AlarmArn": ARN, "NewStateValue": "ALARM", "OldStateValue": "OK",
        "StateChangeTime": AT, "Region": "US East (N. Virginia)", "AWSAccountId": "000000000000",
    }  # fmt: skip


SHAPES = {"action": action(), "bus": bus_alarm(NAME), "message": message()}


def records(*messages):
    """As SNS hands them to a function."""
    return {
        "Records": [
            {"EventSource": "aws:sns", "Sns": {"MessageId": f"m-{n}", "Message": json.dumps(one)}}
            for n, one in enumerate(messages)
        ]
    }


def notification(inner):
    """As SNS puts it into a queue."""
    return {"Type": "Notification", "MessageId": "m-0", "Message": json.dumps(inner)}


def queue(*bodies):
    """As a queue hands them to a function."""
    return {
        "Records": [
            {
                "messageId": f"q-{number}", "receiptHandle": "r", "eventSource": "aws:sqs",
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for number, body in enumerate(bodies)
        ]
    }  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wrap", [lambda one: one, records, notification], ids=["bare", "sns", "n"])
def test_every_shape_is_read_in_every_envelope(shape, wrap):
    (alarm,) = parse(wrap(SHAPES[shape]))
    assert (alarm.name, alarm.arn, alarm.state, alarm.previous_state) == (NAME, ARN, "ALARM", "OK")


def test_a_record_of_sns_may_be_one_of_several():
    alarms = parse(records(message(), bus_alarm("dws-outage-b"), action()))
    assert [alarm.name for alarm in alarms] == [NAME, "dws-outage-b", NAME]
    assert {alarm.kind for alarm in alarms} == {"sns"}


def test_a_queue_is_read_record_by_record():
    assert isinstance(parse(queue("{", message())), Batch)


def nested(times):
    inner = message()
    for _ in range(times):
        inner = notification(inner)
    return inner


def test_an_envelope_too_many_is_malformed():
    with pytest.raises(InvalidEvent, match=r"\$\.Message\.Message"):
        parse(nested(6))


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (records("no alarm"), r"\$\.Records\[0\]\.Sns\.Message"),
        (notification({**message(), "NewStateValue": "BAD"}), r"\$\.Message\.NewStateValue"),
        (notification({**bus_alarm(NAME), "resources": []}), r"\$\.Message\.resources"),
        ({"Type": "Notification", "Message": 7}, r"\$\.Message"),
        ({"Records": [{"eventSource": "aws:sqs", "body": "{}"}]}, r"\$\.Records\[0\]\.messageId"),
        ({"Records": [{"EventSource": "aws:sns"}]}, r"\$\.Records\[0\]\.Sns"),
        ({"Records": [{"eventSource": "aws:s3"}]}, r"\$"),
        ({"Records": []}, r"\$"),
    ],
)
def test_what_is_broken_names_its_place(event, where):
    with pytest.raises(InvalidEvent, match=where):
        parse(event)


def alarm_of_now(name=NAME):
    return {**message(), "AlarmName": name, "StateChangeTime": now(seconds=-1).isoformat()}


def failures(answer):
    assert set(answer) == {"batchItemFailures"}
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_alarms_from_a_queue_open_their_incident_and_act(outage):
    assert failures(outage.send(queue(alarm_of_now(), notification(alarm_of_now())))) == []
    assert outage.posts == 1


def test_a_batch_reports_exactly_the_records_that_failed(parts):
    """Ten records: two are malformed, and for one alarm the table is down."""

    def interrupt(name, call):
        def failing(**kwargs):
            if name == "update_item" and "dws-outage-5" in json.dumps(kwargs, default=str):
                raise LOST
            return call(**kwargs)

        return failing

    parts.arm()
    bodies = [alarm_of_now(f"dws-outage-{number}") for number in range(10)]
    bodies[2], bodies[7] = "{", {"hello": "world"}
    answer = app.respond(parse(queue(*bodies)), with_table(parts, interrupt), parts.context)
    assert failures(answer) == ["q-2", "q-5", "q-7"]
    assert len(parts.record.open_incident.alarms) == 7


def test_a_redelivered_record_does_not_act_twice(outage):
    batch = queue(*[alarm_of_now() for _ in range(3)])
    outage.send(batch)
    outage.send(batch)
    assert outage.posts == 1


def test_a_batch_in_which_all_records_fail_is_answered_and_not_raised(parts):
    assert failures(parts.send(queue("{", "[]", "7"))) == ["q-0", "q-1", "q-2"]


def test_a_command_does_not_come_through_a_queue(parts):
    assert failures(parts.send(queue({"command": "status"}))) == ["q-0"]
