"""Sends alarms to the queue before the function, as fast as they are taken out of it."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from local.chaos import events
from local.chaos.events import Sent
from local.chaos.passing import is_true_within
from local.chaos.queues import is_empty, waiting
from local.chaos.stage import Stage
from local.load.storm import Turned

_BATCH: Final = 10  # messages of one call, SQS's most
AHEAD: Final = 320  # two batches for each of 16 executions: none of them ever waits for work
_PAUSE_S: Final = 0.02
_DRAINED_WITHIN_S: Final = 300.0


class Sending:
    """Notes what it has sent; `ahead` is how many messages wait in the queue.

    Attributes:
        sent: each transition once.
        count: how many messages that were, copies counted.
    """

    def __init__(self, stage: Stage, ahead: int = AHEAD) -> None:
        self._stage, self._ahead = stage, ahead
        self._queue = stage.queues["alarms"]
        self._known: set[tuple[str, datetime]] = set()
        self.sent: list[Sent] = []
        self.count = 0

    def send_for(self, seconds: float, draw: Callable[[datetime], Turned]) -> float:
        """Send for so long, then wait until all is done with; how long both took, in s.

        Raises:
            RuntimeError: the queue does not become empty.
        """
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            if waiting(self._stage.aws, self._queue) < self._ahead:
                self._send([draw(datetime.now(UTC)) for _ in range(_BATCH)])
            else:
                time.sleep(_PAUSE_S)
        if not is_true_within(_DRAINED_WITHIN_S, lambda: is_empty(self._stage.aws, self._queue)):
            raise RuntimeError(f"the queue is not empty {_DRAINED_WITHIN_S:.0f} s after the storm")
        return time.monotonic() - began

    def _send(self, batch: list[Turned]) -> None:
        entries = [{"Id": str(at), "MessageBody": self._body(one)} for at, one in enumerate(batch)]
        self._stage.aws.client("sqs").send_message_batch(QueueUrl=self._queue, Entries=entries)
        self.count += len(batch)
        for one in batch:
            if (key := (self.part_of(one), one.at)) not in self._known:
                self._known.add(key)
                self.sent.append(self._noted(one))

    def part_of(self, one: Turned) -> str:
        """What the table knows an alarm by."""
        return events.part_of(self._stage.alarm_name(one.outage.name, one.part))

    def _body(self, one: Turned) -> str:
        name = self._stage.alarm_name(one.outage.name, one.part)
        return json.dumps(events.bus_alarm(name, one.at, {"state": one.state}))

    def _noted(self, one: Turned) -> Sent:
        at_s = self._stage.passing.at_s(one.at)
        return Sent(one.outage.number, self.part_of(one), one.state, at_s, 0.0)
