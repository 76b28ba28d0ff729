"""Pictures of figures, as SVG: bars of parts, a timeline, curves. They are made of data alone."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 860
_STYLE: Final = 'font-family="sans-serif" font-size="12" fill="#222222"'
_LEFT, _RIGHT, _TOP, _ROW = 210, 90, 76, 26
_COLOURS: Final = ("#3b6ea8", "#e08a3c", "#5b9e6f", "#b5594f", "#7d6aa8", "#8a8f99", "#c2a83e")


@dataclass(frozen=True)
class Bar:
    """A line of parts, one after the other."""

    label: str
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Piece:
    """A piece of a timeline."""

    label: str
    kind: str
    began: float
    ended: float


def bars(title: str, lines: Sequence[Bar], unit: str) -> str:
    """Stacked bars; each part has its colour in all of them."""
    most = max(sum(line.parts.values()) for line in lines)
    colours = _colours(name for line in lines for name in line.parts)
    drawn, y = _legend(colours), _TOP
    for line in lines:
        x = float(_LEFT)
        drawn.append(_text(_LEFT - 8, y + 14, line.label, anchor="end"))
        for name, value in line.parts.items():
            width = _wide(value, most)
            said = f"{line.label}, {name}: {value:,.0f} {unit}"
            drawn.append(_box(x, y, width, colours[name], said))
            x += width
        drawn.append(_text(x + 6, y + 14, f"{sum(line.parts.values()):,.0f} {unit}"))
        y += _ROW
    return _svg(title, y + 12, drawn)


def timeline(title: str, pieces: Sequence[Piece], unit: str) -> str:
    """What took from when to when, a line each."""
    most = max(one.ended for one in pieces)
    colours = _colours(one.kind for one in pieces)
    drawn, y = _legend(colours), _TOP
    for one in pieces:
        x, width = _LEFT + _wide(one.began, most), _wide(one.ended - one.began, most)
        span = f"{one.began:,.0f} to {one.ended:,.0f}"
        drawn.append(_text(_LEFT - 8, y + 13, one.label, anchor="end"))
        drawn.append(_box(x, y, max(width, 1.5), colours[one.kind], f"{one.label}: {span} {unit}"))
        drawn.append(_text(x + width + 5, y + 13, span))
        y += _ROW - 6
    return _svg(title, y + 14, drawn)


def curves(title: str, lines: Mapping[str, Sequence[tuple[float, float]]], axes: str) -> str:
    """Lines through points, both axes logarithmic: what is linear rises as the grey line does."""
    points = [point for line in lines.values() for point in line]
    low_x, high_x = (math.log10(of(x for x, _ in points)) for of in (min, max))
    low_y = math.floor(math.log10(min(y for _, y in points)))
    high_y = max(math.ceil(math.log10(max(y for _, y in points))), low_y + 1)
    bottom = _TOP + 280

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / ((high_x - low_x) or 1)
        up = (math.log10(y) - low_y) / (high_y - low_y)
        return _LEFT + across * (WIDTH - _LEFT - _RIGHT), bottom - up * 280

    colours = _colours(lines)
    drawn = [*_legend(colours), _text(_LEFT, bottom + 40, axes)]
    for power in range(low_y, high_y + 1):
        _, y = place(points[0][0], 10**power)
        drawn += [_line([(_LEFT, y), (WIDTH - _RIGHT, y)], "#dddddd")]
        drawn += [_text(_LEFT - 8, y + 4, f"{10**power:,g}", anchor="end")]
    for x in sorted({x for x, _ in points}):
        drawn.append(_text(place(x, 10**low_y)[0], bottom + 18, f"{x:,g}", anchor="middle"))
    decades = min(high_x - low_x, high_y - low_y)
    linear = [(10**low_x, 10**low_y), (10 ** (low_x + decades), 10 ** (low_y + decades))]
    drawn.append(_line([place(*point) for point in linear], "#bbbbbb"))
    for name, line in lines.items():
        where = [place(*point) for point in line]
        drawn.append(_line(where, colours[name], 2.5))
        drawn += [
            _dot(x, y, colours[name], f"{name}: {v:,.4g}")
            for (x, y), (_, v) in zip(where, line, strict=True)
        ]
    return _svg(title, bottom + 56, drawn)


def _colours(names: Iterable[str]) -> dict[str, str]:
    once = list(dict.fromkeys(names))
    return {name: _COLOURS[at % len(_COLOURS)] for at, name in enumerate(once)}


def _legend(colours: Mapping[str, str]) -> list[str]:
    drawn, x, y = [], 16.0, 34
    for name, colour in colours.items():
        width = 30 + 6.6 * len(name)
        if x + width > WIDTH:
            x, y = 16.0, y + 16
        drawn += [_box(x, y, 12, colour, name, 12), _text(x + 17, y + 10, name)]
        x += width
    return drawn


def _wide(value: float, most: float) -> float:
    return value / most * (WIDTH - _LEFT - _RIGHT)


def _box(x: float, y: float, width: float, colour: str, said: str, height: float = 16) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}"'
    return f'<rect {size} fill="{colour}"><title>{escape(said)}</title></rect>'


def _dot(x: float, y: float, colour: str, said: str) -> str:
    where = f'cx="{x:.1f}" cy="{y:.1f}" r="4"'
    return f'<circle {where} fill="{colour}"><title>{escape(said)}</title></circle>'


def _line(points: Sequence[tuple[float, float]], colour: str, width: float = 1) -> str:
    where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, height: float, drawn: Iterable[str]) -> str:
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    heading = f'<text x="16" y="22" font-size="15" font-weight="600">{escape(title)}</text>'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {_STYLE}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
        heading,
        *drawn,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
