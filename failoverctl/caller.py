"""Who is asking: what AWS says, unless they say it themselves; and why, which only they know."""

import sys
from typing import Final

import typer

from failoverctl.aws_errors import translated
from failoverctl.deployment import Deployment
from failoverctl.failures import ExitCode, Failure
from failoverctl.screen import printable, say

_LONGEST: Final = 200  # characters of `requested_by`


def signed(deployment: Deployment, reason: str | None, requested_by: str | None) -> dict[str, str]:
    """Who asks, which is shown, and why, which is asked for.

    Raises:
        Failure: nobody says it.
    """
    who = requested_by or _caller(deployment)
    say(f"Requested by {who}")
    why = reason or asked("Reason: ")
    if not why:
        raise Failure("a reason is needed: nothing was sent", ExitCode.USAGE)
    return {"reason": why, "requested_by": who}


def asked(prompt: str) -> str:
    """What somebody types.

    Raises:
        Failure: there is nobody.
    """
    typer.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise Failure("nobody answers: nothing was sent", ExitCode.USAGE)
    if not sys.stdin.isatty():
        typer.echo(err=True)
    return line.strip()


def _caller(deployment: Deployment) -> str:
    with translated("ask AWS who you are", missing="say it with --requested-by"):
        arn = str(deployment.client("sts").get_caller_identity()["Arn"])
    # Without what all callers here share: arn:aws:sts::<account>:
    return printable(arn.split(":", 5)[-1])[-_LONGEST:]
