"""The runs table in the words of the contract: what is known of a pair, the claim, the outcome.

One partition per disaster-recovery id; the sort keys put what is current last, so that one query
backwards reads it whatever history there is:

    state#pair      Standing     revision: the claim depends on it
    state#incident  Incident     the open one, or the last
    state#health    Health
    run#<run id>    Run          ids begin with their time
    request#<id>    which run a command's request_id made
    alarm#<key>     Heard        the newest transition of each alarm

The partition `*` holds what is not one pair's: `state#fleet` (the brakes over all), `state#lease`
(reconcile's), the notices, for each pair a `work#<id>` that names what is open of it, and as
`waiting#...` the alarms of pairs whose document is bad.

What is decided, the notice that tells it and the conditions that it rests on are one transaction.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from handler.aws.items import INCIDENT, PAIR, Entries, Ids, expiry, heard_key, notice_key
from handler.aws.table import Key, Table, Write
from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.model.alarm_history import LastTransition, PendingAlarm, key_of
from handler.model.codec import from_plain, to_plain
from handler.model.incident import Incident
from handler.model.notice import Notice
from handler.model.pair_state import Fleet, Observations, OpenItems, PairRecord, PairState
from handler.model.run import Run

T = TypeVar("T")
Item = Mapping[str, Any]
NOBODY: Final = "-"  # whose work a notice is that is about no pair
_HEALTH: Final = "state#health"
_FLEET: Final[Key] = ("*", "state#fleet")
_LEASE: Final[Key] = ("*", "state#lease")
_CURRENT: Final = 10  # three states, and the newest runs: one more than an incident's tries
# Whether a lease is over, or none that this code can have written: it is missing, or no time, or it
# lasts for much longer than any. For a little longer, it is another's, whose clock is ahead.
_IS_FREE: Final = "(leased_until <= :now OR NOT (leased_until <= :latest))"
_LONGEST_ID: Final = 100  # of a run; DynamoDB refuses a whole batch for one key that is too long
_MESSAGE_KEPT: Final = timedelta(days=2)
_NONE: Final[Ids] = {}
_WORK: Final = ("runs", "held", "incidents", "notices")


class Ledger:
    """Every method raises LedgerUnavailable where the table cannot be used.

    So does one that finds an item which this code cannot have written: damaged, restored, newer.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._entries = Entries(table)

    # Reading

    def read(self, disaster_recovery_id: str) -> PairRecord:
        """Read all that is current about a pair, strongly consistent.

        One query; a second call only where a run from before the newest ones still holds.
        """
        items = self._table.last(disaster_recovery_id, "run#", _CURRENT)
        there = {item["sk"] for item in items}
        pair: Item = next((item for item in items if item["sk"] == PAIR), {})
        missing = [key for key in _holding(disaster_recovery_id, pair) if key[1] not in there]
        return _record([*items, *(self._table.get_all(missing) if missing else ())])

    def read_all(
        self, disaster_recovery_ids: Iterable[str]
    ) -> Mapping[str, PairRecord | LedgerUnavailable]:
        """Read what is current about many pairs; of the runs, the last one and those that hold.

        Returns:
            for each id its record, or why it cannot be read, which is that pair's trouble alone.
        """
        states = (PAIR, INCIDENT, _HEALTH)
        ids = list(disaster_recovery_ids)
        items = self._table.get_all([(id_, state) for id_ in ids for state in states])
        keys = {key for item in items if item["sk"] == PAIR for key in _named_runs(item)}
        of_pair: dict[str, list[Item]] = {id_: [] for id_ in ids}
        for item in (*items, *self._table.get_all(sorted(keys))):
            of_pair[item["pk"]].append(item)
        return {id_: _record_or_why(found) for id_, found in of_pair.items()}

    def fleet(self) -> Fleet:
        """Read the brakes over all pairs."""
        return _decoded(Fleet, self._table.get(_FLEET) or {})

    def work(self) -> tuple[OpenItems, ...]:
        """Read what is open, of all pairs that have ever had something open."""
        found = self._table.begins_with("*", "work#")
        for item in found:
            self._mend(item)
        return tuple(map(_work, found))

    def _mend(self, item: Item) -> None:
        """What is no list of ids cannot be added to: it would keep all news of its pair back."""
        damaged = [name for name in _WORK if name in item and not isinstance(item[name], set)]
        if not damaged:
            return
        logger.error("work mended", item=item["sk"], damaged=damaged)
        names = {f"#{name}": name for name in damaged}
        key, update = (item["pk"], item["sk"]), f"REMOVE {', '.join(names)}"
        with contextlib.suppress(LedgerUnavailable):
            self._table.write(self._table.changed(key, update, {}, names=names))

    def run(self, disaster_recovery_id: str, run_id: str) -> Run | None:
        """Read one run."""
        return self._one(Run, (disaster_recovery_id, f"run#{run_id}"))

    def run_of_request(self, disaster_recovery_id: str, request_id: str) -> Run | None:
        """The run that a command with this request id has made, if any."""
        request = self._table.get((disaster_recovery_id, f"request#{request_id}"))
        if request is None:
            return None
        run = self.run(disaster_recovery_id, str(request.get("run_id")))
        if run is None:
            raise LedgerUnavailable(f"the runs table does not hold the run of request {request_id}")
        return run

    def heard(self, disaster_recovery_id: str, key: str) -> LastTransition | None:
        """What was last heard of an alarm, by the key of its part."""
        return self._one(LastTransition, (disaster_recovery_id, heard_key(key)))

    def notice(self, notice_id: str) -> Notice | None:
        """Read a notice."""
        return self._one(Notice, notice_key(notice_id))

    def waiting(self) -> tuple[PendingAlarm, ...]:
        """The alarms that wait for a good document."""
        found = self._table.begins_with("*", "waiting#")
        return tuple(one for item in found if (one := _decoded_if_good(PendingAlarm, item)))

    def has_taken(self, message_id: str) -> bool:
        """Whether a message has been taken before."""
        return self._table.get(_message(message_id)) is not None

    def _one(self, kind: type[T], key: Key) -> T | None:
        item = self._table.get(key)
        return _decoded(kind, item) if item else None

    # Alarms and incidents

    def note_heard(
        self,
        disaster_recovery_id: str,
        heard: LastTransition,
        pair_state: PairState,
        *,
        is_muted: bool | None = None,
    ) -> None:
        """Remember an alarm's newest transition, which concerns no incident.

        Args:
            disaster_recovery_id: the pair's.
            heard: its `revision` is that of what is stored.
            pair_state: as read.
            is_muted: whether the pair has it among its muted ones from now on; None: as before.

        Raises:
            Conflict: another invocation has heard of it.
        """
        writes = [self._entries.heard(disaster_recovery_id, heard)]
        writes += self._muted(disaster_recovery_id, heard, pair_state, is_muted=is_muted)
        self._commit(disaster_recovery_id, writes)

    def mute(
        self,
        disaster_recovery_id: str,
        heard: LastTransition,
        pair_state: PairState,
        incident: Incident | None,
        notice: Notice,
    ) -> None:
        """Remember that an alarm is in ALARM and muted, and that it calls no more.

        Args:
            disaster_recovery_id: the pair's.
            heard: its `revision` is that of what is stored.
            pair_state: as read.
            incident: the one that it leaves, or that has ended with it.
            notice: that tells it, not yet published.

        Raises:
            Conflict: another invocation has heard of it, or its incident or pair has changed.
        """
        id_, key = disaster_recovery_id, key_of(heard.part)
        writes = [self._entries.heard(id_, heard)]
        writes += self._muted(id_, heard, pair_state, is_muted=True)
        over: set[str] = set()
        if incident and incident.is_open:
            writes.append(self._entries.left(incident, key))
        elif incident:
            writes.append(self._entries.decided(incident))
            over = {incident.incident_id}
        self._commit(id_, writes, notice, remove={"incidents": over} if over else _NONE)

    def forget_muted(self, disaster_recovery_id: str, key: str) -> None:
        """A pair has an alarm among its muted ones of which nothing is remembered any more."""
        self._table.write(self._entries.muted(disaster_recovery_id, key, None, is_muted=False))

    def open_incident(
        self, incident: Incident, pair_state: PairState, heard: LastTransition | None = None
    ) -> None:
        """Store a new incident; its revision is one more than that of the pair's last one.

        Args:
            incident: new.
            pair_state: as read: a run that has ended since may be what the alarm belongs to.
            heard: the alarm's transition that opens it.

        Raises:
            Conflict: another invocation has opened one, or a run has changed, or the alarm has.
        """
        id_ = incident.disaster_recovery_id
        writes = [
            self._table.revised((id_, INCIDENT), incident, incident.revision),
            *self._of_alarm(id_, heard, pair_state),
        ]
        self._commit(id_, writes, add={"incidents": {incident.incident_id}})

    def join_incident(
        self,
        incident: Incident,
        pair_state: PairState,
        heard: LastTransition,
        retry_until: datetime,
    ) -> None:
        """Add an alarm to an open incident and pursue it until then; any number may do so at once.

        Raises:
            Conflict: the incident is no longer open, or another has heard of the alarm.
        """
        id_ = incident.disaster_recovery_id
        joined = self._entries.joined(incident, key_of(heard.part), heard.at, retry_until)
        was_muted = key_of(heard.part) in pair_state.muted
        muted = self._muted(id_, heard, pair_state, is_muted=False if was_muted else None)
        self._commit(id_, [joined, self._entries.heard(id_, heard), *muted])

    def leave_incident(self, incident: Incident, heard: LastTransition) -> None:
        """Take an alarm that is OK again from an open incident.

        Raises:
            Conflict: it is no longer open, no other alarm is left, or another has heard of it.
        """
        id_ = incident.disaster_recovery_id
        left = self._entries.left(incident, key_of(heard.part))
        self._commit(id_, [left, self._entries.heard(id_, heard)])

    def begin_assessing(self, incident: Incident, since: datetime, now: datetime) -> bool:
        """Take it on oneself to read the evidence for an incident.

        Returns:
            False if another does so now, or has done so since.
        """
        try:
            self._table.write(self._entries.assessing(incident, since, now))
        except Conflict:
            return False
        return True

    def note_decision(
        self, incident: Incident, pair_state: PairState, notice: Notice | None = None
    ) -> None:
        """Store what was decided of an incident, one revision after the stored one.

        Args:
            incident: with the decision.
            pair_state: as read: what was refused must not be told once a run is in flight.
            notice: that tells the decision, not yet published.

        Raises:
            Conflict: another invocation has decided about it, or has claimed.
        """
        id_ = incident.disaster_recovery_id
        unchanged = self._entries.pair_unchanged(id_, pair_state)
        self._commit(id_, [self._entries.decided(incident), unchanged], notice)

    def note_refusal(
        self, disaster_recovery_id: str, pair_state: PairState, notice: Notice
    ) -> None:
        """Store the notice that tells a command's refusal, which concerns no incident.

        Args:
            disaster_recovery_id: the pair's.
            pair_state: as read, see `note_decision`.
            notice: not yet published.

        Raises:
            Conflict: another invocation has claimed.
        """
        unchanged = self._entries.pair_unchanged(disaster_recovery_id, pair_state)
        self._commit(disaster_recovery_id, [unchanged], notice)

    def end_incident(
        self,
        incident: Incident,
        pair_state: PairState,
        notice: Notice | None,
        heard: LastTransition | None = None,
    ) -> None:
        """Store that an incident has ended, together with the notice that tells it.

        Args:
            incident: ended, one revision after the stored one.
            pair_state: as read: an incident with a run in flight does not end.
            notice: not yet published; None where its run has told it.
            heard: the OK that ends it.

        Raises:
            Conflict: another has decided about it, another alarm has joined, or a run has changed.
        """
        id_ = incident.disaster_recovery_id
        writes = [self._entries.decided(incident), self._entries.pair_unchanged(id_, pair_state)]
        writes += [self._entries.heard(id_, heard)] if heard else []
        self._commit(id_, writes, notice, remove={"incidents": {incident.incident_id}})

    def keep_waiting(
        self, waiting: PendingAlarm, notice: Notice | None, pair_state: PairState | None = None
    ) -> None:
        """Keep an alarm for a pair whose document is bad, until it is good.

        Args:
            waiting: the alarm, and whose it is.
            notice: tells that it waits.
            pair_state: as read: nothing may have been claimed since; None if it is not known.

        Raises:
            Conflict: it is kept already, or told, or the pair has changed.
        """
        item = {**to_plain(waiting), "expires_at": expiry(waiting.alarm.occurred_at)}
        writes = [self._table.revised(_waiting(waiting), item, 1)]
        id_ = notice.disaster_recovery_id if notice else NOBODY
        if pair_state:
            writes.append(self._entries.pair_unchanged(id_, pair_state))
        self._commit(id_, writes, notice)

    def end_waiting(self, waiting: PendingAlarm) -> None:
        """An alarm has been taken in, or is too old to be."""
        self._table.write(self._table.removed(_waiting(waiting)))

    def _of_alarm(
        self, id_: str, heard: LastTransition | None, pair_state: PairState
    ) -> list[Write]:
        unchanged = self._entries.pair_unchanged(id_, pair_state)
        if heard is None:
            return [unchanged]
        if key_of(heard.part) in pair_state.muted:
            # The same item twice in one transaction is refused: this rests on its revision, too.
            unmuted = self._muted(id_, heard, pair_state, is_muted=False)
            return [self._entries.heard(id_, heard), *unmuted]
        return [self._entries.heard(id_, heard), unchanged]

    def _muted(
        self,
        id_: str,
        heard: LastTransition,
        pair_state: PairState | None,
        *,
        is_muted: bool | None,
    ) -> list[Write]:
        if is_muted is None:
            return []
        return [self._entries.muted(id_, key_of(heard.part), pair_state, is_muted=is_muted)]

    # A pair's state

    def save_observations(
        self,
        disaster_recovery_id: str,
        observations: Observations,
        notices: tuple[Notice, ...] = (),
    ) -> None:
        """Store what was observed; `observations.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it, or has told it.
        """
        changed = replace(observations, revision=observations.revision + 1)
        put = self._table.revised((disaster_recovery_id, _HEALTH), changed, changed.revision)
        self._commit(disaster_recovery_id, [put], *notices)

    def save_pair_state(
        self, disaster_recovery_id: str, pair_state: PairState, notice: Notice | None = None
    ) -> None:
        """Store how a pair stands; `pair_state.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
        """
        put = self._entries.pair_state(disaster_recovery_id, pair_state)
        self._commit(disaster_recovery_id, [put], notice)

    def save_fleet(self, fleet: Fleet, notice: Notice | None = None) -> None:
        """Store the brakes over all pairs; `fleet.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed them.
        """
        changed = replace(fleet, revision=fleet.revision + 1)
        put = self._table.revised(_FLEET, changed, changed.revision)
        self._commit(NOBODY, [put], notice)

    # Runs

    def claim(
        self,
        run: Run,
        pair_state: PairState,
        fleet: Fleet,
        incident: Incident | None = None,
        *,
        is_counted: bool,
    ) -> None:
        """Put the run, if pair and fleet are still as they were read. From here on it may be sent.

        One transaction: of any number of claims on what was read once, one comes through.

        Args:
            run: in state `submitting`.
            pair_state: as read; it then names this run, which holds.
            fleet: as read.
            incident: the reason to act, which must still be open; None for a command.
            is_counted: whether the claim counts for the rate limit (those of alarms do).

        Raises:
            Conflict: something has changed; nothing was claimed.
        """
        writes = self.claiming(run, pair_state, fleet, is_counted=is_counted)
        if incident:
            writes.append(self._entries.still_open(incident))
        try:
            self._table.write(*writes, token=run.run_id)
        except (Conflict, LedgerUnavailable):
            # The answer to a claim that came through may have been lost.
            if self.read(run.disaster_recovery_id).pair_state.run_id != run.run_id:
                raise

    def claiming(
        self, run: Run, pair_state: PairState, fleet: Fleet, *, is_counted: bool
    ) -> list[Write]:
        """What a claim writes; making it shows that it can be written."""
        id_, now = run.disaster_recovery_id, run.claimed_at
        claims = {**fleet.recent_claims(now), **({id_: now} if is_counted else {})}
        braked = replace(fleet, revision=fleet.revision + 1, claims=claims)
        held = pair_state.holding | {run.run_id}
        ids = {"runs": {run.run_id}, "held": {run.run_id}}
        request = {"run_id": run.run_id, "expires_at": expiry(now)}
        return [
            self._table.revised((id_, f"run#{run.run_id}"), run, 1),
            self._entries.pair_state(id_, replace(pair_state, run_id=run.run_id, holding=held)),
            self._table.revised(_FLEET, braked, braked.revision),
            self._entries.work(id_, ids, _NONE),
            *(
                [self._table.revised((id_, f"request#{run.request_id}"), request, 1)]
                if run.request_id
                else []
            ),
        ]

    def save_run(
        self,
        before: Run,
        run: Run,
        notice: Notice | None = None,
        ended: Incident | None = None,
        record: PairRecord | None = None,
        token: str | None = None,
    ) -> Run:
        """Store a changed run, the notice that tells the change, and the incident that it ends.

        A transition also changes what the pair's next claim depends on.

        Args:
            before: as stored.
            run: changed.
            notice: not yet published.
            ended: the incident that ends with it.
            record: as read, where the run ends whatever incident is open.
            token: the same for the same change, where the call is repeated.

        Returns:
            the run as stored.

        Raises:
            Conflict: another invocation has changed it, or an alarm has come in.
        """
        id_, stored = run.disaster_recovery_id, replace(run, revision=before.revision + 1)
        writes, mine = [self._entries.run(stored)], {run.run_id}
        add: dict[str, set[str]] = {}
        remove: dict[str, set[str]] = {}
        (add if run.is_in_flight else remove)["runs"] = mine
        if run.transitions != before.transitions:
            writes.append(self._entries.holding(run))
            (add if run.holds_pair else remove)["held"] = mine
        if ended:
            writes.append(self._entries.decided(ended))
            remove["incidents"] = {ended.incident_id}
        elif record:
            writes.append(self._entries.incident_unchanged(id_, record.incident))
        self._commit(id_, writes, notice, add=add, remove=remove, token=token)
        return stored

    def acknowledge(
        self,
        pair_state: PairState,
        disaster_recovery_id: str,
        held: Run | str | None,
        ended: Incident | None,
        notice: Notice,
    ) -> None:
        """Store what a person has acknowledged, all of it or nothing.

        Args:
            pair_state: with the expected roles; its `revision` is that of the stored one.
            disaster_recovery_id: the pair's.
            held: the run whose hold ends, with the `revision` of the stored one; only its id where
                the run itself is gone.
            ended: the incident that ends.
            notice: not yet published.

        Raises:
            Conflict: another invocation has changed one of them.
        """
        id_ = disaster_recovery_id
        run_id = held.run_id if isinstance(held, Run) else held
        kept = replace(pair_state, holding=pair_state.holding - {run_id or ""})
        writes = [self._entries.pair_state(id_, kept)]
        remove: dict[str, set[str]] = {}
        if isinstance(held, Run):
            writes.append(self._entries.run(replace(held, revision=held.revision + 1)))
        if run_id:
            remove |= {"runs": {run_id}, "held": {run_id}}
        if ended:
            writes.append(self._entries.decided(ended))
            remove["incidents"] = {ended.incident_id}
        self._commit(id_, writes, notice, remove=remove)

    # Notices

    def save_notice(self, notice: Notice) -> bool:
        """Store a notice before it is published; False if it is there already."""
        try:
            self._commit(notice.disaster_recovery_id, [], notice)
        except Conflict:
            return False
        return True

    def lease_notice(self, notice: Notice, now: datetime, until: datetime) -> Notice:
        """Take it on oneself to publish a notice that nobody is publishing.

        Raises:
            Conflict: someone else has done so.
        """
        self._table.write(
            self._table.changed(
                notice_key(notice.notice_id),
                "SET leased_until = :until",
                _lease(now, until),
                f"attribute_not_exists(published_at) AND {_IS_FREE}",
            )
        )
        return replace(notice, leased_until=until)

    def mark_published(self, notice: Notice, now: datetime) -> None:
        """Note that SNS has taken a notice, or that nobody will ever get it.

        Raises:
            Conflict: the notice is not stored.
        """
        published = self._table.changed(
            notice_key(notice.notice_id),
            "SET published_at = :now, expires_at = :expiry",
            {":now": now.isoformat(), ":expiry": expiry(now)},
            "attribute_exists(pk)",
        )
        remove = {"notices": {notice.notice_id}}
        self._commit(notice.disaster_recovery_id, [published], remove=remove)

    def note_not_taken(self, notice: Notice) -> None:
        """Note that SNS has refused a notice for what it is."""
        update = "SET refused_times = :times"
        values = {":times": notice.refused_times + 1}
        self._table.write(self._table.changed(notice_key(notice.notice_id), update, values))

    def forget_notice(self, disaster_recovery_id: str, notice_id: str) -> None:
        """Take a notice from the work that is not there, or is no notice."""
        self._commit(disaster_recovery_id, [], remove={"notices": {notice_id}})

    def _commit(
        self,
        disaster_recovery_id: str,
        writes: list[Write],
        *notices: Notice | None,
        add: Ids = _NONE,
        remove: Ids = _NONE,
        token: str | None = None,
    ) -> None:
        """Make the writes, store the notices and note what is open by now: all or nothing."""
        told = [notice for notice in notices if notice]
        if told:
            add = {**add, "notices": {notice.notice_id for notice in told}}
        if add or remove:
            writes = [*writes, self._entries.work(disaster_recovery_id, add, remove)]
        self._table.write(*writes, *map(self._entries.notice, told), token=token)

    # Once for all pairs

    def note_taken(self, message_id: str, now: datetime) -> None:
        """Note that a message has been taken, for longer than any message is young."""
        values = {":expiry": int((now + _MESSAGE_KEPT).timestamp())}
        update = "SET expires_at = :expiry"
        self._table.write(self._table.changed(_message(message_id), update, values))

    def take_lease(self, now: datetime, until: datetime) -> bool:
        """Take reconcile's lease; False if someone else has it."""
        update = "SET leased_until = :until"
        try:
            self._table.write(self._table.changed(_LEASE, update, _lease(now, until), _IS_FREE))
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


def _lease(now: datetime, until: datetime) -> Mapping[str, str]:
    values = {":until": until, ":now": now, ":latest": until + (until - now)}
    return {name: at.isoformat() for name, at in values.items()}


def _message(message_id: str) -> Key:
    return "*", f"message#{message_id}"


def _waiting(waiting: PendingAlarm) -> Key:
    alarm = waiting.alarm
    what = f"{key_of(alarm.part)}#{alarm.occurred_at.isoformat()}#{alarm.state}"
    return "*", f"waiting#{waiting.pair}#{what}"


def _decoded(kind: type[T], item: Item) -> T:
    """What an item holds; one that this code did not write is no reason to act on a guess."""
    try:
        return from_plain(kind, item)
    except (ValueError, TypeError, AttributeError, KeyError) as err:
        where = f"{item.get('pk')} {item.get('sk')}"
        why = f"the runs table has an item that cannot be read: {where}: {err}"
        raise LedgerUnavailable(why, is_damaged=True) from err


def _work(item: Item) -> OpenItems:
    """What is open of one pair; what is damaged of it must not hide the rest."""
    id_ = str(item["sk"]).removeprefix("work#")
    return OpenItems(id_, *(frozenset(map(str, _set_in(item, name))) for name in _WORK))


def _set_in(item: Item, name: str) -> Iterable[Any]:
    found = item.get(name, ())
    return found if isinstance(found, set | frozenset | list) else ()


def _decoded_if_good(kind: type[T], item: Item) -> T | None:
    """One of many: a damaged one must not hide the others."""
    try:
        return _decoded(kind, item)
    except LedgerUnavailable as err:
        logger.error("item not read", error=str(err))
        return None


def _named_runs(pair: Item) -> Iterable[Key]:
    """The runs that a pair names: its last one, and those that hold it."""
    last = [str(pair["run_id"])] if "run_id" in pair else []
    return {*_run_keys(pair["pk"], last), *_holding(pair["pk"], pair)}


def _holding(disaster_recovery_id: str, pair: Item) -> list[Key]:
    return _run_keys(disaster_recovery_id, sorted(map(str, _set_in(pair, "holding"))))


def _run_keys(disaster_recovery_id: str, run_ids: Iterable[str]) -> list[Key]:
    return [(disaster_recovery_id, f"run#{id_}") for id_ in run_ids if len(id_) <= _LONGEST_ID]


def _record_or_why(items: Iterable[Item]) -> PairRecord | LedgerUnavailable:
    try:
        return _record(items)
    except LedgerUnavailable as err:
        return err


def _record(items: Iterable[Item]) -> PairRecord:
    by_key = {item["sk"]: item for item in items}
    pair_state = _decoded(PairState, by_key.get(PAIR, {}))
    # Clocks differ a little: the last run is the one that the pair names.
    named = f"run#{pair_state.run_id}"
    names = sorted((sk for sk in by_key if sk.startswith("run#")), reverse=True)
    names.sort(key=lambda sk: sk != named)
    runs = tuple(_decoded(Run, by_key[sk]) for sk in names)
    incident = by_key.get(INCIDENT)
    return PairRecord(
        pair_state,
        _decoded(Incident, incident) if incident else None,
        _decoded(Observations, by_key.get(_HEALTH, {})),
        runs,
        tuple(run for run in runs if run.run_id in pair_state.holding or run.holds_pair),
    )
