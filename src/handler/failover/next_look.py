"""The next look at an incident that only waits comes when its production is down for long enough.

Reconcile comes once a minute, which would make an order up to a minute late. So whoever finds that
an incident only waits has an invocation of its own wait for that moment: one for all pairs, however
many alarms and pairs there are, since each that waits is one of those that the account may run at
once. It rests on nothing: all is read anew when it is over, and where none waits, or one dies,
reconcile looks in its minute.
"""

from datetime import datetime, timedelta
from typing import Final

from handler.aws.telemetry import logger
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.ports import Ports
from handler.model.result import Result
from handler.model.times import parse_time

# As long as production has to be down by the shipped settings, and a little: what is due later,
# one of the next minutes' reconciles arranges.
REACH: Final = timedelta(seconds=130)
# A lease lasts for that much longer than its invocation sleeps, so that one which died keeps nobody
# from waiting; it may still be on its way until then.
AWAKE_FOR: Final = timedelta(seconds=10)


def with_next_look(ports: Ports, result: Result) -> Result:
    """The answer about an incident; if it only waits, it is looked at when that is over."""
    if due := parse_time(result.timings.get("acts_at")):
        arrange(ports, due)
    return result


def arrange(ports: Ports, due: datetime) -> None:
    """Have an invocation wait until then, unless one does that wakes no later.

    Nothing is raised: what comes of it is reconcile's to do in a minute, as ever.
    """
    now, until = ports.clock(), due + AWAKE_FOR
    if due - now > REACH:
        return
    try:
        if ports.ledger.waiting_lock.take(now, until) and not ports.look(None, due):
            ports.ledger.waiting_lock.give_back(until, now)
    except (Conflict, LedgerUnavailable) as err:
        logger.warning("next look not arranged", error=str(err))
