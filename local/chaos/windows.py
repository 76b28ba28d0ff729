"""What befalls the whole stack for seconds of a minute: a service, the provider, Lambda. Pure."""

from random import Random
from typing import Any, Final

from local.chaos.plan import MINUTES, Act

_SERVICES: Final = {
    "dynamodb": "DynamoDB", "sns": "SNS", "ssm": "SSM", "secretsmanager": "Secrets Manager",
}  # fmt: skip
_TROUBLES: Final = {
    "throttled": "ThrottlingException",
    "fails": "InternalServerError",
    "does not answer": "drop",
    "hangs": "hold",
}
_OF_PROVIDER: Final[dict[str, dict[str, Any]]] = {
    "all pairs: 429 from the provider": {"operation": "any", "kind": "respond", "status": 429},
    "all pairs: the list is garbage": {
        "operation": "list", "kind": "corrupt", "corruption": "truncated-json",
    },
    "all pairs: the list is down": {"operation": "list", "kind": "respond", "status": 503},
    "all pairs: details are down": {"operation": "detail", "kind": "respond", "status": 503},
    "all pairs: the list stalls": {"operation": "list", "kind": "stall", "seconds": 4},
    "all pairs: connecting is cut": {"operation": "any", "kind": "cut", "at": "connect"},
}  # fmt: skip
_OTHERS: Final = (
    "tokens expire", "provider's clock is ahead", "Lambda takes no further invocation",
    "all environments end", "all pairs paused, then resumed", "reconcile is missed",
    "reconcile runs twice",
)  # fmt: skip


def windows(rng: Random) -> tuple[Act, ...]:
    """About one for each minute of chaos, in order."""
    found: list[Act] = []
    for minute in range(MINUTES):
        begins = rng.uniform(0.2, 3)
        ends = begins + rng.uniform(2, 5)
        found += rng.choice((_service, _service, _provider, _other))(rng, minute, begins, ends)
    return tuple(sorted(found, key=lambda act: (act.minute, act.at_s)))


def _service(rng: Random, minute: int, begins: float, ends: float) -> list[Act]:
    service, how = rng.choice(sorted(_SERVICES)), rng.choice(sorted(_TROUBLES))
    fields = {"service": service, "trouble": _TROUBLES[how]}
    # What an environment has read of these it keeps for minutes: it takes new ones to be met.
    name = "all environments end"
    anew = [Act(minute, begins, name, _ROWS[name])] if service in ("ssm", "secretsmanager") else []
    return [
        *anew,
        Act(minute, begins, "take down", f"{_SERVICES[service]}: {how}, for all", fields),
        Act(minute, ends, "bring back", "", fields),
    ]


def _provider(rng: Random, minute: int, begins: float, ends: float) -> list[Act]:
    name = rng.choice(sorted(_OF_PROVIDER))
    fault = {**_OF_PROVIDER[name], "times": None}
    return [
        Act(minute, begins, "fault for all", name, fault),
        Act(minute, ends, "no fault for all"),
    ]


def _other(rng: Random, minute: int, begins: float, ends: float) -> list[Act]:
    name = rng.choice(_OTHERS)
    ending = {
        "provider's clock is ahead": "clock is right",
        "Lambda takes no further invocation": "bring back",
        "all pairs paused, then resumed": "resume all",
    }
    over = [Act(minute, ends, ending[name], "", {"service": "lambda"})] if name in ending else []
    return [Act(minute, begins, name, _ROWS[name]), *over]


_ROWS: Final = {
    "tokens expire": "all pairs: tokens are revoked",
    "provider's clock is ahead": "all pairs: the gateway's clock is 20 minutes ahead",
    "Lambda takes no further invocation": "Lambda: no invocation by the function is taken",
    "all environments end": "function: environments end while idle or at work",
    "all pairs paused, then resumed": "people: all pairs paused, then resumed",
    "reconcile is missed": "schedule: a reconcile is missed",
    "reconcile runs twice": "schedule: a reconcile runs twice",
}
