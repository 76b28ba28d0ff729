"""From an event to the order, cold and warm: ours beside the peer, same emulator, same run."""

import argparse
import statistics
import sys
import sysconfig
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.prepared import HANDLER, TABLE, prepare, put_document
from benchmarks.runtime import Environment
from local.aws import EmbeddedAws
from local.aws.deploy import build
from local.dws import Emulator
from local.dws.model.pair import Pair

sys.path.insert(0, "src")
from handler.aws.ledger import Ledger
from handler.aws.table import Table as RunsTable
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState

Event = Mapping[str, Any]

_NOTE = """
Cold: from starting the process to the order. Warm: from handing over the event.
Ours reads the pair's detail, list, both clusters and the ledger, stores the incident
and claims before it orders. The handler with the SDK reads the detail and orders."""


class Bench:
    """The parts that both handlers use, and the time that each takes from event to order."""

    def __init__(self, aws: EmbeddedAws, emulator: Emulator, package: str) -> None:
        self._aws, self._emulator = aws, emulator
        self._package = package
        self._shared = prepare(aws, emulator)
        self._ledger = Ledger(RunsTable(aws.client("dynamodb"), TABLE))

    def ours(self) -> Environment:
        """A cold environment of this project's function."""
        return Environment(HANDLER, {**self._shared, "PYTHONPATH": self._package})

    def peers(self) -> Environment:
        """A cold environment of the peer."""
        variables = {
            "PYTHONPATH": f"{sysconfig.get_paths()['purelib']}:.",
            "ACCESS_KEY": self._emulator.credentials.access_key,
            "SECRET_KEY": self._emulator.credentials.secret_key,
            "PROJECT_ID": self._emulator.project_id,
            "DWS_ENDPOINT": self._emulator.url,
        }
        return Environment("benchmarks.peer.lambda_handler", {**self._shared, **variables})

    def our_event(self) -> Event:
        """An alarm for a pair that is armed, configured and has lost its production."""
        pair = self._broken_pair()
        self._configure(pair)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        state = {"value": "ALARM", "timestamp": at}
        arn = f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{pair.id}"
        return {"alarmArn": arn, "alarmData": {"alarmName": pair.id, "state": state}}

    def peer_event(self) -> Event:
        """What the peer needs to know about such a pair."""
        return {"disaster_recovery_id": self._broken_pair().id}

    def _broken_pair(self) -> Pair:
        """A pair whose production has failed."""
        pair = self._emulator.add_pair()
        self._emulator.break_production(pair.id)
        return pair

    def time_to_order_ms(
        self, environment: Environment, event: Event, began: datetime | None = None
    ) -> float:
        """Milliseconds from the event (or from `began`) to the arrival of the order."""
        began = began or datetime.now(UTC)
        answer = environment.invoke(event)
        result = answer["results"][0] if "results" in answer else answer
        if result["decision"] != "submitted":
            raise RuntimeError(f"not submitted: {answer}")
        order = self._emulator.failover_posts[-1]
        return (order.at - began) / timedelta(milliseconds=1)

    def _configure(self, pair: Pair) -> None:
        put_document(self._aws, self._emulator, pair)
        roles = Roles(pair.production_id, pair.standby_id)
        self._ledger.save_pair_state(pair.id, PairState(roles=roles, armed=True))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cold", type=int, default=7, help="cold starts of each (7)")
    parser.add_argument("--warm", type=int, default=20, help="warm events of each (20)")
    options = parser.parse_args()
    console = Console()
    with Emulator() as emulator, EmbeddedAws(auth=False) as aws:
        with console.status("sam build"):
            built = build(aws.folder, aws.environment)
        bench = Bench(aws, emulator, str(built.template.parent / "FailoverFunction"))
        cold, warm = _cold(bench, options.cold), _warm(bench, options.warm)
    console.print(_table(cold, warm))
    console.print(_NOTE)


def _cold(bench: Bench, times: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"ours": [], "peer": []}
    kinds = (("ours", bench.ours, bench.our_event), ("peer", bench.peers, bench.peer_event))
    for _ in track(range(times), "cold"):
        for name, start, make_event in kinds:
            event, began = make_event(), datetime.now(UTC)
            with start() as environment:
                found[name].append(bench.time_to_order_ms(environment, event, began))
    return found


def _warm(bench: Bench, times: int) -> dict[str, list[float]]:
    """Take turns, so that noise falls on both; the first turn warms up and does not count."""
    found: dict[str, list[float]] = {"ours": [], "peer": []}
    turns = [(bench.our_event(), bench.peer_event()) for _ in range(times + 1)]
    with bench.ours() as ours, bench.peers() as peer:
        for ours_event, peer_event in track(turns, "warm"):
            found["ours"].append(bench.time_to_order_ms(ours, ours_event))
            found["peer"].append(bench.time_to_order_ms(peer, peer_event))
    return {name: taken[1:] for name, taken in found.items()}


def _table(cold: dict[str, list[float]], warm: dict[str, list[float]]) -> Table:
    table = Table("event to order, ms", "ours", "official SDK", "ratio", box=None)
    for name, found in (("cold", cold), ("warm", warm)):
        for word, of in (("median", statistics.median), ("best", min)):
            ours, peer = of(found["ours"]), of(found["peer"])
            table.add_row(f"{name}, {word}", f"{ours:.0f}", f"{peer:.0f}", f"{ours / peer:.2f}")
    return table


if __name__ == "__main__":
    main()
