"""The figures of a run as tables in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks import start
from benchmarks.figures import median, middle_half, ratio, said
from benchmarks.targets import targets

Results = Mapping[str, Any]
CALLED: Final = {
    "ours": "this function",
    "before": "this function, before",
    "peer": "peer",
    "floor": "floor",
    "bare": "bare",
}
VARIANTS: Final = {
    "shipped": "as shipped",
    "compiled": "compiled",
    "throttled": "compiled, 0.58 vCPU after INIT",
}


def of_targets(results: Results) -> str:
    """The targets, and whether they are met."""
    word = {True: "met", False: "**not met**", None: "not measured"}
    rows = [(one.what, one.figure, one.target, word[one.is_met]) for one in targets(results)]
    return table(("what", "measured", "target", ""), rows)


def of_cold(results: Results) -> str:
    """From the start of a process to the order."""
    rows = [
        (
            f"{CALLED[name]}, {VARIANTS[variant]}",
            middle_half(found["order_ms"]),
            said(ratio(found["order_ms"], kinds["peer"]["order_ms"])),
            said(median(found["init_ms"])),
            said(median(found["order_cpu_ms"])),
            said(ratio(found["order_cpu_ms"], kinds["peer"]["order_cpu_ms"])),
            said(median(found["peak_mb"])),
        )
        for variant, kinds in results["cold"].items()
        for name, found in kinds.items()
    ]
    heads = (
        "",
        "start → order, ms",
        "÷ peer",
        "INIT, ms",
        "CPU to the order, ms",
        "÷ peer",
        "peak, MB",
    )
    return table(heads, rows)


def of_start(results: Results) -> str:
    """Where this function's INIT goes."""
    rows = [(start.CALLED[name], said(value)) for name, value in results["start"].items()]
    return table(("INIT of this function, the quickest of its starts", "CPU, ms"), rows)


def of_warm(results: Results) -> str:
    """From an event to the order, at each distance."""
    rows = [
        (
            f"{way} ms, {CALLED[name]}",
            middle_half(found["order_ms"]),
            said(ratio(found["order_ms"], kinds["peer"]["order_ms"])),
            said(median(found["told_ms"])),
            said(median(found["order_cpu_ms"])),
            said(median(found["cpu_ms"])),
        )
        for way, kinds in results["warm"].items()
        for name, found in kinds.items()
    ]
    heads = (
        "round trip", "event → order, ms", "÷ peer", "→ notification, ms", "CPU to the order, ms",
        "CPU in all, ms",
    )  # fmt: skip
    return table(heads, rows)


def of_counts(results: Results) -> str:
    """What a warm alarm asks, at 50 ms."""
    fields = {
        "aws_in_sequence": "AWS calls in sequence before the order",
        "aws_before_order": "AWS calls before the order",
        "aws_calls": "AWS calls in all",
        "provider_requests": "requests to the provider",
        "provider_connections": "new connections to the provider",
    }
    kinds = results["warm"]["50"]
    rows = [
        (what, *(said(median(found[name])) for found in kinds.values()))
        for name, what in fields.items()
    ]
    return table(("warm, 50 ms", *(CALLED[name] for name in kinds)), rows)


def of_packages(results: Results) -> str:
    """What packages weigh."""
    rows = [
        (
            f"{CALLED[name]}, {VARIANTS[variant]}",
            f"{found['files']:,}",
            said(found["bytes"] / 1e6),
            said(found["zipped"] / 1e6),
        )
        for name, variants in results["packages"].items()
        for variant, found in variants.items()
    ]
    return table(("package", "files", "MB", "MB as zip"), rows)


def of_storm(results: Results) -> str:
    """Further alarms, and new connections."""
    rows = [
        (
            f"{CALLED[name]}, {when}",
            said(max(found["aws_calls"])),
            said(max(found["provider_calls"])),
            middle_half(found["cpu_ms"]),
            found["decision"],
        )
        for name, whens in results["storm"].items()
        for when, found in whens.items()
    ]
    return table(("a further alarm", "AWS calls", "provider calls", "CPU, ms", "decided"), rows)


def of_crowd(results: Results) -> str:
    """One alarm for several pairs."""
    found = results.get("crowd")
    if not found:
        return "One alarm for several pairs was not measured in this run."
    fields = {
        "orders": "orders of its own",
        "first_ms": "first, ms",
        "last_ms": "last of its own, ms",
        "cpu_ms": "CPU, ms",
        "handed": "handed over",
        "cold_ms": "one of these: cold start → order, ms",
        "warm_ms": "event → order, warm, ms",
    }
    rows = [
        (size, *(said(median(of[name])) if name in of else "" for name in fields))
        for size, of in found.items()
    ]
    return table(("one alarm for so many pairs, 50 ms", *fields.values()), rows)


def of_fleet(results: Results) -> str:
    """An alarm among many, reconcile, histories."""
    rows = [
        (
            f"alarm among {int(size):,} pairs, documents {age}",
            middle_half(found["order_ms"]),
            said(median(found["order_cpu_ms"])),
            f"{said(median(found['aws_before_order']))}, {said(median(found['aws_calls']))}",
            "",
            "",
        )
        for age, sizes in results["alarms"].items()
        for size, found in sizes.items()
    ]
    rows += [
        (
            f"reconcile of {int(size):,} pairs",
            said(median(found["s"]) * 1000),
            said(median(found["cpu_ms"])),
            said(median(found["aws_calls"])),
            said(median(found["peak_mb"])),
            said(median(found["bytes"]) / 1000),
        )
        for size, found in results["reconcile"].items()
    ]
    for count, kinds in results["history"].items():
        for what, time in (("alarm", "order_cpu_ms"), ("status", "cpu_ms")):
            found = kinds[what]
            figures = (said(median(found[time])), said(median(found["aws_calls"])))
            size = said(median(found["bytes"]) / 1000) if "bytes" in found else ""
            rows.append((f"{what} with {int(count):,} runs of history", "", *figures, "", size))
    return table(
        ("", "ms", "CPU, ms", "AWS calls (before the order, in all)", "peak, MB", "answer, kB"),
        rows,
    )


def of_clock(results: Results) -> str:
    """The outage's clock, if it was measured."""
    found = results["outage_clock"]
    if not found:
        return "It was not measured in this run."
    rows = []
    for kind in dict.fromkeys(one["kind"] for one in found["now"]):
        of_kind = {
            when: [one for one in found.get(when, ()) if one["kind"] == kind]
            for when in ("before", "now")
        }
        spans = (
            " to ".join(said(of(one["ordered_s"] for one in some)) for of in (min, max))
            if some
            else ""
            for some in of_kind.values()
        )
        until = [one["detected_s"] for one in of_kind["now"]]
        rows.append((kind, f"{said(min(until))} to {said(max(until))}", *spans))
    return table(("first word by", "death → word, s", "word → order before, s", "now, s"), rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown: words to the left, figures to the right."""
    lines = [
        f"| {' | '.join(heads)} |",
        f"|---{'|--:' * (len(heads) - 1)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)
