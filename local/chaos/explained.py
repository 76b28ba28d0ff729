"""Which faults explain what is unusual: a held pair, a notice's copy, an event given up. Pure."""

from typing import Final

from local.chaos.facts import Left, OfPair
from local.chaos.tally import Met

# Around a claim: so long after it an order can still be on its way, or its outcome be stored.
_BEFORE_S: Final = 15.0
_AFTER_S: Final = 75.0
# What makes it uncertain whether an order has left, or was taken.
_ORDER_AT_RISK: Final = (
    "function: ", "DynamoDB: ", "SSM: ", "Secrets Manager: ", "order: ", "provider: ",
    "all pairs: ",
)  # fmt: skip
# What can end an invocation between publishing and marking, or lose the answer of either.
_COPYING: Final = ("SNS: ", "DynamoDB: ", "function: ")
# Why Lambda gives an event up, by the error that its last try ended with.
_GIVEN_UP: Final = {
    "LedgerUnavailable": ("DynamoDB: ", "SSM: ", "Secrets Manager: ", "SNS: "),
    "Runtime.ExitError": ("function: ",),
    "Runtime.HandlerError": ("function: ",),
    "Runtime.Unknown": ("function: ",),
    "Sandbox.Timedout": ("function: ",),
    "TooManyRequestsException": ("Lambda: ",),
}
# What a record of a queue can fail of, three times.
_DEAD: Final = ("DynamoDB: ", "SSM: ", "function: ", "queue: a record comes again")


def claim_is_explained(pair: OfPair, met: tuple[Met, ...]) -> bool:
    """Whether something befell the claim that holds this pair, or its order, and can explain it."""
    return any(
        one.fault.startswith(_ORDER_AT_RISK)
        and one.outage in (None, pair.outage.number)
        and run["claimed_s"] - _BEFORE_S <= one.at_s <= run["claimed_s"] + _AFTER_S
        for run in pair.runs
        if run["holds"]
        for one in met
    )


def copies_are_explained(extra: int, met: tuple[Met, ...]) -> bool:
    """Whether no more copies came than there were occasions for one."""
    return extra <= sum(one.fault.startswith(_COPYING) for one in met)


def is_explained(left: Left, met: tuple[Met, ...]) -> bool:
    """Whether something was met that an event in a queue can have failed of."""
    faults = _GIVEN_UP.get(left.error, ()) if left.queue == "failed" else _DEAD
    return any(one.fault.startswith(faults) for one in met)
