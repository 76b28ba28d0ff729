"""Where the two emulators differ, and which of them does what AWS documents.

What one of them hides, a test that runs on both can show. Each row fails on the day its difference
has gone: then remove the row.
"""

import functools
import uuid

import pytest
from botocore.exceptions import ClientError
from functions import a_queue
from parts import subscribe_queue


def an_id():
    return uuid.uuid4().hex[:12]


@pytest.fixture(scope="module")
def tables(aws, moto):
    for one in (aws, moto):
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        one.client("dynamodb").create_table(
            TableName="differences",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
        )


def said(call, emulator):
    """What an emulator answers: a value, or the codes of its refusal."""
    try:
        answer = call(emulator)
    except ClientError as err:
        reasons = [one["Code"] for one in err.response.get("CancellationReasons", ())]
        return reasons or err.response["Error"]["Code"]
    return answer if not isinstance(answer, dict) or "ResponseMetadata" not in answer else "done"


def assert_differ(call, wrong, right, expected, found):
    assert said(call, right) == expected
    still = said(call, wrong)
    assert still == found, f"it answers {still} now: remove this row, if that is AWS's {expected}"


# DynamoDB

KEY = {"pk": {"S": "p"}, "sk": {"S": "a"}}


def put(**fields):
    return {"Put": {"TableName": "differences", "Item": {**KEY, "sk": {"S": an_id()}, **fields}}}


def update(expression, names=None, **values):
    given = {f":{name}": value for name, value in values.items()}
    some = {"ExpressionAttributeNames": names} if names else {}
    return {
        "Update": {
            "TableName": "differences", "Key": KEY, "UpdateExpression": expression,
            "ExpressionAttributeValues": given, **some,
        }
    }  # fmt: skip


def condition(expression, **values):
    given = {f":{name}": value for name, value in values.items()}
    return {
        "ConditionCheck": {
            "TableName": "differences", "Key": KEY, "ConditionExpression": expression,
            "ExpressionAttributeValues": given,
        }
    }  # fmt: skip


def transacted(*writes, **options):
    def call(aws):
        client = aws.client("dynamodb")
        client.put_item(TableName="differences", Item={**KEY, "n": {"N": "1"}, "t": {"S": "x"}})
        return client.transact_write_items(TransactItems=writes, **options)

    return call


def repeated(*writes):
    """The same token twice, with one write or another: the item's `n`."""

    def call(aws):
        token, client = an_id(), aws.client("dynamodb")
        client.put_item(TableName="differences", Item={**KEY, "n": {"N": "0"}})
        for write in writes:
            client.transact_write_items(TransactItems=[write], ClientRequestToken=token)
        return client.get_item(TableName="differences", Key=KEY)["Item"]["n"]["N"]

    return call


def stored(**fields):
    def call(aws):
        client = aws.client("dynamodb")
        client.put_item(TableName="differences", Item={**KEY, **fields})
        return client.get_item(TableName="differences", Key=KEY)["Item"]["n"]["N"]

    return call


ONE = {"N": "1"}
DEEP = functools.reduce(lambda inner, _: {"L": [inner]}, range(40), {"S": "x"})
INVALID = "ValidationException"
OF_MOTO = {
    "a token applies once": (repeated(*[update("ADD n :v", v=ONE)] * 2), "1", "2"),
    "a token is of one payload": (
        repeated(update("ADD n :v", v=ONE), update("ADD n :v", v={"N": "5"})),
        "IdempotentParameterMismatchException", "6",
    ),
    "a token has 36 characters": (
        transacted(put(), ClientRequestToken="x" * 37), INVALID, "done",
    ),
    "a set is not empty": (transacted(put(s={"SS": []})), INVALID, "done"),
    "a set has no duplicates": (transacted(put(s={"SS": ["a", "a"]})), INVALID, "done"),
    "a number has 38 digits": (transacted(put(n={"N": "1" * 39})), INVALID, "done"),
    "a number has a largest": (transacted(put(n={"N": "1e126"})), INVALID, "done"),
    "a number has one form": (stored(n={"N": "1.50"}), "1.5", "1.50"),
    "a value that no expression uses": (
        transacted(update("SET z = :v", v=ONE, w=ONE)), INVALID, "done",
    ),
    "32 levels": (transacted(put(deep=DEEP)), INVALID, "done"),
    "4 MB in a transaction": (
        transacted(*[put(s={"S": "x" * 390_000}) for _ in range(11)]), INVALID, "done",
    ),
    "a comparison with another type is false": (
        transacted(condition("n < :v", v={"S": "1"})), ["ConditionalCheckFailed"], ["TypeError"],
    ),
    "the size of nothing is no size": (
        transacted(condition("size(s) < :v", v={"N": "5"})),
        ["ConditionalCheckFailed"], ["ValueError"],
    ),
    "a sum with a text cancels": (
        transacted(update("ADD t :v", v=ONE)), ["ValidationError"], INVALID,
    ),
}  # fmt: skip
OF_MINISTACK = {
    "one path is set once": (transacted(update("SET z = :v, z = :v", v=ONE)), INVALID, "done"),
    "a key is not updated": (
        transacted(update("SET sk = :v", v={"S": an_id()})), INVALID, "done",
    ),
}  # fmt: skip


# The others


def published(**given):
    def call(aws):
        client = aws.client("sns")
        topic = client.create_topic(Name="differences")["TopicArn"]
        subscribe_queue(client, aws.client("sqs"), topic, "differences")
        return client.publish(TopicArn=topic, **{"Message": "x", **given})

    return call


def attribute(kind, value):
    return {"a": {"DataType": kind, "StringValue": value}}


def parameter(value):
    def call(aws):
        return aws.client("ssm").put_parameter(Name=f"/d/{an_id()}", Value=value, Type="String")

    return call


def a_page_of_eleven(aws):
    aws.client("ssm").get_parameters_by_path(Path="/d", MaxResults=11)
    return "done"


def a_secret_without_a_value(aws):
    client, name = aws.client("secretsmanager"), an_id()
    client.create_secret(Name=name)
    return client.get_secret_value(SecretId=name)


def sent(body):
    def call(aws):
        return aws.client("sqs").send_message(QueueUrl=a_queue(aws)[0], MessageBody=body)

    return call


def confirmed(aws):
    """How many subscriptions a topic counts that has one."""
    client, name = aws.client("sns"), an_id()
    topic = client.create_topic(Name=name)["TopicArn"]
    subscribe_queue(client, aws.client("sqs"), topic, name)
    return client.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsConfirmed"]


BIG = {"Message": "x" * 262_140, "MessageAttributes": attribute("String", "x" * 9)}
OF_MOTO |= {
    "a topic counts its subscriptions": (confirmed, "1", "0"),
    "a message's size is that of its bytes": (
        published(Message="\u00e9" * 140_000), "InvalidParameter", "done",
    ),
    "a message's size is with its attributes": (published(**BIG), "InvalidParameter", "done"),
    "no control characters in a queue": (sent("\x01"), "InvalidMessageContents", "done"),
    "no empty message in a queue": (sent(""), "MissingParameter", "done"),
}  # fmt: skip
OF_MINISTACK |= {
    "a subject has 100 characters": (published(Subject="x" * 101), "InvalidParameter", "done"),
    "a message of parts is JSON": (
        published(Message="{", MessageStructure="json"), "InvalidParameter", "done",
    ),
    "an attribute is not empty": (
        published(MessageAttributes=attribute("String", "")), "InvalidParameter", "done",
    ),
    "an attribute has a type": (
        published(MessageAttributes=attribute("Text", "x")), "InvalidParameter", "done",
    ),
    "ten parameters in a page": (a_page_of_eleven, INVALID, "done"),
    "a parameter is not empty": (parameter(""), INVALID, "done"),
    "a secret without a value": (a_secret_without_a_value, "ResourceNotFoundException", "done"),
}  # fmt: skip


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("name", OF_MOTO)
def test_moto_does_not(aws, moto, name):
    call, expected, found = OF_MOTO[name]
    assert_differ(call, moto, aws, expected, found)


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("name", OF_MINISTACK)
def test_ministack_does_not(aws, moto, name):
    call, expected, found = OF_MINISTACK[name]
    assert_differ(call, aws, moto, expected, found)
