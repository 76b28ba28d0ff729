"""What a confirmed command would come to now."""

from failoverctl.answers import text
from failoverctl.arguments import AsJson, OutageBeganAt, Override, PairName, RunId
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, end
from failoverctl.failures import ExitCode
from failoverctl.sending import look
from failoverctl.words import fields, whom


@on_deployment
def rehearse(
    deployment: Deployment,
    pair: PairName,
    *,
    override: Override = None,
    outage_began_at: OutageBeganAt = None,
    run_id: RunId = None,
    as_json: AsJson = False,
) -> None:
    """Ask every gate now; orders nothing."""
    more = fields(override=override, outage_began_at=outage_began_at, run_id=run_id)
    result = look(deployment, {"command": "rehearse", **whom(pair), **more})
    answered(deployment, result, as_json=as_json)
    is_fine = text(result, "reason_code") in ("would_submit", "ready")
    end(ExitCode.DONE if is_fine else ExitCode.NOT_DONE)
