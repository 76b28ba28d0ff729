"""What the demo shows: a line for each step with the time, and that time passes where it must."""

import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_COLOURS = {"pass": "green", "refuse": "red", "unknown": "yellow", "overridden": "magenta"}
_WIDTH = 80  # where the output goes to a file
_INDENT = 12  # of what a line of the story says


class Screen:
    """A console that tells a story."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH
        self._began = time.monotonic()
        self._last = ""
        self.names: dict[str, str] = {}  # what stands beside an id, by id

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        self._console.print(f"\n[bold]{escape(title)}[/bold]")

    def say(self, text: str) -> None:
        """Say what happens, and when."""
        passed = time.monotonic() - self._began
        first, *more = self._wrapped(self._named(text), _INDENT)
        self._console.print(f"[dim]{passed:6.1f} s[/dim]    {escape(first)}", soft_wrap=True)
        for line in more:
            self._console.print(" " * _INDENT + escape(line), soft_wrap=True)

    def say_once(self, text: str) -> None:
        """Say it, unless it was what was said last in this way."""
        if text != self._last:
            self.say(text)
        self._last = text

    def plain(self, text: str) -> None:
        """Print lines as they are, such as commands to copy."""
        self._console.print(escape(text), soft_wrap=True)

    def _named(self, text: str) -> str:
        for id_, name in self.names.items():
            text = text.replace(id_, f"{id_} ({name})")
        return text

    def _wrapped(self, text: str, indent: int) -> list[str]:
        """Lines that fit, and no word cut, however long it is."""
        width = max(self._console.width - indent, 20)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        return lines or [""]

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show that work goes on, until it is done."""
        if not self._console.is_terminal:
            self.say(f"{text} ...")
            yield
            return
        with self._console.status(escape(text)):
            yield
        self.say(text)

    def let_pass(self, seconds: float, why: str = "") -> None:
        """Let time pass, visibly; without a word where it has been said."""
        if why:
            self.say(f"{why}: {seconds:.0f} s")
        if not self._console.is_terminal:
            time.sleep(seconds)
            return
        columns = (TextColumn("          "), BarColumn(40), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task("", total=seconds)
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                progress.update(task, completed=seconds - left)
                time.sleep(min(0.1, left))

    def gates(self, gates: list[Mapping[str, Any]]) -> None:
        """Show every gate."""
        for gate in gates:
            verdict, name = str(gate["verdict"]), str(gate["gate"])
            colour = _COLOURS[verdict]
            indent = _INDENT + 24
            first, *more = self._wrapped(self._named(str(gate["reason"])), indent)
            head = f"{' ' * _INDENT}[{colour}]{verdict:<8}[/{colour}]{name:<16}"
            self._console.print(head + escape(first), soft_wrap=True)
            for line in more:
                self._console.print(" " * indent + escape(line), soft_wrap=True)

    def message(self, subject: str, text: str) -> None:
        """Show a notification as it was received, its long lines wrapped."""
        self._console.rule(characters="-")
        lines = [f"Subject: {subject}", "", *text.strip().splitlines()]
        for line in lines:
            margin = line[: len(line) - len(line.lstrip())]
            for part in self._wrapped(line.strip(), len(margin)):
                self._console.print(escape(margin + part), soft_wrap=True)
        self._console.rule(characters="-")

    def facts(self, facts: Mapping[str, Any]) -> None:
        """Show names and values, no word cut."""
        for name, value in facts.items():
            first, *more = self._wrapped(self._named(str(value)), 17)
            self._console.print(f"  {name:<14} [bold]{escape(first)}[/bold]", soft_wrap=True)
            for line in more:
                self._console.print(" " * 17 + f"[bold]{escape(line)}[/bold]", soft_wrap=True)
