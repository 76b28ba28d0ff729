"""Gaps of ministack in state machines."""

import json
from typing import Any, Final

_OF_A_FAILURE: Final = (
    "Cause", "Error", "ExecutionArn", "Input", "InputDetails", "Name", "StartDate",
    "StateMachineArn", "Status", "StopDate",
)  # fmt: skip
_LONGEST_CAUSE: Final = 32_768


def map_limits() -> None:
    """A Map's limit may come with its input.

    AWS: Step Functions Developer Guide, `MaxConcurrencyPath`. ministack: all items at once.
    """
    from ministack.services import stepfunctions

    run = stepfunctions._run_map_items

    def limited(state: dict[str, Any], given: Any, execution: Any, ctx: Any) -> Any:
        if path := state.get("MaxConcurrencyPath"):
            effective = stepfunctions._apply_input_path(state, given, ctx)
            limit = stepfunctions._resolve_path_or_ctx(path, effective, ctx)
            state = {**state, "MaxConcurrency": limit}
        return run(state, given, execution, ctx)

    stepfunctions._run_map_items = limited


def nested_failures() -> None:
    """A nested execution that does not succeed fails its task as a task, whatever its own error is.

    AWS: `States.TaskFailed`, and the cause is the execution in JSON, by name, as in causes that
    people have published. One has 32,768 characters at most: API reference,
    `TaskFailedEventDetails`. ministack: error and cause of the nested execution, as if they were
    the task's own.
    """
    from ministack.services import stepfunctions

    def as_a_tasks(execution: dict[str, Any]) -> tuple[str, str]:
        found = {name: execution.get(f"{name[0].lower()}{name[1:]}") for name in _OF_A_FAILURE}
        there = {name: value for name, value in found.items() if value is not None}
        return "States.TaskFailed", json.dumps(there, separators=(",", ":"))[:_LONGEST_CAUSE]

    stepfunctions._nested_execution_failure = as_a_tasks
