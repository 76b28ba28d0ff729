"""A person says how a pair stands."""

from typing import Annotated

import typer

from failoverctl.arguments import AsJson, Override, PairName, Reason, RequestedBy, RunId
from failoverctl.caller import signed
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.sending import send
from failoverctl.words import fields, whom


@on_deployment
def acknowledge(
    deployment: Deployment,
    pair: PairName,
    *,
    production: Annotated[
        str, typer.Option("--production", help="The id of the cluster that is production now.")
    ],
    run_id: RunId = None,
    override: Override = None,
    reason: Reason = None,
    requested_by: RequestedBy = None,
    as_json: AsJson = False,
) -> None:
    """Say which cluster is production.

    Ends the hold of the run that is named, and the incident with it; never arms the pair.
    """
    more = fields(production_cluster_id=production, run_id=run_id, override=override)
    who = signed(deployment, reason, requested_by)
    result = send(deployment, {"command": "acknowledge", **whom(pair), **more, **who})
    answered(deployment, result, as_json=as_json)
    end(code_of(result))
