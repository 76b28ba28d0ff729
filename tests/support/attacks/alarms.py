"""Alarms that somebody made up: none of the pair's, of another time, or of no shape.

As of `orders`: none may order anything, nor open an incident.
"""

import copy
import json
from datetime import UTC, datetime, timedelta

from envelopes import message, notification, records
from parts import arn_of, bus_alarm

from attacks.orders import ANOTHERS_ID, when

NAME = "dws-outage-analytics"
LOOK_ALIKE = NAME.replace("a", "\N{CYRILLIC SMALL LETTER A}")
CHINAS = f"arn:aws-cn:cloudwatch:cn-north-1:000000000000:alarm:{NAME}"
TOPIC = f"urn:smn:eu-west-101:{'0' * 32}:t"
ABNORMAL = {"name": "disasterRecoveryAbnormal", "source_id": ANOTHERS_ID}


def changed(*path):
    """An alarm's event that is good but for what stands where a path leads: the last is the value."""
    *steps, last, value = path

    def made():
        event = copy.deepcopy(bus_alarm(NAME))
        here = event
        for step in steps:
            here = here[step]
        here[last] = value
        return event

    return made


def of(*arns):
    return changed("resources", [*arns])


def at(**span):
    return lambda: bus_alarm(NAME, at=datetime.now(UTC) + timedelta(**span))


def by_action(**changes):
    """As an alarm's own action brings it."""

    def made():
        state = {"value": "ALARM", "timestamp": when(seconds=1)}
        data = {"alarmName": NAME, "state": state}
        return {"alarmArn": arn_of(NAME), "alarmData": data, **changes}

    return made


def fresh(**changes):
    now = {"AlarmName": NAME, "AlarmArn": arn_of(NAME), "StateChangeTime": when(seconds=1)}
    return {**message(), **now, **changes}


def by_topic(**changes):
    return lambda: records(fresh(**changes))


def in_envelopes(count):
    event = fresh()
    for _ in range(count):
        event = notification(event)
    return event


def by_smn(text, **changes):
    def made():
        told = {
            "topic_urn": TOPIC,
            "message_id": "m",
            "timestamp": when(seconds=1),
            "message": text,
        }
        return {"smn": {name: one for name, one in {**told, **changes}.items() if one is not None}}

    return made


ALARMS = {
    "of another account": of(arn_of(NAME, account="111122223333")),
    "of another region": of(arn_of(NAME, region="eu-west-1")),
    "of another partition": of(CHINAS),
    "whose ARN is another's": of(arn_of("other")),
    "whose second ARN is the pair's": of(arn_of("other"), arn_of(NAME)),
    "whose ARN is no alarm's": of(f"arn:aws:cloudwatch:us-east-1:000000000000:dashboard:{NAME}"),
    "whose ARN is a rule's": of(f"arn:aws:events:us-east-1:000000000000:alarm:{NAME}"),
    "whose name is in its name": of(arn_of(f"other:alarm:{NAME}")),
    "without an ARN": of(),
    "with a number for an ARN": of(7),
    "with text for ARNs": changed("resources", arn_of(NAME)),
    "in capitals": of(arn_of(NAME.upper())),
    "with a blank before its name": of(arn_of(f" {NAME}")),
    "with a look-alike": of(arn_of(LOOK_ALIKE)),
    "with a line in its name": of(arn_of(f"x\n{NAME}")),
    "with a zero byte in its name": of(arn_of(f"{NAME}\0")),
    "with a long name": of(arn_of(NAME + "x" * 300)),
    "with a star for its name": of(arn_of("*")),
    "with a pattern for its name": of(arn_of("*-outage-*")),
    "of a bus of one's own": changed("source", "custom.aws.cloudwatch"),
    "of a source with a blank": changed("source", "aws.cloudwatch "),
    "of no source": changed("source", None),
    "of another kind": changed("detail-type", "CloudWatch Alarm State Change "),
    "of another kind in small letters": changed("detail-type", "cloudwatch alarm state change"),
    "of an account of letters": changed("account", "x" * 12),
    "of no account": changed("account", None),
    "of a region with a line": changed("region", "us-east-1\n"),
    "in small letters": changed("detail", "state", "value", "alarm"),
    "that is true": changed("detail", "state", "value", True),
    "of no state": changed("detail", "state", {}),
    "without data": changed("detail", "state", "value", "INSUFFICIENT_DATA"),
    "that is OK": changed("detail", "state", "value", "OK"),
    "that was in ALARM": changed("detail", "previousState", "value", "ALARM"),
    "of yesterday": at(days=-1),
    "of tomorrow": at(days=1),
    "of the year 9999": changed("detail", "state", "timestamp", "9999-12-31T23:59:59.000+0000"),
    "of the year 1": changed("detail", "state", "timestamp", "0001-01-01T00:00:00.000+0000"),
    "of no time": changed("detail", "state", "timestamp", "now"),
    "of a number for a time": changed("detail", "state", "timestamp", 0),
    "of a time in another zone": changed(
        "detail", "state", "timestamp", "2026-01-15T08:30:00+99:99"
    ),
    "that is muted": changed("detail", "muteDetail", {"mutedByArn": "x"}),
    "that is suppressed": changed("detail", "state", "actionsSuppressedBy", "Alarm"),
    "by an action of another account": by_action(alarmArn=arn_of(NAME, account="111122223333")),
    "by an action without an ARN": by_action(alarmArn=None),
    "by an action of another name": by_action(alarmArn=arn_of("other")),
    "by a topic for another account": by_topic(AlarmArn=arn_of(NAME, account="111122223333")),
    "by a topic without an ARN": by_topic(AlarmArn=""),
    "by a topic for another name": by_topic(AlarmArn=arn_of("other")),
    "by a topic in six envelopes": lambda: in_envelopes(6),
    "by a topic that says so in words": lambda: records("dws-outage-analytics is in ALARM"),
    "by a queue that is none": lambda: {
        "Records": [{"eventSource": "AWS:SQS", "body": json.dumps(fresh())}]
    },
    "by Huawei Cloud, of no topic": by_smn(f"alarm rule name: {NAME}", topic_urn=None),
    "by Huawei Cloud, of AWS's topic": by_smn("x", topic_urn=arn_of(NAME)),
    "by Huawei Cloud, of another rule": by_smn("alarm rule name: other"),
    "by Huawei Cloud, of another pair's event": by_smn(json.dumps(ABNORMAL)),
    "by Huawei Cloud, of yesterday": by_smn(f"alarm rule name: {NAME}", timestamp=when(days=1)),
}
