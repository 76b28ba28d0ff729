"""Watches a run to its proven end. Whoever stops watching stops nothing else."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from failoverctl.answers import Result, text
from failoverctl.aws_errors import Throttled
from failoverctl.deployment import Deployment
from failoverctl.failures import (
    AnswerLost,
    ExitCode,
    Failure,
    FunctionFailed,
    NoResult,
    NotTheFunction,
)
from failoverctl.screen import err, say
from failoverctl.sending import send
from failoverctl.words import line_of

ENDS: Final = ("succeeded", "failed", "not_started", "provider_rejected", "closed")
# An invocation whose answer was lost may still come to its order for so long.
_MAY_COME_S: Final = 330
_MAY_PASS: Final = ("ProviderUnavailable", "LedgerUnavailable")


def followed(
    deployment: Deployment,
    command: Mapping[str, Any],
    every: int,
    check: Callable[[Result], None] | None = None,
    *,
    may_come: bool = False,
) -> Result:
    """The last answer to `verify`, once the run is settled.

    Args:
        deployment: where it is asked.
        command: `verify`, with the run that is meant.
        every: seconds between two looks.
        check: raises if the run that is found is not the one that is meant.
        may_come: whether the run may not have begun yet.

    Raises:
        Failure: it cannot be asked, or was stopped.
    """
    until = time.monotonic() + (_MAY_COME_S if may_come else 0)
    said = ""
    try:
        with err.status("Asking …") as shown:
            while True:
                result, line = _look(deployment, command)
                if check and text(result, "run_id"):
                    check(result)
                if line != said:
                    said = line
                    say(f"{datetime.now(UTC):%H:%M:%SZ} {line}")
                is_none = text(result, "decision") == "no_run" and time.monotonic() >= until
                if is_none or text(result, "decision") in ENDS:
                    return result
                shown.update(f"Following; asked every {every} s. Ctrl-C stops only the watching")
                time.sleep(every)
    except KeyboardInterrupt:
        again = line_of({**command, "command": "follow"}, deployment.options)
        raise Failure(
            f"Stopped watching; nothing else is stopped. To go on: {again}", ExitCode.INTERRUPTED
        ) from None


def _look(deployment: Deployment, command: Mapping[str, Any]) -> tuple[Result, str]:
    """One look, and what it says; what may pass is no end."""
    try:
        result = send(deployment, command)
    except (NotTheFunction, NoResult):  # the next answer would be no other one
        raise
    except (AnswerLost, Throttled) as failure:
        return {}, f"{failure.what}; asking again"
    except FunctionFailed as failure:
        if failure.name not in _MAY_PASS:
            raise
        return {}, f"{failure.what}; asking again"
    decision = text(result, "decision").replace("_", " ")
    return result, f"{decision}: {text(result, 'reason').partition('; at ')[0]}"
