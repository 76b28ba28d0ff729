"""A deployment of its own on the emulators: a table, a topic, pairs, and the ways there."""

import itertools
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from benchmarks.packages import Package
from benchmarks.runtime import Environment
from benchmarks.wire import Loop, Wire
from local.aws import EmbeddedAws
from local.dws import Emulator
from local.dws.model.pair import Pair

sys.path.insert(0, "src")
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import Observations, PairState

Event = Mapping[str, Any]
SECRET: Final = "dws-failover/credentials"  # noqa: S105 - its name
ALARMS: Final = 6  # of each pair
_NUMBERS: Final = itertools.count()
_REGION, _ACCOUNT = "us-east-1", "000000000000"


class Stage:
    """Pairs, each with a document, a state that reconcile would have stored, and alarms.

    The provider and AWS are reached by wires; each stage has a provider of its own, so that a
    list of all pairs is as long as the stage has pairs.
    """

    def __init__(self, aws: EmbeddedAws, loop: Loop, round_trip_s: float = 0.0) -> None:
        self._aws, self._loop, self._round_trip_s = aws, loop, round_trip_s
        self.name = f"bench-{next(_NUMBERS)}"
        self.path, self.table = f"/{self.name}/pairs", f"{self.name}-runs"
        self.pairs: list[Pair] = []
        self._unbroken: list[Pair] = []

    def __enter__(self) -> Self:
        self.emulator = Emulator()
        self.emulator.start()
        self.emulator.remove_pair()
        port = int(self.emulator.url.rpartition(":")[2])
        self.provider: Wire = self._loop.wire(port, self._round_trip_s)
        self.aws: Wire = self._loop.wire(self._aws.port)
        self._variables = self._prepare()
        self.ledger = Ledger(Table(self._aws.client("dynamodb"), self.table))
        return self

    def __exit__(self, *_: object) -> None:
        self.provider.hang_up()
        self.aws.hang_up()
        self.emulator.stop()

    @property
    def next_pair(self) -> Pair:
        """The one whose production will die next."""
        return self._unbroken[-1]

    def grow_to(self, size: int, **document: Any) -> None:
        """Add healthy pairs, armed and looked at a moment ago."""
        for _ in range(size - len(self.pairs)):
            pair = self.emulator.add_pair()
            self._put_document(pair, document)
            self._know(pair)
            self.pairs.append(pair)
            self._unbroken.append(pair)

    def reconcile(self, package: Package) -> None:
        """Let the function see its pairs once, as it does each minute, from a place of its own."""
        with self.environment(package) as environment:
            environment.invoke({"command": "reconcile"})

    def environment(self, package: Package, *, is_compiled: bool = True, **how: Any) -> Environment:
        """A cold environment of a package."""
        folder = package.compiled if is_compiled else package.shipped
        return Environment(package.handler, self.variables(folder), **how)

    def variables(self, folder: Path) -> dict[str, str]:
        """The environment variables of a package that lies in a folder."""
        authorities = str(_authorities_of(folder))
        return {**self._variables, "PYTHONPATH": str(folder), "AWS_CA_BUNDLE": authorities}

    def break_one(self, package: Package) -> Pair:
        """Let the production of a healthy pair die; the function knows its pairs by documents."""
        pair = self._unbroken.pop() if package.is_ours else self.emulator.add_pair()
        self.emulator.break_production(pair.id)
        return pair

    def watch(self, environment: Environment) -> None:
        """Forget what has gone along the wires; note this environment's CPU from now on."""
        for wire in (self.aws, self.provider):
            wire.clear()
            wire.cpu_s = environment.cpu_s

    def _prepare(self) -> dict[str, str]:
        aws, emulator = self._aws, self.emulator
        keys = (("pk", "HASH"), ("sk", "RANGE"))
        aws.client("dynamodb").create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name, _ in keys
            ],
        )
        key = {
            "access_key_id": emulator.credentials.access_key,
            "secret_access_key": emulator.credentials.secret_key,
        }
        secret = f"{SECRET}-{self.name}"
        aws.client("secretsmanager").create_secret(Name=secret, SecretString=json.dumps(key))
        return {
            **aws.environment,
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_REGION": _REGION,
            "NOTIFICATION_TOPIC_ARN": aws.client("sns").create_topic(Name=self.name)["TopicArn"],
            "FAILED_EVENTS_QUEUE_URL": aws.client("sqs").create_queue(QueueName=self.name)[
                "QueueUrl"
            ],
            "PAIRS_PARAMETER_PATH": self.path,
            "RUNS_TABLE_NAME": self.table,
            "MAX_FAILOVERS_PER_HOUR": "1000000",
            "ALLOWED_PROVIDER_HOSTS": "127.0.0.1",
            "POWERTOOLS_SERVICE_NAME": "bench",
            "POWERTOOLS_METRICS_NAMESPACE": "DwsFailover",
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "ACCESS_KEY": emulator.credentials.access_key,
            "SECRET_KEY": emulator.credentials.secret_key,
            "PROJECT_ID": emulator.project_id,
            "DWS_ENDPOINT": self.provider.url,
        }

    def _put_document(self, pair: Pair, changes: Mapping[str, Any]) -> None:
        document = {
            "disaster_recovery_id": pair.id,
            "project_id": self.emulator.project_id,
            "endpoint": self.provider.url,
            "credentials_secret": f"{SECRET}-{self.name}",
            "max_data_loss_s": 3600,
            "mode": "automatic",
            "production_down_for_s": 0,
            "alarms": [alarm_name(pair, number) for number in range(ALARMS)],
            **changes,
        }
        name, text = f"{self.path}/{pair.id}", json.dumps(document)
        self._aws.client("ssm").put_parameter(Name=name, Value=text, Type="String")

    def _know(self, pair: Pair) -> None:
        now, roles = datetime.now(UTC), Roles(pair.production_id, pair.standby_id)
        known = PairState(roles=roles, roles_since=now - timedelta(hours=1), armed=True)
        self.ledger.save_pair_state(pair.id, known)
        seen = Observations(first_checked_at=now, checked_at=now, is_ready=True)
        self.ledger.save_observations(pair.id, seen)


def _authorities_of(package: Path) -> Path:
    """The bundle by which a package believes AWS when nobody names one.

    It has to be named here: where an endpoint is given, as the embedded AWS's is, the function
    believes whom everybody believes, and would load what it does not load in AWS.
    """
    shapes = ("handler/aws/amazon.pem", "certifi/cacert.pem", "authorities.pem")
    return next(path for shape in shapes for path in package.glob(shape))


def alarm_name(pair: Pair, number: int = 0) -> str:
    """The name of one of a pair's alarms."""
    return f"dws-{pair.id}-{number}"


def alarm(pair: Pair, number: int = 0) -> Event:
    """One of a pair's alarms that turns now."""
    return alarm_named(alarm_name(pair, number))


def alarm_named(name: str) -> Event:
    """An alarm that turns now, as CloudWatch invokes the function with it."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {
        "source": "aws.cloudwatch",
        "alarmArn": f"arn:aws:cloudwatch:{_REGION}:{_ACCOUNT}:alarm:{name}",
        "accountId": _ACCOUNT,
        "time": at,
        "region": _REGION,
        "alarmData": {"alarmName": name, "state": {"value": "ALARM", "timestamp": at}},
    }


def event_for(package: Package, pair: Pair) -> Event:
    """What makes a package fail a pair over."""
    return alarm(pair) if package.is_ours else {"disaster_recovery_id": pair.id}


def decisions(answer: Any) -> Iterable[str]:
    """What has been decided, for each pair."""
    return [one["decision"] for one in answer.get("results", [answer])]
