"""The brake that a person sets: it holds from the next claim on, for one pair or for all."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from handler.commands.held_back import Records, outages_in
from handler.errors import Conflict, FailoverError, InvalidEvent, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import Subject, about
from handler.model.notice import Notice
from handler.model.pair import Pair
from handler.model.pair_state import LONGEST_PAUSE, PairRecord, Pause
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Command
from handler.model.times import isoformat
from handler.notifications.next_steps import rehearse_command, resume_command

_NAMED: Final = 5  # pairs that are still paused by themselves: a notice stays short
_TRIES: Final = 20  # in a region's outage all its pairs change the brakes over all at once
Store = Callable[[Notice], None]
Change = Callable[[Pause | None], Pause | None]


def pause(ports: Ports, command: Command, pair: Pair | None) -> Result:
    """Set the brake of a pair, or of all pairs if it is None.

    One that ends later is not shortened by this: whoever set it would not know. One that is
    replaced is named, to whoever asks and to everybody.

    Raises:
        InvalidEvent: its end is not in the next 30 days.
        LedgerUnavailable: nothing was changed.
    """
    until, now = command.until, ports.clock()
    if until is None or not now < until <= now + LONGEST_PAUSE:
        found = isoformat(until) if until else "nothing"
        raise InvalidEvent(
            f"$.until: found {found}, allowed: a time of the next 30 days"
            f" (until {isoformat(now + LONGEST_PAUSE)})"
        )
    pause = Pause(until, command.reason or "", command.requested_by or "", now)

    def decide(was: Pause | None) -> Result | None:
        if was and was.holds(now) and was.ends_at > until:
            return _longer(command, pair, was)
        return None

    def told(was: Pause | None) -> Result:
        what = f"no failover until {isoformat(until)}: {quoted(pause.reason)}"
        if was and was.holds(now):
            what = f"{what}; it replaces the pause {_described(was)}"
        result = _result(command, pair, Decision.PAUSED, what)
        return replace(result, next_steps=resume_command(pair.name if pair else "*", pause))

    return _store(ports, pair, lambda _: pause, decide, told, now)


def resume(ports: Ports, command: Command, pair: Pair | None) -> Result:
    """Lift the brake of a pair, or of all pairs if it is None.

    A resume that says which pause it is for lifts no other: it was printed before that was set.

    Raises:
        LedgerUnavailable: nothing was changed.
    """
    now = ports.clock()

    def decide(was: Pause | None) -> Result | None:
        if was is None or not was.holds(now):
            return _resumed(ports, command, pair, "it was not paused", now)
        is_meant = command.paused_at in (None, was.paused_at)
        return None if is_meant else _other(command, pair, was)

    def lifted(was: Pause | None) -> Result:
        whose = f" {_described(was)}," if was else ""
        what = f"the pause{whose} is lifted: {quoted(command.reason)}"
        is_others = was is not None and was.requested_by != command.requested_by
        code = "anothers_pause" if is_others else Decision.RESUMED.value
        return _resumed(ports, command, pair, what, now, code)

    # Its end is kept, as an incident of the pause has its whole time from then on.
    def ended(was: Pause | None) -> Pause | None:
        return replace(was, until=now) if was else None

    return _store(ports, pair, ended, decide, lifted, now)


def _store(
    ports: Ports,
    pair: Pair | None,
    change: Change,
    decide: Callable[[Pause | None], Result | None],
    tell: Callable[[Pause | None], Result],
    now: datetime,
) -> Result:
    """Change the brake as it is now, unless `decide` has an answer without that."""
    for _ in range(_TRIES):
        was, store = _brake(ports, pair, change)
        if answer := decide(was):
            return answer
        result = tell(was)
        id_ = pair.disaster_recovery_id if pair else "*"
        notice_id = f"{id_}/{result.decision.value}-{now.isoformat()}"
        try:
            return ports.outbox.record_and_notify(result, notice_id, store)
        except Conflict:
            continue
    raise LedgerUnavailable("the brakes kept changing: send the command again")


def _brake(ports: Ports, pair: Pair | None, change: Change) -> tuple[Pause | None, Store]:
    """The brake as it is, and how to change it."""
    if pair is None:
        fleet = ports.ledger.fleet()
        changed = replace(fleet, pause=change(fleet.pause))
        return fleet.pause, partial(ports.ledger.save_fleet, changed)
    id_ = pair.disaster_recovery_id
    pair_state = ports.ledger.read(id_).pair_state
    paused = replace(pair_state, pause=change(pair_state.pause))
    return pair_state.pause, partial(ports.ledger.save_pair_state, id_, paused)


def _longer(command: Command, pair: Pair | None, was: Pause) -> Result:
    why = f"it is paused already {_described(was)}; to end that earlier, resume first"
    return _refused(command, pair, Reason("paused_longer", why), was)


def _other(command: Command, pair: Pair | None, was: Pause) -> Result:
    why = (
        f"this resume is for an earlier pause, and nothing was lifted: it is paused by now"
        f" {_described(was)}; ask them before you lift that one"
    )
    return _refused(command, pair, Reason("other_pause", why), was)


def _refused(command: Command, pair: Pair | None, why: Reason, was: Pause) -> Result:
    """The brake stays as it is; how to lift the one that is on."""
    refused = _result(command, pair, Decision.REFUSED, why.sentence)
    steps = resume_command(pair.name if pair else "*", was)
    return replace(refused, reason_code=why.code, next_steps=steps)


def _described(pause: Pause) -> str:
    """Until when, who has set it and why."""
    by, why = quoted(pause.requested_by), quoted(pause.reason)
    return f"until {isoformat(pause.ends_at)}, by {by}: {why}"


def _resumed(
    ports: Ports,
    command: Command,
    pair: Pair | None,
    what: str,
    now: datetime,
    code: str = Decision.RESUMED.value,
) -> Result:
    """That this brake is off; that another one may still be on, and what it has held back."""
    records = _records(ports, pair)
    left, outages = _left(ports, pair, records, now), outages_in(records, now)
    still = "".join(
        f"; but {'all pairs are' if name == '*' else f'{name} is'} still paused {_described(one)}"
        for name, one in left.items()
    )
    said = "".join(f"; {one.sentence}" for one in outages[:_NAMED])
    resumed = _result(command, pair, Decision.RESUMED, f"{what}{still}{said}")
    steps = [step for name, one in left.items() for step in resume_command(name, one)]
    steps += [step for one in outages[:_NAMED] for step in rehearse_command(one.pair)]
    code = outages[0].code if outages else code
    return replace(resumed, reason_code=code, next_steps=tuple(steps))


def _records(ports: Ports, pair: Pair | None) -> Records:
    """What is stored of the pair, or of all pairs."""
    if pair:
        return ((pair, ports.ledger.read(pair.disaster_recovery_id)),)
    # What cannot be read keeps nobody from lifting the brake over all pairs.
    with contextlib.suppress(FailoverError):
        good = ports.pairs().good
        records = ports.ledger.read_all(one.disaster_recovery_id for one in good)
        found = ((one, records[one.disaster_recovery_id]) for one in good)
        return tuple((one, record) for one, record in found if isinstance(record, PairRecord))
    return ()


def _left(ports: Ports, pair: Pair | None, records: Records, now: datetime) -> Mapping[str, Pause]:
    """The other brakes that are still on, by whom they are of."""
    found: dict[str, Pause | None]
    if pair:
        found = {"*": ports.ledger.fleet().pause}
    else:
        found = {one.name: record.pair_state.pause for one, record in records}
    held = {name: one for name, one in found.items() if one and one.holds(now)}
    return dict([*held.items()][:_NAMED])


def _result(command: Command, pair: Pair | None, decision: Decision, what: str) -> Result:
    subject = about(pair, command.trigger) if pair else Subject("*", trigger=command.trigger)
    return subject.result(decision, Reason(decision.value, what))
