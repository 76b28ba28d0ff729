"""The verdicts of a run that was stopped: where no file has changed since, they still hold."""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from local.aws.embedded import ROOT
from local.mutants.judging import Work

_FOLDER: Final = ROOT / ".cache" / "mutants"
_ASKED: Final = ("src/handler", "local", "tests", "uv.lock")  # whatever has a say in a verdict


class Kept:
    """Verdicts about the files as they are, in a file of their own."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._file = folder / f"{_digest()}.jsonl"
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self._verdicts: dict[str, str | None] = dict(json.loads(line) for line in lines)

    def take(self, works: Iterable[Work]) -> tuple[list[Work], list[Work]]:
        """Those that are judged already, with their verdicts, and those that are not."""
        judged, others = list[Work](), list[Work]()
        for work in works:
            if (key := _key(work)) in self._verdicts:
                work.noticed_by = self._verdicts[key]
                judged.append(work)
            else:
                others.append(work)
        return judged, others

    def keep(self, works: Iterable[Work]) -> Iterator[Work]:
        """Each work as it comes, once its verdict is written down."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a") as file:
            for work in works:
                print(json.dumps([_key(work), work.noticed_by]), file=file, flush=True)
                yield work


def _key(work: Work) -> str:
    """One text may stand in two lines."""
    return f"{work.mutant.line if work.mutant else 0} {work.name}"


def _digest() -> str:
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *_ASKED)
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    files = [ROOT / name for name in names.split("\0") if name]
    found = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        found.update(hashlib.sha256(f"{file}".encode() + file.read_bytes()).digest())
    return found.hexdigest()[:16]
