"""What reconcile remembers of the document of each pair, by the pair's name. Pure.

All else is known by the disaster-recovery id. But a person speaks of a pair by its name, and a
document that is gone, or that was bad and is bad again, has nothing else that stays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from handler.model.alarm_history import key_of
from handler.model.documents import BadPair, Pairs
from handler.model.pair import Pair

_MOST_FORMER: Final = 10  # ids of one name whose holds are still to be looked at


@dataclass(frozen=True)
class KnownDocument:
    """The document of one name, as it was seen last.

    Attributes:
        name: the pair's.
        disaster_recovery_id: of the last good one; None if there was none.
        mode: of the last good one.
        has_alarms: whether that one lists any.
        former_ids: those that the same name had before, as long as nobody has seen whether a run
            of theirs holds the pair.
        faults: what is wrong with it, by its key, with since when.
        gone_since: when it was first seen to be gone; None while it is there.
    """

    name: str
    disaster_recovery_id: str | None = None
    mode: str = "observe"
    has_alarms: bool = False
    former_ids: tuple[str, ...] = ()
    faults: Mapping[str, datetime] = field(default_factory=dict)
    gone_since: datetime | None = None

    @property
    def is_retired(self) -> bool:
        """Whether it says itself that nobody needs it: it hears nothing, and orders nothing."""
        return self.mode == "observe" and not self.has_alarms

    @property
    def is_missed(self) -> bool:
        """Whether somebody may count on the pair, once its document is gone."""
        return self.disaster_recovery_id is not None and not self.is_retired


ByName = Mapping[str, KnownDocument]


def seen(before: ByName, pairs: Pairs, now: datetime) -> dict[str, KnownDocument]:
    """What is known of each document now that all of them have been read.

    One that is retired or renamed is forgotten. One whose id stands in a bad document is not lost
    yet, and not found either.
    """
    others = {pair.disaster_recovery_id for pair in pairs.good}
    found = {
        **{pair.name: _good(before, pair, others) for pair in pairs.good},
        **{bad.name: _bad(before, bad, now) for bad in pairs.bad},
    }
    left = (one for one in before.values() if one.name not in found)
    kept = [one for one in left if one.is_missed and one.disaster_recovery_id not in others]
    in_bad = {bad.disaster_recovery_id for bad in pairs.bad}
    gone = {one.name: _gone(one, in_bad, now) for one in kept}
    return {**found, **gone}


def _good(before: ByName, pair: Pair, ids: Collection[str]) -> KnownDocument:
    was, id_ = before.get(pair.name, KnownDocument(pair.name)), pair.disaster_recovery_id
    # An id that stands in another document has only been renamed: it takes along what it has.
    is_new = was.disaster_recovery_id is not None and was.disaster_recovery_id not in ids
    former = (*was.former_ids, was.disaster_recovery_id) if is_new else was.former_ids
    return replace(
        was,
        disaster_recovery_id=id_,
        mode=pair.mode,
        has_alarms=bool(pair.alarms),
        former_ids=tuple(one for one in former if one and one != id_)[-_MOST_FORMER:],
        faults={},
        gone_since=None,
    )


def _bad(before: ByName, bad: BadPair, now: datetime) -> KnownDocument:
    was, key = before.get(bad.name, KnownDocument(bad.name)), fault_of(bad)
    return replace(was, faults={key: was.faults.get(key, now)}, gone_since=None)


def fault_of(bad: BadPair) -> str:
    """What makes a bad document's faults the same as before."""
    return key_of(bad.sentence)


def _gone(known: KnownDocument, in_bad: Collection[str | None], now: datetime) -> KnownDocument:
    is_in_bad = known.disaster_recovery_id in in_bad
    return replace(known, gone_since=None if is_in_bad else known.gone_since or now)
