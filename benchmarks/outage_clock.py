"""From the first witness's word to the order, on the simulated clock, with the shipped settings.

    python -m benchmarks.outage_clock [--json]

The function's own code runs amid simulated services (`local/simulation`); production dies at each
phase of the minute in which reconcile comes. *Before* is the same code with the old behaviour
planted: an open incident is looked at again only once a minute.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

sys.path.insert(0, "src")
from local.simulation.bugs import BUGS
from local.simulation.plan import TROUBLE_AT_S, Plan, Signal
from local.simulation.planting import plant

BEFORE = "an open incident waits for the minute"
TARGET_S = 10
PHASES_S = range(0, 60, 5)
DWELL_S = 120  # `production_down_for_s` as shipped
_MINUTES = 14
# Who speaks first. Where disaster recovery stays `running` and there is no probe, nothing but the
# alarm makes anyone look closely: then the alarm's own look is the first word.
KINDS: Mapping[str, Plan] = {
    "alarm": Plan(variants={"abnormal_after_s": None}),
    "alarm, with a probe": Plan(has_probe=True),
    "watch": Plan(has_probe=True),
    "watch, schedule to and fro": Plan(has_probe=True),
}
TO_AND_FRO_S = 5  # around the minute: a scheduler is not as exact as the simulated one


@dataclass(frozen=True)
class Measured:
    """One outage: seconds from its death to the first word, and from that to the order."""

    kind: str
    phase_s: int
    detected_s: float
    ordered_s: float


def measure(kind: str, phase_s: int) -> Measured:
    """Let production die so many seconds after a minute's reconcile."""
    from local.simulation.people import People  # noqa: PLC0415 - the old behaviour is planted first
    from local.simulation.stage import Stage  # noqa: PLC0415
    from local.simulation.troubles import Troubles  # noqa: PLC0415

    stage = Stage(KINDS[kind])
    machine = stage.machine
    try:
        for minute in range(_MINUTES):
            beside_s = Random(f"{phase_s} {minute}").uniform(0, 2 * TO_AND_FRO_S)
            at = machine.start + timedelta(minutes=minute, seconds=beside_s * ("fro" in kind))
            machine.at(at, partial(stage.invoke, "reconcile", {"command": "reconcile"}))
        died_at = machine.start + timedelta(seconds=TROUBLE_AT_S + phase_s)
        machine.at(died_at, Troubles(stage).begin)
        if kind.startswith("alarm"):
            alarm = partial(People(stage, stage.site).act, Signal(0, "ALARM", "a"))
            machine.at(died_at + timedelta(seconds=1), alarm)
        machine.run_until(machine.start + timedelta(minutes=_MINUTES))
        changes = stage.facts.changes["state#health"]
        words = [one.after["down_since"] for one in changes if one.after.get("down_since")]
        first = datetime.fromisoformat(words[0])
        (ordered_at,) = stage.facts.ordered_at
    finally:
        machine.close()
    one_s = timedelta(seconds=1)
    return Measured(kind, phase_s, (first - died_at) / one_s, (ordered_at - first) / one_s)


def measure_all() -> list[Measured]:
    """Every kind at every phase."""
    logging.disable(logging.CRITICAL)
    os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"
    return [measure(kind, phase_s) for kind in KINDS for phase_s in PHASES_S]


def measure_before() -> list[Measured]:
    """The same with the old behaviour, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.outage_clock", "--before"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [Measured(**one) for one in json.loads(done.stdout)]


def table(before: list[Measured], now: list[Measured]) -> str:
    """Both as a table in Markdown, and whether the target is met."""
    lines = [
        "| first word by | dies after reconcile | first word after | to the order, before | now |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {new.kind} | {new.phase_s} s | {new.detected_s:.1f} s"
        f" | {old.ordered_s:.1f} s | {new.ordered_s:.1f} s |"
        for old, new in zip(before, now, strict=True)
    ]
    for kind in KINDS:
        worst = [max(one.ordered_s for one in some if one.kind == kind) for some in (before, now)]
        is_met = "met" if worst[1] <= DWELL_S + TARGET_S else "MISSED"
        lines.append(
            f"| **{kind}, slowest** | | | **{worst[0]:.1f} s** | **{worst[1]:.1f} s**"
            f" (target {DWELL_S + TARGET_S} s: {is_met}) |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outage_clock")
    parser.add_argument("--before", action="store_true", help="the old behaviour alone, as JSON")
    parser.add_argument("--json", action="store_true", help="both as JSON")
    asked = parser.parse_args()
    if asked.before:
        plant(BUGS.get(BEFORE))
        print(json.dumps([asdict(one) for one in measure_all()]))
        return
    before, now = measure_before(), measure_all()
    if asked.json:
        both = {"before": [*map(asdict, before)], "now": [*map(asdict, now)]}
        print(json.dumps({"target_s": DWELL_S + TARGET_S, **both}))
    else:
        print(table(before, now))


if __name__ == "__main__":
    main()
