"""One list call for each of the provider's projects, however many pairs it has.

Its times may be written without a zone: then how they are to be read is each document's to say, so
pairs that say it differently do not share a list. A synchronisation must not seem to be newer, and
a pair armed by it, because another pair's document says so.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from handler.dws.client import Unreadable
from handler.dws.departure import Deadline
from handler.dws.side_by_side import Read
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.failover.gather import Listed, item_of
from handler.failover.guard import attempted, found
from handler.failover.ports import Ports
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.evidence import Cause
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord

Items = Mapping[
    str | None, tuple[DisasterRecovery, ...]
]  # by id: once for each list, not for each pair
Lists = Mapping[str, Items | Unreadable]  # by endpoint, project and zone
Record = PairRecord | LedgerUnavailable
# An IAM that hangs must leave time to ask with the credentials of another pair.
_TOKEN_WITHIN_S: Final = 3.0
# A list that hangs must leave time to look at each of its pairs by itself.
_LIST_WITHIN_S: Final = 8.0


def read_lists(ports: Ports, pairs: Iterable[tuple[Pair, Record]]) -> Lists:
    """One list call for each project and endpoint, and each zone that its times are read in.

    The credentials that could not read their own pair last are tried last.
    """
    projects: dict[str, dict[str, Pair]] = {}
    for pair, _ in sorted(pairs, key=lambda one: _is_unread(one[1])):
        projects.setdefault(_project(pair), {}).setdefault(pair.credentials_secret, pair)
    reads = {one: attempted(_list(ports, [*some.values()])) for one, some in projects.items()}
    given = ports.side_by_side(reads, _LIST_WITHIN_S)
    first = {project: next(iter(some.values())) for project, some in projects.items()}
    return {project: _usable(ports, first[project], one) for project, one in given.items()}


def _is_unread(record: Record) -> bool:
    return isinstance(record, LedgerUnavailable) or record.observations.unreadable_times > 0


def _usable(ports: Ports, pair: Pair, given: Any) -> Items | Unreadable:
    """A list by ids, or that there is none: then each of its pairs is looked at by itself.

    A bug is that of the pair with whose credentials it was asked for.
    """
    listed = ports.guard.turn("list not read", pair.name, partial(found, given))
    if listed is None:
        return Unreadable("unavailable", "the list cannot be read", is_transient=True)
    return listed if isinstance(listed, Unreadable) else _by_id(listed)


def _by_id(listed: Iterable[DisasterRecovery]) -> Items:
    """One id may be listed twice, while its pair is switching."""
    items: dict[str | None, tuple[DisasterRecovery, ...]] = {}
    for item in listed:
        items[item.id] = (*items.get(item.id, ()), item)
    return items


def _list(ports: Ports, pairs: list[Pair]) -> Read:
    """The list, by the first credentials that may read it: one pair's must not blind others."""

    def read() -> tuple[DisasterRecovery, ...]:
        refused: Exception | None = None
        deadline = Deadline(_LIST_WITHIN_S)
        for pair in pairs:
            if deadline.is_over:
                break
            try:
                dws = ports.connect(pair)
                dws.check_token(min(_TOKEN_WITHIN_S, deadline.left_s))
                return dws.listed(deadline.left_s)
            except (InvalidSettings, LedgerUnavailable) as err:
                refused = refused or err
            except Unreadable as err:
                if err.is_transient and err.cause is not Cause.NO_IAM:
                    raise
                refused = refused or err
        raise refused or AssertionError("a project without a pair")

    return read


def _project(pair: Pair) -> str:
    return f"{pair.endpoint} {pair.project_id} {pair.provider_utc_offset}"


def item_in(pair: Pair, lists: Lists) -> Listed:
    """A pair's item in its project's list, or why there is none."""
    listed = lists[_project(pair)]
    if isinstance(listed, Unreadable):
        return listed
    try:
        return item_of(listed.get(pair.disaster_recovery_id, ()), pair.disaster_recovery_id)
    except Unreadable as err:
        return err
