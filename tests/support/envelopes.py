"""The envelopes that buses put around an alarm."""

import json

from parts import arn_of

NAME = "dws-outage-analytics"
ARN = arn_of(NAME)
AT = "2026-01-15T08:30:00.409+0000"


def message():
    return {
        "AlarmName": NAME, "AlarmArn": ARN, "NewStateValue": "ALARM", "OldStateValue": "OK",
        "StateChangeTime": AT, "Region": "US East (N. Virginia)", "AWSAccountId": "000000000000",
    }  # fmt: skip


def records(*messages):
    """As SNS hands them to a function."""
    return {
        "Records": [
            {"EventSource": "aws:sns", "Sns": {"MessageId": f"m-{n}", "Message": json.dumps(one)}}
            for n, one in enumerate(messages)
        ]
    }


def notification(inner):
    """As SNS puts it into a queue."""
    return {"Type": "Notification", "MessageId": "m-0", "Message": json.dumps(inner)}


def queue(*bodies, received=1):
    """As a queue hands them to a function, so many times."""
    return {
        "Records": [
            {
                "messageId": f"q-{number}", "receiptHandle": "r", "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": str(received)},
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for number, body in enumerate(bodies)
        ]
    }  # fmt: skip
