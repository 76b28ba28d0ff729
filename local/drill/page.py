"""The report as one page: no scripts, nothing loaded from elsewhere. Pure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from local.drill.facts import Played
from local.drill.provenance import Provenance
from local.drill.timeline import marked, timeline
from local.drill.words import clock, escape, span

_STYLE: Final = Path(__file__).with_name("style.css")
_VERDICTS: Final = {"pass": "yes", "refuse": "no", "unknown": "no", "overridden": "no"}
_NOT_SHOWN: Final = """\
<li>Time is simulated: the clock of function and provider was moved on between looks. How long the
function computes is no part of the figures.
<li>The provider is an emulator. How long it switches and how often it synchronises was assumed, see
the end; measure these at your own pair.
<li>The function's own code ran, with its table, topic, queue, parameters and secret on an embedded
AWS. No permission, network or quota of a real account was tried, and a probe's second try came at
once instead of after 2 s.
<li>No real provider was contacted: in each document <code>endpoint</code>,
<code>credentials_secret</code> and the addresses of <code>probes</code> were replaced. Everything
else of it was played as it stands.
"""


def page(played: Sequence[Played], about: Provenance, limits: dict[str, int]) -> str:
    """The whole report.

    Args:
        played: every scenario of every pair, in the order of the report.
        about: where the figures come from.
        limits: `max_data_loss_s` by pair.
    """
    pairs = list(dict.fromkeys(one.pair for one in played))
    return "\n".join([
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>Failover drill</title>",
        f"<style>{_STYLE.read_text()}</style></head><body>",
        *_head(played, about, limits),
        *_summary(played, about, limits),
        *(part for pair in pairs for part in _pair(pair, played, about, limits)),
        *_sources(about),
        "</body></html>",
        "",
    ])  # fmt: skip


def _head(played: Sequence[Played], about: Provenance, limits: dict[str, int]) -> Iterator[str]:
    good = sum(one.is_met for one in played)
    names = ", ".join(escape(name) for name in limits)
    yield f"<h1>Failover drill</h1><p class=soft>Pairs {names} · made {escape(about.made_at)}</p>"
    slowest = max((one.recovery_s for one in played if one.recovery_s is not None), default=None)
    most = max((one.loss_s for one in played if one.loss_s is not None), default=None)
    orders = max((one.orders for one in played), default=0)
    yield '<div class="figures">'
    yield f"<div><b>{good} of {len(played)}</b><span>scenarios went as they must</span></div>"
    target = f"slowest recovery, target {span(about.target_s)}"
    yield f"<div><b>{span(slowest)}</b><span>{target}</span></div>"
    yield f"<div><b>{span(most)}</b><span>most data lost (as simulated)</span></div>"
    yield f"<div><b>{orders}</b><span>orders taken in one outage, at most</span></div></div>"
    yield f'<div class="note"><b>What this shows, and what not</b><ul>{_NOT_SHOWN}</ul></div>'


def _summary(played: Sequence[Played], about: Provenance, limits: dict[str, int]) -> Iterator[str]:
    yield "<h2>Summary</h2><div class=scroll><table>"
    yield "<tr><th>Pair<th>Scenario<th>Result<th>Recovery<th>Data lost<th>Estimated before</tr>"
    for one in played:
        yield (
            f"<tr><td>{escape(one.pair)}"
            f'<td><a href="#{_anchor(one)}">{escape(one.title)}</a>'
            f"<td>{_badge(is_good=one.is_met)}"
            f"<td class=number>{_against(one.recovery_s, about.target_s)}"
            f"<td class=number>{_against(one.loss_s, limits[one.pair])}"
            f"<td class=number>{span(one.estimated_loss_s)}</tr>"
        )
    yield "</table></div>"


def _against(found: float | None, limit: float) -> str:
    if found is None:
        return "-"
    return span(found) if found <= limit else f"<span class=critical>{span(found)}, too much</span>"


def _pair(
    pair: str, played: Sequence[Played], about: Provenance, limits: dict[str, int]
) -> Iterator[str]:
    mine = [one for one in played if one.pair == pair]
    yield f"<h2>{escape(pair)}</h2>"
    yield (
        f"<p>Mode <b>{escape(mine[0].mode)}</b> · at most {span(limits[pair])} of data may be lost"
        f" · document <code>{about.documents[pair][:16]}…</code></p>"
    )
    for one in mine:
        yield from _scenario(one)


def _scenario(one: Played) -> Iterator[str]:
    yield f'<article id="{_anchor(one)}"><header class=row><h3>{escape(one.title)}</h3>'
    yield f"{_badge(is_good=one.is_met)}</header><p>{escape(one.says)}</p>"
    yield f"<dl><dt>Must come to<dd>{escape(one.expects)}<dt>Came to<dd>{escape(one.came_to)}"
    if one.recovery_s is not None:
        proved = f", proved at {clock(one.proved_s)}" if one.proved_s is not None else ""
        yield f"<dt>Recovery<dd>{span(one.recovery_s)} after production's death{proved}"
        guess = one.estimated_loss_s
        said = f"; the function had estimated {span(guess)}" if guess is not None else ""
        yield f"<dt>Data lost<dd>{span(one.loss_s)}{said}"
    yield f"</dl><div class=scroll>{timeline(one)}</div>"
    yield from _moments(one)
    yield from _gates(one)
    yield "</article>"


def _moments(one: Played) -> Iterator[str]:
    numbers = {id(moment): number for number, moment in enumerate(marked(one), 1)}
    yield "<ol class=moments>"
    for moment in one.moments:
        number = numbers.get(id(moment), "")
        yield (
            f"<li><b>{number}</b><time>{clock(moment.at_s)}</time>"
            f'<span class="{moment.severity or "plain"}">{escape(moment.text)}</span></li>'
        )
    yield "</ol>"


def _gates(one: Played) -> Iterator[str]:
    if not one.gates:
        return
    yield "<ul class=gates aria-label='Gates at the last assessment'>"
    for gate in one.gates:
        look = _VERDICTS[str(gate["verdict"])]
        sign = "✓" if look == "yes" else "✗"
        yield f'<li class="{look}">{sign} {escape(str(gate["gate"]))}</li>'
    yield "</ul>"
    stuck = [gate for gate in one.gates if gate["verdict"] != "pass"]
    if stuck:
        lines = "".join(
            f"<li>{escape(str(gate['gate']))} ({escape(str(gate['verdict']))}):"
            f" {escape(str(gate['reason']))}</li>"
            for gate in stuck
        )
        yield f"<ul class=refusals>{lines}</ul>"


def _sources(about: Provenance) -> Iterator[str]:
    yield "<h2>Where the figures come from</h2><dl>"
    yield f"<dt>Commit<dd><code>{escape(about.commit)}</code>"
    versions = ", ".join(f"{escape(name)} {escape(of)}" for name, of in about.versions.items())
    yield f"<dt>Versions<dd>{versions}"
    yield f"<dt>Assumed<dd>synchronised every {span(about.assumed.sync_s)}, production dies a third"
    yield f" of that later; the provider switches for {span(about.assumed.switching_s)}"
    for name, digest in about.documents.items():
        yield f"<dt>{escape(name)}<dd>SHA-256 <code>{digest}</code>"
    yield "</dl><footer>Recovery: from production's death until the provider has the other cluster"
    yield " as production. Data lost: from the last synchronisation to production's death. Both"
    yield " are read from the emulated provider, not from what the function says.</footer>"


def _badge(*, is_good: bool) -> str:
    return (
        '<span class="badge yes">✓ as it must</span>'
        if is_good
        else '<span class="badge no">✗ not as it must</span>'
    )


def _anchor(one: Played) -> str:
    return escape(f"{one.pair}.{one.scenario}")
