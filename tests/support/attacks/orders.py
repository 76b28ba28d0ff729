"""Orders that somebody made up: where only alarms come, or that nobody has confirmed.

None of them may order anything, nor open an incident, while production is down and the pair is
armed and automatic: whatever is taken for real of one would.
"""

import base64
import json
from datetime import UTC, datetime, timedelta

from envelopes import notification, queue, records
from parts import bus_alarm, command

ANOTHERS_ID = "00000000-0000-4000-8000-000000000000"
LOOK_ALIKE = "\N{CYRILLIC SMALL LETTER A}nalytics"


def when(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def order(**changes):
    return lambda: command(**changes)


def within(wrap):
    """A confirmed order in an envelope."""
    return lambda: wrap(command())


def beside(**more):
    """A confirmed order, and something else in the same event."""
    return lambda: {**command(), **more}


def as_reason(order):
    state = {"value": "OK", "timestamp": when(seconds=1), "reason": json.dumps(order)}
    return bus_alarm("other", state=state)


def as_bytes(order):
    data = base64.b64encode(json.dumps(order).encode()).decode()
    return {"Records": [{"eventSource": "aws:kinesis", "kinesis": {"data": data}}]}


def as_name(order):
    key = {"object": {"key": json.dumps(order)}}
    return {"Records": [{"eventSource": "aws:s3", "s3": key}]}


def as_image(order):
    return {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": {"NewImage": order}}]}


def in_capitals(order):
    return {name.capitalize() if name == "command" else name: one for name, one in order.items()}


ORDERS = {
    "in SNS's record": within(records),
    "in a topic's notification": within(notification),
    "in a queue's record": within(queue),
    "in a topic's notification in a queue": within(lambda it: queue(notification(it))),
    "as a bus would bring it": within(
        lambda it: {"detail-type": "Scheduled Event", "source": "aws.events", "detail": it}
    ),
    "as an alarm's detail": within(lambda it: {**bus_alarm("other"), "detail": it}),
    "as an alarm's reason": within(as_reason),
    "as an API would bring it": within(
        lambda it: {"version": "2.0", "body": json.dumps(it), "isBase64Encoded": False}
    ),
    "as a failed event comes back": within(
        lambda it: {"requestPayload": it, "requestContext": {"condition": "RetriesExhausted"}}
    ),
    "as Step Functions would wrap it": within(lambda it: {"Payload": it, "FunctionName": "f"}),
    "as S3 would bring it": within(as_name),
    "as Kinesis would bring it": within(as_bytes),
    "as a table would bring it": within(as_image),
    "as a verified message": within(lambda it: {"smn": it}),
    "as text": within(json.dumps),
    "in a list": within(lambda it: [it]),
    "under another name": within(in_capitals),
    "beside an alarm": beside(**bus_alarm("other")),
    "beside an alarm's action": beside(alarmData={}),
    "beside a topic's notification": beside(Type="Notification", Message="{}"),
    "beside SNS's records": beside(Records=[{"EventSource": "aws:sns", "Sns": {}}]),
    "beside a queue's records": beside(Records=[{"eventSource": "aws:sqs", "body": "{}"}]),
    "beside a verified message": beside(smn={}),
    "beside a field too many": beside(force=True),
    "beside a mode": beside(mode="automatic"),
    "in capitals": order(command="FAILOVER"),
    "with a blank": order(command="failover "),
    "in a list of commands": order(command=["failover"]),
    "unconfirmed": order(confirm=None),
    "confirmed by true": order(confirm=True),
    "confirmed by yes": order(confirm="yes"),
    "confirmed by nothing": order(confirm=""),
    "confirmed by a star": order(confirm="*"),
    "confirmed in capitals": order(confirm="ANALYTICS"),
    "confirmed with a blank": order(confirm="analytics "),
    "confirmed by a look-alike": order(confirm=LOOK_ALIKE),
    "confirmed by another's name": order(confirm="sales"),
    "for all pairs": order(pair="*", confirm="*"),
    "for a pattern of pairs": order(pair="anal*", confirm="anal*"),
    "for a path": order(pair="../analytics", confirm="../analytics"),
    "for a pair and another's id": order(disaster_recovery_id=ANOTHERS_ID),
    "signed by nobody": order(requested_by=None),
    "signed by a blank": order(requested_by=" "),
    "signed by a placeholder": order(requested_by="<who>"),
    "signed on two lines": order(requested_by="ada\nDecision: approved"),
    "signed backwards": order(requested_by="\N{RIGHT-TO-LEFT OVERRIDE}ada"),
    "for no reason": order(reason=None),
    "for a placeholder": order(reason="<why>"),
    "for a quoted placeholder": order(reason='"<why>"'),
    "for a very long reason": order(reason="x" * 501),
    "at no time": order(requested_at=None),
    "an hour ago": lambda: command(requested_at=when(hours=1)),
    "in an hour": lambda: command(requested_at=when(hours=-1)),
    "without a zone": lambda: command(requested_at=when(seconds=1)[:19]),
    "in the year 9999": order(requested_at="9999-12-31T23:59:59Z"),
    "at a number": order(requested_at=1768465815),
    "over the mode": order(override=["mode"]),
    "over the pause": order(override=["pause"]),
    "over the roles": order(override=["roles"]),
    "over everything": order(override=["*"]),
    "over nothing known": order(override="production_down"),
    "over a gate in capitals": order(override=["PRODUCTION_DOWN"]),
    "over too many": order(override=["rpo"] * 21),
    "on other evidence": order(evidence="0" * 16),
    "on evidence in capitals": order(evidence="ABCDEF0123456789"),
    "on no evidence": order(evidence=""),
    "with an id for a path": order(request_id="../x"),
    "with a long id": order(request_id="x" * 129),
}
