"""Brings alarms: by CloudWatch itself, by an event, or by the queue before the function."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from local.chaos import events
from local.chaos.events import Sent
from local.chaos.plan import Act, Outage
from local.chaos.stage import Stage


class Ringing:
    """Notes each alarm that was taken."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.sent: list[Sent] = []

    def ring(self, outage: Outage, act: Act) -> None:
        """Bring an alarm's transition, as often as is planned."""
        how, copies = act.how, act.how.get("copies", 1)
        age_s, state = how.get("age_s", 0), how.get("state", "ALARM")
        name = self._stage.alarm_name(outage.name, how.get("part", ""))
        at = datetime.now(UTC) - timedelta(seconds=age_s)
        for event in [events.bus_alarm(name, at, how)] * copies:
            self._bring(how["way"], name, event)
        part = events.part_of(name, how.get("contributor"))
        self.sent.append(Sent(outage.number, part, state, self._stage.passing.at_s(at), age_s))
        self._stage.tally.note(act.fault, outage.number, copies)

    def _bring(self, way: str, name: str, event: Mapping[str, Any]) -> None:
        stage = self._stage
        if way == "cloudwatch":
            stage.aws.client("cloudwatch").set_alarm_state(
                AlarmName=name, StateValue="ALARM", StateReason="no connection"
            )
        elif way == "queue":
            stage.aws.client("sqs").send_message(
                QueueUrl=stage.queues["alarms"], MessageBody=json.dumps(event)
            )
        else:
            stage.send(event)
