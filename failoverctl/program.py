"""The program: its commands, each with an example, and how whatever they raise ends it."""

from collections.abc import Callable
from typing import Any, Final

import typer

from failoverctl.commands.acknowledge import acknowledge
from failoverctl.commands.check import check
from failoverctl.commands.doctor import doctor
from failoverctl.commands.explain import explain
from failoverctl.commands.failover import failover
from failoverctl.commands.follow import follow
from failoverctl.commands.history import history
from failoverctl.commands.pause import pause
from failoverctl.commands.rehearse import rehearse
from failoverctl.commands.resume import resume
from failoverctl.commands.status import status
from failoverctl.commands.verify import verify
from failoverctl.failures import Failure
from failoverctl.screen import say, take_any_text

Command = Callable[..., Any]
# In the order in which help lists them. An example for each: nobody reads more at 3 a.m.
COMMANDS: Final[tuple[tuple[Command, str], ...]] = (
    (status, "failoverctl status 'sales-*' --watch"),
    (rehearse, "failoverctl rehearse sales"),
    (failover, "failoverctl failover sales --override rpo"),
    (follow, "failoverctl follow sales"),
    (verify, "failoverctl verify sales"),
    (
        acknowledge,
        "failoverctl acknowledge sales --production 3ef5daaa-d017-4354-80b3-8a69caf2e09f",
    ),
    (pause, "failoverctl pause sales --until 4h --reason 'patching, OPS-17'"),
    (resume, "failoverctl resume sales"),
    (history, "failoverctl history sales --limit 5"),
    (explain, "failoverctl explain rpo"),
    (check, "failoverctl check pairs --sync-period 30m"),
    (doctor, "failoverctl doctor sales --region eu-west-1"),
)  # fmt: skip

program = typer.Typer(
    help="Ask dws-failover how pairs stand, rehearse, order a failover and follow it to its end.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # help and errors are plain lines that can be copied
    pretty_exceptions_enable=False,
)
for _command, _example in COMMANDS:
    program.command(epilog=f"Example: {_example}")(_command)


@program.callback()
def _program() -> None:
    """Make a single command a command, too."""


def run() -> int:
    """Run what was typed.

    Returns:
        the exit code, where a command was carried out or failed in a known way.
    """
    take_any_text()
    try:
        program()
    except Failure as failure:
        say(failure.sentence, "red")
        return failure.code
    return 0
