"""Each command to what carries it out, and the pair that it means."""

from functools import partial
from typing import assert_never

from handler.commands.acknowledge import acknowledge
from handler.commands.failover import fail_over, rehearse, verify
from handler.commands.held import held_pair
from handler.commands.history import history
from handler.commands.pause import pause, resume
from handler.commands.reconcile.due import look_when_due, wait_for_due
from handler.commands.reconcile.one_pair import pursue
from handler.commands.reconcile.scheduled import run_scheduled
from handler.commands.reconcile.sweep import reconcile
from handler.commands.report import report
from handler.commands.sample_notice import send_test_notice
from handler.commands.status_of_all import status_of_all, status_of_named
from handler.errors import InvalidEvent, InvalidSettings
from handler.failover.ports import Ports
from handler.model.pair import Pair
from handler.model.result import Result
from handler.model.signals import Command


def run_command(ports: Ports, command: Command) -> Result | tuple[Result, ...]:  # noqa: PLR0911 - a command each
    """Answer a command: one result where it is about one pair, else one for each.

    Raises:
        InvalidEvent, InvalidSettings: there is no such pair, or its document is bad.
        ProviderUnavailable, LedgerUnavailable: nothing was ordered or changed.
    """
    is_named = bool(command.pair or command.disaster_recovery_id)
    match command.command:
        case "reconcile":
            mine = _reconcile_one if is_named else _reconcile_all
            return run_scheduled(ports, command, partial(mine, ports, command))
        case "report":
            return report(ports)
        case "status":
            is_of_one = is_named and "*" not in (command.pair or "")
            return status_of_named(ports, command) if is_of_one else status_of_all(ports, command)
        case "history":
            return history(ports, command)
        case "test_notice" if not is_named:
            return send_test_notice(ports, command, None)
        case "pause" | "resume" if command.pair == "*":
            return _set_brake(ports, command, None)
        case _:
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
        case "reconcile":
            return pursue(ports, pair)
        case "test_notice":
            return send_test_notice(ports, command, pair)
        case "acknowledge":
            return acknowledge(ports, command, pair)
        case "pause" | "resume":
            return _set_brake(ports, command, pair)
        case "status" | "history" | "report":
            raise AssertionError("answered above, for one pair as for all")
        case _:
            # Nothing that is not named above may come to an order or a brake.
            assert_never(command.command)


def _reconcile_all(ports: Ports, command: Command) -> Result | tuple[Result, ...]:
    return wait_for_due(ports, command, command.until) if command.until else reconcile(ports)


def _reconcile_one(ports: Ports, command: Command) -> Result:
    """One pair's turn in an invocation of its own."""
    pair = _pair(ports, command)
    return look_when_due(ports, pair) if command.until else _run_for_pair(ports, command, pair)


def _set_brake(ports: Ports, command: Command, pair: Pair | None) -> Result:
    set_brake = pause if command.command == "pause" else resume
    return set_brake(ports, command, pair)
