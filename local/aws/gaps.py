"""What AWS does, ministack 1.5.33 does not, and this project needs: each gap a small function.

They change ministack in the process that serves it. For each, `tests/local/test_embedded_aws*.py`
show that it is still needed, and fail on the day upstream has it. Those of IAM, of state machines
and of stacks stand in modules of their own, as do those of what is measured.
"""

import json
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from local.aws import alarm_events, authorisation, machines, managed, measurements, stacks

_KEPT: Final = frozenset({"PATH", "LANG"})


def runtime() -> None:
    """Python functions run under the runtime client of Lambda itself, and see only their own.

    AWS: awslambdaric, boto3, the package, and the variables of `Lambda environment variables`
    (AWS Lambda Developer Guide). ministack: its own interpreter and site-packages, the host's
    environment, every error named `Runtime.HandlerError`.
    """
    if not managed.lambda_python().exists():
        sys.exit(f"{managed.lambda_python()} is missing: run `make environments`")
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    host = frozenset(os.environ)
    unpack, environment = lambda_svc._provided_runtime_code_dir, lambda_svc._provided_worker_env

    def with_bootstrap(package: bytes) -> str:
        folder = unpack(package)
        with lambda_svc._provided_code_lock:  # environments start side by side
            managed.write_bootstrap(Path(folder))
        return str(folder)

    def own_environment(config: dict[str, Any], folder: str, port: int) -> dict[str, str]:
        given = (config.get("Environment") or {}).get("Variables") or {}
        known = environment(config, folder, port)
        own = {
            name: value
            for name, value in known.items()
            if name not in host or name in given or name in _KEPT or name.startswith("AWS_LAMBDA_")
        }
        return {**own, **managed.environment(config, known)}

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

    class LambdaAsTopicsSeeIt:
        """The service itself, but that to execute is to hand over."""

        _execute_function_with_config_scope = staticmethod(lambda_svc.invoke_async_with_retry)

        def __getattr__(self, name: str) -> Any:
            return getattr(lambda_svc, name)

    eventbridge._dispatch_to_lambda = to_function
    sns._lambda_svc = LambdaAsTopicsSeeIt()


def alarms() -> None:
    """A transition of an alarm reaches the default bus, and functions and topics of its actions.

    AWS: CloudWatch User Guide, `Alarm events and EventBridge`, `Invoke a Lambda function from an
    alarm` and `Using Amazon CloudWatch alarms`. ministack: SNS actions only, without the ARN.
    """
    from ministack.services import cloudwatch, eventbridge, sns

    memory = alarm_events.Memory()

    def tell_and_act(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        if old == new:
            return
        detail = memory.detail(alarm, old, new, reason)
        entries = [alarm_events.for_bus(alarm, detail)]
        eventbridge._put_events({"Entries": entries}, allow_aws_source=True)
        for arn in alarm_events.actions(alarm, new, "lambda"):
            payload = json.dumps(alarm_events.for_function(alarm, detail))
            eventbridge._dispatch_to_lambda(arn, payload)
        for arn in alarm_events.actions(alarm, new, "sns"):
            text, subject = alarm_events.for_topic(alarm, detail), f"{new}: {alarm['AlarmName']}"
            sns._fanout(arn, str(uuid.uuid4()), json.dumps(text), subject[:100])

    cloudwatch._dispatch_alarm_actions = tell_and_act


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


def prompt_runtime() -> None:
    """A function is handed its event at once.

    AWS: no such wait. ministack: its runtime API answers in two small writes, the second of which
    waits for the other side's delayed acknowledgement (Nagle's algorithm): a warm invocation took
    0.10 s, and takes 0.06 s without (medians of 59, two cores).
    """
    from ministack.core.lambda_runtime import ProvidedWorker

    build = ProvidedWorker._build_handler_class

    def without_delay(worker: Any, *args: Any) -> Any:
        handler = build(worker, *args)
        handler.disable_nagle_algorithm = True
        return handler

    ProvidedWorker._build_handler_class = without_delay


GAPS: Final[dict[str, Callable[[], None]]] = {
    gap.__name__.replace("_", "-"): gap
    for gap in (
        runtime,
        asynchronous,
        alarms,
        resource_types,
        prompt_runtime,
        authorisation.parameters_by_path,
        authorisation.leading_keys,
        authorisation.rules_of_the_default_bus,
        authorisation.transport,
        machines.map_limits,
        machines.nested_failures,
        stacks.nested_stacks,
        stacks.layers,
        measurements.embedded_metrics,
        measurements.alarms_by_the_minute,
        measurements.schedules,
    )
}
