"""The brake, lifted."""

from typing import Annotated

import typer

from failoverctl.arguments import AsJson, PairOrAll, Reason, RequestedBy, moment
from failoverctl.caller import signed
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.sending import send
from failoverctl.words import fields, whom


@on_deployment
def resume(
    deployment: Deployment,
    pair: PairOrAll,
    *,
    paused_at: Annotated[
        str | None,
        typer.Option(
            "--paused-at",
            help="When the pause was set that you mean (ISO 8601): another one is not lifted.",
            callback=moment,
        ),
    ] = None,
    reason: Reason = None,
    requested_by: RequestedBy = None,
    as_json: AsJson = False,
) -> None:
    """Lift a pause."""
    who = signed(deployment, reason, requested_by)
    command = {"command": "resume", **whom(pair), **fields(paused_at=paused_at), **who}
    result = send(deployment, command)
    answered(deployment, result, as_json=as_json)
    end(code_of(result))
