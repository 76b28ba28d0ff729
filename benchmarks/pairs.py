"""Reconcile at 10, 100 and 1,000 pairs: time, calls and peak memory, under Lambda's own runtime."""

import argparse
import re
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.prepared import HANDLER, TABLE, prepare, put_document
from benchmarks.runtime import Environment
from local.aws import EmbeddedAws
from local.aws.deploy import build
from local.aws.proxy import Proxy
from local.dws import Emulator

sys.path.insert(0, "src")
from typing import TYPE_CHECKING

from handler.aws.ledger import Ledger
from handler.aws.table import Table as RunsTable
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import Observations, PairState

if TYPE_CHECKING:
    from local.dws.model.pair import Pair

SIZES = (10, 100, 1000)
EVENT = {"command": "reconcile"}
_NOTE = """
Nothing known: the first reconcile of all, which reads every pair closely. All known: a minute of
health, in the same process. AWS: calls of the function to AWS, whose 10 parameters a page are most
of them. Ratio: time for one pair, beside that at the smallest size. Peak: resident memory."""


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(prog="python -m benchmarks.pairs", description=__doc__).parse_args()
    console = Console()
    table = Table("pairs", "state", "s", "ratio", "list", "other reads", "AWS", "peak MB", box=None)
    with Emulator() as emulator, Proxy() as proxy, EmbeddedAws(auth=False) as aws:
        proxy.forward_to(aws.port)
        with console.status("sam build"):
            built = build(aws.folder, aws.environment)
        package = str(built.template.parent / "FailoverFunction")
        variables = prepare(aws, emulator) | {"AWS_ENDPOINT_URL": proxy.endpoint}
        bench = Bench(aws, emulator, proxy, {**variables, "PYTHONPATH": package})
        for size in SIZES:
            bench.grow_to(size)
            for state in ("nothing known", "all known"):
                table.add_row(str(size), state, *bench.reconcile(state))
    console.print(table)
    console.print(_NOTE)


class Bench:
    """A growing number of healthy pairs."""

    def __init__(
        self, aws: EmbeddedAws, emulator: Emulator, proxy: Proxy, variables: dict[str, str]
    ) -> None:
        self._aws, self._emulator, self._proxy = aws, emulator, proxy
        self._variables = variables
        self._pairs: list[Pair] = []
        self._of_one: dict[str, float] = {}

    def grow_to(self, size: int) -> None:
        """Configure more pairs, and forget what is known of all."""
        for _ in track(range(size - len(self._pairs)), f"{size} pairs"):
            pair = self._emulator.add_pair()
            put_document(self._aws, self._emulator, pair)
            self._pairs.append(pair)

    def reconcile(self, state: str) -> tuple[str, ...]:
        """Reconcile once, or once more, and tell what it took."""
        if state == "all known":
            self._know_all()
        with Environment(HANDLER, self._variables) as environment:
            environment.invoke(
                {"command": "resume", "pair": "*", "reason": "-", "requested_by": "-"}
            )
            self._emulator.clear_journal()
            self._proxy.clear()
            began = time.monotonic()
            environment.invoke(EVENT)
            taken_s, peak_mb = time.monotonic() - began, _peak_mb(environment.pid)
        reads = Counter(call.operation for call in self._emulator.journal)
        of_one = taken_s / len(self._pairs)
        ratio = of_one / self._of_one.setdefault(state, of_one)
        others = sum(reads.values()) - reads["list"]
        figures = (reads["list"], others, len(self._proxy.calls))
        return f"{taken_s:.2f}", f"{ratio:.2f}", *map(str, figures), f"{peak_mb:.0f}"

    def _know_all(self) -> None:
        ledger = Ledger(RunsTable(self._aws.client("dynamodb"), TABLE))
        now = datetime.now(UTC)
        for pair in self._pairs:
            roles = Roles(pair.production_id, pair.standby_id)
            was = ledger.read(pair.id)
            known = PairState(was.pair_state.revision, roles, now - timedelta(hours=1), armed=True)
            ledger.save_pair_state(pair.id, known)
            seen = Observations(
                was.observations.revision, first_checked_at=now, checked_at=now, is_ready=True
            )
            ledger.save_observations(pair.id, seen)


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main()
