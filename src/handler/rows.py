"""How many pairs stand, a row each; a bad document is a row, and so is one pair's trouble."""

from collections.abc import Callable
from typing import Final

from handler.errors import FailoverError, InvalidSettings, LedgerUnavailable
from handler.outcome import Decision, Result, about
from handler.pair import Pair
from handler.pairs import BadPair, Pairs
from handler.printable import one_line
from handler.status import TRIGGER
from handler.steps import correcting

_LONGEST: Final = 4000
_BRIEF: Final = 200  # characters of a bad document's faults: many pairs must fit one answer


def rows(
    pairs: Pairs, status: Callable[[Pair], Result], *, is_brief: bool = False
) -> tuple[Result, ...]:
    """How many pairs stand, a row each; what is wrong with one of them is its own row.

    Raises:
        LedgerUnavailable: of none of them it can be told.
    """
    found = [_tried(pair, status) for pair in pairs.good]
    unread = [one for one in found if isinstance(one, LedgerUnavailable)]
    if unread and len(unread) == len(found):
        raise unread[0]
    good = [
        unseen(pair, one) if isinstance(one, FailoverError) else one
        for pair, one in zip(pairs.good, found, strict=True)
    ]
    bad = [of_bad(one, is_brief=is_brief) for one in pairs.bad]
    return tuple(sorted([*good, *bad], key=lambda row: row.pair or ""))


def of_bad(bad: BadPair, *, is_brief: bool = False) -> Result:
    """A pair whose document is bad."""
    whole = "; ".join(bad.faults)
    faults = one_line(whole, _BRIEF if is_brief else _LONGEST)
    return Result(
        Decision.STATUS,
        "invalid_pair",
        f"NOT READY because its document is bad: {faults}",
        command="status",
        pair=bad.name,
        disaster_recovery_id=bad.disaster_recovery_id,
        next_steps=correcting(bad.name),
    )


def unseen(pair: Pair, err: Exception) -> Result:
    """A pair that cannot be looked at."""
    code, step = "internal_error", "see the function's log: a bug was met"
    if isinstance(err, InvalidSettings):
        code, step = "invalid_credentials", f"correct the secret {pair.credentials_secret}"
    elif isinstance(err, FailoverError):
        code, step = "unavailable", "ask again"
    why = str(err) if isinstance(err, FailoverError) else type(err).__name__
    return Result(
        Decision.STATUS,
        code,
        f"NOT READY because it cannot be looked at: {why}",
        retryable=code == "unavailable",
        next_steps=(step,),
        **about(pair, TRIGGER),
    )


def _tried(pair: Pair, status: Callable[[Pair], Result]) -> Result | FailoverError:
    try:
        return status(pair)
    except FailoverError as err:
        return err
