"""failoverctl as the README has it installed: from a clone, into a place of its own."""

import os
import re
import subprocess
import tomllib

import pytest
from places import ROOT

LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
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


# With what is locked


@pytest.fixture
def locked(tmp_path):
    """The page's two lines, in a clone of their own: what the first one makes, and the second."""
    page = (ROOT / "docs" / "failoverctl.md").read_text()
    lines = re.search(r"```sh\n(UV_PROJECT_ENVIRONMENT=.*)\n(PYTHONPATH=.*) --help\n", page)
    for name in ("pyproject.toml", "uv.lock", "src", "failoverctl", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path, *lines.groups()


def shell(clone, line):
    env = {**os.environ, "PATH": f"{UV.parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", line], cwd=clone, env=env, capture_output=True, text=True, check=False
    )


def test_it_runs_with_what_is_locked(locked):
    clone, sync, run = locked
    made = shell(clone, sync)
    assert made.returncode == 0, made.stderr
    ran = shell(clone, f"{run} explain rpo")
    assert "max_data_loss_s" in ran.stdout, ran.stderr
    lock = {(one["name"], one["version"]) for one in LOCK["package"] if "version" in one}
    listed = shell(clone, "uv pip freeze --python .venv-ctl/bin/python").stdout.split()
    assert {tuple(one.split("==")) for one in listed} < lock


def test_nothing_is_taken_that_has_another_hash(locked):
    clone, sync, _ = locked
    (clone / "uv.lock").unlink()
    text = (ROOT / "uv.lock").read_text()
    (clone / "uv.lock").write_text(re.sub("sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", text))
    made = shell(clone, sync.replace(".venv-ctl", ".venv-other"))
    assert made.returncode != 0
    assert "Hash mismatch" in made.stderr
