"""Stored memory of the pairs' documents: an item for each name, which only reconcile writes."""

from handler.aws.records import decoded_if_good
from handler.aws.table import Table
from handler.aws.writes import Key, kept, removed
from handler.model.known_document import ByName, KnownDocument


class KnownDocuments:
    """The documents that were seen; methods raise LedgerUnavailable like the ledger's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self) -> ByName:
        """What is known of each, by name; a damaged item is as if its document was new."""
        items = self._table.begins_with("*", "document#")
        found = (decoded_if_good(KnownDocument, item) for item in items)
        return {one.name: one for one in found if one}

    def save(self, one: KnownDocument) -> None:
        """Store what is known by now; nothing but a later look rests on it."""
        self._table.write(kept(_key(one.name), one))

    def forget(self, name: str) -> None:
        """Forget a document that nobody misses."""
        self._table.write(removed(_key(name)))


def _key(name: str) -> Key:
    return "*", f"document#{name}"
