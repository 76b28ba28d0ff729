"""How an environment starts: what is made before the first event, and who tells what is wrong."""

import json
import os
import subprocess
import sys

import pytest
from places import ROOT

# What Lambda does: it imports the handler, and then hands it an event.
START = """
import gc, json, sys
from handler import app
made = app.adapters.cache_info().currsize
context = type("Context", (), dict.fromkeys(
    ("function_name", "memory_limit_in_mb", "invoked_function_arn", "aws_request_id"), "x"))
try:
    app.lambda_handler(json.loads(sys.argv[1]), context)
except Exception as err:
    print(json.dumps({"made": made, "frozen": gc.isenabled() and gc.get_freeze_count(), "raised": type(err).__name__, "said": str(err)}))
"""
SETTINGS = {
    "PAIRS_PARAMETER_PATH": "/dws-failover/x/pairs",
    "RUNS_TABLE_NAME": "runs",
    "NOTIFICATION_TOPIC_ARN": "arn:aws:sns:eu-central-1:111122223333:topic",
    "FAILED_EVENTS_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/failed",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@pytest.fixture
def start():
    def run(event, **environment):
        ran = subprocess.run(
            [sys.executable, "-c", START, json.dumps(event)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), **environment},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]

    return run


def test_clients_are_made_before_the_first_event(start):
    """Lambda gives a whole CPU to what starts."""
    *_, told = start({"odd": 1}, **SETTINGS)
    assert told["made"] == 1
    assert told["raised"] == "InvalidEvent"


def test_garbage_is_looked_for_among_what_events_leave_alone(start):
    *_, told = start({"odd": 1}, **SETTINGS)
    assert told["frozen"] > 10_000


@pytest.mark.parametrize("missing", ["RUNS_TABLE_NAME", "NOTIFICATION_TOPIC_ARN"])
def test_settings_that_are_wrong_are_told_by_the_first_event_and_counted(start, missing):
    """And not by an environment that does not start, which nobody would hear of by its name."""
    *lines, told = start({"command": "status"}, **{**SETTINGS, missing: ""})
    assert told["made"] == 0
    assert told["raised"] == "InvalidSettings"
    assert missing in told["said"]
    assert any(line.get("InvalidSettings") == [1.0] for line in lines)


def test_a_region_that_is_missing_is_told_by_the_first_event(start):
    without = {name: one for name, one in SETTINGS.items() if "REGION" not in name}
    *_, told = start({"command": "status"}, **without)
    assert told["made"] == 0
    assert told["raised"] == "NoRegionError"
