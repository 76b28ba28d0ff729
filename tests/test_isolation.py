"""One pair's trouble stays its own: it ends neither reconcile nor status nor another pair's turn."""

import json
from datetime import timedelta

import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from botocore.exceptions import ClientError
from parts import access_key, bus_alarm, now
from stored import items

from handler import app
from handler.dws.models import Roles
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.ledger import Ledger
from handler.notice import Notice
from handler.notices import Publisher
from handler.run import RunState
from handler.standing import Standing
from handler.table import Table
from handler.telemetry import logger, metrics
from local.dws import Emulator

OTHER = "f7a2c1d0-0000-4d4d-8d8d-0000000000d1"


@pytest.fixture
def provider():
    """Another provider, for the pair that is in trouble."""
    with Emulator(sync_every_s=1) as running:
        pair = running.pair
        running.add_pair(id=OTHER, production_id=pair.standby_id, standby_id=pair.production_id)
        running.remove_pair()
        yield running


@pytest.fixture
def two(parts, provider):
    """The healthy pair `analytics`, and beside it `other`, which will be in trouble."""
    parts.arm()
    parts.other = provider
    roles = Roles(provider.find_pair(OTHER).production_id, provider.find_pair(OTHER).standby_id)
    armed = Standing(roles=roles, roles_since=now(hours=-1), armed=True)
    parts.ledger.save_standing(OTHER, armed)
    parts.put_secret(f"{parts.name}/other", **access_key(provider))
    put_other(parts)
    return parts


def put_other(parts, **changes):
    parts.put_pair("other", **{
        "disaster_recovery_id": OTHER,
        "project_id": parts.other.project_id,
        "endpoint": parts.other.url,
        "credentials_secret": f"{parts.name}/other",
        **changes,
    })  # fmt: skip


def rows(parts, command="status", **fields):
    results = parts.send({"command": command, **fields})["results"]
    return {one["pair"]: one for one in results}


def looked_at(parts):
    """Whether a reconcile of now has looked at the healthy pair."""
    before = parts.record.health.looked_at
    parts.let_pass(601)
    found = rows(parts, "reconcile")
    assert parts.record.health.looked_at != before
    return found


def assert_only_the_other_is_in_trouble(parts):
    assert looked_at(parts)["analytics"]["reason_code"] == "armed"
    status = rows(parts)
    assert status["analytics"]["reason"].startswith("READY")
    assert status["other"]["reason"].startswith("NOT READY")
    parts.emulator.break_production()
    results = {one["pair"]: one for one in parts.alarm(at=now() + parts.ahead)}
    assert (results["analytics"]["decision"], parts.posts) == ("submitted", 1)
    assert parts.other.failover_posts == []


def test_without_any_trouble_both_are_ready_and_fail_over(two):
    status = rows(two)
    assert [status[name]["reason_code"] for name in sorted(status)] == ["ready", "ready"]
    two.emulator.break_production()
    two.other.break_production(OTHER)
    assert {one["decision"] for one in two.alarm()} == {"submitted"}


# Its document

DOCUMENTS = {
    "no JSON": "{",
    "no object": "[]",
    "nothing": "null",
    "a text": '"x"',
    "a number": "3600.0",
    "not a number": '{"max_data_loss_s": NaN}',
    "a key twice": '{"mode": "observe", "mode": "automatic"}',
    "nested": "[" * 4000,
    "deep": '{"a":' * 1000 + "1" + "}" * 1000,
    "many digits": '{"max_data_loss_s": 1' + "0" * 3000 + "}",
    "half a surrogate pair": '{"alarms": ["\\ud800"], "mode": "\\udfff"}',
    "escapes": '{"\\u001b[2J\\u202e\\u2028": 1}',
    "wrong types": '{"alarms": 1, "probes": [], "endpoint": {}, "mode": null}',
}
FIELDS = {
    "part of a second": {"production_down_for_s": 0.5},
    "a huge number": {"max_data_loss_s": 10**40},
    "infinite": {"max_data_loss_s": 1e400},
    "no host that could be": {"endpoint": "https://xn--a.example"},
    "brackets": {"endpoint": "https://[::1"},
    "half a surrogate pair": {"alarms": ["dws-\ud800"]},
    "no zone": {"provider_utc_offset": "+99:99"},
    "no port": {"probes": {OTHER: "x:"}},
    "no id": {"probes": {"x": "127.0.0.1:1"}},
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_that_is_none_is_its_pairs_trouble(two, text):
    two.put_document("other", text)
    assert_only_the_other_is_in_trouble(two)


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_document_with_a_field_that_cannot_be_is_its_pairs_trouble(two, fields):
    put_other(two, **fields)
    assert_only_the_other_is_in_trouble(two)


# Its secret

SECRETS = {
    "no JSON": "{",
    "no object": "[1]",
    "another shape": '{"key": "x"}',
    "half": '{"access_key_id": "x"}',
    "wrong types": '{"access_key_id": 1, "secret_access_key": []}',
    "not for a header": '{"access_key_id": "\\u20ac\\n", "secret_access_key": "x"}',
    "half a surrogate pair": '{"access_key_id": "\\ud800", "secret_access_key": "x"}',
    "nested": "[" * 9999,
    "brackets": (
        '{"username": "u", "password": "p", "domain": "d", "iam_endpoint": "https://[::1"}'
    ),
    "no host that could be": (
        '{"username": "u", "password": "p", "domain": "d", "iam_endpoint": "https://xn--a.example"}'
    ),
    "another key": '{"access_key_id": "AK", "secret_access_key": "SK"}',
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_a_secret_that_is_none_is_its_pairs_trouble(two, text):
    client = two.aws.client("secretsmanager")
    client.put_secret_value(SecretId=f"{two.name}/other", SecretString=text)
    assert_only_the_other_is_in_trouble(two)


def test_a_secret_that_is_gone_is_its_pairs_trouble(two):
    put_other(two, credentials_secret=f"{two.name}/gone")
    assert_only_the_other_is_in_trouble(two)


# What its provider answers

GARBLED = (
    "not-http", "truncated-json", "html", "wrong-types", "length-too-long", "length-too-short",
    "invalid-utf8", "empty", "huge",
)  # fmt: skip
BODIES = {
    "nothing": None,
    "a list": [],
    "numbers": {"disaster_recovery": 1, "cluster": 1, "events": 1},
    "empty objects": {"disaster_recovery": {}, "cluster": {}, "events": {}},
    "lists of nothing": {"disaster_recovery": [None], "cluster": [None], "events": [None]},
    "hostile values": {
        "disaster_recovery": {
            "id": OTHER,
            "status": "x" * 45_000,
            "dr_type": "\ud800",
            "dr_sync_period": "9999d",
            "primary_cluster": {"id": "x'; touch pwned; echo '", "role": {}, "status": []},
            "standby_cluster": {"id": OTHER, "last_success_time": "0001-01-01 00:00:00"},
        },
        "cluster": {"id": OTHER, "status": 10**400, "sub_status": "|" * 9999},
    },
    "times without end": {
        "disaster_recovery": [
            {"id": OTHER, "last_disaster_time": text, "status": "running"}
            for text in ("9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", 10**18, "9" * 99)
        ],
    },
}


@pytest.mark.parametrize("how", GARBLED)
def test_garbage_of_its_provider_is_its_pairs_trouble(two, how):
    two.other.fault("any", "garble", garble=how, times=None)
    assert_only_the_other_is_in_trouble(two)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_no_honest_provider_says_is_its_pairs_trouble(two, body):
    two.other.fault("any", "respond", status=200, body=body, times=None)
    assert_only_the_other_is_in_trouble(two)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500, 599])
def test_a_provider_that_refuses_is_its_pairs_trouble(two, status):
    headers = {"Location": "https:login"} if status == 301 else {}
    two.other.fault("any", "respond", status=status, headers=headers, times=None)
    assert_only_the_other_is_in_trouble(two)


def test_a_provider_that_is_gone_is_its_pairs_trouble(two):
    put_other(two, endpoint="http://127.0.0.1:9")
    assert_only_the_other_is_in_trouble(two)


# A bug


class Bug(Exception):
    """What nobody has thought of."""


def buggy_probe(parts):
    """Each look at the other pair meets a bug."""
    production = parts.other.find_pair(OTHER).production_id
    put_other(parts, probes={production: "127.0.0.1:9"})

    def probe(_):
        raise Bug("what nobody has thought of")

    parts.probe = probe


def reconcile_with_a_bug(parts):
    with pytest.raises(Bug):
        parts.send({"command": "reconcile"})


def test_a_bug_is_raised_once_all_others_have_been_looked_at(two):
    buggy_probe(two)
    two.let_pass(601)
    reconcile_with_a_bug(two)
    assert two.record.health.looked_at >= now() + two.ahead - timedelta(minutes=1)


def test_a_bug_is_told_once_an_hour(two):
    buggy_probe(two)
    for _ in range(3):
        reconcile_with_a_bug(two)
    (notice,) = told(two, "internal_error")
    assert notice.result["pair"] == "other"
    assert "Bug" in notice.result["reason"]
    two.let_pass(3601)
    reconcile_with_a_bug(two)
    assert len(told(two, "internal_error")) == 1


def told(parts, code):
    return [one for one in parts.notices() if one.attributes["reason_code"] == code]


def test_a_bug_is_logged_with_its_traceback_and_counted(two, caplog):
    buggy_probe(two)
    metrics.clear_metrics()
    reconcile_with_a_bug(two)
    (logged,) = [one for one in caplog.records if one.message == "internal error"]
    kind, error, trace = logged.exc_info
    assert (kind, str(error), trace is None) == (Bug, "what nobody has thought of", False)
    assert metrics.metric_set["InternalError"]["MetricValue"] == [1.0]
    metrics.clear_metrics()


def test_a_bug_is_a_row_of_status(two):
    buggy_probe(two)
    found = rows(two)
    assert found["analytics"]["reason_code"] == "ready"
    assert found["other"]["reason"].startswith("NOT READY because it cannot be looked at")


def test_a_bug_does_not_keep_an_alarm_from_the_other_pairs(two):
    """It speaks for both, and the pair of the bug comes first."""
    two.put_pair("zebra")
    two.aws.client("ssm").delete_parameter(Name=f"{two.path}/analytics")
    app.adapters.cache_clear()
    buggy_probe(two)
    two.emulator.break_production()
    with pytest.raises(Bug):
        two.alarm()
    assert two.posts == 1
    assert two.ledger.read(OTHER).open_incident is not None
    assert [one.result["pair"] for one in told(two, "internal_error")] == ["other"]


def test_a_bug_in_an_open_run_keeps_no_other_run_open(two):
    two.emulator.vary(switching_s=0)
    two.other.vary(OTHER, switching_s=0)
    two.emulator.break_production()
    two.other.break_production(OTHER)
    two.alarm()
    buggy = two.ledger.read(OTHER).run
    connect = two.adapters.connect
