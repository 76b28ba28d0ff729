"""Builds the template with the real SAM CLI and deploys it, by SAM or by CloudFormation alone."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import WaiterError

from local.aws.embedded import ROOT, EmbeddedAws
from local.aws.processes import Failed, run

PACKAGES = "packages"  # the bucket that packages are uploaded to
# Roles, and a stack within the stack that is a SAM template itself.
CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
_BUILD_S = 300.0
_DEPLOY_S = 180.0
_SOON = {"Delay": 0.1, "MaxAttempts": 600}


@dataclass(frozen=True)
class Built:
    """A built template, for the Python and the machine that it runs on here."""

    template: Path
    parameters: Mapping[str, str]


def sam_cli() -> Path:
    """The SAM CLI, beside the Python that is running.

    Raises:
        Failed: it is not there.
    """
    found = Path(f"{sys.prefix}-sam") / "bin" / "sam"
    if not found.exists():
        raise Failed(f"{found} is missing: run `make environments`")
    return found


def build(folder: Path, env: Mapping[str, str], template: Path = ROOT / "template.yaml") -> Built:
    """Run `sam build` for this Python and this machine, into `folder`.

    SAM looks for `pythonX.Y` with pip on PATH; a shim of a version manager is none.
    """
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    is_arm = platform.machine() in ("aarch64", "arm64")
    parameters = {"PythonRuntime": runtime, "Architecture": "arm64" if is_arm else "x86_64"}
    base = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable))).parent
    command: list[str | Path] = [
        sam_cli(), "build", "--template-file", template, "--build-dir", folder / "build",
        "--cache-dir", folder / "cache", "--parameter-overrides", *_overrides(parameters),
    ]  # fmt: skip
    path = f"{base}{os.pathsep}{env['PATH']}"
    folder.mkdir(parents=True, exist_ok=True)
    run(command, {**env, "PATH": path}, folder / "build.log", _BUILD_S)
    return Built(folder / "build" / "template.yaml", parameters)


def deploy(
    aws: EmbeddedAws, built: Built, stack: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Run `sam deploy`, as a user does; returns the stack's outputs."""
    command: list[str | Path] = [
        sam_cli(), "deploy", "--template-file", built.template, "--stack-name", stack,
        "--capabilities", *CAPABILITIES, "--resolve-s3", "--no-confirm-changeset",
        "--no-fail-on-empty-changeset", "--no-progressbar", "--parameter-overrides",
        *_overrides({**built.parameters, **parameters}),
    ]  # fmt: skip
    env = {**aws.environment, "SAM_CLI_POLL_DELAY": "0.1"}
    run(command, env, aws.folder / f"deploy-{stack}.log", _DEPLOY_S)
    return outputs(aws, stack)


def package(aws: EmbeddedAws, built: Built) -> str:
    """Upload a built template's code once; returns a template that any number of stacks share."""
    out = aws.folder / "packaged.yaml"
    aws.client("s3").create_bucket(Bucket=PACKAGES)
    command: list[str | Path] = [
        sam_cli(), "package", "--template-file", built.template, "--s3-bucket", PACKAGES,
        "--output-template-file", out,
    ]  # fmt: skip
    run(command, aws.environment, aws.folder / "package.log", _DEPLOY_S)
    return out.read_text()


def create_stack(
    aws: EmbeddedAws, template: str, stack: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Make a stack of a packaged template, in a moment; returns its outputs.

    Raises:
        Failed: it could not be made; the message has each resource's reason.
    """
    return _changed(aws, "create", template, stack, parameters)


def update_stack(
    aws: EmbeddedAws, template: str, stack: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Change a stack's template or parameters, in a moment; returns its outputs.

    Raises:
        Failed: it could not be changed; the message has each resource's reason.
    """
    return _changed(aws, "update", template, stack, parameters)


def _changed(
    aws: EmbeddedAws, how: str, template: str, stack: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    cloudformation = aws.client("cloudformation")
    change = getattr(cloudformation, f"{how}_stack")
    change(
        StackName=stack,
        TemplateURL=_uploaded(aws, template, stack),
        Capabilities=CAPABILITIES,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    )
    waiter = cloudformation.get_waiter(f"stack_{how}_complete")
    try:
        waiter.wait(StackName=stack, WaiterConfig=_SOON)
    except WaiterError as err:
        why = _reasons(cloudformation, stack)
        raise Failed(f"{stack}: to {how} it has failed:\n{why}") from err
    return outputs(aws, stack)


def _uploaded(aws: EmbeddedAws, template: str, stack: str) -> str:
    """Where CloudFormation finds a template: of more than 51,200 bytes it is taken from S3 only."""
    s3, key = aws.client("s3"), f"templates/{stack}.yaml"
    s3.create_bucket(Bucket=PACKAGES)
    s3.put_object(Bucket=PACKAGES, Key=key, Body=template.encode())
    return f"{aws.endpoint}/{PACKAGES}/{key}"


def delete_stack(aws: EmbeddedAws, stack: str) -> None:
    """Take a stack away, and wait until it is gone."""
    cloudformation = aws.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=_SOON)


def outputs(aws: EmbeddedAws, stack: str) -> dict[str, str]:
    """A stack's outputs by name."""
    (found,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    listed: list[dict[str, Any]] = found.get("Outputs", [])
    return {one["OutputKey"]: one["OutputValue"] for one in listed}


def physical_id(aws: EmbeddedAws, stack: str, logical_id: str) -> str:
    """What a resource of a stack's template is called here."""
    found = aws.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId=logical_id
    )
    name: str = found["StackResourceDetail"]["PhysicalResourceId"]
    return name


def _reasons(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return "\n".join(
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in reversed(events)
        if event["ResourceStatus"].endswith("_FAILED")
    )


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    return [f"{key}={value}" for key, value in parameters.items()]
