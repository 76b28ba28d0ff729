"""How long a call to AWS may take: what else the function does rests on it, so it is added up."""

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from template import FUNCTION

from handler.aws.table import CALL_TAKES_S
from handler.aws.topic import PUBLISHING_TAKES_S
from handler.failover.claim import CLAIM_NEEDS_S
from handler.notifications.outbox import LEASE
from local.aws.proxy import Proxy
from local.aws.troubles import Drop

LONGEST_PAUSES_S = (1, 2, 4)  # of the standard mode: AWS SDKs and Tools Reference, "Retry behavior"


def clients(adapters):
    """Every client that the function has, by its service."""
    made = [
        adapters.ledger.notices._table._client,
        adapters.publisher._client,
        adapters.documents._parameters.client,
        adapters.secrets.client,
        adapters.invoker._client,
        adapters.failures._client,
    ]
    return {one.meta.service_model.service_name: one for one in made}


def longest_s(client):
    """A call whose every try stalls, with the longest pauses."""
    config = client.meta.config
    assert config.retries["mode"] == "standard"
    tries = config.retries["total_max_attempts"]
    stalled = tries * (config.connect_timeout + config.read_timeout)
    return stalled + sum(LONGEST_PAUSES_S[: tries - 1])


MAY_TAKE_S = {
    "dynamodb": CALL_TAKES_S,
    "sns": PUBLISHING_TAKES_S,
    "ssm": CALL_TAKES_S,
    "secretsmanager": CALL_TAKES_S,
    "lambda": 10,
    "sqs": CALL_TAKES_S,
}


def test_every_client_is_known(parts):
    assert set(clients(parts.adapters)) == set(MAY_TAKE_S)


@pytest.mark.parametrize("service", MAY_TAKE_S)
def test_a_call_to_a_service_that_stalls_takes_no_longer_than_what_rests_on_it(parts, service):
    assert longest_s(clients(parts.adapters)[service]) <= MAY_TAKE_S[service]


@pytest.mark.parametrize("service", ["dynamodb", "sns"])
def test_the_sdk_tries_as_often_as_is_added_up(aws, parts, service):
    config = clients(parts.adapters)[service].meta.config
    with Proxy() as proxy:
        proxy.forward_to(aws.port)
        proxy.take_down(service, Drop())
        client = boto3.client(service, endpoint_url=proxy.endpoint, config=config)
        call = {"dynamodb": "list_tables", "sns": "list_topics"}[service]
        with pytest.raises((BotoCoreError, ClientError)):
            getattr(client, call)()
        assert len(proxy.calls) == config.retries["total_max_attempts"]


def test_publishing_ends_before_another_may_publish_the_same():
    assert LEASE.total_seconds() > PUBLISHING_TAKES_S


def test_what_a_claim_leaves_is_enough_to_store_its_outcome_once():
    assert CALL_TAKES_S < CLAIM_NEEDS_S


def test_an_alarm_that_meets_a_table_and_a_topic_that_stall_is_answered_in_time():
    """At worst its incident has just been stored: what then fails is to read, to read why and to
    store the word, which is published all the same.
    """
    assert FUNCTION["Timeout"] > 3 * CALL_TAKES_S + PUBLISHING_TAKES_S
