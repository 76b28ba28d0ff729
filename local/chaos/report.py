"""The report: what came of it and what was met, as tables, and a page with the histories."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.table import Table

from local.chaos.history import History
from local.chaos.waves import Judged
from local.drill.timeline import marked, timeline
from local.drill.words import clock, escape

_STYLE: Final = Path(__file__).parents[1] / "drill" / "style.css"


def faults_met(judged: Sequence[Judged]) -> Counter[str]:
    """How often each fault was met, in all waves."""
    return sum((one.met for one in judged), Counter[str]())


def never_met(judged: Sequence[Judged]) -> list[str]:
    """The faults that were planned and befell nothing."""
    met = faults_met(judged)
    planned = {
        act.fault for one in judged for outage in one.wave.outages for act in outage.acts
    } | {act.fault for one in judged for act in one.wave.acts}
    return sorted(planned - set(met) - {""})


def tables(judged: Sequence[Judged]) -> Iterator[Table]:
    """What came of the outages, and how often each fault was met."""
    came_to = sum((one.came_to for one in judged), Counter[str]())
    yield _table(("outages", "came to"), sorted(came_to.items()))
    yield _table(("met", "fault"), sorted(faults_met(judged).items()))


def page(judged: Sequence[Judged], command: str) -> str:
    """The same as one HTML page, with the histories drawn."""
    return "\n".join([
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chaos</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE.read_text()}</style></head><body>",
        f"<h1>Chaos on the deployed stack</h1><p class=soft><code>{escape(command)}</code></p>",
        *_wrong(judged),
        "<h2>What came of the outages</h2>",
        *_rows(sum((one.came_to for one in judged), Counter[str]())),
        "<h2>Faults that were met</h2>",
        *_rows(faults_met(judged)),
        "<h2>Histories</h2>",
        *(part for one in judged for each in one.histories for part in _history(one, each)),
        "</body></html>",
        "",
    ])  # fmt: skip


def _table(titles: tuple[str, str], rows: Sequence[tuple[str, int]]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(titles[0], justify="right")
    table.add_column(titles[1])
    for name, count in rows:
        table.add_row(str(count), name)
    return table


def _wrong(judged: Sequence[Judged]) -> Iterator[str]:
    for one in judged:
        for wrong in one.wrong:
            whose = "" if wrong.outage is None else f", outage {wrong.outage}"
            yield f"<p class=critical>Seed {one.wave.seed}{whose}: {escape(wrong.why)}</p>"


def _rows(counts: Counter[str]) -> Iterator[str]:
    yield "<table>"
    for name, count in sorted(counts.items()):
        yield f"<tr><td class=number>{count}<td>{escape(name)}</tr>"
    yield "</table>"


def _history(one: Judged, each: History) -> Iterator[str]:
    numbers = {id(moment): number for number, moment in enumerate(marked(each), 1)}
    yield f"<article><h3>Seed {one.wave.seed}, {escape(each.pair)}</h3>"
    yield f"<p>{escape(each.title)}</p><p>{escape(each.came_to)}</p>"
    yield f"<div class=scroll>{timeline(each)}</div><ol class=moments>"
    for moment in each.moments:
        yield (
            f"<li><b>{numbers.get(id(moment), '')}</b><time>{clock(moment.at_s)}</time>"
            f'<span class="{moment.severity or "plain"}">{escape(moment.text)}</span></li>'
        )
    yield "</ol></article>"
