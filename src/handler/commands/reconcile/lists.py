"""One list call for each of the provider's projects, however many pairs it has."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from handler.dws.client import Unreadable
from handler.dws.side_by_side import Read
from handler.errors import InvalidSettings
from handler.failover.gather import Listed, item_of
from handler.failover.guard import attempted, found
from handler.failover.ports import Ports
from handler.model.disaster_recovery import DisasterRecovery
from handler.model.pair import Pair

Lists = Mapping[str, tuple[DisasterRecovery, ...] | Unreadable]  # by endpoint and project
# A list that hangs must leave time to look at each of its pairs by itself.
_LIST_WITHIN_S: Final = 8.0


def read_lists(ports: Ports, pairs: list[Pair]) -> Lists:
    """One list call for each project and endpoint."""
    projects: dict[str, dict[str, Pair]] = {}
    for pair in pairs:
        projects.setdefault(_project(pair), {}).setdefault(pair.credentials_secret, pair)
    reads = {one: attempted(_list(ports, [*some.values()])) for one, some in projects.items()}
    given = ports.side_by_side(reads, _LIST_WITHIN_S)
    first = {project: next(iter(some.values())) for project, some in projects.items()}
    return {project: _usable(ports, first[project], one) for project, one in given.items()}


def _usable(ports: Ports, pair: Pair, given: Any) -> tuple[DisasterRecovery, ...] | Unreadable:
    """A list, or that there is none: then each of its pairs is looked at by itself.

    A bug is that of the pair with whose credentials it was asked for.
    """
    listed = ports.guard.turn("list not read", pair.name, partial(found, given))
    none = Unreadable("unavailable", "the list cannot be read", is_transient=True)
    return none if listed is None else listed


def _list(ports: Ports, pairs: list[Pair]) -> Read:
    """The list, by the first credentials that may read it: one pair's must not blind others."""

    def read() -> tuple[DisasterRecovery, ...]:
        refused: Exception | None = None
        for pair in pairs:
            try:
                return ports.connect(pair).listed(_LIST_WITHIN_S)
            except InvalidSettings as err:
                refused = refused or err
            except Unreadable as err:
                if err.is_transient:
                    raise
                refused = refused or err
        raise refused or AssertionError("a project without a pair")

    return read


def _project(pair: Pair) -> str:
    return f"{pair.endpoint} {pair.project_id}"


def item_in(pair: Pair, lists: Lists) -> Listed:
    """A pair's item in its project's list, or why there is none."""
    listed = lists[_project(pair)]
    if isinstance(listed, Unreadable):
        return listed
    try:
        return item_of(listed, pair.disaster_recovery_id)
    except Unreadable as err:
        return err
