"""The function's own code in this process, on the embedded AWS, with a clock that can be moved."""

import contextlib
import json
import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from handler.app import respond
from handler.aws.adapters import adapters
from handler.aws.telemetry import metrics
from handler.events import parse
from local.aws import EmbeddedAws
from local.aws.embedded import ACCOUNT, REGION

Wait = Callable[[float], None]
_NAME: Final = "drill"
_INVOCATION_MS: Final = 300_000


@dataclass(frozen=True)
class Told:
    """A notice as a subscriber of the topic receives it."""

    subject: str
    severity: str
    decision: str


class Function:
    """A deployment of its own for one pair: table, topic, queue, secret and document."""

    def __init__(
        self, aws: EmbeddedAws, pair: str, document: dict[str, Any], let_pass: Wait
    ) -> None:
        self._aws = aws
        self.name = f"{_NAME}-{uuid.uuid4().hex[:8]}"
        self._ahead = timedelta()
        self._let_pass = let_pass  # for the provider, when the function waits
        self._make_table()
        sns, sqs = aws.client("sns"), aws.client("sqs")
        self._topic = sns.create_topic(Name=self.name)["TopicArn"]
        self._queue = _subscribed_queue(sns, sqs, self._topic, self.name)
        self._failed = sqs.create_queue(QueueName=f"{self.name}-failed")["QueueUrl"]
        path = f"/dws-failover/{self.name}/pairs"
        aws.client("ssm").put_parameter(
            Name=f"{path}/{pair}", Value=json.dumps(document), Type="String"
        )
        os.environ.update(self._environment(path))
        adapters.cache_clear()
        self._adapters = replace(adapters(), clock=self.now, wait=self._wait, probe=_connects)

    def now(self) -> datetime:
        """The function's time."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let its time pass."""
        self._ahead += timedelta(seconds=seconds)

    def _wait(self, seconds: float) -> None:
        self.advance(seconds)
        self._let_pass(seconds)

    def send(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """What it answers, a result each."""
        context: Any = SimpleNamespace(
            function_name=self.name,
            invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}",
            aws_request_id=str(uuid.uuid4()),
            get_remaining_time_in_millis=lambda: _INVOCATION_MS,
        )
        answer = respond(parse(event), self._adapters, context)
        metrics.clear_metrics()  # nobody collects them here
        results: list[dict[str, Any]] = answer.get("results", [answer])
        return results

    def told(self) -> list[Told]:
        """What a subscriber has received since it was asked last."""
        sqs, found = self._aws.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for one in messages:
                sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=one["ReceiptHandle"])
                found.append(_told(json.loads(one["Body"])))
        return found

    def close(self) -> None:
        """Take away what was made, and its connections."""
        self._adapters.wire.close()
        self._aws.client("dynamodb").delete_table(TableName=self.name)

    def _make_table(self) -> None:
        keys = (("pk", "HASH"), ("sk", "RANGE"))
        self._aws.client("dynamodb").create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name, _ in keys
            ],
        )

    def _environment(self, path: str) -> dict[str, str]:
        wanted = self._aws.environment
        return {
            **{name: value for name, value in wanted.items() if name.startswith("AWS_")},
            "PAIRS_PARAMETER_PATH": path,
            "RUNS_TABLE_NAME": self.name,
            "NOTIFICATION_TOPIC_ARN": self._topic,
            "FAILED_EVENTS_QUEUE_URL": self._failed,
            "ALLOWED_PROVIDER_HOSTS": "127.0.0.1",
        }


def _connects(address: str) -> bool:
    """The TCP witness, whose second try comes at once: a play has no two seconds for each look."""
    host, _, port = address.rpartition(":")
    for _ in range(2):
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 1):
            return True
    return False


def _told(envelope: dict[str, Any]) -> Told:
    values = {name: one["Value"] for name, one in envelope["MessageAttributes"].items()}
    return Told(envelope["Subject"], values["severity"], values["decision"])


def _subscribed_queue(sns: Any, sqs: Any, topic: str, name: str) -> str:
    url: str = sqs.create_queue(QueueName=f"{name}-subscriber")["QueueUrl"]
    asked = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url
