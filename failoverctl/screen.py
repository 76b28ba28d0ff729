"""What is written: facts to the standard output, talk about them to the standard error.

All text from outside is shown as it is: no markup in it is obeyed, and what cannot be printed
becomes a replacement character, so that nobody's words move the cursor or hide another's.
"""

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import Never

from rich.console import Console
from rich.text import Text

from handler.model.printable import visible


class _Screen(Console):
    """A console that leaves to its caller what a closed pipe ends."""

    def on_broken_pipe(self) -> Never:
        """Raise it, like any other write that fails: rich ends the program with 1."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


out = _Screen(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = _Screen(highlight=False, markup=False, emoji=False, soft_wrap=True, stderr=True)


def take_any_text() -> None:
    """Replace what the streams' encoding cannot say: an answer in ASCII is better than none."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def printable(text: object) -> str:
    """A text from outside, as it may stand in a line."""
    return visible(" ".join(str(text).split()))


def plain(text: object, style: str = "") -> Text:
    """A text from outside, for a table's cell or a line."""
    return Text(printable(text), style=style)


def say(text: object, style: str = "") -> None:
    """Say something to whoever watches, apart from what was asked for; nothing depends on it."""
    try:
        err.print(plain(text, style))
    except OSError:
        forget(err)


def forget(console: Console) -> None:
    """Let go of what could not be written: at the end it would fail again, as exit code 120."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), console.file.fileno())
