"""The brake, lifted."""

from failoverctl.arguments import AsJson, PairOrAll, Reason, RequestedBy
from failoverctl.caller import signed
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.sending import send
from failoverctl.words import whom


@on_deployment
def resume(
    deployment: Deployment,
    pair: PairOrAll,
    *,
    reason: Reason = None,
    requested_by: RequestedBy = None,
    as_json: AsJson = False,
) -> None:
    """Lift a pause."""
    who = signed(deployment, reason, requested_by)
    result = send(deployment, {"command": "resume", **whom(pair), **who})
    answered(deployment, result, as_json=as_json)
    end(code_of(result))
