"""Stored memory of the pairs' documents: an item for each name, which only reconcile writes."""

from collections.abc import Iterable
from typing import Final

from handler.aws.records import decoded_if_good
from handler.aws.table import Table
from handler.aws.writes import Key, Write, kept, removed
from handler.model.known_document import Known, KnownDocument

_AT_ONCE: Final = 50  # a transaction takes a hundred writes: API reference


class KnownDocuments:
    """The documents that were seen; methods raise LedgerUnavailable like the ledger's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self) -> Known:
        """What is known of each, by name; a damaged item is as if its document was new."""
        items = self._table.begins_with("*", "document#")
        found = (decoded_if_good(KnownDocument, item) for item in items)
        return {one.name: one for one in found if one}

    def save(self, changed: Iterable[KnownDocument], forgotten: Iterable[str] = ()) -> None:
        """Store what is known by now; nothing but a later look rests on it."""
        writes = [*(kept(_key(one.name), one) for one in changed), *map(_removed, forgotten)]
        for first in range(0, len(writes), _AT_ONCE):
            self._table.write(*writes[first : first + _AT_ONCE])


def _removed(name: str) -> Write:
    return removed(_key(name))


def _key(name: str) -> Key:
    return "*", f"document#{name}"
