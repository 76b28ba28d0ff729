"""How an open incident is changed: by alarms at any time, by decisions one after the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from handler.aws.items import INCIDENT, expiry, incident_key
from handler.aws.writes import Write, changed, check, kept, unchanged
from handler.model.codec import to_plain
from handler.model.incident import ASSESSING_FOR, MOST_ALARMS, Incident

# What a decision writes. The rest is alarms', who join and leave while it is made.
_DECIDED: Final = (
    "revision", "state", "decision", "reason", "decided_at",
    "notified_at", "notified_gates", "notification_count",
    "ended_at", "ended_because", "acknowledged_by", "acknowledged_because",
)  # fmt: skip
# An alarm joins, and a claim acts for, the very incident that was read, and none that is over.
_IS_OPEN: Final = "incident_id = :id AND #state = :open"
# Decisions follow each other: one that was made beside another would tell its news twice.
_IS_AS_READ: Final = "incident_id = :id AND #revision = :before"
# An alarm that has joined since it was read would be lost with the incident's end.
_NO_ALARM_JOINED: Final = "joins = :joins"
# The last alarm does not leave: it ends the incident, which people are told.
_ANOTHER_IS_LEFT: Final = "size(alarms) > :one"
# An invocation that was killed, or whose clock was far ahead, must keep nobody waiting. One a
# little ahead is another's, which reads the evidence now.
_NOBODY_ASSESSES: Final = (
    "(attribute_not_exists(assessing_until) OR assessing_until <= :now"
    " OR assessing_until > :latest)"
)
# What another has decided since this one began is what all others wait for.
_UNDECIDED_SINCE: Final = "(attribute_not_exists(decided_at) OR decided_at < :since)"


def incident_unchanged(disaster_recovery_id: str, incident: Incident | None) -> Write:
    """Only if none was opened since this one was read: its alarms may be another outage's."""
    was = incident.incident_id if incident else None
    return unchanged((disaster_recovery_id, INCIDENT), "incident_id", was)


def still_open(incident: Incident) -> Write:
    """Only if an incident is still a reason to act, with the same alarms."""
    key = (incident.disaster_recovery_id, INCIDENT)
    values = {":id": incident.incident_id, ":open": "open", ":joins": incident.joins}
    # How many witnesses it takes depends on them: a mute or an OK of meanwhile must not order.
    return check(key, f"{_IS_OPEN} AND {_NO_ALARM_JOINED}", values, {"#state": "state"})


def joined(
    incident: Incident, alarm: str, at: datetime, heard_at: datetime, until: datetime
) -> Write:
    """An open incident with another alarm, for which it is pursued until then.

    Args:
        incident: as read.
        alarm: the key of its part.
        at: when it says that it turned.
        heard_at: when it came, by our clock.
        until: until when the incident is pursued.

    Any number may join at once: it rests only on the incident being open.
    """
    is_full = len(incident.alarms) >= MOST_ALARMS and alarm not in incident.alarms
    where = "SET retry_until = :until, last_alarm_at = :at, joined_at = :heard_at"
    update = f"{where}, is_crowded = :yes ADD joins :one"
    values = {
        ":until": until.isoformat(),
        ":at": max(at, incident.newest_alarm_at).isoformat(),
        ":heard_at": heard_at.isoformat(),
        ":one": 1,
    }
    if is_full:
        return _if_open(incident, update, {**values, ":yes": True})
    update = f"{where} ADD joins :one, alarms :alarm"
    return _if_open(incident, update, {**values, ":alarm": {alarm}})


def left(incident: Incident, alarm: str) -> Write:
    """An open incident without an alarm, if it is not the last one, which ends it.

    Any number may leave at once: they are in nobody's way until one is left.
    """
    update = "ADD joins :one DELETE alarms :alarm"
    others = () if incident.outlasts_alarms else (_ANOTHER_IS_LEFT,)
    return _if_open(incident, update, {":alarm": {alarm}, ":one": 1}, *others)


def assessing(incident: Incident, since: datetime, now: datetime) -> Write:
    """An open incident for which someone reads the evidence now, unless another one does."""
    until, latest = now + ASSESSING_FOR, now + 2 * ASSESSING_FOR
    values = {
        ":until": until.isoformat(),
        ":now": now.isoformat(),
        ":latest": latest.isoformat(),
        ":since": since.isoformat(),
    }
    update = "SET assessing_until = :until"
    return _if_open(incident, update, values, _NOBODY_ASSESSES, _UNDECIDED_SINCE)


def decided(incident: Incident) -> Write:
    """What was decided of an incident, on top of the revision before; the rest stays.

    An end rests on the alarms that were read: one that joins meanwhile is not lost with it.
    """
    plain = to_plain(incident)
    fields = [name for name in _DECIDED if name in plain]
    ends = () if incident.is_open else (_NO_ALARM_JOINED,)
    return changed(
        (incident.disaster_recovery_id, INCIDENT),
        "SET " + ", ".join(f"#{name} = :{name}" for name in fields) + " REMOVE assessing_until",
        {
            **{f":{name}": plain[name] for name in fields},
            ":id": incident.incident_id,
            ":before": incident.revision - 1,
            **({":joins": incident.joins} if ends else {}),
        },
        " AND ".join((_IS_AS_READ, *ends)),
        {f"#{name}": name for name in fields},
    )


def ending(incident: Incident) -> tuple[Write, Write]:
    """An incident's end, as decided; and the incident where the next one does not replace it."""
    id_, ended_at = incident.disaster_recovery_id, incident.ended_at or incident.opened_at
    past = {**to_plain(incident), "expires_at": expiry(ended_at)}
    return decided(incident), kept(incident_key(id_, incident.incident_id), past)


def _if_open(incident: Incident, update: str, values: Mapping[str, Any], *conditions: str) -> Write:
    return changed(
        (incident.disaster_recovery_id, INCIDENT),
        update,
        {":id": incident.incident_id, ":open": "open", **values},
        " AND ".join((_IS_OPEN, *conditions)),
        {"#state": "state"},
    )
