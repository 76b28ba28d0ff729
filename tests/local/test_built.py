"""A build for another runtime or architecture than the deployment's is found before it is deployed."""

import subprocess
import sys

import pytest
from places import ROOT

BUILD = """
[function_build_definitions.1]
functions = ["FailoverFunction"]
runtime = "python3.13"
architecture = "arm64"

[layer_build_definitions.2]
layer_name = "Cryptography"
build_method = "makefile"
compatible_runtimes = ["python3.13"]
architecture = "arm64"
"""
TEMPLATE = """
Parameters:
  PythonRuntime:
    Type: String
    Default: python3.13
  Architecture:
    Type: String
    Default: arm64
Resources: {}
"""


@pytest.fixture
def project(tmp_path):
    """A build for 3.13 and arm64."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build.toml").write_text(BUILD)
    (tmp_path / "build" / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def check(project, config, env="default"):
    (project / "samconfig.toml").write_text(config)
    return subprocess.run(
        [sys.executable, "-m", "local.built", "--config-file", project / "samconfig.toml",
         "--config-env", env, "--build-folder", project],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [
        "",
        "[default.global.parameters]\nparameter_overrides = ['Mode=observe', 'Architecture=arm64']",
        '[default.deploy.parameters]\nparameter_overrides = \'A="a b" PythonRuntime="python3.13"\'',
        "[staging.global.parameters]\nparameter_overrides = ['Architecture=x86_64']",
    ],
    ids=["defaults", "a list", "as SAM writes it", "another environment"],
)
def test_a_build_for_what_is_deployed_is_good(project, config):
    assert check(project, config).returncode == 0


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ("parameter_overrides = ['Mode=observe', 'Architecture=x86_64']", "Architecture"),
        ('parameter_overrides = \'Mode="observe" PythonRuntime="python3.12"\'', "PythonRuntime"),
    ],
)
def test_a_build_for_something_else_is_named_for_function_and_layer(project, config, named):
    checked = check(project, f"[default.global.parameters]\n{config}")
    assert checked.returncode == 1
    function, layer = checked.stdout.splitlines()
    assert function.startswith("FailoverFunction: ")
    assert layer.startswith("Cryptography: ")
    assert f"but {named} is" in function


def test_what_stands_under_deploy_wins_as_in_sam(project):
    both = (
        "[default.global.parameters]\nparameter_overrides = ['Architecture=arm64']\n"
        "[default.deploy.parameters]\nparameter_overrides = ['Architecture=x86_64']\n"
    )
    assert check(project, both).returncode == 1


def test_an_environment_has_settings_of_its_own(project):
    config = "[staging.global.parameters]\nparameter_overrides = ['Architecture=x86_64']"
    assert check(project, config, env="staging").returncode == 1


def test_where_nothing_is_built_it_says_so(project):
    """SAM would deploy the sources alone, and say that all went well."""
    (project / "build" / "template.yaml").unlink()
    checked = check(project, "")
    assert checked.returncode == 1
    assert "build/template.yaml is missing: nothing is built; do not deploy" in checked.stderr


def test_an_environment_that_is_mistyped_is_named_with_those_there_are(project):
    checked = check(project, "[staging.global.parameters]\n", env="stagin")
    assert checked.returncode == 1
    assert "found no [stagin], allowed: staging" in checked.stderr
