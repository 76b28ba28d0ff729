"""What counts as a change of the rules, and that tests are asked about it."""

import ast
import os
import subprocess
import sys

import pytest

from local.aws.embedded import ROOT
from local.mutants.explained import EXPLAINED
from local.mutants.judging import Broken, Work, judge
from local.mutants.kept import Kept
from local.mutants.mutants import mutants_of
from local.mutants.report import unexplained
from local.mutants.targets import SIMULATION, TARGETS
from local.simulation.planting import path_of

UNIT = ("tests/unit/test_witnesses.py",)
WITNESSES = mutants_of("gates.witnesses")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.module)
def test_a_module_and_its_tests_are_there(target):
    tests = {one for some in target.rounds for one in some} - {SIMULATION}
    assert path_of(target.module).is_file()
    assert all((ROOT / one).is_file() for one in tests)


def test_comparisons_numbers_conditions_and_their_joints_are_changed():
    changes = " ".join(one.change for one in WITNESSES)
    assert "timedelta(hours=24) -> PROBE_MEMORY: Final = timedelta(hours= 23)" in changes
    assert "return self.probe is Word.UP" in changes
    assert "Word.UP in words or Word.DOWN not in words" in changes
    assert "if not testimony.says_up:" in changes


def test_types_and_frozen_classes_are_no_rules():
    assert not any("frozen" in one.change or "-> GateResult &" in one.change for one in WITNESSES)


def test_no_change_comes_twice():
    assert len({one.source for one in WITNESSES}) == len(WITNESSES)


PROGRAM = """
from multiprocessing import active_children

from local.mutants.judging import Work, judge
from local.mutants.mutants import mutants_of

(two,) = (one for one in mutants_of("gates.witnesses") if ">= 3 and Word.UP" in one.change)
works = [Work(None, (UNIT,)), Work(two, (UNIT,))]
found = [work.noticed_by for work in sorted(judge(works, WITHIN_S), key=works.index)]
print([*found, *active_children()])
"""


def noticed(within_s):
    """By what the source as it is was noticed, and by what a change; then whatever still runs.

    In a process of its own.
    """
    given = f"UNIT, WITHIN_S = {UNIT!r}, {within_s}\n"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-c", given + PROGRAM]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return ast.literal_eval(done.stdout)


def test_tests_notice_a_change_and_pass_without_one():
    assert noticed(within_s=120) == [None, UNIT[0]]


def test_what_hangs_is_noticed_and_ended():
    assert noticed(within_s=0.01) == ["hangs", "hangs"]


def test_where_the_function_is_imported_already_nothing_is_noticed():
    with pytest.raises(Broken):
        list(judge([Work(WITNESSES[0], (UNIT,))], 120))


def test_what_nothing_notices_is_to_be_explained():
    missed = Work(WITNESSES[0], (UNIT,), noticed_by=None)
    assert unexplained([missed]) == [missed]


def test_what_is_explained_is_still_a_change():
    for module, changes in EXPLAINED.items():
        assert set(changes) <= {one.change for one in mutants_of(module)}


def test_a_run_that_was_stopped_asks_only_about_what_it_had_not_judged(tmp_path):
    first, second, third = (Work(one, (UNIT,)) for one in WITNESSES[:3])
    first.noticed_by = UNIT[0]
    list(Kept(tmp_path).keep([first, second]))

    again = [Work(one.mutant, (UNIT,)) for one in (first, second, third)]
    judged, others = Kept(tmp_path).take(again)
    assert [one.noticed_by for one in judged] == [UNIT[0], None]
    assert others == [again[2]]
