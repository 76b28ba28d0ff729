"""What was last heard of an alarm; where that cannot be read, as if nothing was heard.

A transition must not be lost because what came before it is damaged, or was written by a later
version: gates ask all evidence anew, whatever opens an incident.
"""

import contextlib
from datetime import UTC, datetime
from functools import partial
from typing import Final

from handler.errors import Conflict, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.model.alarm_history import LastTransition, key_of
from handler.model.pair import Pair
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason
from handler.model.signals import Alarm
from handler.notifications.next_steps import status_command

_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)  # whatever is heard is newer


def last_heard(ports: Ports, alarm: Alarm, pair: Pair) -> LastTransition | None:
    """The newest transition of an alarm that a pair remembers, if it can be read.

    Raises:
        LedgerUnavailable: the table cannot be used now.
    """
    id_, key = pair.disaster_recovery_id, key_of(alarm.part)
    try:
        return ports.ledger.alarms.last(id_, key)
    except LedgerUnavailable as err:
        if not err.is_damaged:
            raise
        return _put_aside(ports, alarm, pair, str(err))


def _put_aside(ports: Ports, alarm: Alarm, pair: Pair, damage: str) -> LastTransition:
    id_, key = pair.disaster_recovery_id, key_of(alarm.part)
    sentence = f"{quoted(alarm.name)}: {damage}; it is kept as aside#alarm#{key}"
    told = about(pair, alarm.trigger).result(
        Decision.RECONCILED,
        Reason("alarm_unreadable", sentence),
        next_steps=status_command(pair.name),
    )
    notice_id = f"{id_}/alarm-unreadable-{key}-{ports.clock().isoformat()}"
    nothing = LastTransition(alarm.part, alarm.name, "UNKNOWN", _LONG_AGO, alarm.arn, revision=1)
    with contextlib.suppress(Conflict):  # another delivery of it has done so: the write tells
        ports.outbox.record_and_notify(
            told, notice_id, partial(ports.ledger.alarms.put_aside, id_, nothing)
        )
    return nothing
