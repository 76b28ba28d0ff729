"""A folder of pairs' documents: one JSON file for each pair, named after it."""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# Systems Manager, PutParameter: 4 KB of a standard parameter, 8 KB of an advanced one.
STANDARD_BYTES: Final = 4096
ADVANCED_BYTES: Final = 8192
_MOST_BYTES: Final = 65_536  # what is a little too long still gets all its faults told


class _NoDocument(Exception):
    """Why a file cannot be one."""


def read_folder(folder: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The documents by pair's name; and what is wrong with the files that cannot be read."""
    documents: dict[str, str] = {}
    faults: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            documents[path.stem] = _text_in(path)
        except _NoDocument as err:
            faults[path.stem] = f"$: {err}"
        except UnicodeDecodeError as err:
            faults[path.stem] = f"$: byte {err.start} is not UTF-8, allowed: a text in UTF-8"
        except OSError as err:
            faults[path.stem] = f"$: {err.strerror or type(err).__name__}, allowed: a file to read"
    return documents, faults


def _text_in(path: Path) -> str:
    """A file's text; a pipe or a device would be read for ever.

    Raises:
        _NoDocument, OSError, UnicodeDecodeError: it is no document's file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise _NoDocument("found a folder, a pipe or a device, allowed: a file to read")
    with path.open("rb") as file:
        found = file.read(_MOST_BYTES + 1)
    if len(found) > _MOST_BYTES:
        allowed = f"{ADVANCED_BYTES:,}, the most that SSM stores"
        raise _NoDocument(f"found more than {_MOST_BYTES:,} bytes, allowed: {allowed}")
    return found.decode("utf-8")


def fault_of_size(text: str) -> str | None:
    """What is wrong with a document's length, if no parameter can hold it."""
    found = len(text.encode())
    if found <= ADVANCED_BYTES:
        return None
    return f"$: found {found:,} bytes, allowed: {ADVANCED_BYTES:,}, the most that SSM stores"
