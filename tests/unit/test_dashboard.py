"""The dashboard's body: what it draws is there, by the names that the function gives it."""

import json
import re

import pytest
from template import RESOURCES, SMN_RESOURCES

from handler.aws.telemetry import NAMESPACE
from handler.errors import FailoverError
from handler.model.result import Decision

BODY, VALUES = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
WIDGETS = json.loads(BODY.replace("${SmnAlarms}", ""))["widgets"]
WIDE = 24  # columns of a dashboard


def metrics():
    """Namespace and name of every metric; `.` stands for what is in the row before."""
    found = set()
    for widget in WIDGETS:
        before = []
        for row in widget["properties"].get("metrics", ()):
            texts = [one for one in row if isinstance(one, str)]
            before = [old if one == "." else one for one, old in zip(texts, before or texts)]  # noqa: B905
            if before:
                found.add((before[0], before[1]))
    return found


def expressions():
    rows = [row for one in WIDGETS for row in one["properties"].get("metrics", ())]
    return [one["expression"] for row in rows for one in row if "expression" in one]


def test_the_pairs_come_first_and_are_drawn_by_the_function_that_can_only_look():
    first = WIDGETS[0]
    assert first["type"] == "custom"
    assert first["properties"]["endpoint"] == "${DashboardFunction.Arn}"
    assert (first["x"], first["y"], first["width"]) == (0, 0, WIDE)


def test_the_widgets_fill_their_rows_and_lie_on_no_other():
    taken = [
        (x, y)
        for one in WIDGETS
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]
    assert len(taken) == len(set(taken))
    assert len(taken) == WIDE * (1 + max(y for _, y in taken))


def test_every_alarm_of_the_stack_is_on_it():
    (alarms,) = (one["properties"]["alarms"] for one in WIDGETS if one["type"] == "alarm")
    named = {re.fullmatch(r"\$\{(\w+)\.Arn\}", one).group(1) for one in alarms}
    there = {name for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    assert named == there


def test_the_alarms_of_smn_are_on_it_where_they_are_deployed():
    condition, given, without = VALUES["SmnAlarms"]["If"]
    text, values = given["Sub"]
    alarms = [one for one in SMN_RESOURCES.values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    there = {one["Properties"]["AlarmName"]["Sub"].rpartition("/")[2] for one in alarms}
    assert (condition, without) == ("HasSmnTopics", "")
    assert set(re.findall(r"\$\{Alarm\}/([a-z-]+)", text)) == there
    assert values["Alarm"]["Sub"].endswith(":alarm:/${AWS::StackName}")


def test_the_decisions_are_those_of_the_function():
    known = {"".join(part.capitalize() for part in one.split("_")) for one in Decision}
    drawn = {name.removeprefix("Decision") for _, name in metrics() if name.startswith("Decision")}
    assert drawn <= known
    assert {"Submitted", "Refused", "Blocked", "Unknown", "Succeeded", "Failed"} <= drawn


@pytest.mark.parametrize("error", FailoverError.__subclasses__(), ids=lambda one: one.__name__)
def test_every_error_that_is_counted_is_drawn(error):
    assert (NAMESPACE, error.__name__) in metrics()


def test_own_metrics_are_this_stacks_alone():
    rows = [row for one in WIDGETS for row in one["properties"].get("metrics", ())]
    own = [row for row in rows if row[0] == NAMESPACE]
    assert own
    assert all(row[2:4] == ["service", "${AWS::StackName}"] for row in own)
    assert all('service="${AWS::StackName}"' in one for one in expressions())


@pytest.mark.parametrize(
    "name",
    [
        "AlarmToOrder", "OutageToOrder", "AlarmToRolesExchanged", "OutageToRolesExchanged",
        "UndeliveredNotices", "OverdueRuns", "ReconcileDuration", "ReconcileCompleted",
    ],
)  # fmt: skip
def test_what_is_measured_is_drawn(name):
    assert (NAMESPACE, name) in metrics()


@pytest.mark.parametrize(("name", "dimension"), [("DataAge", "pair"), ("GateRefused", "gate")])
def test_what_has_a_dimension_of_its_own_is_searched_for(name, dimension):
    wanted = f"{{{NAMESPACE},service,{dimension}}}"
    assert any(wanted in one and f'MetricName="{name}"' in one for one in expressions())
