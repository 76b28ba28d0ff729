"""What is over of a pair: its runs, and its incidents that have ended, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from handler.aws.records import Item, decoded, run_keys
from handler.aws.table import Table
from handler.errors import LedgerUnavailable
from handler.model.incident import Incident
from handler.model.run import Run

T = TypeVar("T")


@dataclass(frozen=True)
class Unread:
    """An item that this code cannot have written: that it is there must not go unsaid."""

    id: str
    why: str


class Past:
    """The past of all pairs; methods raise LedgerUnavailable like the ledger's.

    They read as many items as they are asked for, however many there are.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def runs(self, disaster_recovery_id: str, count: int) -> tuple[Run | Unread, ...]:
        """A pair's newest runs."""
        found = self._table.begins_with(disaster_recovery_id, "run#", count)
        return _each(Run, found)

    def named(self, disaster_recovery_id: str, run_ids: Iterable[str]) -> tuple[Run | Unread, ...]:
        """Those of a pair's runs that are there, the newest first, whatever else is damaged."""
        keys = run_keys(disaster_recovery_id, run_ids)
        return _each(Run, sorted(self._table.get_all(keys), key=_sort_key, reverse=True))

    def incidents(self, disaster_recovery_id: str, count: int) -> tuple[Incident | Unread, ...]:
        """A pair's newest incidents that have ended."""
        found = self._table.begins_with(disaster_recovery_id, "incident#", count)
        return _each(Incident, found)


def _sort_key(item: Item) -> str:
    return str(item["sk"])


def _each(kind: type[T], items: Iterable[Item]) -> tuple[T | Unread, ...]:
    return tuple(_one(kind, item) for item in items)


def _one(kind: type[T], item: Item) -> T | Unread:
    try:
        return decoded(kind, item)
    except LedgerUnavailable as err:
        return Unread(str(item["sk"]).partition("#")[2], str(err))
