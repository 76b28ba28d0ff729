"""What is written: facts to the standard output, talk about them to the standard error.

All text from outside is shown as it is: no markup in it is obeyed, and what cannot be printed
becomes a replacement character, so that nobody's words move the cursor or hide another's.
"""

from rich.console import Console
from rich.text import Text

from handler.model.printable import visible

out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(highlight=False, markup=False, emoji=False, soft_wrap=True, stderr=True)


def printable(text: object) -> str:
    """A text from outside, as it may stand in a line."""
    return visible(" ".join(str(text).split()))


def plain(text: object, style: str = "") -> Text:
    """A text from outside, for a table's cell or a line."""
    return Text(printable(text), style=style)


def say(text: object, style: str = "") -> None:
    """Say something to whoever watches, apart from what was asked for."""
    err.print(plain(text, style))
