"""What a provider may send that no honest one would: it is read as unknown, or not at all."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.dws.answers import Meaning, read_answer
from handler.dws.parse import (
    MOST_ITEMS,
    TEXT_LIMIT,
    parse_cluster,
    parse_detail,
    parse_events,
    parse_list,
)
from handler.dws.reply import LARGE, NoReply, Reply
from handler.model.printable import one_line, without

DR = "e59d6b86-9072-46eb-a996-13f8b44994c1"
ONE, TWO = "1" * 8 + "-1111-4111-8111-" + "1" * 12, "2" * 8 + "-2222-4222-8222-" + "2" * 12
SHELL = "x'; touch pwned; echo '"
YEARS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31 23:59:59", "9" * 400)


def detail(**fields):
    found = {
        "id": DR,
        "status": "running",
        "primary_cluster": {"id": ONE, "role": "primary"},
        "standby_cluster": {"id": TWO, "role": "standby"},
        **fields,
    }
    return parse_detail({"disaster_recovery": found}, UTC)


def cluster(**fields):
    return parse_cluster({"cluster": {"id": ONE, "status": "AVAILABLE", **fields}})


def reply(status, body):
    return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode(), None, {})


# One at a time


class Parsing:
    """Makes nothing of what it is given, and says how many did so at once."""

    def __init__(self):
        self._lock, self._now, self.most = threading.Lock(), 0, 0

    def __call__(self, _body):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.05)
        with self._lock:
            self._now -= 1


def of_bytes(count):
    return reply(200, ["x" * (count - len('[""]'))])


def test_of_large_bodies_one_is_in_the_memory_at_a_time():
    """Two MiB of tiny objects become 80 MB: of 80 reads at once none may fill the memory."""
    parsing = Parsing()
    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(of_bytes(LARGE + 1).read, parsing, 60)
    assert parsing.most == 1


def test_what_an_honest_provider_answers_waits_for_no_large_one():
    with ThreadPoolExecutor(1) as pool:

        def beside(_body):
            return pool.submit(of_bytes(LARGE).read, len).result(60)

        assert of_bytes(LARGE + 1).read(beside) == 1


def test_whoever_waits_too_long_for_its_turn_gives_up():
    parsing = Parsing()

    def late(_body):
        with pytest.raises(TimeoutError):
            pool.submit(of_bytes(LARGE + 1).read, parsing, 0.01).result()

    with ThreadPoolExecutor(1) as pool:
        of_bytes(LARGE + 1).read(late, 5)
    assert parsing.most == 0


def test_a_body_that_makes_no_sense_gives_its_turn_back():
    for _ in range(2):
        with pytest.raises(ValueError, match="Expecting"):
            reply(200, b"{" * (LARGE + 1)).read(lambda body: body, 1)
    assert of_bytes(LARGE + 1).read(len, 1) == 1


# One line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("running", "running"),
        (" two\r\nlines\u2028here\x85 ", "two lines here"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("right\u202eto left", "right\ufffdto left"),
        ("zero\u200bwidth", "zero\ufffdwidth"),
        ("nul\x00", "nul\ufffd"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_printable_line(text, line):
    assert one_line(text, 64) == line


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 100))
def test_no_text_is_longer_or_cannot_be_printed(text, at_most):
    line = one_line(text, at_most)
    assert len(line) <= at_most
    assert line.isprintable()
    line.encode()


def test_a_secret_is_blotted_out_with_the_longer_first():
    assert without(["abc", "abcdef", "", "ab"], "abcdef abc ab") == "*** *** ab"


# Models


@pytest.mark.parametrize(
    "status", ["running\u202e", "running\x00", "run\u200bning", "\ud800running"]
)
def test_no_garbage_turns_into_a_known_word(status):
    assert detail(status=status).status not in (None, "running")
    assert cluster(status=status.replace("running", "FAILED")).status != "FAILED"


@pytest.mark.parametrize("status", ["switched " * 5000, "A" * 45_000])
def test_a_status_of_45_kb_is_cut(status):
    assert len(detail(status=status).status) == TEXT_LIMIT
    assert len(cluster(status=status).status) == TEXT_LIMIT


@pytest.mark.parametrize(
    "id_", [SHELL, "", "1" * 36, f"{ONE} ", f"{ONE}\n", 7, 10**400, [ONE], None]
)
def test_what_is_no_uuid_is_no_id(id_):
    found = detail(id=id_, primary_cluster={"id": id_}).primary.id
    assert found == (ONE if isinstance(id_, str) and id_.strip() == ONE else None)


@pytest.mark.parametrize("count", [MOST_ITEMS + 1, 1_400_000])
def test_more_items_than_a_project_has_are_no_list(count):
    """Of nothing but `{}` 4 MiB hold 1.4 million, which took 19 s and 790 MB to make objects of."""
    with pytest.raises(ValueError, match="more than"):
        parse_list({"disaster_recovery": [{}] * count}, UTC)


def test_as_many_as_a_project_has_are_read():
    items = [{"id": DR}] * MOST_ITEMS
    assert len(parse_list({"disaster_recovery": items}, UTC)) == MOST_ITEMS


@pytest.mark.parametrize("time", YEARS)
def test_a_time_that_overflows_is_none(time):
    item = {"id": DR, "last_disaster_time": time}
    (found,) = parse_list({"disaster_recovery": [item]}, UTC)
    assert found.standby.last_sync is None
    assert len(found.standby.last_sync_text) <= TEXT_LIMIT
    assert detail(standby_cluster={"last_success_time": time}).standby.last_sync is None


def test_what_cannot_be_taken_in_whole_says_nothing_about_the_standby():
    """READONLY at its end would be cut off with it."""
    with pytest.raises(ValueError):
        cluster(sub_status="NORMAL|" * 5000 + "READONLY")


@pytest.mark.parametrize("value", [["READONLY"], {"a": "READONLY"}, 7, True])
def test_what_is_no_list_of_words_is_not_taken_for_an_empty_one(value):
    with pytest.raises(ValueError):
        cluster(sub_status=value)


@pytest.mark.parametrize(
    "value",
    [
        "DEGRADED | UNBALANCED | READONLY",
        "DEGRADED|UNBALANCED|READONLY",
        "DEGRADED, UNBALANCED, READONLY",
        "DEGRADED UNBALANCED READONLY",
        "DEGRADED / UNBALANCED ; READONLY",
    ],
)
def test_words_may_be_parted_in_more_ways_than_the_documented_one(value):
    assert cluster(sub_status=value).sub_statuses == {"DEGRADED", "UNBALANCED", "READONLY"}


@pytest.mark.parametrize("value", [None, "", " ", "|"])
def test_no_words_are_an_empty_list(value):
    assert cluster(sub_status=value).sub_statuses == frozenset()


anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(),
        st.text(st.characters(exclude_categories=())),
        st.sampled_from([SHELL, ONE, DR, *YEARS, "\ud800", "x" * 45_000, 10**400]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([
                "id", "status", "disaster_recovery", "cluster", "events", "sub_status", "version",
                "primary_cluster", "standby_cluster", "last_success_time", "last_disaster_time",
                "primary_cluster_id", "dr_sync_period", "source_id", "name", "occur_time",
                "error_code", "error_msg", "error", "code", "message",
            ]),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=20,
)  # fmt: skip
PARSERS = (
    lambda body: parse_detail(body, UTC),
    lambda body: parse_list(body, UTC),
    parse_cluster,
    lambda body: parse_events(body, DR),
)


@pytest.mark.parametrize("parse", PARSERS, ids=["detail", "list", "cluster", "events"])
@given(body=anything)
def test_no_body_raises_anything_but_that_it_cannot_be_read(parse, body):
    for wrapped in (body, {"disaster_recovery": body}, {"cluster": body}, {"events": [body]}):
        try:
            found = parse(wrapped)
        except ValueError:
            continue
        assert repr(found).isprintable()


# Answers to the order

NESTED = json.loads("[" * 900 + "]" * 900)


@pytest.mark.parametrize(
    "body",
    [
        b'{"error_code": ' + b"9" * 5000 + b"}",
        b'{"error_code": 1' + b"0" * 4000 + b', "error_msg": 1}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        {"error_code": NESTED, "error_msg": NESTED},
        {"error_code": "\ud800", "error_msg": "\ud800\x1b[31m"},
        {"error_code": {"a": 1}, "error_msg": ["no"]},
        {"disaster_recovery": {"id": "\ud800"}},
        {"disaster_recovery": {"id": NESTED}},
        {"disaster_recovery": "x" * 45_000, "error_msg": "y" * 45_000},
        b"\xff\xfe\xff",
        b"NaN",
    ],
    ids=lambda body: str(body)[:40],
)
@pytest.mark.parametrize("status", [200, 302, 400, 403, 500])
def test_no_body_of_an_answer_raises_or_is_more_than_a_line(status, body):
    answer = read_answer(reply(status, body), DR)
    assert answer.meaning is (Meaning.PROVIDER_REJECTED if status == 403 else Meaning.UNKNOWN)
    assert answer.has_2xx is (status == 200)
    assert answer.sentence.isprintable()
    assert len(answer.sentence) < 400
    assert answer.reason_code == f"http_{status}"


@pytest.mark.parametrize("code", ["stale", "not_sent", "accepted", "answer_lost", "STALE "])
def test_a_provider_can_say_nothing_in_our_name(code):
    """`stale` means that nothing has left, and that the order may be given once more."""
    answer = read_answer(reply(403, {"error_code": code, "error_msg": "no"}), DR)
    assert (answer.meaning, answer.reason_code) == (Meaning.PROVIDER_REJECTED, "http_403")


@given(anything, st.sampled_from([200, 201, 302, 400, 401, 404, 500]))
def test_an_answer_to_the_order_always_has_a_meaning(body, status):
    answer = read_answer(reply(status, body), DR)
    answer.sentence.encode()
    assert answer.sentence.isprintable()
    assert answer.reason_code.isascii()


def test_a_lost_answers_reason_is_a_line():
    lost = NoReply("x", may_have_left=True)
    assert read_answer(lost, DR).sentence.isprintable()
