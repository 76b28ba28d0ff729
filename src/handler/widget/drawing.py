"""The two drawings: how old the data is against its limit, and how a run went. Pure.

They have no text: what they show stands beside them in words.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from handler.widget.markup import Html, tag

STAGES: Final = 5  # colours of stages
_WIDE: Final = 1000  # a drawing's own units: it is stretched to the width that there is
_HIGH: Final = 10
_SCALE: Final = 1.25  # the limit is not at the very end: what lies beyond it must be seen
_NEAR: Final = 0.75  # of the limit: from here on it is worth a look
_LEAST: Final = 6  # units of the shortest stage: a second beside an hour is seen


def age_bar(age_s: int | None, limit_s: int) -> Html:
    """A bar as long as the data is old, and a mark at the limit."""
    full = limit_s * _SCALE
    parts = [_rect("track", 0, _WIDE)]
    if age_s is not None:
        kind = "over" if age_s > limit_s else "near" if age_s > _NEAR * limit_s else "within"
        parts.append(_rect(kind, 0, max(_LEAST, _WIDE * min(1.0, age_s / full))))
    parts.append(_rect("limit", _WIDE / _SCALE - 2, 4))
    return _drawing(parts)


def stages_bar(times: Sequence[datetime]) -> Html:
    """The stages between points in time, in their order, each as long as it took."""
    lengths = [max(0.0, (after - before).total_seconds()) for before, after in pairwise(times)]
    shown = [_LEAST + (_WIDE - _LEAST * len(lengths)) * _share(one, lengths) for one in lengths]
    parts = [_rect("track", 0, _WIDE)]
    for place, long in enumerate(shown):
        parts.append(_rect(f"stage{place % STAGES}", sum(shown[:place]), long))
    return _drawing(parts)


def _share(one: float, lengths: Sequence[float]) -> float:
    return one / sum(lengths) if sum(lengths) else 1 / len(lengths)


def _rect(kind: str, x: float, width: float) -> Html:
    return tag("rect", class_=f"dwsf-{kind}", x=round(x, 1), y=0, width=round(width, 1),
               height=_HIGH)  # fmt: skip


def _drawing(parts: Sequence[Html]) -> Html:
    return tag(
        "svg",
        *parts,
        class_="dwsf-bar",
        viewBox=f"0 0 {_WIDE} {_HIGH}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
