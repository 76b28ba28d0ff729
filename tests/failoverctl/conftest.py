"""failoverctl before the function in this process, or before one that answers as it is told."""

import pytest
from function_endpoint import Failoverctl, FunctionEndpoint, result


@pytest.fixture
def endpoint(parts):
    """The real function, on its real parts, behind Lambda's API."""
    with FunctionEndpoint(parts.send) as running:
        yield running


@pytest.fixture
def ctl(parts, endpoint):
    """The program as an operator has it, who names the function."""
    return Failoverctl(
        AWS_ENDPOINT_URL=parts.aws.endpoint,
        AWS_ENDPOINT_URL_LAMBDA=endpoint.url,
        FAILOVERCTL_FUNCTION=parts.name,
    )


@pytest.fixture
def told():
    """A function that answers what a test says."""
    with FunctionEndpoint(lambda _: result()) as running:
        yield running


@pytest.fixture
def ctl_of_told(told):
    """The program before that function."""
    return Failoverctl(AWS_ENDPOINT_URL_LAMBDA=told.url, FAILOVERCTL_FUNCTION="f")
