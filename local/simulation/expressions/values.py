"""Values in DynamoDB's own JSON: equal, ordered, contained, added."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from local.simulation.expressions.words import Unsupported

Item = dict[str, Any]  # DynamoDB's own JSON


def plain(value: Mapping[str, Any]) -> tuple[str, Any]:
    """A value with its kind, so that equal ones are equal."""
    ((kind, inner),) = value.items()
    if kind == "N":
        return kind, Decimal(inner)
    if kind in ("SS", "NS"):
        return kind, frozenset(map(Decimal, inner) if kind == "NS" else inner)
    if kind == "L":
        return kind, [plain(one) for one in inner]
    if kind == "M":
        return kind, {name: plain(one) for name, one in inner.items()}
    return kind, inner


def same(left: Any, right: Any) -> bool:
    """Whether two values are there, and equal."""
    return left is not None and right is not None and plain(left) == plain(right)


def ordered(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    """Whether two values compare so; DynamoDB orders texts, numbers and bytes."""
    if left is None or right is None:
        return False
    (kind, one), (other_kind, other) = plain(left), plain(right)
    if other_kind not in ("S", "N", "B"):
        raise Unsupported(f"an order of {other_kind}")
    return kind == other_kind and compare(one, other)


def size(value: Any) -> Any:
    """The size of a value, itself a value."""
    if value is None:
        return None
    ((kind, inner),) = value.items()
    if kind not in ("S", "SS", "NS", "L", "M"):
        raise Unsupported(f"the size of {kind}")
    return {"N": str(len(inner))}


def contains(value: Any, wanted: Any) -> bool:
    """Whether a text, a set or a list contains a value."""
    if value is None or wanted is None:
        return False
    ((kind, inner),), ((wanted_kind, one),) = value.items(), wanted.items()
    if kind == "L":
        return any(plain(each) == plain(wanted) for each in inner)
    return kind in (wanted_kind, f"{wanted_kind}S") and one in inner


def begins(value: Any, wanted: Any) -> bool:
    """Whether a text begins with another."""
    return "S" in (value or {}) and bool(value["S"].startswith(wanted["S"]))


def added(left: Any, right: Any, sign: int) -> Any:
    """The sum of two numbers, or their difference."""
    if "N" not in left or "N" not in right:
        raise Unsupported(f"a sum of {left} and {right}")
    return {"N": str(Decimal(left["N"]) + sign * Decimal(right["N"]))}
