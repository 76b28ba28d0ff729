"""The commands of README.md and docs/, and a reader who runs them as they stand in an empty clone."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from places import ROOT

from local.aws.deploy import sam_cli

# As one reads them: the README, then what it links to; how to leave stands at the very end.
FIRST, LAST = "README.md", "docs/deployment.md"
STACK = "dws-failover"
CONFIG = "samconfig.local.toml"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r' *"(\w+)=.*",\n')
PLACEHOLDER = re.compile(r"<([A-Za-z][\w .*-]*)>")
WITHIN_S = 900
LOOPBACK = '  "AllowedProviderHosts=127.0.0.1",\n'
OTHERS = {
    "disaster_recovery_id of orders": "f7a2c1d0-0000-4d4d-8d8d-0000000000e1",
    "DisasterRecoveryId of the trial": "f7a2c1d0-0000-4d4d-8d8d-0000000000e2",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    number: int
    language: str
    text: str

    @property
    def first_line(self):
        return self.text.splitlines()[0].strip()

    @property
    def name(self):
        return f"{self.page} {self.number}: {self.first_line}"


@dataclass(frozen=True)
class Ran:
    """What has become of a block's commands."""

    code: int
    output: str
    stack: dict  # the outputs that the reader knows then


def all_pages():
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")}
    return [FIRST, *sorted(there - {LAST}), LAST]


def blocks(*languages):
    """The blocks of the pages, as one reads them: of these languages, or all."""
    return [
        Block(page, number, language, textwrap.dedent(text))
        for page in all_pages()
        for number, (_, language, text) in enumerate(BLOCK.findall((ROOT / page).read_text()), 1)
        if not languages or language in languages
    ]


class Reader:
    """Follows the pages. Puts in ids, outputs, the endpoint and this Python; changes nothing else."""

    def __init__(self, aws, emulator, folder):
        self.clone = folder / "clone"
        copy_tree(self.clone)
        self._aws, self._environment = aws, environment(aws, folder)
        self._known = {**ids(emulator), **neighbours(aws)}

    def follow(self, block):
        """Run a block of commands, or write a block of settings into the configuration."""
        text = self._filled(block.text)
        if block.language == "toml":
            self._configure(text)
            return Ran(0, text, dict(self._known))
        # Whoever is asked says yes: SAM before it changes or deletes a stack.
        ran = self.run(text, "y\n" * 100_000)
        if "cp samconfig.toml" in text:
            self._rewrite(self._filled)
        return ran

    def run(self, text, answers):
        """Run commands in the clone, and answer what they ask."""
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=self.clone, env=self._environment,
            input=answers, capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
        return Ran(ran.returncode, f"{ran.stdout}\n{ran.stderr}", outputs(self._aws))

    def configuration(self, name=CONFIG):
        return tomllib.loads((self.clone / name).read_text())

    def _configure(self, text):
        """Add an environment, or set entries of the parameters of the first one."""
        if text.startswith("["):
            self._rewrite(lambda before: f"{before}\n{text}")
            return
        for line in text.splitlines(keepends=True):
            self._rewrite(with_entry, line)

    def _rewrite(self, change, *new):
        path = self.clone / CONFIG
        path.write_text(change(path.read_text(), *new))

    def _filled(self, text):
        self._known |= outputs(self._aws)
        filled = PLACEHOLDER.sub(lambda found: self._known.get(found[1], found[0]), text)
        runtime = f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}"
        filled = filled.replace("PythonRuntime=python3.13", runtime)
        # The endpoint here is loopback, which has to be named.
        return re.sub(r'^( *"DwsEndpoint=.*",\n)', rf"\1{LOOPBACK}", filled, flags=re.MULTILINE)


def with_entry(text, line):
    """A configuration in which the first environment has this entry, and no other of its name."""
    name = ENTRY.fullmatch(line)[1]
    kept = re.sub(rf'^ *"{name}=.*",\n', "", text, count=1, flags=re.MULTILINE)
    begin = "parameter_overrides = [\n"
    return kept.replace(begin, f"{begin}{line}", 1)


def ids(emulator):
    """The pair and the key of a reader, and two further pairs."""
    for name in OTHERS.values():
        emulator.add_pair(id=name, production_id=str(uuid.uuid4()), standby_id=str(uuid.uuid4()))
    return {
        **OTHERS,
        "DisasterRecoveryId": emulator.pair.id,
        "production cluster id": emulator.pair.production_id,
        "ProjectId": emulator.project_id,
        "DwsEndpoint": emulator.url,
        "MaxDataLossSeconds": "3600",
        "NotificationEmail": "on-call@example.com",
        "address": "on-call@example.com",
        "access key": emulator.credentials.access_key,
        "secret key": emulator.credentials.secret_key,
        "access key that cannot order": emulator.credentials.access_key,
        "its secret key": emulator.credentials.secret_key,
        "topic URN": f"urn:smn:eu-west-101:{emulator.project_id}:alarms",
        "until": f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }


def neighbours(aws):
    """What a reader's account has besides: a topic that carries alarms, a dead-letter queue."""
    sqs, sns = aws.client("sqs"), aws.client("sns")
    dead = sqs.create_queue(QueueName="alarms-dead")["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    return {
        "topic ARN": sns.create_topic(Name="alarms")["TopicArn"],
        "dead-letter queue ARN": arn,
        "name": "alarms-queue",
        "queue ARN": arn.replace("alarms-dead", "alarms-queue"),
    }


def outputs(aws):
    """The outputs of the stack, as a reader finds them in the table that `sam deploy` prints."""
    cloudformation = aws.client("cloudformation")
    try:
        (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except cloudformation.exceptions.ClientError:
        return {}
    printed = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    if not printed:  # a stack of which only a change set has been made
        return {}
    role = cloudformation.describe_stack_resource(
        StackName=STACK, LogicalResourceId="FailoverRole"
    )["StackResourceDetail"]["PhysicalResourceId"]
    return {"role of FailoverFunction": role, **printed}


def environment(aws, folder):
    """What a reader's shell has: the SAM CLI, the AWS CLI, Python with pip, an account."""
    programs = folder / "bin"
    programs.mkdir()
    for name, text in wrappers(sam_cli().parent, aws.endpoint).items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    python = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable))).parent
    path = os.pathsep.join([str(programs), str(python), aws.environment["PATH"]])
    return {
        **aws.environment,
        "PATH": path,
        "SAM_CLI_POLL_DELAY": "0.1",
        # `sync-states.<region>` is a host of AWS alone.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def wrappers(installed, endpoint):
    """The two programs, for another endpoint than AWS's: neither is sent there by a variable alone."""
    return {
        # SQS in us-east-1 has an old address, which only the option replaces.
        "aws": f'#!/bin/sh\nexec {installed}/aws --endpoint-url {endpoint} "$@"\n',
        # `sam delete` takes a nested template's URL for one of S3 by its host.
        "sam": f"""#!{installed}/python
import sys
from samcli.lib.utils import s3
parse = s3.parse_s3_url
s3.parse_s3_url = lambda url, *rest, **more: parse(
    url.replace("{endpoint}", "https://s3") if isinstance(url, str) else url, *rest, **more)
from samcli.cli.main import cli
sys.exit(cli(prog_name="sam"))
""",
    }


def copy_tree(to):
    """The working tree without what git ignores."""
    ignored = (ROOT / ".gitignore").read_text().replace("/", "").split()
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".git", *ignored))
