"""What is logged from an alarm to the end of its run: one correlation, and no id of anything else."""

import io
import json

import pytest
from parts import bus_alarm
from steps import reconciled

from handler.aws.telemetry import logger


@pytest.fixture
def written():
    """What has been written since it was asked last."""
    stream = io.StringIO()
    before = logger.registered_handler.setStream(stream)

    def read():
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return text

    yield read
    logger.registered_handler.setStream(before)


@pytest.fixture
def lines(written):
    """What has been logged since it was asked last."""
    return lambda: [json.loads(line) for line in written().splitlines()]


UNPRINTABLE = "\u009b2J\x7f\N{RIGHT-TO-LEFT OVERRIDE}\N{LINE SEPARATOR}\U000e0001"


def test_whatever_an_event_says_a_line_is_one_line_that_can_be_printed(outage, written):
    """A terminal would obey it, and who reads line by line take a part of it for a line of ours."""
    outage.send({**bus_alarm("dws-outage-analytics"), "id": f"{UNPRINTABLE}容灾"})
    found = written().splitlines()
    assert all(line.isprintable() for line in found)
    assert "容灾" in found[0]
    assert json.loads(found[0])["event_id"] == f"{UNPRINTABLE}容灾"


def messages(found):
    return list(dict.fromkeys(line["message"] for line in found))


def test_an_alarms_story_has_its_stages_in_order_and_one_correlation(outage, lines):
    (result,) = outage.alarm()
    heard, *story = lines()
    assert (heard["message"], heard["trigger"]) == ("alarm heard", "dws-outage-analytics")
    assert messages(story) == ["incident opened", "claimed", "answered", "published", "decided"]
    assert {line["correlation_id"] for line in story} == {result["incident_id"]}


def test_who_follows_the_run_later_writes_the_same_correlation(outage, lines):
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    lines()
    for _ in range(3):
        reconciled(outage)
    found = [line for line in lines() if line.get("correlation_id") == result["incident_id"]]
    assert {"settled", "published", "decided"} <= set(messages(found))
    assert {line["run_id"] for line in found} == {result["run_id"]}


def test_a_command_that_finds_no_incident_has_its_runs_id_as_correlation(outage, lines):
    result = outage.fail_over()
    assert result["incident_id"] is None
    found = [line for line in lines() if line["message"] != "alarm heard"]
    assert {line["correlation_id"] for line in found} == {result["run_id"]}


def test_a_refusal_is_logged_with_its_sentence_and_every_gate_in_the_way(outage, lines):
    outage.emulator.restore_production()
    (result,) = outage.alarm()
    (decided,) = [line for line in lines() if line["message"] == "decided"]
    assert (decided["decision"], decided["reason"]) == ("refused", result["reason"])
    assert decided["refusing"] == [
        gate["gate"] for gate in result["gates"] if gate["verdict"] in ("refuse", "unknown")
    ]


def test_nothing_of_an_alarm_stands_in_the_lines_that_come_after_it(outage, lines):
    outage.alarm()
    lines()
    outage.send({"command": "status", "pair": "analytics"})
    for line in lines():
        assert not line.keys() & {"event_id", "bus", "state"}


def test_of_two_alarms_in_one_event_each_has_its_own_lines(outage, lines):
    names = ["dws-outage-analytics", "dws-outage-second"]
    records = [
        {"Sns": {"Message": json.dumps(as_topic(bus_alarm(name))), "MessageId": name}, "EventSource": "aws:sns"}
        for name in names
    ]  # fmt: skip
    outage.send({"Records": records})
    heard = [line["trigger"] for line in lines() if line["message"] == "alarm heard"]
    assert heard == names


def as_topic(bus):
    return {
        "AlarmName": bus["detail"]["alarmName"], "AlarmArn": bus["resources"][0],
        "NewStateValue": "ALARM", "OldStateValue": "OK", "StateChangeTime": bus["time"],
    }  # fmt: skip
