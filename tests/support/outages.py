"""A service of AWS that the function finds down, in this or that way, until it comes back."""

import os
import threading
from collections import Counter
from contextlib import contextmanager
from unittest import mock

import boto3
from botocore.config import Config
from parts import Parts, kept_client

from handler import app
from handler.model.run import RunState
from local.aws.troubles import Drop, Error, Hold

REFUSED = "refused connections"
NEVER_ANSWERS = "never answers"
HOWS = {
    "500": Error("InternalServerError", 500),
    "503": Error("ServiceUnavailable", 503),
    "no answer": Drop(),
    REFUSED: None,
}
CLAIM = {"after": "TransactWriteItems", "containing": "state#fleet"}
_NOWHERE = "http://127.0.0.1:9"
_ENDPOINTS = {
    "dynamodb": "AWS_ENDPOINT_URL_DYNAMODB",
    "sns": "AWS_ENDPOINT_URL_SNS",
    "ssm": "AWS_ENDPOINT_URL_SSM",
    "secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "sqs": "AWS_ENDPOINT_URL_SQS",
    "lambda": "AWS_ENDPOINT_URL_LAMBDA",
}


MINUTES = 25  # until a run whose answer is unknown is settled


class PartsBehind(Parts):
    """Parts whose AWS stands behind a proxy, and the services of it that can be down."""

    def __init__(self, aws, emulator, proxy):
        super().__init__(aws, emulator, proxy.endpoint)
        self.proxy = proxy

    def __exit__(self, *what):
        self.proxy.clear()
        super().__exit__(*what)

    def take_down(self, service, how="503", **since):
        """Let a service be down for the function; tests reach it as ever."""
        if how == REFUSED:
            os.environ[_ENDPOINTS[service]] = _NOWHERE
            app.adapters.cache_clear()
        else:
            trouble = Hold() if how == NEVER_ANSWERS else HOWS[how]
            self.proxy.take_down(service, trouble, **since)

    def bring_back(self, service):
        self.proxy.bring_back(service)
        if os.environ.pop(_ENDPOINTS[service], None):
            app.adapters.cache_clear()

    def forget(self):
        """Let the function begin anew, as in a new environment: nothing is cached."""
        app.adapters.cache_clear()

    def asked(self, operation):
        """How often the function has called an operation."""
        return sum(call.operation == operation for call in self.proxy.calls)


class Hurried(PartsBehind):
    """The same, whose clients soon lose patience with the services that will not answer.

    All others, and these once they are back, have the time that they always have.
    """

    def __enter__(self):
        made, self._configs = super().__enter__(), {}
        self._patience_s = {}

        def client(session, service, **options):
            return self._client(session, service, **options)

        self._hurried = mock.patch.object(boto3.Session, "client", client)
        self._hurried.start()
        return made

    def __exit__(self, *what):
        self._hurried.stop()
        super().__exit__(*what)

    def hurry(self, service, seconds):
        """Let the function begin with less patience for a service, and two tries instead of three."""
        self._patience_s[service] = seconds
        self.forget()

    def bring_back(self, service):
        if self._patience_s.pop(service, None):
            self.forget()
        super().bring_back(service)

    def _client(self, session, service, **options):
        config, seconds = options["config"], self._patience_s.get(service)
        if seconds:
            short = Config(
                connect_timeout=seconds,
                read_timeout=seconds,
                retries={"mode": "standard", "total_max_attempts": 2},
            )
            # Both are kept: a client is known by which config it was made with.
            given = self._configs.setdefault((id(config), seconds), (config, config.merge(short)))
            config = given[1]
        return kept_client(session, service, config=config)


def minute(parts):
    parts.let_pass(61)
    return parts.send({"command": "reconcile"})["results"]


def end_when_waiting(parts):
    """Let the invocation's time be over once it waits for the table to come back."""

    def wait(_):
        parts.remaining_s = 0.0

    parts.instead["wait"] = wait


def is_over_in_the_end(parts):
    """Its order is proved; each word about it has come, and once."""
    heard = []
    for _ in range(MINUTES):
        minute(parts)
        heard += parts.notices()
        if parts.record.run and parts.record.run.state is RunState.SUCCEEDED:
            break
    assert (parts.posts, parts.record.run.state) == (1, RunState.SUCCEEDED)
    decisions = [notice.result["decision"] for notice in heard]
    assert "succeeded" in decisions
    copies = Counter(notice.attributes["notice_id"] for notice in heard)
    assert set(copies.values()) == {1}


@contextmanager
def alarm_held(parts, containing):
    """An alarm waits before it writes this; its answers are there once it may go on."""
    hold, answers = Hold(), []
    parts.proxy.spoil("TransactWriteItems", hold, containing=containing)
    alarm = threading.Thread(target=lambda: answers.extend(parts.alarm()))
    alarm.start()
    try:
        assert hold.wait(10)
        yield answers
    finally:
        hold.release()
        alarm.join()
