"""Publishing: the one `sns.publish`. What became of the data is not what became of the message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.message import message_of
from handler.aws.refusals import says_no
from handler.aws.telemetry import MetricUnit, logger, metrics, of_story
from handler.model.notice import Notice

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
_LOGGED: Final = ("pair", "decision", "reason_code")
PUBLISHING_TAKES_S: Final = 20  # at most, chat included, with the SDK's own tries (`adapters`)
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


class Chat:
    """Sends what is told to the topic of a chat channel: copies, which nothing waits for."""

    def __init__(self, client: Callable[[], "SNSClient"], topic_arn: str) -> None:
        self._make = client
        self._topic_arn = topic_arn

    def send(self, message: str) -> None:
        """Publish a message, once; one that is not taken is counted, and told by mail already."""
        try:
            self._client.publish(TopicArn=self._topic_arn, Message=message)
        except (ClientError, BotoCoreError) as err:
            logger.error("chat message not published", error=str(err))
            metrics.add_metric(name="ChatNotSent", unit=MetricUnit.Count, value=1)

    @cached_property
    def _client(self) -> "SNSClient":
        return self._make()


class Publisher:
    """Sends notices to the notification topic, and to the one for chat where there is one."""

    def __init__(self, client: "SNSClient", topic_arn: str, chat: Chat | None = None) -> None:
        self._client = client
        self._topic_arn = topic_arn
        self.chat = chat

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
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Subject=notice.subject,
                MessageStructure="json",
                Message=message_of(notice),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in notice.attributes.items()
                },
            )
        except (ClientError, BotoCoreError) as err:
            logger.error("notice not published", notice_id=notice.notice_id, error=str(err))
            return _failed(err)
        said: Mapping[str, Any] = {one: notice.attributes.get(one) for one in _LOGGED}
        logger.info("published", notice_id=notice.notice_id, **said, **_story_of(notice))
        return Delivery.TAKEN


def _story_of(notice: Notice) -> Mapping[str, Any]:
    """What it is about, where the stored text is what this code wrote."""
    said = notice.said
    ids = [said.get(name) for name in ("incident_id", "run_id")]
    return of_story(*ids) if all(isinstance(one, str | None) for one in ids) else {}


def _failed(err: ClientError | BotoCoreError) -> Delivery:
    code = err.response["Error"].get("Code") if isinstance(err, ClientError) else ""
    if code in _NEVER:
        return Delivery.REFUSED
    if says_no(err):
        # The topic's policy, its key, the topic itself: nobody hears anything until a person
        # corrects it, and SNS does not count it as its own failure.
        metrics.add_metric(name="NoticeFailed", unit=MetricUnit.Count, value=1)
    return Delivery.FAILED
