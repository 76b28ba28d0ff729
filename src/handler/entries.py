"""How each thing is written to the runs table: its key, its condition, its expiry."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handler.codec import to_plain
from handler.incident import Incident
from handler.notice import Notice
from handler.run import Run
from handler.standing import Standing
from handler.table import Key, Table, Write

Ids = Mapping[str, set[str]]  # by field of Work

KEPT: Final = timedelta(days=365)
PAIR: Final = "state#pair"
INCIDENT: Final = "state#incident"
_NONE: Final[Ids] = {}
_DECIDED: Final = (
    "revision", "state", "decision", "reason", "decided_at", "told_at", "told_of", "told_times",
    "ended_at", "ended_because",
)  # fmt: skip


class Entries:
    """Makes writes, for the ledger to put together and to make."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def run(self, stored: Run) -> Write:
        """A finished run that holds nothing expires; anything else never does."""
        is_over = not stored.is_in_flight and not stored.holds
        end = {"expires_at": expiry(stored.ended_at or stored.claimed_at)} if is_over else {}
        key = (stored.disaster_recovery_id, f"run#{stored.run_id}")
        return self._table.revised(key, {**to_plain(stored), **end}, stored.revision)

    def joined(self, incident: Incident, alarm: str, at: datetime, retry_until: datetime) -> Write:
        """An open incident with another alarm, for which it is pursued until then."""
        newest = max(at, incident.newest_alarm_at)
        update = "SET retry_until = :until, last_alarm_at = :at ADD alarms :alarms"
        values = {":until": retry_until.isoformat(), ":at": newest.isoformat()}
        return self._if_open(incident, update, alarm, values)

    def left(self, incident: Incident, alarm: str) -> Write:
        """An open incident without an alarm."""
        return self._if_open(incident, "DELETE alarms :alarms", alarm, {})

    def _if_open(
        self, incident: Incident, update: str, alarm: str, more: Mapping[str, str]
    ) -> Write:
        values = {":alarms": {alarm}, ":id": incident.incident_id, ":open": "open", **more}
        return self._table.changed(
            (incident.disaster_recovery_id, INCIDENT),
            update,
            values,
            "incident_id = :id AND #state = :open",
            {"#state": "state"},
        )

    def decided(self, incident: Incident, alone: str | None = None) -> Write:
        """What was decided of an incident, on top of the revision before; the rest stays."""
        plain = to_plain(incident)
        fields = [name for name in _DECIDED if name in plain]
        return self._table.changed(
            (incident.disaster_recovery_id, INCIDENT),
            "SET " + ", ".join(f"#{name} = :{name}" for name in fields),
            {
                **{f":{name}": plain[name] for name in fields},
                ":id": incident.incident_id,
                ":before": incident.revision - 1,
                **({":alone": {alone}} if alone else {}),
            },
            "incident_id = :id AND #revision = :before" + (" AND alarms = :alone" * bool(alone)),
            {f"#{name}": name for name in fields},
        )

    def standing(self, disaster_recovery_id: str, standing: Standing) -> Write:
        """How a pair stands, on top of the revision that was read."""
        changed = replace(standing, revision=standing.revision + 1)
        return self._table.revised((disaster_recovery_id, PAIR), changed, changed.revision)

    def notice(self, notice: Notice) -> Write:
        """A notice that is not there yet."""
        return self._table.revised(notice_key(notice), notice, 1)

    def work(self, disaster_recovery_id: str, add: Ids = _NONE, remove: Ids = _NONE) -> Write:
        """Change what is open of a pair; the same change twice is like once."""
        changes = (("ADD", "a", add), ("DELETE", "d", remove))
        update = " ".join(
            f"{verb} " + ", ".join(f"{name} :{mark}_{name}" for name in ids)
            for verb, mark, ids in changes
            if ids
        )
        values = {f":{mark}_{name}": ids[name] for _, mark, ids in changes for name in ids}
        return self._table.changed(("*", f"work#{disaster_recovery_id}"), update, values)


def notice_key(notice: Notice) -> Key:
    """Where a notice is."""
    return "*", f"notice#{notice.notice_id}"


def expiry(now: datetime) -> int:
    """When what is over now may go, as DynamoDB's TTL has it."""
    return int((now + KEPT).timestamp())
