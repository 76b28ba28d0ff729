"""What is built for each function, as it is deployed: cryptography is with SMN's alone."""

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
    assert megabytes(failover) < 10


def test_all_that_is_compiled_is_in_the_layer(smn):
    package, layer = smn
    assert compiled(package) == []
    assert compiled(layer) != []
    assert (layer / "cryptography").is_dir()


def megabytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000


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
        env={"PYTHONPATH": ":".join(map(str, paths)), "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
