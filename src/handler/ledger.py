"""The runs table in the words of the contract: what is known of a pair, the claim, the outcome.

One partition per disaster-recovery id; the sort keys put what is current last, so that one query
backwards reads it whatever history there is:

    state#pair      Standing     revision: the claim depends on it
    state#incident  Incident     the open one, or the last
    state#health    Health
    run#<run id>    Run          ids begin with their time
    request#<id>    which run a command's request_id made

The partition `*` holds `state#fleet` and the notices.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from handler.codec import from_plain, to_plain
from handler.errors import LedgerUnavailable
from handler.incident import Incident, IncidentState
from handler.notice import Notice
from handler.run import Run
from handler.standing import Fleet, Health, Standing
from handler.table import Conflict, Key, Table, Write

KEPT: Final = timedelta(days=365)
_PAIR: Final = "state#pair"
_INCIDENT: Final = "state#incident"
_HEALTH: Final = "state#health"
_FLEET: Final[Key] = ("*", "state#fleet")
_CURRENT: Final = 4  # three states and the newest run
_DECIDED: Final = (
    "revision", "state", "decision", "reason", "decided_at", "told_at", "told_of", "told_times",
    "ended_at", "ended_because",
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """What the ledger holds about one pair now."""

    standing: Standing
    incident: Incident | None
    health: Health
    run: Run | None

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        is_open = self.incident and self.incident.state is IncidentState.OPEN
        return self.incident if is_open else None


class Ledger:
    """Every method raises LedgerUnavailable where the table cannot be used."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, disaster_recovery_id: str) -> Record:
        """Read all that is current about a pair, in one strongly consistent query."""
        found = self._table.last(disaster_recovery_id, "run#", _CURRENT)
        items = {item["sk"]: item for item in found}
        runs = [item for sk, item in items.items() if sk.startswith("run#")]
        return Record(
            from_plain(Standing, items.get(_PAIR, {})),
            from_plain(Incident, items[_INCIDENT]) if _INCIDENT in items else None,
            from_plain(Health, items.get(_HEALTH, {})),
            from_plain(Run, runs[0]) if runs else None,
        )

    def fleet(self) -> Fleet:
        """Read the brakes over all pairs."""
        return from_plain(Fleet, self._table.get(_FLEET) or {})

    def run_of_request(self, disaster_recovery_id: str, request_id: str) -> Run | None:
        """The run that a command with this request id has made, if any."""
        request = self._table.get((disaster_recovery_id, f"request#{request_id}"))
        run = (
            self._table.get((disaster_recovery_id, f"run#{request['run_id']}")) if request else None
        )
        return from_plain(Run, run) if run else None

    def open_incident(self, incident: Incident) -> None:
        """Store a new incident; its revision is one more than that of the pair's last one.

        Raises:
            Conflict: another invocation has opened one.
        """
        key = (incident.disaster_recovery_id, _INCIDENT)
        self._table.write(self._table.revised(key, incident, incident.revision))

    def join_incident(self, incident: Incident, alarm: str) -> None:
        """Add an alarm to an open incident; any number may do so at once.

        Raises:
            Conflict: the incident is no longer open.
        """
        self._table.update(
            (incident.disaster_recovery_id, _INCIDENT),
            "ADD alarms :alarms",
            "incident_id = :id AND #state = :open",
            {":alarms": {alarm}, ":id": incident.incident_id, ":open": IncidentState.OPEN.value},
            {"#state": "state"},
        )

    def note_decision(self, incident: Incident) -> None:
        """Store what was decided, told or ended of an incident, one revision after the stored one.

        Raises:
            Conflict: another invocation has decided about it.
        """
        plain = to_plain(incident)
        fields = [name for name in _DECIDED if name in plain]
        self._table.update(
            (incident.disaster_recovery_id, _INCIDENT),
            "SET " + ", ".join(f"#{name} = :{name}" for name in fields),
            "incident_id = :id AND #revision = :before",
            {
                **{f":{name}": plain[name] for name in fields},
                ":id": incident.incident_id,
                ":before": incident.revision - 1,
            },
            {f"#{name}": name for name in fields},
        )

    def save_health(self, disaster_recovery_id: str, health: Health) -> None:
        """Store what was observed; `health.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
        """
        changed = replace(health, revision=health.revision + 1)
        key = (disaster_recovery_id, _HEALTH)
        self._table.write(self._table.revised(key, changed, changed.revision))

    def save_standing(self, disaster_recovery_id: str, standing: Standing) -> None:
        """Store how a pair stands; `standing.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
        """
        self._table.write(self._standing(disaster_recovery_id, standing))

    def claim(self, run: Run, standing: Standing, fleet: Fleet, *, is_counted: bool) -> None:
        """Put the run, if pair and fleet are still as they were read. From here on it may be sent.

        One transaction: of any number of claims on what was read once, one comes through.

        Args:
            run: in state `submitting`.
            standing: as read; it then names this run.
            fleet: as read.
            is_counted: whether the claim counts for the rate limit (those of alarms do).

        Raises:
            Conflict: something has changed; nothing was claimed.
        """
        id_, now = run.disaster_recovery_id, run.claimed_at
        claims = (*fleet.recent_claims(now), *([now] if is_counted else []))
        braked = replace(fleet, revision=fleet.revision + 1, claims=claims)
        writes = [
            self._table.revised((id_, f"run#{run.run_id}"), run, 1),
            self._standing(id_, replace(standing, run_id=run.run_id)),
            self._table.revised(_FLEET, braked, braked.revision),
        ]
        if run.request_id:
            request = {"run_id": run.run_id, "expires_at": _expiry(now)}
            writes.append(self._table.revised((id_, f"request#{run.request_id}"), request, 1))
        try:
            self._table.write_all(writes, token=run.run_id)
        except (Conflict, LedgerUnavailable):
            # The answer to a claim that came through may have been lost.
            if self.read(id_).standing.run_id != run.run_id:
                raise

    def settle(self, run: Run, was: str, notice: Notice) -> None:
        """Store what became of a run together with the notice that tells it.

        Args:
            run: after the transition.
            was: the state that it is in, as far as the caller knows.
            notice: not yet published.

        Raises:
            Conflict: another invocation has settled it.
        """
        key = (run.disaster_recovery_id, f"run#{run.run_id}")
        settled = self._table.on_top_of(key, run, "state", was)
        self._table.write_all([settled, self._new(notice)])

    def save_notice(self, notice: Notice) -> bool:
        """Store a notice before it is published; False if it is there already."""
        try:
            self._table.write(self._new(notice))
        except Conflict:
            return False
        return True

    def mark_published(self, notice: Notice, now: datetime) -> None:
        """Note that SNS has taken a notice.

        Raises:
            Conflict: the notice is not stored.
        """
        self._table.update(
            _key(notice),
            "SET published_at = :now, expires_at = :expiry",
            "attribute_exists(pk)",
            {":now": now.isoformat(), ":expiry": _expiry(now)},
        )

    def _standing(self, disaster_recovery_id: str, standing: Standing) -> Write:
        changed = replace(standing, revision=standing.revision + 1)
        return self._table.revised((disaster_recovery_id, _PAIR), changed, changed.revision)

    def _new(self, notice: Notice) -> Write:
        return self._table.revised(_key(notice), notice, 1)


def _key(notice: Notice) -> Key:
    return "*", f"notice#{notice.notice_id}"


def _expiry(now: datetime) -> int:
    return int((now + KEPT).timestamp())
