"""The measured part of docs/performance.md and its pictures, made of one run's results."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks import tables
from benchmarks.drawing import Bar, Piece, bars, curves, timeline
from benchmarks.figures import median
from benchmarks.stage import ALARMS

BEGIN: Final = "<!-- measured: from here on written by `make bench` -->"
END: Final = "<!-- measured: to here -->"
Results = Mapping[str, Any]


def write(results: Results, root: Path) -> None:
    """Write the results, the pictures, and the part of the page between its marks."""
    recorded = root / "benchmarks" / "results" / "recorded.json"
    recorded.parent.mkdir(exist_ok=True)
    recorded.write_text(json.dumps(results, indent=1) + "\n")
    for name, picture in pictures(results).items():
        (root / "docs" / "pictures" / name).write_text(picture)
    page = root / "docs" / "performance.md"
    page.write_text(replaced(page.read_text(), measured(results)))


def replaced(page: str, text: str) -> str:
    """A page with another text between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def measured(results: Results) -> str:
    """What stands between the marks."""
    return "\n\n".join([
        _where(results),
        "## Targets",
        tables.of_targets(results),
        "## A cold start",
        "![From the start of a process to the order](pictures/performance-cold.svg)",
        tables.of_cold(results),
        tables.of_start(results),
        "![What is imported](pictures/performance-imports.svg)",
        "## A warm alarm",
        "![What a warm alarm waits for](pictures/performance-path.svg)",
        _way(results),
        _least(results),
        tables.of_counts(results),
        tables.of_warm(results),
        "## A storm of alarms",
        tables.of_storm(results),
        tables.of_crowd(results),
        _connection(results),
        "## Many pairs, long histories",
        "![What the number of pairs costs](pictures/performance-pairs.svg)",
        tables.of_fleet(results),
        "## The outage's clock",
        tables.of_clock(results),
        "## Packages",
        tables.of_packages(results),
    ])  # fmt: skip


def pictures(results: Results) -> dict[str, str]:
    """Each picture by its file name."""
    return {
        "performance-cold.svg": _cold(results),
        "performance-imports.svg": _imports(results),
        "performance-path.svg": _path(results),
        "performance-pairs.svg": _pairs(results),
    }


def _where(results: Results) -> str:
    changed = ", with changes that are not committed" if results["is_changed"] else ""
    versions = ", ".join(f"{name} {what}" for name, what in results["versions"].items())
    counts = results["counts"]
    machine = f"{results['cpus']} CPUs ({results['cpu']}), {results['memory_gb']} GB"
    lines = [
        f"Measured {results['made_at']} at revision {results['revision']}{changed}.",
        f"Machine: {machine}, {results['system']}; load before the run {results['load_before']}.",
        f"Versions: {versions}.",
        _samples(counts),
        f"The share of a CPU: {results['share']}.",
    ]
    if results["load_before"] > results["cpus"] / 2:
        lines.append("**The machine was busy: the times of this run are worth little.**")
    if results["before"]:
        lines.append(f"*Before* is {results['before']}.")
    return "\n".join(lines)


def _samples(counts: Mapping[str, Any]) -> str:
    turns = counts["turns"]
    return (
        f"Samples: {counts['cold']} cold starts of each in each way; {counts['warm']} warm events"
        f" of each at each distance; {counts['connections']} new connections; {ALARMS - 1} further"
        f" alarms; {turns} alarms among so many pairs, {max(turns // 2, 1)} of each with so long a"
        " history; one alarm for several pairs and one reconcile of each size."
    )


def _way(results: Results) -> str:
    way = results["warm"]["50"]["ours"]["way"]
    return (
        "The picture shows the event whose time was the median. What its order waited for, one"
        f" after the other: {' → '.join(way)}."
    )


def _least(results: Results) -> str:
    """What the distance alone takes, whatever the function does."""
    trip_ms, peer_ms = 50, median(results["warm"]["50"]["peer"]["order_ms"])
    fresh_ms, kept_ms = trip_ms * _TRIPS_FRESH, trip_ms * _TRIPS_KEPT
    return (
        f"At {trip_ms} ms the distance alone takes {fresh_ms:.0f} ms, which is"
        f" {fresh_ms / peer_ms:.2f} of the peer's time: two round trips to open connections with"
        " TLS 1.3, one to read, half of one until the order has arrived. Were the reads on"
        " connections that are kept, the order's own new connection would be waited for instead:"
        f" {kept_ms:.0f} ms, {kept_ms / peer_ms:.2f}. The peer keeps all its connections: its least"
        f" is {trip_ms * _TRIPS_PEER:.0f} ms."
    )


# Round trips from the event to the order's arrival: connecting and TLS 1.3 take one each.
_TRIPS_FRESH: Final = 2 + 1 + 0.5
_TRIPS_KEPT: Final = 2 + 0.5
_TRIPS_PEER: Final = 1 + 0.5


def _connection(results: Results) -> str:
    found = (
        f"{tables.CALLED[name]} {median(values):.1f} ms"
        for name, values in results["connection"].items()
    )
    return f"CPU of a new TLS connection to AWS: {', '.join(found)}."


def _cold(results: Results) -> str:
    lines = []
    for variant, kinds in results["cold"].items():
        for name, found in kinds.items():
            init, order = median(found["init_ms"]), median(found["order_ms"])
            parts = {"INIT: interpreter, imports, clients": init, "event to order": order - init}
            lines.append(Bar(f"{tables.CALLED[name]}, {_SHORT[variant]}", parts))
    return bars("From the start of a process to the order", lines, "ms")


_SHORT: Final = {"shipped": "shipped", "compiled": "compiled", "throttled": "0.58 vCPU"}


def _imports(results: Results) -> str:
    lines = [Bar(tables.CALLED[name], parts) for name, parts in results["imports"].items()]
    return bars("What is imported, compiled, by -X importtime", lines, "ms")


def _path(results: Results) -> str:
    pieces = [
        Piece(f"{name} ({lane})", "connect" if name == "connect" else lane, began, ended)
        for name, lane, began, ended in results["warm"]["50"]["ours"]["spans"]
    ]
    return timeline("A warm alarm, 50 ms to the provider, from the event on", pieces, "ms")


def _pairs(results: Results) -> str:
    lines = {
        f"alarm to order, documents {age}, ms": [
            (float(size), median(found["order_ms"])) for size, found in sizes.items()
        ]
        for age, sizes in results["alarms"].items()
    }
    for name, field, scale in _CURVES:
        lines[name] = [
            (float(size), median(found[field]) * scale)
            for size, found in results["reconcile"].items()
        ]
    return curves("What the number of pairs costs", lines, _AXES)


_AXES: Final = "across: pairs; up: in the unit that the line names; grey: what is linear"
_CURVES: Final = (
    ("reconcile, CPU, ms", "cpu_ms", 1.0),
    ("reconcile, peak, MB", "peak_mb", 1.0),
    ("reconcile, answer, kB", "bytes", 0.001),
)
