"""How long it took from the outage, and from its alarm, to the order and to its effect. Pure."""

from collections.abc import Mapping
from datetime import datetime

from handler.model.run import Run


def to_order(run: Run) -> Mapping[str, float]:
    """Until the request left; nothing where none has."""
    return _spans(run, "Order", run.requested_at)


def to_roles_exchanged(run: Run) -> Mapping[str, float]:
    """Until the roles were first seen exchanged, as they stayed."""
    return _spans(run, "RolesExchanged", run.exchanged_since)


def _spans(run: Run, what: str, until: datetime | None) -> Mapping[str, float]:
    begun = {"Outage": run.outage_began_at, "Alarm": run.alarmed_at}
    return {
        f"{since}To{what}": max(0.0, (until - at).total_seconds())
        for since, at in begun.items()
        if at and until
    }
