"""Stored notices: each is stored before it is published, leased while it is, and marked after."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.aws.items import expiry, notice_key, pair_unchanged
from handler.aws.locks import leased
from handler.aws.open_items import commit
from handler.aws.records import decoded, decoded_if_good
from handler.aws.table import Table
from handler.aws.writes import Key, changed
from handler.errors import Conflict
from handler.model.audience import Audience
from handler.model.notice import Notice
from handler.model.pair_state import PairState

# One that SNS has taken meanwhile must not be published again.
_IS_UNPUBLISHED: Final = "attribute_not_exists(published_at)"
# An update would make an item of its own of a notice that is not there.
_IS_STORED: Final = "attribute_exists(pk)"
_AUDIENCE: Final[Key] = ("*", "state#audience")


class Notices:
    """The notices of all pairs; methods raise LedgerUnavailable like the ledger's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, notice_id: str) -> Notice | None:
        """Read a notice."""
        item = self._table.get(notice_key(notice_id))
        return decoded(Notice, item) if item else None

    def has_another(self, notice: Notice) -> bool:
        """Whether another notice, of another moment, is stored under a notice's id."""
        item = self._table.get(notice_key(notice.notice_id))
        return item is not None and item.get("created_at") != notice.created_at.isoformat()

    def audience(self) -> Audience:
        """Whether anybody hears; where the item is damaged, as if there always was somebody."""
        item = self._table.get(_AUDIENCE)
        return (decoded_if_good(Audience, item) if item else None) or Audience()

    def note_unheard(self) -> None:
        """Note that nobody hears what is told."""
        self._table.write(changed(_AUDIENCE, "SET is_unheard = :yes", {":yes": True}))

    def note_heard(self, now: datetime) -> None:
        """Note that somebody hears again: what was told before that has reached nobody."""
        values = {":no": False, ":now": now.isoformat()}
        update = "SET is_unheard = :no, heard_since = :now"
        self._table.write(changed(_AUDIENCE, update, values))

    def save(self, notice: Notice) -> bool:
        """Store a notice before it is published; False if it is there already."""
        try:
            commit(self._table, notice.disaster_recovery_id, [], notice)
        except Conflict:
            return False
        return True

    def save_refusal(
        self, disaster_recovery_id: str, pair_state: PairState, notice: Notice
    ) -> None:
        """Store the notice that tells a command's refusal, which concerns no incident.

        Args:
            disaster_recovery_id: the pair's.
            pair_state: as read: what was refused must not be told once a run is in flight.
            notice: not yet published.

        Raises:
            Conflict: another invocation has claimed.
        """
        unchanged = pair_unchanged(disaster_recovery_id, pair_state)
        commit(self._table, disaster_recovery_id, [unchanged], notice)

    def lease(self, notice: Notice, now: datetime, until: datetime) -> Notice:
        """Take it on oneself to publish a notice that nobody is publishing.

        Raises:
            Conflict: someone else has done so.
        """
        self._table.write(leased(notice_key(notice.notice_id), now, until, _IS_UNPUBLISHED))
        return replace(notice, leased_until=until)

    def mark_published(self, notice: Notice, now: datetime) -> None:
        """Note that SNS has taken a notice, or that nobody will ever get it.

        Raises:
            Conflict: the notice is not stored.
        """
        published = changed(
            notice_key(notice.notice_id),
            "SET published_at = :now, expires_at = :expiry",
            {":now": now.isoformat(), ":expiry": expiry(now)},
            _IS_STORED,
        )
        remove = {"notices": {notice.notice_id}}
        commit(self._table, notice.disaster_recovery_id, [published], remove=remove)

    def note_not_taken(self, notice: Notice) -> None:
        """Note that SNS has refused a notice for what it is."""
        update = "SET refused_times = :times"
        values = {":times": notice.refused_times + 1}
        self._table.write(changed(notice_key(notice.notice_id), update, values))

    def forget(self, disaster_recovery_id: str, notice_id: str) -> None:
        """Take a notice from the open items that is not there, or is no notice."""
        commit(self._table, disaster_recovery_id, [], remove={"notices": {notice_id}})
