"""What can go wrong around one pair: its provider's reads, its calls of AWS, the function. Pure."""

from random import Random
from typing import Any, Final

from local.chaos.plan import MINUTES, Act

READS: Final = ("detail", "cluster")
GARBAGE: Final = (
    "not-http", "truncated-json", "html", "wrong-types", "length-too-long", "length-too-short",
    "invalid-utf8", "empty",
)  # fmt: skip
_STATUSES: Final = {
    "provider: 3xx": (301, 302, 307),
    "provider: 5xx": (500, 502, 503, 504),
    "provider: 429": (429,),
    "provider: 403": (403,),
    "provider: 404": (404,),
}
# How the provider shows a pair, until it calms down.
_SHOWN: Final[dict[str, dict[str, Any]]] = {
    "provider: list behind the detail": {"list_lag_s": 75},
    "provider: detail behind the list": {"detail_lag_s": 75},
    "provider: times in the future": {"last_sync": "future"},
    "provider: no time of the last sync": {"last_sync": "na"},
    "provider: production cannot be read": {"production_dark": True},
}
AT_CALM: Final[dict[str, Any]] = {
    "list_lag_s": 0.0, "detail_lag_s": 0.0, "last_sync": "true", "production_dark": False,
}  # fmt: skip


def provider_trouble(rng: Random, minute: int) -> Act:
    """Something that befalls reads of one pair."""
    at_s, draw = rng.uniform(0, 2), rng.randrange(4)
    if draw == 0:
        name = rng.choice(sorted(_SHOWN))
        return Act(minute, at_s, "vary", name, _SHOWN[name])
    fault: dict[str, Any] = {"operation": rng.choice(READS), "times": rng.randint(1, 4)}
    if draw == 1:
        name = rng.choice(sorted(_STATUSES))
        fault |= {"kind": "respond", "status": rng.choice(_STATUSES[name])}
        return Act(minute, at_s, "fault", name, fault)
    where = rng.choice(("request", "answer", "headers", "body"))
    name, more = rng.choice((
        ("provider: stalls", {"kind": "stall", "seconds": rng.uniform(3, 9)}),
        ("provider: drips", {"kind": "drip", "interval_ms": 5}),
        ("provider: resets", {"kind": "cut", "at": where}),
        ("provider: garbage", {"kind": "corrupt", "corruption": rng.choice(GARBAGE)}),
    ))  # fmt: skip
    return Act(minute, at_s, "fault", name, fault | more)


_WRITE: Final = "TransactWriteItems"
_CALLS: Final = {
    "DynamoDB: answer lost after the write": (_WRITE, "after", "drop"),
    "DynamoDB: no answer, nothing written": (_WRITE, "before", "drop"),
    "DynamoDB: throttled": (_WRITE, "before", "ProvisionedThroughputExceededException"),
    "DynamoDB: refuses": (_WRITE, "before", "AccessDeniedException"),
    "DynamoDB: fails on a read": ("Query", "before", "InternalServerError"),
    "SNS: answer lost after it has published": ("Publish", "after", "drop"),
    "SNS: fails": ("Publish", "before", "InternalError"),
    "SNS: throttled": ("Publish", "before", "Throttled"),
}
_POINTS: Final = (
    (_WRITE, "before"), (_WRITE, "after"), ("Query", "after"),
    ("Publish", "before"), ("Publish", "after"), ("claim", "before"), ("claim", "after"),
)  # fmt: skip


def aws_trouble(rng: Random, minute: int) -> Act:
    """Something that befalls a call of AWS that is about one pair."""
    name = rng.choice(sorted(_CALLS))
    operation, moment, trouble = _CALLS[name]
    how = {"operation": operation, "moment": moment, "trouble": trouble, "nth": rng.randint(1, 4)}
    return Act(minute, 0.0, "spoil", name, how)


def function_trouble(rng: Random, minute: int, *, may_time_out: bool) -> Act:
    """Something that befalls the function at a call that is about one pair."""
    if may_time_out and rng.random() < 1 / 3:
        operation = rng.choice((_WRITE, "Publish"))
        for_good = {"operation": operation, "moment": "before", "nth": 1, "seconds": None}
        return Act(minute, 0.0, "freeze", "function: timed out", for_good)
    operation, moment = rng.choice(_POINTS)
    nth = 1 if operation == "claim" else rng.randint(1, 3)
    how: dict[str, Any] = {"operation": operation, "moment": moment, "nth": nth}
    if rng.random() < 1 / 3:
        frozen = {**how, "seconds": rng.uniform(1, 12)}
        return Act(minute, 0.0, "freeze", "function: frozen and thawed", frozen)
    if rng.random() < 1 / 4:
        return Act(minute, 0.0, "kill at order", "function: killed while it orders")
    return Act(minute, 0.0, "kill", "function: killed", how)


def document_trouble(rng: Random, minute: int) -> tuple[Act, ...]:
    """Something that befalls the document of one pair, and is over before it calms down."""
    later = min(minute + rng.randint(1, 3), MINUTES - 1)
    what, name = rng.choice((
        ("break", "document: broken, mended"),
        ("delete", "document: gone, put again"),
        ("rename", "document: renamed"),
    ))  # fmt: skip
    first = Act(minute, rng.uniform(0, 3), f"{what} document", name)
    return (first,) if what == "rename" else (first, Act(later, 3.5, "put document"))


def standby_trouble(rng: Random, minute: int) -> tuple[Act, ...]:
    """The standby is not ready for a while."""
    later = min(minute + rng.randint(1, 3), MINUTES - 1)
    status = rng.choice(("READONLY", "UNAVAILABLE"))
    return (
        Act(minute, 0.0, "standby", "provider: standby not ready", {"status": status}),
        Act(later, 3.0, "standby", "", {"status": "AVAILABLE"}),
    )
