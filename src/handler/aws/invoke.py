"""Invoking the function: what gets an invocation of its own, so that nobody waits for it."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from handler.aws.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class Invoker:
    """Starts asynchronous invocations; the client is made when it is first needed."""

    def __init__(self, make_client: Callable[[], "LambdaClient"]) -> None:
        self._make_client = make_client

    def reconcile(self, function_name: str, pair: str, now: datetime) -> bool:
        """Have one pair reconciled; False if Lambda does not take it."""
        return self._invoke(function_name, now, pair=pair)

    def look(self, function_name: str, pair: str | None, until: datetime, now: datetime) -> bool:
        """Have an open incident looked at that is due, of one pair; without one, wait for all.

        Returns:
            False if Lambda does not take it.
        """
        named = {"pair": pair} if pair else {}
        return self._invoke(function_name, now, **named, until=until.isoformat())

    def _invoke(self, function_name: str, now: datetime, **fields: str) -> bool:
        event = {"command": "reconcile", **fields, "scheduled_at": now.isoformat()}
        payload = json.dumps(event).encode()
        try:
            self._client.invoke(FunctionName=function_name, InvocationType="Event", Payload=payload)
        except (ClientError, BotoCoreError) as err:
            logger.warning("not invoked", function_name=function_name, error=str(err))
            return False
        return True

    @cached_property
    def _client(self) -> "LambdaClient":
        return self._make_client()
