"""The page when nothing can be read. Pure."""

from typing import Final

from handler.model.printable import one_line
from handler.widget.markup import Html, tag

_LONGEST: Final = 600


def trouble(why: str) -> Html:
    """Say what cannot be read, and that this says nothing about the pairs."""
    return tag(
        "section",
        tag("header", tag("span", "■ NOT READ", class_="dwsf-word")),
        tag("p", one_line(why, _LONGEST), class_="dwsf-said"),
        tag("small", "How the pairs stand is not known here. Ask the function: status."),
        class_="dwsf-pair dwsf-alert",
    )
