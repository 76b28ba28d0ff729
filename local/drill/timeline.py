"""A played scenario as a drawing: SVG without scripts, in the page's own colours. Pure."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Final, Protocol

from local.drill.facts import Moment, Span
from local.drill.words import clock, escape

_LEFT: Final = 96
_RIGHT: Final = 16
_WIDTH: Final = 860
_LANE: Final = 30
_BAR: Final = 20
_AXIS: Final = 26
_LANES: Final = ("Cluster A", "Cluster B", "DR status", "Events")
_STEPS_S: Final = (60, 120, 300, 600, 1800, 3600, 7200)
_MOST_TICKS: Final = 12
_LETTER: Final = 6.4  # of a label in a bar
_MARK: Final = 11  # half of a mark's width; closer ones are put aside
_SHAPES: Final = {
    "alarm": "M0-8L8 7H-8Z",
    "order": "M-7-7H7V7H-7Z",
    "provider": "",
    "notice": "M0-7A7 7 0 1 0 0 7A7 7 0 1 0 0-7Z",
    "end": "",
    "fault": "M0-8L8 0L0 8L-8 0Z",
}


class Drawable(Protocol):
    """What is drawn of something that was played."""

    @property
    def pair(self) -> str: ...  # noqa: D102 - its name
    @property
    def title(self) -> str: ...  # noqa: D102 - in a few words
    @property
    def came_to(self) -> str: ...  # noqa: D102 - in a sentence
    @property
    def moments(self) -> tuple[Moment, ...]: ...  # noqa: D102 - what happened, in order
    @property
    def clusters(self) -> Mapping[str, tuple[Span, ...]]: ...  # noqa: D102 - by letter
    @property
    def shown(self) -> tuple[Span, ...]: ...  # noqa: D102 - the provider's status


def marked(played: Drawable) -> list[Moment]:
    """The moments that bear a number, in the drawing and below it."""
    return [one for one in played.moments if _SHAPES[one.kind]]


def timeline(played: Drawable) -> str:
    """The drawing; what it shows is in the list below it, too."""
    end_s = max([span.to_s for span in played.shown] or [_STEPS_S[0]])
    scale = (_WIDTH - _LEFT - _RIGHT) / end_s
    height = len(_LANES) * _LANE + _AXIS
    box, spoken = f"0 0 {_WIDTH} {height}", escape(_spoken(played))
    parts = [
        f'<svg class="timeline" viewBox="{box}" role="img" aria-label="{spoken}">',
        *_grid(end_s, scale, height),
    ]
    for lane, spans in enumerate((played.clusters["A"], played.clusters["B"], played.shown)):
        parts += _label(lane)
        parts += [_bar(lane, span, scale) for span in spans]
    parts += _label(len(_LANES) - 1)
    parts += _marks(played, scale)
    return "\n".join([*parts, "</svg>"])


def _spoken(played: Drawable) -> str:
    return f"Timeline of {played.title}, pair {played.pair}: {played.came_to}"


def _grid(end_s: float, scale: float, height: int) -> Iterator[str]:
    step = next((one for one in _STEPS_S if end_s / one <= _MOST_TICKS), _STEPS_S[-1])
    for number in range(ceil(end_s / step) + 1):
        x = _LEFT + number * step * scale
        if x > _WIDTH - _RIGHT + 1:
            return
        bottom = height - _AXIS + 4
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom}"/>'
        anchor = "end" if x > _WIDTH - _RIGHT - 20 else "middle"
        where = f'x="{x:.1f}" y="{height - 6}" text-anchor="{anchor}"'
        yield f'<text class="tick" {where}>{clock(number * step)}</text>'


def _label(lane: int) -> Iterator[str]:
    y = lane * _LANE + _LANE / 2 + 4
    yield f'<text class="lane" x="0" y="{y:.0f}">{_LANES[lane]}</text>'


def _bar(lane: int, span: Span, scale: float) -> str:
    x, width = _LEFT + span.from_s * scale, (span.to_s - span.from_s) * scale
    y = lane * _LANE + (_LANE - _BAR) / 2
    state = escape(span.state)
    title = f"<title>{state}, {clock(span.from_s)} to {clock(span.to_s)}</title>"
    fits = len(span.state) * _LETTER + 8 < width
    label = f'<text x="{x + 6:.1f}" y="{y + 14:.1f}">{state}</text>' if fits else ""
    return (
        f'<g class="bar s-{_kind(span.state)}">{title}'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{_BAR}" rx="3"/>'
        f"{label}</g>"
    )


def _kind(state: str) -> str:
    """Which colour: a cluster's part, or what a status of disaster recovery means."""
    known = {"production", "standby", "dead", "running", "abnormal", "switchovering"}
    return state if state in known else "other"


def _marks(played: Drawable, scale: float) -> Iterator[str]:
    """Numbered marks; one that would cover the mark before it stands a little later."""
    y, free_x = (len(_LANES) - 1) * _LANE + _LANE / 2, 0.0
    for number, moment in enumerate(marked(played), 1):
        x = max(_LEFT + moment.at_s * scale, free_x)
        free_x = x + 2 * _MARK - 4
        look = f"m-{moment.kind} v-{moment.severity or 'none'}"
        yield (
            f'<g class="mark {look}" transform="translate({min(x, _WIDTH - 9):.1f} {y:.1f})">'
            f"<title>{escape(moment.text)}</title>"
            f'<path d="{_SHAPES[moment.kind]}"/>'
            f'<text y="4" text-anchor="middle">{number}</text></g>'
        )
