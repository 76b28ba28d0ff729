"""The widget's drawings and the answer of its button."""

import json
import re

import pytest
from situations import PRODUCTION, ago, cluster, evidence, situation
from standings import EVIL

from handler.failover.results import rehearsal
from handler.gates.assess import NAMES, assess
from handler.model.signals import Trigger
from handler.widget.drawing import age_bar, stages_bar
from handler.widget.page import framed
from handler.widget.rehearsal import failed, rehearsed

CONFIRMED = Trigger("command", "rehearse", is_confirmed=True)


def bars(svg):
    """Kinds, places and widths of what is drawn."""
    found = re.findall(r'class="dwsf-(\w+)" x="([\d.]+)" y="0" width="([\d.]+)"', svg.text)
    return {kind: (float(x), float(width)) for kind, x, width in found}


@pytest.mark.parametrize(
    ("age_s", "kind", "width"),
    [(0, "within", 6), (1800, "within", 400), (2701, "near", 600.2), (3600, "near", 800),
     (3601, "over", 800.2), (10**9, "over", 1000)],
)  # fmt: skip
def test_the_bar_is_as_long_as_the_data_is_old(age_s, kind, width):
    assert bars(age_bar(age_s, 3600))[kind] == (0, width)


def test_the_limit_is_where_data_that_old_would_end():
    assert bars(age_bar(None, 3600)) == {"track": (0, 1000), "limit": (798, 4)}


def test_stages_are_as_long_as_they_took_and_fill_the_bar():
    drawn = bars(stages_bar([ago(minutes=10), ago(minutes=9), ago(minutes=9), ago(minutes=4)]))
    stages = [drawn[f"stage{n}"] for n in range(3)]
    assert [width for _, width in stages] == [169.7, 6, 824.3]
    assert sum(width for _, width in stages) == 1000
    assert [place for place, _ in stages] == [0, 169.7, 175.7]


def test_stages_without_any_length_are_equally_long():
    drawn = bars(stages_bar([ago(minutes=1)] * 3))
    assert [drawn[f"stage{n}"][1] for n in range(2)] == [500, 500]


def answer(**changes):
    given = situation(trigger=CONFIRMED, **changes)
    return json.loads(json.dumps(rehearsal(assess(given)).as_json()))


def said(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.text))


UP = evidence(production=cluster(PRODUCTION))


@pytest.mark.parametrize(
    ("changes", "headline"),
    [({}, "Every gate passes: a confirmed command would fail over now"),
     ({"evidence": UP}, "Ready: only an outage is missing"),
     ({"evidence": evidence(standby=None)}, "It would be refused")],
    ids=["would_submit", "ready", "would_refuse"],
)  # fmt: skip
def test_what_a_rehearsal_has_come_to_is_its_headline(changes, headline):
    assert said(rehearsed(answer(**changes))).strip().startswith(headline)


def test_every_gate_is_shown_and_those_that_refuse_come_first():
    html = rehearsed(answer(evidence=UP)).text
    gates = re.findall(r"<td>(\w+)</td>", html)
    assert gates[0] == "production_down"
    assert set(gates) == set(NAMES)


def test_what_would_be_lost_is_said():
    assert "would lose about 120 s of data, at most 300 s" in said(rehearsed(answer()))
    unbounded = said(rehearsed(answer(evidence=UP)))
    assert "of data, more if production still takes writes" in unbounded


def test_no_command_is_shown_for_a_window_is_no_shell():
    assert "{" not in rehearsed(answer(evidence=evidence(standby=None))).text


@pytest.mark.parametrize(
    "odd",
    [None, [], 7, "<b>", {}, {"decision": "rehearsed"}, {"decision": "submitted"},
     {"decision": "rehearsed", "gates": [7, {"gate": EVIL, "verdict": EVIL, "reason": [EVIL]}],
      "next_steps": [7, EVIL], "pair": EVIL, "reason": {"a": EVIL}, "reason_code": EVIL},
     {"decision": "rehearsed", "gates": EVIL, "next_steps": {"a": 1}}],
    ids=range(9),
)  # fmt: skip
def test_an_answer_of_another_shape_is_text_and_orders_nothing(odd):
    html = rehearsed(odd)
    assert EVIL not in html.text
    assert "Nothing was ordered." in said(html)


def test_an_answer_is_bounded():
    huge = {"decision": "rehearsed", "reason": "x" * 10**6, "next_steps": ["y" * 10**6] * 10**3}
    assert len(rehearsed(huge).text) < 100_000


def test_that_there_is_no_answer_is_said_with_its_reason():
    html = framed(failed("AccessDenied: no"), is_dark=True)
    assert "It could not be rehearsed: AccessDenied: no" in html
