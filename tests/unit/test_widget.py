"""What the dashboard's widget says of pairs, and how much of it."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from situations import INCIDENT, NOW, ROLES, a_run, ago, pair
from standings import (
    DOWN,
    ENDPOINT,
    EVIL,
    failed_over,
    hostile,
    in_every_trouble,
    many,
    record,
    sight,
    standing,
)

from handler.model.known import Known
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState, Pause
from handler.model.run import RunEvent, RunState
from handler.widget.asked import Asked, read_asked
from handler.widget.page import page
from handler.widget.spans import span
from handler.widget.standing import (
    WORDS,
    Level,
    standing_of_bad,
    standing_of_gone,
    standing_of_unread,
    worst_first,
)

# What the console sends


def test_what_the_console_sends_is_understood():
    event = {"pair": "sales-*", "widgetContext": {"theme": "dark", "width": 588}}
    assert read_asked(event) == Asked(is_dark=True, pattern="sales-*")


def test_a_button_asks_for_a_rehearsal_by_the_pairs_id():
    id_ = "e59d6b86-9072-46eb-a996-13f8b44994c1"
    assert read_asked({"rehearse": id_}).rehearse == id_


def test_the_console_asks_what_the_widget_understands():
    assert read_asked({"describe": True}).wants_description


@pytest.mark.parametrize(
    "event",
    [
        None, [], "x", 7, {}, {"pair": 7}, {"pair": "<b>"}, {"pair": "*" * 200},
        {"rehearse": "analytics"}, {"rehearse": {"a": 1}}, {"rehearse": f"{'0' * 36}\n"},
        {"widgetContext": None}, {"widgetContext": {"theme": ["dark"]}},
        {"command": "failover", "confirm": "analytics"},
    ],
    ids=str,
)  # fmt: skip
def test_anything_else_draws_all_pairs(event):
    assert read_asked(event) == Asked()


# How a pair stands


def words(one):
    return [found.word for found in one.findings]


def test_a_pair_that_lacks_nothing_is_ready():
    assert (words(standing()), standing().level) == (["READY"], Level.READY)


def test_in_observe_it_says_that_alarms_order_nothing():
    assert "alarms order nothing" in standing(mode="observe").findings[0].sentence


FOUND = {
    "OVERDUE": record(a_run(overdue_at=NOW)),
    "OUTCOME UNKNOWN": record(a_run(RunState.UNKNOWN)),
    "FAILING OVER": record(a_run()),
    "INCIDENT": record(incident=INCIDENT),
    "PRODUCTION DOWN": record(down_since=ago(minutes=2)),
    "TWO WRITERS POSSIBLE": record(old_back_since=ago(minutes=2)),
    "OTHER ROLES": record(odd_roles_since=ago(minutes=2)),
    "HELD": record(a_run(RunState.FAILED)),
    "FAILED OVER": record(failed_over()),
    "ONE WITNESS": record(lone_witness_since=ago(minutes=2)),
    "MUTED": record(state=PairState(roles=ROLES, muted=frozenset({"a", "b"}))),
    "PAUSED": record(state=PairState(pause=Pause(NOW + timedelta(hours=1), "works", "ada"))),
    "NOT READY": record(seen=sight(("version", "too old"))),
    "NOT CHECKED": record(seen=sight(at=ago(minutes=16))),
}


@pytest.mark.parametrize("word", FOUND)
def test_what_a_person_must_know_is_said_in_a_word(word):
    assert words(standing(found=FOUND[word])) == [word]


def test_a_pair_that_was_never_seen_is_not_ready():
    found = record()
    unseen = replace(found, observations=replace(found.observations, sight=None))
    assert words(standing(found=unseen)) == ["NOT SEEN YET"]


def test_a_bad_document_an_unreadable_item_and_a_lost_document_need_somebody():
    bad = standing_of_bad("a", ["$.mode: found 1"], NOW)
    unread = standing_of_unread(pair(), "damaged", NOW)
    record = PairRecord(PairState(), INCIDENT, Observations(), ())
    gone = standing_of_gone(Known("dr", (), INCIDENT, record), NOW)
    assert [words(one) for one in (bad, unread, gone)] == [
        ["BAD DOCUMENT"], ["UNREADABLE"], ["INCIDENT", "NO DOCUMENT"],
    ]  # fmt: skip
    assert {one.level for one in (bad, unread, gone)} == {Level.ALERT}


def test_every_word_has_its_place_in_the_order():
    tested = {*FOUND, "NOT SEEN YET", "BAD DOCUMENT", "UNREADABLE", "NO DOCUMENT", "READY"}
    assert tested == set(WORDS)


def test_a_run_that_is_not_stored_holds_all_the_same():
    state = PairState(roles=ROLES, armed=True, holding=frozenset({"r1"}))
    assert words(standing(found=record(state=state))) == ["HELD"]


def test_the_pause_of_all_pairs_pauses_each():
    fleet = Fleet(pause=Pause(NOW + timedelta(hours=1), "works", "ada"))
    assert "all pairs" in standing(fleet=fleet).findings[0].sentence


def test_a_pause_that_is_over_is_none():
    over = PairState(roles=ROLES, armed=True, pause=Pause(ago(minutes=1), "works", "ada"))
    assert words(standing(found=record(state=over))) == ["READY"]


def test_what_matters_most_comes_first_and_nothing_is_lost():
    state = PairState(roles=ROLES, muted=frozenset({"a"}))
    both = record(a_run(), state=state, old_back_since=ago(minutes=1))
    assert words(standing(found=both)) == ["TWO WRITERS POSSIBLE", "FAILING OVER", "MUTED"]


def test_a_new_production_that_is_down_is_no_second_writer():
    lost = record(failed_over(), old_back_since=ago(minutes=3), new_down_since=ago(minutes=1))
    found = standing(found=lost)
    assert words(found) == ["PRODUCTION DOWN", "FAILED OVER"]
    assert "the new one as well" in found.findings[0].sentence


def test_what_was_seen_before_a_run_says_nothing_of_a_pair_that_it_holds():
    held = record(failed_over(), seen=sight(("roles", "others"), at=ago(hours=3)))
    assert words(standing(found=held)) == ["FAILED OVER"]


def test_a_pair_that_was_armed_since_the_last_close_look_is_armed():
    seen = sight(("armed", "no synchronisation yet"))
    assert words(standing(found=record(seen=seen))) == ["READY"]


def test_the_worst_pairs_come_first_then_names():
    down = standing("b", record(down_since=ago(minutes=1)))
    unfit = standing("a", record(seen=sight(("version", "too old"))))
    order = worst_first([standing("z"), unfit, standing("c"), down])
    assert [one.name for one in order] == ["b", "a", "c", "z"]


# The page


def drawn(*standings, **changes):
    given = {"is_dark": False, **changes}
    return page(standings, NOW, ENDPOINT, **given)


def text_of(html):
    """What a reader reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html)))


def test_the_age_of_the_data_stands_beside_its_limit_and_when_it_was_seen():
    said = text_of(drawn(standing(max_data_loss_s=3600)))
    assert "4 min old, limit 1 h" in said
    assert "as seen 2 min ago" in said


def test_data_above_the_limit_is_said_in_words():
    old = record(seen=sight(age=timedelta(minutes=70)))
    assert "1 h 10 min old, limit 1 h — above the limit" in text_of(drawn(standing(found=old)))


@pytest.mark.parametrize("age", [None, timedelta(minutes=-6)], ids=["not shown", "in the future"])
def test_an_age_that_cannot_be_known_is_not_guessed(age):
    unknown = record(seen=sight(age=age))
    assert "age not known; limit 1 h" in text_of(drawn(standing(found=unknown)))


def test_each_witness_says_its_word_and_its_sentence():
    said = text_of(drawn(standing(found=record(seen=sight(witnesses=DOWN)))))
    assert "down the cluster is FAILED" in said
    assert "down disaster recovery is abnormal" in said


def test_the_last_run_says_who_began_it_how_long_it_took_and_what_it_lost():
    said = text_of(drawn(standing(found=record(failed_over()))))
    assert "failed over 2026-01-15T08:01:12Z, begun by «dws-outage-sales»" in said
    assert "recovered in 9 min · about 4 min of data lost" in said


@pytest.mark.parametrize(
    ("trigger", "who"),
    [
        ({"kind": "eventbridge", "name": "x. NOT failed over"}, "«x. NOT failed over»"),
        ({"kind": "command", "name": "failover", "requested_by": "ada; it is over"}, "«ada; it is over»"),
        ({"kind": "watch", "name": "reconcile"}, "two witnesses"),
        ({"kind": "sns"}, "an alarm"),
    ],
    ids=["alarm", "person", "witnesses", "unnamed"],
)  # fmt: skip
def test_whoever_began_a_run_is_quoted(trigger, who):
    said = text_of(drawn(standing(found=record(a_run(trigger=trigger)))))
    assert f", begun by {who} " in said


def test_its_stages_stand_in_words_beside_the_drawing():
    said = text_of(drawn(standing(found=record(failed_over()))))
    stages = "outage 07:59Z +2 min alarm +12 s order +48 s switching +6 min roles exchanged"
    assert stages in said


def test_a_run_under_way_goes_on_until_now():
    under_way = a_run(outage_began_at=ago(minutes=7), requested_at=ago(minutes=5))
    assert "+2 min order +5 min so far" in text_of(drawn(standing(found=record(under_way))))


def test_a_run_that_came_to_nothing_has_lost_nothing_that_is_known():
    nothing = a_run(
        RunState.PROVIDER_REJECTED, answer=RunEvent.REJECTED, outage_began_at=ago(minutes=7),
        last_sync=ago(minutes=9),
    )  # fmt: skip
    said = text_of(drawn(standing(found=record(nothing))))
    assert "rejected by the provider" in said
    assert "lost" not in said


def test_after_a_failover_production_is_the_new_one():
    said = text_of(drawn(standing(found=record(failed_over()))))
    assert f"production {ROLES.standby_cluster_id}" in said
    assert "no: it has failed over, acknowledge that first" in said


def test_the_counts_are_those_of_the_pairs():
    said = text_of(drawn(*in_every_trouble()))
    assert "7 need somebody" in said
    assert "7 are not ready" in said
    assert "2 are ready" in said


def test_no_pair_is_said_as_that():
    assert "There is no pair yet" in drawn()
    assert "No pair is called sales-*" in drawn(pattern="sales-*")


class Rows(HTMLParser):
    """How many pairs are in full, as a line, and with a button."""

    def __init__(self, html):
        super().__init__()
        self.cards = self.lines = self.buttons = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        kinds = (dict(attrs).get("class") or "").split()
        self.cards += "dwsf-pair" in kinds
        self.lines += "dwsf-line" in kinds
        self.buttons += tag == "button"


@pytest.mark.parametrize(
    ("count", "cards", "lines"), [(1, 1, 0), (4, 4, 0), (30, 3, 27), (300, 12, 120)]
)
def test_few_pairs_are_shown_in_full_and_of_many_those_that_are_not_ready(count, cards, lines):
    rows = Rows(drawn(*many(count)))
    assert (rows.cards, rows.lines, rows.buttons) == (cards, lines, cards + lines)


def test_of_pairs_that_are_left_out_it_says_how_many_and_how_to_see_them():
    assert "and 168 more, all ready: give the widget a parameter pair" in drawn(*many(300))
    unfit = [standing(f"p{n}", record(seen=sight(("rpo", "x")))) for n in range(200)]
    assert "and 68 more, 68 of them not ready" in drawn(*unfit)


def test_however_many_pairs_and_however_long_their_texts_the_page_stays_small():
    """Lambda answers with 6 MB at most; a page of so much would be no page."""
    assert len(drawn(*hostile() * 250)) < 400_000
    assert len(drawn(*many(1000))) < 200_000


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.attributes, self.open = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag, _attrs):
        self.found.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# CloudWatch User Guide, "Security and JavaScript": scripts, iframe and use are taken out.
ALLOWED = {
    "style", "div", "section", "header", "span", "small", "b", "h3", "p", "ul", "li", "dl", "dt",
    "dd", "svg", "rect", "button", "cwdb-action",
}  # fmt: skip


@pytest.mark.parametrize("standings", [in_every_trouble(), hostile()], ids=["all", "hostile"])
def test_the_page_has_no_tag_and_no_attribute_that_runs_anything(standings):
    tags = Tags(drawn(*standings))
    assert tags.found <= ALLOWED
    assert not [name for name in tags.attributes if name.startswith("on") or name == "href"]
    assert tags.open == []


def test_what_comes_from_outside_is_text():
    html = drawn(*hostile())
    assert EVIL not in html
    assert "<script" not in html
    assert EVIL in re.sub(r"&(lt|gt|quot|#x27|amp);", lambda m: ENTITIES[m[1]], html)


ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "#x27": "'", "amp": "&"}


def test_no_text_turns_what_stands_behind_it():
    assert "\u202e" not in drawn(*hostile())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (0, "0 s"), (119, "119 s"), (120, "2 min"), (3599, "59 min"), (3600, "1 h"),
     (3900, "1 h 05 min"), (86_400, "1 d"), (190_000, "2 d 4 h")],
)  # fmt: skip
def test_a_length_of_time_is_said_in_its_largest_units(seconds, said):
    assert span(timedelta(seconds=seconds)) == said
