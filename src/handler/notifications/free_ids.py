"""A decision is stored, and told, though another notice has the id that its own would have.

Notices of incidents and runs are numbered by what is stored of those. Where that was restored from
a backup it counts anew, and each decision would be void for the notice that is there already: the
incident could never end, the run's proof never be stored.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from handler.aws.notices import Notices
from handler.errors import Conflict, LedgerUnavailable
from handler.model.notice import Notice

T = TypeVar("T")


def stored_under_free_id(
    notices: Notices, told: Notice, store: Callable[[Notice], T]
) -> tuple[Notice, T]:
    """Store what is decided with its notice, which gets an id of its own where it must.

    Whatever else the decision rests on is asked each time: what someone else has decided meanwhile
    stays void.

    Returns:
        the notice as it is stored, and the answer of `store`.

    Raises:
        Conflict: someone else has changed what it rests on.
        LedgerUnavailable: it could not be stored.
    """
    try:
        return told, store(told)
    except Conflict:
        if not _is_taken(notices, told):
            raise
    mine = _with_time(told)
    try:
        return mine, store(mine)
    except LedgerUnavailable as err:
        # Why the first one was void is not known then: nothing may be told that is not stored.
        raise Conflict(str(err)) from err


def _is_taken(notices: Notices, told: Notice) -> bool:
    with suppress(LedgerUnavailable):
        return notices.has_another(told)
    return False


def _with_time(told: Notice) -> Notice:
    """The same notice under an id that no other one has."""
    id_ = f"{told.notice_id}-{told.created_at.isoformat()}"
    return replace(told, notice_id=id_, attributes={**told.attributes, "notice_id": id_})
