"""Whom an alarm may speak for, of any number of pairs: looked up, not asked in turn. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from handler.model.alarm_patterns import names_of, speaks_for
from handler.model.signals import Alarm

_ANY: Final = "*"


class Listeners:
    """Places in a list of documents by what these listen to; made once for each reading of them."""

    def __init__(self, listening: Iterable[tuple[tuple[str, ...], str | None]]) -> None:
        """Take each document's patterns and id, in their order."""
        self._by_id: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        # By what stands before the first `*`: an alarm's name begins with it, or is not meant.
        self._by_head: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for place, (patterns, id_) in enumerate(listening):
            if id_:
                self._by_id[id_.lower()].add(place)
            for pattern in patterns:
                head, star, _ = pattern.partition(_ANY)
                known = self._by_head[head] if star else self._by_name
                known[pattern].add(place)

    def of_alarm(self, alarm: Alarm, own_account: str, own_region: str) -> frozenset[int]:
        """Those whose ids an alarm names; where a text names nobody's, those that list it."""
        named = frozenset[int]().union(*map(self.of_id, alarm.ids))
        if named or alarm.disaster_recovery_id:
            return named
        may_mean = self._known_for(names_of(alarm.arn, own_account, own_region))
        found = (
            places
            for pattern, places in may_mean
            if speaks_for((pattern,), alarm.arn, own_account, own_region)
        )
        return frozenset[int]().union(*found)

    def of_id(self, disaster_recovery_id: str) -> frozenset[int]:
        """Those with an id."""
        return frozenset(self._by_id.get(disaster_recovery_id.lower(), ()))

    def _known_for(self, names: Iterable[str]) -> Iterator[tuple[str, set[int]]]:
        """The patterns that are an alarm's name, or begin like it up to their first `*`."""
        for name in names:
            if name in self._by_name:
                yield name, self._by_name[name]
        heads = {name[:length] for name in names for length in range(len(name) + 1)}
        for head in heads & self._by_head.keys():
            yield from self._by_head[head].items()
