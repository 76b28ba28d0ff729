"""The stack of a wave: its parameters, the secrets that it may read, its schedule, its timeout."""

import json
from typing import Final

from local.aws import EmbeddedAws
from local.aws.deploy import physical_id
from local.dws import Emulator

CONTROL: Final = "control"  # a pair that is well all along, beside all others
PREFIX: Final = "outage-"  # of alarms


def make_secrets(aws: EmbeddedAws, emulator: Emulator, stack: str) -> None:
    """Make both kinds of credentials, `key` and `user`."""
    who = emulator.credentials
    key = {"access_key_id": who.access_key, "secret_access_key": who.secret_key}
    user = {
        "username": who.username, "password": who.password, "domain": who.domain,
        "iam_endpoint": emulator.url,
    }  # fmt: skip
    for name, fields in (("key", key), ("user", user)):
        aws.client("secretsmanager").create_secret(
            Name=f"{stack}/{name}", SecretString=json.dumps(fields)
        )


def parameters(emulator: Emulator, stack: str) -> dict[str, str]:
    """What the template is deployed with."""
    return {
        "PairName": CONTROL,
        "DisasterRecoveryId": emulator.pair.id,
        "ProjectId": emulator.project_id,
        "DwsEndpoint": emulator.url,
        "AllowedProviderHosts": "127.0.0.1",
        "CredentialsSecretName": f"{stack}/key",
        "CredentialsSecretPrefix": f"{stack}/",
        "MaxDataLossSeconds": "3600",
        "MaxFailoversPerHour": "1000",
        "Mode": "automatic",
        "AlarmNamePrefix": f"{stack}-{PREFIX}",
    }


def switch_schedule_off(aws: EmbeddedAws, stack: str) -> None:
    """The wave sends what the schedule sends, once in each of its own minutes."""
    scheduler, group = aws.client("scheduler"), physical_id(aws, stack, "ScheduleGroup")
    found = scheduler.get_schedule(
        Name=physical_id(aws, stack, "ReconcileSchedule"), GroupName=group
    )
    scheduler.update_schedule(
        Name=found["Name"], GroupName=group, ScheduleExpression=found["ScheduleExpression"],
        FlexibleTimeWindow=found["FlexibleTimeWindow"], Target=found["Target"], State="DISABLED",
    )  # fmt: skip


def shorten(aws: EmbeddedAws, function: str, timeout_s: int) -> None:
    """Give the function less time than the template does."""
    aws.client("lambda").update_function_configuration(FunctionName=function, Timeout=timeout_s)
