"""How the embedded AWS runs functions: side by side, promptly, and as its options say."""

import subprocess
import sys
import threading
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from functions import (
    a_function_that_shows_its_values,
    a_role,
    called,
    still_needed,
)
from places import ROOT

from local.aws import EmbeddedAws


def test_a_function_has_the_endpoint_the_time_zone_and_the_log_format(aws):
    values = called(aws, a_function_that_shows_its_values(aws))
    assert values["AWS_ENDPOINT_URL"] == aws.endpoint
    assert values["TZ"] == ":UTC"
    assert values["AWS_LAMBDA_LOG_FORMAT"] == "JSON"
    assert values["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert values["AWS_SESSION_TOKEN"] != ""


class TestLogLevel:
    """Lambda sets it where the format is JSON; ministack never does."""

    def test_a_function_has_the_log_level_of_its_configuration(self, aws):
        arn = a_function_that_shows_its_values(aws)
        logging = {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"}
        aws.client("lambda").update_function_configuration(FunctionName=arn, LoggingConfig=logging)
        assert called(aws, arn)["AWS_LAMBDA_LOG_LEVEL"] == "DEBUG"

    def test_where_none_is_configured_it_is_info(self, aws):
        assert called(aws, a_function_that_shows_its_values(aws))["AWS_LAMBDA_LOG_LEVEL"] == "INFO"

    def test_of_text_none_is_known(self, aws):
        arn = a_function_that_shows_its_values(aws)
        logging = {"LogFormat": "Text"}
        aws.client("lambda").update_function_configuration(FunctionName=arn, LoggingConfig=logging)
        assert "AWS_LAMBDA_LOG_LEVEL" not in called(aws, arn)

    def test_is_still_needed(self):
        with EmbeddedAws(auth=False, gaps=[]) as plain:
            seen = called(plain, a_function_that_shows_its_values(plain))
        still_needed("AWS_LAMBDA_LOG_LEVEL" not in seen, "runtime")


def test_invocations_run_side_by_side(aws):
    arn = a_function_that_shows_its_values(aws)
    started = time.monotonic()
    threads = [
        threading.Thread(target=called, args=(aws, arn), kwargs={"sleep_s": 4}) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started < 4 * 4


def test_one_more_than_may_run_at_once_is_throttled():
    with EmbeddedAws(auth=False, concurrency=1) as running:
        arn, second = a_function_that_shows_its_values(running), once(running)
        first = threading.Thread(target=called, args=(running, arn), kwargs={"sleep_s": 4})
        first.start()
        time.sleep(1)
        with pytest.raises(ClientError, match="TooManyRequests"):
            second.invoke(FunctionName=arn)
        first.join()


def once(aws):
    """A client that does not try again."""
    return boto3.client(
        "lambda", endpoint_url=aws.endpoint, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


class TestPromptRuntime:
    def test_the_runtime_api_answers_without_delay(self):
        assert waits_for_acknowledgements("runtime", "prompt-runtime") == "False"

    def test_is_still_needed(self):
        still_needed(waits_for_acknowledgements("runtime") == "True", "prompt-runtime")


def waits_for_acknowledgements(*gaps):
    """Whether Nagle's algorithm is on where a function fetches its events."""
    code = (
        "import queue, sys\nfrom local.aws.gaps import GAPS\n"
        "for name in sys.argv[1:]: GAPS[name]()\n"
        "from ministack.core.lambda_runtime import ProvidedWorker\n"
        "handler = ProvidedWorker._build_handler_class(None, 1, queue.Queue())\n"
        "print(not handler.disable_nagle_algorithm)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, *gaps], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


class TestParametersByPathWithASlashAtItsEnd:
    """AWS keeps the slash: the path without it is another resource."""

    def test_the_policy_of_the_path_alone_does_not_allow_it(self, aws):
        ssm = aws.client("ssm", role_arn=reader_of(aws, "parameter/own/pairs"))
        with pytest.raises(ClientError, match="AccessDenied"):
            ssm.get_parameters_by_path(Path="/own/pairs/")

    def test_the_policy_of_all_below_it_does(self, aws):
        ssm = aws.client("ssm", role_arn=reader_of(aws, "parameter/own/none/*"))
        assert ssm.get_parameters_by_path(Path="/own/none/")["Parameters"] == []


def reader_of(aws, resource):
    arn = f"arn:aws:ssm:us-east-1:000000000000:{resource}"
    who = {"AWS": "arn:aws:iam::000000000000:root"}
    return a_role(aws, who, "ssm:GetParametersByPath", arn)
