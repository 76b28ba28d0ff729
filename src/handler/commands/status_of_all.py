"""How many pairs stand, a row each; a bad document is a row, and so is one pair's trouble."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from handler.aws.pairs import BadPair, Pairs
from handler.commands.held import held_runs
from handler.commands.status import TRIGGER, held_by, status
from handler.errors import FailoverError, InvalidEvent, InvalidSettings, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.model.pair import Pair
from handler.model.printable import one_line
from handler.model.result import Decision, Reason, Result
from handler.model.run import Run
from handler.model.signals import Command
from handler.model.wildcard import matches
from handler.notifications.next_steps import correct_document, correct_secret, steps_of

_LONGEST: Final = 4000  # characters, as of a pair that could be looked at
_BRIEF: Final = 200  # characters of a bad document's faults: many pairs must fit one answer


def status_of_named(ports: Ports, command: Command) -> Result:
    """How the pair stands that a command names.

    Raises:
        InvalidEvent, InvalidSettings: there is no such pair, or, in brief, its document is bad.
        LedgerUnavailable: it cannot be read.
    """
    pairs = ports.pairs()
    try:
        pair = pairs.find(command.pair, command.disaster_recovery_id)
    except (InvalidEvent, InvalidSettings):
        found = _rows(ports, command, replace(pairs, good=()))
        if command.brief or not found:  # a machine matches the error
            raise
        return found[0]
    return status(ports, command, pair)


def status_of_all(ports: Ports, command: Command) -> tuple[Result, ...]:
    """A row for each pair that is meant; one without a good document is a row too.

    Raises:
        LedgerUnavailable: of none of them it can be told.
    """
    return _rows(ports, command, ports.pairs())


def _rows(ports: Ports, command: Command, pairs: Pairs) -> tuple[Result, ...]:
    """What is wrong with one pair, a bug included, is its row."""

    def row_of(pair: Pair) -> Result:
        row = ports.guard.outcome(pair.name, lambda: status(ports, command, pair))
        if isinstance(row, FailoverError):
            raise row
        return unseen(pair, row) if isinstance(row, Exception) else row

    good = {pair.disaster_recovery_id for pair in ports.pairs().good}
    held = () if command.brief else held_runs(ports, lambda id_: id_ not in good)
    return rows(pairs, command, row_of, held)


def rows(
    pairs: Pairs, asked: Command, status: Callable[[Pair], Result], held: tuple[Run, ...] = ()
) -> tuple[Result, ...]:
    """How pairs stand, a row each; what is wrong with one of them is its own row.

    Args:
        pairs: those that there are.
        asked: which of them are meant; in brief, faults are cut short.
        status: looks at one.
        held: the runs that hold pairs without a good document.

    Raises:
        LedgerUnavailable: of none of them it can be told.
    """
    meant = [pair for pair in pairs.good if _is_meant(pair, asked)]
    found = [_tried(pair, status) for pair in meant]
    good = [
        unseen(pair, one) if isinstance(one, FailoverError) else one
        for pair, one in zip(meant, found, strict=True)
    ]
    bad = [of_bad(one, held, is_brief=asked.brief) for one in pairs.bad if _is_meant(one, asked)]
    gone = [one for one in _gone(pairs, held) if _is_meant(one, asked)]
    unread = [one for one in found if isinstance(one, LedgerUnavailable)]
    if unread and len(unread) == len(found) and not (bad or gone):
        raise unread[0]
    return tuple(sorted([*good, *bad, *gone], key=lambda row: row.pair or ""))


def _is_meant(one: Pair | BadPair | Result, asked: Command) -> bool:
    name = one.pair if isinstance(one, Result) else one.name
    is_named = matches(asked.pair or "*", name or "")
    return is_named and asked.disaster_recovery_id in (None, one.disaster_recovery_id)


def of_bad(bad: BadPair, held: Iterable[Run] = (), *, is_brief: bool = False) -> Result:
    """A pair whose document is bad, and which of these runs hold it."""
    mine = [run for run in held if bad.is_of(run)]
    faults = one_line("; ".join(bad.faults), _BRIEF if is_brief else _LONGEST)
    result = _undocumented(bad.name, f"bad: {faults}", mine)
    return replace(result, disaster_recovery_id=bad.disaster_recovery_id)


def _gone(pairs: Pairs, held: tuple[Run, ...]) -> list[Result]:
    """The pairs that runs hold and of which there is no document any more."""
    lost = [run for run in held if not any(one.is_of(run) for one in pairs.bad)]
    by_id = {run.disaster_recovery_id: run.pair for run in lost}
    return [
        replace(
            _undocumented(name, "gone", [run for run in lost if run.disaster_recovery_id == id_]),
            disaster_recovery_id=id_,
        )
        for id_, name in by_id.items()
    ]


def _undocumented(name: str, why: str, held: list[Run]) -> Result:
    line = f"NOT READY because its document is {why}"
    return Result(
        Decision.STATUS,
        "invalid_pair",
        f"{held_by(held)}; {line}" if held else line,
        command="status",
        pair=name,
        run_id=held[0].run_id if held else None,
        next_steps=(*(step for run in held for step in steps_of(run)), *correct_document(name)),
    )


def unseen(pair: Pair, err: Exception) -> Result:
    """A pair that cannot be looked at."""
    code, step = "internal_error", "see the function's log: a bug was met"
    if isinstance(err, InvalidSettings):
        code, (step,) = "invalid_credentials", correct_secret(pair)
    elif isinstance(err, FailoverError):
        code, step = "unavailable", "ask again"
    why = str(err) if isinstance(err, FailoverError) else type(err).__name__
    return about(pair, TRIGGER).result(
        Decision.STATUS,
        Reason(code, f"NOT READY because it cannot be checked: {why}"),
        retryable=code == "unavailable",
        next_steps=(step,),
    )


def _tried(pair: Pair, status: Callable[[Pair], Result]) -> Result | FailoverError:
    try:
        return status(pair)
    except FailoverError as err:
        return err
