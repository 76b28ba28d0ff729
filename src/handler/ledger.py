"""The runs table in the words of the contract: what is known of a pair, the claim, the outcome.

One partition per disaster-recovery id; the sort keys put what is current last, so that one query
backwards reads it whatever history there is:

    state#pair      Standing     revision: the claim depends on it
    state#incident  Incident     the open one, or the last
    state#health    Health
    run#<run id>    Run          ids begin with their time
    request#<id>    which run a command's request_id made

The partition `*` holds what is not one pair's: `state#fleet` (the brakes over all), `state#lease`
(reconcile's), the notices, and for each pair a `work#<id>` that names what is open of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.codec import from_plain
from handler.entries import INCIDENT, PAIR, Entries, Ids, expiry, notice_key
from handler.errors import LedgerUnavailable
from handler.incident import Incident
from handler.notice import Notice
from handler.record import Record, Work
from handler.run import Run
from handler.standing import Fleet, Health, Standing
from handler.table import Conflict, Key, Table

NOBODY: Final = "-"  # whose work a notice is that is about no pair
_HEALTH: Final = "state#health"
_FLEET: Final[Key] = ("*", "state#fleet")
_LEASE: Final[Key] = ("*", "state#lease")
_CURRENT: Final = 10  # three states, and the newest runs: one more than an incident's tries
_MESSAGE_KEPT: Final = timedelta(days=2)


class Ledger:
    """Every method raises LedgerUnavailable where the table cannot be used."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._entries = Entries(table)

    def read(self, disaster_recovery_id: str) -> Record:
        """Read all that is current about a pair, in one strongly consistent query."""
        return _record(self._table.last(disaster_recovery_id, "run#", _CURRENT))

    def read_all(self, disaster_recovery_ids: Iterable[str]) -> Mapping[str, Record]:
        """Read what is current about many pairs; of the runs, the last one only."""
        states = (PAIR, INCIDENT, _HEALTH)
        ids = list(disaster_recovery_ids)
        items = self._table.get_all([(id_, state) for id_ in ids for state in states])
        last = [(i["pk"], f"run#{i['run_id']}") for i in items if i["sk"] == PAIR and "run_id" in i]
        of_pair: dict[str, list[Mapping[str, Any]]] = {id_: [] for id_ in ids}
        for item in (*items, *self._table.get_all(last)):
            of_pair[item["pk"]].append(item)
        return {id_: _record(found) for id_, found in of_pair.items()}

    def fleet(self) -> Fleet:
        """Read the brakes over all pairs."""
        return from_plain(Fleet, self._table.get(_FLEET) or {})

    def work(self) -> tuple[Work, ...]:
        """Read what is open, of all pairs that have ever had something open."""
        found = self._table.begins_with("*", "work#")
        return tuple(
            from_plain(Work, {**item, "disaster_recovery_id": item["sk"].removeprefix("work#")})
            for item in found
        )

    def run(self, disaster_recovery_id: str, run_id: str) -> Run | None:
        """Read one run."""
        item = self._table.get((disaster_recovery_id, f"run#{run_id}"))
        return from_plain(Run, item) if item else None

    def run_of_request(self, disaster_recovery_id: str, request_id: str) -> Run | None:
        """The run that a command with this request id has made, if any."""
        request = self._table.get((disaster_recovery_id, f"request#{request_id}"))
        return self.run(disaster_recovery_id, request["run_id"]) if request else None

    def open_incident(self, incident: Incident) -> None:
        """Store a new incident; its revision is one more than that of the pair's last one.

        Raises:
            Conflict: another invocation has opened one.
        """
        id_ = incident.disaster_recovery_id
        put = self._table.revised((id_, INCIDENT), incident, incident.revision)
        self._table.write_all(
            [put, self._entries.work(id_, add={"incidents": {incident.incident_id}})]
        )

    def join_incident(
        self, incident: Incident, alarm: str, at: datetime, retry_until: datetime
    ) -> None:
        """Add an alarm to an open incident and pursue it until then; any number may do so at once.

        Raises:
            Conflict: the incident is no longer open.
        """
        self._table.write(self._entries.joined(incident, alarm, at, retry_until))

    def leave_incident(self, incident: Incident, alarm: str) -> None:
        """Take an alarm that is OK again from an open incident.

        Raises:
            Conflict: the incident is no longer open.
        """
        self._table.write(self._entries.left(incident, alarm))

    def note_decision(self, incident: Incident) -> None:
        """Store what was decided or told of an incident, one revision after the stored one.

        Raises:
            Conflict: another invocation has decided about it.
        """
        self._table.write(self._entries.decided(incident))

    def end_incident(self, incident: Incident, notice: Notice, alone: str | None = None) -> None:
        """Store that an incident has ended, together with the notice that tells it.

        Args:
            incident: ended, one revision after the stored one.
            notice: not yet published.
            alone: only if this is the one alarm left in it.

        Raises:
            Conflict: another invocation has decided about it, or another alarm has joined.
        """
        work = self._entries.work(
            incident.disaster_recovery_id,
            add={"notices": {notice.notice_id}},
            remove={"incidents": {incident.incident_id}},
        )
        self._table.write_all(
            [self._entries.decided(incident, alone), self._entries.notice(notice), work]
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
        self._table.write(self._entries.standing(disaster_recovery_id, standing))

    def save_fleet(self, fleet: Fleet) -> None:
        """Store the brakes over all pairs; `fleet.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed them.
        """
        changed = replace(fleet, revision=fleet.revision + 1)
        self._table.write(self._table.revised(_FLEET, changed, changed.revision))

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
        claims = {**fleet.recent_claims(now), **({id_: now} if is_counted else {})}
        braked = replace(fleet, revision=fleet.revision + 1, claims=claims)
        writes = [
            self._table.revised((id_, f"run#{run.run_id}"), run, 1),
            self._entries.standing(id_, replace(standing, run_id=run.run_id)),
            self._table.revised(_FLEET, braked, braked.revision),
            self._entries.work(id_, add={"runs": {run.run_id}}),
        ]
        if run.request_id:
            request = {"run_id": run.run_id, "expires_at": expiry(now)}
            writes.append(self._table.revised((id_, f"request#{run.request_id}"), request, 1))
        try:
            self._table.write_all(writes, token=run.run_id)
        except (Conflict, LedgerUnavailable):
            # The answer to a claim that came through may have been lost.
            if self.read(id_).standing.run_id != run.run_id:
                raise

    def save_run(
        self, run: Run, notice: Notice | None = None, ended: Incident | None = None
    ) -> Run:
        """Store a changed run, the notice that tells the change, and the incident that it ends.

        Args:
            run: its `revision` is that of the stored one.
            notice: not yet published.
            ended: the run's incident, ended.

        Returns:
            the run as stored.

        Raises:
            Conflict: another invocation has changed it.
        """
        id_, stored = run.disaster_recovery_id, replace(run, revision=run.revision + 1)
        runs = {"runs": {run.run_id}}
        add: Ids = runs if run.is_in_flight else {}
        remove: Ids = {} if run.is_in_flight else runs
        writes = [self._entries.run(stored)]
        if notice:
            writes.append(self._entries.notice(notice))
            add = {**add, "notices": {notice.notice_id}}
        if ended:
            writes.append(self._entries.decided(ended))
            remove = {**remove, "incidents": {ended.incident_id}}
        self._table.write_all([*writes, self._entries.work(id_, add=add, remove=remove)])
        return stored

    def acknowledge(
        self,
        standing: Standing,
        disaster_recovery_id: str,
        run: Run | None,
        ended: Incident | None,
        notice: Notice,
    ) -> None:
        """Store what a person has acknowledged, all of it or nothing.

        Args:
            standing: with the expected roles; its `revision` is that of the stored one.
            disaster_recovery_id: the pair's.
            run: the one whose hold ends; its `revision` is that of the stored one.
            ended: the incident that ends.
            notice: not yet published.

        Raises:
            Conflict: another invocation has changed one of them.
        """
        id_ = disaster_recovery_id
        writes, remove = [self._entries.standing(id_, standing), self._entries.notice(notice)], {}
        if run:
            writes.append(self._entries.run(replace(run, revision=run.revision + 1)))
            remove["runs"] = {run.run_id}
        if ended:
            writes.append(self._entries.decided(ended))
            remove["incidents"] = {ended.incident_id}
        add = {"notices": {notice.notice_id}}
        self._table.write_all([*writes, self._entries.work(id_, add=add, remove=remove)])

    def save_notice(self, notice: Notice) -> bool:
        """Store a notice before it is published; False if it is there already."""
        try:
            work = self._entries.work(
                notice.disaster_recovery_id, add={"notices": {notice.notice_id}}
            )
            self._table.write_all([self._entries.notice(notice), work])
        except Conflict:
            return False
        return True

    def notice(self, notice_id: str) -> Notice | None:
        """Read a notice."""
        item = self._table.get(("*", f"notice#{notice_id}"))
        return from_plain(Notice, item) if item else None

    def lease_notice(self, notice: Notice, until: datetime) -> Notice:
        """Take it on oneself to publish a notice that nobody is publishing.

        Raises:
            Conflict: someone else has done so.
        """
        leased = replace(notice, leased_until=until)
        was = notice.leased_until.isoformat()
        self._table.write(
            self._table.changed(
                notice_key(notice),
                "SET leased_until = :until",
                {":until": until.isoformat(), ":was": was},
                "leased_until = :was AND attribute_not_exists(published_at)",
            )
        )
        return leased

    def mark_published(self, notice: Notice, now: datetime) -> None:
        """Note that SNS has taken a notice.

        Raises:
            Conflict: the notice is not stored.
        """
        published = self._table.changed(
            notice_key(notice),
            "SET published_at = :now, expires_at = :expiry",
            {":now": now.isoformat(), ":expiry": expiry(now)},
            "attribute_exists(pk)",
        )
        done = self._entries.work(
            notice.disaster_recovery_id, remove={"notices": {notice.notice_id}}
        )
        self._table.write_all([published, done])

    def has_taken(self, message_id: str) -> bool:
        """Whether a message has been taken before."""
        return self._table.get(_message(message_id)) is not None

    def note_taken(self, message_id: str, now: datetime) -> None:
        """Note that a message has been taken, for longer than any message is young."""
        values = {":expiry": int((now + _MESSAGE_KEPT).timestamp())}
        update = "SET expires_at = :expiry"
        self._table.write(self._table.changed(_message(message_id), update, values))

    def take_lease(self, now: datetime, until: datetime) -> bool:
        """Take reconcile's lease; False if someone else has it."""
        lease = self._table.changed(
            _LEASE,
            "SET leased_until = :until",
            {":until": until.isoformat(), ":now": now.isoformat()},
            "attribute_not_exists(pk) OR leased_until <= :now",
        )
        try:
            self._table.write(lease)
        except Conflict:
            return False
        return True

    def give_lease_back(self, until: datetime, now: datetime) -> None:
        """End a lease early, if it is still one's own.

        Raises:
            Conflict: it is not.
        """
        values = {":until": until.isoformat(), ":now": now.isoformat()}
        self._table.write(
            self._table.changed(_LEASE, "SET leased_until = :now", values, "leased_until = :until")
        )


def _message(message_id: str) -> Key:
    return "*", f"message#{message_id}"


def _record(items: Iterable[Mapping[str, Any]]) -> Record:
    by_key = {item["sk"]: item for item in items}
    standing = from_plain(Standing, by_key.get(PAIR, {}))
    # Clocks differ a little: the last run is the one that the pair names.
    named = f"run#{standing.run_id}"
    runs = sorted((sk for sk in by_key if sk.startswith("run#")), reverse=True)
    runs.sort(key=lambda sk: sk != named)
    incident = by_key.get(INCIDENT)
    return Record(
        standing,
        from_plain(Incident, incident) if incident else None,
        from_plain(Health, by_key.get(_HEALTH, {})),
        tuple(from_plain(Run, by_key[sk]) for sk in runs),
    )
