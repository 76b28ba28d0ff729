"""What the story is played on: the embedded AWS, the emulator, the deployed stack, a subscriber."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.aws import EmbeddedAws
from local.aws.ageing import let_pass
from local.aws.deploy import build, deploy
from local.aws.embedded import ACCOUNT, REGION, ROOT
from local.demo.screen import Screen
from local.dws import Emulator
from local.inbox import Mail, Mailbox

STACK = "dws-failover-demo"
PAIR = "analytics"
ALARM = "dws-outage-analytics"
DOWN_FOR_S = 5
SECRET = "dws-failover/credentials"  # noqa: S105 - a secret's name
MAX_DATA_LOSS_S = "3600"
_MINUTE_S = 60


@dataclass(frozen=True)
class Stage:
    """Everything that is running, and ways to speak to it."""

    aws: EmbeddedAws
    emulator: Emulator
    mailbox: Mailbox
    outputs: dict[str, str]

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """What the function answers.

        Raises:
            RuntimeError: it raised.
        """
        arn = self.outputs["FailoverFunctionArn"]
        answer = self.aws.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
        payload: dict[str, Any] = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            raise RuntimeError(f"{payload['errorType']}: {payload['errorMessage']}")
        return payload

    def told(self, within_s: float) -> Mail:
        """The next notification about the pair; alarms about the function are not waited for.

        Raises:
            TimeoutError: none came in time.
        """
        while "decision" not in (mail := self.mailbox.next(within_s)).attributes:
            pass
        return mail

    def reconcile(self) -> dict[str, Any]:
        """Run the reconcile that the schedule runs every minute, now."""
        result: dict[str, Any] = self.invoke({"command": "reconcile"})["results"][0]
        return result

    def let_a_minute_pass(self) -> None:
        """What is stored happened a minute earlier than it did: nobody has to wait for that."""
        let_pass(self.aws, self.outputs["RunsTableName"], _MINUTE_S)

    def alarm_event(self, name: str) -> dict[str, Any]:
        """The event of the bus that an alarm's transition makes."""
        event: dict[str, Any] = json.loads((ROOT / "events" / "bus-alarm.json").read_text())
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"
        event |= {"account": ACCOUNT, "region": REGION, "time": at, "resources": [arn]}
        event["detail"] |= {"alarmName": name}
        event["detail"]["state"]["timestamp"] = at
        return event

    def set_alarm(self) -> None:
        """Turn the outage's alarm to ALARM."""
        self.aws.client("cloudwatch").set_alarm_state(
            AlarmName=ALARM, StateValue="ALARM", StateReason="production takes no connections"
        )


@contextmanager
def staged(screen: Screen) -> Iterator[Stage]:
    """Start everything, deploy, and stop everything again."""
    with Emulator(sync_every_s=1) as emulator, EmbeddedAws(auth=True) as aws:
        screen.say(f"The DWS emulator answers on {emulator.url}")
        screen.say(f"The embedded AWS answers on {aws.endpoint}, IAM is enforced")
        with screen.working("sam build"):
            built = build(aws.folder, aws.environment)
        _prepare(aws, emulator)
        with screen.working(f"sam deploy --stack-name {STACK}"):
            outputs = deploy(aws, built, STACK, _parameters(emulator))
        _shorten(aws, emulator, outputs)
        with Mailbox(aws.client("sns")) as mailbox:
            for topic in ("NotificationTopicArn", "OperationsTopicArn"):
                mailbox.subscribe(outputs[topic])
            pair = emulator.pair
            screen.names = {pair.production_id: "A", pair.standby_id: "B"}
            yield Stage(aws, emulator, mailbox, outputs)


def _prepare(aws: EmbeddedAws, emulator: Emulator) -> None:
    """Make what a user has beforehand: the secret, and an alarm on the warehouse."""
    key = {
        "access_key_id": emulator.credentials.access_key,
        "secret_access_key": emulator.credentials.secret_key,
    }
    aws.client("secretsmanager").create_secret(Name=SECRET, SecretString=json.dumps(key))
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=ALARM, Namespace="Warehouse", MetricName="ConnectionTaken", Statistic="Minimum",
        Period=60, EvaluationPeriods=3, Threshold=1, ComparisonOperator="LessThanThreshold",
    )  # fmt: skip


def _parameters(emulator: Emulator) -> dict[str, str]:
    return {
        "PairName": PAIR,
        "DisasterRecoveryId": emulator.pair.id,
        "ProjectId": emulator.project_id,
        "DwsEndpoint": emulator.url,
        "AllowedProviderHosts": "127.0.0.1",
        "MaxDataLossSeconds": MAX_DATA_LOSS_S,
        "Mode": "automatic",
    }


def _shorten(aws: EmbeddedAws, emulator: Emulator, outputs: dict[str, str]) -> None:
    """Give the pair a probe, and less patience than by default: a demo is short."""
    ssm, name = aws.client("ssm"), f"{outputs['PairsParameterPath']}/{PAIR}"
    document = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    production = emulator.pair.production_id
    document["probes"] = {production: emulator.probe_address(production)}
    document["production_down_for_s"] = DOWN_FOR_S
    ssm.put_parameter(Name=name, Value=json.dumps(document), Type="String", Overwrite=True)
