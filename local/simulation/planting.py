"""How a bug is planted: a change of the function's source, made while it is imported.

Nothing is written. Which bugs there are stands in `bugs`.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Protocol

SOURCE = Path(__file__).parents[2] / "src" / "handler"


class Change(Protocol):
    """What can be planted: a module below `handler`, and its source with the change in it."""

    @property
    def module(self) -> str: ...  # noqa: D102
    def planted(self) -> str: ...  # noqa: D102


def path_of(module: str) -> Path:
    """The file of a module below `handler`."""
    return SOURCE / f"{module.replace('.', '/')}.py"


class Bug:
    """In a module of the function, other text for what stands there."""

    def __init__(self, module: str, *changes: tuple[str, str]) -> None:
        self.module, self.changes = module, changes

    def planted(self) -> str:
        """The module's source with the bug in it.

        Raises:
            ValueError: the source has changed so that the bug no longer fits.
        """
        text = path_of(self.module).read_text()
        for old, new in self.changes:
            if text.count(old) != 1:
                raise ValueError(f"{self.module} does not have once: {old}")
            text = text.replace(old, new)
        return text


class _Finder(MetaPathFinder):
    """Finds one module as it is found else, with a bug in it."""

    def __init__(self, bug: Change) -> None:
        self._bug = bug

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The planted module's spec."""
        if fullname != f"handler.{self._bug.module}":
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec:
            spec.loader = _Loader(fullname, str(path_of(self._bug.module)), self._bug)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, bug: Change) -> None:
        super().__init__(fullname, path)
        self._planted = bug.planted()

    def get_code(self, _: str) -> CodeType:
        """The planted source, compiled anew."""
        code: CodeType = compile(self._planted, self.path, "exec")
        return code


def plant(bug: Change | None) -> None:
    """Plant a bug, before the function is imported.

    Raises:
        RuntimeError: the function is imported already.
    """
    if bug is None:
        return
    if any(module.startswith("handler.") for module in sys.modules):
        raise RuntimeError("the function is imported already")
    sys.meta_path.insert(0, _Finder(bug))
