"""An open incident is acted on: by one invocation at a time, the others wait for its answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from handler.errors import Conflict, InvalidSettings, LedgerUnavailable
from handler.failover.act import act
from handler.failover.attempt import Attempt, Stored
from handler.failover.next_look import with_next_look
from handler.failover.order import FRESH_FOR
from handler.failover.ports import Ports
from handler.failover.results import Subject, about, duplicate
from handler.model.incident import Incident
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Trigger
from handler.model.times import isoformat
from handler.notifications.next_steps import correct_secret

_CHECK_EVERY_S: Final = 0.25  # what another invocation decides about the same incident
_CHECKS: Final = 100  # its lease is over before
# The write that opens an incident rests on what was read, and so does the claim. Only what was
# observed, and what a refusal says, would grow old while others of the same event have their turns.
_KNOWN_FOR: Final = timedelta(seconds=5)
# As long as an order may rest on evidence: until then another reading would hardly find anything
# else, and a storm of alarms must not become a storm of readings.
_GOOD_FOR: Final = FRESH_FOR
# Of one event, as only this invocation's own thread may order. As many take about as long as it
# takes to start another environment: what is beyond them is sooner ordered there.
IN_TURN: Final = 3


@dataclass(frozen=True)
class Opened:
    """An incident that an alarm has opened or joined, to be assessed now.

    Attributes:
        incident: as stored.
        pair: by its document of when the alarm came.
        trigger: the alarm.
        is_new: whether nobody else assesses it.
        record: what is stored of the pair since the incident was opened; None if that is not known.
        read_at: when it was read.
        joined_on: what was stored of the pair when the alarm joined the incident; None if it opened
            one.
        is_again: whether this call has come before: by now its OK may wait for the document.
    """

    incident: Incident
    pair: Pair
    trigger: Trigger
    is_new: bool = False
    record: PairRecord | None = None
    read_at: datetime | None = None
    joined_on: PairRecord | None = None
    is_again: bool = False

    def known(self, now: datetime) -> Stored | None:
        """What is stored, while it need not be read again.

        It is where production has to be down for a while, and was: meanwhile it may have been up.
        """
        if self.read_at is None or self.record is None:
            return None
        if self.pair.production_down_for_s and self.record.observations.down_since:
            return None
        is_young = abs(now - self.read_at) <= _KNOWN_FOR
        return Stored(self.record, self.read_at) if is_young else None


def assess_incident(ports: Ports, opened: Opened) -> Result:
    """Act on an incident that is open now; of many alarms that join at once, one reads for all.

    The others wait for what that one decides.
    """
    incident, pair, trigger = opened.incident, opened.pair, opened.trigger
    began_at = ports.clock()
    for _ in range(_CHECKS):
        if opened.is_new or _begins(ports, incident, began_at):
            known = opened.known(ports.clock())
            result = pursue_incident(ports, incident, pair, trigger, known)
            return with_next_look(ports, result)
        ports.wait(_CHECK_EVERY_S)
        if answer := _decided_for_another(ports, opened, began_at):
            return answer
    why = "its incident is being assessed, for another alarm"
    return about(pair, trigger, incident).result(Decision.DUPLICATE, Reason("assessed", why))


def decided_just_now(opened: Opened, now: datetime) -> Result | None:
    """What has been decided by evidence that is still good, if that may be this alarm's answer.

    It may not where nothing could be judged, nor where this alarm makes one witness enough, nor
    once production has been down for long enough since: then an order may be due.
    """
    incident, pair, trigger = opened.incident, opened.pair, opened.trigger
    at, record = incident.decided_at, opened.joined_on
    if record is None or at is None or incident.decision != Decision.REFUSED:
        return None
    # A watch may have been refused for want of a second word, which its first alarm stands for.
    if incident.kind == "watch" or incident.needs_two_words or abs(now - at) >= _GOOD_FOR:
        return None
    since = record.observations.down_since
    if since and at < since + timedelta(seconds=pair.production_down_for_s) <= now:
        return None
    why = f"its incident was assessed at {isoformat(at)}: {incident.reason}"
    return about(pair, trigger, incident).result(Decision.DUPLICATE, Reason("assessed", why))


def _begins(ports: Ports, incident: Incident, since: datetime) -> bool:
    try:
        return ports.ledger.incidents.begin_assessing(incident, since, ports.clock())
    except LedgerUnavailable:
        return True  # it is stored, and its assessment says what is wrong


def _decided_for_another(ports: Ports, opened: Opened, began_at: datetime) -> Result | None:
    """What the one that reads for all has come to, if it has."""
    pair, trigger = opened.pair, opened.trigger
    try:
        record = ports.ledger.read(pair.disaster_recovery_id)
    except LedgerUnavailable:
        return None
    incident = record.open_incident
    if record.in_flight:
        answer = duplicate(pair, trigger, record.in_flight)
        return replace(answer, incident_id=opened.incident.incident_id)
    if incident is None or incident.incident_id != opened.incident.incident_id:
        why = "the incident has ended in the meantime"
        return about(pair, trigger).result(Decision.IGNORED, Reason("incident_over", why))
    if incident.decided_at is None or incident.decided_at < began_at:
        return None
    why = f"its incident was assessed for another alarm: {incident.reason}"
    return about(pair, trigger, incident).result(Decision.DUPLICATE, Reason("assessed", why))


def pursue_incident(
    ports: Ports,
    incident: Incident,
    pair: Pair,
    trigger: Trigger,
    known: Stored | None = None,
) -> Result:
    """Act on an open incident. It is stored, so trouble is an answer and not an exception.

    Args:
        ports: what it acts through.
        incident: the open one.
        pair: whose it is.
        trigger: who asks.
        known: what is stored of the pair, if it has just been read.

    Raises:
        LedgerUnavailable: neither the table nor the topic takes the answer.
    """
    try:
        # Of many pairs, others may have taken long: the document may be another one by now.
        attempt = Attempt(ports.reload(pair), trigger, incident.incident_id)
        result = act(ports, attempt, known)
    except (InvalidSettings, LedgerUnavailable) as err:
        return tell_blocked(ports, about(pair, trigger, incident), incident, pair, err)
    return replace(result, incident_id=result.incident_id or incident.incident_id)


def tell_blocked(
    ports: Ports,
    subject: Subject,
    incident: Incident,
    pair: Pair,
    err: InvalidSettings | LedgerUnavailable,
) -> Result:
    """What keeps an incident from being assessed; with the table down, by the incident alone."""
    is_wrong = isinstance(err, InvalidSettings)
    blocked = subject.result(
        Decision.BLOCKED,
        Reason("invalid_credentials" if is_wrong else "ledger_unavailable", str(err)),
        retryable=True,
        next_steps=correct_secret(pair) if is_wrong else (),
    )
    record = _record_of(ports, incident)
    if record and (record.in_flight or record.open_incident is None):
        return blocked
    if record is None:
        notice_id = f"{incident.incident_id}/{ports.clock().isoformat()}"
        return ports.outbox.notify(blocked, notice_id)
    try:
        return ports.outbox.record_refusal(
            blocked, (blocked.reason_code,), record, record.open_incident
        )
    except Conflict:
        return blocked


def _record_of(ports: Ports, incident: Incident) -> PairRecord | None:
    try:
        return ports.ledger.read(incident.disaster_recovery_id)
    except LedgerUnavailable:
        return None
