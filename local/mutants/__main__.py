"""Change the rules that safety rests on a little, one change at a time, and see it noticed.

`make mutants` takes hours; what was stopped goes on where it was, while no file changes. ONLY=gates
takes those modules whose name contains it.
"""

import argparse
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.progress import track

from local.aws import EmbeddedAws
from local.aws.embedded import ROOT
from local.mutants import report, shared
from local.mutants.judging import Work, judge
from local.mutants.kept import Kept
from local.mutants.mutants import Mutant, mutants_of
from local.mutants.preloaded import preload
from local.mutants.targets import Target, targets

_WITHIN_S = 1200.0  # what waits for ever; on a busy machine a round waits long
_TOLD_EACH = 50  # where there is no bar


def main() -> int:
    """Judge all changes of the modules, tell what was not noticed; 1 if that is not explained."""
    asked, console = _arguments(), Console()
    chosen = list(targets(asked.only))
    if not chosen:
        console.print(f"[red]no module is named like {asked.only}[/]")
        return 2
    preload()
    with EmbeddedAws(auth=True) as aws:
        shared.use(aws)
        _all_pass(chosen, console)
        works = [Work(one, target.rounds) for target in chosen for one in _some(target, asked)]
        kept = Kept()
        found, others = kept.take(works)
        found += kept.keep(_judged(others, console))
    report.tell(console, found)
    if asked.only is None and asked.every == 1:
        report.write(found, ROOT / "docs" / "mutants.md")
    return 1 if report.unexplained(found) else 0


def _some(target: Target, asked: argparse.Namespace) -> list[Mutant]:
    return mutants_of(target.module)[:: asked.every]


def _all_pass(chosen: list[Target], console: Console) -> None:
    """Whatever fails already notices nothing."""
    rounds = dict.fromkeys(one for target in chosen for one in target.rounds)
    works = [Work(None, (one,)) for one in rounds]
    for work in track(judge(works, _WITHIN_S), "as it is", total=len(works), console=console):
        if work.noticed_by:
            raise SystemExit(f"{' '.join(work.rounds[0])}: fails, and nothing was changed")


def _judged(works: list[Work], console: Console) -> Iterator[Work]:
    verdicts = track(judge(works, _WITHIN_S), "changes", total=len(works), console=console)
    for number, work in enumerate(verdicts, 1):
        if work.noticed_by is None and not report.reason_for(work):
            console.print(f"not noticed: {work.name}", markup=False, highlight=False)
        if number % _TOLD_EACH == 0 and not console.is_terminal:
            console.print(f"{number} of {len(works)} changes asked")
        yield work


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="modules whose name contains it")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth change alone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
