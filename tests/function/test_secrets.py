"""Nothing of a secret is ever shown, and a secret goes to nobody whom it is not for."""

import io
import json
import logging
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from botocore.config import Config
from hosts import HOSTS
from parts import access_key
from places import ROOT
from smn_url import Url

from handler import app
from handler.aws.credentials import load_credentials
from handler.aws.telemetry import logger
from handler.dws.auth import AccessKey, SignedAuth, TokenAuth, Tokens, User
from handler.dws.client import Dws, Unreadable
from handler.dws.http import Transport
from handler.dws.reply import Reply
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.model.schema import validate
from local.aws.proxy import Proxy
from local.aws.troubles import Drop, Error
from local.smn import Smn

KEY = AccessKey("HPUAKEYIDENTIFIER001", "hush-secret-key", "hush-security-token")
USER = User("hush-user", "hush-domain", "https://iam.eu-west-101.hush.example", "hush-password")


def clock():
    return datetime.now(UTC)


@pytest.fixture
def wire():
    made = Transport(HOSTS)
    yield made
    made.close()


def connected(emulator, wire, credentials):
    return Dws(
        wire,
        emulator.url,
        emulator.project_id,
        UTC,
        lambda _renew: credentials,
        Tokens(wire, clock),
        clock,
    )


def user_of(emulator, **changes):
    login = emulator.credentials.login
    user = User(login.username, login.domain, emulator.url, login.password)
    return replace(user, **changes)


# What is shown


@pytest.mark.parametrize(
    "what",
    [
        KEY,
        USER,
        SignedAuth(KEY, clock),
        TokenAuth("hush-token", USER),
        Tokens(None, clock),
        Reply(201, b"hush", None, {"x-subject-token": "hush"}, ("hush",), ("hush",)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_nothing_of_a_secret_is_in_a_representation(what):
    assert "hush" not in repr(what) + str(what)
    assert "HPUA" not in repr(what)


PASTED = "hush\nwJalrXUtnFEMIK7MDENG"


@pytest.mark.parametrize(
    "document",
    [
        {PASTED: "x"},
        {"access_key_id": "AK", "secret_access_key": "SK", PASTED: ""},
        {"username": "u", "password": "p", PASTED: "x"},
        {"username": "u", "password": "p", "domain": "d", "iam_endpoint": PASTED},
        {"access_key_id": PASTED, "secret_access_key": [PASTED]},
        {"access_key_id": {PASTED: PASTED}, "secret_access_key": "SK"},
        [PASTED],
        PASTED,
    ],
    ids=lambda one: str(one)[:50],
)
def test_a_fault_of_a_secret_shows_neither_its_values_nor_its_field_names(document):
    faults = validate(document, "credentials", secret=True)
    assert faults
    assert "hush" not in str(faults)


@pytest.mark.parametrize("key", ["a\nWhat to do:", "\u202ekey", "x" * 5000, "it's"])
def test_a_strange_field_name_in_a_pairs_document_is_one_short_line(key):
    for document in ({key: 1}, {"probes": {key: 5}}):
        faults = validate(document, "pair")
        assert all(fault.isprintable() and len(fault) < 500 for fault in faults)


@pytest.mark.parametrize("status", [401, 403, 500])
@pytest.mark.parametrize("word", ["id", "security_token"])
def test_what_a_provider_repeats_of_our_credentials_is_blotted_out(emulator, wire, status, word):
    said = f"Incorrect IAM authentication information: ak {getattr(KEY, word)} not exist"
    body = {"error_code": "APIGW.0301", "error_msg": said}
    for operation in ("detail", "failover"):
        emulator.fault(operation, "respond", times=None, status=status, body=body)
    dws = connected(emulator, wire, KEY)
    with pytest.raises(Unreadable) as raised:
        dws.detail(emulator.pair.id, 5)
    answer = dws.fail_over(emulator.pair.id, 5)
    for text in (str(raised.value), answer.sentence):
        assert "ak *** not exist" in text
        assert getattr(KEY, word) not in text


def test_what_a_provider_repeats_of_a_token_is_blotted_out(emulator, wire):
    user = user_of(emulator)
    dws = connected(emulator, wire, user)
    token = dws.tokens.get(user, emulator.project_id, _deadline(), renew=False)
    body = {"error_code": "E.1", "error_msg": f"{token} of {user.name} at {user.domain} is bad"}
    emulator.fault("detail", "respond", status=403, body=body)
    with pytest.raises(Unreadable) as raised:
        dws.detail(emulator.pair.id, 5)
    assert "*** of *** at *** is bad" in str(raised.value)


def escaped(text):
    return "".join(f"\\u{ord(one):04x}" for one in text)


def test_a_key_that_the_provider_writes_in_jsons_escapes_shows_nowhere(emulator, wire):
    """As a state of a cluster, and as the code of an error."""
    pair, dws = emulator.pair, connected(emulator, wire, KEY)
    state = f'{{"cluster": {{"id": "{pair.production_id}", "status": "{escaped(KEY.id)}"}}}}'
    emulator.fault("cluster", "respond", status=200, body=state)
    refusal = f'{{"error_code": "DWS.{escaped(KEY.id)}", "error_msg": "{escaped(KEY.secret)}"}}'
    emulator.fault("failover", "respond", status=403, body=refusal)
    answer = dws.fail_over(pair.id, 5)
    assert dws.cluster(pair.production_id, 5).status == "***"
    assert (answer.reason_code, "***" in answer.sentence) == ("http_403", True)
    assert KEY.id not in answer.sentence + answer.reason_code


CODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-32", "utf-8-sig")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_key_is_blotted_out_however_an_answer_is_coded(coding):
    body = json.dumps({"a": [{"b": f"see {KEY.id}"}]}).encode(coding)
    assert Reply(200, body, None, {}, (KEY.id,), (KEY.id,)).read(dict) == {"a": [{"b": "see ***"}]}


WORDS = ("failover", "disaster_recovery", "READONLY", "AVAILABLE", "running", "ada", "cluster")


@pytest.mark.parametrize("word", WORDS)
def test_what_the_provider_says_is_read_though_its_words_are_names_of_ours(emulator, wire, word):
    """Of the user, or of its domain."""
    pair, token = emulator.pair, {"X-Subject-Token": emulator.issue_token()}
    emulator.fault("token", "respond", times=None, status=201, headers=token, body="{}")
    dws = connected(emulator, wire, user_of(emulator, name=word, domain=word))
    emulator.set_cluster(pair.standby_id, sub_status="READONLY")
    assert dws.detail(pair.id, 5).status == "running"
    assert dws.cluster(pair.standby_id, 5).sub_statuses == {"READONLY"}
    assert dws.fail_over(pair.id, 5).meaning == "submitted"
    assert "beginFailoverDisasterRecovery" in {one.name for one in dws.events(pair.id, 5)}


def test_a_password_that_is_a_word_of_the_providers_hides_no_field(emulator, wire):
    token = {"X-Subject-Token": emulator.issue_token()}
    emulator.fault("token", "respond", times=None, status=201, headers=token, body="{}")
    dws = connected(emulator, wire, user_of(emulator, password="disaster_recovery"))
    assert dws.detail(emulator.pair.id, 5).status == "running"


def _deadline():
    from handler.dws.departure import Deadline

    return Deadline(5)


@pytest.mark.parametrize(
    "key",
    [AccessKey("AK", "S\ud800K"), AccessKey("AK\nhush", "SK"), AccessKey("AK", "S", "hush\n")],
)
def test_credentials_that_fit_in_no_header_show_nothing_and_are_not_sent(emulator, wire, key):
    """A secret's schema refuses them; whatever comes past it goes nowhere."""
    emulator.break_production()
    answer = connected(emulator, wire, key).fail_over(emulator.pair.id, 5)
    assert answer.meaning in ("not_started", "unknown")
    assert "hush" not in answer.sentence
    assert emulator.failover_posts == []


def test_iam_that_cannot_be_reached_is_not_named(emulator, wire):
    user = user_of(emulator, iam_endpoint="http://127.0.0.1:9")
    answer = connected(emulator, wire, user).fail_over(emulator.pair.id, 5)
    assert "no token from IAM (ConnectError" in answer.sentence
    assert "127.0.0.1" not in answer.sentence


def test_iam_at_a_host_that_cannot_be_is_not_named(emulator, wire):
    user = user_of(emulator, iam_endpoint="https://iam.a..hush.example")
    dws = replace(connected(emulator, wire, user), endpoint="https://dws.a..hush.example")
    answer = dws.fail_over(emulator.pair.id, 5)
    assert (answer.meaning, "hush" in answer.sentence) == ("not_started", False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        {"token": []},
        {"token": {"expires_at": "0001-01-01T00:00:00Z"}},
        {"token": {"expires_at": "9999-12-31T23:59:59Z"}},
        {"token": {"expires_at": "2000-01-01T00:00:00Z"}},
        {"token": {"expires_at": 10**4000}},
        {},
    ],
    ids=lambda body: str(body)[:50],
)
def test_a_token_whose_end_cannot_be_told_is_used_and_not_kept(emulator, wire, body):
    token = emulator.issue_token()
    for _ in range(2):
        body = body.decode() if isinstance(body, bytes) else body
        header = {"X-Subject-Token": token}
        emulator.fault("token", "respond", status=201, headers=header, body=body)
    dws = connected(emulator, wire, user_of(emulator))
    assert [dws.detail(emulator.pair.id, 5).status for _ in range(2)] == ["running"] * 2
    assert [call.operation for call in emulator.journal].count("token") == 2


def test_a_token_that_ends_in_a_thousand_years_is_renewed_after_a_day(emulator, wire):
    header, body = (
        {"X-Subject-Token": emulator.issue_token()},
        {"token": {"expires_at": "3026-01-01T00:00:00Z"}},
    )
    emulator.fault("token", "respond", times=None, status=201, headers=header, body=body)
    days = [0]

    def later():
        from datetime import timedelta

        return clock() + timedelta(days=days[0])

    tokens, user = Tokens(wire, later), user_of(emulator)
    for day in (0, 0.9, 1.0):
        days[0] = day
        tokens.get(user, emulator.project_id, _deadline(), renew=False)
    assert [call.operation for call in emulator.journal].count("token") == 2


# Where a token goes


@pytest.mark.parametrize(
    ("iam", "host", "may"),
    [
        ("https://iam.eu-west-101.myhuaweicloud.eu", "dws.eu-west-101.myhuaweicloud.eu", True),
        ("https://iam.eu-west-101.myhuaweicloud.eu/", "dws.eu-west-102.myhuaweicloud.eu", True),
        ("https://iam.myhuaweicloud.com", "dws.cn-north-4.myhuaweicloud.com", True),
        ("https://IAM.MyHuaweiCloud.com.", "DWS.cn-north-4.myhuaweicloud.COM.", True),
        ("https://iam.eu-de.otc.t-systems.com", "dws.eu-de.otc.t-systems.com", True),
        ("https://one.example.com:31943", "one.example.com", True),
        ("http://127.0.0.1:8000", "127.0.0.1", True),
        ("http://localhost:8000", "127.0.0.1", True),
        ("http://[::1]:8000", "localhost", True),
        ("https://iam.eu-west-101.myhuaweicloud.eu", "dws.eu-west-101.myhuaweicloud.com", False),
        ("https://iam.eu-west-101.myhuaweicloud.eu", "myhuaweicloud.eu.example.com", False),
        ("https://iam.eu-west-101.myhuaweicloud.eu", "evilmyhuaweicloud.eu", False),
        ("https://iam.eu-west-101.myhuaweicloud.eu", "127.0.0.1", False),
        ("http://127.0.0.1:8000", "dws.example.com", False),
        ("https://iam.com", "dws.com", False),
        ("https://myhuaweicloud.com", "dws.com", False),
        ("https://iam.my-cloud-1.com", "dws.com", False),
        ("https://10.0.0.1", "10.0.0.2", False),
        ("https://10.1.0.0.1", "9.1.0.0.1", False),
    ],
)
def test_a_token_goes_only_to_hosts_under_its_own_iams_domain(iam, host, may):
    assert replace(USER, iam_endpoint=iam).may_ask(host) is may


def test_what_is_for_another_provider_is_refused_before_anything_is_sent(emulator, wire):
    dws = connected(emulator, wire, USER)
    with pytest.raises(InvalidSettings, match="no token may go there"):
        dws.check_credentials()
    with pytest.raises(Unreadable) as raised:
        dws.detail(emulator.pair.id, 5)
    answer = dws.fail_over(emulator.pair.id, 5)
    assert (raised.value.code, raised.value.is_transient) == ("denied", False)
    assert (answer.meaning, "hush" in answer.sentence) == ("not_started", False)
    assert emulator.journal == []


# What is logged


@pytest.fixture
def everything(caplog):
    """All that is logged at the most talkative level, by a function and its root logger."""
    before, written = logger.level, io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    caplog.set_level(1)
    logger.setLevel(logging.DEBUG)
    yield lambda: caplog.text + written.getvalue()
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_no_log_at_any_level_shows_an_access_key(outage, everything):
    (result,) = outage.alarm()
    outage.send({"command": "reconcile"})
    assert result["decision"] == "submitted"
    shown = everything()
    assert "decided" in shown
    for secret in access_key(outage.emulator).values():
        assert secret not in shown


def test_no_log_at_any_level_shows_a_user_or_a_token(outage, everything):
    user = user_of(outage.emulator)
    outage.put_secret(
        f"{outage.name}/credentials",
        username=user.name,
        password=user.password,
        domain=user.domain,
        iam_endpoint=user.iam_endpoint,
    )
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    (pair,) = app.adapters().pairs().good
    dws = app.adapters().connect(pair)
    token = dws.tokens.get(user, dws.project_id, _deadline(), renew=False)
    shown = everything()
    for secret in (user.password, token):
        assert secret not in shown


def test_no_log_at_any_level_shows_the_token_of_a_confirmation(tmp_path, monkeypatch, everything):
    with Smn(tmp_path) as smn:
        for name, value in smn.environment.items():
            monkeypatch.setenv(name, value)
        assert Url().post(smn.confirmation()) == (200, "confirmed")
        (path,) = (path for path in smn.asked if "token=" in path)
    shown = everything()
    assert "confirmed" in shown
    assert path.partition("token=")[2].partition("&")[0] not in shown


def test_smns_function_never_logs_its_event():
    """Not even where Powertools is told to by its environment, for all functions of an account."""
    code = (
        "from types import SimpleNamespace as Context\n"
        "from handler.smn import app\n"
        "context = Context(function_name='f', memory_limit_in_mb=1, invoked_function_arn='a',"
        " aws_request_id='r')\n"
        "app.lambda_handler({'body': 'hush', 'isBase64Encoded': False}, context)\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "src",
        "POWERTOOLS_LOGGER_LOG_EVENT": "true",
        "POWERTOOLS_LOG_LEVEL": "DEBUG",
        "SMN_TOPIC_URNS": f"urn:smn:eu-west-101:{'0' * 32}:t",
        "SMN_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/q",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "smn message" in done.stdout
    assert "hush" not in done.stdout + done.stderr


# Secrets Manager in trouble


@pytest.fixture
def proxy(aws):
    with Proxy() as running:
        running.forward_to(aws.port)
        yield running


@pytest.fixture
def secrets(proxy):
    client = boto3.client(
        "secretsmanager",
        endpoint_url=proxy.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1),
    )
    return SecretsProvider(boto3_client=client)


BUSY = [
    Error("ThrottlingException", message="Rate exceeded"),
    Error("TooManyRequestsException"),
    Error("RequestLimitExceeded"),
    Error("Anything", 429),
    Error("InternalServiceError", 500),
    Error("Anything", 503),
    Drop(),
]
NO = [
    Error("ResourceNotFoundException"),
    Error("AccessDeniedException"),
    Error("DecryptionFailure"),
    Error("InvalidRequestException"),
]


def test_that_a_secret_is_missing_is_said_in_words_of_ours(proxy, secrets):
    proxy.spoil("GetSecretValue", Error("ResourceNotFoundException"))
    with pytest.raises(InvalidSettings) as raised:
        load_credentials(secrets, "some/name", HOSTS, renew=False)
    assert str(raised.value) == (
        "secret some/name does not exist in this account and region: create it, or correct its name"
    )


def test_what_aws_says_of_a_secret_ends_with_no_full_stop_of_its_own(proxy, secrets):
    proxy.spoil("GetSecretValue", Error("AccessDeniedException", message="Not for you."))
    with pytest.raises(InvalidSettings, match=r"cannot be read: .*Not for you$"):
        load_credentials(secrets, "some/name", HOSTS, renew=False)


@pytest.mark.parametrize("trouble", BUSY, ids=str)
def test_a_secret_that_cannot_be_read_now_may_be_read_in_a_minute(proxy, secrets, trouble):
    proxy.spoil("GetSecretValue", trouble)
    with pytest.raises(LedgerUnavailable, match="secret some/name cannot be read"):
        load_credentials(secrets, "some/name", HOSTS, renew=False)


def test_a_secret_that_cannot_be_asked_for_may_be_read_in_a_minute():
    client = boto3.client(
        "secretsmanager",
        endpoint_url="http://127.0.0.1:9",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(LedgerUnavailable):
        load_credentials(SecretsProvider(boto3_client=client), "some/name", HOSTS, renew=False)


@pytest.mark.parametrize("trouble", NO, ids=str)
def test_a_secret_that_is_missing_or_denied_is_a_wrong_deployment(proxy, secrets, trouble):
    proxy.spoil("GetSecretValue", trouble)
    with pytest.raises(InvalidSettings):
        load_credentials(secrets, "some/name", HOSTS, renew=False)


@pytest.mark.parametrize("text", ["{", '{"hush": 1}', '{"access_key_id": "hush\\n"}', "[" * 9999])
def test_a_secret_of_another_shape_is_a_wrong_deployment(aws, secrets, text):
    name = f"secrets/{uuid.uuid4().hex}"
    aws.client("secretsmanager").create_secret(Name=name, SecretString=text)
    with pytest.raises(InvalidSettings) as raised:
        load_credentials(secrets, name, HOSTS, renew=False)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize("trouble", [*BUSY, *NO], ids=str)
def test_a_read_without_credentials_is_unreadable_and_an_order_is_not_sent(
    emulator, wire, proxy, secrets, trouble
):
    def load(renew):
        proxy.spoil("GetSecretValue", trouble)
        return load_credentials(secrets, "some/name", HOSTS, renew=renew)

    dws = replace(connected(emulator, wire, KEY), credentials=load)
    with pytest.raises(Unreadable) as raised:
        dws.detail(emulator.pair.id, 5)
    assert raised.value.is_transient is (trouble in BUSY)
    assert raised.value.code == ("unavailable" if trouble in BUSY else "denied")
    answer = dws.fail_over(emulator.pair.id, 5)
    assert (answer.meaning, answer.reason_code) == ("not_started", "not_sent")
    assert emulator.journal == []
