"""What a deployed function logs: at DEBUG nothing of a secret, and two stacks' words apart."""

import itertools
import json
from datetime import datetime

import pytest
from deployment import Deployment, InvocationFailed, behind_proxy, processes_of_function
from parts import bus_alarm, command
from processes import environment_of
from stored import arm, items, let_pass

from local.aws.troubles import Error
from local.dws import Emulator
from local.dws.auth.identity import Credentials
from local.dws.auth.tokens import Login

MARK = "hush"  # in every part of a secret
LOGIN = Login(f"{MARK}-user", f"{MARK}-password", f"{MARK}-domain")
PERMANENT = Credentials("HUSHAK0000000000EXAM", f"{MARK}Sk0000", login=LOGIN)
TEMPORARY = Credentials("HUSHAK0000000000TEMP", f"{MARK}Sk0001", f"{MARK}-security-token", LOGIN)
UNREADABLE = [
    f'{{"access_key_id": "{MARK}", "{MARK}-pasted-for-a-name": "{MARK}"}}',
    f'{{"access_key_id": "{MARK}',
]


def by_key(credentials, _url):
    document = {
        "access_key_id": credentials.access_key,
        "secret_access_key": credentials.secret_key,
        "security_token": credentials.security_token,
    }
    return {name: value for name, value in document.items() if value is not None}


def by_password(credentials, url):
    return {
        "username": credentials.username,
        "password": credentials.password,
        "domain": credentials.domain,
        "iam_endpoint": url,
    }


FORMS = {
    "an access key": (PERMANENT, by_key),
    "a temporary access key": (TEMPORARY, by_key),
    "a user and his tokens": (PERMANENT, by_password),
}


@pytest.fixture(scope="module")
def own_aws(aws, packaged):  # noqa: ARG001 - it has been packaged there
    """An AWS that can be in trouble for its functions."""
    with behind_proxy(aws, retry_after_s=0.1) as (own, proxy):
        yield own, proxy


class Story:
    """A whole failover with everything that goes wrong on its way, told at DEBUG."""

    def __init__(self, deployment, proxy, secret):
        self.deployment, self.proxy, self.secret = deployment, proxy, secret
        self.answers = []
        self._generations = itertools.count()

    def _configure(self, **variables):
        client = self.deployment.aws.client("lambda")
        name = self.deployment.physical_id("FailoverFunction")
        now = client.get_function_configuration(FunctionName=name)
        client.update_function_configuration(
            FunctionName=name,
            Environment={"Variables": {**now["Environment"]["Variables"], **variables}},
            LoggingConfig={**now["LoggingConfig"], "ApplicationLogLevel": "DEBUG"},
        )

    def set_debug(self):
        self._configure(POWERTOOLS_LOG_LEVEL="DEBUG")

    def put_secret(self, text):
        self.deployment.aws.client("secretsmanager").put_secret_value(
            SecretId=self.deployment.secret, SecretString=text
        )

    def forget(self):
        """Have the next invocation read everything anew."""
        self._configure(GENERATION=str(next(self._generations)))

    def say(self, event):
        try:
            self.answers.append(self.deployment.invoke(event))
        except InvocationFailed as failed:
            self.answers.append([failed.name, str(failed)])

    def alarm(self):
        self.say(bus_alarm(f"{self.deployment.stack}-outage-analytics"))

    def take_place(self):
        """Unreadable secrets, 401, SNS down, an order whose fate is unknown, and its proven end."""
        emulator = self.deployment.emulator
        self.put_secret(json.dumps(self.secret))
        self.say({"command": "reconcile"})
        emulator.break_production()
        for text in UNREADABLE:
            self.put_secret(text)
            self.forget()
            self.say(command())
            self.say({"command": "status"})
        self.put_secret(json.dumps(self.secret))
        self.forget()
        self.proxy.spoil("GetSecretValue", Error("DecryptionFailure"))
        self.alarm()
        for read in ("detail", "list"):
            emulator.fault(read, "respond", status=401, times=None)
        self.say({"command": "rehearse", "pair": "analytics"})
        emulator.clear_faults()
        emulator.revoke_tokens()
        emulator.fault("failover", "respond", status=401)
        self.proxy.take_down("sns", Error("InternalError", 500))
        self.alarm()
        self.proxy.bring_back("sns")
        for _ in range(4):
            let_pass(self.deployment, 61)
            self.say({"command": "reconcile"})
        self.say({"command": "status"})
        self.say({"command": "verify", "pair": "analytics"})

    def results(self):
        """All results of all answers."""
        flat = [one.get("results", [one]) for one in self.answers if isinstance(one, dict)]
        return [result for some in flat for result in some]

    def everything(self):
        """What is left of it wherever people look."""
        notices = [vars(notice) for notice in self.deployment.notices()]
        told = [
            *self.deployment.logs(),
            json.dumps([notices, items(self.deployment), self.answers]),
        ]
        return "\n".join(told)


@pytest.fixture(scope="module", params=FORMS)
def story(request, own_aws, built, packaged):
    own, proxy = own_aws
    credentials, form = FORMS[request.param]
    proxy.clear()
    with (
        Emulator(sync_every_s=1, credentials=credentials) as emulator,
        Deployment(own, built, packaged, emulator) as deployment,
    ):
        told = Story(deployment, proxy, form(credentials, emulator.url))
        told.set_debug()
        emulator.vary(switching_s=0.2)
        deployment.put_pair(production_down_for_s=0)
        arm(deployment)
        told.take_place()
        told.text = told.everything()
        yield told


def test_the_failover_is_told_at_debug_from_its_errors_to_its_end(story):
    lines = [json.loads(line) for line in story.deployment.logs() if line.startswith("{")]
    assert {"DEBUG", "INFO", "ERROR"} <= {line.get("level") for line in lines}
    for known in ("not valid JSON", "DecryptionFailure", "notice not published"):
        assert known in story.text
    codes = {answer["reason_code"] for answer in story.results()}
    assert {"invalid_credentials", "accepted", "seen_exchanged", "provider_denied"} <= codes


def test_nothing_of_a_secret_is_in_logs_notices_table_or_answers(story):
    assert MARK not in story.text.lower()


def test_no_token_of_the_provider_is_there(story):
    tokens = story.deployment.emulator._world.tokens._issued
    assert [one for one in tokens if one in story.text] == []
    if "username" in story.secret:
        assert len(tokens) > 1


def test_no_signature_is_there(story):
    assert "SDK-HMAC-SHA256" not in story.text


def test_nothing_of_the_functions_own_credentials_is_there(story):
    (pid, *_) = processes_of_function(story.deployment)
    own = environment_of(pid)
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        assert own[name]
        assert own[name] not in story.text


def test_every_line_has_a_time_that_lambda_understands(story):
    """Lambda Developer Guide, "Log-level filtering": of another its level is taken for INFO."""
    lines = [json.loads(line) for line in story.deployment.logs() if '"level"' in line]
    assert lines
    for line in lines:
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None


def test_what_it_counts_and_logs_carries_the_name_of_its_stack(story):
    """So that two stacks' alarms hear their own metrics only."""
    lines = [json.loads(line) for line in story.deployment.logs() if line.startswith("{")]
    counted = [line for line in lines if "_aws" in line]
    sets = [one["Dimensions"] for line in counted for one in line["_aws"]["CloudWatchMetrics"]]
    assert sets
    assert all("service" in names for named in sets for names in named)
    assert {line["service"] for line in lines if "service" in line} == {story.deployment.stack}
