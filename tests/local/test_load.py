"""A storm has a plan, a judge and a bill: what is lost in it, or dearer than it may be, is said."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from deployment import behind_proxy
from places import ROOT
from situations import a_run

from handler.aws.writes import kept
from handler.model.run import RunState
from local.chaos.stage import Ground, staged
from local.chaos.table import Table
from local.load.history import is_past
from local.load.plan import planned
from local.load.playing import Cost, Play, Played
from local.load.report import markdown, out_of_bounds, table
from local.load.standing import misplaced
from local.load.storm import Storm
from local.load.watching import Memory

AT = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
FOUR = planned(0, 4)

# What is sent


def drawn(count=2000):
    storm = Storm(0, FOUR.outages)
    return storm, [storm.next(AT + timedelta(milliseconds=100 * at)) for at in range(count)]


def test_half_of_the_pairs_lose_their_production():
    assert Counter(one.kind for one in FOUR.outages) == {"dies": 2, "false alarm": 2}


def test_the_main_alarm_of_a_pair_stays_in_alarm_so_that_its_outage_stays_one():
    _, sent = drawn()
    assert {one.state for one in sent if not one.part} == {"ALARM"}


def test_other_alarms_go_to_and_fro():
    _, sent = drawn()
    assert {one.state for one in sent if one.part} == {"ALARM", "OK"}


def test_no_alarm_turns_twice_within_a_second_as_its_newest_would_be_anybodys_guess():
    _, sent = drawn()
    turned = {(one.outage.number, one.part, one.at) for one in sent}
    by_alarm = Counter()
    for number, part, at in sorted(turned):
        assert at - by_alarm.get((number, part), AT - timedelta(days=1)) >= timedelta(seconds=1)
        by_alarm[number, part] = at


def test_most_are_copies_of_what_came_before():
    _, sent = drawn()
    assert len({(one.outage.number, one.part, one.at) for one in sent}) < len(sent) / 2


def test_a_copy_is_of_what_an_alarm_did_last():
    storm, _ = drawn(50)
    assert storm.copy() in storm.newest


# The judge


def an_alarm(number, state="ALARM"):
    outage = FOUR.outages[number]
    turned = replace(drawn(1)[1][0], outage=outage, state=state)
    return turned, f"arn:{number}"


def an_incident(number, *parts, state="open"):
    keys = {sha256(part.encode()).hexdigest()[:16] for part in parts}
    return {
        "pk": FOUR.outages[number].id, "sk": "state#incident", "state": state, "alarms": keys,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("items", "state", "why"),
    [
        ([], "ALARM", "1 alarms are in ALARM, 0 of them and 0 others are in its open incident"),
        ([an_incident(0, "arn:0", state="ended")], "ALARM", "1 alarms are in ALARM, 0 of them"),
        ([an_incident(0, "arn:0")], "OK", "0 alarms are in ALARM, 0 of them and 1 others"),
        ([an_incident(0, "arn:0", "arn:9")], "ALARM", "1 of them and 1 others are in its open"),
    ],
    ids=["lost", "lost with an incident's end", "left behind", "one too many"],
)
def test_an_alarm_that_is_not_where_it_belongs_is_wrong(items, state, why):
    (wrong,) = misplaced(items, [an_alarm(0, state)])
    assert wrong.outage == 0
    assert why in wrong.why


def test_an_alarm_in_its_open_incident_is_right():
    assert not [*misplaced([an_incident(0, "arn:0")], [an_alarm(0)])]


def test_where_a_pair_was_failed_over_its_incident_has_ended():
    assert not [*misplaced([], [an_alarm(1)])]


# The bill


def a_cost(**changes):
    fields = {"alarms": 100, "seconds": 4.0, "cpu_s": 1.0, "aws_calls": 300, "provider_calls": 20}
    return Cost(**{**fields, **changes})


def played(**changes):
    fields = {
        "history": 0, "storm": a_cost(), "copies": a_cost(), "memory": Memory(3, 50.0, 1.0),
        "orders": 2, "wrong": (), "example": {},
    }  # fmt: skip
    return Played(**{**fields, **changes})


def test_what_stays_as_it_is_is_within_bounds():
    assert not [*out_of_bounds([played(), played(history=1000)])]


def test_memory_that_grows_is_out_of_bounds():
    (why,) = out_of_bounds([played(memory=Memory(3, 70.0, 1.2))])
    assert why == "a process grew to 1.20 of what it had in its middle"


def test_alarms_that_take_more_calls_the_more_runs_there_were_are_out_of_bounds():
    (why,) = out_of_bounds([played(), played(copies=a_cost(aws_calls=400))])
    assert why == "a copy takes 4.00 calls of AWS, without a past 3.00"


def test_the_table_and_the_page_say_what_an_alarm_costs():
    page = markdown([played(), played(history=10_000)])
    assert "| | 0 runs before | 10,000 runs before |" in page
    assert "| copies afterwards: calls of AWS for each | 3.00 | 3.00 |" in page
    assert table([played()]).row_count == page.count("\n") - 2


# On the deployed stack


EXAMPLE = kept(("dr", "run#x"), a_run(RunState.SUCCEEDED))["Put"]["Item"]


@pytest.fixture(scope="module")
def small(aws, built, packaged):
    """A storm of some seconds over four pairs, after a hundred runs of the past."""
    with (
        behind_proxy(aws, retry_after_s=0.1) as (own, proxy),
        staged(Ground(own, proxy, built, packaged), "load-by-hand", None) as stage,
    ):
        play = Play(stage, FOUR, lambda _: None, ahead=20)
        yield play.run(3, EXAMPLE, 100, copies_s=1), Table(stage).items()


def test_each_outage_is_failed_over_once_and_nothing_is_lost(small):
    played, _ = small
    assert (played.orders, played.wrong) == (2, ())


def test_what_it_costs_is_measured(small):
    played, _ = small
    assert played.storm.alarms >= 10
    assert played.storm.aws_calls > played.storm.alarms
    assert played.storm.cpu_s > 0
    assert played.copies.alarms >= 10
    assert 20 < played.memory.peak_mb < 200


def test_the_runs_of_the_past_are_in_the_table(small):
    _, items = small
    past = [one for one in items if one["sk"].startswith("run#") and is_past(one["run_id"])]
    assert len(past) == 100


def test_its_example_is_a_run_to_make_others_of(small):
    played, _ = small
    assert played.example["sk"]["S"].startswith("run#")
    assert played.example.keys() >= EXAMPLE.keys()


def test_help_says_what_is_done():
    command = [sys.executable, "-m", "local.load", "--help"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert "as fast as they are taken out of it" in " ".join(done.stdout.split())
    assert "--history RUNS" in done.stdout
