"""Commands: what a person or a state machine asks of one pair."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.errors import ProviderUnavailable
from handler.failover.act import act, dry_run
from handler.failover.attempt import Attempt
from handler.failover.follow import follow
from handler.failover.ports import Ports
from handler.failover.results import about, about_run
from handler.failover.settle import watched
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.run import Run
from handler.model.signals import Command
from handler.model.times import isoformat
from handler.notifications.next_steps import GOOD_FOR, failover_command

_AHEAD: Final = timedelta(
    minutes=5
)  # a person's clock may be; no further, or it stays good for long


def fail_over(ports: Ports, command: Command, pair: Pair) -> Result:
    """Fail over, in either mode; a rehearsal if the pair's name is not typed back.

    Raises:
        InvalidEvent: its `request_id` is an earlier command's; nothing was ordered.
        ProviderUnavailable, LedgerUnavailable, InvalidSettings: nothing was ordered.
    """
    if command.confirm is None:
        return rehearse(ports, command, pair)
    trigger, now = command.trigger, ports.clock()
    if why := _not_confirmed(command, pair, now):
        steps = _again(command, pair, now)
        return about(pair, trigger).result(Decision.REFUSED, why, next_steps=steps)
    attempt = Attempt(pair, trigger, request_id=command.request_id, relies_on=command.evidence)
    return _readable(act(ports, attempt))


def rehearse(ports: Ports, command: Command, pair: Pair) -> Result:
    """Ask every gate and order nothing.

    Raises:
        ProviderUnavailable, LedgerUnavailable, InvalidSettings: nothing was asked.
    """
    return _readable(dry_run(ports, pair, command.trigger))


def verify(ports: Ports, command: Command, pair: Pair) -> Result:
    """Look at a run's pair and settle the run, as far as the provider shows what became of it.

    Raises:
        LedgerUnavailable: it cannot be read.
    """
    record = ports.ledger.read(pair.disaster_recovery_id)
    run = _run(ports, command, pair, record)
    if run is None:
        named = command.run_id or command.request_id
        why = f"{pair.name} has no run" + (f" {named}" if named else "")
        return about(pair, command.trigger).result(Decision.NO_RUN, Reason("no_run", why))
    # What is seen of a pair is one run's doing: an older one is not looked at beside another.
    if run.is_in_flight or run.run_id in {one.run_id for one in watched(record, ports.clock())}:
        run = follow(ports, run)
    return replace(about_run(run, now=ports.clock()), command=command.command)


def _run(ports: Ports, command: Command, pair: Pair, record: PairRecord) -> Run | None:
    """The run that is meant by its id or by its request's; else the last one."""
    id_, last = pair.disaster_recovery_id, record.run
    if command.run_id:
        is_last = last is not None and last.run_id == command.run_id
        return last if is_last else ports.ledger.run(id_, command.run_id)
    return _run_of_request(ports, command, id_) if command.request_id else last


def _run_of_request(ports: Ports, command: Command, id_: str) -> Run | None:
    """The run that its request has made; by whoever says since when, none of an earlier command."""
    run = ports.ledger.run_of_request(id_, command.request_id or "")
    asked_at = command.requested_at
    return run if run and (asked_at is None or run.is_repeated_by(asked_at)) else None


def _not_confirmed(command: Command, pair: Pair, now: datetime) -> Reason | None:
    """Why a command with `confirm` is none, if it is none."""
    if command.confirm != pair.name:
        return Reason("wrong_confirmation", f"confirm must be the pair's name, {pair.name}")
    at = command.requested_at
    if at is None or not now - GOOD_FOR <= at <= now + _AHEAD:
        found = isoformat(at) if at else "nothing"
        return Reason(
            "stale_request", f"requested_at is {found}; it must be of the last 30 minutes"
        )
    return None


def _again(command: Command, pair: Pair, now: datetime) -> Steps:
    """The same command, as of now; what it rests on stays what the person has seen."""
    began_at = command.outage_began_at
    return failover_command(
        pair.name,
        now,
        "every gate is asked again before",
        override=list(command.override),
        run_id=command.run_id,
        evidence=command.evidence,
        outage_began_at=isoformat(began_at) if began_at else None,
    )


def _readable(result: Result) -> Result:
    """The result, unless the provider could not be read and may well be in a moment."""
    is_provider = result.reason_code.startswith("provider_")
    if result.decision is Decision.BLOCKED and is_provider and result.retryable:
        raise ProviderUnavailable(result.reason)
    return result
