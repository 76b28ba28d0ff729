"""The targets, each with the figure that was measured and whether it is met."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.figures import median, ratio, said

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """A line of the table; `is_met` is None where nothing was measured."""

    what: str
    figure: str
    target: str
    is_met: bool | None


def targets(results: Results) -> list[Target]:
    """All of them, in the order of the issue."""
    return [*_cold(results), *_warm(results), *_storm(results), *_memory(results), *_clock(results)]


def _at_most(what: str, found: float, limit: float, unit: str = "") -> Target:
    is_known = found == found  # noqa: PLR0124 - no figure is unequal to itself
    return Target(
        what, said(found, unit), f"≤ {said(limit, unit)}", found <= limit if is_known else None
    )


_NAN: Final = float("nan")
_SHIPPED_S: Final = 130  # production_down_for_s as shipped, and ten
_COLD: Final = (
    ("cold start → order ÷ peer, both compiled", "compiled", 0.75),
    ("cold start → order ÷ peer, each as shipped", "shipped", 0.30),
    ("cold start → order ÷ peer, 0.58 vCPU after INIT", "throttled", 0.65),
)


def _cold(results: Results) -> Iterator[Target]:
    for what, variant, limit in _COLD:
        yield _at_most(what, _beside(results["cold"][variant], "ours", "peer"), limit)


def _warm(results: Results) -> Iterator[Target]:
    of_50 = results["warm"]["50"]
    ours = of_50["ours"]
    is_kept = median(ours["provider_connections"]) < median(ours["provider_requests"])
    how, limit = ("reads share connections", 1.4) if is_kept else ("each on a new connection", 2.0)
    found = _beside(of_50, "ours", "peer")
    yield _at_most(f"warm, 50 ms to the provider, event → order ÷ peer ({how})", found, limit)
    yield _at_most("AWS calls in sequence before the order", median(ours["aws_in_sequence"]), 3)
    yield _at_most("AWS calls in all", median(ours["aws_calls"]), 7)
    is_off = not ours["is_handshake_on_path"]
    on = "off the path" if is_off else "on the path"
    yield Target("the order's TCP and TLS handshake", on, "off the path", is_off)
    before = f"{results['before'] or 'no revision'}"
    cpu = _beside(results["warm"]["0"], "ours", "before", "order_cpu_ms")
    yield _at_most(f"CPU before the order ÷ that of {before}, warm", cpu, 0.75)
    cpu = _beside(results["cold"]["compiled"], "ours", "before", "order_cpu_ms")
    yield _at_most(f"CPU before the order ÷ that of {before}, cold, both compiled", cpu, 0.75)
    of_new = median(results["connection"]["ours"])
    yield _at_most("CPU of a new TLS connection to AWS", of_new, 10, "ms")


def _storm(results: Results) -> Iterator[Target]:
    for when, found in results["storm"]["ours"].items():
        for name, limit in (("aws_calls", 2), ("provider_calls", 0)):
            what = f"a further alarm {when}: {name.replace('_', ' ').replace('aws', 'AWS')}"
            yield _at_most(what, max(found[name]), limit)
    for age, found in results["alarms"].items():
        sizes = sorted(found, key=int)
        times = ratio(found[sizes[-1]]["order_ms"], found[sizes[0]]["order_ms"])
        what = f"an alarm among {int(sizes[-1]):,} pairs ÷ among {sizes[0]}, documents {age}"
        yield _at_most(what, times, 1.2)


def _memory(results: Results) -> Iterator[Target]:
    most = max(results["cold"]["compiled"]["ours"]["peak_mb"])
    yield _at_most("peak memory of an alarm", most, 50, "MB")
    for size, found in results["reconcile"].items():
        if int(size) >= 1000:  # noqa: PLR2004 - the size that the target names
            what = f"peak memory of reconcile with {int(size):,} pairs"
            yield _at_most(what, median(found["peak_mb"]), 128, "MB")


def _clock(results: Results) -> Iterator[Target]:
    found = results["outage_clock"]
    late: dict[str, float] = {}
    for one in found.get("now", ()):
        late[one["kind"]] = max(late.get(one["kind"], 0.0), one["ordered_s"])
    for kind, slowest_s in (late or {"alarm": _NAN, "watch": _NAN}).items():
        what = f"shipped settings, first word → order, simulated clock, by {kind} (slowest)"
        yield _at_most(what, slowest_s, found.get("target_s", _SHIPPED_S), "s")


def _beside(kinds: Results, one: str, other: str, field: str = "order_ms") -> float:
    return ratio(kinds.get(one, {}).get(field, ()), kinds.get(other, {}).get(field, ()))
