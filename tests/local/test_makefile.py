"""What is given to `make` reaches the program as it is, and runs nothing."""

import os
import subprocess

import pytest
from places import ROOT

ODD = "my pairs; touch ran #'\"`touch ran`"
PROGRAM = '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n'


@pytest.fixture
def program(tmp_path):
    """Says which words it was given."""
    made = tmp_path / "program"
    made.write_text(PROGRAM)
    made.chmod(0o755)
    return made


# Of the make that runs the tests, ARGS must not reach those that are tested.
OUTSIDE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def words(program, *given):
    """The words that a target gives to its program, run beside a copy of the Makefile."""
    there = program.parent
    (there / "Makefile").write_text((ROOT / "Makefile").read_text())
    done = subprocess.run(
        ["make", "-s", "-o", "environments", f"IN_VENV={program}", f"PYTHON={program}", *given],
        check=True, capture_output=True, text=True, timeout=60, cwd=there, env=OUTSIDE,
    )  # fmt: skip
    assert not (there / "ran").exists()
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("target", "variable", "option"),
    [
        ("drill", "PAIRS", "--pairs"),
        ("check-pairs", "DIR", "check"),
        ("check-build", "CONFIG", "--config-file"),
        ("check-build", "ENV", "--config-env"),
        ("simulate", "N", "-n"),
        ("simulate", "SEED", "--seed"),
        ("simulate", "BUG", "--bug"),
        ("chaos", "N", "-n"),
        ("chaos", "SEED", "--seed"),
        ("fuzz", "N", "-n"),
        ("fuzz", "SEED", "--seed"),
        ("bench", "BEFORE", "--before"),
    ],
)
def test_what_is_given_is_one_word(program, target, variable, option):
    found = words(program, target, f"{variable}={ODD}")
    assert found[found.index(option) + 1] == ODD


@pytest.mark.parametrize(
    ("target", "usual"),
    [
        ("drill", ["-m", "local.drill"]),
        ("check-pairs", ["-m", "failoverctl", "check", "pairs"]),
        ("simulate", ["-m", "local.simulation", "-n", "2000", "--seed", "0"]),
        ("chaos", ["-m", "local.chaos", "-n", "60", "--seed", "0"]),
        ("fuzz", ["-m", "local.fuzzing", "-n", "5000", "--seed", "0"]),
    ],
)
def test_what_is_not_given_is_as_usual(program, target, usual):
    assert words(program, target) == usual
