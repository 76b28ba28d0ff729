"""The packages that are measured, each built as it would be deployed, and what they weigh."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import certifi

from benchmarks.authority import Authority
from local.aws.deploy import build
from local.aws.embedded import ROOT

HANDLERS: Final = ROOT / "benchmarks" / "handlers"
SIGNING: Final = ROOT / "src" / "handler" / "dws" / "signing.py"
OURS: Final = "handler.app.lambda_handler"
_LAMBDA: Final = Path(f"{sys.prefix}-lambda")
Say = Callable[[str], object]


@dataclass(frozen=True)
class Package:
    """A package as it is deployed, and the same with all its modules compiled."""

    name: str
    handler: str
    shipped: Path
    compiled: Path

    @property
    def is_ours(self) -> bool:
        """Whether it is this project's function, of whatever revision."""
        return self.handler == OURS

    @property
    def folders(self) -> tuple[Path, Path]:
        """Both of them."""
        return self.shipped, self.compiled


@dataclass(frozen=True)
class Weight:
    """Files and bytes of a package, unpacked and as a zip file."""

    files: int
    bytes: int
    zipped: int


class Packages:
    """Builds packages below a folder, for the Python that is running."""

    def __init__(self, folder: Path, environment: Mapping[str, str], authority: Authority) -> None:
        self._folder, self._environment, self._authority = folder, environment, authority
        # What the runtime brings along is compiled for everybody, before anything is measured.
        _compile(_LAMBDA)

    def build_all(self, before: str | None, say: Say) -> tuple[Package, ...]:
        """Ours, the peer, the floor, and the bare one; and ours of another revision, if given."""
        say("sam build")
        found = [self._ours("ours", ROOT)]
        if before:
            say(f"sam build of {before}")
            found.append(self._before(before))
        say("the peer's packages")
        bench = _run(_uv(), "export", "--frozen", "--only-group", "bench", "--no-emit-project")
        found.append(self._made("peer", bench))
        say("the floor's packages")
        found.append(self._made("floor", (ROOT / "src" / "requirements.txt").read_text()))
        found.append(self._made("bare"))
        return tuple(found)

    def _ours(self, name: str, tree: Path) -> Package:
        template = build(self._folder / f"{name}-build", self._environment, tree / "template.yaml")
        return self._package(name, OURS, template.template.parent / "FailoverFunction")

    def _before(self, revision: str) -> Package:
        tree = self._folder / "before"
        _run("git", "worktree", "add", "--detach", "--force", str(tree), revision)
        try:
            return self._ours("before", tree)
        finally:
            _run("git", "worktree", "remove", "--force", str(tree))

    def _made(self, name: str, requirements: str = "") -> Package:
        """Packages from the lock file, sources only, as SAM's own builder leaves them."""
        target = self._folder / f"{name}-build"
        target.mkdir()
        if requirements:
            listed = self._folder / f"{name}.txt"
            listed.write_text(requirements)
            where = ("--target", str(target), "--python", str(_LAMBDA / "bin" / "python"))
            _run(_uv(), "pip", "install", "--quiet", "--link-mode=copy", *where, "-r", str(listed))
        else:  # the system's authorities, as many
            shutil.copy(certifi.where(), target / "authorities.pem")
        shutil.copy(HANDLERS / f"{name}.py", target / f"{name}_handler.py")
        shutil.copy(SIGNING, target)
        return self._package(name, f"{name}_handler.lambda_handler", target)

    def _package(self, name: str, handler: str, built: Path) -> Package:
        shipped, compiled = (self._folder / f"{name}-{kind}" for kind in ("shipped", "compiled"))
        shutil.copytree(built, shipped)
        self._authority.enter(shipped)
        shutil.copytree(shipped, compiled)
        # What is shipped compiled stays as it is.
        if not any(compiled.rglob("*.pyc")):
            _compile(compiled)
        return Package(name, handler, shipped, compiled)


def weigh(package: Path) -> Weight:
    """What a package weighs."""
    files = [path for path in package.rglob("*") if path.is_file()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(package))
    total = sum(path.stat().st_size for path in files)
    return Weight(len(files), total, packed.getbuffer().nbytes)


def fingerprint(package: Path) -> str:
    """Changes with any file of a package: nothing may write to it while it is measured."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        stat = path.stat()
        found.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _compile(folder: Path) -> None:
    # Some packages have files for other Pythons among their tests, which cannot be compiled.
    command: list[str | Path] = [
        _LAMBDA / "bin" / "python",
        "-m",
        "compileall",
        "-q",
        "-j",
        "2",
        folder,
    ]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def _uv() -> str:
    given = os.environ.get("UV")
    found = sorted(str(one) for one in ROOT.glob(".cache/uv-*/bin/uv"))
    if not (given or found):
        raise RuntimeError("uv is missing: run `make environments`")
    return given or found[-1]


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr[-2000:]}")
    return done.stdout
