"""The documents of pairs: parsed, validated, found by name or id. Pure.

One bad document never stops the others: it is kept beside them with its faults.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Final, Self

from handler.errors import InvalidEvent, InvalidSettings
from handler.model.hosts import AllowedHosts, is_endpoint
from handler.model.listeners import Listeners
from handler.model.pair import Pair
from handler.model.run import Run
from handler.model.schema import parse_json, shown, validate
from handler.model.signals import Alarm

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}", re.ASCII)  # what a command can name
_MOST_ALARMS: Final = 4096  # no SSM parameter holds more
_LONGEST_ALARM: Final = 1600
_FIELDS: Final = frozenset(one.name for one in fields(Pair)) - {"name"}
_MOST_PARSED: Final = 4096  # documents that are remembered as they were parsed


@dataclass(frozen=True)
class BadPair:
    """A document that cannot be used, and every reason why.

    What can still be read of it is kept, so that no alarm that is meant for the pair is lost in
    silence. If not even its list can be read, nobody knows which alarms are meant for it.
    """

    name: str
    faults: tuple[str, ...]
    disaster_recovery_id: str | None = None
    alarms: tuple[str, ...] = ()
    is_readable: bool = True

    @property
    def sentence(self) -> str:
        """All faults in one message."""
        return f"pair {self.name}: {'; '.join(self.faults)}"

    def is_of(self, run: Run) -> bool:
        """Whether a run holds this pair, by its id or by its name: either may be what is bad."""
        return run.disaster_recovery_id == self.disaster_recovery_id or run.pair == self.name


@dataclass(frozen=True)
class Pairs:
    """Documents of the deployment: all of them, or those that something is about.

    Attributes:
        good: the pairs.
        bad: documents that cannot be used.
        are_all: whether no other document can be meant: all have just been read.
    """

    good: tuple[Pair, ...]
    bad: tuple[BadPair, ...]
    are_all: bool = True

    def of_alarm(self, alarm: Alarm, own_account: str, own_region: str) -> Self:
        """Those that an alarm speaks for, or may: nobody knows what an unreadable one lists."""
        places = self._listeners.of_alarm(alarm, own_account, own_region)
        return self._at(places | self._unreadable)

    def of_id(self, disaster_recovery_id: str) -> Self:
        """Those with this id."""
        return self._at(self._listeners.of_id(disaster_recovery_id))

    def but(self, names: Collection[str]) -> Self:
        """All but those of these names."""
        return replace(self, **_apart(one for one in self._every if one.name not in names))

    def _at(self, places: Iterable[int]) -> Self:
        return replace(self, **_apart(self._every[place] for place in sorted(places)))

    @cached_property
    def _every(self) -> tuple[Pair | BadPair, ...]:
        return (*self.good, *self.bad)

    @cached_property
    def _listeners(self) -> Listeners:
        return Listeners((one.alarms, one.disaster_recovery_id) for one in self._every)

    @cached_property
    def _unreadable(self) -> frozenset[int]:
        every = enumerate(self._every)
        return frozenset(
            place for place, one in every if isinstance(one, BadPair) and not one.is_readable
        )

    def find(self, name: str | None, disaster_recovery_id: str | None) -> Pair:
        """The one pair with this name and this id, as far as they are given.

        Raises:
            InvalidEvent: there is none.
            InvalidSettings: its document is bad.
        """
        for bad in self.bad:
            if _is_meant(bad, name, disaster_recovery_id):
                raise InvalidSettings(bad.sentence)
        for pair in self.good:
            if _is_meant(pair, name, disaster_recovery_id):
                return pair
        known = ", ".join(sorted(pair.name for pair in self.good)) or "none"
        where = "$.pair" if name else "$.disaster_recovery_id"
        found = shown(name or disaster_recovery_id)
        raise InvalidEvent(f"{where}: found {found}, allowed: a configured pair ({known})")


def parse_pairs(documents: Mapping[str, str], hosts: AllowedHosts) -> Pairs:
    """Validate documents by pair name; one id in two documents makes both bad."""
    named = [(name.rsplit("/", 1)[-1], text) for name, text in sorted(documents.items())]
    parsed = [_parse(name, text, hosts) for name, text in named]
    uses = Counter((one.disaster_recovery_id or "").lower() for one in parsed)
    twice = {id_ for id_, count in uses.items() if id_ and count > 1}
    checked = [_refuse_twice(one, parsed, twice) for one in parsed]
    return Pairs(**_apart(checked))


def _apart(found: Iterable[Pair | BadPair]) -> dict[str, Any]:
    """The good ones and the bad ones."""
    every = tuple(found)
    return {
        "good": tuple(one for one in every if isinstance(one, Pair)),
        "bad": tuple(one for one in every if isinstance(one, BadPair)),
    }


def _is_meant(one: Pair | BadPair, name: str | None, disaster_recovery_id: str | None) -> bool:
    same_id = (one.disaster_recovery_id or "").lower() == (disaster_recovery_id or "").lower()
    return (name is None or one.name == name) and (disaster_recovery_id is None or same_id)


@lru_cache(_MOST_PARSED)
def _parse(name: str, text: str, hosts: AllowedHosts) -> Pair | BadPair:
    """A document that is read each minute changes once a year: it is parsed when it does."""
    if not _NAME.fullmatch(name):
        fault = f"the name: found {shown(name)}, allowed: 1 to 128 of A-Z a-z 0-9 _ . -"
        return BadPair(name[:128], (fault,), is_readable=False)
    try:
        document = parse_json(text)
    except ValueError as err:
        why = f"not valid JSON: {err}" if text.strip() else "found nothing, allowed: a JSON object"
        return BadPair(name, (f"$: {why}",), is_readable=False)
    faults = [*validate(document, "pair"), *_faults_of_host(document, hosts)]
    if faults:
        return _bad(name, faults, document)
    document["endpoint"] = document["endpoint"].rstrip("/")
    document["disaster_recovery_id"] = document["disaster_recovery_id"].lower()
    document["alarms"] = tuple(document["alarms"])
    document["probes"] = {id_.lower(): address for id_, address in document["probes"].items()}
    return Pair(name=name, **document)


def _faults_of_host(document: Any, hosts: AllowedHosts) -> list[str]:
    endpoint = document.get("endpoint") if isinstance(document, dict) else None
    # What is no endpoint at all is the schema's fault to tell.
    if not isinstance(endpoint, str) or not is_endpoint(endpoint) or hosts.allow(endpoint):
        return []
    return [f"$.endpoint: found {shown(endpoint)}, allowed: {hosts}"]


def _bad(name: str, faults: list[str], document: Any) -> BadPair:
    entries = document if isinstance(document, dict) else {}
    id_ = str(entries.get("disaster_recovery_id")).lower()
    return BadPair(
        name,
        tuple(faults),
        id_ if _UUID.fullmatch(id_) else None,
        _alarms(entries.get("alarms")),
        isinstance(document, dict) and _says_its_alarms(entries),
    )


def _says_its_alarms(entries: Mapping[str, Any]) -> bool:
    """Whether a bad document still says which alarms it lists.

    Not where the list is what is bad, nor where it may stand under a name that was mistyped.
    """
    listed = entries.get("alarms", [])
    if listed == []:  # as it is by default, too
        return entries.keys() <= _FIELDS
    return isinstance(listed, str) or bool(_alarms(listed))


def _alarms(listed: Any) -> tuple[str, ...]:
    """What of a list, or of a name alone, can be an alarm's pattern."""
    listed = [listed] if isinstance(listed, str) else listed
    texts = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return tuple(one for one in texts if 0 < len(one) <= _LONGEST_ALARM)[:_MOST_ALARMS]


def _refuse_twice(
    one: Pair | BadPair, parsed: list[Pair | BadPair], twice: set[str]
) -> Pair | BadPair:
    id_ = (one.disaster_recovery_id or "").lower()
    if id_ not in twice:
        return one
    others = [
        other.name
        for other in parsed
        if other is not one and (other.disaster_recovery_id or "").lower() == id_
    ]
    fault = f"$.disaster_recovery_id: {id_} also stands in {', '.join(others)}"
    known = one.faults if isinstance(one, BadPair) else ()
    is_readable = one.is_readable if isinstance(one, BadPair) else True
    return BadPair(one.name, (*known, fault), one.disaster_recovery_id, one.alarms, is_readable)
