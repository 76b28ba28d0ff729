"""How a command ends that has an answer: shown, and as an exit code."""

import json
from typing import Final, NoReturn

import typer

from failoverctl.answers import Result, text
from failoverctl.deployment import Deployment
from failoverctl.failures import ExitCode
from failoverctl.screen import forget, out, say
from failoverctl.shown import show

_DONE: Final = ("succeeded", "acknowledged", "paused", "resumed")


def answered(deployment: Deployment, result: Result, *, as_json: bool = False) -> None:
    """Show a result, for people or for machines; what was done is done where that fails."""
    try:
        _shown(deployment, result, as_json=as_json)
    except OSError as err:
        forget(out)
        why = err.strerror or type(err).__name__
        say(f"the answer could not be shown ({why}): {text(result, 'decision')}", "red")


def _shown(deployment: Deployment, result: Result, *, as_json: bool) -> None:
    if as_json:
        out.print(json.dumps(result, indent=2))
    else:
        show(deployment, result)


def code_of(result: Result) -> ExitCode:
    """Whether what was asked for is done; what is not known here is not."""
    decision = text(result, "decision")
    if decision == "unknown":
        return ExitCode.UNCERTAIN
    return ExitCode.DONE if decision in _DONE else ExitCode.NOT_DONE


def end(code: ExitCode) -> NoReturn:
    """End the program."""
    raise typer.Exit(int(code))
