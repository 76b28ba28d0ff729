"""Sends one command of the function, once, and gives back what it answers."""

import json
from collections.abc import Mapping
from typing import Any, Final

from failoverctl.aws_errors import translated
from failoverctl.deployment import Deployment
from failoverctl.failures import AnswerLost, Denied, Failure, FunctionFailed, NoResult
from failoverctl.ours import ours
from failoverctl.received import Answer, fault_of, json_in
from failoverctl.screen import printable, say
from handler.model.schema import parse_json

# The errors that the function raises on purpose: nothing was ordered when they are.
KNOWN: Final = {
    "InvalidEvent": "correct the command",
    "InvalidSettings": "correct the deployment: environment, pair document or secret",
    "ProviderUnavailable": "nothing was ordered: send it again",
    "LedgerUnavailable": "nothing was ordered: send it again",
    "NotForViewers": "ask as an operator, or deploy this version",
}
_SHOWN: Final = 100  # bytes of an answer that is none
_NAME_IT: Final = "name the function with --function, or its stack with --stack"


def send(deployment: Deployment, command: Mapping[str, Any]) -> Answer:
    """What the function answers to a command.

    Raises:
        FunctionFailed: it has raised one of its errors.
        AnswerLost, NoResult: it may have been carried out.
        NotTheFunction: somebody else has answered.
        Failure: it was not sent.
    """
    name = deployment.function or deployment.output("FailoverFunctionArn")
    with translated("find out where the function is", missing=_NAME_IT):
        region = deployment.session.region_name
    with translated(f"invoke the function {printable(name)} in {region}", missing=_NAME_IT):
        client = deployment.client("lambda")
        answer = client.invoke(FunctionName=name, Payload=json.dumps(command).encode())
        raw = answer["Payload"].read()
    if "FunctionError" in answer:
        found = _parsed(raw)
        error = found if isinstance(found, dict) else {}
        raise _failed(str(error.get("errorType")), printable(error.get("errorMessage", "")))
    return _result_in(raw, command)


def look(deployment: Deployment, command: Mapping[str, Any]) -> Answer:
    """What is answered to a command that changes nothing; viewers ask by the state machine.

    Raises:
        FunctionFailed, AnswerLost, Failure: see `send`.
    """
    if deployment.view:
        return _look_by(deployment, deployment.view, command)
    try:
        return send(deployment, command)
    except Denied as denied:
        view = deployment.view_of_function()
        if view is None:
            hint = "viewers name the state machine with --view (ViewStateMachineArn)"
            raise Denied(f"{denied.sentence}; {hint}") from denied
        say("You may not invoke the function; asking by the view state machine.", "dim")
        return _look_by(deployment, view, command)


def _look_by(deployment: Deployment, view: str, command: Mapping[str, Any]) -> Answer:
    missing = "name ViewStateMachineArn with --view, or its stack with --stack"
    with translated(f"ask the state machine {printable(view)}", missing=missing):
        answer = deployment.client("stepfunctions").start_sync_execution(
            stateMachineArn=view, input=json.dumps(command)
        )
    if answer["status"] != "SUCCEEDED":
        error, cause = answer.get("error") or answer["status"], answer.get("cause") or "no cause"
        raise _failed(str(error), _message_in(str(cause)))
    return _result_in(answer["output"].encode(), command)


def _message_in(cause: str) -> str:
    """An error's message; Step Functions gives a function's error as JSON."""
    try:
        return printable(parse_json(cause)["errorMessage"])
    except (ValueError, TypeError, KeyError):
        return printable(cause)


def _failed(name: str, message: str) -> Failure:
    if name in KNOWN:
        return FunctionFailed(name, message, KNOWN[name])
    if name.startswith("States."):
        return FunctionFailed(name, message)
    # It was killed, ran out of time, or met a bug: how far it came is not known.
    return AnswerLost(f"the function failed with {printable(name)}: {message}; see its log")


def _parsed(raw: bytes) -> object:
    try:
        return json_in(raw)
    except ValueError as err:
        raise _no_result(str(err), raw) from err


def _result_in(raw: bytes, command: Mapping[str, Any]) -> Answer:
    answer = ours(_parsed(raw), command)
    if fault := fault_of(answer):
        raise _no_result(fault, raw)
    return answer


def _no_result(why: str, raw: bytes) -> NoResult:
    began = printable(raw[:_SHOWN].decode(errors="replace"))
    said = f"the function answered something that is none of its results: {printable(why)}"
    return NoResult(f"{said}; it begins with {began or 'nothing'}")
