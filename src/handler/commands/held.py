"""The runs that hold pairs: found by the ledger alone, for pairs without a good document."""

from collections.abc import Callable
from functools import partial

from handler.failover.follow import pair_of
from handler.failover.ports import Ports
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.run import Run
from handler.model.signals import Command


def held_pair(ports: Ports, command: Command) -> Pair | None:
    """A pair by the snapshot that a run which holds it has of it."""
    held = held_runs(ports, lambda id_: command.disaster_recovery_id in (None, id_))
    return next((pair_of(run) for run in held if command.pair in (None, run.pair)), None)


def held_runs(ports: Ports, is_meant: Callable[[str], bool]) -> tuple[Run, ...]:
    """The runs that hold pairs with such ids, as far as they can be read."""
    ledger = ports.ledger
    work = ports.guard.turn("work not read", "work", ledger.open_items) or ()
    ids = [one.disaster_recovery_id for one in work if one.held]
    read = (partial(ledger.read, id_) for id_ in filter(is_meant, ids))
    found = (ports.guard.outcome(one.args[0], one) for one in read)
    return tuple(run for one in found if isinstance(one, PairRecord) for run in one.held)
