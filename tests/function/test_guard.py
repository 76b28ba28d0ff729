"""One pair's trouble stays its own: it ends neither reconcile nor status nor another pair's turn."""

import json
from datetime import timedelta
from itertools import pairwise

import boto3
import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from botocore.config import Config
from hosts import HOSTS
from interruptions import Refusing
from neighbours import TROUBLED, assert_the_other_goes_on, put_troubled, rows
from parts import now

from handler.aws.ledger import Ledger
from handler.aws.pairs import Documents
from handler.aws.table import Table
from handler.aws.telemetry import metrics
from handler.aws.topic import Publisher
from handler.errors import LedgerUnavailable
from handler.model.notice import Notice
from handler.model.run import RunState
from local.aws.proxy import Proxy
from local.aws.troubles import Error


def test_without_any_trouble_both_are_ready_and_fail_over(two):
    status = rows(two)
    assert [status[name]["reason_code"] for name in sorted(status)] == ["ready", "ready"]
    two.emulator.break_production()
    two.troubled.break_production(TROUBLED)
    assert {one["decision"] for one in two.alarm()} == {"submitted"}


def assert_only_that_pair_is_in_trouble(parts):
    assert rows(parts)["accounts"]["reason"].startswith("NOT READY")
    assert_the_other_goes_on(parts)
    assert parts.troubled.failover_posts == []


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
    "no port": {"probes": {TROUBLED: "x:"}},
    "no id": {"probes": {"x": "127.0.0.1:1"}},
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_that_is_none_is_its_pairs_trouble(two, text):
    two.put_document("accounts", text)
    assert_only_that_pair_is_in_trouble(two)


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_document_with_a_field_that_cannot_be_is_its_pairs_trouble(two, fields):
    put_troubled(two, **fields)
    assert_only_that_pair_is_in_trouble(two)


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
    client.put_secret_value(SecretId=f"{two.name}/accounts", SecretString=text)
    assert_only_that_pair_is_in_trouble(two)


def test_a_secret_that_is_gone_is_its_pairs_trouble(two):
    put_troubled(two, credentials_secret=f"{two.name}/gone")
    assert_only_that_pair_is_in_trouble(two)


# What its provider answers

CORRUPTIONS = (
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
            "id": TROUBLED,
            "status": "x" * 45_000,
            "dr_type": "\ud800",
            "dr_sync_period": "9999d",
            "primary_cluster": {"id": "x'; touch pwned; echo '", "role": {}, "status": []},
            "standby_cluster": {"id": TROUBLED, "last_success_time": "0001-01-01 00:00:00"},
        },
        "cluster": {"id": TROUBLED, "status": 10**400, "sub_status": "|" * 9999},
    },
    "times without end": {
        "disaster_recovery": [
            {"id": TROUBLED, "last_disaster_time": text, "status": "running"}
            for text in ("9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", 10**18, "9" * 99)
        ],
    },
}


@pytest.mark.parametrize("how", CORRUPTIONS)
def test_garbage_of_its_provider_is_its_pairs_trouble(two, how):
    two.troubled.fault("any", "corrupt", corruption=how, times=None)
    assert_only_that_pair_is_in_trouble(two)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_no_honest_provider_says_is_its_pairs_trouble(two, body):
    two.troubled.fault("any", "respond", status=200, body=body, times=None)
    assert_only_that_pair_is_in_trouble(two)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500, 599])
def test_a_provider_that_refuses_is_its_pairs_trouble(two, status):
    headers = {"Location": "https:login"} if status == 301 else {}
    two.troubled.fault("any", "respond", status=status, headers=headers, times=None)
    assert_only_that_pair_is_in_trouble(two)


def test_a_provider_that_is_gone_is_its_pairs_trouble(two):
    put_troubled(two, endpoint="http://127.0.0.1:9")
    assert_only_that_pair_is_in_trouble(two)


# A bug


class Bug(Exception):
    """What nobody has thought of."""


def status_command(parts):
    """The bug is met by a thread that looks at the pair."""
    production = parts.troubled.find_pair(TROUBLED).production_id
    put_troubled(parts, probes={production: "127.0.0.1:9"})

    def probe(_):
        raise Bug("of the probe")

    parts.probe = probe


def connecting(parts):
    """The bug is met while the pair's credentials are had."""

    class Secrets:
        def get(self, name, **options):
            if name.endswith("/accounts"):
                raise Bug("of its secret")
            return given.get(name, **options)

    given = parts.adapters.secrets
    parts.instead["secrets"] = Secrets()


def storing(parts):
    """The bug is met while something of the pair is stored."""

    class Client:
        def __getattr__(self, name):
            return getattr(given, name)

        def transact_write_items(self, **transaction):
            if f'"{TROUBLED}"' in json.dumps(transaction):
                raise Bug("of its items")
            return given.transact_write_items(**transaction)

    given = parts.aws.client("dynamodb")
    parts.instead["ledger"] = Ledger(Table(Client(), parts.table))


BUGS = pytest.mark.parametrize("bug", [status_command, connecting, storing])


def reconcile_with_a_bug(parts):
    with pytest.raises(Bug):
        parts.send({"command": "reconcile"})


def told(parts, code):
    return [one for one in parts.notices() if one.attributes["reason_code"] == code]


@BUGS
def test_a_bug_is_raised_once_all_others_have_been_looked_at(two, bug):
    bug(two)
    two.let_pass(601)
    reconcile_with_a_bug(two)
    assert two.record.observations.checked_at >= now() + two.ahead - timedelta(minutes=1)


@BUGS
def test_a_bug_is_told_once_an_hour(two, bug):
    bug(two)
    for _ in range(3):
        reconcile_with_a_bug(two)
    (notice,) = told(two, "internal_error")
    assert notice.result["pair"] == "accounts"
    assert "Bug" in notice.result["reason"]
    two.let_pass(3601)
    reconcile_with_a_bug(two)
    assert len(told(two, "internal_error")) == 1


def test_a_bug_is_logged_with_its_traceback_and_counted(two, caplog):
    status_command(two)
    metrics.clear_metrics()
    reconcile_with_a_bug(two)
    (logged,) = [one for one in caplog.records if one.message == "internal error"]
    kind, error, trace = logged.exc_info
    assert (kind, str(error), trace is None) == (Bug, "of the probe", False)
    assert metrics.metric_set["InternalError"]["Value"] == [1.0]
    assert metrics.metric_set["ReconcileCompleted"]["Value"] == [1.0]  # all others had their turns


@pytest.mark.parametrize("bug", [status_command, connecting])
def test_a_bug_is_a_row_of_status(two, bug):
    bug(two)
    found = rows(two)
    assert found["analytics"]["reason_code"] == "ready"
    assert found["accounts"]["reason_code"] == "internal_error"
    assert found["accounts"]["reason"].startswith("NOT READY because it cannot be checked")


@BUGS
def test_a_bug_does_not_keep_an_alarm_from_the_other_pairs_that_it_speaks_for(two, bug):
    bug(two)
    two.emulator.break_production()
    with pytest.raises(Bug):
        two.alarm()
    assert (two.record.run.state, two.posts) == (RunState.SUBMITTED, 1)
    assert [one.result["pair"] for one in told(two, "internal_error")] == ["accounts"]


def test_the_alarm_of_the_pair_with_a_bug_is_not_lost(two):
    connecting(two)
    with pytest.raises(Bug):
        two.alarm()
    assert two.ledger.read(TROUBLED).open_incident is not None


def test_a_bug_with_one_open_run_keeps_no_other_run_open(two):
    two.emulator.vary(switching_s=0)
    two.emulator.break_production()
    two.troubled.break_production(TROUBLED)
    assert len(two.alarm()) == 2
    connecting(two)
    for _ in range(2):
        two.let_pass(60)
        reconcile_with_a_bug(two)
    assert two.record.run.state is RunState.SUCCEEDED
    assert two.ledger.read(TROUBLED).run.is_in_flight


# Its notices


def unsent(parts, id_, text, body="{}"):
    """A notice that could not be sent before."""
    attributes = {"pair": "x", "decision": "refused", "reason_code": text}
    told = Notice(f"{id_}/n", id_, now(), now(minutes=-1), "s", text, body, attributes)
    parts.ledger.notices.save(told)
    return told


@pytest.fixture
def refused(two):
    """A notice of the one pair that SNS never takes, and before and after it one that it does."""
    topic = Refusing(two.aws.client("sns"), "bad")
    two.instead["publisher"] = Publisher(topic, two.topic)
    first, last = "0" * 36, "f" * 36
    unsent(two, first, "good")
    unsent(two, TROUBLED, "bad")
    unsent(two, last, "good")
    two.tries = lambda: topic.tries
    return two


def test_a_notice_that_is_never_taken_does_not_stop_the_next(refused):
    refused.send({"command": "reconcile"})
    assert len(told(refused, "good")) == 2


def test_a_notice_that_is_never_taken_is_given_up_and_kept_in_the_failure_queue(refused):
    metrics.clear_metrics()
    for _ in range(8):
        refused.send({"command": "reconcile"})
        refused.let_pass(60)
    assert refused.tries() == 5
    assert metrics.metric_set["NoticeRefused"]["Value"] == [1.0] * 5
    sqs = refused.aws.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=refused.failed_events)["Messages"]
    assert json.loads(message["Body"])["notice_id"] == f"{TROUBLED}/n"


# Written with a point


def test_a_whole_number_with_a_point_is_claimed_as_it_reads(outage):
    outage.put_pair(max_data_loss_s=3600.0, production_down_for_s=0.0, retry_for_s=600.0)
    assert outage.send({"command": "rehearse", "pair": "analytics"})["reason_code"] == (
        "would_submit"
    )
    (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("submitted", 1)
    stored = outage.record.run.configuration["max_data_loss_s"]
    assert (stored, isinstance(stored, float)) == (3600, False)


class Unclaimable(Ledger):
    """A ledger to which no run can be written."""

    def check_claim(self, *_):
        raise Bug("a run that cannot be packed")


def test_what_cannot_be_claimed_is_neither_rehearsed_nor_ready(parts):
    parts.arm()
    parts.instead["ledger"] = Unclaimable(Table(parts.aws.client("dynamodb"), parts.table))
    with pytest.raises(Bug):
        parts.send({"command": "rehearse", "pair": "analytics"})
    reconcile_with_a_bug(parts)
    assert parts.record.observations.is_ready is None
    (row,) = parts.send({"command": "status"})["results"]
    assert row["reason"].startswith("NOT READY")


# What passes by itself


@pytest.fixture
def proxy(parts):
    """What stands between the function and SSM and Secrets Manager."""
    with Proxy() as running:
        running.forward_to(parts.aws.port)
        parameters = SSMProvider(boto3_client=client_of("ssm", running))
        parts.instead["documents"] = Documents(parameters, parts.path, HOSTS)
        secrets = client_of("secretsmanager", running)
        parts.instead["secrets"] = SecretsProvider(boto3_client=secrets)
        yield running


def client_of(service, proxy):
    return boto3.client(
        service,
        endpoint_url=proxy.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


THROTTLED = Error("ThrottlingException", message="Rate exceeded")


def test_an_alarm_that_meets_a_throttled_ssm_is_sent_again(outage, proxy):
    proxy.spoil("GetParametersByPath", THROTTLED)
    with pytest.raises(LedgerUnavailable):
        outage.alarm()
    assert outage.alarm()[0]["decision"] == "submitted"


def test_a_throttled_ssm_does_not_keep_open_runs_open(outage, proxy):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        outage.let_pass(60)
        proxy.spoil("GetParametersByPath", THROTTLED)
        with pytest.raises(LedgerUnavailable):
            outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED


def test_an_alarm_that_meets_a_throttled_secret_is_pursued_a_minute_later(outage, proxy):
    proxy.spoil("GetSecretValue", THROTTLED)
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("blocked", "ledger_unavailable")
    assert result["retryable"]
    outage.send({"command": "reconcile"})
    assert (outage.record.run.state, outage.posts) == (RunState.SUBMITTED, 1)


def test_a_throttled_secret_is_nobodys_mistake(two, proxy):
    for nth in range(1, 20):
        proxy.spoil("GetSecretValue", THROTTLED, nth=nth)
    found = rows(two, "reconcile")
    assert {one["reason_code"] for one in found.values()} == {"unavailable"}
    assert told(two, "misconfigured") == []


class Busy:
    """A table's client that leaves keys unprocessed, so many times."""

    def __init__(self, client, times):
        self._client, self._left = client, times

    def __getattr__(self, name):
        return getattr(self._client, name)

    def batch_get_item(self, **given):
        ((table, asked),) = given["RequestItems"].items()
        if not self._left:
            return self._client.batch_get_item(**given)
        self._left -= 1
        now_, later = asked["Keys"][:1], asked["Keys"][1:]
        answer = self._client.batch_get_item(RequestItems={table: {**asked, "Keys": now_}})
        return {**answer, "UnprocessedKeys": {table: {**asked, "Keys": later}}}


def busy(parts, times):
    pauses = []
    client = Busy(parts.aws.client("dynamodb"), times)
    return Ledger(Table(client, parts.table, pauses.append)), pauses


def test_keys_that_the_table_leaves_out_are_asked_for_again_after_a_pause(two):
    ledger, pauses = busy(two, times=3)
    records = ledger.read_all([two.emulator.pair.id, TROUBLED])
    assert all(one.pair_state.armed for one in records.values())
    assert len(pauses) == 3
    assert all(0 < before < after for before, after in pairwise(pauses))


def test_keys_that_the_table_always_leaves_out_can_be_asked_for_in_a_minute(two):
    ledger, _ = busy(two, times=100)
    with pytest.raises(LedgerUnavailable):
        ledger.read_all([two.emulator.pair.id, TROUBLED])
