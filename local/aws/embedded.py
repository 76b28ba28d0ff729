"""Starts the embedded AWS as a process of its own and speaks to it."""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import boto3
import botocore.session
from botocore.config import Config

from local.aws.processes import Program, free_port, wait_for_port

ACCOUNT = "000000000000"
REGION = "us-east-1"
ROOT = Path(__file__).parents[2]
_START_S = 180.0  # a cold start of several at once, on a busy machine
_HOST = frozenset({
    "PATH", "LANG", "SSL_CERT_FILE", "XDG_CONFIG_HOME",
    "PIP_CERT", "PIP_CONFIG_FILE", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_TRUSTED_HOST",
    "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
})  # fmt: skip


class EmbeddedAws:
    """An AWS with one account and no past; ends with the `with` block.

    Args:
        auth: enforce IAM policies.
        gaps: fill only these gaps of ministack (for the tests of the gaps themselves).
        concurrency: how many functions run at once; one more is throttled. Each takes about 50 MB.
        retry_after_s: the wait before an asynchronous event is tried again; it doubles.
        wait_scale: what the waits of state machines are multiplied by.
        minute_s: how long a minute of schedules and of alarms' periods lasts.
        functions_endpoint: where functions find AWS, if something stands before it.
    """

    def __init__(
        self,
        *,
        auth: bool = True,
        gaps: Sequence[str] | None = None,
        concurrency: int = 16,
        retry_after_s: float = 1,
        wait_scale: float = 1,
        minute_s: float = 60,
        functions_endpoint: str | None = None,
    ) -> None:
        self.port = free_port()
        self._options = [
            "--auth" if auth else "--no-auth",
            f"--concurrency={concurrency}",
            f"--retry-after={retry_after_s}",
            f"--wait-scale={wait_scale}",
            f"--minute={minute_s}",
            *([f"--functions-endpoint={functions_endpoint}"] if functions_endpoint else []),
            *([] if gaps is None else ["--gaps", *gaps]),
        ]
        self._session = _own_session()
        self._folder = tempfile.TemporaryDirectory(prefix="dws-failover-")
        self.folder = Path(self._folder.name)
        self._program: Program | None = None
        self._clients: dict[str, Any] = {}

    def __enter__(self) -> Self:
        env = {**_host(self.folder), "PYTHONPATH": str(ROOT)}
        self._program = Program(self._command(), env, self.folder / "aws.log", is_tied=True)
        try:
            wait_for_port(self.port, self._program, _START_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._program:
                self._program.stop()
        finally:
            self._folder.cleanup()

    def _command(self) -> list[str]:
        """What is started; it ends when its standard input does."""
        tied = ["-m", "local.aws", "--tied", "--port", str(self.port)]
        return [sys.executable, *tied, *self._options]

    @property
    def session(self) -> int:
        """The session of its process and of all that it has started.

        Raises:
            RuntimeError: it is not started.
        """
        if self._program is None:
            raise RuntimeError("the embedded AWS is not started")
        return self._program.session

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What AWS tools need in their environment to speak to it as its owner, and little else."""
        return {
            **_host(self.folder),
            "AWS_ENDPOINT_URL": self.endpoint,
            # Some calls go to `sync-<host>`, which is no name of this machine.
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "SAM_CLI_TELEMETRY": "0",
        }

    def client(self, service: str, role_arn: str | None = None) -> Any:
        """A boto3 client, as the owner, who keeps it, or as a role."""
        if role_arn:
            return self._make_client(service, role_arn)
        # To make one takes as long as a dozen calls, and threads may share it.
        if service not in self._clients:
            self._clients[service] = self._make_client(service)
        return self._clients[service]

    def _make_client(self, service: str, role_arn: str | None = None) -> Any:
        keys = {"AccessKeyId": "test", "SecretAccessKey": "test"}
        if role_arn:
            sts = self.client("sts")
            keys = sts.assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
        make: Any = self._session.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=Config(proxies={}, inject_host_prefix=False),
        )

    def logs(self, group: str) -> list[str]:
        """The messages in a log group, in order."""
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]


def _own_session() -> boto3.Session:
    """A session that reads no file and no profile of whoever runs this."""
    unread = (None, None, None, None)
    nowhere = (None, None, os.devnull, None)
    return boto3.Session(
        botocore_session=botocore.session.Session(
            {"profile": unread, "config_file": nowhere, "credentials_file": nowhere}
        )
    )


def _host(folder: Path) -> dict[str, str]:
    """What is taken over from the host: its programs and its way to the package index."""
    kept = {name: value for name, value in os.environ.items() if name in _HOST}
    not_by_proxy = ",".join(filter(None, ["127.0.0.1", os.environ.get("NO_PROXY")]))
    return {
        "XDG_CONFIG_HOME": str(Path.home() / ".config"),  # where pip looks for its index
        **kept,
        "NO_PROXY": not_by_proxy,
        "no_proxy": not_by_proxy,
        "HOME": str(folder),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "TMPDIR": str(folder),
    }
