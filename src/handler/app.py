"""Lambda's entry: settings and adapters once, then one line from the event to its answer."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from handler.commands import Commands
from handler.credentials import load_credentials
from handler.dws.auth import Tokens
from handler.dws.client import Dws
from handler.dws.wire import Wire
from handler.errors import FailoverError
from handler.events import parse
from handler.evidence import EvidenceReader
from handler.failover import Failover
from handler.intake import Intake
from handler.ledger import Ledger
from handler.notices import Publisher
from handler.outcome import Result
from handler.pair import Pair
from handler.pairs import Pairs, load_pairs
from handler.probes import probe
from handler.settings import Settings
from handler.signals import Alarm, Command
from handler.table import Table
from handler.telemetry import MetricUnit, logger, metrics
from handler.telling import Teller

_AWS = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Adapters:
    """Clients that outlive an invocation."""

    settings: Settings
    ledger: Ledger
    publisher: Publisher
    parameters: SSMProvider
    secrets: SecretsProvider
    wire: Wire
    tokens: Tokens

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
            clock=_now,
        )


@cache
def adapters() -> Adapters:
    """Build settings and clients, once for each environment.

    Raises:
        InvalidSettings: the environment is wrong.
    """
    settings = Settings.from_environment(os.environ)
    wire = Wire()
    return Adapters(
        settings=settings,
        ledger=Ledger(Table(boto3.client("dynamodb", config=_AWS), settings.runs_table_name)),
        publisher=Publisher(boto3.client("sns", config=_AWS), settings.notification_topic_arn),
        parameters=SSMProvider(boto3_client=boto3.client("ssm", config=_AWS)),
        secrets=SecretsProvider(boto3_client=boto3.client("secretsmanager", config=_AWS)),
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
        answer = _answer(parse(event), context)
    except FailoverError as err:
        metrics.add_metric(name=type(err).__name__, unit=MetricUnit.Count, value=1)
        raise
    for result in answer if isinstance(answer, tuple) else (answer,):
        _note(result)
    if isinstance(answer, tuple):
        return {"results": [result.as_json() for result in answer]}
    return answer.as_json()


def _answer(
    signals: tuple[Alarm, ...] | Command, context: LambdaContext
) -> Result | tuple[Result, ...]:
    invocation = Invocation(adapters(), context)
    if isinstance(signals, Command):
        return invocation.answer(signals)
    return tuple(result for alarm in signals for result in invocation.take(alarm))


@dataclass(frozen=True)
class Invocation:
    """The adapters, for as long as this invocation lasts."""

    adapters: Adapters
    context: LambdaContext

    def take(self, alarm: Alarm) -> tuple[Result, ...]:
        """Let an alarm in."""
        logger.append_keys(trigger=alarm.name, correlation_id=alarm.correlation_id)
        _, _, _, region, account, *_ = self.context.invoked_function_arn.split(":")
        intake = Intake(
            self.adapters.ledger, self._failover(), self._teller(), _now, account, region
        )
        return intake.take(alarm, self.adapters.pairs())

    def answer(self, command: Command) -> Result | tuple[Result, ...]:
        """Carry a command out: one result for one pair, else one for each."""
        pairs = self.adapters.pairs()
        if command.command == "reconcile":
            return self._reconcile(pairs)
        named = bool(command.pair or command.disaster_recovery_id)
        chosen = (pairs.find(command.pair, command.disaster_recovery_id),) if named else pairs.good
        results = tuple(self._for_pair(command)(command, pair) for pair in chosen)
        return results[0] if named else results

    def _for_pair(self, command: Command) -> Callable[[Command, Pair], Result]:
        commands = Commands(self.adapters.ledger, self._failover(), _now)
        return {
            "failover": commands.fail_over,
            "rehearse": commands.rehearse,
            "status": commands.status,
        }[command.command]

    def _reconcile(self, pairs: Pairs) -> tuple[Result, ...]:
        from handler.reconcile import Reconcile  # noqa: PLC0415 - an alarm does without it

        reconcile = Reconcile(self.adapters.ledger, self._failover(), self._teller(), _now)
        return reconcile.run(pairs)

    def _failover(self) -> Failover:
        return Failover(
            ledger=self.adapters.ledger,
            reader=EvidenceReader(_now, probe),
            teller=self._teller(),
            connect=self.adapters.connect,
            clock=_now,
            remaining_s=self._remaining_s,
            max_failovers_per_hour=self.adapters.settings.max_failovers_per_hour,
        )

    def _teller(self) -> Teller:
        name = self.context.function_name
        return Teller(self.adapters.ledger, self.adapters.publisher, _now, name)

    def _remaining_s(self) -> float:
        return self.context.get_remaining_time_in_millis() / 1000


def _note(result: Result) -> None:
    logger.info(
        "decided",
        pair=result.pair,
        disaster_recovery_id=result.disaster_recovery_id,
        run_id=result.run_id,
        decision=result.decision.value,
        reason_code=result.reason_code,
    )
    metrics.add_metric(name=f"Decision{_pascal(result.decision)}", unit=MetricUnit.Count, value=1)


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
