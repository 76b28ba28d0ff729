"""The runbook's commands are ones that the program knows; each code leads to its section."""

import re
import shlex

import click
import pytest
import typer
from places import ROOT

from failoverctl.program import program
from failoverctl.runbook import in_headings, sections_about, sections_of
from failoverctl.standing import STATES
from handler.widget.standing import WORDS

RUNBOOK = (ROOT / "docs/runbook.md").read_text()
SECTIONS = sections_of(RUNBOOK)
LINES = sorted({*re.findall(r"`(failoverctl [^`]+)`", RUNBOOK)})
# What a reader puts in; a line without brackets is run as it is printed.
FILLED = {
    "<pair>": "sales",
    "<cluster id>": "3ef5daaa-d017-4354-80b3-8a69caf2e09f",
    "<run id>": "0a1b2c3d",
    "<code>": "rpo",
    "<time>": "2030-01-01T00:00:00Z",
    "<folder with the pair's document>": str(ROOT / "docs"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_runbook_is_one_of_the_program(line):
    for placeholder, value in FILLED.items():
        line = line.replace(placeholder, value)
    _, *words = shlex.split(line)
    group = typer.main.get_command(program)
    if words[0].startswith("-"):
        assert words == ["--help"]
        return
    command = group.commands[words[0]]
    context = command.make_context(words[0], list(words[1:]), resilient_parsing=False)
    assert isinstance(context, click.Context) or context


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("rpo", "`rpo`"),
        ("APIGW.0301", "`APIG.0301`"),
        ("http_503", "`http_<status>`"),
        ("/dws-failover/function-errors", "`function-errors`"),
        ("`DWS.10101`", "`DWS.10101`"),
    ],
)
def test_a_code_as_a_notice_or_an_alarm_has_it_leads_to_its_section(code, heading):
    assert heading in SECTIONS[in_headings(code)].splitlines()[0]


def test_a_section_is_about_its_codes_alone():
    assert all(text.count("\n### ") == 0 for text in SECTIONS.values())


@pytest.mark.parametrize("word", sorted({*WORDS, *(word for word, _ in STATES.values())}))
def test_each_word_that_status_and_the_dashboard_show_has_a_section(word):
    assert sections_about(word, SECTIONS)
    assert sections_about(word.lower(), SECTIONS)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("HELD", "held"), ("apig.0303", "APIG.0303"), ("apigw.0303", "APIG.0303")],
)
def test_a_code_is_found_in_whatever_case(typed, code):
    assert sections_about(typed, SECTIONS) == [SECTIONS[code]]


def test_a_word_that_is_nearly_a_gate_is_not_that_gate():
    assert sections_about("production down", SECTIONS) == [SECTIONS["watch"]]
    assert sections_about("production_down", SECTIONS) == [SECTIONS["production_down"]]


@pytest.mark.parametrize("link", sorted({*re.findall(r"\(#([a-z-]+)\)", RUNBOOK)}))
def test_what_the_runbook_links_to_can_be_explained(link):
    assert sections_about(link, SECTIONS)


def test_nothing_is_said_of_what_no_section_is_about():
    assert sections_about("nothing of ours", SECTIONS) == []
