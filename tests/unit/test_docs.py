"""The README is a promise: everything that users can name is in it."""

import json
import re

import pytest
from places import ROOT

from handler import errors
from handler.gates.assess import NAMES, NEVER_OVERRIDABLE
from handler.model.result import Decision, Result
from handler.model.run import TRANSITIONS, RunState
from handler.notifications.phrases import HEADLINES

README = (ROOT / "README.md").read_text()
TEMPLATE = (ROOT / "template.yaml").read_text()


def section(name):
    return re.search(rf"^{name}:\n((?:[ #].*\n|\n)*)", TEMPLATE, re.MULTILINE).group(1)


def keys(text):
    return re.findall(r"^  (\w+):", text, re.MULTILINE)


ERRORS = [one.__name__ for one in errors.FailoverError.__subclasses__()]
STATES = [*RunState]
SCHEMA = json.loads((ROOT / "src/handler/model/schemas/pair.json").read_text())


@pytest.mark.parametrize(
    "name",
    [
        *keys(section("Parameters")),
        *keys(section("Outputs")),
        *re.findall(r"^          ([A-Z_]+):", TEMPLATE, re.MULTILINE),
        *ERRORS,
        *NAMES,
        *(decision.value for decision in Decision),
        *(path.name for path in (ROOT / "events").glob("*.json")),
        *SCHEMA["properties"],
        *Result.__dataclass_fields__,
    ],
)
def test_the_readme_names(name):
    assert f"`{name}`" in README or f'"{name}"' in README


RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()


@pytest.mark.parametrize(
    "name", [*HEADLINES, *re.findall(r"AlarmName: !Sub /\S+}/([a-z-]+)", TEMPLATE)]
)
def test_the_runbook_has_a_section_for_each_notification_and_alarm(name):
    assert f"\n## {name}\n" in RUNBOOK


def test_the_readme_is_short_enough_to_be_read():
    assert len(README.splitlines()) < 300


def test_links_in_the_readme_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_gates_that_can_be_overridden_are_those_of_the_command():
    schema = json.loads((ROOT / "src/handler/model/schemas/command.json").read_text())
    allowed = schema["properties"]["override"]["items"]["enum"]
    # To acknowledge against what the provider shows is the one override of roles.
    assert set(allowed) == set(NAMES) - NEVER_OVERRIDABLE | {"roles"}


@pytest.mark.parametrize("state", TRANSITIONS)
def test_the_readmes_table_of_a_run_is_the_one_in_the_code(state):
    rows = re.findall(r"^\| (`.*`) \| (`.*`) \|", README, re.MULTILINE)
    told = {after for before, afters in rows if f"`{state}`" in before for after in STATES
            if f"`{after}`" in afters}  # fmt: skip
    assert told == set(TRANSITIONS[state].values())


def test_the_defaults_of_a_pair_are_those_of_its_schema():
    from handler.model.pair import Pair

    for name, field in Pair.__dataclass_fields__.items():
        described = SCHEMA["properties"].get(name, {})
        if "default" in described and isinstance(described["default"], str | int):
            assert field.default == described["default"]
