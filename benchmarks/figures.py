"""Medians, spreads and ratios of samples, and how they are written. Nothing here measures."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Values = Sequence[float]


def median(values: Values) -> float:
    """The middle one; no figure (NaN) of none."""
    return statistics.median(values) if values else float("nan")


def spread(values: Values) -> tuple[float, float]:
    """Between which two values the middle half lies."""
    if len(values) < 2:  # noqa: PLR2004 - of one value there is no spread
        return median(values), median(values)
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def ratio(ours: Values, theirs: Values) -> float:
    """One median beside the other; no figure where there is none of them."""
    return median(ours) / median(theirs) if ours and theirs else float("nan")


def columns(samples: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Samples by field; of what is no number, that of the sample with the median order.

    None stands for what did not happen in a sample, and is left out.
    """
    every = list(samples)
    if not every:
        return {}
    by_order = sorted(every, key=lambda one: one.get("order_ms", 0))
    return {
        name: numbers or value
        for name, value in by_order[len(by_order) // 2].items()
        for numbers in [[round(one[name], 3) for one in every if _is_number(one[name])]]
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def said(value: float, unit: str = "") -> str:
    """A figure for people: three digits that matter."""
    if value != value:  # noqa: PLR0124 - the one way to be unequal to itself
        return "none"
    digits = 0 if abs(value) >= 1000 or value == int(value) else 1 if abs(value) >= 10 else 2  # noqa: PLR2004
    return f"{value:,.{digits}f}{unit and ' '}{unit}"


def middle_half(values: Values, unit: str = "") -> str:
    """A median, and in brackets what the middle half lies between."""
    low, high = spread(values)
    return f"{said(median(values), unit)} ({said(low)} to {said(high)})"
