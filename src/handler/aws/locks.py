"""Leases: one at a time reconciles, one waits for all pairs, one at a time publishes a notice."""

from datetime import datetime, timedelta
from typing import Final

from handler.aws.table import Table
from handler.aws.writes import Key, Write, changed
from handler.errors import Conflict

_RECONCILE: Final[Key] = ("*", "state#lease")
_WAITING: Final[Key] = ("*", "state#waiting")
# Whether a lease is over, or none that this code can have written: it is missing, or no time, or it
# lasts for much longer than any. For a little longer, it is another's, whose clock is ahead.
_IS_FREE: Final = "(leased_until <= :now OR NOT (leased_until <= :latest))"
# Two would be at it at once if another's lease, taken since one's own was over, were changed.
_IS_STILL_MINE: Final = "leased_until = :until"
# Earlier, not later: who wakes in the same moment must not find it to be one that wakes later.
_TAKEN_UP: Final = -timedelta(milliseconds=1)


class ReconcileLock:
    """Lets one reconcile run at a time; methods raise LedgerUnavailable like the ledger's."""

    _key = _RECONCILE

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, now: datetime, until: datetime) -> bool:
        """Take the lease; False if someone else has it."""
        try:
            self._table.write(self._taken(now, until))
        except Conflict:
            return False
        return True

    def give_back(self, until: datetime, now: datetime) -> None:
        """End the lease early, if it is still one's own.

        Raises:
            Conflict: it is not.
        """
        self._move(until, now)

    def _move(self, until: datetime, then: datetime) -> None:
        values = {":until": until.isoformat(), ":then": then.isoformat()}
        update = "SET leased_until = :then"
        self._table.write(changed(self._key, update, values, _IS_STILL_MINE))

    def _taken(self, now: datetime, until: datetime) -> Write:
        return leased(self._key, now, until)


class WaitingLock(ReconcileLock):
    """Lets one invocation wait for the pairs whose production is not down for long enough yet.

    Whoever wakes earlier may take the lease of one that wakes later: it sees to all of them.
    """

    _key = _WAITING

    def take_up(self, until: datetime) -> datetime | None:
        """Make a lease that was handed over one's own: its new end.

        Returns:
            None where there is no such lease: another has taken it up, or over; or none was taken.
        """
        mine = until + _TAKEN_UP
        try:
            self._move(until, mine)
        except Conflict:
            return None
        return mine

    def _taken(self, now: datetime, until: datetime) -> Write:
        values = _times(now, until) | {":latest": until.isoformat()}
        return changed(self._key, "SET leased_until = :until", values, _IS_FREE)


def leased(key: Key, now: datetime, until: datetime, also: str | None = None) -> Write:
    """An item leased until then, if nobody has leased it now.

    Args:
        key: the item's.
        now: the present.
        until: the end of the lease.
        also: a further condition.
    """
    condition = f"{also} AND {_IS_FREE}" if also else _IS_FREE
    return changed(key, "SET leased_until = :until", _times(now, until), condition)


def _times(now: datetime, until: datetime) -> dict[str, str]:
    values = {":until": until, ":now": now, ":latest": until + (until - now)}
    return {name: at.isoformat() for name, at in values.items()}
