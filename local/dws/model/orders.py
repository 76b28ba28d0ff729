"""Which order the provider takes in which state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from local.dws.model.state import State
from local.dws.model.variants import Variants

OrderKind = Literal["failover", "switchover", "recovery", "start", "pause"]

ALLOWED: dict[str, frozenset[str]] = {
    "start": frozenset({"unstart", "start_failed", "stopped"}),
    "pause": frozenset({"running", "stop_failed"}),
    "switchover": frozenset({"running"}),
    "recovery": frozenset({"abnormal"}),
}
NO_FAILOVER = frozenset(
    {"creating", "create_failed", "unstart", "starting", "start_failed", "deleting", "deleted"}
)
# The published code for an operation that the instance does not support.
WRONG_SITE_CODE = "DWS.5095"


class OrderRefused(Exception):
    """The provider does not take the order: answer 400 with this code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Order:
    """An order that the provider has taken."""

    at: datetime
    kind: OrderKind
    by: Literal["api", "console"] = "api"


def check(
    kind: OrderKind, state: State, variants: Variants, site: str | None, *, is_pending: bool
) -> None:
    """Let an order pass that the provider would take, given by way of a project (the site).

    Raises:
        OrderRefused: it would not.
    """
    if kind in ("failover", "recovery"):
        _check_site(state, variants, site)
    if kind == "failover":
        refused = _failover_refused(state, variants, is_pending=is_pending)
    else:
        refused = state.status not in ALLOWED[kind] or is_pending
        refused |= kind == "recovery" and not state.standby.is_alive
    if refused:
        raise OrderRefused(
            variants.wrong_state_code,
            f"The disaster recovery is {state.status}; {kind} is not allowed now.",
        )


def _check_site(state: State, variants: Variants, site: str | None) -> None:
    crosses = state.production.project_id != state.standby.project_id
    if crosses and variants.refuses_wrong_site and site not in (None, state.standby.project_id):
        raise OrderRefused(
            WRONG_SITE_CODE, "This operation is supported in the standby cluster's region only."
        )


def _failover_refused(state: State, variants: Variants, *, is_pending: bool) -> bool:
    if state.status == "switchovering" or is_pending:
        return variants.second_order == "refused"
    if state.status == "running" and variants.requires_abnormal:
        return True
    return state.status in NO_FAILOVER
