"""What the demo shows: a line for each step with the time, and that time passes where it must."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

_COLOURS = {"pass": "green", "refuse": "red", "unknown": "yellow", "overridden": "magenta"}
_WIDTH = 100


class Screen:
    """A console that tells a story."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=False)
        if not self._console.is_terminal:
            self._console.width = _WIDTH
        self._began = time.monotonic()

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        self._console.print(f"\n[bold]{escape(title)}[/bold]")

    def say(self, text: str) -> None:
        """Say what happens, and when."""
        passed = time.monotonic() - self._began
        self._console.print(f"[dim]{passed:6.1f} s[/dim]  {escape(text)}")

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

    def let_pass(self, seconds: float, why: str) -> None:
        """Let time pass, visibly."""
        self.say(f"{why}: {seconds:.0f} s")
        columns = (TextColumn("          "), BarColumn(40), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task("", total=seconds)
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                progress.update(task, completed=seconds - left)
                time.sleep(min(0.1, left))

    def gates(self, gates: list[Mapping[str, Any]]) -> None:
        """Show every gate."""
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
        table.add_column(width=9)
        for gate in gates:
            verdict = str(gate["verdict"])
            colour = _COLOURS[verdict]
            table.add_row(
                "", f"[{colour}]{verdict}[/{colour}]", gate["gate"], escape(str(gate["reason"]))
            )
        self._console.print(table)

    def message(self, subject: str, text: str) -> None:
        """Show a notification as it was received."""
        panel = Panel(escape(text.strip()), title=escape(subject), title_align="left")
        self._console.print(panel)

    def facts(self, facts: Mapping[str, Any]) -> None:
        """Show names and values, the values whole."""
        for name, value in facts.items():
            self._console.print(f"  {name:<14} [bold]{escape(str(value))}[/bold]", soft_wrap=True)
