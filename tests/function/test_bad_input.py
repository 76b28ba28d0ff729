"""Bad input: a clear, typed answer that names where and what; nothing posted, nothing leaked."""

import json

import pytest
from parts import access_key, bus_alarm

from handler.errors import InvalidEvent, InvalidSettings, LedgerUnavailable

REHEARSE = {"command": "rehearse", "pair": "analytics"}
LEAK = "hush-hush-hush"


def broken_document(text):
    return lambda parts: parts.put_document("analytics", text)


def changed_pair(**changes):
    return lambda parts: parts.put_pair(**changes)


def secret(**fields):
    return lambda parts: parts.put_secret(f"{parts.name}/credentials", **fields)


def two_documents(parts):
    parts.put_pair("twin")


def no_table(parts):
    parts.aws.client("dynamodb").delete_table(TableName=parts.table)


def nothing(_parts):
    pass


def no_secret(parts):
    name = f"{parts.name}/credentials"
    parts.aws.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


# name: what is wrong, the event, the error, what its message must name
RAISED = {
    "an event of no shape": (nothing, {"hello": "world"}, InvalidEvent, "hello"),
    "a list": (nothing, [1], InvalidEvent, "$"),
    "nothing": (nothing, None, InvalidEvent, "$"),
    "text": (nothing, "failover", InvalidEvent, "$"),
    "the console's test event": (
        nothing, {"key1": "v", "key2": "v", "key3": "v"}, InvalidEvent, "hello-world",
    ),
    "an unknown command": (nothing, {"command": "failback"}, InvalidEvent, "$.command"),
    "a command about no pair": (nothing, {"command": "failover"}, InvalidEvent, "pair"),
    "a field too many": (nothing, {**REHEARSE, "force": True}, InvalidEvent, "$.force"),
    "a bad UUID": (
        nothing, {"command": "rehearse", "disaster_recovery_id": "prod1"}, InvalidEvent,
        "$.disaster_recovery_id",
    ),
    "a path as an id": (
        nothing, {"command": "rehearse", "disaster_recovery_id": "../../x"}, InvalidEvent,
        "$.disaster_recovery_id",
    ),
    "a pair of nobody": (
        nothing, {"command": "rehearse", "pair": "nobody"}, InvalidEvent, "analytics",
    ),
    "an override of what cannot be": (
        nothing, {**REHEARSE, "command": "failover", "override": ["roles"]}, InvalidEvent,
        "$.override[0]",
    ),
    "a confirmation without who and why": (
        nothing, {**REHEARSE, "command": "failover", "confirm": "analytics"}, InvalidEvent,
        "$.requested_by",
    ),
    "a time that is none": (
        nothing, {**REHEARSE, "requested_at": "soon"}, InvalidEvent, "$.requested_at",
    ),
    "a broken alarm": (
        nothing, {"detail-type": "CloudWatch Alarm State Change", "detail": {}}, InvalidEvent,
        "$.detail.alarmName",
    ),
    "a topic's message that is no JSON": (
        nothing, {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "{"}}]}, InvalidEvent,
        "$.Records[0].Sns.Message",
    ),
    "a broken document": (broken_document("{"), REHEARSE, InvalidSettings, "not valid JSON"),
    "a document with faults": (
        broken_document('{"mode": "auto"}'), REHEARSE, InvalidSettings, "$.mode",
    ),
    "one id in two documents": (two_documents, REHEARSE, InvalidSettings, "twin"),
    "an endpoint on plain http": (
        changed_pair(endpoint="http://dws.example.com"), REHEARSE, InvalidSettings, "$.endpoint",
    ),
    "an endpoint of nobody's provider": (
        changed_pair(endpoint="https://dws.myhuaweicloud.eu.example.com"), REHEARSE,
        InvalidSettings,
        '$.endpoint: found "https://dws.myhuaweicloud.eu.example.com", allowed: a host of AllowedProviderHosts (127.0.0.1)',
    ),
    "an IAM of nobody's provider": (
        secret(username="u", password=LEAK, domain="d", iam_endpoint=f"https://{LEAK}.example.com"),
        REHEARSE, InvalidSettings,
        "$.iam_endpoint: found another host, allowed: a host of AllowedProviderHosts (127.0.0.1)",
    ),
    "a secret without its key": (
        secret(access_key_id=LEAK), REHEARSE, InvalidSettings, "$.secret_access_key",
    ),
    "a secret of the wrong type": (
        secret(access_key_id=LEAK, secret_access_key=[LEAK]), REHEARSE, InvalidSettings,
        "$.secret_access_key",
    ),
    "a user without a domain": (
        secret(username="u", password=LEAK), REHEARSE, InvalidSettings, "$.domain",
    ),
    "an IAM endpoint on plain http": (
        secret(username="u", password=LEAK, domain="d", iam_endpoint="http://iam.example.com"),
        REHEARSE, InvalidSettings, "$.iam_endpoint",
    ),
    "no secret": (no_secret, REHEARSE, InvalidSettings, "credentials"),
    "a table that does not exist": (no_table, REHEARSE, LedgerUnavailable, "runs table"),
    "a table that does not exist, for an alarm": (
        no_table, bus_alarm("dws-outage-x"), LedgerUnavailable, "runs table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RAISED)
def test_it_is_raised_by_its_name_and_says_where(parts, capsys, case):
    break_it, event, error, names = RAISED[case]
    parts.arm()
    break_it(parts)
    with pytest.raises(error) as raised:
        parts.send(event)
    assert names in str(raised.value)
    assert parts.emulator.failover_posts == []
    assert LEAK not in str(raised.value) + repr(raised.value) + capsys.readouterr().out


def missing_pair(parts):
    parts.emulator.remove_pair()


def wrong_key(parts):
    key = access_key(parts.emulator)
    parts.put_secret(f"{parts.name}/credentials", **{**key, "secret_access_key": LEAK})


# name: what is wrong, decision and reason code of an alarm
ANSWERED = {
    "a pair that the provider does not know": (missing_pair, "blocked", "provider_not_found"),
    "a wrong key": (wrong_key, "blocked", "provider_denied"),
    "a secret without its key": (secret(access_key_id=LEAK), "blocked", "invalid_credentials"),
    "a bad document that lists the alarm": (
        broken_document('{"alarms": ["dws-outage-*"]}'), "blocked", "invalid_pair",
    ),
    "one id in two documents": (two_documents, "blocked", "invalid_pair"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERED)
def test_an_alarm_is_answered_and_told(parts, capsys, case):
    break_it, decision, code = ANSWERED[case]
    parts.arm()
    break_it(parts)
    for result in parts.alarm():
        assert (result["decision"], result["reason_code"]) == (decision, code)
        assert result["notified"] is True
    assert parts.notices()
    assert parts.emulator.failover_posts == []
    assert LEAK not in capsys.readouterr().out


def test_a_topic_that_denies_changes_nothing_but_the_delivery(parts):
    parts.arm()
    parts.emulator.break_production()
    parts.aws.client("sns").set_topic_attributes(
        TopicArn=parts.topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Deny", "Principal": "*", "Action": "sns:Publish",
                "Resource": parts.topic,
            }],
        }),
    )  # fmt: skip
    (result,) = parts.alarm()
    assert (result["decision"], result["notified"]) == ("submitted", False)


def test_a_topic_that_does_not_exist_changes_nothing_but_the_delivery(parts):
    parts.arm()
    parts.emulator.break_production()
    parts.aws.client("sns").delete_topic(TopicArn=parts.topic)
    (result,) = parts.alarm()
    assert (result["decision"], result["notified"]) == ("submitted", False)
    assert parts.record.run.state == "submitted"
