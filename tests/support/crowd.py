"""Many at one moment, and the alarms that they are."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from parts import bus_alarm, now


def at_once(*calls):
    """What all of them answer, or raise, when they begin at one moment."""
    start = Barrier(len(calls))

    def begun(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(begun, call) for call in calls]]


def taking(parts, event):
    """An alarm's invocation, to be begun with others."""
    return partial(parts.take, event)


def ok(name, **changes):
    return bus_alarm(name, **{"state": "OK", "previous": "ALARM", "at": now(), **changes})


def kept(parts):
    """The alarms that the open incident has, if there is one."""
    incident = parts.record.open_incident
    return incident.alarms if incident else set()


def damage(parts, disaster_recovery_id):
    """Store of a pair what this code cannot have written."""
    parts.aws.client("dynamodb").put_item(
        TableName=parts.table,
        Item={
            "pk": {"S": disaster_recovery_id}, "sk": {"S": "state#pair"}, "roles": {"S": "none"},
        },
    )  # fmt: skip


def damage_snapshot(parts):
    """Store that the last run does not say of which pair it is."""
    parts.aws.client("dynamodb").update_item(
        TableName=parts.table,
        Key={
            "pk": {"S": parts.emulator.pair.id}, "sk": {"S": f"run#{parts.record.run.run_id}"},
        },
        UpdateExpression="SET configuration = :x",
        ExpressionAttributeValues={":x": {"M": {}}},
    )  # fmt: skip


WINDOW = {"mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:patches"}


def muted(name="dws-outage-analytics", **changes):
    """An alarm in ALARM whose actions a mute rule silences, for another hour."""
    until = now(hours=1).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return bus_alarm(name, muteDetail={**WINDOW, "muteWindowEnd": until}, **changes)
