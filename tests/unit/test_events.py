"""An alarm in its three shapes, in every envelope that buses put around it."""

import json
from datetime import UTC, datetime

import pytest
from envelopes import ARN, AT, NAME, message, notification, queue, records
from parts import arn_of, bus_alarm

from handler.errors import InvalidEvent
from handler.events import parse
from handler.events.batch import answer_batch
from handler.events.sqs import read_record
from handler.model.signals import Batch


def action():
    state = {"value": "ALARM", "timestamp": AT}
    return {
        "source": "aws.cloudwatch", "alarmArn": ARN, "accountId": "000000000000",
        "alarmData": {"alarmName": NAME, "state": state, "previousState": {"value": "OK"}},
    }  # fmt: skip


SHAPES = {"action": action(), "bus": bus_alarm(NAME), "message": message()}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wrap", [lambda one: one, records, notification], ids=["bare", "sns", "n"])
def test_every_shape_is_read_in_every_envelope(shape, wrap):
    (alarm,) = parse(wrap(SHAPES[shape]))
    assert (alarm.name, alarm.arn, alarm.state, alarm.previous_state) == (NAME, ARN, "ALARM", "OK")


@pytest.mark.parametrize("shape", SHAPES)
def test_an_alarm_is_called_by_the_name_that_its_pair_lists(shape):
    """Whoever may put events on the bus may write another one beside the ARN."""
    event = SHAPES[shape]
    (alarm,) = parse(json.loads(json.dumps(event).replace(f'"{NAME}"', '"weekly drill"')))
    assert (alarm.name, alarm.arn) == (NAME, ARN)


UNPRINTABLE = "\N{RIGHT-TO-LEFT OVERRIDE}KO\u009b2J\N{LINE SEPARATOR}"


@pytest.mark.parametrize("shape", SHAPES)
def test_an_alarms_name_can_be_printed_and_its_arn_is_as_it_came(shape):
    """By its ARN alone two alarms are told apart."""
    event = json.dumps(SHAPES[shape], ensure_ascii=False).replace(NAME, NAME + UNPRINTABLE)
    (alarm,) = parse(json.loads(event))
    assert alarm.name == f"{NAME}\ufffdKO\ufffd2J\ufffd"
    assert alarm.part == ARN + UNPRINTABLE


def test_a_record_of_sns_may_be_one_of_several():
    alarms = parse(records(message(), bus_alarm("dws-outage-b"), action()))
    assert [alarm.name for alarm in alarms] == [NAME, "dws-outage-b", NAME]
    assert {alarm.kind for alarm in alarms} == {"sns"}


def test_a_queue_is_read_record_by_record():
    assert isinstance(parse(queue("{", message())), Batch)


MUTE = {
    "mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:patches",
    "muteWindowEnd": "2026-01-15T10:00:00.000+0000",
}


def action_with(**data):
    event = action()
    return {**event, "alarmData": {**event["alarmData"], **data}}


@pytest.mark.parametrize("made", [action_with, lambda **more: bus_alarm(NAME, **more)])
@pytest.mark.parametrize("wrap", [lambda one: one, records, notification], ids=["bare", "sns", "n"])
def test_a_muted_alarm_says_by_what_and_until_when(made, wrap):
    (alarm,) = parse(wrap(made(muteDetail=MUTE)))
    assert alarm.muted_by == "the mute rule patches until 2026-01-15T10:00:00Z"
    assert alarm.muted_until == datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("mute", [{}, None])
def test_a_mute_detail_with_nothing_in_it_mutes_nothing(mute):
    (alarm,) = parse(bus_alarm(NAME, muteDetail=mute))
    assert (alarm.muted_by, alarm.muted_until) == (None, None)


@pytest.mark.parametrize("mute", ["yes", [1], {"mutedByArn": 7}, {"mutedByArn": "\n"}, True])
def test_a_mute_detail_of_no_known_shape_mutes_all_the_same(mute):
    (alarm,) = parse(bus_alarm(NAME, muteDetail=mute))
    assert alarm.muted_by == "the mute rule that is not named"


@pytest.mark.parametrize("by", ["WaitPeriod", "ExtensionPeriod", "Alarm", "anything else", ["x"]])
def test_a_suppressed_alarm_says_by_whom(by):
    state = {"value": "ALARM", "timestamp": AT, "actionsSuppressedBy": by}
    (alarm,) = parse(action_with(state=state, configuration={"actionsSuppressor": "works"}))
    assert alarm.muted_by.startswith("its suppressor works (")
    assert alarm.is_transition


@pytest.mark.parametrize(
    ("before", "turns"),
    [({"value": "ALARM"}, False), ({"value": "ALARM", "actionsSuppressedBy": "WaitPeriod"}, True)],
)
def test_an_alarm_that_was_silent_until_now_has_just_turned(before, turns):
    (alarm,) = parse(action_with(previousState=before))
    assert (alarm.is_transition, alarm.was_muted, alarm.muted_by) == (turns, turns, None)


def test_what_is_sent_after_a_mute_window_is_of_its_sending():
    """SNS says so; the alarm may have turned days ago, and would be too old."""
    late = {**message(), "OldStateValue": "ALARM", "ActionExecutedAfterMuteWindow": True}
    sent = {**notification(late), "Timestamp": "2026-01-17T10:00:00.000Z"}
    (alarm,) = parse(sent)
    assert (alarm.is_transition, alarm.occurred_at.day) == (True, 17)
    (unsaid,) = parse(notification(late))
    assert (unsaid.is_transition, unsaid.occurred_at.day) == (True, 15)


CONTRIBUTOR = {"id": "6d442278dba546f6", "attributes": {"TableName": "t"}}


def test_each_contributor_is_a_part_of_its_own():
    bus = bus_alarm(NAME, alarmContributor=CONTRIBUTOR, previous="ALARM")
    bus["detail-type"] = "CloudWatch Alarm Contributor State Change"
    text = {**message(), "AlarmContributorId": CONTRIBUTOR["id"], "OldStateValue": "ALARM"}
    for event in (bus, action_with(alarmContributor=CONTRIBUTOR), records(text)):
        (alarm,) = parse(event)
        assert alarm.part == f"{ARN} (6d442278dba546f6)"
        assert (alarm.is_transition, alarm.previous_state) == (True, None)


def test_alarms_of_one_name_in_two_regions_are_two_parts():
    parts = []
    for region in ("us-east-1", "eu-central-1"):
        (alarm,) = parse({**bus_alarm(NAME), "resources": [arn_of(NAME, region=region)]})
        parts.append(alarm.part)
    assert parts == [ARN, arn_of(NAME, region="eu-central-1")]


@pytest.mark.parametrize(
    ("count", "is_again"), [("1", False), ("2", True), ("17", True), (None, False), ("?", True)]
)
def test_a_record_says_whether_it_comes_again(count, is_again):
    attributes = {} if count is None else {"attributes": {"ApproximateReceiveCount": count}}
    (alarm,) = read_record(0, {"body": json.dumps(message()), **attributes})
    assert alarm.is_redelivered is is_again


def test_a_batch_hands_on_that_a_record_comes_again():
    taken = []
    for received in (1, 2):
        answer_batch(parse(queue(message(), received=received)), taken.extend)
    assert [alarm.is_redelivered for alarm in taken] == [False, True]


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
