"""What breaks an invocation: a call of the table that fails, a topic that takes nothing."""

import json
from dataclasses import replace

from botocore.exceptions import ClientError, EndpointConnectionError
from parts import bus_alarm

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import Table


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


class Wrapped:
    """A client of which one call is interrupted, before or after it took effect."""

    def __init__(self, client, interrupt):
        self._client = client
        self._interrupt = interrupt

    def __getattr__(self, name):
        call = getattr(self._client, name)
        return self._interrupt(name, call) if callable(call) else call


def step_of(operation, call):
    """Which step of the story a call of the table is; elsewhere the operation itself."""
    if operation != "transact_write_items":
        return operation
    puts = [one["Put"]["Item"]["sk"]["S"] for one in call["TransactItems"] if "Put" in one]
    updates = [one["Update"]["Key"]["sk"]["S"] for one in call["TransactItems"] if "Update" in one]
    if "state#incident" in puts:
        return "incident"
    if any(key.startswith("run#") for key in puts):
        return "claim" if "state#fleet" in puts else "outcome"
    if any(key.startswith("notice#") for key in updates):
        return "mark"
    return "notice" if any(key.startswith("notice#") for key in puts) else "other"


def interrupted(step, error, *, after=False, times=1):
    """Interrupt the first `times` calls of a step."""
    left = [times]

    def interrupt(name, call):
        def interrupted_call(**kwargs):
            if step_of(name, kwargs) != step or not left[0]:
                return call(**kwargs)
            left[0] -= 1
            if after:
                call(**kwargs)
            raise error

        return interrupted_call

    return interrupt


def with_table(parts, interrupt):
    """The handler's adapters with an interrupted table."""
    adapters = parts.adapters
    client = Wrapped(parts.aws.client("dynamodb"), interrupt)
    return replace(adapters, ledger=Ledger(Table(client, parts.table)))


def take(parts, adapters, name="dws-outage-analytics"):
    from handler.events import parse

    (alarm,) = parse(bus_alarm(name))
    (result,) = app.Invocation(adapters, parts.context).answer((alarm,))
    return result


LOST = EndpointConnectionError(endpoint_url="http://table")


def after(step, error):
    """Once a step is done, every later call of the table fails."""
    done = []

    def interrupt(name, call):
        def failing(**kwargs):
            if done:
                raise error
            answer = call(**kwargs)
            if step_of(name, kwargs) == step:
                done.append(step)
            return answer

        return failing

    return interrupt


def unsent(parts):
    answer = parts.aws.client("dynamodb").query(
        TableName=parts.table,
        KeyConditionExpression="pk = :all AND begins_with(sk, :notice)",
        ExpressionAttributeValues={":all": {"S": "*"}, ":notice": {"S": "notice#"}},
    )
    return [item for item in answer["Items"] if "published_at" not in item]


class Down:
    """An SNS that takes nothing."""

    def __init__(self):
        self.tries = 0

    def publish(self, **_):
        self.tries += 1
        raise EndpointConnectionError(endpoint_url="http://sns")

    def get_topic_attributes(self, **_):
        raise EndpointConnectionError(endpoint_url="http://sns")


class Refusing:
    """An SNS that never takes what begins like this."""

    def __init__(self, topic, text):
        self._topic, self._text = topic, text
        self.tries = 0

    def publish(self, **message):
        if json.loads(message["Message"])["default"].startswith(self._text):
            self.tries += 1
            raise ClientError({"Error": {"Code": "InvalidParameter", "Message": "no"}}, "Publish")
        return self._topic.publish(**message)

    def get_topic_attributes(self, **topic):
        return self._topic.get_topic_attributes(**topic)
