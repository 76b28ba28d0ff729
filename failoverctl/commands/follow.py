"""A run watched to its end."""

from failoverctl.arguments import AsJson, Every, PairName, RequestId, RunId
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.following import followed
from failoverctl.words import fields, whom


@on_deployment
def follow(
    deployment: Deployment,
    pair: PairName,
    *,
    run_id: RunId = None,
    request_id: RequestId = None,
    every: Every = 15,
    as_json: AsJson = False,
) -> None:
    """Watch a run until its end is proved.

    Without --run-id the pair's last one. Orders nothing, and Ctrl-C stops only the watching.
    """
    which = fields(run_id=run_id, request_id=request_id)
    result = followed(deployment, {"command": "verify", **whom(pair), **which}, every)
    answered(deployment, result, as_json=as_json)
    end(code_of(result))
