"""Metrics in logs, alarms by the minute, the time of a schedule: filled, and still needed."""

import io
import json
import time
import uuid
import zipfile

import pytest
from deployment import is_true_within
from functions import a_function, a_queue, a_role, bodies, called, still_needed

from local.aws import EmbeddedAws
from local.aws.measurements import metrics_in, state_of

LINE = {
    "_aws": {
        "Timestamp": 1,
        "CloudWatchMetrics": [
            {
                "Namespace": "Probe",
                "Dimensions": [["service", "pair"]],
                "Metrics": [{"Name": "Ready", "Unit": "Count"}, {"Name": "Age", "Unit": "Seconds"}],
            }
        ],
    },
    "service": "stack",
    "pair": "analytics",
    "Ready": [1.0, 0.0],
    "Age": 12.5,
}


@pytest.fixture(scope="module")
def fast():
    """Minutes of two seconds."""
    with EmbeddedAws(auth=False, minute_s=2) as running:
        yield running


def measures(aws, source):
    """A function that prints what it is given."""
    arn = a_function(aws)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("prints.py", source)
    client = aws.client("lambda")
    client.update_function_code(FunctionName=arn, ZipFile=archive.getvalue())
    client.update_function_configuration(FunctionName=arn, Handler="prints.handler")
    return arn


PRINTS = """\
import json
def handler(event, context):
    print(json.dumps(event["line"]))
"""


def figures(aws, name, **dimensions):
    answer = aws.client("cloudwatch").get_metric_statistics(
        Namespace="Probe", MetricName=name, Statistics=["Sum", "SampleCount"], Period=3600,
        StartTime=time.time() - 3600, EndTime=time.time() + 60,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
    )  # fmt: skip
    return [(point["Sum"], point["SampleCount"]) for point in answer["Datapoints"]]


def test_what_a_function_logs_as_metrics_is_measured(aws):
    pair = uuid.uuid4().hex
    called(aws, measures(aws, PRINTS), line={**LINE, "pair": pair})
    assert figures(aws, "Ready", service="stack", pair=pair) == [(1, 2)]
    assert figures(aws, "Ready", service="stack") == []


@pytest.mark.parametrize("line", ["no JSON", "[]", "{}", "null", '{"message": "x"}'])
def test_any_other_line_is_just_a_line(line):
    assert [*metrics_in(line)] == []


def test_a_line_tells_each_of_its_values():
    assert [one[1:3] for one in metrics_in(json.dumps(LINE))] == [
        ("Ready", 1.0), ("Ready", 0.0), ("Age", 12.5),
    ]  # fmt: skip


def test_metrics_in_logs_are_still_needed():
    with EmbeddedAws(auth=False, gaps=["runtime"]) as partly:
        called(partly, measures(partly, PRINTS), line=LINE)
        still_needed(
            figures(partly, "Ready", service="stack", pair="analytics") == [], "embedded-metrics"
        )


# Alarms

ALARM = {
    "AlarmName": "a", "StateValue": "OK", "Namespace": "Probe", "MetricName": "Done", "Period": 60,
    "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 1, "Statistic": "Sum",
    "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching",
}  # fmt: skip
NOW = 6030.0  # half a minute into the one that is not whole yet


def points(*minutes_ago, value=1.0):
    return [{"Timestamp": NOW - 30 - 60 * one + 1, "Value": value} for one in minutes_ago]


@pytest.mark.parametrize(
    ("changes", "measured", "state"),
    [
        ({}, points(1, 2, 3), "OK"),
        ({}, points(1, 3), "OK"),
        ({}, points(1), "ALARM"),
        ({}, [], "ALARM"),
        ({}, points(0, 4, 5), "ALARM"),  # the present minute is not whole, the others are over
        ({}, points(1, 2, value=0.0), "ALARM"),
        ({"TreatMissingData": "notBreaching"}, [], "OK"),
        ({"TreatMissingData": "notBreaching"}, points(1, 2, value=0.0), "ALARM"),
        ({"TreatMissingData": "missing"}, points(9), "INSUFFICIENT_DATA"),
        ({"TreatMissingData": "missing"}, [], "OK"),  # as it was set
        ({"TreatMissingData": "ignore"}, points(9), "OK"),
        ({"TreatMissingData": "ignore", "StateValue": "ALARM"}, points(9), "ALARM"),
        ({"Namespace": "AWS/DynamoDB", "StateValue": "ALARM"}, points(9), "ALARM"),
        ({"DatapointsToAlarm": None}, points(1), "OK"),  # all three then
    ],
)
def test_an_alarm_is_evaluated_over_its_last_whole_periods(changes, measured, state):
    assert state_of({**ALARM, **changes}, measured, NOW) == state


def put_alarm(aws, **changes):
    name = f"alarm-{uuid.uuid4().hex[:8]}"
    given = {name: value for name, value in ALARM.items() if name != "StateValue"}
    aws.client("cloudwatch").put_metric_alarm(**{**given, "AlarmName": name, **changes})
    return name


def state(aws, name):
    (found,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return found["StateValue"]


def test_an_alarm_rings_because_nothing_comes_and_is_silent_once_it_does(fast):
    name = put_alarm(fast)
    assert is_true_within(15, lambda: state(fast, name) == "ALARM")

    def measured():
        fast.client("cloudwatch").put_metric_data(
            Namespace="Probe", MetricData=[{"MetricName": "Done", "Value": 1}]
        )
        time.sleep(0.2)
        return state(fast, name) == "OK"

    assert is_true_within(15, measured)


def test_an_alarm_hears_its_own_dimensions_only(fast):
    own = [{"Name": "service", "Value": "other"}]
    name = put_alarm(
        fast, Dimensions=own, TreatMissingData="notBreaching", Threshold=5,
        ComparisonOperator="GreaterThanThreshold", MetricName="Seen",
    )  # fmt: skip
    fast.client("cloudwatch").put_metric_data(
        Namespace="Probe", MetricData=[{"MetricName": "Seen", "Value": 9}]
    )
    assert not is_true_within(5, lambda: state(fast, name) == "ALARM")


def test_alarms_by_the_minute_are_still_needed():
    with EmbeddedAws(auth=False, gaps=[], minute_s=1) as partly:
        name = put_alarm(partly, Period=10)
        rings = is_true_within(3, lambda: state(partly, name) == "ALARM")
        still_needed(not rings, "alarms-by-the-minute")


# Schedules

INPUT = '{"at": "<aws.scheduler.scheduled-time>"}'


def scheduled(aws):
    """What a schedule of each minute puts into a queue."""
    url, arn = a_queue(aws)
    who = {"Service": "scheduler.amazonaws.com"}
    role = a_role(aws, who, "sqs:SendMessage", arn)
    aws.client("scheduler").create_schedule(
        Name=f"schedule-{uuid.uuid4().hex[:8]}", ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": arn, "RoleArn": role, "Input": INPUT},
    )  # fmt: skip
    return url


def test_a_schedules_input_says_the_time_that_it_is_for_and_its_minute_is_short(fast):
    (text, *_) = bodies(fast, scheduled(fast), within_s=15)
    assert json.loads(text)["at"].startswith("20")
    assert json.loads(text)["at"].endswith("Z")


def test_the_time_of_a_schedule_is_still_needed():
    """With the time as it is written, in an AWS whose minutes are as long as ministack's."""
    with EmbeddedAws(auth=False, gaps=[]) as partly:
        url, arn = a_queue(partly)
        role = a_role(partly, {"Service": "scheduler.amazonaws.com"}, "sqs:SendMessage", arn)
        partly.client("scheduler").create_schedule(
            Name="once", ScheduleExpression="at(2020-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": role, "Input": INPUT},
        )  # fmt: skip
        (text, *_) = bodies(partly, url, within_s=15)
        still_needed(text == INPUT, "schedules")
