"""failoverctl as the README has it installed: from a clone, into a place of its own."""

import os
import subprocess

import pytest
from places import ROOT

UV = next((ROOT / ".cache").glob("uv-*/bin/uv"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    place = tmp_path_factory.mktemp("tools")
    there = {"UV_TOOL_DIR": str(place / "tools"), "UV_TOOL_BIN_DIR": str(place / "bin")}
    subprocess.run(
        [UV, "tool", "install", "--quiet", f"{ROOT}[ctl]"], env={**os.environ, **there}, check=True
    )
    return place / "bin" / "failoverctl"


def run(installed, tmp_path, *words):
    """Outside the clone: nothing of it is at hand."""
    return subprocess.run(
        [installed, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )


def test_it_brings_the_runbook_along(installed, tmp_path):
    ran = run(installed, tmp_path, "explain", "rpo")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "max_data_loss_s" in ran.stdout


def test_it_brings_the_rules_of_documents_along(installed, tmp_path):
    (tmp_path / "sales.json").write_text("{}")
    ran = run(installed, tmp_path, "check", ".")
    assert ran.returncode == 1
    assert "disaster_recovery_id" in ran.stdout + ran.stderr
