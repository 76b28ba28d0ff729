"""Every notice as its readers get it, kept as files: whoever changes a word sees all it changes.

`make goldens` writes them, and docs/notifications.md, anew.
"""

import pytest
from goldens import GOLDENS, GROUPS, PAGE, files, headlines_without_notice, page, write
from newsroom import REFUSALS, all_told

from handler.model.notice import Severity
from handler.notifications.phrases import (
    BY_ITSELF,
    OBSERVED_NOW,
    OBSERVED_WAITING,
    WHY_NOT,
    WHY_UNKNOWN,
)

TOLD = all_told()
FILES = files()


@pytest.fixture(scope="module", autouse=True)
def written_anew(request):
    if request.config.getoption("write_goldens"):
        write()


@pytest.mark.parametrize("name", FILES)
def test_a_notice_is_what_its_golden_file_says(name):
    assert FILES[name] == (GOLDENS / name).read_text()


def test_no_golden_file_is_left_of_a_notice_that_is_gone():
    assert {path.name for path in GOLDENS.iterdir()} == set(FILES)


def test_the_page_shows_what_the_golden_files_say():
    assert PAGE.read_text() == page(PAGE.read_text())


def test_each_notice_has_its_place_on_the_page():
    shown = [name for names in GROUPS.values() for name in names]
    assert {name for name in TOLD if {name, name.partition("-")[0]}.isdisjoint(shown)} == set()


def test_each_headline_has_a_golden_file():
    # A refusal is told by its gate, which the next test asks for.
    assert headlines_without_notice(TOLD) == ["refused", "blocked"]


def test_each_decision_and_reason_with_words_of_its_own_has_a_golden_file():
    seen = {word for one in TOLD.values() for word in one.attributes.values()}
    assert {str(key) for key in BY_ITSELF} - seen == set()


def test_each_gate_that_refuses_or_is_unknown_has_a_golden_file():
    subjects = "\n".join(one.subject for one in TOLD.values())
    words = [*WHY_NOT.items(), *WHY_UNKNOWN.items()]
    assert [gate for gate, said in words if said not in subjects] == []
    assert OBSERVED_NOW in subjects
    assert OBSERVED_WAITING in subjects


@pytest.mark.parametrize("name", sorted(TOLD))
def test_whoever_is_asked_for_something_is_told_what_to_do(name):
    told = TOLD[name]
    is_for_nobody = told.attributes["severity"] == Severity.INFO
    assert is_for_nobody or "\nWhat to do:\n" in told.text


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_notice_has_its_parts_in_their_order(name):
    titles = ("What happened:", "What happens next:", "What to do:", "Gates:", "reason code:")
    lines = TOLD[name].text.splitlines()
    places = [
        [*(line.startswith(title) for line in lines)].index(True)
        for title in titles
        if any(line.startswith(title) for line in lines)
    ]
    assert places == sorted(places)
    assert lines[0].startswith("What happened:")


@pytest.mark.parametrize("name", sorted(TOLD))
def test_no_command_that_is_printed_confirms_or_overrides_a_word_of_life(name):
    told = TOLD[name]
    assert '"confirm": "sales"' not in told.text
    is_up = any(gate["measured"] == "up" for gate in told.body["gates"])
    assert not is_up or "--override" not in told.text


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_subject_fits_and_leaves_its_headline_whole(name):
    told = TOLD[name]
    assert len(told.subject) <= 99
    assert not told.subject.lower().split(": ", 1)[1].startswith("failed")


def test_refusals_do_not_share_one_subject():
    refused = [TOLD[f"refused-{name}"].subject for name in REFUSALS if name != "rpo-observed"]
    assert len({*refused}) >= len(refused) - 1  # `several` begins with the gate that is `armed`


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_chat_message_has_the_schema_and_stands_in_its_thread(name):
    told = TOLD[name]
    assert (told.chat["version"], told.chat["source"]) == ("1.0", "custom")
    assert told.chat["content"]["textType"] == "client-markdown"
    assert told.chat["content"]["title"] == told.subject.replace("[", "(").replace("]", ")")
    thread = told.body["incident_id"] or told.body["run_id"] or told.attributes["notice_id"]
    assert told.chat["metadata"]["threadId"] == thread
    assert all(isinstance(step, str) for step in told.chat["content"]["nextSteps"])
    assert len(told.chat["content"]["description"]) > len("What happened: ")
