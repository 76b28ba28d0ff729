"""Who is asking: what AWS says, unless they say it themselves; and why, which only they know."""

import re
import sys
from contextlib import suppress
from typing import Final

import typer

from failoverctl.aws_errors import translated
from failoverctl.deployment import Deployment
from failoverctl.failures import ExitCode, Failure
from failoverctl.screen import printable, say

_LONGEST: Final = 200  # characters of `requested_by`
# The line below one that was pasted would answer what that one asks.
_COMMAND: Final = re.compile(r"(failoverctl|printf|aws|make)\s")


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
    if _COMMAND.match(why):
        raise Failure("that is a command and no reason: nothing was sent", ExitCode.USAGE)
    return {"reason": why, "requested_by": who}


def asked(prompt: str) -> str:
    """What somebody types once they are asked: what was pasted before answers nothing.

    Raises:
        Failure: there is nobody, or they stop it.
    """
    if sys.stdin is None:  # closed: `<&-`
        raise Failure("nobody answers: nothing was sent", ExitCode.USAGE)
    _forget_pasted()
    typer.echo(prompt, nl=False, err=True)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        raise Failure("Stopped: nothing was sent", ExitCode.INTERRUPTED) from None
    if not line:
        raise Failure("nobody answers: nothing was sent", ExitCode.USAGE)
    if not sys.stdin.isatty():
        typer.echo(err=True)
    return line.strip()


def _forget_pasted() -> None:
    if not sys.stdin.isatty():
        return
    with suppress(ImportError):
        import termios  # noqa: PLC0415 - not on every system

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _caller(deployment: Deployment) -> str:
    with translated("ask AWS who you are", missing="say it with --requested-by"):
        arn = str(deployment.client("sts").get_caller_identity()["Arn"])
    # Without what all callers here share: arn:aws:sts::<account>:
    return printable(arn.split(":", 5)[-1])[-_LONGEST:]
