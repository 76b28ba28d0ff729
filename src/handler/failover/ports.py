"""All that one invocation acts through, given once by the entry and handed on from call to call."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from handler.aws.ledger import Ledger
from handler.aws.queue import Queue
from handler.aws.topic import Subscriptions
from handler.dws.client import Dws
from handler.dws.probe import Probe
from handler.dws.side_by_side import SideBySide
from handler.errors import LedgerUnavailable
from handler.failover.guard import Guard
from handler.model.documents import Pairs
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
        heard_since: when somebody began to hear, if nobody did before.
        pairs: all pairs by their documents, at most 30 s old.
        some_pairs: those that something is about, at most 30 s old.
        connect: the provider of a pair.
        probe: whether an address takes a connection.
        side_by_side: does reads at once, those of a deadline.
        invoke: starts an invocation of its own for one pair, by name; False if it cannot.
        look: starts one that looks at a pair's open incident, by name, now that it is due; without
            a name, one that waits until then for all pairs. False if it cannot.
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
    heard_since: Callable[[], datetime | None]
    pairs: Callable[[], Pairs]
    some_pairs: Callable[[Callable[[Pairs], Pairs]], Pairs]
    connect: Callable[[Pair], Dws]
    probe: Probe
    side_by_side: SideBySide
    invoke: Callable[[str], bool]
    look: Callable[[str | None, datetime], bool]
    clock: Clock
    wait: Callable[[float], None]
    remaining_s: Callable[[], float]
    thread_id: int
    account: str
    region: str
    max_failovers_per_hour: int

    @property
    def without_hurry(self) -> "Ports":
        """The same, for what is not acted upon soon: no connection is opened ahead of its use."""
        return replace(self, connect=lambda pair: replace(self.connect(pair), ahead=None))

    def reload(self, pair: Pair) -> Pair:
        """The pair by its document of now, at most 30 s old.

        Raises:
            LedgerUnavailable: there is none by now, or it is bad.
        """
        id_ = pair.disaster_recovery_id
        found = self.some_pairs(lambda pairs: pairs.of_id(id_)).good
        if not found:
            raise LedgerUnavailable(f"the document of {pair.name} is bad or gone by now")
        return found[0]
