"""What is shipped: locked by hash, listed, licensed, and the same whoever builds it, wherever and when."""

import base64
import csv
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from places import ROOT

from builds.digest import digest

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
OTHER = {"arm64": "x86_64", "x86_64": "arm64"}[ARCHITECTURE]
LAYER = "SmnCryptographyLayer"
FUNCTIONS = {"FailoverFunction": "", "DashboardFunction": "", "SmnFunction": "SmnApplication/"}
LISTS = {"function": "src/requirements.txt", "layer": "src/builds/cryptography.txt"}
SBOM = "sbom.cdx.json"
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
PAGE = (ROOT / "docs" / "supply-chain.md").read_text()
OURS = "dws-failover"
BASE = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))


@pytest.fixture(scope="module")
def packages(built):
    """Each package that was built, by its name; a layer's content is below `python`."""
    there = built.template.parent
    functions = {name: there / f"{within}{name}" for name, within in FUNCTIONS.items()}
    return {**functions, LAYER: there / "SmnApplication" / LAYER / "python"}


EACH = pytest.mark.parametrize("name", [*FUNCTIONS, LAYER])


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def listed(package):
    return json.loads((package / SBOM).read_text())


def distributions(package):
    """What is installed in a package: each distribution's name with its `.dist-info`."""
    found = {path.name.removesuffix(".dist-info"): path for path in package.glob("*.dist-info")}
    return {normal(name.rpartition("-")[0]): path for name, path in found.items()}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


# Locked


def locked(path):
    """What a list has installed: each name with its hashes."""
    text = (ROOT / path).read_text()
    parts = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    found = {
        part.split("==")[0]: set(re.findall(r"sha256:(\w{64})", part)) for part in parts if part
    }
    assert all(re.match(r"[a-z0-9-]+==\S+", part) for part in parts if part)
    return found


def test_every_archive_in_the_lock_has_its_hash():
    archives = [
        archive
        for one in LOCK
        for archive in [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else ())]
    ]
    assert len(archives) > 1000
    assert [one["url"] for one in archives if not one["hash"].startswith("sha256:")] == []
    assert {one["name"] for one in LOCK if "wheels" not in one and "sdist" not in one} == {OURS}


@pytest.mark.parametrize("path", LISTS.values())
def test_what_is_installed_is_named_with_the_hashes_of_the_lock(path):
    hashes = {
        one["name"]: {archive["hash"].removeprefix("sha256:") for archive in one.get("wheels", ())}
        for one in LOCK
    }
    for name, found in locked(path).items():
        assert found & hashes[name]


class Sources:
    """A copy of src/, to be built by its makefiles as SAM builds it."""

    def __init__(self, folder):
        self.folder, self.target = folder / "copy", folder / "made"
        shutil.copytree(ROOT / "src", self.folder, ignore=shutil.ignore_patterns("__pycache__"))

    def make(self, makefile, name, python=None, **environment):
        """Build one package into `target`; the makefile is named as `ContextPath` does."""
        self.target.mkdir()
        env = {
            **{
                one: os.environ[one] for one in os.environ if not one.startswith(("PYTHON", "MAKE"))
            },
            "PATH": f"{python or BASE.parent}{os.pathsep}{os.environ['PATH']}",
            "ARTIFACTS_DIR": str(self.target),
            **environment,
        }
        command = f"umask 027; make --makefile builds/{makefile}/Makefile build-{name}"
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.mark.parametrize(
    ("makefile", "path", "name"),
    [
        (PYTHON, "requirements.txt", "httpx"),
        (f"{PYTHON}/{ARCHITECTURE}", "builds/cryptography.txt", "cryptography"),
        (f"{PYTHON}/{OTHER}", "builds/cryptography.txt", "cryptography"),
    ],
    ids=["function", "layer", "layer for another processor"],
)
def test_an_archive_whose_hash_is_not_locked_is_not_installed(tmp_path, makefile, path, name):
    """The last one SAM's own builder would download by name and version."""
    sources = Sources(tmp_path)
    requirements = sources.folder / path
    before, own = requirements.read_text().split(f"\n{name}==")
    unlocked = re.sub(r"sha256:\w{64}", f"sha256:{'0' * 64}", own)
    requirements.write_text(f"{before}\n{name}=={unlocked}")
    made = sources.make(makefile, LAYER)
    assert made.returncode != 0
    assert "DO NOT MATCH THE HASHES" in made.stderr


# In it


@EACH
def test_every_file_of_a_package_is_one_that_was_installed_or_ours(packages, name):
    package = packages[name]
    recorded = {}
    for folder in distributions(package).values():
        with (folder / "RECORD").open(newline="") as lines:
            recorded |= {path: hash_ for path, hash_, _ in csv.reader(lines)}
    there = {file for file in files(package) if not file.endswith(".pyc")}
    ours = {file for file in there if file.startswith("handler/")}
    assert there - ours - {SBOM} == set(recorded)
    assert {
        file for file, hash_ in recorded.items() if hash_ and hash_ != as_recorded(package / file)
    } == set()
    for file in ours:
        assert (package / file).read_bytes() == (ROOT / "src" / file).read_bytes()


def as_recorded(path):
    told = base64.urlsafe_b64encode(sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
    return f"sha256={told}"


@EACH
def test_what_is_compiled_is_of_a_source_beside_it(packages, name):
    for file in packages[name].rglob("*.pyc"):
        assert (file.parent.parent / f"{file.name.split('.')[0]}.py").is_file()


@EACH
def test_no_tool_is_shipped(packages, name):
    """What `make` has for tests, checks and emulators, but for what the functions have themselves."""
    wanted = locked(LISTS["layer" if name == LAYER else "function"])
    tools = {one["name"] for one in LOCK} - set(wanted)
    assert {"pytest", "ruff", "mypy", "boto3", "moto", "ministack", "cyclonedx-python-lib"} <= tools
    assert set(distributions(packages[name])) & tools == set()
    folders = {path.name for path in packages[name].iterdir()}
    assert folders & {"tests", "local", "benchmarks", "failoverctl", "builds", "bin"} == set()


# Listed


@EACH
def test_the_list_is_cyclonedx(packages, name):
    text = (packages[name] / SBOM).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_list_that_is_none_is_refused(packages):
    """By the same judge: it reads what it is given."""
    text = (packages["FailoverFunction"] / SBOM).read_text().replace('"library"', '"books"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is not None


@EACH
def test_the_list_names_exactly_what_is_in_the_package(packages, name):
    there = {
        (dist, path.name.removesuffix(".dist-info").rpartition("-")[2])
        for dist, path in distributions(packages[name]).items()
    }
    components = listed(packages[name])["components"]
    assert sorted((one["name"], one["version"]) for one in components) == sorted(there)
    assert {one["purl"] for one in components} == {f"pkg:pypi/{n}@{v}" for n, v in there}


@EACH
def test_the_hash_of_each_is_that_of_a_locked_archive(packages, name):
    hashes = locked(LISTS["layer" if name == LAYER else "function"])
    for one in listed(packages[name])["components"]:
        ((told),) = one["hashes"]
        assert told["content"] in hashes[one["name"]]


@EACH
def test_who_wants_whom_is_what_the_distributions_say(packages, name):
    package, found = packages[name], listed(packages[name])
    graph = {one["ref"]: set(one["dependsOn"]) for one in found["dependencies"]}
    refs = {one["name"]: one["bom-ref"] for one in found["components"]}
    for dist, folder in distributions(package).items():
        lines = (folder / "METADATA").read_text().splitlines()
        wants = [Requirement(line[15:]) for line in lines if line.startswith("Requires-Dist: ")]
        wants = {
            normal(one.name)
            for one in wants
            if not one.marker or one.marker.evaluate({"extra": ""})
        }
        assert {refs[one] for one in wants if one in refs} <= graph[refs[dist]]
        assert wants <= set(refs) | {"typing-extensions"}  # the function has it beside the layer
    reached = set().union(*graph.values())
    assert reached == set(refs.values())


def test_our_own_code_is_in_the_list_by_its_hash(packages, tmp_path):
    ours = listed(packages["FailoverFunction"])["metadata"]["component"]
    copy = tmp_path / "handler"
    shutil.copytree(ROOT / "src" / "handler", copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert ours["hashes"] == [{"alg": "SHA-256", "content": digest(copy)}]


def test_the_list_is_small(packages):
    assert (packages["FailoverFunction"] / SBOM).stat().st_size < 10_000


# Licensed


@EACH
def test_each_distributions_licence_is_in_the_package(packages, name):
    for dist, folder in distributions(packages[name]).items():
        lines = (folder / "METADATA").read_text().splitlines()
        told = [line.split(": ")[1] for line in lines if line.startswith("License-File: ")]
        found = [path for path in folder.rglob("*") if re.match(r"LICEN[CS]E", path.name.upper())]
        assert [path for path in found if path.is_file() and path.stat().st_size > 500], dist
        assert set(told) <= {path.name for path in folder.rglob("*")}


def test_botocores_licence_and_notice_are_beside_what_is_cut_of_it(packages):
    models = packages["FailoverFunction"] / "handler" / "aws" / "models"
    assert "Apache License" in (models / "LICENSE.txt").read_text()
    assert "Botocore" in (models / "NOTICE").read_text()


def licence(component):
    ((told),) = component["licenses"]
    return told.get("expression") or told["license"]["id"]


def test_the_page_names_each_distribution_with_who_wants_it_and_its_licence(packages):
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| .+? \| (.+?) \|$", PAGE, re.MULTILINE)
    said = {name: (set(re.findall(r"`([\w-]+)`", by)), told) for name, by, told in rows}
    assert said == {**told_of(packages["FailoverFunction"]), **told_of(packages[LAYER])}


def told_of(package):
    found = listed(package)
    names = {one["bom-ref"]: one["name"] for one in found["components"]}
    by = {ref: set() for ref in names}
    for one in found["dependencies"]:
        for ref in one["dependsOn"]:
            by[ref] |= {names[one["ref"]]} if one["ref"] in names else set()
    return {one["name"]: (by[one["bom-ref"]], licence(one)) for one in found["components"]}


# The same


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """A function's package and the layer, made elsewhere, later, by who has other settings."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "bin").mkdir()
    (folder / "bin" / PYTHON).symlink_to(BASE)
    odd = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    made = {}
    for name, makefile in {"FailoverFunction": PYTHON, LAYER: f"{PYTHON}/{ARCHITECTURE}"}.items():
        (folder / name).mkdir()
        sources = Sources(folder / name)
        done = sources.make(makefile, name, python=folder / "bin", **odd)
        assert done.returncode == 0, done.stderr
        made[name] = sources.target / ("python" if name == LAYER else "")
    return made


@pytest.mark.parametrize("name", ["FailoverFunction", LAYER])
def test_another_build_gives_the_same_bytes_and_the_same_rights(packages, again, name):
    one, other = packages[name], again[name]
    assert files(one) == files(other)
    for file in files(one):
        assert (one / file).read_bytes() == (other / file).read_bytes(), file
        assert (one / file).stat().st_mode == (other / file).stat().st_mode, file
    assert digest(one) == digest(other)


@pytest.mark.parametrize("name", [*FUNCTIONS, LAYER])
def test_all_may_read_what_is_shipped_and_only_its_owner_may_write_it(packages, name):
    for file in files(packages[name]):
        mode = (packages[name] / file).stat().st_mode
        assert mode & (stat.S_IRGRP | stat.S_IROTH) == stat.S_IRGRP | stat.S_IROTH
        assert mode & (stat.S_IWGRP | stat.S_IWOTH) == 0


BY_HAND = "find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"


def test_the_digest_is_what_one_gets_by_hand(packages):
    package = packages["FailoverFunction"]
    told = subprocess.run(
        ["sh", "-c", BY_HAND], cwd=package, capture_output=True, text=True, check=True
    )
    assert told.stdout.split()[0] == digest(package)
    assert BY_HAND in (ROOT / "src" / "builds" / "digest.py").read_text()


ZIPPED = """
import sys
from samcli.lib.package.utils import make_zip_with_lambda_permissions
print(make_zip_with_lambda_permissions(sys.argv[1], sys.argv[2]))
"""


def test_the_zip_that_sam_uploads_has_the_digest_of_the_folder(packages, tmp_path):
    package = packages["FailoverFunction"]
    command = [f"{sys.prefix}-sam/bin/python", "-c", ZIPPED, tmp_path / "data", package]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert digest(Path(made.stdout.strip())) == digest(package)
