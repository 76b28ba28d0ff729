"""What AWS repeats of a request that it does not believe: the function's own credentials are not shown."""

import pytest
from marks import shown
from overheard import MARKED
from parts import Parts, bus_alarm, command, scheduled

from handler import app
from handler.aws.queue import Queue
from handler.aws.session import make_session
from local.aws.proxy import Proxy
from local.aws.troubles import Error
from local.dws import Emulator

# AWS documents it ("Troubleshoot Signature Version 4 signing for AWS API requests"): both texts that
# it has signed itself are in the message, and the session's token is a header that is signed.
SAID = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. The Canonical String for this request should have been"
    " 'POST x-amz-security-token:{AWS_SESSION_TOKEN} {AWS_ACCESS_KEY_ID} {AWS_SECRET_ACCESS_KEY}'"
)


@pytest.fixture
def emulator():
    with Emulator(sync_every_s=1, credentials=MARKED) as running:
        yield running


@pytest.fixture
def parts(aws, emulator):
    with Proxy() as proxy:
        proxy.forward_to(aws.port)
        with Parts(aws, emulator, proxy.endpoint) as made:
            made.proxy = proxy
            yield made


@pytest.mark.parametrize(
    ("service", "after"),
    [
        ("ssm", ""), ("secretsmanager", ""), ("dynamodb", ""), ("dynamodb", "BatchGetItem"),
        ("dynamodb", "TransactWriteItems"), ("sns", ""), ("lambda", ""),
    ],
)  # fmt: skip
def test_what_aws_repeats_of_the_functions_own_credentials_is_blotted_out(
    tell, own_keys, service, after
):
    told = tell("a temporary key")
    told.parts.arm()
    told.say(bus_alarm("dws-outage-b"))  # reconcile invokes for an incident that is open
    told.parts.emulator.break_production()
    trouble = Error("InvalidSignatureException", 403, SAID.format(**own_keys))
    app.adapters.cache_clear()  # nothing is known from before
    told.parts.proxy.take_down(service, trouble, after=after)
    told.say(scheduled())
    told.say(bus_alarm("dws-outage-analytics"))
    told.say(command())
    told.parts.proxy.bring_back(service)
    told.reconcile(61)
    text = told.text
    assert "The request signature we calculated" in text
    assert shown(told.marks, text) == []


def test_so_it_is_where_smns_function_puts_what_is_verified_into_its_queue(tell, own_keys):
    told = tell("a temporary key")
    environment = {"AWS_ENDPOINT_URL": told.parts.endpoint, **own_keys}
    told.parts.proxy.take_down(
        "sqs", Error("InvalidSignatureException", 403, SAID.format(**own_keys))
    )
    client = make_session(environment).client("sqs")
    assert Queue(lambda: client, told.parts.failed_events).send({"a": "b"}) is False
    told.parts.proxy.bring_back("sqs")
    text = told.text
    assert "The request signature we calculated" in text
    assert shown(told.marks, text) == []
