"""Nothing but the stack: its own schedule finds a dead production, and its absence rings.

The embedded AWS's minutes are short here; the function's own time is real.
"""

import json
import re
import time

import pytest
from deployment import Deployment, is_true_within, package_again
from parts import command, received, subscribe_queue
from template import RESOURCES

from local.aws import EmbeddedAws
from local.dws import Emulator

MINUTE_S = 6.0
PROVED_WITHIN_S = 150  # two looks at exchanged roles lie thirty seconds apart


@pytest.fixture(scope="module")
def own_aws(aws, packaged):  # noqa: ARG001 - it has been packaged there
    """An AWS whose schedules and alarms have short minutes."""
    with EmbeddedAws(auth=True, minute_s=MINUTE_S) as own:
        package_again(aws, own)
        yield own


class Plain(Deployment):
    """A deployment as an operator has it: one pair with a probe, and the schedule at work."""

    def __init__(self, aws, built, packaged, emulator):
        production = emulator.pair.production_id
        options = {
            "probes": {production: emulator.probe_address(production)},
            "production_down_for_s": 0,
        }
        super().__init__(
            aws, built, packaged, emulator, Mode="automatic", FirstPairOptions=json.dumps(options)
        )

    def _switch_schedule_off(self):
        """Not here."""

    def is_ready(self):
        time.sleep(1)  # each time that it is asked, it reads the provider
        return self.status().startswith("READY")

    def status(self):
        return self.invoke({"command": "status", "pair": "analytics"})["reason"]

    def alarm(self, name):
        """The state of one of the stack's own alarms."""
        names = [f"/{self.stack}/{name}"]
        (found,) = self.aws.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
        return found["StateValue"]

    def measured(self, name, **dimensions):
        """The figures of a metric in the last hour."""
        given = {"service": self.stack, **dimensions}
        answer = self.aws.client("cloudwatch").get_metric_statistics(
            Namespace="DwsFailover", MetricName=name, Statistics=["Maximum"], Period=60,
            StartTime=time.time() - 3600, EndTime=time.time() + 60,
            Dimensions=[{"Name": key, "Value": value} for key, value in given.items()],
        )  # fmt: skip
        return [point["Maximum"] for point in answer["Datapoints"]]

    def lines(self):
        """What the function has logged, each line by its keys."""
        return [json.loads(line) for line in self.logs() if line.startswith("{")]


@pytest.fixture(scope="module")
def story(own_aws, built, packaged):
    """Production dies; what the stack makes of it, until it is proved; then one is refused."""
    with Emulator(sync_every_s=1) as emulator, Plain(own_aws, built, packaged, emulator) as stack:
        emulator.vary(switching_s=0)
        assert is_true_within(150, stack.is_ready), stack.status()
        emulator.break_production()
        stack.heard = []
        assert is_true_within(PROVED_WITHIN_S, lambda: has_succeeded(stack)), stack.status()
        stack.refused = stack.invoke(command())
        yield stack


def has_succeeded(stack):
    stack.heard += stack.notices(within_s=1)
    return "succeeded" in {notice.result["decision"] for notice in stack.heard}


def of_run(story):
    return [notice.result for notice in story.heard if notice.result["run_id"]]


def test_a_dead_production_is_found_failed_over_and_proved_with_no_other_monitoring(story):
    first, *_, last = of_run(story)
    assert (first["decision"], last["decision"]) == ("submitted", "succeeded")
    assert first["trigger"]["kind"] == "watch"
    assert len(story.emulator.failover_posts) == 1


def test_meanwhile_every_reconcile_was_completed_and_nothing_is_in_the_failure_queue(story):
    assert story.alarm("reconcile-missing") == "OK"
    answer = story.aws.client("sqs").receive_message(
        QueueUrl=story.outputs["FailedEventsQueueUrl"], WaitTimeSeconds=1
    )
    assert answer.get("Messages", []) == []


@pytest.mark.parametrize(
    "name", ["OutageToOrder", "OutageToRolesExchanged", "ReconcileDuration", "OverdueRuns"]
)
def test_it_is_measured(story, name):
    """At the end of its invocation, which has more to do than to tell it."""
    assert is_true_within(60, lambda: story.measured(name))


@pytest.mark.parametrize("name", ["Ready", "Armed", "IncidentOpen", "DataAge", "ProbeWitness"])
def test_the_pair_is_measured(story, name):
    assert story.measured(name, pair="analytics")


def test_the_pair_was_ready_and_is_no_more(story):
    ready = [
        line["Ready"] for line in story.lines() if "Ready" in line and line["pair"] == "analytics"
    ]
    assert [1.0] in ready
    assert ready[-1] == [0.0]


def test_a_refusal_is_counted_by_its_gates(story):
    assert "hold" in {one["gate"] for one in story.refused["gates"] if one["verdict"] == "refuse"}
    assert story.measured("GateRefused", gate="hold")


# The saved queries, on what was logged


def query(name):
    return RESOURCES[name]["Properties"]["QueryString"]


def kept(lines, text, **given):
    """The lines that a query's filter lets pass; it knows as much as those of the template need."""
    (wanted,) = re.findall(r"^filter (.*)$", text, re.MULTILINE)
    for condition in wanted.split(" and "):
        lines = [line for line in lines if holds(line, condition, given)]
    return lines


def holds(line, condition, given):
    if there := re.fullmatch(r"ispresent\((\w+)\.0\)", condition):
        return isinstance(line.get(there[1]), list)
    key, sign, value = re.fullmatch(r"(\w+) (=|in) (.*)", condition).groups()
    for name, said in given.items():
        value = value.replace(f"<{name.replace('_', ' ')}>", said)
    return line.get(key) == json.loads(value) if sign == "=" else line.get(key) in json.loads(value)


def fields(text):
    """What a query shows of each line, but for what Insights itself makes."""
    (shown,) = re.findall(r"^\| fields (.*)$", text, re.MULTILINE)
    return {one for one in re.split(r", ", shown) if not one.startswith("@")}


def test_the_story_of_a_run_is_found_by_one_filter_over_all_invocations(story):
    lines = kept(story.lines(), query("StoryQuery"), incident_id=of_run(story)[0]["incident_id"])
    told = list(dict.fromkeys(line["message"] for line in lines))
    stages = ["incident opened", "claimed", "answered", "decided", "settled"]
    assert [one for one in told if one in stages] == stages
    assert "published" in told
    assert len({line["function_request_id"] for line in lines}) > 1
    assert {line["pair"] for line in lines} == {"analytics"}


def test_what_the_story_shows_is_what_is_logged(story):
    lines = kept(story.lines(), query("StoryQuery"), incident_id=of_run(story)[0]["incident_id"])
    there = {key for line in lines for key in line}
    assert fields(query("StoryQuery")) - {"error"} <= there


def test_why_it_was_refused_is_found_with_its_gates(story):
    (line,) = [
        one for one in kept(story.lines(), query("RefusalsQuery")) if one["command"] == "failover"
    ]
    by = re.findall(r"by (.*)$", query("RefusalsQuery"), re.MULTILINE)[0].split(", ")
    assert set(by) - {"correlation_id"} <= set(line)
    assert "hold" in line["refusing"]


def test_the_slowest_reconciles_are_found_by_how_long_they_took(story):
    lines = kept(story.lines(), query("SlowestReconcilesQuery"))
    assert lines
    assert all(line["ReconcileDuration"][0] > 0 for line in lines)


def test_no_line_of_one_thing_has_the_ids_of_another(story):
    """What heals itself afterwards is about no incident, and says so."""
    incident_id = of_run(story)[0]["incident_id"]
    for line in story.lines():
        if "correlation_id" in line:
            assert line["correlation_id"] == line.get("incident_id", line.get("run_id"))
        if line.get("message") == "decided" and line.get("command") == "status":
            assert line.get("correlation_id") != incident_id or line["run_id"]


# The dead-man's switch


@pytest.fixture
def plain(own_aws, built, packaged):
    with Emulator(sync_every_s=1) as emulator, Plain(own_aws, built, packaged, emulator) as stack:
        yield stack


def test_with_the_schedule_off_the_dead_mans_alarm_rings_and_falls_silent_when_it_is_on(plain):
    topic = plain.outputs["OperationsTopicArn"]
    sns, sqs = plain.aws.client("sns"), plain.aws.client("sqs")
    assert is_true_within(90, lambda: plain.alarm("reconcile-missing") == "OK")
    queue = subscribe_queue(sns, sqs, topic, f"{plain.stack}-operations")
    Deployment._switch_schedule_off(plain)
    assert is_true_within(90, lambda: plain.alarm("reconcile-missing") == "ALARM")
    told = [envelope.result for envelope in received(sqs, queue, within_s=10)]
    assert f"/{plain.stack}/reconcile-missing" in {one["AlarmName"] for one in told}
    switch(plain, "ENABLED")
    assert is_true_within(60, lambda: plain.alarm("reconcile-missing") == "OK")


def switch(stack, state):
    scheduler = stack.aws.client("scheduler")
    group, name = stack.physical_id("ScheduleGroup"), stack.physical_id("ReconcileSchedule")
    found = scheduler.get_schedule(Name=name, GroupName=group)
    scheduler.update_schedule(
        Name=name, GroupName=group, State=state, Target=found["Target"],
        ScheduleExpression=found["ScheduleExpression"],
        FlexibleTimeWindow=found["FlexibleTimeWindow"],
    )  # fmt: skip
