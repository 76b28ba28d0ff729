"""What AWS says about a deployment, read with the caller's own rights.

Whoever asks may lack some of them: what cannot be read is a line, and the rest goes on.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from failoverctl.deployment import Deployment
from failoverctl.doctor.report import Kind, Line
from handler.model.alarm_patterns import name_in

T = TypeVar("T")
_DENIED: Final = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "UnauthorizedOperation",
)
_MOST_ALARMS: Final = 5000
_SHORTEST_PREFIX: Final = 3  # what all names share: less would be no narrower than all alarms


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm as it is now."""

    name: str
    arn: str
    state: str
    since: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setup:
    """Where the parts of a deployment are, as far as they are known."""

    function_arn: str | None = None
    pairs_path: str | None = None
    hosts: str | None = None
    secret_prefix: str | None = None
    topics: Mapping[str, str] = field(default_factory=dict)
    has_smn: bool = False


@dataclass
class Readings:
    """Reads, and remembers as lines what could not be read."""

    deployment: Deployment
    unseen: list[Line] = field(default_factory=list)

    def setup(self) -> Setup:
        """From the stack, and from the function's own settings: either tells most of it."""
        named = self.deployment.function
        stack = None if named else self._stack(self.deployment.stack)
        arn = named or _by_key(stack, "Output").get("FailoverFunctionArn")
        function = self._function(arn) if arn else {}
        variables = function.get("Environment", {}).get("Variables", {})
        if named:
            stack = self._stack(variables.get("POWERTOOLS_SERVICE_NAME") or self.deployment.stack)
        outputs, given = _by_key(stack, "Output"), _by_key(stack, "Parameter")
        topics = {
            "notifications": variables.get("NOTIFICATION_TOPIC_ARN")
            or outputs.get("NotificationTopicArn"),
            "alarms about the function": outputs.get("OperationsTopicArn"),
        }
        return Setup(
            function.get("FunctionArn") or outputs.get("FailoverFunctionArn"),
            variables.get("PAIRS_PARAMETER_PATH") or outputs.get("PairsParameterPath"),
            variables.get("ALLOWED_PROVIDER_HOSTS") or given.get("AllowedProviderHosts"),
            given.get("CredentialsSecretPrefix"),
            {what: arn for what, arn in topics.items() if arn},
            has_smn=bool(given.get("SmnTopicUrns")),
        )

    def documents(self, path: str) -> Mapping[str, str] | None:
        """The pairs' documents, by pair's name."""

        def read() -> Mapping[str, str]:
            pages = self.deployment.client("ssm").get_paginator("get_parameters_by_path")
            found = (one for page in pages.paginate(Path=path) for one in page["Parameters"])
            return {one["Name"].rsplit("/", 1)[-1]: one["Value"] for one in found}

        return self._read("the pairs' documents", "ssm:GetParametersByPath", read)

    def alarms(self, patterns: Iterable[str]) -> list[Alarm] | None:
        """The alarms that some pattern could mean."""
        prefix = _begin_of_all([name_in(pattern).partition("*")[0] for pattern in patterns])
        wanted = {"AlarmNamePrefix": prefix} if len(prefix) >= _SHORTEST_PREFIX else {}

        def read() -> list[Alarm]:
            pages = self.deployment.client("cloudwatch").get_paginator("describe_alarms")
            kinds = ["MetricAlarm", "CompositeAlarm"]
            limit = {"MaxItems": _MOST_ALARMS}
            found = pages.paginate(AlarmTypes=kinds, PaginationConfig=limit, **wanted)
            return [
                _alarm(one) for page in found for kind in kinds for one in page.get(f"{kind}s", [])
            ]

        return self._read("alarms", "cloudwatch:DescribeAlarms", read)

    def policy(self, function_arn: str) -> list[Mapping[str, Any]] | None:
        """Who may invoke the function, by its own policy."""

        def read() -> list[Mapping[str, Any]]:
            answer = self.deployment.client("lambda").get_policy(FunctionName=function_arn)
            statements: list[Mapping[str, Any]] = json.loads(answer["Policy"])["Statement"]
            return statements

        return self._read("who may invoke the function", "lambda:GetPolicy", read)

    def rule(self, arn: str) -> Mapping[str, Any] | None:
        """A rule of EventBridge: its state and its pattern."""
        name = arn.rsplit("/", 1)[-1]
        events = self.deployment.client("events")
        return self._read(
            "the rule for alarms", "events:DescribeRule", lambda: events.describe_rule(Name=name)
        )

    def subscriptions(self, topic: str) -> list[Mapping[str, str]] | None:
        """Who is subscribed to a topic."""

        def read() -> list[Mapping[str, str]]:
            pages = self.deployment.client("sns").get_paginator("list_subscriptions_by_topic")
            return [one for page in pages.paginate(TopicArn=topic) for one in page["Subscriptions"]]

        return self._read("subscriptions", "sns:ListSubscriptionsByTopic", read)

    def _function(self, name: str) -> Mapping[str, Any]:
        def read() -> Mapping[str, Any]:
            client = self.deployment.client("lambda")
            found: Mapping[str, Any] = client.get_function_configuration(FunctionName=name)
            return found

        permission = "lambda:GetFunctionConfiguration"
        return self._read("the function's settings", permission, read) or {}

    def _stack(self, name: str) -> Mapping[str, Any]:
        def read() -> Mapping[str, Any]:
            answer = self.deployment.client("cloudformation").describe_stacks(StackName=name)
            stack: Mapping[str, Any] = answer["Stacks"][0]
            return stack

        return self._read(f"the stack {name}", "cloudformation:DescribeStacks", read) or {}

    def _read(self, what: str, permission: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ClientError as err:
            code = err.response["Error"].get("Code", "")
            why = f"you lack {permission}" if code in _DENIED else f"{permission} failed: {err}"
        except BotoCoreError as err:
            why = str(err)
        self.unseen.append(Line(Kind.UNSEEN, f"{what}: not looked at: {why}"))
        return None


def _begin_of_all(names: list[str]) -> str:
    """What all of them begin with: what the first and the last do."""
    if not names:
        return ""
    first, last = min(names), max(names)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:same] if same is not None else min(first, last, key=len)


def _by_key(stack: Mapping[str, Any] | None, kind: str) -> dict[str, str]:
    found = (stack or {}).get(f"{kind}s", [])
    return {one[f"{kind}Key"]: one.get(f"{kind}Value", "") for one in found}


def _alarm(found: Mapping[str, Any]) -> Alarm:
    since = found.get("StateTransitionedTimestamp") or found.get("StateUpdatedTimestamp")
    return Alarm(
        found["AlarmName"],
        found["AlarmArn"],
        found["StateValue"],
        f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else "an unknown time",
        (*found.get("AlarmActions", []),) if found.get("ActionsEnabled", True) else (),
    )
