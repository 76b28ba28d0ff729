"""Measures this function beside others in one run; prints a table, writes docs/performance.md."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import machine, page
from benchmarks.authority import Authority
from benchmarks.ground import Ground
from benchmarks.packages import Package, Packages
from benchmarks.run import FULL, QUICK, Counts, Results, measure
from benchmarks.targets import targets
from benchmarks.wire import Loop
from local.aws import EmbeddedAws
from local.aws.embedded import ROOT

BASELINE: Final = "9c4d1e1"


def main() -> None:
    """Measure, print and write; or print and write what was measured before."""
    options, console = _options(), Console()
    if options.results:
        results = json.loads(options.results.read_text())
    else:
        usual = QUICK if options.quick else FULL
        given = {name: getattr(options, name) for name in ("cold", "warm")}
        counts = replace(usual, **{name: count for name, count in given.items() if count})
        before = options.before or (None if options.quick else _baseline())
        results = _measured(counts, before, console)
    console.print(_table(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if not options.quick:
        page.write(results, ROOT)
        console.print(
            "Written: benchmarks/results/recorded.json, docs/performance.md, docs/pictures"
        )


def _baseline() -> str | None:
    """The revision that the targets name, where the history goes back to it."""
    asked = ["git", "cat-file", "-e", f"{BASELINE}^{{commit}}"]
    is_there = not subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode
    return BASELINE if is_there else None


def _measured(counts: Counts, before: str | None, console: Console) -> Results:
    def follow(turns: Iterable[int], what: str) -> Iterator[int]:
        yield from track(list(turns), what, console=console)

    sys.setswitchinterval(0.001)  # the wires and the emulator share this process's lock
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="dws-failover-bench-"))
        )
        where = machine.describe()  # before what is done here makes it busy
        aws = stack.enter_context(EmbeddedAws(auth=False))
        authority = Authority(folder)
        loop = stack.enter_context(Loop(authority.context))
        packages: tuple[Package, ...] = Packages(folder, aws.environment, authority).build_all(
            before, console.log
        )
        found = measure(Ground(aws, loop, packages, follow), counts, before, console.log)
        return {**where, **found}


def _table(results: Results) -> Table:
    word = {True: "met", False: "NOT met", None: "not measured"}
    table = Table("what", "measured", "target", "", box=None)
    for one in targets(results):
        table.add_row(one.what, one.figure, one.target, word[one.is_met])
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        epilog="QUICK=1, BEFORE=<revision>, ARGS=<any of these> of make. A full run takes about 20"
        " minutes on an idle machine; figures of a busy one are worth little.",
    )
    parser.add_argument("--quick", action="store_true", help="each once; writes no page")
    parser.add_argument("--cold", type=int, metavar="N", help=f"cold starts ({FULL.cold})")
    parser.add_argument("--warm", type=int, metavar="N", help=f"warm events ({FULL.warm})")
    parser.add_argument("--before", metavar="REV", help=f"measure that revision, too ({BASELINE})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="measure nothing: write these results anew"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
