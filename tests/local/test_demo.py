"""What the demo shows: whole words, names beside ids, and each thing once."""

import re

import pytest

from local.demo.screen import Screen
from local.demo.walk import _acknowledgement

A = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"
LONG = f"production {A} is down; " + "and said in many words, " * 8
GATES = [{"gate": "production_down", "verdict": "refuse", "reason": LONG}]
MAIL = f"What to do:\n  {LONG}\n    failoverctl acknowledge {A} --function {'f' * 60}\n"


@pytest.fixture
def screen():
    made = Screen()
    made.names = {A: "A"}
    return made


@pytest.fixture
def shown(screen, capsys):
    screen.say(LONG)
    screen.gates(GATES)
    screen.message("[WARNING] analytics: " + "x" * 70, MAIL)
    screen.facts({"notification": LONG})
    return capsys.readouterr().out


def test_no_line_is_wider_than_80_columns(shown):
    assert max(map(len, shown.splitlines())) <= 80


def test_no_word_is_cut(shown):
    words = set(f"{LONG} {MAIL}".split()) | {"production_down"}
    assert words - set(re.split(r"\s+", shown)) == set()


def test_an_id_has_its_name_beside_it_but_for_what_was_received(shown):
    assert re.search(rf"{A}\s+\(A\)", shown)
    mail = shown.split("What to do:")[1].split("----")[0]
    assert "(A)" not in mail


def test_a_mail_keeps_its_margins(shown):
    assert "\n    failoverctl acknowledge" in shown


def test_what_is_said_again_while_it_waits_is_shown_once(screen, capsys):
    for text in ("verify: in progress", "verify: in progress", "verify: done"):
        screen.say_once(text)
    assert [line[12:] for line in capsys.readouterr().out.splitlines()] == [
        "verify: in progress", "verify: done",
    ]  # fmt: skip


def test_what_others_wrote_is_no_markup(screen, capsys):
    screen.say("[bold]x[/bold]")
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_a_run_that_does_not_say_how_to_acknowledge_it_ends_the_walk():
    with pytest.raises(RuntimeError):
        _acknowledgement(["look", '{"command": "status"}'])
