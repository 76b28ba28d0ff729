"""The table of `status`: what is seen first, and that it fits."""

import pytest
from rich.cells import cell_len

from failoverctl.answers import span
from failoverctl.commands.status import lines_of
from failoverctl.standing import STATES
from handler.widget.standing import WORDS

SENTENCES = {
    "incident": "INCIDENT open since 2026-01-15T08:30:00Z; NOT READY because rpo: about 7200 s",
    "held": "HELD by run 20260115T083000000Z-cb5690b3 (submitted); mode automatic",
    "not_ready": "NOT READY because armed: " + "not synchronised since the roles changed " * 9,
    "paused": "PAUSED until 2026-01-15T09:30:00Z (by «ada»: «works»); mode automatic",
    "ready": "READY; mode automatic",
}


def row(code, pair, measured="up", loss=12):
    gates = [{"gate": "production_down", "measured": measured},
             {"gate": "rpo", "measured": loss, "limit": 3600}]  # fmt: skip
    reason = f"{SENTENCES.get(code, 'so it is')}. Production is a, standby b"
    return {"pair": pair, "reason_code": code, "reason": reason, "gates": gates}


def fleet(count, *others):
    return [*(row("ready", f"pair-{nth:03}") for nth in range(count - len(others))), *others]


def drawn(results, width=80, **options):
    return [line.plain for line in lines_of(results, width, **options)]


def test_the_worst_comes_first_whatever_the_names():
    codes = list(STATES)
    results = [row(code, f"{len(codes) - nth:02}") for nth, code in enumerate(codes)]
    lines = drawn(results[::-1], 200)
    assert [line.split("  ")[0] for line in lines[1:-1] if line[0] != " "] == [
        STATES[code][0] for code in codes
    ]


def test_what_is_not_known_here_does_not_pass_for_ready():
    first, second = drawn([row("ready", "a"), row("a_new_code", "b")], 200)[1:3]
    assert first.startswith("A_NEW_CODE")
    assert second.startswith("READY")


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@pytest.mark.parametrize("count", [1, 30, 300])
def test_no_line_is_wider_than_the_terminal(width, count):
    odd = [row("not_ready", "n" * 128), row("held", "仓库" * 30), row("incident", "i", 340, 7200)]
    lines = drawn(fleet(count, *odd[: count - 1]), width)
    widest = max(map(cell_len, lines))
    assert widest <= max(width, 78)  # the cells themselves are not cut further


def test_of_very_many_those_that_are_ready_are_a_line():
    lines = drawn(fleet(300, row("held", "sales")))
    assert len(lines) < 10
    assert "299 more are READY (--all shows them)" in lines
    assert lines[-1] == "300 pairs: 1 HELD, 299 READY"
    assert len(drawn(fleet(300, row("held", "sales")), show_all=True)) > 300


def test_a_row_says_why_without_what_it_says_anyway():
    lines = drawn([row("ready", "a"), row("not_ready", "b"), row("held", "c")], 200)
    by_pair = {
        line.split()[line.startswith("NOT") + 1]: line for line in lines[1:-1] if line[0] != " "
    }
    assert by_pair["a"].endswith("12 s of 1 h")
    assert "armed: not synchronised" in by_pair["b"]
    assert by_pair["c"].endswith("by run 20260115T083000000Z-cb5690b3 (submitted)")


def test_production_that_is_down_says_for_how_long():
    (_, line, *_) = drawn([row("incident", "a", 340, 7200)], 200)
    assert "down 5 min 40 s" in line
    assert "2 h of 1 h" in line


def test_after_a_failover_production_is_not_said_to_be_down():
    """Until the run is acknowledged the witnesses speak of the old one."""
    timings = {"exchanged_seen_at": "2026-01-15T08:40:00+00:00"}
    (_, switched, *_) = drawn([{**row("held", "a", 340), "timings": timings}], 200)
    (_, under_way, *_) = drawn([{**row("held", "a", 340), "timings": {}}], 200)
    assert "down" not in switched
    assert "switched" in switched
    assert "of 1 h" not in switched  # what a failover would lose is no matter of a run that is over
    assert "down 5 min 40 s" in under_way


def test_in_brief_what_holds_and_calls_is_seen():
    said = {"a": "a is in mode observe; HELD by run r (unknown)", "b": "b is in mode observe",
            "c": "c is in mode automatic; INCIDENT open since x"}  # fmt: skip
    results = [{"pair": one, "reason_code": "brief", "reason": why} for one, why in said.items()]
    states = [line.split("  ")[0] for line in drawn(results, 200)[1:-1]]
    assert states == ["INCIDENT", "HELD", "NO NEWS"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min 59 s"), (3600, "1 h"),
     (90000, "1 d 1 h"), (None, ""), ("7", ""), (True, "")],
)  # fmt: skip
def test_a_length_of_time_is_said_as_people_say_it(seconds, text):
    assert span(seconds) == text


def test_the_order_is_that_of_the_dashboard():
    here = [word for word, _ in STATES.values() if word in WORDS]
    assert here == sorted(here, key=WORDS.index)
    assert {"PRODUCTION DOWN", "ONE WITNESS"} <= set(here)


def test_what_witnesses_say_comes_before_documents_and_says_no_word_twice():
    down = "PRODUCTION IS DOWN, say its witnesses, since 2026-01-15T08:30:00Z; armed"
    lone = "ONE WITNESS says since 2026-01-15T08:30:00Z that production is down; armed"
    said = {"lone_witness": lone, "invalid_pair": "NOT READY because its document is bad",
            "down": down}  # fmt: skip
    results = [{"pair": code, "reason_code": code, "reason": why} for code, why in said.items()]
    first, second, third = drawn(results, 200)[1:-1]
    assert first.startswith("PRODUCTION DOWN  down")
    assert "say its witnesses, since 2026" in first
    assert second.startswith("BAD DOCUMENT")
    assert third.startswith("ONE WITNESS")
    assert "says since 2026" in third
