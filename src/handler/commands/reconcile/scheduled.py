"""A reconcile that nobody waits for: it is not sent again, and never fills the failure queue.

Lambda sends an asynchronous event that failed once more after a minute, and again two minutes
later, then keeps it in the queue. By then the next minutes' reconciles have long done its work:
what keeps one from working is answered and counted, and an alarm rings on the count.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.errors import FailoverError
from handler.failover.ports import Ports
from handler.model.result import Decision, Result
from handler.model.signals import Command

# The scheduler may be a minute late; the last time that Lambda sends it, it is three at least.
LAST_AFTER: Final = timedelta(seconds=150)
Answer = Result | tuple[Result, ...]


def run_scheduled(ports: Ports, command: Command, work: Callable[[], Answer]) -> Answer:
    """What a reconcile answers; one that somebody waits for raises what keeps it from working.

    Raises:
        FailoverError: it could not work, and somebody waits for it.
        Exception: a bug: its invocation fails, but not the last time that it is sent.
    """
    found = ports.guard.outcome(command.pair or "reconcile", work)
    if not isinstance(found, Exception):
        return found
    if command.scheduled_at is None:
        raise found
    if isinstance(found, FailoverError):
        return (_could_not(command, found),)
    if ports.clock() - command.scheduled_at < LAST_AFTER:
        raise found
    why = f"a bug was met: {type(found).__name__}, see the function's log"
    return (Result(Decision.RECONCILED, "internal_error", why, command="reconcile"),)


def _could_not(command: Command, err: FailoverError) -> Result:
    logger.error("reconcile failed", pair=command.pair, error=str(err))
    metrics.add_metric(name="ReconcileFailed", unit=MetricUnit.Count, value=1)
    why, pair = str(err), command.pair
    return Result(
        Decision.BLOCKED, "unavailable", why, command="reconcile", retryable=True, pair=pair
    )
