"""What can go wrong with the order itself, each as a fault of the emulator or a variant. Pure.

What the provider has taken counts as an order, whatever it has answered. Where it has taken nothing
and the function cannot know that, the run ends as `not_started`, inferred: the pair is held for a
person, and nothing is ordered again. That is no bug.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

_DENIED: Final = {"error_code": "APIGW.0302", "error_msg": "The project is not accessible"}
_THROTTLED: Final = {"error_code": "APIGW.0308", "error_msg": "The throttling threshold"}


def _answered(status: int, body: Any = None, *, effect: bool, times: int = 1) -> dict[str, Any]:
    return {"kind": "respond", "status": status, "body": body, "effect": effect, "times": times}


def order_fault(rng: Random) -> tuple[str, dict[str, Any]]:
    """A row of the report, and the fields of the fault."""
    name = rng.choice(sorted(_DRAWS))
    return name, {"operation": "failover", **_DRAWS[name](rng)}


def variant(rng: Random) -> tuple[str, dict[str, Any]]:
    """The same, of how the provider executes what it has taken."""
    name = rng.choice(sorted(_VARIANTS))
    return name, _VARIANTS[name]


_DRAWS: Final[Mapping[str, Callable[[Random], dict[str, Any]]]] = {
    "order: 429, not taken": lambda rng: _answered(
        429, _THROTTLED, effect=False, times=rng.randint(1, 2)
    ),
    "order: 403, not taken": lambda _: _answered(403, _DENIED, effect=False),
    "order: 5xx, not taken": lambda rng: _answered(rng.choice((500, 502, 503, 504)), effect=False),
    "order: 5xx, taken": lambda rng: _answered(rng.choice((500, 502, 503, 504)), effect=True),
    "order: 3xx, not taken": lambda _: {
        **_answered(307, effect=False),
        "headers": {"Location": "http://127.0.0.1:9/"},
    },
    "order: reset before it was taken": lambda rng: {
        "kind": "cut", "at": "request", "how": rng.choice(("rst", "fin")),
    },
    "order: taken, answer lost": lambda rng: {
        "kind": "cut",
        "at": rng.choice(("answer", "headers", "body")),
        "how": rng.choice(("rst", "fin")),
    },
    "order: taken, answer garbled": lambda rng: {
        "kind": "corrupt",
        "corruption": rng.choice(("not-http", "truncated-json", "html", "wrong-types", "empty")),
    },
    "order: taken, answer late": lambda rng: {
        "kind": "stall", "at": "answer", "seconds": rng.uniform(2, 6),
    },
}  # fmt: skip
_VARIANTS: Final[dict[str, dict[str, Any]]] = {
    "order: executed late": {"order_delay_s": 45},
    "order: exchange shows late": {"exchange_after_s": 90},
    "order: fails at the provider": {"fails": True},
    "order: only role words exchanged": {"exchange": "role-words"},
}
UNCLEAR: Final = (
    "order: 5xx, not taken",
    "order: 3xx, not taken",
    "order: reset before it was taken",
)
