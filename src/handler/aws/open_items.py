"""What is open of each pair, by id: written with whatever opens or closes it, in one transaction.

Reconcile would otherwise have to read every pair's history to find what it must settle and send.
"""

import contextlib
from collections.abc import Mapping
from typing import Final

from handler.aws.items import notice_key
from handler.aws.records import Item, has_other_schema, set_in
from handler.aws.table import Table
from handler.aws.telemetry import logger
from handler.aws.writes import Write, changed, revised
from handler.errors import LedgerUnavailable
from handler.model.notice import Notice
from handler.model.pair_state import OpenItems

Ids = Mapping[str, set[str]]  # by field of OpenItems
NONE: Final[Ids] = {}
_FIELDS: Final = ("runs", "held", "incidents", "notices")


def commit(
    table: Table,
    disaster_recovery_id: str,
    writes: list[Write],
    *notices: Notice | None,
    add: Ids = NONE,
    remove: Ids = NONE,
    token: str | None = None,
) -> None:
    """Make the writes, store the notices and note what is open by now: all or nothing.

    Raises:
        Conflict: one of the writes does not hold, or a notice is stored already.
    """
    told = [notice for notice in notices if notice]
    if told:
        add = {**add, "notices": {notice.notice_id for notice in told}}
    if add or remove:
        writes = [*writes, open_items_changed(disaster_recovery_id, add, remove)]
    table.write(*writes, *map(_new, told), token=token)


def _new(notice: Notice) -> Write:
    return revised(notice_key(notice.notice_id), notice, 1)


def open_items_changed(disaster_recovery_id: str, add: Ids, remove: Ids) -> Write:
    """Change what is open of a pair; the same change twice is like once."""
    changes = (("ADD", "a", add), ("DELETE", "d", remove))
    update = " ".join(
        f"{verb} " + ", ".join(f"{name} :{mark}_{name}" for name in ids)
        for verb, mark, ids in changes
        if ids
    )
    values = {f":{mark}_{name}": ids[name] for _, mark, ids in changes for name in ids}
    return changed(("*", f"work#{disaster_recovery_id}"), update, values)


def read_open_items(table: Table) -> tuple[OpenItems, ...]:
    """Read what is open, of all pairs that have ever had something open."""
    found = table.begins_with("*", "work#")
    for item in found:
        _mend(table, item)
    return tuple(map(_open_items, found))


def _mend(table: Table, item: Item) -> None:
    """What is no list of ids cannot be added to: it would keep all news of its pair back.

    What a later version has written may be no list on purpose.
    """
    damaged = [name for name in _FIELDS if name in item and not isinstance(item[name], set)]
    if not damaged or has_other_schema(item):
        return
    logger.error("work mended", item=item["sk"], damaged=damaged)
    names = {f"#{name}": name for name in damaged}
    key, update = (item["pk"], item["sk"]), f"REMOVE {', '.join(names)}"
    with contextlib.suppress(LedgerUnavailable):
        table.write(changed(key, update, {}, names=names))


def _open_items(item: Item) -> OpenItems:
    """What is open of one pair; what is damaged of it must not hide the rest."""
    id_ = str(item["sk"]).removeprefix("work#")
    return OpenItems(id_, *(frozenset(map(str, set_in(item, name))) for name in _FIELDS))
