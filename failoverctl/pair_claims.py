"""Alarms that two documents claim: on purpose, or because a wildcard catches another's. Pure.

Each entry with a `*` is compared with each of every other document. Whoever writes the documents
decides how long that takes, so there is a limit, which is said where it is reached.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Final

from handler.model.alarm_patterns import claim_the_same
from handler.model.pair import Pair
from handler.model.schema import shown

_MOST_TOLD: Final = 5  # of one pair: a "*" claims what all others do
_MOST_LETTERS: Final = 20_000_000  # walked by all comparisons together; some 20 s
_WHOLE_NAME: Final = 3  # letters: what it costs to look whether a name is as a pattern says


@dataclass
class Claims:
    """What is to be told of each pair, by its name."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    more: Counter[str] = field(default_factory=Counter)
    not_compared: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Entries:
    """A pair's alarms, each once: whole names, and those with a wildcard."""

    name: str
    listed: Mapping[str, None]
    wild: tuple[str, ...]
    letters: int  # of those with a wildcard

    @property
    def whole(self) -> int:
        return len(self.listed) - len(self.wild)


def claims_in(pairs: Iterable[Pair], most_letters: int = _MOST_LETTERS) -> Claims:
    """The same entry in two documents is meant; one that catches another's alarm is an accident."""
    claims, left = Claims(), most_letters
    for one, other in combinations([*map(_entries, pairs)], 2):
        _note_shared(claims, one, other)
        cost = _cost(one, other)
        if cost > left:
            claims.not_compared.update((one.name, other.name))
            continue
        left -= cost
        for mine, theirs in _caught(one, other):
            _note_caught(claims, one, mine, other, theirs)
    _note_rest(claims)
    return claims


def _entries(pair: Pair) -> _Entries:
    listed = dict.fromkeys(pair.alarms)
    wild = tuple(one for one in listed if "*" in one)
    return _Entries(pair.name, listed, wild, sum(map(len, wild)))


def _cost(one: _Entries, other: _Entries) -> int:
    looks = one.whole * len(other.wild) + len(one.wild) * other.whole
    return one.letters * len(other.wild) + looks * _WHOLE_NAME


def _caught(one: _Entries, other: _Entries) -> Iterator[tuple[str, str]]:
    for mine in one.listed:
        for theirs in other.listed if "*" in mine else other.wild:
            is_said = mine in other.listed or theirs in one.listed  # as the entry that both have
            if not is_said and claim_the_same(mine, theirs):
                yield mine, theirs


def _note_shared(claims: Claims, one: _Entries, other: _Entries) -> None:
    for mine in islice((it for it in one.listed if it in other.listed), _MOST_TOLD):
        both = f"$.alarms: {shown(mine)} speaks for {one.name} and {other.name}"
        said = f"{both}: an alarm of it fails both over"
        claims.remarks.setdefault(one.name, []).append(said)


def _note_caught(claims: Claims, one: _Entries, mine: str, other: _Entries, theirs: str) -> None:
    told = claims.warnings.setdefault(one.name, [])
    if len(told) == _MOST_TOLD:
        claims.more[one.name] += 1
        return
    names = [pattern for pattern in (mine, theirs) if "*" not in pattern]
    what = f"the alarm {shown(names[0])}" if names else "one alarm"
    told.append(
        f"$.alarms: {what} can speak for {one.name} ({shown(mine)}) and for {other.name}"
        f" ({shown(theirs)}): it would fail over both; allowed: alarms that only one of them means"
    )


def _note_rest(claims: Claims) -> None:
    for name, count in claims.more.items():
        claims.warnings[name].append(f"$.alarms: {count} more claims like these")
    for name, count in claims.not_compared.items():
        others = "1 other document" if count == 1 else f"{count} other documents"
        claims.faults.setdefault(name, []).append(
            f"$.alarms: found too many entries with * to compare them with those of {others},"
            " allowed: fewer, or shorter ones"
        )
