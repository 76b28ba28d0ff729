"""All that one invocation acts through, given once by the entry and handed on from call to call."""

from collections.abc import Callable
from dataclasses import dataclass

from handler.aws.ledger import Ledger
from handler.aws.pairs import Pairs
from handler.aws.queue import Queue
from handler.aws.topic import Subscriptions
from handler.dws.client import Dws
from handler.dws.probe import Probe
from handler.dws.side_by_side import SideBySide
from handler.errors import LedgerUnavailable
from handler.failover.guard import Guard
from handler.model.pair import Pair
from handler.model.times import Clock
from handler.notifications.outbox import Outbox


@dataclass(frozen=True)
class Ports:
    """What reaches the world outside, and what is known of this invocation and its deployment.

    Attributes:
        ledger: what is stored of all pairs.
        outbox: stores, publishes and marks what people hear.
        guard: takes turns, so that one pair's trouble stays its own.
        failures: the queue for what nobody would take.
        subscriptions: who hears of it; None if that cannot be read now.
        pairs: all pairs by their documents, at most 30 s old.
        connect: the provider of a pair.
        probe: whether an address takes a connection.
        side_by_side: does reads at once, those of a deadline.
        invoke: starts an invocation of its own for one pair, by name; False if it cannot.
        clock: the present time.
        wait: spends seconds.
        remaining_s: how long this invocation may still go on.
        thread_id: the thread that this invocation began in, the only one that orders.
        account: the deployment's own.
        region: the deployment's own.
        max_failovers_per_hour: by alarms, over all pairs.
    """

    ledger: Ledger
    outbox: Outbox
    guard: Guard
    failures: Queue
    subscriptions: Callable[[], Subscriptions | None]
    pairs: Callable[[], Pairs]
    connect: Callable[[Pair], Dws]
    probe: Probe
    side_by_side: SideBySide
    invoke: Callable[[str], bool]
    clock: Clock
    wait: Callable[[float], None]
    remaining_s: Callable[[], float]
    thread_id: int
    account: str
    region: str
    max_failovers_per_hour: int

    def reload(self, pair: Pair) -> Pair:
        """The pair by its document of now, at most 30 s old.

        Raises:
            LedgerUnavailable: there is none by now, or it is bad.
        """
        good = self.pairs().good
        found = [one for one in good if one.disaster_recovery_id == pair.disaster_recovery_id]
        if not found:
            raise LedgerUnavailable(f"the document of {pair.name} is bad or gone by now")
        return found[0]
