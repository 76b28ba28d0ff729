"""Settings and clients, made once for each environment; the clock, and how time is spent."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from boto3 import Session
from botocore.config import Config

from handler.aws.credentials import load_credentials
from handler.aws.invoke import Invoker
from handler.aws.ledger import Ledger
from handler.aws.pairs import Choose, Documents
from handler.aws.queue import Queue
from handler.aws.session import make_session
from handler.aws.settings import Settings
from handler.aws.table import Table
from handler.aws.topic import Chat, Publisher
from handler.dws.auth import Tokens
from handler.dws.client import Dws
from handler.dws.http import Transport
from handler.dws.probe import Probe, probe
from handler.dws.side_by_side import SideBySide, side_by_side
from handler.model.documents import Pairs
from handler.model.pair import Pair
from handler.model.times import Clock

# Three tries of 8 s at most, and the pauses between them: table.CALL_TAKES_S rests on it.
# The SDK's own look at every value that is sent is a tenth of the CPU before an order, and what it
# would find a service says as well.
_AWS = Config(
    connect_timeout=3,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
)
# Two tries of 8 s at most, and one of 3 s for chat: topic.PUBLISHING_TAKES_S rests on them.
_SNS = _AWS.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))
_CHAT = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
# Asked for each open incident in turn, and reconcile can do without: it must not wait for long.
_SELF = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}
)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Adapters:
    """Clients that outlive an invocation, the clock, and how time is spent."""

    settings: Settings
    ledger: Ledger
    publisher: Publisher
    documents: Documents
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
        return self.documents.all(self.clock())

    def some_pairs(self, choose: Choose) -> Pairs:
        """Those that something is about, at most 30 s old."""
        return self.documents.some(choose, self.clock())

    def connect(self, pair: Pair) -> Dws:
        """The provider of a pair; its credentials are read when they are needed."""
        name = pair.credentials_secret
        hosts = self.settings.allowed_provider_hosts
        return Dws(
            wire=self.wire,
            endpoint=pair.endpoint,
            project_id=pair.project_id,
            zone=pair.zone,
            credentials=lambda renew: load_credentials(self.secrets, name, hosts, renew=renew),
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
    wire = Transport(settings.allowed_provider_hosts)
    session = make_session(os.environ)
    return Adapters(
        settings=settings,
        ledger=Ledger(Table(session.client("dynamodb", config=_AWS), settings.runs_table_name)),
        publisher=Publisher(
            session.client("sns", config=_SNS),
            settings.notification_topic_arn,
            _chat(session, settings),
        ),
        documents=Documents(
            SSMProvider(boto3_client=session.client("ssm", config=_AWS)),
            settings.pairs_parameter_path,
            settings.allowed_provider_hosts,
        ),
        secrets=SecretsProvider(boto3_client=session.client("secretsmanager", config=_AWS)),
        invoker=Invoker(lambda: session.client("lambda", config=_SELF)),
        failures=Queue(
            lambda: session.client("sqs", config=_AWS), settings.failed_events_queue_url
        ),
        wire=wire,
        tokens=Tokens(wire, _now),
    )


def _chat(session: Session, settings: Settings) -> Chat | None:
    arn = settings.chat_topic_arn
    return Chat(lambda: session.client("sns", config=_CHAT), arn) if arn else None
