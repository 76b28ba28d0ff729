"""All pairs on one page, the worst first; however many there are, it stays small. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from handler.model.times import isoformat
from handler.widget.card import SIGNS, card, line
from handler.widget.markup import Html, Part, join, tag
from handler.widget.standing import Level, Standing, worst_first
from handler.widget.style import style

MOST_CARDS: Final = 12
MOST_LINES: Final = 120
_ALL_IN_FULL: Final = 4  # so few that nobody has to look for the worst
_NAMES: Final = {
    Level.ALERT: ("needs somebody", "need somebody"),
    Level.WARNING: ("is not ready", "are not ready"),
    Level.READY: ("is ready", "are ready"),
}


def page(
    standings: Sequence[Standing],
    now: datetime,
    endpoint: str,
    *,
    is_dark: bool,
    pattern: str = "*",
) -> str:
    """The widget's whole content.

    Args:
        standings: of the pairs that are asked for, in any order.
        now: when they were read.
        endpoint: what a rehearsal is asked of: the ARN of this function.
        is_dark: the reader's theme.
        pattern: which pairs were asked for.
    """
    ordered = worst_first(standings)
    body = join(_summary(ordered, now, pattern), *_pairs(ordered, endpoint))
    return framed(body, is_dark=is_dark)


def framed(body: Html, *, is_dark: bool) -> str:
    """A content in the widget's own style, which the console's does not mix with."""
    theme = "dwsf-dark" if is_dark else "dwsf-light"
    return join(
        style(), tag("div", body, class_=f"dwsf {theme} cwdb-no-default-styles", lang="en")
    ).text


def _summary(ordered: Sequence[Standing], now: datetime, pattern: str) -> Html:
    if not ordered:
        which = "There is no pair yet" if pattern == "*" else f"No pair is called {pattern}"
        return tag("p", which, class_="dwsf-summary")
    counts = Counter(one.level for one in ordered)
    parts: list[Part] = []
    for level in Level:
        one, many = _NAMES[level]
        count = counts[level]
        kind = level.name.lower() if count else "none"
        parts.append(tag("span", f"{SIGNS[level]} {count} {one if count == 1 else many}",
                         class_=f"dwsf-count dwsf-{kind}"))  # fmt: skip
    parts.append(tag("small", f"as stored {isoformat(now)}"))
    return tag("div", *parts, class_="dwsf-summary")


def _pairs(ordered: Sequence[Standing], endpoint: str) -> Iterator[Html]:
    full = len(ordered) if len(ordered) <= _ALL_IN_FULL else _in_full(ordered)
    yield from (card(one, endpoint) for one in ordered[:full])
    rest = ordered[full:]
    yield from (line(one, endpoint) for one in rest[:MOST_LINES])
    if left := rest[MOST_LINES:]:
        yield tag("p", _left_out(left), class_="dwsf-more")


def _in_full(ordered: Sequence[Standing]) -> int:
    """How many are shown in full: those that are not ready, as far as they are few."""
    return min(MOST_CARDS, sum(one.level is not Level.READY for one in ordered))


def _left_out(left: Sequence[Standing]) -> str:
    ready = sum(one.level is Level.READY for one in left)
    others = len(left) - ready
    who = f"{others} of them not ready" if others else "all ready"
    return f"and {len(left)} more, {who}: give the widget a parameter pair, such as sales-*"
