"""How many pairs stand, a row each; a bad document is a row, and so is one pair's trouble."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from handler.commands.held import known_open, missed
from handler.commands.status import TRIGGER, status
from handler.commands.stored import held_by, incident_open
from handler.errors import FailoverError, InvalidEvent, InvalidSettings, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.model.documents import BadPair, Pairs
from handler.model.known import Known
from handler.model.known_document import KnownDocument
from handler.model.pair import Pair
from handler.model.printable import one_line
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.signals import Command
from handler.model.wildcard import matches
from handler.notifications.next_steps import (
    correct_document,
    correct_secret,
    restore_document,
    steps_of,
)

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
    if command.brief:
        return rows(pairs, command, row_of)
    known = known_open(ports, lambda id_: id_ not in good)
    return rows(pairs, command, row_of, known, missed(ports))


def rows(
    pairs: Pairs,
    asked: Command,
    status: Callable[[Pair], Result],
    known: tuple[Known, ...] = (),
    missed: tuple[KnownDocument, ...] = (),
) -> tuple[Result, ...]:
    """How pairs stand, a row each; what is wrong with one of them is its own row.

    Args:
        pairs: those that there are.
        asked: which of them are meant; in brief, faults are cut short.
        status: looks at one.
        known: what is open of pairs without a good document.
        missed: the documents that are gone, of pairs that were watched.

    Raises:
        LedgerUnavailable: of none of them it can be told.
    """
    meant = [pair for pair in pairs.good if _is_meant(pair, asked)]
    found = [_tried(pair, status) for pair in meant]
    good = [
        unseen(pair, one) if isinstance(one, FailoverError) else one
        for pair, one in zip(meant, found, strict=True)
    ]
    bad = [of_bad(one, known, is_brief=asked.brief) for one in pairs.bad if _is_meant(one, asked)]
    gone = [one for one in _gone(pairs, known, missed) if _is_meant(one, asked)]
    unread = [one for one in found if isinstance(one, LedgerUnavailable)]
    if unread and len(unread) == len(found) and not (bad or gone):
        raise unread[0]
    return tuple(sorted([*good, *bad, *gone], key=lambda row: row.pair or ""))


def _is_meant(one: Pair | BadPair | Result, asked: Command) -> bool:
    name = one.pair if isinstance(one, Result) else one.name
    is_named = matches(asked.pair or "*", name or "")
    return is_named and asked.disaster_recovery_id in (None, one.disaster_recovery_id)


def of_bad(bad: BadPair, known: Iterable[Known] = (), *, is_brief: bool = False) -> Result:
    """A pair whose document is bad, and what of this is open of it."""
    mine = [one for one in known if one.is_of(bad.name, bad.disaster_recovery_id)]
    faults = one_line("; ".join(bad.faults), _BRIEF if is_brief else _LONGEST)
    result = _undocumented(bad.name, f"bad: {faults}", mine, correct_document(bad.name))
    return replace(result, disaster_recovery_id=bad.disaster_recovery_id)


def _gone(
    pairs: Pairs, known: tuple[Known, ...], missed: tuple[KnownDocument, ...]
) -> list[Result]:
    """The pairs without a document any more that were watched, or of which something is open."""
    bad = [(one.name, one.disaster_recovery_id) for one in pairs.bad]
    lost = [one for one in known if one.is_open and not any(one.is_of(*of) for of in bad)]
    names: dict[str | None, str] = {one.disaster_recovery_id: one.name for one in missed}
    names |= {one.disaster_recovery_id: one.names[0] for one in lost}
    by_id: dict[str | None, list[Known]] = {one.disaster_recovery_id: [one] for one in lost}
    return [
        replace(
            _undocumented(name, "gone", by_id.get(id_, []), restore_document(name)),
            disaster_recovery_id=id_,
        )
        for id_, name in names.items()
    ]


def _undocumented(name: str, why: str, known: list[Known], mended_by: Steps) -> Result:
    held = [run for one in known for run in one.runs]
    incidents = [one.incident for one in known if one.incident]
    said = [
        *([held_by(held)] if held else []),
        *(incident_open(one) for one in incidents),
        f"NOT READY because its document is {why}",
        *(f"what is stored cannot be read: {one.trouble}" for one in known if one.trouble),
    ]
    return Result(
        Decision.STATUS,
        "invalid_pair",
        one_line("; ".join(said), _LONGEST),
        command="status",
        pair=name,
        run_id=held[0].run_id if held else None,
        incident_id=incidents[0].incident_id if incidents else None,
        next_steps=(*(step for run in held for step in steps_of(run)), *mended_by),
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
