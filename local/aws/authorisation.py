"""Gaps of ministack in what IAM is asked: on which resource, and under which conditions."""

import json
from collections.abc import Iterator
from typing import Any, Final

_ITEMS: Final = ("Key", "Item")  # where a request for one item has its keys


def parameters_by_path() -> None:
    """GetParametersByPath is authorised on its path, GetParameters on its names.

    AWS: Service Authorization Reference, Systems Manager: the resource is `parameter/<path>`. A
    slash at the path's end stays, as its refusals show: `parameter/own` does not allow `/own/`.
    ministack: checked against `*`, so that a correct policy is denied. It asks for one resource: of
    several names for the first, as if the others were of the same path.
    """
    from ministack.core import iam_actions

    original = iam_actions.extract_resource_arn

    def on_path(service: str, method: str, path: str, headers: Any, body: Any, *rest: Any) -> Any:
        action = iam_actions._action_from_target(headers) if service == "ssm" else None
        if action in ("GetParametersByPath", "GetParameters"):
            _, region, account = rest
            given = json.loads(body)
            asked = given.get("Path") or given.get("Names", [""])[0]
            return f"arn:aws:ssm:{region}:{account}:parameter/{asked.removeprefix('/')}"
        return original(service, method, path, headers, body, *rest)

    iam_actions.extract_resource_arn = on_path


def leading_keys() -> None:
    """A policy may hold for some partitions of a table only.

    AWS: DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control":
    `dynamodb:LeadingKeys`. ministack: the key is in no request, so that such a condition holds
    always. Filled for requests for one item; transactions and queries are as before.
    """
    from ministack.core import iam_actions

    original = iam_actions.dynamodb_service_context

    def with_keys(body: bytes) -> dict[str, Any]:
        keys = [*_leading_keys(json.loads(body or b"{}"))]
        return {**original(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}

    iam_actions.dynamodb_service_context = with_keys


def rules_of_the_default_bus() -> None:
    """A rule of the default bus has no bus in its ARN.

    AWS: Service Authorization Reference, EventBridge: `rule/<name>` on the default bus, and
    `rule/<bus>/<name>` on any other. ministack: asked for `rule/default/<name>`, so that a policy
    for the ARN that the rule has is denied.
    """
    from ministack.core import iam_actions

    original = iam_actions.extract_resource_arn

    def without_bus(service: str, *rest: Any) -> Any:
        found = original(service, *rest)
        is_rule = service == "events" and isinstance(found, str)
        return found.replace(":rule/default/", ":rule/") if is_rule else found

    iam_actions.extract_resource_arn = without_bus


def transport() -> None:
    """Who asks on loopback counts as one who asks by TLS.

    AWS: endpoints are asked by TLS, and policies may deny anybody else (IAM User Guide, "AWS global
    condition context keys": `aws:SecureTransport`). ministack: is asked by plain HTTP here, which
    such a policy denies.
    """
    from ministack.core import iam_evaluator

    origin = iam_evaluator._request_origin

    class ByTls:
        set = staticmethod(origin.set)

        @staticmethod
        def get() -> tuple[str, bool]:
            return origin.get()[0], True

    iam_evaluator._request_origin = ByTls


def _leading_keys(request: Any) -> Iterator[str]:
    from ministack.services import dynamodb

    table = dynamodb._tables.get(request.get("TableName", ""))
    schema = table["KeySchema"] if table else ()
    names = [one["AttributeName"] for one in schema if one["KeyType"] == "HASH"]
    for item in (request[name] for name in _ITEMS if name in request):
        yield from (str(value) for name in names for value in item[name].values())
