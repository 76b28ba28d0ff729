"""The score, as a table in the terminal and as a page."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from local.mutants.explained import EXPLAINED
from local.mutants.judging import Work

_HEADS = ("module", "changes", "noticed", "explained", "score")
_ABOUT = """\
# Small changes of the rules

`make mutants` changes the modules that safety rests on, one small change at a time (a comparison,
a number, an `and`, a condition turned round: cosmic-ray's operators), and asks the tests each time.
What no test notices is either a test that is missing, or explained below. The run writes this page.
"""


def reason_for(work: Work) -> str | None:
    """Why nothing has to notice a change, if that is known."""
    mutant = work.mutant
    return EXPLAINED.get(mutant.module, {}).get(mutant.change) if mutant else None


def unnoticed(found: list[Work]) -> list[Work]:
    """What no test has noticed."""
    return [work for work in found if work.noticed_by is None]


def unexplained(found: list[Work]) -> list[Work]:
    """Of that, what is not explained either."""
    return [work for work in unnoticed(found) if not reason_for(work)]


def tell(console: Console, found: list[Work]) -> None:
    """Print the table, and what has become of the explanations."""
    table = Table(*_HEADS, box=None)
    for row in _rows(found):
        table.add_row(*row)
    console.print(table)
    for work in sorted(unexplained(found), key=_place):
        console.print(f"not noticed: {_at(work)}", markup=False, highlight=False)


def write(found: list[Work], page: Path) -> None:
    """Write the page."""
    lines = [_ABOUT, f"| {' | '.join(_HEADS)} |", "|---|--:|--:|--:|--:|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(found)]
    lines += ["", "## What nothing notices", ""]
    for work in sorted(unnoticed(found), key=_place):
        lines.append(f"- `{_at(work)}`: {reason_for(work) or '**not explained**'}")
    page.write_text("\n".join(lines) + "\n")


def _rows(found: list[Work]) -> Iterator[tuple[str, ...]]:
    def module(work: Work) -> str:
        return work.mutant.module if work.mutant else ""

    ordered = sorted(found, key=module)
    for name, some in groupby(ordered, key=module):
        yield _row(name, list(some))
    yield _row("all", ordered)


def _row(name: str, found: list[Work]) -> tuple[str, ...]:
    missed = unnoticed(found)
    noticed = len(found) - len(missed)
    explained = len(missed) - len(unexplained(found))
    score = f"{noticed / len(found):.1%}" if found else "none"
    return name, str(len(found)), str(noticed), str(explained), score


def _place(work: Work) -> tuple[str, int]:
    return (work.mutant.module, work.mutant.line) if work.mutant else ("", 0)


def _at(work: Work) -> str:
    module, line = _place(work)
    return f"{module}:{line}: {work.mutant.change if work.mutant else ''}"
