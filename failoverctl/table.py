"""Rows under headings, as wide as the terminal; the last column goes below where it has no room."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from failoverctl.screen import plain

_GAP: Final = "  "
_LONGEST: Final = 28  # columns of a cell: a name may have 128 characters
_ROOM: Final = 36  # columns that are worth it for the last one
_INDENT: Final = 4
_LINES: Final = 3


@dataclass(frozen=True)
class Row:
    """The cells of a row, the colour of its first one, and the text that may be long."""

    cells: Sequence[str]
    long: str = ""
    style: str = ""


def drawn(titles: Sequence[str], rows: Sequence[Row], width: int) -> list[Text]:
    """The lines of a table.

    Args:
        titles: of the cells, then of the long text.
        rows: each with as many cells as there are titles but one.
        width: of the terminal.
    """
    *heads, last = titles
    cells = [[_cut(cell) for cell in row.cells] for row in rows]
    widths = [max(cell_len(one) for one in column) for column in zip(heads, *cells, strict=True)]
    used = sum(widths) + len(_GAP) * len(widths)
    is_beside = width - used >= _ROOM
    head = _GAP.join(map(set_cell_size, heads, widths))
    lines = [Text(f"{head}{_GAP}{last}" if is_beside else head.rstrip(), style="bold")]
    for row, found in zip(rows, cells, strict=True):
        first, *others = map(set_cell_size, found, widths)
        line = Text.assemble((first, row.style), _GAP, _GAP.join(others))
        at = used if is_beside else _INDENT
        more = textwrap.wrap(row.long, max(width - at, _INDENT), max_lines=_LINES, placeholder=" …")
        if is_beside and more:
            line.append(f"{_GAP}{more.pop(0)}")
        line.rstrip()
        lines += [line, *(plain_at(at, one) for one in more)]
    return lines


def plain_at(column: int, line: str) -> Text:
    """A line that begins at a column."""
    return Text(" " * column) + plain(line, "dim")


def _cut(cell: str) -> str:
    if cell_len(cell) <= _LONGEST:
        return cell
    return f"{set_cell_size(cell, _LONGEST - 1).rstrip()}…"
