"""One alarm that speaks for several pairs: its own orders, and those of what it hands over.

On Lambda each invocation that it asks for has an environment to itself. Here they would share two
CPUs, so one of them is measured alone: in an environment that starts for it, and once it is warm.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from benchmarks.ground import Ground
from benchmarks.stage import Stage, alarm_named
from benchmarks.taken import Sample, fail_one_over

ROUND_TRIP_S = 0.05
_SHARED = "dws-all-of-them"
_INVOKE = b"POST /2015-03-31/functions/"
_TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


def measure(ground: Ground, sizes: Sequence[int]) -> dict[str, Sample]:
    """For each number of pairs: what was ordered when, and CPU in ms."""
    found = {}
    for index in ground.follow(range(len(sizes)), "one alarm for several pairs"):
        found[str(sizes[index])] = _one(ground, sizes[index])
    return found


def _one(ground: Ground, size: int) -> Sample:
    ours = ground.ours
    with ground.stage(ROUND_TRIP_S) as stage:
        stage.grow_to(size, alarms=[_SHARED])
        stage.grow_to(size + 1)  # which makes it warm
        stage.reconcile(ours)
        handed = Handed()
        stage.aws.instead = handed.take
        with stage.environment(ours) as environment:
            fail_one_over(stage, environment, ours, is_cold=False)
            for _ in range(size):
                stage.break_one(ours)
            stage.watch(environment)
            answer = environment.invoke(alarm_named(_SHARED))
        own = [one.arrived for one in stage.provider.exchanges if one.name == "order"]
        return {
            "orders": len(own),
            "first_ms": (min(own) - answer.began) * 1000,
            "last_ms": (max(own) - answer.began) * 1000,
            "cpu_ms": answer.cpu_s * 1000,
            "handed": len(handed.events),
            **(_elsewhere(ground, stage, handed.events[:2]) if handed.events else {}),
        }


class Handed:
    """Takes the invocations that the function asks for, in Lambda's place."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def take(self, request: bytes) -> bytes | None:
        """Lambda's answer, once the request is whole; None to any other request."""
        if not request.startswith(_INVOKE):
            return None
        head, _, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        if length is None or len(body) < int(length[1]):
            return b""
        self.events.append(json.loads(body))
        return _TAKEN


def _elsewhere(ground: Ground, stage: Stage, events: Sequence[Any]) -> Sample:
    """What is handed over, in another environment: ms from its start, then from its event."""
    found = {}
    with stage.environment(ground.ours) as environment:
        for name, event in zip(("cold_ms", "warm_ms"), events, strict=False):
            stage.watch(environment)
            answer = environment.invoke(event)
            (order,) = (one for one in stage.provider.exchanges if one.name == "order")
            began = environment.began if name == "cold_ms" else answer.began
            found[name] = (order.arrived - began) * 1000
    return found
