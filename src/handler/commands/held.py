"""What is known of pairs by the ledger alone: for those without a document."""

from collections.abc import Callable
from functools import partial

from handler.aws.known import known_of
from handler.failover.follow import pair_of
from handler.failover.ports import Ports
from handler.model.known import Known
from handler.model.known_document import KnownDocument, seen
from handler.model.pair import Pair
from handler.model.signals import Command


def held_pair(ports: Ports, command: Command) -> Pair | None:
    """A pair by the snapshot that a run which holds it has of it."""
    found = known_open(ports, lambda id_: command.disaster_recovery_id in (None, id_))
    held = (run for one in found for run in one.runs)
    return next((pair_of(run) for run in held if command.pair in (None, run.pair)), None)


def known_open(ports: Ports, is_meant: Callable[[str], bool]) -> tuple[Known, ...]:
    """What is open of pairs with such ids, as far as it can be read."""
    ledger = ports.ledger
    work = ports.guard.turn("work not read", "work", ledger.open_items) or ()
    some = (one for one in work if one.held or one.incidents)
    meant = (one for one in some if is_meant(one.disaster_recovery_id))
    found = (
        ports.guard.outcome(one.disaster_recovery_id, partial(known_of, ledger, one))
        for one in meant
    )
    return tuple(one for one in found if isinstance(one, Known))


def missed(ports: Ports) -> tuple[KnownDocument, ...]:
    """The documents that reconcile has seen and that are there no more, of pairs not retired."""
    documents = ports.ledger.documents
    before = ports.guard.turn("documents not read", "documents", documents.all) or {}
    after = seen(before, ports.pairs(), ports.clock()).values()
    return tuple(one for one in after if one.gone_since)
