"""Each command to what carries it out, and the pair that it means."""

from typing import assert_never

from handler.commands.acknowledge import acknowledge
from handler.commands.failover import fail_over, rehearse, verify
from handler.commands.held import held_pair
from handler.commands.pause import pause, resume
from handler.commands.reconcile.one_pair import pursue
from handler.commands.reconcile.sweep import reconcile
from handler.commands.status import status
from handler.commands.status_of_all import status_of_all, status_of_named
from handler.errors import InvalidEvent, InvalidSettings
from handler.failover.ports import Ports
from handler.model.pair import Pair
from handler.model.result import Result
from handler.model.signals import Command


def run_command(ports: Ports, command: Command) -> Result | tuple[Result, ...]:
    """Answer a command: one result where it is about one pair, else one for each.

    Raises:
        InvalidEvent, InvalidSettings: there is no such pair, or its document is bad.
        ProviderUnavailable, LedgerUnavailable: nothing was ordered or changed.
    """
    is_named = bool(command.pair or command.disaster_recovery_id)
    if command.command == "reconcile" and not is_named:
        return reconcile(ports)
    if command.command in ("pause", "resume") and command.pair == "*":
        return _set_brake(ports, command, None)
    if command.command == "status":
        is_of_one = is_named and "*" not in (command.pair or "")
        return status_of_named(ports, command) if is_of_one else status_of_all(ports, command)
    return _run_for_pair(ports, command, _pair(ports, command))


def _pair(ports: Ports, command: Command) -> Pair:
    """The pair that is meant; for what ends a hold, also one whose document is bad or gone.

    Raises:
        InvalidEvent: there is none.
        InvalidSettings: its document is bad.
    """
    pairs = ports.pairs()
    try:
        return pairs.find(command.pair, command.disaster_recovery_id)
    except (InvalidEvent, InvalidSettings):
        held = held_pair(ports, command)
        if held is None or command.command not in ("acknowledge", "verify"):
            raise
        return held


def _run_for_pair(ports: Ports, command: Command, pair: Pair) -> Result:  # noqa: PLR0911 - a command each
    match command.command:
        case "failover":
            return fail_over(ports, command, pair)
        case "rehearse":
            return rehearse(ports, command, pair)
        case "verify":
            return verify(ports, command, pair)
        case "status":
            return status(ports, command, pair)
        case "reconcile":
            return _pursue(ports, pair)
        case "acknowledge":
            return acknowledge(ports, command, pair)
        case "pause" | "resume":
            return _set_brake(ports, command, pair)
        case _:
            # Nothing that is not named above may come to an order or a brake.
            assert_never(command.command)


def _pursue(ports: Ports, pair: Pair) -> Result:
    """One pair's turn in an invocation of its own: a bug is told here as anywhere else."""
    found = ports.guard.outcome(pair.name, lambda: pursue(ports, pair))
    if isinstance(found, Exception):
        raise found
    return found


def _set_brake(ports: Ports, command: Command, pair: Pair | None) -> Result:
    set_brake = pause if command.command == "pause" else resume
    return set_brake(ports, command, pair)
