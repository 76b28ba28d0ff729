"""`make load`: as many alarms a second as the machine handles, through a queue, over many pairs."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console

from local.arguments import whole_number
from local.aws.processes import Failed
from local.chaos.stage import staged
from local.chaos.waves import ground
from local.load.plan import planned
from local.load.playing import EXECUTIONS, Play, Played
from local.load.report import markdown, out_of_bounds, table

_WHAT: Final = f"""\
Deploys the template to an embedded AWS with IAM enforced and {EXECUTIONS} executions at once, lets
half of the pairs lose their production, and sends alarms about all of them to the queue before the
function, as fast as they are taken out of it: mostly copies, some further alarms, some to and fro.
Once with an empty table, once with many runs of the past. Judged as the chaos is.
"""


def main() -> int:
    """Play it twice; 0 if nothing is wrong, 1 if something is, 2 where it cannot be played."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False)
    try:
        with console.status("building the template") as status:
            played = [*_played(options, status.update)]
    except (Failed, RuntimeError) as err:
        console.print(f"The load could not be played: {err}", markup=False)
        return 2
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return _report(played, options, console)


def _played(options: argparse.Namespace, say: Callable[[str], None]) -> Iterator[Played]:
    example = None
    with ground(concurrency=EXECUTIONS) as where:
        for history in (0, options.history):
            with staged(where, f"load-{history}", None) as stage:
                wave = planned(options.seed, options.pairs)
                one = Play(stage, wave, say).run(options.seconds, example, history)
                example = one.example
                yield one


def _report(played: list[Played], options: argparse.Namespace, console: Console) -> int:
    console.print(table(played))
    wrong = [f"pair {each.outage}: {each.why}" for one in played for each in one.wrong]
    wrong += out_of_bounds(played)
    for why in wrong:
        console.print(f"WRONG {why}", markup=False, soft_wrap=True)
    if options.out:
        options.out.write_text(markdown(played))
    if not wrong:
        console.print("No decision was lost, no pair was acted on twice, nothing grew.")
    return bool(wrong)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description=_WHAT)
    parser.add_argument("--seconds", type=whole_number, default=60, help="of alarms (%(default)s)")
    parser.add_argument("--pairs", type=whole_number, default=100, help="how many (%(default)s)")
    parser.add_argument(
        "--history", type=whole_number, default=10_000, metavar="RUNS",
        help="of the past, of all pairs together, the second time (%(default)s)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of what is sent (%(default)s)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="for the table as Markdown")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
