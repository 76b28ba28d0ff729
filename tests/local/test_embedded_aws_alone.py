"""The embedded AWS as a program: started by hand, stopped, and left alone by what started it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import boto3
import pytest
from places import ROOT
from processes import processes_of

from local.aws import EmbeddedAws
from local.aws.processes import Failed, free_port

COMMAND = [sys.executable, "-m", "local.aws"]


@pytest.fixture
def started(tmp_path):
    """The program in the foreground, and what it printed once it could be used."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    program = subprocess.Popen(
        [*COMMAND, "--port", "0"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    with program:
        yield program, "".join(lines_until(program.stdout, "SECRET"))
        program.kill()


def lines_until(stream, word):
    for line in stream:
        yield line
        if word in line:
            return


def is_true_within(seconds, condition):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


def test_what_it_prints_is_what_one_needs_to_use_it(started):
    variables = dict(re.findall(r"(AWS_\w+)=(\S+)", started[1]))
    s3 = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_DEFAULT_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    assert s3.list_buckets()["Buckets"] == []


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_it_stops_when_told_and_leaves_no_file(started, tmp_path, kind):
    program, _ = started
    program.send_signal(kind)
    assert program.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert answer.returncode == 2
    assert f"port {port}: Address already in use" in answer.stderr
    assert answer.stdout == ""


def test_it_and_its_functions_end_with_the_program_that_started_it_even_if_killed(tmp_path):
    code = (
        "import sys\nfrom local.aws import EmbeddedAws\n"
        "from functions import a_function, called\n"
        "with EmbeddedAws() as aws:\n"
        "    called(aws, a_function(aws))\n"
        "    print(aws.session, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": "tests/support:src"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with program:
        leader = int(program.stdout.readline())
        program.kill()
        program.wait(10)
        assert is_true_within(10, lambda: not processes_of(leader))


def test_one_that_cannot_start_says_why():
    aws = EmbeddedAws()
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Failed, match="Address already in use"),
    ):
        start_on(aws, taken.getsockname()[1])


def start_on(aws, port):
    """Start where another already binds, but looks for it where nobody answers."""
    aws._options.append(f"--port={port}")
    aws.__enter__()


def test_the_profile_and_the_proxy_of_whoever_runs_it_do_not_matter(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_PROFILE", "of-nobody")
    with EmbeddedAws() as running:
        assert running.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert "127.0.0.1" in running.environment["NO_PROXY"].split(",")
        assert "AWS_PROFILE" not in running.environment
