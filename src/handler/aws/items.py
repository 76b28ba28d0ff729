"""How each thing is written to the runs table: its key, its condition, its expiry."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.aws.table import Key, Table, Write
from handler.model.alarm_history import REMEMBERED_FOR, LastTransition, key_of
from handler.model.codec import to_plain
from handler.model.incident import ASSESSING_FOR, MOST_ALARMS, Incident
from handler.model.notice import Notice
from handler.model.pair_state import PairState
from handler.model.run import Run

Ids = Mapping[str, set[str]]  # by field of Work
KEPT: Final = timedelta(days=365)
PAIR: Final = "state#pair"
INCIDENT: Final = "state#incident"
_DECIDED: Final = (
    "revision", "state", "decision", "reason", "decided_at",
    "notified_at", "notified_gates", "notification_count",
    "ended_at", "ended_because",
)  # fmt: skip


class Entries:
    """Makes writes, for the ledger to put together and to make."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def run(self, stored: Run) -> Write:
        """A finished run that holds nothing expires; anything else never does."""
        is_over = not stored.is_in_flight and not stored.holds_pair
        end = {"expires_at": expiry(stored.ended_at or stored.claimed_at)} if is_over else {}
        key = (stored.disaster_recovery_id, f"run#{stored.run_id}")
        return self._table.revised(key, {**to_plain(stored), **end}, stored.revision)

    def holding(self, run: Run) -> Write:
        """The pair after a transition of a run, which voids every claim on what was read before."""
        verb = ", holding :run" if run.holds_pair else " DELETE holding :run"
        return self._table.changed(
            (run.disaster_recovery_id, PAIR),
            f"ADD revision :one{verb}",
            {":one": 1, ":run": {run.run_id}},
        )

    def muted(
        self, disaster_recovery_id: str, key: str, pair_state: PairState | None, *, is_muted: bool
    ) -> Write:
        """The pair with an alarm that is muted, or no longer; it voids claims likewise.

        Args:
            disaster_recovery_id: the pair's.
            key: of the alarm's part.
            pair_state: as read, if it must not have changed.
            is_muted: whether it is muted from now on.
        """
        verb = ", muted :key" if is_muted else " DELETE muted :key"
        update, values = f"ADD revision :one{verb}", {":one": 1, ":key": {key}}
        where = (disaster_recovery_id, PAIR)
        if pair_state is None:
            return self._table.changed(where, update, values)
        if pair_state.revision == 0:
            return self._table.changed(where, update, values, "attribute_not_exists(pk)")
        values[":was"] = pair_state.revision
        return self._table.changed(where, update, values, "#r = :was", {"#r": "revision"})

    def pair_unchanged(self, disaster_recovery_id: str, pair_state: PairState) -> Write:
        """Only if no run of the pair has changed since it was read."""
        was = pair_state.revision or None
        return self._table.unchanged((disaster_recovery_id, PAIR), "revision", was)

    def incident_unchanged(self, disaster_recovery_id: str, incident: Incident | None) -> Write:
        """Only if no incident was opened since this one was read."""
        was = incident.incident_id if incident else None
        return self._table.unchanged((disaster_recovery_id, INCIDENT), "incident_id", was)

    def still_open(self, incident: Incident) -> Write:
        """Only if an incident is still a reason to act, with the same alarms.

        How many witnesses it takes depends on them: a mute or an OK of meanwhile must not order.
        """
        key = (incident.disaster_recovery_id, INCIDENT)
        values = {":id": incident.incident_id, ":open": "open", ":joins": incident.joins}
        condition = "incident_id = :id AND #state = :open AND joins = :joins"
        return self._table.check(key, condition, values, {"#state": "state"})

    def heard(self, disaster_recovery_id: str, heard: LastTransition) -> Write:
        """What was heard of an alarm, on top of what was heard before."""
        changed = replace(heard, revision=heard.revision + 1)
        until = max(heard.at, heard.muted_until or heard.at) + REMEMBERED_FOR
        expires = {"expires_at": int(until.timestamp())}
        key = (disaster_recovery_id, heard_key(key_of(heard.part)))
        return self._table.revised(key, {**to_plain(changed), **expires}, changed.revision)

    def joined(self, incident: Incident, alarm: str, at: datetime, until: datetime) -> Write:
        """An open incident with another alarm, for which it is pursued until then.

        Any number may join at once: it rests only on the incident being open.
        """
        is_full = len(incident.alarms) >= MOST_ALARMS and alarm not in incident.alarms
        where = "SET retry_until = :until, last_alarm_at = :at"
        update = f"{where}, is_crowded = :yes ADD joins :one"
        values = {
            ":until": until.isoformat(),
            ":at": max(at, incident.newest_alarm_at).isoformat(),
            ":one": 1,
        }
        if is_full:
            return self._if_open(incident, update, {**values, ":yes": True})
        update = f"{where} ADD joins :one, alarms :alarm"
        return self._if_open(incident, update, {**values, ":alarm": {alarm}})

    def left(self, incident: Incident, alarm: str) -> Write:
        """An open incident without an alarm, if it is not the last one, which ends it.

        Any number may leave at once: they are in nobody's way until one is left.
        """
        update = "ADD joins :one DELETE alarms :alarm"
        others = "" if incident.outlasts_alarms else " AND size(alarms) > :one"
        return self._if_open(incident, update, {":alarm": {alarm}, ":one": 1}, others)

    def assessing(self, incident: Incident, since: datetime, now: datetime) -> Write:
        """An open incident for which someone reads the evidence now, unless another one does.

        Nor where another has decided since: that is then what all others wait for.

        A time much further ahead than this writes is none of its own, and keeps nobody waiting;
        one a little further is another's, whose clock is ahead.
        """
        until, latest = now + ASSESSING_FOR, now + 2 * ASSESSING_FOR
        values = {
            ":until": until.isoformat(),
            ":now": now.isoformat(),
            ":latest": latest.isoformat(),
            ":since": since.isoformat(),
        }
        free = (
            " AND (attribute_not_exists(assessing_until) OR assessing_until <= :now"
            " OR assessing_until > :latest)"
            " AND (attribute_not_exists(decided_at) OR decided_at < :since)"
        )
        return self._if_open(incident, "SET assessing_until = :until", values, free)

    def _if_open(
        self, incident: Incident, update: str, values: Mapping[str, Any], more: str = ""
    ) -> Write:
        return self._table.changed(
            (incident.disaster_recovery_id, INCIDENT),
            update,
            {":id": incident.incident_id, ":open": "open", **values},
            f"incident_id = :id AND #state = :open{more}",
            {"#state": "state"},
        )

    def decided(self, incident: Incident) -> Write:
        """What was decided of an incident, on top of the revision before; the rest stays.

        An end rests on the alarms that were read: one that joins meanwhile is not lost with it.
        """
        plain = to_plain(incident)
        fields = [name for name in _DECIDED if name in plain]
        is_end = not incident.is_open
        return self._table.changed(
            (incident.disaster_recovery_id, INCIDENT),
            "SET " + ", ".join(f"#{name} = :{name}" for name in fields) + " REMOVE assessing_until",
            {
                **{f":{name}": plain[name] for name in fields},
                ":id": incident.incident_id,
                ":before": incident.revision - 1,
                **({":joins": incident.joins} if is_end else {}),
            },
            "incident_id = :id AND #revision = :before" + " AND joins = :joins" * is_end,
            {f"#{name}": name for name in fields},
        )

    def pair_state(self, disaster_recovery_id: str, pair_state: PairState) -> Write:
        """How a pair stands, on top of the revision that was read."""
        changed = replace(pair_state, revision=pair_state.revision + 1)
        return self._table.revised((disaster_recovery_id, PAIR), changed, changed.revision)

    def notice(self, notice: Notice) -> Write:
        """A notice that is not there yet."""
        return self._table.revised(notice_key(notice.notice_id), notice, 1)

    def work(self, disaster_recovery_id: str, add: Ids, remove: Ids) -> Write:
        """Change what is open of a pair; the same change twice is like once."""
        changes = (("ADD", "a", add), ("DELETE", "d", remove))
        update = " ".join(
            f"{verb} " + ", ".join(f"{name} :{mark}_{name}" for name in ids)
            for verb, mark, ids in changes
            if ids
        )
        values = {f":{mark}_{name}": ids[name] for _, mark, ids in changes for name in ids}
        return self._table.changed(("*", f"work#{disaster_recovery_id}"), update, values)


def notice_key(notice_id: str) -> Key:
    """Where a notice is."""
    return "*", f"notice#{notice_id}"


def heard_key(key: str) -> str:
    """Where in its pair's partition it is remembered what was last heard of an alarm."""
    return f"alarm#{key}"


def expiry(now: datetime) -> int:
    """When what is over now may go, as DynamoDB's TTL has it."""
    return int((now + KEPT).timestamp())
