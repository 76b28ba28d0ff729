"""Stored incidents: opened, joined and left by alarms, decided about, ended."""

from datetime import datetime

from handler.aws.alarms import heard_changed, opening
from handler.aws.incident_items import assessing, decided, ending, joined, left
from handler.aws.items import INCIDENT, pair_unchanged, unmuted
from handler.aws.open_items import commit
from handler.aws.records import decoded
from handler.aws.table import Table
from handler.aws.telemetry import logger, of_story
from handler.aws.writes import revised
from handler.errors import Conflict
from handler.model.alarm_history import LastTransition, key_of
from handler.model.incident import Incident, LastIncident
from handler.model.notice import Notice
from handler.model.pair_state import PairState


class Incidents:
    """The incidents of all pairs; methods raise LedgerUnavailable like the ledger's."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def last(self, disaster_recovery_id: str) -> LastIncident:
        """The open one, or the last, whatever else of its pair is damaged."""
        item = self._table.get((disaster_recovery_id, INCIDENT))
        return LastIncident(decoded(Incident, item) if item else None)

    def open(
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
        put = revised((id_, INCIDENT), incident, incident.revision)
        writes = [put, *opening(id_, heard, pair_state)]
        commit(self._table, id_, writes, add={"incidents": {incident.incident_id}})

    def join(
        self,
        incident: Incident,
        pair_state: PairState,
        heard: LastTransition,
        heard_at: datetime,
        retry_until: datetime,
    ) -> None:
        """Add an alarm to an open incident and pursue it until then; any number may do so at once.

        Raises:
            Conflict: the incident is no longer open, or another has heard of the alarm.
        """
        id_, key = incident.disaster_recovery_id, key_of(heard.part)
        writes = [joined(incident, key, heard.at, heard_at, retry_until), heard_changed(id_, heard)]
        if key in pair_state.muted:
            writes.append(unmuted(id_, key, pair_state))
        commit(self._table, id_, writes)

    def leave(self, incident: Incident, heard: LastTransition) -> None:
        """Take an alarm that is OK again from an open incident.

        Raises:
            Conflict: it is no longer open, no other alarm is left, or another has heard of it.
        """
        id_ = incident.disaster_recovery_id
        writes = [left(incident, key_of(heard.part)), heard_changed(id_, heard)]
        commit(self._table, id_, writes)

    def begin_assessing(self, incident: Incident, since: datetime, now: datetime) -> bool:
        """Take it on oneself to read the evidence for an incident.

        Returns:
            False if another does so now, or has done so since.
        """
        try:
            self._table.write(assessing(incident, since, now))
        except Conflict:
            return False
        return True

    def decide(
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
        writes = [decided(incident), pair_unchanged(id_, pair_state)]
        commit(self._table, id_, writes, notice)

    def end(
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
        writes = [*ending(incident), pair_unchanged(id_, pair_state)]
        writes += [heard_changed(id_, heard)] if heard else []
        commit(self._table, id_, writes, notice, remove={"incidents": {incident.incident_id}})
        why = incident.ended_because
        ids = of_story(incident.incident_id)
        logger.info("incident ended", pair=incident.pair, reason_code=why, **ids)
