"""Whoever has the credentials of one role of the deployment makes its own calls, and no other."""

import pytest
from attacks.calls import CALLS, MAY
from botocore.exceptions import ClientError
from deployment import Deployment

from local.dws import Emulator
from local.smn import TOPIC

DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")


@pytest.fixture(scope="module")
def it(aws, built, packaged):
    """A stack with all its doors."""
    with (
        Emulator(sync_every_s=1) as emulator,
        Deployment(aws, built, packaged, emulator, SmnTopicUrns=TOPIC) as deployment,
    ):
        yield deployment


@pytest.fixture(scope="module")
def thief(it):
    """Clients with the credentials of a role, or of a person who has a policy."""
    found, people = {}, {}

    def client(name, service):
        if (name, service) not in found:
            found[name, service] = made(name, service)
        return found[name, service]

    def made(name, service):
        if not name.endswith("Policy"):
            return it.client_as(name, service)
        if name not in people:
            people[name] = it.person(f"{name}Arn")
        return it.aws.client(service, role_arn=people[name])

    return client


def is_denied(call):
    try:
        call()
    except ClientError as err:
        return err.response["Error"]["Code"] in DENIED
    return False


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("role", MAY)
def test_a_stolen_role_makes_its_own_calls_and_no_other(it, thief, role, call):
    service, make = CALLS[call]
    client = thief(role, service)
    assert is_denied(lambda: make(it, client)) is (call not in MAY[role])


def test_what_a_role_may_is_a_call_that_is_tried():
    assert set().union(*MAY.values()) <= set(CALLS)
