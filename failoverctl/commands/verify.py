"""One look at a run."""

from failoverctl.answers import text
from failoverctl.arguments import AsJson, PairName, RequestId, RunId
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, end
from failoverctl.failures import ExitCode
from failoverctl.sending import send
from failoverctl.words import fields, whom


@on_deployment
def verify(
    deployment: Deployment,
    pair: PairName,
    *,
    run_id: RunId = None,
    request_id: RequestId = None,
    as_json: AsJson = False,
) -> None:
    """Look once what has become of a run.

    Without --run-id or --request-id of the pair's last one. Orders nothing.
    """
    which = fields(run_id=run_id, request_id=request_id)
    result = send(deployment, {"command": "verify", **whom(pair), **which})
    answered(deployment, result, as_json=as_json)
    is_there = text(result, "decision") != "no_run"
    end(ExitCode.DONE if is_there else ExitCode.NOT_DONE)
