"""What a wave runs on: the deployed stack, its provider, a queue before it, a subscriber."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws import EmbeddedAws
from local.aws.callers import end_environments
from local.aws.deploy import Built, create_stack, delete_stack
from local.aws.embedded import REGION
from local.aws.proxy import Proxy
from local.chaos.passing import Passing
from local.chaos.queues import make_queues, remove_queues
from local.chaos.stack import PREFIX, make_secrets, parameters, shorten, switch_schedule_off
from local.chaos.tally import Tally
from local.dws import Emulator

_PATIENCE_S: Final = 60.0
_APART_S: Final = 1.0
_PATIENT: Final = Config(
    read_timeout=330, retries={"total_max_attempts": 1}, max_pool_connections=64, proxies={}
)


@dataclass(frozen=True)
class Ground:
    """What all waves share: an AWS, the proxy before it, and the packaged template."""

    aws: EmbeddedAws
    proxy: Proxy
    built: Built
    packaged: str


@dataclass(frozen=True)
class Stage:
    """One stack and everything around it."""

    aws: EmbeddedAws
    proxy: Proxy
    emulator: Emulator
    stack: str
    outputs: Mapping[str, str]
    queues: Mapping[str, str]
    passing: Passing
    tally: Tally
    invoker: Any

    @property
    def function(self) -> str:
        """The failover function's ARN."""
        return self.outputs["FailoverFunctionArn"]

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the function answers; what it raises is an answer too."""
        answer = self.invoker.invoke(FunctionName=self.function, Payload=json.dumps(event))
        found: dict[str, Any] = json.load(answer["Payload"])
        return found

    def ask(self, command: Mapping[str, Any]) -> bool:
        """Send a person's command again until it is answered, as people do; whether it was."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            with suppress(ClientError):  # Lambda had no room for it
                if "decision" in self.invoke(command):
                    return True
            time.sleep(_APART_S)
        return False

    def send(self, event: Mapping[str, Any]) -> None:
        """Have the function invoked asynchronously, as buses and the schedule do."""
        self.invoker.invoke(
            FunctionName=self.function, InvocationType="Event", Payload=json.dumps(event)
        )

    def alarm_name(self, pair: str, part: str = "") -> str:
        """What an alarm is called that speaks for a pair; the stack's rule passes it on."""
        return f"{self.stack}-{PREFIX}{pair}{part}"


@contextmanager
def staged(ground: Ground, stack: str, timeout_s: int | None) -> Iterator[Stage]:
    """Deploy a stack of its own, and take it away again."""
    aws, proxy = ground.aws, ground.proxy
    proxy.clear()
    with Emulator(sync_every_s=1) as emulator:
        make_secrets(aws, emulator, stack)
        given = {**ground.built.parameters, **parameters(emulator, stack)}
        outputs = create_stack(aws, ground.packaged, stack, given)
        switch_schedule_off(aws, stack)
        if timeout_s:
            shorten(aws, outputs["FailoverFunctionArn"], timeout_s)
        queues = make_queues(aws, stack, outputs)
        passing = Passing(aws, emulator, outputs["RunsTableName"])
        invoker = _invoker(aws)
        try:
            yield Stage(
                aws, proxy, emulator, stack, outputs, queues, passing, Tally(passing.now_s), invoker
            )
        finally:
            proxy.clear()
            emulator.clear_faults()
            remove_queues(aws, stack)
            delete_stack(aws, stack)
            end_environments(aws.session, outputs["FailoverFunctionArn"].rsplit(":", 1)[-1])


def _invoker(aws: EmbeddedAws) -> Any:
    """A client for many threads that waits, and does not try again: that would be another event."""
    return boto3.client(
        "lambda", endpoint_url=aws.endpoint, region_name=REGION, aws_access_key_id="test",
        aws_secret_access_key="test", config=_PATIENT,  # noqa: S106 - nobody's
    )  # fmt: skip
