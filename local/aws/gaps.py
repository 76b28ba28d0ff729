"""What AWS does, ministack 1.5.33 does not, and this project needs: each gap a small function.

They change ministack in the process that serves it. `tests/test_embedded_aws.py` shows for each
that it is still needed, and fails on the day upstream has it.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

_KEPT: Final = frozenset({"PATH", "LANG", "AWS_ENDPOINT_URL"})
_BOOTSTRAP: Final = '#!/bin/sh\nexec "{python}" -m awslambdaric "$_HANDLER"\n'


def lambda_python() -> Path:
    """The Python that holds what the managed runtime holds, beside the one that is running."""
    return Path(f"{sys.prefix}-lambda") / "bin" / "python"


def runtime() -> None:
    """Python functions run under the runtime client of Lambda itself, and see only their own.

    AWS: awslambdaric, boto3, the package, and the variables of `Lambda environment variables`
    (AWS Lambda Developer Guide). ministack: its own interpreter and site-packages, the host's
    environment, every error named `Runtime.HandlerError`.
    """
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    host = frozenset(os.environ)
    unpack, environment = lambda_svc._provided_runtime_code_dir, lambda_svc._provided_worker_env

    def with_bootstrap(package: bytes) -> str:
        folder = unpack(package)
        _write_bootstrap(Path(folder) / "bootstrap")
        return str(folder)

    def own_environment(config: dict[str, Any], folder: str, port: int) -> dict[str, str]:
        given = (config.get("Environment") or {}).get("Variables") or {}
        known = environment(config, folder, port)
        own = {
            name: value
            for name, value in known.items()
            if name not in host or name in given or name in _KEPT or name.startswith("AWS_LAMBDA_")
        }
        return {**own, **_credentials(known), **_managed(config)}

    lambda_svc._provided_runtime_code_dir = with_bootstrap
    lambda_svc._provided_worker_env = own_environment
    lambda_svc._execute_function_warm = lambda_svc._execute_function_provided_warm
    lambda_runtime._worker_class_for = lambda _config: lambda_runtime.ProvidedWorker


def asynchronous() -> None:
    """Rules, topics and alarms invoke asynchronously: retries, then the failure destination.

    AWS: Developer Guide, `How Lambda handles errors and retries with asynchronous invocation`.
    ministack: one try from EventBridge, the Scheduler and SNS, and the event is gone.
    """
    from ministack.services import eventbridge, lambda_svc, sns

    def to_function(arn: str, payload: str) -> None:
        function, config, _ = lambda_svc._get_func_record_for_ref(arn)
        if function and config:
            record = lambda_svc._execution_record_for_config(function, config)
            lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    eventbridge._dispatch_to_lambda = to_function
    own = {"_execute_function_with_config_scope": lambda_svc.invoke_async_with_retry}
    sns._lambda_svc = SimpleNamespace(**{**vars(lambda_svc), **own})


def alarms() -> None:
    """A transition of an alarm reaches the default bus, and functions among its actions.

    AWS: CloudWatch User Guide, `Alarm events and EventBridge` and `Invoke a Lambda function from
    an alarm`. ministack: SNS actions only.
    """
    from ministack.services import cloudwatch, eventbridge

    act = cloudwatch._dispatch_alarm_actions

    def act_and_tell(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        act(alarm, old, new, reason)
        if old == new:
            return
        detail = _alarm_detail(alarm, old, new, reason)
        entry = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Resources": [alarm["AlarmArn"]],
            "Detail": json.dumps(detail),
        }
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
        field = {"ALARM": "AlarmActions", "OK": "OKActions"}.get(new, "InsufficientDataActions")
        is_enabled = alarm.get("ActionsEnabled", True)
        for arn in (alarm.get(field) or []) if is_enabled else []:
            if ":lambda:" in arn:
                eventbridge._dispatch_to_lambda(arn, json.dumps(_alarm_action(alarm, detail)))

    cloudwatch._dispatch_alarm_actions = act_and_tell


def parameters_by_path() -> None:
    """GetParametersByPath is authorised on its path.

    AWS: Service Authorization Reference, Systems Manager: the resource is `parameter/<path>`.
    ministack: checked against `*`, so that a correct policy is denied.
    """
    from ministack.core import iam_actions

    original = iam_actions.extract_resource_arn

    def on_path(service: str, method: str, path: str, headers: Any, body: Any, *rest: Any) -> Any:
        action = iam_actions._action_from_target(headers) if service == "ssm" else None
        if action == "GetParametersByPath":
            _, region, account = rest
            below = json.loads(body)["Path"].strip("/")
            return f"arn:aws:ssm:{region}:{account}:parameter/{below}"
        return original(service, method, path, headers, body, *rest)

    iam_actions.extract_resource_arn = on_path


def resource_types() -> None:
    """Resource types that need no behaviour here are accepted by name.

    AWS: deploys them. ministack: refuses the whole template.
    """
    from ministack.services.cloudformation import provisioners

    for kind in ("AWS::Logs::QueryDefinition",):
        provisioners._RESOURCE_HANDLERS[kind] = {
            "create": lambda name, _properties, stack: (f"{stack}-{name}", {}),
            "update": lambda id_, _old, _new, _stack: (id_, {}),
            "delete": lambda _id, _properties: None,
        }


GAPS: Final[dict[str, Callable[[], None]]] = {
    gap.__name__.replace("_", "-"): gap
    for gap in (runtime, asynchronous, alarms, parameters_by_path, resource_types)
}


def _write_bootstrap(path: Path) -> None:
    """Make a package's entry, whole at once: several environments may start from it."""
    if path.exists():
        return
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(_BOOTSTRAP.format(python=lambda_python()))
    new.chmod(0o755)
    new.replace(path)


def _credentials(known: dict[str, str]) -> dict[str, str]:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return {name: known[name] for name in (*names, "AWS_REGION", "AWS_DEFAULT_REGION")}


def _managed(config: dict[str, Any]) -> dict[str, str]:
    logging = config.get("LoggingConfig") or {}
    group = logging.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    return {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime')}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_GROUP_NAME": group,
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "PYTHONUNBUFFERED": "1",
        "TZ": ":UTC",
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _alarm_detail(alarm: dict[str, Any], old: str, new: str, reason: str) -> dict[str, Any]:
    metric = {
        "namespace": alarm.get("Namespace"),
        "name": alarm.get("MetricName"),
        "dimensions": {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or []},
    }
    stat = {"metric": metric, "period": alarm.get("Period"), "stat": alarm.get("Statistic")}
    return {
        "alarmName": alarm["AlarmName"],
        "state": {"value": new, "reason": reason, "timestamp": _now()},
        "previousState": {"value": old, "reason": "", "timestamp": _now()},
        "configuration": {
            "description": alarm.get("AlarmDescription", ""),
            "metrics": [{"id": "m1", "metricStat": stat, "returnData": True}],
        },
    }


def _alarm_action(alarm: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    *_, region, account, _kind, _name = alarm["AlarmArn"].split(":", 6)
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm["AlarmArn"],
        "accountId": account,
        "region": region,
        "time": _now(),
        "alarmData": detail,
    }
