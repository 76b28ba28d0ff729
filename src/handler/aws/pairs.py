"""The pairs that this deployment cares for: loaded from SSM, validated, matched to alarms.

One bad document never stops the others: it is kept beside them with its faults.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from handler.aws.refusals import is_refusal
from handler.errors import InvalidEvent, InvalidSettings, LedgerUnavailable
from handler.model.hosts import AllowedHosts, is_endpoint
from handler.model.pair import Pair
from handler.model.printable import one_line
from handler.model.run import Run
from handler.model.schema import parse_json, shown, validate
from handler.model.wildcard import matches, matches_arn

MAX_AGE_S = 30  # an older document is read again before acting
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN: Final = 500
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}", re.ASCII)  # what a command can name
_MOST_ALARMS: Final = 4096  # no SSM parameter holds more
_LONGEST_ALARM: Final = 1600

# What was parsed last, and of what: the same documents, from the cache, are not parsed again.
_last: list[tuple[Mapping[str, object], AllowedHosts, "Pairs"]] = []


@dataclass(frozen=True)
class BadPair:
    """A document that cannot be used, and every reason why.

    What can still be read of it is kept, so that no alarm that is meant for the pair is lost in
    silence. If not even an object can be read, nobody knows which alarms it lists.
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
    """All documents of the deployment."""

    good: tuple[Pair, ...]
    bad: tuple[BadPair, ...]

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


def load_pairs(parameters: SSMProvider, path: str, hosts: AllowedHosts) -> Pairs:
    """Read all documents below `path`, at most 30 s old; their endpoints are of `hosts`.

    Raises:
        InvalidSettings: the path must not be read.
        LedgerUnavailable: it cannot be read at the moment.
    """
    try:
        found = parameters.get_multiple(path, max_age=MAX_AGE_S) or {}
    except GetParameterError as err:
        kind = InvalidSettings if is_refusal(err) else LedgerUnavailable
        why = one_line(str(err), _SHOWN)
        raise kind(f"the pairs below {path} cannot be read: {why}") from err
    if not _last or _last[0][0] is not found or _last[0][1] != hosts:
        documents = {name: str(text) for name, text in found.items()}
        _last[:] = [(found, hosts, parse_pairs(documents, hosts))]
    return _last[0][2]


def parse_pairs(documents: Mapping[str, str], hosts: AllowedHosts) -> Pairs:
    """Validate documents by pair name; one id in two documents makes both bad."""
    named = [(name.rsplit("/", 1)[-1], text) for name, text in sorted(documents.items())]
    parsed = [_parse(name, text, hosts) for name, text in named]
    uses = Counter((one.disaster_recovery_id or "").lower() for one in parsed)
    twice = {id_ for id_, count in uses.items() if id_ and count > 1}
    checked = [_refuse_twice(one, parsed, twice) for one in parsed]
    return Pairs(
        tuple(one for one in checked if isinstance(one, Pair)),
        tuple(one for one in checked if isinstance(one, BadPair)),
    )


def speaks_for(patterns: tuple[str, ...], arn: str, own_account: str, own_region: str) -> bool:
    """Whether one of a pair's alarm patterns means the alarm with this ARN.

    A bare name means alarms of the deployment's own account and region, and those of SMN's topics:
    only configured ones come through.
    """
    partition, *_, region, account, kind, name = arn.split(":", 6 if arn.startswith("arn:") else 5)
    is_own = (region, account, kind) == (own_region, own_account, "alarm") or partition == "urn"
    return any(
        matches_arn(pattern, arn)
        if pattern.startswith("arn:")
        else is_own and matches(pattern, name)
        for pattern in patterns
    )


def _is_meant(one: Pair | BadPair, name: str | None, disaster_recovery_id: str | None) -> bool:
    same_id = (one.disaster_recovery_id or "").lower() == (disaster_recovery_id or "").lower()
    return (name is None or one.name == name) and (disaster_recovery_id is None or same_id)


def _parse(name: str, text: str, hosts: AllowedHosts) -> Pair | BadPair:
    if not _NAME.fullmatch(name):
        fault = f"the name: found {shown(name)}, allowed: 1 to 128 of A-Z a-z 0-9 _ . -"
        return BadPair(name[:128], (fault,), is_readable=False)
    try:
        document = parse_json(text)
    except ValueError as err:
        return BadPair(name, (f"$: not valid JSON: {err}",), is_readable=False)
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
    is_readable = isinstance(document, dict)
    entries = document if is_readable else {}
    id_ = str(entries.get("disaster_recovery_id")).lower()
    return BadPair(
        name,
        tuple(faults),
        id_ if _UUID.fullmatch(id_) else None,
        _alarms(entries.get("alarms")),
        is_readable,
    )


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
