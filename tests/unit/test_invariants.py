"""docs/invariants.md is complete: every promise, every check of the simulation, every planted bug."""

import ast
import re
from collections import Counter

import pytest
from places import ROOT

from local.simulation.bugs import BUGS

SIMULATION = ROOT / "local" / "simulation"
PAGE = (ROOT / "docs" / "invariants.md").read_text()
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
PROMISES = re.findall(r"^\d\. \*\*(.+?)\.\*\*", REFERENCE, re.MULTILINE)
NONE = "–"


def rows_of(part):
    """The cells of each row of a table of five columns, but for its headings."""
    lines = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines if line[0].strip() != "rule"]


PARTS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
ROWS = {promise: rows_of(part) for promise, part in PARTS.items()}
ALL = [row for rows in ROWS.values() for row in rows]


def names_in(cell):
    return re.findall(r"`([^`]+)`", cell)


def bugs_in(cell):
    return [] if cell == NONE else cell.split("; ")


# What the table in memory does not know is no finding about the function.
OWN_LIMITS = {"services"}


def checks():
    """Each function of the simulation that says of a history what must not be."""
    for path in SIMULATION.glob("*.py"):
        functions = [
            one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.FunctionDef)
        ]
        for function in functions:
            name = function.name.lstrip("_")
            if name != "found" and path.stem not in OWN_LIMITS and finds(function):
                yield f"{path.stem}.{name}"


def finds(function):
    called = [one.func.attr for one in ast.walk(function)
              if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]  # fmt: skip
    raised = [one.exc.func.id for one in ast.walk(function)
              if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call) and isinstance(one.exc.func, ast.Name)]  # fmt: skip
    return {"found", "_found"} & {*called} or "Violation" in raised


def test_each_promise_has_a_part_in_its_order_and_there_is_no_other():
    assert len(PROMISES) == 4
    assert [*PARTS] == PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_a_check_and_a_bug_that_breaks_it(promise):
    assert any(names_in(row[3]) for row in ROWS[promise])
    assert any(bugs_in(row[4]) for row in ROWS[promise])


@pytest.mark.parametrize("row", ALL, ids=lambda row: row[0][:40])
def test_each_rule_says_what_guarantees_it_and_names_a_test(row):
    rule, what, tests, _, _ = row
    assert rule.endswith(".")
    assert what
    assert [name for name in names_in(tests) if name.startswith("test_")]


def test_the_collector_sees_the_ways_in_which_a_check_speaks():
    assert {
        "orders.only_once",
        "checks.on_call",
        "progress.judge_the_next",
        "promptness.is_in_time",
    } <= {*checks()}
    assert not [name for name in checks() if name.startswith(("machine.", "services."))]


def test_every_check_of_the_simulation_stands_in_the_table_and_no_other():
    assert {name for row in ALL for name in names_in(row[3])} == {*checks()}


def test_every_planted_bug_stands_in_the_table_once_and_no_other():
    assert Counter(bug for row in ALL for bug in bugs_in(row[4])) == Counter([*BUGS])
