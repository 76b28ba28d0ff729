"""What was played with: versions, the commit, and what was assumed. For whoever audits it."""

import platform
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from local.aws.embedded import ROOT
from local.drill.documents import Document
from local.drill.stage import Assumed

_PACKAGES: Final = ("aws-lambda-powertools", "boto3", "fastjsonschema", "httpx", "ministack")
_GIT_S: Final = 10.0


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from.

    Attributes:
        made_at: when, UTC.
        commit: of the repository, and whether it was changed since; or that it is not known.
        versions: by name.
        documents: the SHA-256 of each pair's document, by pair.
        assumed: what no document says.
        target_s: how soon the other cluster shall be production.
    """

    made_at: str
    commit: str
    versions: dict[str, str]
    documents: dict[str, str]
    assumed: Assumed
    target_s: int

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "made_at": self.made_at,
            "commit": self.commit,
            "versions": self.versions,
            "documents_sha256": self.documents,
            "assumed": {
                "seconds_between_synchronisations": self.assumed.sync_s,
                "seconds_that_the_provider_switches": self.assumed.switching_s,
            },
            "target_recovery_s": self.target_s,
        }


def provenance(documents: Iterable[Document], assumed: Assumed, target_s: int) -> Provenance:
    """What is played with here and now."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return Provenance(
        made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        commit=_commit(),
        versions={
            str(project["name"]): str(project["version"]),
            "Python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        documents={one.pair.name: one.digest for one in documents},
        assumed=assumed,
        target_s=target_s,
    )


def _commit() -> str:
    """The commit that is checked out; a copy without git has none."""
    found = _git("rev-parse", "HEAD")
    if not found:
        return "unknown: not a git checkout"
    return f"{found} with local changes" if _git("status", "--porcelain") else found


def _git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
