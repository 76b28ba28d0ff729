"""Publishing: the one `sns.publish`. What became of the data is not what became of the message."""

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.telemetry import logger
from handler.model.notice import Notice

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
MACHINES: Final = ("sqs", "lambda", "https")
PUBLISHING_TAKES_S: Final = 20  # at most, with the SDK's own tries (`adapters`)
# What SNS says of a message that it will never take, as Publish in its API reference lists it;
# all else is about the topic or SNS itself, and passes.
_NEVER: Final = frozenset({
    "InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationError",
    "ValidationException", "InvalidParameterException",
})  # fmt: skip


class Delivery(Enum):
    """What became of a publication."""

    TAKEN = auto()
    REFUSED = auto()  # this message, whenever it is sent
    FAILED = auto()  # now; the next one would as well


@dataclass(frozen=True)
class Subscriptions:
    """Who hears what is published.

    Attributes:
        confirmed: how many do.
        pending: how many have not confirmed yet; SNS deletes them after 48 hours.
    """

    confirmed: int
    pending: int


class Publisher:
    """Sends notices to the notification topic."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def subscriptions(self) -> Subscriptions | None:
        """Those of the topic; None if they cannot be read now."""
        try:
            answer = self._client.get_topic_attributes(TopicArn=self._topic_arn)
        except (ClientError, BotoCoreError) as err:
            logger.warning("topic not read", error=str(err))
            return None
        found = answer["Attributes"]
        return Subscriptions(
            int(found["SubscriptionsConfirmed"]), int(found["SubscriptionsPending"])
        )

    def publish(self, notice: Notice) -> Delivery:
        """Publish a notice; that SNS does not take it changes nothing else."""
        texts = {"default": notice.text, "email": notice.text}
        message = texts | dict.fromkeys(MACHINES, notice.body)
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=notice.subject,
                MessageStructure="json",
                Message=json.dumps(message),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in notice.attributes.items()
                },
            )
        except (ClientError, BotoCoreError) as err:
            logger.error("notice not published", notice_id=notice.notice_id, error=str(err))
            code = err.response["Error"].get("Code") if isinstance(err, ClientError) else ""
            return Delivery.REFUSED if code in _NEVER else Delivery.FAILED
        return Delivery.TAKEN
