"""The proxy before the embedded AWS: whose calls it forwards, and what trouble it makes."""

import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from deployment import is_true_within
from functions import a_function_that_shows_its_values, a_role, called, through

from local.aws import EmbeddedAws
from local.aws.callers import Freezer, Kill
from local.aws.proxy import Proxy
from local.aws.troubles import Drop, Error, Hold, Noted

ITEM = {"pk": {"S": "a"}}


@pytest.fixture
def proxy(aws):
    with Proxy() as running:
        running.forward_to(aws.port)
        yield running


@pytest.fixture
def table(aws):
    name = f"t-{uuid.uuid4().hex[:8]}"
    aws.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    return name


def is_stored(aws, table, item=ITEM):
    return "Item" in aws.client("dynamodb").get_item(TableName=table, Key=item)


def put(proxy, table, item=ITEM):
    through(proxy, "dynamodb").put_item(TableName=table, Item=item)


def test_functions_call_by_way_of_it_and_tests_do_not():
    with Proxy() as proxy, EmbeddedAws(functions_endpoint=proxy.endpoint) as own:
        proxy.forward_to(own.port)
        values = called(own, a_function_that_shows_its_values(own))
        assert values["AWS_ENDPOINT_URL"] == proxy.endpoint
        assert proxy.calls == []


@pytest.mark.parametrize(
    ("service", "call", "operation"),
    [
        ("dynamodb", lambda it: it.list_tables(), "ListTables"),
        ("sns", lambda it: it.list_topics(), "ListTopics"),
        ("lambda", lambda it: it.list_functions(), "GET /2015-03-31/functions"),
        ("scheduler", lambda it: it.list_schedules(MaxResults=1), "GET /schedules?MaxResults=1"),
    ],
    ids=["json", "query", "rest", "rest with a query"],
)
def test_it_knows_the_operation(proxy, service, call, operation):
    call(through(proxy, service))
    assert [one.operation.replace("/?", "?").rstrip("/") for one in proxy.calls] == [operation]


def test_what_it_forwards_is_as_it_was_sent(aws, proxy, table):
    item = {"pk": {"S": "ä€"}, "value": {"B": bytes(range(256))}}
    put(proxy, table, item)
    key = {"pk": item["pk"]}
    assert aws.client("dynamodb").get_item(TableName=table, Key=key)["Item"] == item
    answer = through(proxy, "dynamodb").get_item(TableName=table, Key=key)
    assert answer["Item"] == item


def test_an_error_of_aws_comes_through(proxy):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        put(proxy, "no-such-table")


def test_iam_is_enforced_by_way_of_it(aws, proxy, table):
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    role = a_role(
        aws, who, "dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}"
    )
    keys = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    client = through(proxy, "dynamodb", keys)
    assert "Item" not in client.get_item(TableName=table, Key=ITEM)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.put_item(TableName=table, Item=ITEM)


def test_one_connection_carries_many_calls(proxy):
    with closing(HTTPConnection(proxy.endpoint.removeprefix("http://"))) as connection:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", "/2015-03-31/functions")
            connection.getresponse().read()
            assert connection.sock is first
    assert len(proxy.calls) == 3


@pytest.mark.parametrize(
    ("moment", "is_there"), [("before", False), ("after", True)], ids=["before", "after"]
)
def test_a_held_call_has_taken_effect_or_not(aws, proxy, table, moment, is_there):
    hold = Hold()
    proxy.spoil("PutItem", hold, moment=moment)
    caller = threading.Thread(target=put, args=(proxy, table))
    caller.start()
    assert hold.wait(10)
    assert is_stored(aws, table) is is_there
    hold.release()
    caller.join()
    assert is_stored(aws, table)


def test_a_held_call_that_is_dropped_never_takes_effect(aws, proxy, table):
    hold = Hold()
    proxy.spoil("PutItem", hold)
    threading.Timer(0.2, hold.drop).start()
    with pytest.raises(ConnectionClosedError):
        put(proxy, table)
    assert not is_stored(aws, table)


@pytest.mark.parametrize(
    ("moment", "is_there"), [("before", False), ("after", True)], ids=["before", "after"]
)
def test_a_dropped_call_has_taken_effect_or_not(aws, proxy, table, moment, is_there):
    proxy.spoil("PutItem", Drop(), moment=moment)
    with pytest.raises(ConnectionClosedError):
        put(proxy, table)
    assert is_stored(aws, table) is is_there


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("dynamodb", lambda it: it.list_tables()),
        ("sns", lambda it: it.list_topics()),
        ("lambda", lambda it: it.list_functions()),
    ],
    ids=["json", "query", "rest"],
)
def test_an_error_is_what_the_sdk_understands(proxy, service, call):
    proxy.spoil("*", Error("ThrottlingException", message="too <fast>"))
    with pytest.raises(ClientError) as failed:
        call(through(proxy, service))
    error = failed.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ThrottlingException", "too <fast>")


def test_trouble_befalls_the_nth_call_of_the_operation_and_no_other(proxy, table):
    proxy.spoil("PutItem", Error("ThrottlingException"), nth=2, containing='"b"')
    client, b = through(proxy, "dynamodb"), {"pk": {"S": "b"}}
    client.put_item(TableName=table, Item=ITEM)
    client.put_item(TableName=table, Item=b)
    client.get_item(TableName=table, Key=b)
    with pytest.raises(ClientError, match="ThrottlingException"):
        client.put_item(TableName=table, Item=b)
    client.put_item(TableName=table, Item=b)


def test_what_is_cleared_befalls_nothing(proxy, table):
    proxy.spoil("PutItem", Drop())
    proxy.clear()
    put(proxy, table)
    assert [one.operation for one in proxy.calls] == ["PutItem"]


def test_a_service_is_down_until_it_is_brought_back_and_no_other_is(proxy, table):
    proxy.take_down("dynamodb", Error("ServiceUnavailable", 503))
    for _ in range(2):
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            put(proxy, table)
    through(proxy, "sns").list_topics()
    proxy.bring_back("dynamodb")
    put(proxy, table)


def test_a_service_goes_down_once_a_call_was_answered(aws, proxy, table):
    proxy.take_down("dynamodb", Drop(), after="PutItem", containing='"a"')
    put(proxy, table, {"pk": {"S": "b"}})
    put(proxy, table)
    with pytest.raises(ConnectionClosedError):
        put(proxy, table, {"pk": {"S": "c"}})
    assert is_stored(aws, table)
    assert not is_stored(aws, table, {"pk": {"S": "c"}})


def test_of_several_texts_a_call_must_contain_all(proxy, table):
    proxy.spoil("PutItem", Drop(), containing=('"a"', '"b"'))
    put(proxy, table)
    with pytest.raises(ConnectionClosedError):
        put(proxy, table, {"pk": {"S": "a"}, "more": {"S": "b"}})


def test_what_is_met_can_be_noted_and_what_is_not_met_is_not(proxy, table):
    met = []
    proxy.spoil("PutItem", Noted(Error("ServiceUnavailable", 503), lambda: met.append("put")))
    proxy.spoil("DeleteItem", Noted(Drop(), lambda: met.append("deleted")))
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        put(proxy, table)
    assert met == ["put"]


def test_a_noted_call_that_is_held_is_lost_when_its_service_is_brought_back(aws, proxy, table):
    hold = Hold()
    proxy.take_down("dynamodb", Noted(hold, lambda: None))
    with ThreadPoolExecutor() as pool:
        call = pool.submit(put, proxy, table)
        assert hold.wait(10)
        assert proxy.quiet_s == 0
        proxy.bring_back("dynamodb")
        with pytest.raises(ConnectionClosedError):
            call.result()
    assert not is_stored(aws, table)


def test_it_is_quiet_since_its_last_call(proxy, table):
    put(proxy, table)
    time.sleep(0.05)
    assert 0.05 <= proxy.quiet_s < 10


# The process that calls

CALLS = """\
import boto3, sys
from botocore.config import Config
once = Config(retries={"total_max_attempts": 1})
boto3.client("dynamodb", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="test",
             aws_secret_access_key="test", config=once).list_tables()
print("answered", flush=True)
"""


@pytest.fixture
def a_caller(proxy):
    """A process that calls once, when it is told to."""
    began = []

    def begin():
        command = [sys.executable, "-c", CALLS, proxy.endpoint]
        began.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return began[-1]

    yield begin
    for one in began:
        one.kill()
        one.wait()
        one.stdout.close()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_caller_is_killed_at_its_call(proxy, a_caller, moment):
    proxy.spoil("ListTables", Kill(), moment=moment)
    caller = a_caller()
    assert caller.wait(30) == -signal.SIGKILL


def test_a_caller_is_frozen_and_goes_on(proxy, a_caller):
    freezer = Freezer()
    proxy.spoil("ListTables", freezer.freeze(0.5))
    caller = a_caller()
    assert is_true_within(30, lambda: freezer.thawing)
    assert caller.communicate(timeout=30)[0] == "answered\n"
    assert not freezer.thawing


def test_a_caller_that_is_frozen_for_good_is_so_until_it_is_ended(proxy, a_caller):
    freezer = Freezer()
    proxy.spoil("ListTables", freezer.freeze(None))
    caller = a_caller()
    assert is_true_within(30, lambda: freezer.frozen)
    with pytest.raises(subprocess.TimeoutExpired):
        caller.wait(0.5)
    caller.kill()
    caller.wait()
    assert not freezer.frozen
