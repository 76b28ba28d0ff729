"""Putting an event into a queue, for somebody else to take or for a person to read."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """One queue; the client is made when it is first needed."""

    def __init__(self, make_client: Callable[[], "SQSClient"], url: str) -> None:
        self._make_client = make_client
        self._url = url

    def send(self, body: Mapping[str, Any]) -> bool:
        """Put an event into the queue, as JSON; False if SQS does not take it."""
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body))
        except (ClientError, BotoCoreError) as err:
            logger.warning("not queued", queue_url=self._url, error=str(err))
            return False
        return True

    @cached_property
    def _client(self) -> "SQSClient":
        return self._make_client()
