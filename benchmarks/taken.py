"""What one event has taken, as it was seen from outside the function's process."""

from typing import Any

from benchmarks.exchanges import Exchange, Span, in_sequence, spans_of, way_to
from benchmarks.packages import Package
from benchmarks.runtime import Answer, Environment
from benchmarks.stage import Stage, decisions, event_for
from benchmarks.wire import Wire

AWS, PROVIDER = "AWS", "provider"
Sample = dict[str, Any]


def fail_one_over(
    stage: Stage, environment: Environment, package: Package, *, is_cold: bool
) -> Sample:
    """Let a production die, tell the function, and measure until it has answered.

    Returns:
        milliseconds from the process's start (cold) or from the event (warm), of time and of CPU;
        what was counted; and `spans`, each as `[name, lane, began_ms, ended_ms]`.

    Raises:
        RuntimeError: the pair was not failed over.
    """
    pair = stage.break_one(package)
    stage.watch(environment)
    answer = environment.invoke(event_for(package, pair))
    if list(decisions(answer.value)) != ["submitted"]:
        raise RuntimeError(f"{package.name} has not submitted: {answer.value}")
    began = environment.began if is_cold else answer.began
    cpu_began_s = 0.0 if is_cold else answer.cpu_began_s
    return {
        **_points(stage, answer, began, cpu_began_s),
        **_counts(stage),
        "peak_mb": environment.peak_mb,
        "init_ms": (environment.ready - environment.began) * 1000,
        "init_cpu_ms": environment.cpu_ready_s * 1000,
    }


def _points(stage: Stage, answer: Answer, began: float, cpu_began_s: float) -> Sample:
    order, told = _order(stage.provider), _named(stage.aws, "Publish")
    return {
        "order_ms": (order.arrived - began) * 1000,
        "order_cpu_ms": (order.cpu_s - cpu_began_s) * 1000,
        "told_ms": (told[0].arrived - began) * 1000 if told else None,
        "answered_ms": (answer.ended - began) * 1000,
        "cpu_ms": (answer.cpu_ended_s - cpu_began_s) * 1000,
        "spans": [
            [one.name, one.lane, (one.began - began) * 1000, (one.ended - began) * 1000]
            for one in _all_spans(stage)
        ],
    }


def _counts(stage: Stage) -> Sample:
    order, spans = _order(stage.provider), _all_spans(stage)
    at = next(one for one in spans if one.name == "order" and one.began == order.began)
    calls = [one for one in spans if one.lane == AWS and one.name != "connect"]
    before = [one for one in calls if one.ended <= order.began]
    opening = order.connection
    # The reads and their connections; the order's own is opened for later.
    reads = [
        one for one in spans if one.lane == PROVIDER and one != at and one.began != opening.opened
    ]
    way = way_to(at, spans)
    return {
        "aws_in_sequence": in_sequence(before, reads),
        "aws_before_order": len(before),
        "aws_calls": len(calls),
        "aws_connections": len(stage.aws.connections),
        "provider_requests": len(stage.provider.exchanges),
        "provider_connections": len(stage.provider.connections),
        "is_handshake_on_path": any(
            one.name == "connect" and one.lane == PROVIDER and one.began == opening.opened
            for one in way
        ),
        "way": [f"{one.lane}: {one.name}" for one in way],
    }


def _all_spans(stage: Stage) -> list[Span]:
    wires = ((AWS, stage.aws), (PROVIDER, stage.provider))
    found = [
        one for lane, wire in wires for one in spans_of(lane, wire.connections, wire.exchanges)
    ]
    return sorted(found, key=lambda span: span.began)


def _order(wire: Wire) -> Exchange:
    return next(iter(_named(wire, "order")))


def _named(wire: Wire, name: str) -> list[Exchange]:
    return [one for one in wire.exchanges if one.name == name]
