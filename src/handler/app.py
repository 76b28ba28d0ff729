"""Lambda's entry: adapters once, then one line from the event to its answer."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from threading import get_ident
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handler.aws.adapters import Adapters, adapters
from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.errors import FailoverError
from handler.events import parse
from handler.failover.alarms import Taken, answer_alarms, assess_all, store_alarm
from handler.failover.guard import Guard
from handler.failover.ports import Ports
from handler.model.result import Decision, Result
from handler.model.signals import Alarm, Batch, Command, Signals
from handler.notifications.outbox import Outbox


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: LambdaContext) -> dict[str, Any]:
    """Answer an event.

    Raises:
        InvalidEvent: the event is malformed; sending it again will not help.
        InvalidSettings: the deployment is wrong.
        ProviderUnavailable, LedgerUnavailable: nothing was ordered; send it again.
    """
    try:
        return respond(parse(event), adapters(), context)
    except FailoverError as err:
        metrics.add_metric(name=type(err).__name__, unit=MetricUnit.Count, value=1)
        raise


def respond(signals: Signals, adapters: Adapters, context: LambdaContext) -> dict[str, Any]:
    """Answer what an event says, as it leaves the function.

    Raises:
        InvalidEvent, InvalidSettings, ProviderUnavailable, LedgerUnavailable: see above.
    """
    invocation = Invocation(adapters, context)
    if isinstance(signals, Batch):
        return _respond_to_batch(signals, invocation)
    answer = invocation.answer(signals)
    results = answer if isinstance(answer, tuple) else (answer,)
    _note(results)
    # A brief status is for machines: a name is answered like a pattern that means one pair.
    if isinstance(signals, Command) and signals.command == "status" and signals.brief:
        return {"results": [*map(Result.as_brief_json, results)]}
    all_of_it = [*map(Result.as_json, results)]
    return {"results": all_of_it} if isinstance(answer, tuple) else all_of_it[0]


def _respond_to_batch(batch: Batch, invocation: "Invocation") -> dict[str, Any]:
    """Name the records that failed, malformed ones among them: the queue gives them again.

    What the others have opened or joined is assessed once all of them are stored.
    """
    from handler.events.batch import answer_batch  # noqa: PLC0415 - an alarm by itself does without it

    taken = Taken()
    answer = answer_batch(batch, partial(invocation.store, taken))
    _note(assess_all(invocation.ports, taken.found))
    return answer


@dataclass(frozen=True)
class Invocation:
    """The adapters, for as long as this invocation lasts, and the thread that it began in."""

    adapters: Adapters
    context: LambdaContext
    thread_id: int = field(default_factory=get_ident)

    def answer(self, signals: tuple[Alarm, ...] | Command) -> Result | tuple[Result, ...]:
        """Answer what an event says: one result for a command about one pair, else one for each."""
        if isinstance(signals, Command):
            from handler.commands.route import run_command  # noqa: PLC0415 - an alarm does without it

            return run_command(self.ports, signals)
        return answer_alarms(self.ports, signals)

    def store(self, taken: Taken, alarms: tuple[Alarm, ...]) -> None:
        """Store what a queue's record says.

        Raises:
            LedgerUnavailable: it could not be stored; the queue shall give the record again.
        """
        mine = Taken()
        for alarm in alarms:
            store_alarm(self.ports, alarm, self.ports.pairs(), mine)
        taken.found.extend(mine.found)
        if mine.trouble:
            raise mine.trouble

    @cached_property
    def ports(self) -> Ports:
        """What this invocation acts through."""
        adapters, name = self.adapters, self.context.function_name
        _, _, _, region, account, *_ = self.context.invoked_function_arn.split(":")
        outbox = Outbox(adapters.ledger, adapters.publisher, adapters.clock, name)
        return Ports(
            ledger=adapters.ledger,
            outbox=outbox,
            guard=Guard(outbox),
            failures=adapters.failures,
            subscriptions=cache(adapters.publisher.subscriptions),
            pairs=adapters.pairs,
            connect=adapters.connect,
            probe=adapters.probe,
            side_by_side=adapters.side_by_side,
            invoke=partial(adapters.invoker.reconcile, name),
            clock=adapters.clock,
            wait=adapters.wait,
            remaining_s=self._remaining_s,
            thread_id=self.thread_id,
            account=account,
            region=region,
            max_failovers_per_hour=adapters.settings.max_failovers_per_hour,
        )

    def _remaining_s(self) -> float:
        return float(self.context.get_remaining_time_in_millis()) / 1000


def _note(results: tuple[Result, ...]) -> None:
    for result in results:
        level = logger.debug if result.decision is Decision.RECONCILED else logger.info
        level(
            "decided",
            pair=result.pair,
            disaster_recovery_id=result.disaster_recovery_id,
            run_id=result.run_id,
            decision=result.decision.value,
            reason_code=result.reason_code,
        )
    for decision, count in Counter(result.decision for result in results).items():
        name = "".join(part.capitalize() for part in decision.split("_"))
        metrics.add_metric(name=f"Decision{name}", unit=MetricUnit.Count, value=count)
