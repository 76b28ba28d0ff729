"""The alarms of an outage: which come, by which way, how often and in which order. Pure."""

from random import Random
from typing import Any, Final

from local.chaos.plan import MINUTES, Act, Kind

WAYS: Final = ("cloudwatch", "cloudwatch", "bus", "queue")
_CONTRIBUTORS: Final = ("6d442278dba546f6", "0a51c1e4b7d2f390")
_MUTED_S: Final = 6 * 3600  # far beyond the end of a wave


def alarms(rng: Random, kind: Kind, minute: int, number: int) -> tuple[Act, ...]:
    """All alarms of an outage that begins in this minute.

    What is no plain call is a fault: it must not lead to a second order, nor hide the first.
    """
    if kind == "muted":
        return (_alarm(0, 0.0, "alarm: muted", way="bus", muted_s=_MUTED_S),)
    way = WAYS[number % len(WAYS)]
    first = _alarm(minute, 3.0 + rng.uniform(0, 3), "queue: an alarm" * (way == "queue"), way=way)
    if kind == "acknowledged":
        return (first,)
    return (first, *_further(rng, minute)) if rng.random() < 2 / 3 else (first,)


def _further(rng: Random, minute: int) -> tuple[Act, ...]:
    """One of the things that buses and alarms do besides."""
    return rng.choice((_copies, _contributors, _reordered, _late, _again, _from_a_queue_twice))(
        rng, minute
    )


def _copies(rng: Random, minute: int) -> tuple[Act, ...]:
    copies = rng.randint(2, 4)
    return (_alarm(minute, 3.0, "alarm: comes twice or more", way="bus", copies=copies, part="-b"),)


def _contributors(rng: Random, minute: int) -> tuple[Act, ...]:
    how = {"way": "bus", "part": "-c"}
    return tuple(
        _alarm(minute, 3 + rng.uniform(0, 2), "alarm: of a contributor", contributor=one, **how)
        for one in _CONTRIBUTORS
    )


def _reordered(_: Random, minute: int) -> tuple[Act, ...]:
    """The OK that an ALARM came after arrives after it."""
    how = {"way": "bus", "part": "-r"}
    return (
        _alarm(minute, 3.0, **how),
        _alarm(minute, 4.5, "alarm: overtaken by a newer one", state="OK", age_s=120, **how),
    )


def _late(rng: Random, minute: int) -> tuple[Act, ...]:
    age_s = rng.choice((400, 700, 1200, 3000))
    return (
        _alarm(
            minute, 2.5, "alarm: late", way=rng.choice(("bus", "queue")), part="-l", age_s=age_s
        ),
    )


def _again(rng: Random, minute: int) -> tuple[Act, ...]:
    """OK and ALARM again, minutes later."""
    later = min(minute + rng.randint(1, 2), MINUTES - 1)
    return (
        _alarm(minute, 3.0, way="bus", part="-f"),
        _alarm(later, 1.0, "alarm: to and fro", way="bus", part="-f", state="OK"),
        _alarm(later, 4.0, way="bus", part="-f"),
    )


def _from_a_queue_twice(_: Random, minute: int) -> tuple[Act, ...]:
    """A record that cannot be stored at first: the queue gives it again."""
    refused = {"operation": "TransactWriteItems", "moment": "before", "nth": 1}
    return (
        Act(minute, 2.9, "spoil", "queue: a record comes again",
            {**refused, "trouble": "AccessDeniedException", "also": "state#incident"}),
        _alarm(minute, 3.0, "queue: an alarm", way="queue", part="-q"),
    )  # fmt: skip


def _alarm(minute: int, at_s: float, fault: str = "", **how: Any) -> Act:
    return Act(minute, at_s, "alarm", fault, how)
