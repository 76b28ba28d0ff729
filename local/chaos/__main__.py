"""`make chaos`: many outages with random faults on every side, and what came of them."""

import argparse
import signal
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local.arguments import whole_number
from local.aws.processes import Failed
from local.chaos.report import never_met, page, tables
from local.chaos.waves import SIZE, Judged, ground, play, waves

_WHAT: Final = f"""\
Deploys the template to an embedded AWS with IAM enforced, with an emulated provider behind it, and
lets outages happen, {SIZE} side by side, while their provider, AWS, the function, buses and people
misbehave. Once it has calmed down it is judged: by the provider's state, the table, the queues and
a subscriber, never by what the function says. A seed draws the same plan again.
"""


def main() -> int:
    """Play all waves; 0 if nothing is wrong, 1 if something is, 2 where it cannot be played."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False)
    judged: list[Judged] = []
    try:
        _play_all(options, console, judged)
    except (Failed, RuntimeError) as err:
        console.print(f"The chaos could not be played: {err}", markup=False)
        return 2
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return _report(judged, options, console)


def _play_all(options: argparse.Namespace, console: Console, judged: list[Judged]) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("building the template", total=options.n)
        with ground() as where:
            for wave in waves(options.seed, options.n):
                name = f"seed {wave.seed}"

                def say(text: str, name: str = name) -> None:
                    progress.update(task, description=f"{name}: {text}")

                judged.append(play(where, wave, say))
                progress.advance(task, len(wave.outages))
                _tell(judged[-1], progress.console)


def _tell(one: Judged, console: Console) -> None:
    count, seed = len(one.wave.outages), one.wave.seed
    for wrong in one.wrong:
        whose = "" if wrong.outage is None else f", outage {wrong.outage}"
        console.print(f"WRONG seed {seed}{whose}: {wrong.why}", markup=False, soft_wrap=True)
    if one.wrong:
        console.print(f"Again: make chaos SEED={seed} N={count}")
    else:
        console.print(f"ok seed {seed}: {count} outages, {one.met.total()} faults met")


def _report(judged: list[Judged], options: argparse.Namespace, console: Console) -> int:
    for table in tables(judged):
        console.print(table, "")
    if missed := never_met(judged):
        console.print(f"Planned and not met: {', '.join(missed)}", soft_wrap=True)
    options.out.write_text(page(judged, f"make chaos SEED={options.seed} N={options.n}"))
    wrong = sum(len(one.wrong) for one in judged)
    said = "nothing is wrong" if not wrong else f"{wrong} things are wrong"
    console.print(f"{options.n} outages, {said}. Written: {options.out}")
    return bool(wrong)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=_WHAT)
    parser.add_argument("-n", type=whole_number, default=60, help="how many outages (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the first wave (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path("chaos-report.html"), metavar="FILE",
        help="the page with the table of faults and the histories (%(default)s)",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
