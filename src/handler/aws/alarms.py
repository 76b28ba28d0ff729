"""Stored alarms: the newest transition of each, which are muted, and which wait for a document."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from handler.aws.incident_items import ending, left
from handler.aws.items import NOBODY, PAIR, expiry, muted, pair_unchanged, pair_unmuted, unmuted
from handler.aws.open_items import NONE, commit
from handler.aws.records import decoded, decoded_if_good
from handler.aws.table import Table
from handler.aws.writes import Key, Write, changed, kept, removed, replaced, revised
from handler.model.alarm_history import REMEMBERED_FOR, LastTransition, PendingAlarm, key_of
from handler.model.codec import to_plain
from handler.model.incident import Incident
from handler.model.notice import Notice
from handler.model.pair_state import PairState

# Of one name, so many in ALARM and so many that are OK: reconcile looks at each every minute.
MOST_WAITING: Final = 100
# A muted one is released and one of a later version is not understood: both have to be read.
_IS_SUPERSEDED: Final = (
    "attribute_not_exists(pk) OR (attribute_not_exists(muted_by)"
    " AND (attribute_not_exists(#schema) OR #schema = :schema)"
    " AND (#at < :at OR (#at = :at AND #state <> :state)))"
)


class Alarms:
    """The alarms of all pairs; methods raise LedgerUnavailable like the ledger's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def last(self, disaster_recovery_id: str, key: str) -> LastTransition | None:
        """What was last heard of an alarm, by the key of its part."""
        item = self._table.get(_alarm_key(disaster_recovery_id, key))
        return decoded(LastTransition, item) if item else None

    def last_of(
        self, disaster_recovery_id: str, keys: Iterable[str]
    ) -> Mapping[str, LastTransition | None]:
        """The same of many, of which something is remembered; None where that is damaged."""
        items = self._table.get_all([_alarm_key(disaster_recovery_id, key) for key in keys])
        return {
            item["sk"].removeprefix("alarm#"): decoded_if_good(LastTransition, item)
            for item in items
        }

    def put_aside(self, disaster_recovery_id: str, nothing: LastTransition, notice: Notice) -> None:
        """Keep what cannot be read of an alarm out of the way of what is heard of it from now on.

        Args:
            disaster_recovery_id: the pair's.
            nothing: what is stored in its place.
            notice: that tells it, not yet published.

        Raises:
            Conflict: another invocation has done so, and may have heard of the alarm since.
        """
        id_, key = disaster_recovery_id, _alarm_key(disaster_recovery_id, key_of(nothing.part))
        # No item is removed: the function may not remove anything of a pair.
        if item := self._table.get(key):
            aside = kept((id_, f"aside#{key[1]}"), {"was": item})
            commit(self._table, id_, [aside, replaced(item, "at", nothing)], notice)

    def note(
        self,
        disaster_recovery_id: str,
        heard: LastTransition,
        pair_state: PairState,
        *,
        is_released: bool = False,
    ) -> None:
        """Remember an alarm's newest transition, which concerns no incident.

        Args:
            disaster_recovery_id: the pair's.
            heard: its `revision` is that of what is stored.
            pair_state: as read.
            is_released: whether it is none of the pair's muted ones any more.

        Raises:
            Conflict: another invocation has heard of it.
        """
        id_ = disaster_recovery_id
        writes = [heard_changed(id_, heard)]
        if is_released:
            writes.append(unmuted(id_, key_of(heard.part), pair_state))
        commit(self._table, id_, writes)

    def mute(
        self,
        disaster_recovery_id: str,
        heard: LastTransition,
        pair_state: PairState,
        incident: Incident | None,
        notice: Notice | None,
    ) -> None:
        """Remember that an alarm is in ALARM and muted, and that it calls no more.

        Args:
            disaster_recovery_id: the pair's.
            heard: its `revision` is that of what is stored.
            pair_state: as read.
            incident: the one that it leaves, or that has ended with it.
            notice: that tells it, not yet published; None where others have told enough.

        Raises:
            Conflict: another invocation has heard of it, or has told one; or its incident or pair
                has changed.
        """
        id_, key = disaster_recovery_id, key_of(heard.part)
        writes = [heard_changed(id_, heard)]
        is_kept = key in pair_state.muted or (
            pair_state.more_are_muted and not pair_state.takes_mutes
        )
        if not is_kept:
            writes.append(muted(id_, key, pair_state))
        elif incident or notice:
            writes.append(pair_unchanged(id_, pair_state))
        over: set[str] = set()
        if incident and incident.is_open:
            writes.append(left(incident, key))
        elif incident:
            writes += ending(incident)
            over = {incident.incident_id}
        commit(self._table, id_, writes, notice, remove={"incidents": over} if over else NONE)

    def forget_muted(self, disaster_recovery_id: str, *keys: str) -> None:
        """A pair has alarms among its muted ones that mean nothing to it any more."""
        update, values = "DELETE muted :keys", {":keys": set(keys)}
        self._table.write(changed((disaster_recovery_id, PAIR), update, values))

    def forget_more_muted(self, disaster_recovery_id: str) -> None:
        """Of a pair of which none is kept as muted, more of them are none either.

        Raises:
            Conflict: one is kept by now.
        """
        update, none = "REMOVE more_are_muted", "attribute_not_exists(muted)"
        self._table.write(changed((disaster_recovery_id, PAIR), update, {}, none))

    def pending(self) -> tuple[PendingAlarm, ...]:
        """The alarms that wait for a good document."""
        found = self._table.begins_with("*", "waiting#")
        return tuple(
            replace(one, stored_as=item["sk"])
            for item in found
            if (one := decoded_if_good(PendingAlarm, item))
        )

    def may_wait(self, pending: PendingAlarm) -> bool:
        """Whether there is room for another one of its pair's name and state."""
        found = self._table.begins_with("*", f"waiting#{pending.pair}#", 2 * MOST_WAITING)
        state = f"#{pending.alarm.state}"
        return sum(str(item["sk"]).endswith(state) for item in found) < MOST_WAITING

    def keep_pending(
        self, pending: PendingAlarm, notice: Notice | None, pair_state: PairState | None = None
    ) -> None:
        """Keep an alarm for a pair whose document is bad, until it is good.

        Args:
            pending: the alarm, and whose it is.
            notice: tells that it waits.
            pair_state: as read: nothing may have been claimed since; None if it is not known.

        Raises:
            Conflict: it is kept already, or told, or the pair has changed.
        """
        item = {**to_plain(pending), "expires_at": expiry(pending.alarm.occurred_at)}
        writes = [revised(_pending_key(pending), item, 1)]
        id_ = notice.disaster_recovery_id if notice else NOBODY
        if pair_state:
            writes.append(pair_unchanged(id_, pair_state))
        commit(self._table, id_, writes, notice)

    def end_pending(self, pending: PendingAlarm) -> None:
        """An alarm has been taken in, or is too old to be."""
        key = ("*", pending.stored_as) if pending.stored_as else _pending_key(pending)
        self._table.write(removed(key))


def heard_changed(disaster_recovery_id: str, heard: LastTransition) -> Write:
    """What was heard of an alarm, on top of what was heard before.

    Where that was not read, it must be a call: of one moment an ALARM wins.
    """
    until = max(heard.at, heard.mute_ends_at or heard.at) + REMEMBERED_FOR
    expires = {"expires_at": int(until.timestamp())}
    key = _alarm_key(disaster_recovery_id, key_of(heard.part))
    if heard.revision is None:
        return _superseding(key, {**to_plain(heard), **expires})
    revision = heard.revision + 1
    stored = replace(heard, revision=revision)
    return revised(key, {**to_plain(stored), **expires}, revision)


def _superseding(key: Key, plain: Mapping[str, Any]) -> Write:
    """An alarm's call on top of what was heard before, unread: only if `is_superseded_by` it.

    Times are stored in UTC and in one form, so that they compare as texts.
    """
    fields = ", ".join(f"#{name} = :{name}" for name in plain)
    return changed(
        key,
        f"SET {fields} ADD revision :one",
        {**{f":{name}": value for name, value in plain.items()}, ":one": 1},
        _IS_SUPERSEDED,
        {f"#{name}": name for name in plain},
    )


def opening(
    disaster_recovery_id: str, heard: LastTransition | None, pair_state: PairState
) -> list[Write]:
    """What an incident's opening writes of its alarm; it rests on the pair's revision as read."""
    id_, unchanged = disaster_recovery_id, pair_unchanged(disaster_recovery_id, pair_state)
    if heard is None:
        return [pair_unmuted(id_, pair_state)]
    if key_of(heard.part) in pair_state.muted:
        # The same item twice in one transaction is refused: this rests on its revision, too.
        return [heard_changed(id_, heard), unmuted(id_, key_of(heard.part), pair_state)]
    return [heard_changed(id_, heard), unchanged]


def _alarm_key(disaster_recovery_id: str, key: str) -> Key:
    return disaster_recovery_id, f"alarm#{key}"


def _pending_key(pending: PendingAlarm) -> Key:
    alarm = pending.alarm
    what = f"{key_of(alarm.part)}#{alarm.occurred_at.isoformat()}#{alarm.state}"
    return "*", f"waiting#{pending.pair}#{what}"
