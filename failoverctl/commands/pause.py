"""The brake, set for a while."""

from typing import Annotated

import typer

from failoverctl.arguments import AsJson, PairOrAll, Reason, RequestedBy
from failoverctl.caller import signed
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.sending import send
from failoverctl.until import time_of
from failoverctl.words import whom


@on_deployment
def pause(
    deployment: Deployment,
    pair: PairOrAll,
    *,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            help="From now on (90min, 4h, 2d), or a time with its zone (2026-01-15T08:30Z).",
        ),
    ],
    reason: Reason = None,
    requested_by: RequestedBy = None,
    as_json: AsJson = False,
) -> None:
    """Let nothing be failed over for a while."""
    ends_at = time_of(until)
    who = signed(deployment, reason, requested_by)
    result = send(deployment, {"command": "pause", **whom(pair), "until": ends_at, **who})
    answered(deployment, result, as_json=as_json)
    end(code_of(result))
