"""What an alarm's invocation loads: only what it uses, and nothing compiled of ours."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest
from places import ROOT

TELL = """
import json, sys
from handler import app
from handler.events import parse
event = json.load(open(sys.argv[1]))
parse(event)
modules = {name: getattr(one, "__file__", None) or "" for name, one in sys.modules.items()}
print(json.dumps(modules))
"""


@pytest.fixture(scope="module")
def loaded(built):
    """Modules and their files, in the package as it is deployed, on what Lambda brings."""
    package = built.template.parent / "FailoverFunction"
    answer = subprocess.run(
        [f"{sys.prefix}-lambda/bin/python", "-c", TELL, ROOT / "events" / "bus-alarm.json"],
        capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(package), "AWS_DEFAULT_REGION": "us-east-1"},
    )  # fmt: skip
    return json.loads(answer.stdout)


OURS = (
    "handler.commands.reconcile.sweep", "handler.commands.route", "handler.commands.status",
    "handler.commands.status_of_all", "handler.events.batch",
    "handler.aws.view", "handler.widget.app", "handler.widget.page",
)  # fmt: skip
OTHERS = (
    "asyncio", "pydantic", "cryptography", "rich", "click", "requests", "aws_xray_sdk",
    "aws_lambda_powertools.utilities.idempotency", "aws_lambda_powertools.utilities.data_classes",
)  # fmt: skip


@pytest.mark.parametrize("module", [*OURS, *OTHERS])
def test_an_alarm_loads_nothing_that_it_does_not_use(loaded, module):
    assert module not in loaded


@pytest.mark.parametrize("module", OURS)
def test_what_an_alarm_does_not_load_is_there_to_be_loaded(module):
    """Else a module that was renamed would be watched no more."""
    assert find_spec(module)


def test_nothing_compiled_is_loaded_but_what_python_and_lambda_bring(loaded):
    assert [
        file
        for file in loaded.values()
        if file.endswith((".so", ".pyd")) and "FailoverFunction" in file
    ] == []
    assert any("FailoverFunction" in file for file in loaded.values())
