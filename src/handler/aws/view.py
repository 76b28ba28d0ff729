"""Asking the function what viewers may ask, by the state machine that lets nothing else through."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handler.errors import ProviderUnavailable


class View:
    """The state machine for viewers; the client is made when it is first needed."""

    def __init__(self, make_client: Callable[[], Any], arn: str) -> None:
        self._make_client = make_client
        self._arn = arn

    def rehearse(self, disaster_recovery_id: str) -> Any:
        """What `rehearse` answers about a pair.

        Raises:
            ProviderUnavailable: there is no answer; the message says why.
        """
        asked = {"command": "rehearse", "disaster_recovery_id": disaster_recovery_id}
        try:
            answer = self._client.start_sync_execution(
                stateMachineArn=self._arn, input=json.dumps(asked)
            )
        except (ClientError, BotoCoreError) as err:
            raise ProviderUnavailable(f"the view state machine cannot be asked: {err}") from err
        if answer["status"] != "SUCCEEDED":
            why = answer.get("cause") or answer["status"]
            raise ProviderUnavailable(f"{answer.get('error', 'no answer')}: {why}")
        return json.loads(answer["output"])

    @cached_property
    def _client(self) -> Any:  # one call of it is used: no types of a whole service for that
        return self._make_client()
