"""Lambda's entry: settings and adapters once, then one line from the event to its answer."""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from threading import get_ident
from typing import Any, assert_never

import boto3
from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from handler.aws.credentials import load_credentials
from handler.aws.invoke import Invoker
from handler.aws.ledger import Ledger
from handler.aws.pairs import Pairs, load_pairs
from handler.aws.queue import Queue
from handler.aws.settings import Settings
from handler.aws.table import Table
from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.aws.topic import Publisher
from handler.commands.acknowledge import Acknowledging
from handler.commands.failover import Commands
from handler.commands.pause import Pausing
from handler.commands.reconcile.one_pair import Rounds
from handler.dws.auth import Tokens
from handler.dws.client import Dws
from handler.dws.http import Transport
from handler.dws.probe import Probe, probe
from handler.errors import FailoverError, InvalidEvent, InvalidSettings, LedgerUnavailable
from handler.events import parse
from handler.failover.act import Failover
from handler.failover.alarms import Alarms, Taken
from handler.failover.follow import Follower, pair_of
from handler.failover.gather import EvidenceReader, SideBySide, side_by_side
from handler.failover.guard import Guard
from handler.failover.incidents import Intake
from handler.failover.order import Sending
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Result
from handler.model.run import Run
from handler.model.signals import Alarm, Batch, Command, Signals
from handler.model.times import Clock
from handler.notifications.outbox import Outbox
from handler.notifications.resend import Resending

_AWS = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
# Two tries of 8 s at most: notices.PUBLISHING_TAKES_S rests on it.
_SNS = _AWS.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Adapters:
    """Clients that outlive an invocation, the clock, and how time is spent."""

    settings: Settings
    ledger: Ledger
    publisher: Publisher
    parameters: SSMProvider
    secrets: SecretsProvider
    invoker: Invoker
    failures: Queue
    wire: Transport
    tokens: Tokens
    clock: Clock = _now
    wait: Callable[[float], None] = time.sleep
    side_by_side: SideBySide = side_by_side
    probe: Probe = probe

    def pairs(self) -> Pairs:
        """All pairs, at most 30 s old."""
        return load_pairs(self.parameters, self.settings.pairs_parameter_path)

    def connect(self, pair: Pair) -> Dws:
        """The provider of a pair; its credentials are read when they are needed."""
        name = pair.credentials_secret
        return Dws(
            wire=self.wire,
            endpoint=pair.endpoint,
            project_id=pair.project_id,
            zone=pair.zone,
            credentials=lambda renew: load_credentials(self.secrets, name, renew=renew),
            tokens=self.tokens,
            clock=self.clock,
        )


@cache
def adapters() -> Adapters:
    """Build settings and clients, once for each environment.

    Raises:
        InvalidSettings: the environment is wrong.
    """
    settings = Settings.from_environment(os.environ)
    wire = Transport()
    return Adapters(
        settings=settings,
        ledger=Ledger(Table(boto3.client("dynamodb", config=_AWS), settings.runs_table_name)),
        publisher=Publisher(boto3.client("sns", config=_SNS), settings.notification_topic_arn),
        parameters=SSMProvider(boto3_client=boto3.client("ssm", config=_AWS)),
        secrets=SecretsProvider(boto3_client=boto3.client("secretsmanager", config=_AWS)),
        invoker=Invoker(lambda: boto3.client("lambda", config=_AWS)),
        failures=Queue(lambda: boto3.client("sqs", config=_AWS), settings.failed_events_queue_url),
        wire=wire,
        tokens=Tokens(wire, _now),
    )


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
    _note(invocation.alarms.assess(taken.found))
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
            return self._run_command(signals)
        return self.alarms.answer(signals, self.adapters.pairs())

    def store(self, taken: Taken, alarms: tuple[Alarm, ...]) -> None:
        """Store what a queue's record says.

        Raises:
            LedgerUnavailable: it could not be stored; the queue shall give the record again.
        """
        mine = Taken()
        for alarm in alarms:
            self.alarms.store(alarm, self.adapters.pairs(), mine)
        taken.found.extend(mine.found)
        if mine.trouble:
            raise mine.trouble

    def _run_command(self, command: Command) -> Result | tuple[Result, ...]:
        named = bool(command.pair or command.disaster_recovery_id)
        if command.command == "reconcile" and not named:
            return self._reconcile()
        if command.command in ("pause", "resume") and command.pair == "*":
            return self._brake(command, None)
        if command.command == "status":
            return self._status(command, is_of_one=named and "*" not in (command.pair or ""))
        return self._for_pair(command, self._pair(command))

    def _pair(self, command: Command) -> Pair:
        """The pair that is meant; for what ends a hold, also one whose document is bad or gone.

        Raises:
            InvalidEvent: there is none.
            InvalidSettings: its document is bad.
        """
        pairs = self.adapters.pairs()
        try:
            return pairs.find(command.pair, command.disaster_recovery_id)
        except (InvalidEvent, InvalidSettings):
            held = self._held_pair(command)
            if held is None or command.command not in ("acknowledge", "verify"):
                raise
            return held

    def _held_pair(self, command: Command) -> Pair | None:
        """A pair by the snapshot that a run which holds it has of it."""
        held = self._held(lambda id_: command.disaster_recovery_id in (None, id_))
        return next((pair_of(run) for run in held if command.pair in (None, run.pair)), None)

    def _held(self, is_meant: Callable[[str], bool]) -> tuple[Run, ...]:
        """The runs that hold pairs with such ids, as far as they can be read."""
        ledger = self.adapters.ledger
        work = self._guard.turn("work not read", "work", ledger.open_items) or ()
        ids = [one.disaster_recovery_id for one in work if one.held]
        read = (partial(ledger.read, id_) for id_ in filter(is_meant, ids))
        found = (self._guard.outcome(one.args[0], one) for one in read)
        return tuple(run for one in found if isinstance(one, PairRecord) for run in one.held)

    def _status(self, command: Command, *, is_of_one: bool) -> Result | tuple[Result, ...]:
        """How one pair stands, or a row for each; a pair without a good document is a row too."""
        pairs = self.adapters.pairs()
        if not is_of_one:
            return self._rows(command, pairs)
        try:
            pair = pairs.find(command.pair, command.disaster_recovery_id)
        except (InvalidEvent, InvalidSettings):
            found = self._rows(command, replace(pairs, good=()))
            if command.brief or not found:  # a machine matches the error
                raise
            return found[0]
        return self._for_pair(command, pair)

    def _rows(self, command: Command, pairs: Pairs) -> tuple[Result, ...]:
        """A row for each pair that is meant; what is wrong with one, a bug included, is its row."""
        from handler.commands.status_of_all import rows, unseen  # noqa: PLC0415 - an alarm does without it

        def status(pair: Pair) -> Result:
            row = self._guard.outcome(pair.name, lambda: self._for_pair(command, pair))
            if isinstance(row, FailoverError):
                raise row
            return unseen(pair, row) if isinstance(row, Exception) else row

        good = {pair.disaster_recovery_id for pair in self.adapters.pairs().good}
        held = () if command.brief else self._held(lambda id_: id_ not in good)
        return rows(pairs, command, status, held)

    def _for_pair(self, command: Command, pair: Pair) -> Result:  # noqa: PLR0911 - a command each
        commands = Commands(self.adapters.ledger, self._failover, self.adapters.clock)
        match command.command:
            case "failover":
                return commands.fail_over(command, pair)
            case "rehearse":
                return commands.rehearse(command, pair)
            case "verify":
                return commands.verify(command, pair)
            case "status":
                return commands.status(command, pair)
            case "reconcile":
                return self._pursue(pair)
            case "acknowledge":
                return self._acknowledge(command, pair)
            case "pause" | "resume":
                return self._brake(command, pair)
            case _:
                # Nothing that is not named above may come to an order or a brake.
                assert_never(command.command)

    def _pursue(self, pair: Pair) -> Result:
        """One pair's turn in an invocation of its own: a bug is told here as anywhere else."""
        found = self._guard.outcome(pair.name, lambda: self._rounds.pursue(pair))
        if isinstance(found, Exception):
            raise found
        return found

    def _acknowledge(self, command: Command, pair: Pair) -> Result:
        adapters = self.adapters
        taking = Acknowledging(adapters.ledger, self._outbox, adapters.connect, adapters.clock)
        return taking.acknowledge(command, pair)

    def _brake(self, command: Command, pair: Pair | None) -> Result:
        pausing = Pausing(self.adapters.ledger, self._outbox, self.adapters.clock)
        set_brake = pausing.pause if command.command == "pause" else pausing.resume
        return set_brake(command, pair)

    def _reconcile(self) -> tuple[Result, ...]:
        from handler.commands.reconcile.sweep import Reconcile  # noqa: PLC0415 - an alarm does without it

        adapters = self.adapters
        reconcile = Reconcile(
            ledger=adapters.ledger,
            rounds=self._rounds,
            follower=self._failover.follower,
            alarms=self.alarms,
            outbox=self._outbox,
            resending=Resending(
                adapters.ledger, adapters.publisher, adapters.failures, adapters.clock
            ),
            guard=self._guard,
            connect=adapters.connect,
            side_by_side=adapters.side_by_side,
            invoke=lambda pair: adapters.invoker.reconcile(self.context.function_name, pair),
            remaining_s=self._remaining_s,
        )
        return reconcile.run(adapters.pairs)

    def _remaining_s(self) -> float:
        return float(self.context.get_remaining_time_in_millis()) / 1000

    @cached_property
    def alarms(self) -> Alarms:
        """What takes alarms in."""
        adapters = self.adapters
        _, _, _, region, account, *_ = self.context.invoked_function_arn.split(":")
        intake = Intake(adapters.ledger, self._failover, self._outbox, adapters.clock)
        return Alarms(
            adapters.ledger, intake, self._outbox, self._guard, adapters.clock, account, region
        )

    @property
    def _rounds(self) -> Rounds:
        adapters = self.adapters
        return Rounds(adapters.ledger, self._failover, self._outbox, adapters.probe, adapters.clock)

    @cached_property
    def _failover(self) -> Failover:
        adapters = self.adapters
        return Failover(
            ledger=adapters.ledger,
            reader=EvidenceReader(adapters.clock, adapters.probe, adapters.side_by_side),
            outbox=self._outbox,
            follower=Follower(
                adapters.ledger,
                self._outbox,
                adapters.connect,
                adapters.clock,
                adapters.side_by_side,
            ),
            sending=Sending(adapters.clock, self._remaining_s, self.thread_id),
            connect=adapters.connect,
            clock=adapters.clock,
            wait=adapters.wait,
            remaining_s=self._remaining_s,
            max_failovers_per_hour=adapters.settings.max_failovers_per_hour,
            reload=self._reload,
        )

    def _reload(self, pair: Pair) -> Pair:
        """The pair by its document of now, at most 30 s old.

        Raises:
            LedgerUnavailable: there is none by now, or it is bad.
        """
        good = self.adapters.pairs().good
        found = [one for one in good if one.disaster_recovery_id == pair.disaster_recovery_id]
        if not found:
            raise LedgerUnavailable(f"the document of {pair.name} is bad or gone by now")
        return found[0]

    @cached_property
    def _guard(self) -> Guard:
        return Guard(self._outbox, self.adapters.clock)

    @cached_property
    def _outbox(self) -> Outbox:
        adapters, name = self.adapters, self.context.function_name
        return Outbox(adapters.ledger, adapters.publisher, adapters.clock, name)


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
