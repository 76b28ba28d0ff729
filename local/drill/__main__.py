"""`make drill`: plays outages against pair documents and writes the report."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# Read when the function's code is imported: its log and its metrics are no part of a drill.
os.environ.update(POWERTOOLS_LOG_LEVEL="CRITICAL", POWERTOOLS_METRICS_DISABLED="true")

from local.arguments import whole_number
from local.aws import EmbeddedAws
from local.aws.processes import Failed
from local.drill.documents import USUAL_HOSTS, BadDocuments, Document, read_documents
from local.drill.page import page
from local.drill.play import played_or_why
from local.drill.provenance import provenance
from local.drill.scenarios import DRILLS
from local.drill.stage import Assumed, make_secret

if TYPE_CHECKING:
    from local.drill.facts import Played

EXAMPLE: Final = Path(__file__).with_name("example")
_minutes: Final = partial(whole_number, most=24 * 60)
_EACH_S: Final = 6  # about what one scenario of one pair takes
_WHAT: Final = """\
Play outages against pair documents, on this machine and in simulated time, and write a report of
how it went: one HTML page, and the same as JSON. The function's own code runs, on an embedded AWS
and an emulated provider. No real provider is contacted: the documents' endpoint, secret and probe
addresses are replaced.
"""


def main() -> int:
    """Play all; 0 if everything went as it must, 1 if not, 2 where it cannot be played."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False, stderr=True)
    try:
        documents = read_documents(options.pairs, options.allowed_hosts)
        played = _played(documents, options, console)
    except BadDocuments as err:
        console.print(str(err), markup=False, soft_wrap=True)
        return 2
    except (Failed, RuntimeError) as err:
        console.print(f"The drill failed: {err}", markup=False)
        return 2
    except KeyboardInterrupt:
        console.print("Stopped; no report was written.")
        return 130
    return _report(documents, played, options, console)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=_WHAT)
    parser.add_argument(
        "--pairs", type=Path, default=EXAMPLE, metavar="DIR",
        help="a folder of <pair's name>.json, as the SSM parameters hold them (a bundled example)",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("drill-report.html"), metavar="FILE",
        help="the page; the JSON is written beside it (drill-report.html)",
    )  # fmt: skip
    parser.add_argument(
        "--scenario", action="append", choices=DRILLS, metavar="NAME",
        help=f"only this one, may be given again: {', '.join(DRILLS)}",
    )  # fmt: skip
    parser.add_argument(
        "--sync-minutes", type=_minutes, default=30, metavar="N",
        help="from one synchronisation to the next, which no document says (30)",
    )  # fmt: skip
    parser.add_argument(
        "--switching-minutes", type=_minutes, default=10, metavar="N",
        help="how long the provider switches, which nobody promises (10)",
    )  # fmt: skip
    parser.add_argument(
        "--target-minutes", type=_minutes, default=60, metavar="N",
        help="how soon the other cluster shall be production (60, the provider's own figure)",
    )  # fmt: skip
    parser.add_argument(
        "--allowed-hosts", default=USUAL_HOSTS, metavar="HOSTS",
        help="AllowedProviderHosts of the deployment (the provider's public domains)",
    )  # fmt: skip
    return parser.parse_args()


def _assumed(options: argparse.Namespace) -> Assumed:
    return Assumed(options.sync_minutes * 60, options.switching_minutes * 60)


def _played(
    documents: list[Document], options: argparse.Namespace, console: Console
) -> "list[Played]":
    names = [name for name in DRILLS if not options.scenario or name in options.scenario]
    todo = [(document, name) for document in documents for name in names]
    count = "1 pair" if len(documents) == 1 else f"{len(documents)} pairs"
    minutes = max(round(len(todo) * _EACH_S / 60), 1)
    console.print(f"{len(todo)} scenarios of {count}, in about {minutes} min. Ctrl-C stops it.")
    columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn())
    done: list[Played] = []
    with (
        EmbeddedAws(auth=False) as aws,
        Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress,
    ):
        make_secret(aws)
        task = progress.add_task("", total=len(todo))
        for document, name in todo:
            progress.update(task, description=f"{document.pair.name}: {name}")
            one = played_or_why(aws, document, name, DRILLS[name], _assumed(options))
            done.append(one)
            progress.advance(task)
            for line in _told(one, options):
                progress.console.print(line, markup=False, no_wrap=True, overflow="ellipsis")
    return done


def _told(one: "Played", options: argparse.Namespace) -> Iterator[str]:
    """A line; where it failed for what was only assumed, another that says so."""
    yield f"{'ok ' if one.is_met else 'NOT'} {one.pair}: {one.title}: {one.came_to}"
    stuck = {gate["gate"] for gate in one.gates if gate["verdict"] != "pass"}
    if not one.is_met and "rpo" in stuck:
        limit = "how old the data gets was assumed"
        yield f"    {limit}: --sync-minutes {options.sync_minutes}; give your pair's own period"


def _report(
    documents: list[Document], played: "list[Played]", options: argparse.Namespace, console: Console
) -> int:
    about = provenance(documents, _assumed(options), options.target_minutes * 60)
    limits = {one.pair.name: one.pair.max_data_loss_s for one in documents}
    plain = {"schema": "dws-failover/drill/1", **about.as_json()}
    plain |= {"max_data_loss_s": limits, "played": [one.as_json() for one in played]}
    data = options.out.with_suffix(".json")
    try:
        options.out.write_text(page(played, about, limits), encoding="utf-8")
        data.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    except OSError as err:
        console.print(f"--out: {err.filename}: {err.strerror}", markup=False)
        return 2
    good = sum(one.is_met for one in played)
    console.print(f"{good} of {len(played)} went as they must. Written: {options.out}, {data.name}")
    return 0 if good == len(played) else 1


if __name__ == "__main__":
    sys.exit(main())
