"""Lambda's entry: adapters once, then one line from the event to its answer."""

import gc

# Nothing of what is imported and made below is garbage; to look for it takes 0.02 s each time.
gc.disable()

from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from threading import get_ident
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handler.aws.adapters import Adapters, adapters
from handler.aws.telemetry import MetricUnit, logger, metrics, of_story, put
from handler.dws.ahead import Ahead
from handler.errors import FailoverError
from handler.events import parse
from handler.failover.alarms import Taken, answer_alarms, assess_all, store_alarm
from handler.failover.guard import Guard
from handler.failover.meant import meant_by
from handler.failover.ports import Ports
from handler.model.result import Decision, Result
from handler.model.signals import Alarm, Batch, Command, Signals
from handler.notifications.command_lines import Address
from handler.notifications.headline import refusing
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
    if isinstance(signals, Command) and signals.command == "reconcile":
        from handler.commands.reconcile.shortened import shortened  # noqa: PLC0415 - an alarm does without it

        results = shortened(results)
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
    with closing(invocation.ahead):
        answer = answer_batch(batch, partial(invocation.store, taken))
        _note(assess_all(invocation.ports, taken))
    return answer


@dataclass(frozen=True)
class Invocation:
    """The adapters, for as long as this invocation lasts, and the thread that it began in.

    The connections that it opens `ahead` are closed when it has answered.
    """

    adapters: Adapters
    context: LambdaContext
    thread_id: int = field(default_factory=get_ident)
    ahead: Ahead = field(default_factory=Ahead)

    def answer(self, signals: tuple[Alarm, ...] | Command) -> Result | tuple[Result, ...]:
        """Answer what an event says: one result for a command about one pair, else one for each."""
        with closing(self.ahead):
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
            store_alarm(self.ports, alarm, meant_by(self.ports, alarm), mine)
        taken.found.extend(mine.found)
        taken.behind.extend(mine.behind)
        if mine.trouble:
            raise mine.trouble

    @cached_property
    def ports(self) -> Ports:
        """What this invocation acts through."""
        adapters, name = self.adapters, self.context.function_name
        _, _, _, region, account, *_ = self.context.invoked_function_arn.split(":")
        address = Address(name, region)
        outbox = Outbox(adapters.ledger, adapters.publisher, adapters.clock, address)
        return Ports(
            ledger=adapters.ledger,
            outbox=outbox,
            guard=Guard(outbox),
            failures=adapters.failures,
            subscriptions=cache(adapters.publisher.subscriptions),
            heard_since=cache(
                lambda: adapters.ledger.notices.audience().since(adapters.clock()),
            ),
            pairs=adapters.pairs,
            some_pairs=adapters.some_pairs,
            connect=lambda pair: replace(adapters.connect(pair), ahead=self.ahead),
            probe=adapters.probe,
            side_by_side=adapters.side_by_side,
            invoke=lambda pair: adapters.invoker.reconcile(name, pair, adapters.clock()),
            look=lambda pair, at: adapters.invoker.look(name, pair, at, adapters.clock()),
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
            command=result.command,
            trigger=(result.trigger or {}).get("name"),
            pair=result.pair,
            disaster_recovery_id=result.disaster_recovery_id,
            decision=result.decision.value,
            reason_code=result.reason_code,
            reason=result.reason,
            refusing=[one["gate"] for one in refusing(result)],
            **of_story(result.incident_id, result.run_id),
        )
    for decision, count in Counter(result.decision for result in results).items():
        name = "".join(part.capitalize() for part in decision.split("_"))
        metrics.add_metric(name=f"Decision{name}", unit=MetricUnit.Count, value=count)
    refused = (result for result in results if result.decision is Decision.REFUSED)
    gates = Counter(one["gate"] for result in refused for one in refusing(result))
    for gate, count in gates.items():
        put("gate", gate, {"GateRefused": count})


# While an environment starts it has a whole CPU, and later what its memory gives it. What is wrong
# with the settings is told by the first event, which tries again: none would tell it for one that
# does not start.
with suppress(Exception):
    adapters()

# What is there now stays; an invocation's garbage is looked for without it.
gc.freeze()
gc.enable()
