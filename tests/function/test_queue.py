"""What is put into a queue arrives there as it was; where it cannot be put, that is said."""

import json
import uuid

import boto3
import pytest
from botocore.config import Config

from handler.aws.queue import Queue
from local.aws.proxy import Proxy
from local.aws.troubles import Drop, Error

BODY = {"reason": "仓库 \N{ROCKET} \x1b[31m", "results": [{"pair": "analytics"}]}


@pytest.fixture
def url(aws):
    return aws.client("sqs").create_queue(QueueName=f"q-{uuid.uuid4().hex[:8]}")["QueueUrl"]


def bodies(aws, url):
    answer = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_an_event_arrives_as_it_was(aws, url):
    queue = Queue(lambda: aws.client("sqs"), url)
    assert (queue.send(BODY), queue.send({})) == (True, True)
    assert sorted(bodies(aws, url), key=len) == [{}, BODY]


def test_a_client_is_made_once_and_only_when_it_is_needed(aws, url):
    made = []

    def make_client():
        made.append(aws.client("sqs"))
        return made[-1]

    queue = Queue(make_client, url)
    assert made == []
    assert (queue.send({}), queue.send({})) == (True, True)
    assert len(made) == 1


def test_a_queue_that_is_gone_takes_nothing(aws, url):
    queue = Queue(lambda: aws.client("sqs"), url)
    aws.client("sqs").delete_queue(QueueUrl=url)
    assert queue.send(BODY) is False


@pytest.mark.parametrize("trouble", [Error("RequestThrottled"), Drop()], ids=["throttled", "lost"])
def test_what_the_queue_did_not_confirm_was_not_taken(aws, url, trouble):
    with Proxy() as proxy:
        proxy.forward_to(aws.port)
        client = boto3.client(
            "sqs", endpoint_url=proxy.endpoint, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )  # fmt: skip
        queue = Queue(lambda: client, url)
        proxy.spoil("SendMessage", trouble)
        assert (queue.send(BODY), queue.send(BODY)) == (False, True)
    assert bodies(aws, url) == [BODY]
