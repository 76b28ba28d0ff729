"""Pairs that cannot be read: what is asked for again, and what is wrong until somebody mends it."""

import pytest
from aws_lambda_powertools.utilities.parameters import SSMProvider
from functions import through
from hosts import HOSTS
from parts import now

from handler.aws.pairs import Documents
from handler.errors import InvalidSettings, LedgerUnavailable
from local.aws.proxy import Proxy
from local.aws.troubles import Drop, Error


@pytest.fixture
def troubled(aws):
    """SSM behind a proxy that can make trouble, and a path of its own."""
    with Proxy() as proxy:
        proxy.forward_to(aws.port)
        yield proxy, SSMProvider(boto3_client=through(proxy, "ssm"))


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Error("ThrottlingException", message="Rate exceeded"), LedgerUnavailable),
        (Error("TooManyRequestsException", 429), LedgerUnavailable),
        (Error("InternalServerError", 500), LedgerUnavailable),
        (Error("Whatever", 503), LedgerUnavailable),
        (Drop(), LedgerUnavailable),
        (Error("AccessDeniedException"), InvalidSettings),
        (Error("ValidationException"), InvalidSettings),
        (Error("UnrecognizedClientException"), InvalidSettings),
    ],
    ids=str,
)
def test_pairs_that_cannot_be_read_now_are_not_settings_that_are_wrong(troubled, trouble, error):
    proxy, parameters = troubled
    proxy.spoil("GetParametersByPath", trouble)
    with pytest.raises(error, match="the pairs below /some/pairs cannot be read"):
        Documents(parameters, "/some/pairs", HOSTS).all(now())


def test_pairs_of_a_service_that_is_not_there_can_be_asked_for_again():
    with Proxy() as gone:
        parameters = SSMProvider(boto3_client=through(gone, "ssm"))
    with pytest.raises(LedgerUnavailable):
        Documents(parameters, "/some/pairs", HOSTS).all(now())
