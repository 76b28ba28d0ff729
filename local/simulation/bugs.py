"""Bugs to plant, so that the simulation itself is tested: `make simulate BUG="..."`.

Each is a change of the function's source, made while it is imported; nothing is written.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

SOURCE = Path(__file__).parents[2] / "src" / "handler"


@dataclass(frozen=True)
class Bug:
    """In a module of the function, other text for what stands there."""

    module: str
    changes: tuple[tuple[str, str], ...]

    @property
    def path(self) -> Path:
        """The module's file."""
        return SOURCE / f"{self.module.replace('.', '/')}.py"

    def planted(self) -> str:
        """The module's source with the bug in it.

        Raises:
            ValueError: the source has changed so that the bug no longer fits.
        """
        text = self.path.read_text()
        for old, new in self.changes:
            if text.count(old) != 1:
                raise ValueError(f"{self.module} does not have once: {old}")
            text = text.replace(old, new)
        return text


BUGS: Mapping[str, Bug] = {
    "claim after the order": Bug(
        "failover",
        (
            ("            if self._claim(run, assessment):\n", "            if run:\n"),
            (
                "        outcome = outcome_of(sent, assessment)\n",
                (
                    "        self._claim(run, assessment)\n"
                    "        outcome = outcome_of(sent, assessment)\n"
                ),
            ),
        ),
    ),
    "read timeout taken as not sent": Bug(
        "dws.answers",
        (("    if lost.may_have_left:\n", '    if "Timeout" not in str(lost):\n'),),
    ),
    "status taken as success": Bug(
        "settling",
        (
            (
                "    if detail.roles == run.roles.exchanged:\n",
                '    if detail.status in ("running", "abnormal"):\n',
            ),
        ),
    ),
    "acknowledge arms": Bug(
        "acknowledging",
        (("roles_changed_by=by, armed=False)", "roles_changed_by=by, armed=True)"),),
    ),
    "pins taken from configuration": Bug(
        "app",
        (
            (
                "        name = pair.credentials_secret\n",
                (
                    "        known = {one.disaster_recovery_id: one for one in self.pairs().good}\n"
                    "        pair = known.get(pair.disaster_recovery_id, pair)\n"
                    "        name = pair.credentials_secret\n"
                ),
            ),
        ),
    ),
    "eventually consistent read": Bug(
        "table",
        (
            (
                "                Limit=count,\n                ConsistentRead=True,\n",
                "                Limit=count,\n",
            ),
        ),
    ),
    "publish before store": Bug(
        "telling",
        (
            (
                (
                    "        stored = self.ledger.save_run(run, told, ended)\n"
                    "        return stored, replace(result, notified=self.publish(told))\n"
                ),
                (
                    "        published = self.publish(told)\n"
                    "        stored = self.ledger.save_run(run, told, ended)\n"
                    "        return stored, replace(result, notified=published)\n"
                ),
            ),
        ),
    ),
    "data loss measured to now": Bug(
        "gates.data",
        (
            (
                "    loss_s = max(0, seconds(outage_start(situation) - sync))\n",
                "    loss_s = max(0, seconds(situation.now - sync))\n",
            ),
        ),
    ),
    "abnormal alone taken as down": Bug(
        "gates.witnesses",
        (
            (
                '    if production.status == "FAILED":\n',
                (
                    "    shown = evidence.shown\n"
                    '    if "abnormal" == getattr(shown, "status", None):\n'
                ),
            ),
        ),
    ),
}


class _Finder(MetaPathFinder):
    """Finds one module as it is found else, with a bug in it."""

    def __init__(self, bug: Bug) -> None:
        self._bug = bug

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The planted module's spec."""
        if fullname != f"handler.{self._bug.module}":
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec:
            spec.loader = _Loader(fullname, str(self._bug.path), self._bug)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, bug: Bug) -> None:
        super().__init__(fullname, path)
        self._planted = bug.planted()

    def get_code(self, _: str) -> CodeType:
        """The planted source, compiled anew."""
        code: CodeType = compile(self._planted, self.path, "exec")
        return code


def plant(name: str | None) -> None:
    """Plant a bug by its name, before the function is imported.

    Raises:
        RuntimeError: the function is imported already.
    """
    if name is None:
        return
    if any(module.startswith("handler.") for module in sys.modules):
        raise RuntimeError("the function is imported already")
    sys.meta_path.insert(0, _Finder(BUGS[name]))
