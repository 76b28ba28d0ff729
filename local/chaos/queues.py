"""The queues of a wave: one before the function, as the page says, and what hears its topic."""

import json
from collections.abc import Mapping
from typing import Any, Final

from local.aws import EmbeddedAws
from local.aws.deploy import physical_id
from local.aws.embedded import ACCOUNT, REGION

# The page's 300 s are longer than a wave; a call that takes longer is another receive.
_VISIBLE_AGAIN_S: Final = "12"
_POLICY: Final = "alarms"


def make_queues(aws: EmbeddedAws, stack: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """Make them; their URLs: `alarms`, `dead`, `subscriber`, and the stack's `failed`."""
    sqs = aws.client("sqs")
    dead = sqs.create_queue(QueueName=f"{stack}-dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(f"{stack}-dead"), "maxReceiveCount": "3"}
    attributes = {"VisibilityTimeout": _VISIBLE_AGAIN_S, "RedrivePolicy": json.dumps(redrive)}
    alarms = sqs.create_queue(QueueName=f"{stack}-alarms", Attributes=attributes)["QueueUrl"]
    _put_before(aws, stack, outputs["FailoverFunctionArn"])
    subscriber = _subscribe(aws, stack, outputs["NotificationTopicArn"])
    failed = outputs["FailedEventsQueueUrl"]
    return {"alarms": alarms, "dead": dead, "subscriber": subscriber, "failed": failed}


def remove_queues(aws: EmbeddedAws, stack: str) -> None:
    """Take off what CloudFormation cannot: a role with policies of others it does not delete."""
    client = aws.client("lambda")
    for one in client.list_event_source_mappings(EventSourceArn=_arn(f"{stack}-alarms"))[
        "EventSourceMappings"
    ]:
        client.delete_event_source_mapping(UUID=one["UUID"])
    role = physical_id(aws, stack, "FailoverRole")
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=_POLICY)


def taken(aws: EmbeddedAws, url: str) -> list[str]:
    """The bodies of all that lies in a queue, which is then empty."""
    sqs, bodies = aws.client("sqs"), list[str]()
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in messages:
            bodies.append(one["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return bodies


def waiting(aws: EmbeddedAws, url: str) -> int:
    """How many messages nobody has taken out of a queue yet."""
    name = "ApproximateNumberOfMessages"
    found = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(found["Attributes"][name])


def is_empty(aws: EmbeddedAws, url: str) -> bool:
    """Whether nothing is in a queue, nor taken out of it and not yet done with."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    return all(found["Attributes"][name] == "0" for name in names)


def _put_before(aws: EmbeddedAws, stack: str, function: str) -> None:
    """docs/deployment.md, "Alarms through a queue of yours"."""
    arn = _arn(f"{stack}-alarms")
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    statement = {"Effect": "Allow", "Resource": arn, "Action": actions}
    aws.client("iam").put_role_policy(
        RoleName=physical_id(aws, stack, "FailoverRole"),
        PolicyName=_POLICY,
        PolicyDocument=_policy(statement),
    )
    aws.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=arn,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )


def _subscribe(aws: EmbeddedAws, stack: str, topic: str) -> str:
    sqs, name = aws.client("sqs"), f"{stack}-subscriber"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": _arn(name),
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    url: str = sqs.create_queue(QueueName=name, Attributes={"Policy": _policy(statement)})[
        "QueueUrl"
    ]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=_arn(name))
    return url


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
