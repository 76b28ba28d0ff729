"""The order: shown what it costs, signed, the pair's name typed back, followed to its end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from rich.text import Text

from failoverctl.answers import Result, span, text
from failoverctl.arguments import (
    Every,
    Evidence,
    OutageBeganAt,
    Override,
    PairName,
    Reason,
    RequestedBy,
    RequestId,
    RunId,
)
from failoverctl.caller import asked, signed
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.ending import answered, code_of, end
from failoverctl.failures import ExitCode, Failure
from failoverctl.ordering import carried_out
from failoverctl.screen import out, plain
from failoverctl.sending import send
from failoverctl.shown import show_gates, show_steps
from failoverctl.words import fields, whom


@on_deployment
def failover(
    deployment: Deployment,
    pair: PairName,
    *,
    override: Override = None,
    run_id: RunId = None,
    evidence: Evidence = None,
    outage_began_at: OutageBeganAt = None,
    request_id: RequestId = None,
    reason: Reason = None,
    requested_by: RequestedBy = None,
    every: Every = 15,
) -> None:
    """Order the failover.

    Shows the gates and what would be lost, asks for a reason and for the pair's name, and follows
    the run to its proven end.
    """
    which = {**whom(pair), **fields(override=override, run_id=run_id)}
    which |= fields(outage_began_at=outage_began_at)
    seen = send(deployment, {"command": "rehearse", **which})
    _check(deployment, seen, evidence)
    name = text(seen, "pair")
    who = signed(deployment, reason, requested_by)
    typed = asked(f"To order the failover, type the pair's name ({name}): ")
    if not typed or typed != name:
        code = ExitCode.USAGE if typed else ExitCode.NOT_DONE
        raise Failure("that is not the pair's name: nothing was sent", code)
    request = {"request_id": request_id or f"failoverctl-{uuid4()}"}
    order = {"command": "failover", **which, **who, **request, "confirm": name}
    order |= fields(evidence=seen.get("evidence"))
    order["requested_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    answer = carried_out(deployment, order, every)
    answered(deployment, answer)
    end(code_of(answer))


def _check(deployment: Deployment, seen: Result, evidence: str | None) -> None:
    """Show what would be ordered; end here where it would be refused.

    Raises:
        Failure: it would be, or it is no longer what somebody has seen.
    """
    out.print(plain(text(seen, "pair"), "bold"), plain(text(seen, "reason")))
    show_gates(seen)
    if text(seen, "reason_code") != "would_submit":
        show_steps(deployment, seen)
        raise Failure("it would be refused, so nothing was ordered")
    if evidence and evidence != seen.get("evidence"):
        show_steps(deployment, seen)
        raise Failure(
            "what you have seen (--evidence) has changed, so nothing was ordered: look again"
        )
    best, most = span(seen.get("estimated_data_loss_s")), span(seen.get("at_most_data_loss_s"))
    end = f"at most {most}" if most else "more, if production still takes writes"
    loss = f"about {best}, {end}" if best else "not known"
    roles = seen.get("roles")
    new = text(roles, "standby_cluster_id") if isinstance(roles, Mapping) else ""
    out.print(Text("  ") + plain(f"Data that would be lost: {loss}", "bold"))
    out.print(Text("  ") + plain(f"New production: {new or 'not known'}"))
