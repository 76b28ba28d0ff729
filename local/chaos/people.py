"""What people do meanwhile, with the function's commands and in the provider's console. Pure."""

from random import Random
from typing import Final

from local.chaos.plan import MINUTES, Act, Kind

LAST: Final = MINUTES - 1


def by_kind(rng: Random, kind: Kind, minute: int) -> tuple[Act, ...]:
    """What a kind of outage is about."""
    if kind == "paused":
        return (Act(0, 0.0, "pause", "people: pause"),)
    if kind == "acknowledged":
        later = rng.choice((minute, minute + 1))
        return (Act(later, rng.uniform(3.2, 5), "acknowledge", "people: acknowledge meanwhile"),)
    if kind == "console":
        order = rng.choice(("failover", "switchover"))
        at = rng.choice(((minute, rng.uniform(3, 4.5)), (minute + 1, 0.5)))
        return (Act(*at, "console", f"people: {order} in the console", {"order": order}),)
    return ()


def beside(rng: Random, minute: int) -> tuple[Act, ...]:
    """What changes nothing about what must come of an outage."""
    draw = rng.choice(("pause", "order", "override", "look"))
    if draw == "pause":
        later = min(minute + rng.randint(1, 3), LAST)
        return (
            Act(minute, rng.uniform(0, 4), "pause", "people: pause"),
            Act(later, rng.uniform(0, 4), "resume", "people: resume"),
        )
    at_s = rng.uniform(3, 5)
    if draw == "order":
        return (Act(minute, at_s, "failover", "people: order at the same time"),)
    if draw == "override":
        how = {"override": ["armed", "rpo"]}
        return (Act(minute, at_s, "failover", "people: order, gates overridden", how),)
    return tuple(
        Act(min(minute + 1, LAST), 1.0, what, "people: rehearse, verify, status")
        for what in ("rehearse", "verify", "status")
    )
