"""What is built for each function, as it is deployed: compiled, cryptography with SMN's alone."""

import filecmp
import json
import os
import subprocess
import sys

import pytest

COMPILED = (".so", ".pyd", ".dylib")


@pytest.fixture(scope="module")
def failover(built):
    return built.template.parent / "FailoverFunction"


@pytest.fixture(scope="module")
def smn(built):
    """The package of SMN's function and its layer."""
    door = built.template.parent / "SmnApplication"
    return door / "SmnFunction", door / "SmnCryptographyLayer" / "python"


def compiled(folder):
    return [path for path in folder.rglob("*") if path.suffix in COMPILED]


def test_the_failover_functions_package_has_no_cryptography_and_nothing_compiled(failover):
    assert (failover / "httpx").is_dir()
    assert not [path.name for path in failover.iterdir() if "crypto" in path.name]
    assert compiled(failover) == []


def test_the_failover_functions_package_is_small(failover):
    assert megabytes(failover) < 14
    assert megabytes(failover, but=".pyc") < 10


def test_all_that_is_compiled_is_in_the_layer(smn):
    package, layer = smn
    assert compiled(package) == []
    assert compiled(layer) != []
    assert (layer / "cryptography").is_dir()


def megabytes(folder, but=None):
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != but)
    return sum(path.stat().st_size for path in files) / 1_000_000


IMPORTS = "from handler.smn import app; from cryptography import x509; print(x509.__file__)"


def test_smns_function_finds_cryptography_in_its_layer_and_only_there(smn):
    package, layer = smn
    assert python(IMPORTS, package, layer).stdout.startswith(str(layer))
    without = python(IMPORTS, package)
    assert without.returncode != 0
    assert "No module named 'cryptography'" in without.stderr


def python(code, *paths):
    """Run something on what Lambda brings, and these."""
    return subprocess.run(
        [f"{sys.prefix}-lambda/bin/python", "-c", code],
        env={
            "PYTHONPATH": ":".join(map(str, paths)), "AWS_DEFAULT_REGION": "us-east-1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip


# Python tells what it compiles; a dataclass compiles too, but no file.
COMPILED_NOW = """
import json, sys
found = []
sys.addaudithook(lambda event, args: event == "compile" and found.append(str(args[1])))
from handler{} import app
print(json.dumps(found))
"""
ENTRIES = ("FailoverFunction", ""), ("DashboardFunction", ".widget"), ("SmnFunction", ".smn")


@pytest.fixture(scope="module")
def packages(built, failover, smn):
    dashboard = built.template.parent / "DashboardFunction"
    return {"FailoverFunction": failover, "DashboardFunction": dashboard, "SmnFunction": smn[0]}


@pytest.mark.parametrize(("function", "room"), ENTRIES)
def test_nothing_of_a_package_is_compiled_when_it_starts(packages, function, room):
    """Lambda's `/var/task` cannot be written to: each cold start would compile it again."""
    package = packages[function]
    ran = python(COMPILED_NOW.format(room), package)
    assert ran.returncode == 0, ran.stderr
    compiled = [file for file in json.loads(ran.stdout) if file.startswith(str(package))]
    assert {*compiled} <= {str(package / "anyio" / "__init__.py")}  # it reads itself at each import


def test_a_source_that_is_mended_in_place_is_what_runs(packages, tmp_path):
    """As in the console's editor: what it was compiled to before is not used."""
    source = packages["FailoverFunction"] / "handler" / "errors.py"
    mended = tmp_path / "handler" / "errors.py"
    (mended.parent / "__pycache__").mkdir(parents=True)
    (compiled_to,) = (source.parent / "__pycache__").glob("errors.*.pyc")
    (mended.parent / "__pycache__" / compiled_to.name).write_bytes(compiled_to.read_bytes())
    mended.write_text(source.read_text() + "MENDED = True\n")
    os.utime(mended, (source.stat().st_atime, source.stat().st_mtime))
    assert python("from handler import errors; print(errors.MENDED)", tmp_path).stdout == "True\n"


def test_two_builds_of_the_same_are_the_same(packages):
    one, *others = packages.values()
    names = sorted(str(path.relative_to(one)) for path in one.rglob("*") if path.is_file())
    for other in others:
        assert names == sorted(
            str(path.relative_to(other)) for path in other.rglob("*") if path.is_file()
        )
        assert filecmp.cmpfiles(one, other, names, shallow=False) == (names, [], [])


def test_what_is_compiled_says_where_it_is_on_lambda(packages):
    """Else a traceback would name a folder of the machine that has built it."""
    for compiled_to in packages["FailoverFunction"].rglob("*.pyc"):
        assert os.fsencode(packages["FailoverFunction"]) not in compiled_to.read_bytes()
