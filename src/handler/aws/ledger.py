"""The runs table in the words of the contract: what is known of a pair, the claim, the outcome.

One partition per disaster-recovery id; the sort keys put what is current last, so that one query
backwards reads it whatever history there is:

    state#pair      PairState       revision: the claim depends on it
    state#incident  Incident        the open one, or the last
    incident#<id>   Incident        each that has ended; ids begin with their time
    state#health    Observations
    run#<run id>    Run             ids begin with their time
    request#<id>    which run a command's request_id made
    alarm#<key>     LastTransition  the newest one of each alarm

The partition `*` holds what is not one pair's: `state#fleet` (the brakes over all), `state#lease`
(reconcile's), `state#waiting` (of the one invocation that waits), the notices, for each pair a
`work#<id>` that names what is open of it, as `waiting#...` the alarms of pairs whose document is
bad, and for each name a `document#<name>`: what its document was when it was seen last.

Every item says the `schema` that it was written in; one of another schema is not read.

What is decided, the notice that tells it and the conditions that it rests on are one transaction.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from handler.aws.alarms import Alarms
from handler.aws.claim import FLEET, claiming
from handler.aws.incident_items import ending, incident_unchanged, still_open
from handler.aws.incidents import Incidents
from handler.aws.items import (
    HEALTH,
    INCIDENT,
    NOBODY,
    PAIR,
    hold_changed,
    pair_state_changed,
    pair_unchanged,
    request_key,
    run_changed,
    run_key,
)
from handler.aws.known_documents import KnownDocuments
from handler.aws.locks import ReconcileLock, WaitingLock
from handler.aws.notices import Notices
from handler.aws.open_items import Ids, commit, read_open_items
from handler.aws.past import Past
from handler.aws.records import (
    Item,
    check_schema,
    decoded,
    holding_runs,
    named_runs,
    record_of,
    record_or_why,
)
from handler.aws.table import Table
from handler.aws.writes import Write, revised
from handler.errors import Conflict, LedgerUnavailable
from handler.model.incident import Incident, LastIncident
from handler.model.notice import Notice
from handler.model.pair_state import Fleet, Observations, OpenItems, PairRecord, PairState
from handler.model.run import Run

_READ_BACK_S: Final = (1.0, 2.0, 4.0)  # pauses before a claim's fate is asked for again
_CURRENT: Final = 10  # three states, and the newest runs: one more than an incident's tries


class Ledger:
    """Pairs and their runs; incidents, alarms and notices each have a part of their own.

    Every method raises LedgerUnavailable where the table cannot be used. So does one that finds an
    item which this code cannot have written: damaged, restored, newer.

    Attributes:
        incidents: the reasons to act.
        alarms: what was last heard of each alarm, and those that wait for a document.
        notices: what was or will be published.
        documents: what was seen of the pairs' documents.
        past: what is over.
        reconcile_lock: lets one reconcile run at a time.
        waiting_lock: lets one invocation wait for all pairs.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self.incidents = Incidents(table)
        self.alarms = Alarms(table)
        self.notices = Notices(table)
        self.documents = KnownDocuments(table)
        self.past = Past(table)
        self.reconcile_lock = ReconcileLock(table)
        self.waiting_lock = WaitingLock(table)

    # Reading

    def read(self, disaster_recovery_id: str) -> PairRecord:
        """Read all that is current about a pair, strongly consistent.

        One query; a second call only where a run from before the newest ones still holds.
        """
        items = self._table.last(disaster_recovery_id, "run#", _CURRENT)
        there = {item["sk"] for item in items}
        pair: Item = next((item for item in items if item["sk"] == PAIR), {})
        missing = [key for key in holding_runs(disaster_recovery_id, pair) if key[1] not in there]
        return record_of([*items, *(self._table.get_all(missing) if missing else ())])

    def read_all(
        self, disaster_recovery_ids: Iterable[str]
    ) -> Mapping[str, PairRecord | LedgerUnavailable]:
        """Read what is current about many pairs; of the runs, the last one and those that hold.

        Returns:
            for each id its record, or why it cannot be read, which is that pair's trouble alone.
        """
        states = (PAIR, INCIDENT, HEALTH)
        ids = list(disaster_recovery_ids)
        items = self._table.get_all([(id_, state) for id_ in ids for state in states])
        keys = {key for item in items if item["sk"] == PAIR for key in named_runs(item)}
        of_pair: dict[str, list[Item]] = {id_: [] for id_ in ids}
        for item in (*items, *self._table.get_all(sorted(keys))):
            of_pair[item["pk"]].append(item)
        return {id_: record_or_why(found) for id_, found in of_pair.items()}

    def fleet(self) -> Fleet:
        """Read the brakes over all pairs."""
        return decoded(Fleet, self._table.get(FLEET) or {})

    def open_items(self) -> tuple[OpenItems, ...]:
        """Read what is open, of all pairs that have ever had something open."""
        return read_open_items(self._table)

    def name_open(self, disaster_recovery_id: str, record: PairRecord, ids: Ids) -> None:
        """Name what is open of a pair, by field of its open items, if that is still so.

        What has ended since it was read would stay open for ever.

        Raises:
            Conflict: a run or the incident has changed.
        """
        writes = [pair_unchanged(disaster_recovery_id, record.pair_state)]
        if record.open_incident:
            writes.append(still_open(record.open_incident))
        commit(self._table, disaster_recovery_id, writes, add=ids)

    def run(self, disaster_recovery_id: str, run_id: str) -> Run | None:
        """Read one run."""
        item = self._table.get(run_key(disaster_recovery_id, run_id))
        return decoded(Run, item) if item else None

    def run_of_request(self, disaster_recovery_id: str, request_id: str) -> Run | None:
        """The run that a command with this request id has made, if any."""
        request = self._table.get(request_key(disaster_recovery_id, request_id))
        if request is None:
            return None
        check_schema(request)
        run = self.run(disaster_recovery_id, str(request.get("run_id")))
        if run is None:
            raise LedgerUnavailable(f"the runs table does not hold the run of request {request_id}")
        return run

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
        put = _observed(disaster_recovery_id, observations)
        commit(self._table, disaster_recovery_id, [put], *notices)

    def save_pair_state(
        self, disaster_recovery_id: str, pair_state: PairState, notice: Notice | None = None
    ) -> None:
        """Store how a pair stands; `pair_state.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
        """
        put = pair_state_changed(disaster_recovery_id, pair_state)
        commit(self._table, disaster_recovery_id, [put], notice)

    def save_fleet(self, fleet: Fleet, notice: Notice | None = None) -> None:
        """Store the brakes over all pairs; `fleet.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed them.
        """
        changed = replace(fleet, revision=fleet.revision + 1)
        put = revised(FLEET, changed, changed.revision)
        commit(self._table, NOBODY, [put], notice)

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
            LedgerUnavailable: nothing was claimed, as far as can be read.
        """
        writes = claiming(run, pair_state, fleet, is_counted=is_counted)
        if incident:
            # An alarm that is OK again, or an acknowledgement, must not be followed by an order.
            writes.append(still_open(incident))
        try:
            # The token is the run's: a repetition of this very claim finds itself, no other does.
            self._table.write(*writes, token=run.run_id)
        except (Conflict, LedgerUnavailable):
            # The answer to a claim that came through may have been lost: only what the pair names
            # now tells. Raised as if nothing was claimed, it would hold the pair for nobody.
            if not self._has_claimed(run):
                raise

    def _has_claimed(self, run: Run) -> bool:
        """Whether the pair names this run; asked again where the table is away for a moment."""
        for pause_s in _READ_BACK_S:
            with suppress(LedgerUnavailable):
                return self.read(run.disaster_recovery_id).pair_state.run_id == run.run_id
            self._table.wait(pause_s)
        return self.read(run.disaster_recovery_id).pair_state.run_id == run.run_id

    def check_claim(self, run: Run, pair_state: PairState, fleet: Fleet) -> None:
        """Show that a claim can be written, before anyone is told that it would be."""
        claiming(run, pair_state, fleet, is_counted=True)

    def save_run(
        self,
        before: Run,
        run: Run,
        notice: Notice | None = None,
        ended: Incident | None = None,
        last: LastIncident | None = None,
        token: str | None = None,
        observations: Observations | None = None,
    ) -> Run:
        """Store a changed run, the notice that tells the change, and the incident that it ends.

        A transition also changes what the pair's next claim depends on.

        Args:
            before: as stored.
            run: changed.
            notice: not yet published.
            ended: the incident that ends with it.
            last: as read, where the run ends whatever incident is open.
            token: the same for the same change, where the call is repeated.
            observations: what was seen before the order; `revision` is that of the stored one.

        Returns:
            the run as stored.

        Raises:
            Conflict: another invocation has changed it, or the observations, or an alarm has come
                in.
        """
        id_, stored = run.disaster_recovery_id, replace(run, revision=before.revision + 1)
        writes, mine = [run_changed(stored)], {run.run_id}
        add: dict[str, set[str]] = {}
        remove: dict[str, set[str]] = {}
        (add if run.is_in_flight else remove)["runs"] = mine
        if run.transitions != before.transitions:
            writes.append(hold_changed(run))
            (add if run.holds_pair else remove)["held"] = mine
        if ended:
            writes += ending(ended)
            remove["incidents"] = {ended.incident_id}
        elif last:
            # One that was opened since would go on after the failover that it was about.
            writes.append(incident_unchanged(id_, last.incident))
        if observations:
            writes.append(_observed(id_, observations))
        commit(self._table, id_, writes, notice, add=add, remove=remove, token=token)
        return stored

    def acknowledge(
        self,
        pair_state: PairState,
        disaster_recovery_id: str,
        held: Run | str | None,
        ended: Incident | None,
        notice: Notice,
        observations: Observations | None = None,
    ) -> None:
        """Store what a person has acknowledged, all of it or nothing.

        Args:
            pair_state: with the expected roles; its `revision` is that of the stored one.
            disaster_recovery_id: the pair's.
            held: the run whose hold ends, with the `revision` of the stored one; only its id where
                the run itself is gone.
            ended: the incident that ends.
            notice: not yet published.
            observations: what is left of them, if they change; `revision` is that of the stored
                one.

        Raises:
            Conflict: another invocation has changed one of them.
        """
        id_ = disaster_recovery_id
        run_id = held.run_id if isinstance(held, Run) else held
        kept = replace(pair_state, holding=pair_state.holding - {run_id or ""})
        writes = [pair_state_changed(id_, kept)]
        remove: dict[str, set[str]] = {}
        if isinstance(held, Run):
            writes.append(run_changed(replace(held, revision=held.revision + 1)))
        if run_id:
            remove |= {"runs": {run_id}, "held": {run_id}}
        if ended:
            writes += ending(ended)
            remove["incidents"] = {ended.incident_id}
        if observations:
            writes.append(_observed(id_, observations))
        commit(self._table, id_, writes, notice, remove=remove)


def _observed(disaster_recovery_id: str, observations: Observations) -> Write:
    """What was observed, on top of the revision that was read."""
    stored = replace(observations, revision=observations.revision + 1)
    return revised((disaster_recovery_id, HEALTH), stored, stored.revision)
