"""Draws a wave from its seed: the same seed, the same wave. Pure."""

from collections.abc import Callable
from random import Random
from typing import Any, Final
from uuid import UUID

from local.chaos import alarms, orders, people, troubles
from local.chaos.plan import MINUTES, Act, Kind, Outage, Wave
from local.chaos.windows import windows

# Of twenty outages. Most must be failed over: there a fault can do harm.
_DECK: Final[tuple[Kind, ...]] = (
    "dies", "dies", "dies", "dies", "dies", "dies", "dies", "dies", "dies", "dies", "dies", "dies",
    "returns", "false alarm", "false alarm", "observed", "paused", "muted",
    "console", "acknowledged",
)  # fmt: skip
# How often trouble comes from each side, of sixteen times.
_SIDES: Final = {
    "provider": 4, "order": 3, "aws": 3, "function": 2, "document": 1, "standby": 1, "people": 2,
}  # fmt: skip
# What it takes to meet a function's timeout within a wave; the template's would take five minutes.
# Reconcile leaves 60 s of its invocation, so it cannot be much shorter.
SHORT_TIMEOUT_S: Final = 90
_TIMED_OUT_EVERY: Final = 3  # waves

Draw = Callable[[], tuple[Act, ...]]


def drawn(seed: int, count: int) -> Wave:
    """A wave of so many outages."""
    rng, timed_out = Random(seed), seed % _TIMED_OUT_EVERY == 1
    deck = rng.sample(_DECK, len(_DECK))
    kinds = [deck[number % len(deck)] for number in range(count)]
    found = [
        _outage(Random(f"{seed}/{number}"), number, kind, may_time_out=timed_out)
        for number, kind in enumerate(kinds)
    ]
    return Wave(seed, tuple(found), windows(rng), SHORT_TIMEOUT_S if timed_out else None)


def _outage(rng: Random, number: int, kind: Kind, *, may_time_out: bool) -> Outage:
    # What must be known beforehand is told in the first minute, the outage begins in the next.
    minute = 1 if kind in ("paused", "muted") else rng.choice((0, 0, 1, 2))
    acts = [*_death(rng, kind, minute), *alarms.alarms(rng, kind, minute, number)]
    acts += people.by_kind(rng, kind, minute)
    variants: dict[str, Any] = {
        "abnormal_after_s": rng.choice((0, 2, 20)),
        "switching_s": rng.choice((1, 5, 90)),
    }
    if kind == "dies":
        acts += _around(rng, minute, may_time_out=may_time_out)
        variants |= _executed(rng, acts)
    return Outage(
        number=number,
        kind=kind,
        ids=(new_id(rng), new_id(rng), new_id(rng)),
        document={
            "mode": "observe" if kind == "observed" else "automatic",
            "production_down_for_s": rng.choice((0, 0, 3, 60)),
            "retry_for_s": 2400,
            "max_data_loss_s": 7200,
        },
        secret=rng.choice(("key", "key", "user")),
        has_probe=rng.random() < 1 / 2,
        variants=variants,
        acts=tuple(sorted(acts, key=lambda act: (act.minute, act.at_s))),
    )


def _death(rng: Random, kind: Kind, minute: int) -> list[Act]:
    if kind == "false alarm":
        return []
    dies = [Act(minute, rng.uniform(0.5, 2.5), "dies")]
    if kind == "returns":
        back = min(minute + rng.randint(0, 3), MINUTES - 1)
        dies.append(Act(back, rng.uniform(3.5, 5), "returns", "provider: production returns"))
    return dies


def _around(rng: Random, minute: int, *, may_time_out: bool) -> list[Act]:
    """Two to four troubles, from before the outage until it calms down."""
    found: list[Act] = []
    for _ in range(rng.randint(2, 4)):
        at = min(minute + rng.choice((0, 0, 0, 1, 2)), MINUTES - 2)
        found += _one(rng, at, may_time_out=may_time_out)
    return found


def _one(rng: Random, minute: int, *, may_time_out: bool) -> tuple[Act, ...]:
    draw: dict[str, Draw] = {
        "provider": lambda: (troubles.provider_trouble(rng, minute),),
        "order": lambda: (_order_fault(rng),),
        "aws": lambda: (troubles.aws_trouble(rng, minute),),
        "function": lambda: (troubles.function_trouble(rng, minute, may_time_out=may_time_out),),
        "document": lambda: troubles.document_trouble(rng, minute),
        "standby": lambda: troubles.standby_trouble(rng, minute),
        "people": lambda: people.beside(rng, minute),
    }
    return draw[rng.choices([*_SIDES], [*_SIDES.values()])[0]]()


def _order_fault(rng: Random) -> Act:
    name, fault = orders.order_fault(rng)
    return Act(0, 0.0, "fault", name, fault)


def _executed(rng: Random, acts: list[Act]) -> dict[str, Any]:
    """How the provider executes an order; noted as an act, so that the report knows of it."""
    if rng.random() > 1 / 6:
        return {}
    name, fields = orders.variant(rng)
    acts.append(Act(0, 0.0, "note", name))
    return fields


def new_id(rng: Random) -> str:
    """An id as the provider has them."""
    return str(UUID(int=rng.getrandbits(128), version=4))
