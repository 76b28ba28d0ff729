"""Which deployment is meant: the options that every command has which asks AWS."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

import boto3
import typer
from botocore.config import Config

from failoverctl.aws_errors import translated
from failoverctl.failures import ExitCode, Failure
from failoverctl.screen import printable

STACK: Final = "dws-failover"
# A command that a retrying SDK sends twice would be asked twice: whoever asks decides about that.
# The function takes at most 300 s.
ONE_TRY: Final = Config(
    connect_timeout=10, read_timeout=330, retries={"total_max_attempts": 1}, tcp_keepalive=True
)


@dataclass(frozen=True)
class Deployment:
    """What the options say; what they leave open is looked up when it is needed."""

    function: str | None = None
    region: str | None = None
    stack: str = STACK
    view: str | None = None

    @cached_property
    def session(self) -> boto3.Session:
        """In the region that is named; an ARN names its own."""
        return boto3.Session(region_name=_region_in(self.function or self.view) or self.region)

    def client(self, service: str) -> Any:
        """A client that sends everything once.

        Raises:
            Failure: what is configured leads nowhere, so nothing was sent.
        """
        make: Any = self.session.client
        try:
            return make(service, config=ONE_TRY)
        except ValueError as err:  # of an address or a region that is none
            why = f"AWS cannot be reached as it is configured: {printable(err)}"
            helps = "look at AWS_ENDPOINT_URL and the region"
            raise Failure(why, ExitCode.UNREACHABLE, then_helps=helps) from err

    def output(self, name: str) -> str:
        """An output of the stack.

        Raises:
            Failure: it cannot be read.
        """
        if found := self._outputs.get(name):
            return found
        raise Failure(
            f"the stack {printable(self.stack)} has no output {name}: is it one of dws-failover?",
            ExitCode.UNREACHABLE,
        )

    def view_of_function(self) -> str | None:
        """The state machine for viewers, if the stack is known to be that of the function."""
        try:
            function, view = self.output("FailoverFunctionArn"), self.output("ViewStateMachineArn")
        except Failure:
            return None
        # Another deployment's view would show another one's pairs.
        is_same = self.function in (None, function, function.rpartition(":")[2])
        return view if is_same else None

    @property
    def options(self) -> list[str]:
        """What was said of it, for the next command to be printed.

        The region also where the environment has said it: a line is pasted elsewhere, too.
        """
        region = self.session.region_name
        given = {"--function": self.function, "--region": region, "--view": self.view}
        stack = ["--stack", self.stack] if self.stack != STACK else []
        return [word for one in given.items() if one[1] for word in (one[0], one[1])] + stack

    @cached_property
    def _outputs(self) -> dict[str, str]:
        way_out = "name the function with --function, or another stack with --stack"
        with translated(f"read the stack {printable(self.stack)}", missing=way_out):
            found = self.client("cloudformation").describe_stacks(StackName=self.stack)
        outputs = found["Stacks"][0].get("Outputs", ())
        return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def _region_in(name: str | None) -> str | None:
    parts = (name or "").split(":")
    return parts[3] if parts[0] == "arn" and len(parts) > 3 else None  # noqa: PLR2004 - an ARN's


_OPTIONS: Final = {
    "function": (
        Annotated[
            str | None,
            typer.Option(
                envvar="FAILOVERCTL_FUNCTION", help="The function's name or ARN.", metavar="NAME"
            ),
        ],
        None,
    ),
    "region": (
        Annotated[
            str | None,
            typer.Option(help="The region; else that of your AWS profile.", metavar="REGION"),
        ],
        None,
    ),
    "stack": (
        Annotated[
            str,
            typer.Option(
                envvar="FAILOVERCTL_STACK", help="The stack to look the function up in.",
                metavar="NAME",
            ),
        ],
        STACK,
    ),
    "view": (
        Annotated[
            str | None,
            typer.Option(
                envvar="FAILOVERCTL_VIEW", metavar="ARN",
                help="ViewStateMachineArn: ask through it instead of the function.",
            ),
        ],
        None,
    ),
}  # fmt: skip


def _meant(context: typer.Context, given: dict[str, Any]) -> dict[str, Any]:
    """What was typed; where that names a deployment, none that the environment names beside it."""
    ways = ("function", "stack", "view")
    sources = {one: context.get_parameter_source(one) for one in ways}
    typed = {one for one, source in sources.items() if source and source.name == "COMMANDLINE"}
    others = {one: _OPTIONS[one][1] for one in ways if typed and one not in typed}
    return {**given, **others}


def on_deployment(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which deployment is meant, as its first argument."""
    own = list(inspect.signature(command).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    added = [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]

    def run(*, context: typer.Context, **given: Any) -> None:
        options = {name: given.pop(name) for name in _OPTIONS}
        deployment = Deployment(**_meant(context, options))
        command(deployment, **given)

    context = inspect.Parameter("context", keyword, annotation=typer.Context)
    parameters = [context, *(one.replace(kind=keyword) for one in own), *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__module__ = command.__module__
    return run
