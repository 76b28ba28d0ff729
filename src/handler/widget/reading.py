"""Reads what is stored of the pairs: one damaged item is its own pair's trouble and no other's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from handler.aws.known import known_of
from handler.aws.ledger import Ledger
from handler.errors import LedgerUnavailable
from handler.model.documents import BadPair, Pairs
from handler.model.known import Known
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord
from handler.model.times import Clock
from handler.model.wildcard import matches
from handler.widget.standing import (
    Standing,
    standing_of,
    standing_of_bad,
    standing_of_gone,
    standing_of_unread,
)


@dataclass(frozen=True)
class Source:
    """Where it is read.

    Attributes:
        ledger: what is stored.
        pairs: all pairs by their documents.
        clock: the present time.
    """

    ledger: Ledger
    pairs: Callable[[], Pairs]
    clock: Clock


def read_standings(source: Source, pattern: str) -> list[Standing]:
    """How the pairs stand whose names match.

    Raises:
        LedgerUnavailable, InvalidSettings: nothing can be read.
    """
    pairs = source.pairs()
    meant = [one for one in pairs.good if matches(pattern, one.name)]
    fleet = source.ledger.fleet()
    records = source.ledger.read_all([one.disaster_recovery_id for one in meant])
    known = _known(source, pairs)
    now = source.clock()
    return [
        *(_standing(one, records[one.disaster_recovery_id], fleet, now) for one in meant),
        *_bad(pairs.bad, known, pattern, now),
        *_gone(pairs.bad, known, pattern, now),
    ]


def _standing(
    pair: Pair, record: PairRecord | LedgerUnavailable, fleet: Fleet, now: datetime
) -> Standing:
    if isinstance(record, LedgerUnavailable):
        return standing_of_unread(pair, str(record), now)
    return standing_of(pair, record, fleet, now)


def _known(source: Source, pairs: Pairs) -> list[Known]:
    """What is open of the pairs that have no good document."""
    good = {one.disaster_recovery_id for one in pairs.good}
    bad = {one.disaster_recovery_id for one in pairs.bad}
    work = [one for one in source.ledger.open_items() if one.disaster_recovery_id not in good]
    some = (one for one in work if one.held or one.incidents or one.disaster_recovery_id in bad)
    return [known_of(source.ledger, one) for one in some]


def _bad(
    bad: tuple[BadPair, ...], known: list[Known], pattern: str, now: datetime
) -> Iterator[Standing]:
    for one in bad:
        if matches(pattern, one.name):
            mine = [found for found in known if found.is_of(one.name, one.disaster_recovery_id)]
            yield standing_of_bad(one.name, one.faults, now, mine)


def _gone(
    bad: tuple[BadPair, ...], known: list[Known], pattern: str, now: datetime
) -> Iterator[Standing]:
    """The pairs of which something is open and of which there is no document, good or bad."""
    of_bad = [(one.name, one.disaster_recovery_id) for one in bad]
    for one in known:
        is_lost = one.is_open and not any(one.is_of(*of) for of in of_bad)
        if is_lost and matches(pattern, one.names[0]):
            yield standing_of_gone(one, now)
