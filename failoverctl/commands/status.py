"""How pairs stand: one table, the worst first; of one pair everything."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from failoverctl.answers import Result, results_in
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.failures import ExitCode, Failure, FunctionFailed
from failoverctl.screen import out, say
from failoverctl.sending import look
from failoverctl.shown import show
from failoverctl.standing import Standing, counted, standings_of
from failoverctl.table import Row, drawn
from failoverctl.words import fields, whom

_TITLES: Final = ("STATE", "PAIR", "PRODUCTION", "WOULD LOSE", "WHY")
_MANY: Final = 40  # rows: more are not read, so those that are ready become a line


@on_deployment
def status(
    deployment: Deployment,
    pair: Annotated[
        str | None, typer.Argument(help="A pair's name or id, or a pattern with *; none: all.")
    ] = None,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Ask again and again.")] = False,
    every: Annotated[int, typer.Option(min=5, help="Seconds between two looks of --watch.")] = 30,
    show_all: Annotated[bool, typer.Option("--all", help="A row for each of many.")] = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="From the table alone, without the provider.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Show how pairs stand, the worst first."""
    if watch and as_json:
        raise Failure("--watch and --json do not go together", ExitCode.USAGE)
    command = {"command": "status", **whom(pair), **fields(brief=brief or None)}
    if as_json:
        out.print(json.dumps(_asked(deployment, command), indent=2))
    elif watch:
        _watch(deployment, command, every, show_all=show_all)
    else:
        _show(deployment, _asked(deployment, command), show_all=show_all)


def _asked(deployment: Deployment, command: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer; where it is too large for the state machine, what fits."""
    try:
        return look(deployment, command)
    except FunctionFailed as failure:
        if failure.name != "States.DataLimitExceeded" or "brief" in command:
            raise
        say("There are too many pairs for viewers to see all of each; asking in brief.", "dim")
        return look(deployment, {**command, "brief": True})


def _show(deployment: Deployment, answer: Mapping[str, Any], *, show_all: bool) -> None:
    if "results" not in answer:
        show(deployment, answer)
        return
    for line in lines_of(results_in(answer), out.width, show_all=show_all):
        out.print(line)


def lines_of(results: list[Result], width: int, *, show_all: bool = False) -> list[Text]:
    """The table's lines; of very many pairs those that are ready are a line."""
    rows = standings_of(results)
    is_long = len(rows) > _MANY and not show_all
    shown = [row for row in rows if not is_long or row.code != "ready"]
    lines = drawn(_TITLES, [*map(_row, shown)], width) if shown else []
    if ready := len(rows) - len(shown):
        lines.append(Text(f"{ready} more are READY (--all shows them)", style="green"))
    return [*lines, Text(counted(rows), style="bold")]


def _row(one: Standing) -> Row:
    return Row((one.state, one.pair, one.production, one.would_lose), one.why, one.style)


def _watch(
    deployment: Deployment, command: Mapping[str, Any], every: int, *, show_all: bool
) -> None:
    """Ask again and again; what fails once is said, and asked again.

    What can never be answered is not: each time would be an error of the function.
    """
    try:
        while True:
            _look_once(deployment, command, show_all=show_all)
            time.sleep(every)
    except KeyboardInterrupt:
        raise Failure("Stopped watching.", ExitCode.INTERRUPTED) from None


def _look_once(deployment: Deployment, command: Mapping[str, Any], *, show_all: bool) -> None:
    try:
        answer = _asked(deployment, command)
    except Failure as failure:
        if isinstance(failure, FunctionFailed) and failure.name == "InvalidEvent":
            raise
        say(f"{datetime.now(UTC):%H:%M:%SZ} {failure.sentence}", "red")
        return
    if out.is_terminal:
        out.clear()
    out.print(Text(f"{datetime.now(UTC):%H:%M:%SZ}, Ctrl-C stops watching", style="dim"))
    _show(deployment, answer, show_all=show_all)
