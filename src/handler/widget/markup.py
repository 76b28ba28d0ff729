"""HTML and SVG as text: whatever comes from outside is escaped here and nowhere else. Pure."""

from dataclasses import dataclass
from html import escape
from typing import Final

from handler.model.printable import visible

_EMPTY: Final = frozenset({"rect", "line", "circle"})


_LONGEST: Final = 700  # characters of one text: whatever is stored, a page stays small


@dataclass(frozen=True)
class Html:
    """Text that is markup already; only this module and the style sheet make some."""

    text: str


Part = Html | str


def tag(name: str, /, *parts: Part, **attributes: str | float) -> Html:
    """An element; `class_` is `class`, `aria_label` is `aria-label`."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
    )
    if name in _EMPTY:
        return Html(f"<{name}{given}/>")
    return Html(f"<{name}{given}>{join(*parts).text}</{name}>")


def join(*parts: Part) -> Html:
    """Parts one after the other; those that are no markup are escaped."""
    return Html(
        "".join(one.text if isinstance(one, Html) else _escaped(_cut(one)) for one in parts)
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _escaped(text: str) -> str:
    return escape(visible(text))
