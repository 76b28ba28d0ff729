"""What the doctor says: a line for each thing that was looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from failoverctl.screen import out, plain, printable


class Kind(StrEnum):
    """How a thing is; the word that stands before its line."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "BAD"
    UNSEEN = "skip"  # it could not be looked at


_STYLES: Final = {Kind.GOOD: "green", Kind.NOTE: "yellow", Kind.BAD: "bold red", Kind.UNSEEN: "dim"}


@dataclass(frozen=True)
class Line:
    """One thing that was looked at; `steps` is what to do about it."""

    kind: Kind
    text: str
    steps: tuple[str, ...] = ()


def write(title: str, lines: Iterable[Line]) -> list[Line]:
    """Write lines under a title as they come: some take seconds to be found."""
    out.print(plain(title, "bold"))
    written = []
    for line in lines:
        mark = plain(line.kind.value, _STYLES[line.kind])
        out.print("  ", mark, " " * (5 - len(line.kind.value)), printable(line.text), sep="")
        for step in line.steps:
            dash = "  " if step.startswith("failoverctl ") else "- "  # a command is to be copied
            out.print("       ", dash, printable(step), sep="")
        written.append(line)
    return written
