"""A notice on purpose: it goes the way of all notices, and says that nobody has to do anything."""

import pytest

from handler.errors import InvalidEvent

ASKED = {"command": "test_notice", "code": "K7Q2-M9XD"}


def test_it_is_published_like_any_other_and_bears_the_code(parts):
    answer = parts.send(ASKED)
    (told,) = parts.notices()
    assert (answer["decision"], answer["reason_code"], answer["notified"]) == (
        "tested", "test_notice", True,
    )  # fmt: skip
    assert "K7Q2-M9XD" in told.result["reason"]
    assert told.subject.startswith("[INFO] ")
    assert told.attributes["severity"] == "info"


def test_a_pairs_subscribers_get_it_where_it_names_the_pair(parts):
    answer = parts.send({**ASKED, "pair": "analytics"})
    (told,) = parts.notices()
    assert told.attributes["pair"] == answer["pair"] == "analytics"


def test_the_provider_is_not_asked_and_nothing_of_a_pair_changes(parts):
    parts.arm()
    before = parts.send({"command": "status", "pair": "analytics", "brief": True})
    asked = len(parts.emulator.journal)
    parts.send({**ASKED, "pair": "analytics"})
    assert len(parts.emulator.journal) == asked
    assert parts.send({"command": "status", "pair": "analytics", "brief": True}) == before


def test_two_with_one_code_are_two_notices(parts):
    parts.send(ASKED)
    parts.send(ASKED)
    assert len({one.attributes["notice_id"] for one in parts.notices()}) == 2


@pytest.mark.parametrize("code", [None, "", "abc", "K7Q2 M9XD", "a\nb-cd", "x" * 33, 1234])
def test_a_code_is_one_short_word(parts, code):
    with pytest.raises(InvalidEvent, match=r"\$\.code: found"):
        parts.send({**ASKED, "code": code} if code is not None else {"command": "test_notice"})
