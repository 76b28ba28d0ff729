"""Patterns with `*`: the same as regular expressions say, and in a time that can be foreseen."""

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.model.alarm_patterns import can_match
from handler.model.wildcard import matches, matches_arn, overlap

FEW = st.text("ab:*", max_size=10)


def as_expression(pattern, star):
    return re.compile(star.join(map(re.escape, pattern.split("*"))), re.DOTALL)


@given(FEW, st.text("ab:\n", max_size=12))
def test_a_pattern_means_what_its_expression_means(pattern, text):
    assert matches(pattern, text) is bool(as_expression(pattern, ".*").fullmatch(text))


@given(st.lists(FEW, min_size=1, max_size=8), st.lists(st.text("ab:", max_size=4), max_size=9))
def test_of_an_arn_every_part_stands_for_itself(patterns, parts):
    pattern, arn = ":".join(patterns), ":".join(parts)
    found, given_ = pattern.split(":", 6), arn.split(":", 6)
    expected = len(found) == len(given_) and all(
        as_expression(one, ".*" if number == 6 else "[^:]*").fullmatch(part)
        for number, (one, part) in enumerate(zip(found, given_, strict=True))
    )
    assert matches_arn(pattern, arn) is expected


@pytest.mark.parametrize("stars", [12, 100, 800])
def test_many_stars_take_no_time(stars):
    pattern, text = "*".join(["a"] * stars) + "*b", "a" * 10_000
    began = time.thread_time()
    assert not matches(pattern, text)
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sales", "sales"),
        ("sales-*", "*-eu"),
        ("*", "*"),
        ("", "*"),
        ("a*c", "ab*"),
        ("*a*", "b*b"),
        ("dws-outage-sales-*", "dws-outage-sales-eu"),
    ],
)
def test_two_patterns_that_can_mean_one_text_overlap(one, other):
    assert overlap(one, other)
    assert overlap(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("sales", "sales-eu"), ("a*", "b*"), ("*a", "*b"), ("", "a*"), ("a*b", "a")]
)
def test_two_patterns_that_no_text_fits_do_not_overlap(one, other):
    assert not overlap(one, other)
    assert not overlap(other, one)


def test_that_many_stars_overlap_is_found_in_no_time():
    one, other = f"*{'a*' * 800}1*", f"*{'b*' * 800}2*"
    began = time.thread_time()
    assert overlap(one, other)
    assert not overlap(f"{one}c", f"{other}d")
    assert time.thread_time() - began < 0.1


TEXTS = ["".join(one) for length in range(9) for one in itertools.product("ab", repeat=length)]


@given(st.text("ab*", max_size=4), st.text("ab*", max_size=4))
def test_patterns_overlap_exactly_where_some_text_fits_both(one, other):
    # No text that fits both needs to be longer than both patterns together.
    assert overlap(one, other) is any(matches(one, text) and matches(other, text) for text in TEXTS)


@pytest.mark.parametrize("before", ["", "arn:aws:cloudwatch:*:*:alarm:"])
@pytest.mark.parametrize(
    ("name", "can_be"),
    [
        ("x" * 255, True),
        ("x" * 256, False),
        ("*" + "x" * 255, True),
        ("dws-*" + "x" * 300, False),
        ("x*" * 200, True),
        ("x*" * 256, False),
        ("*", True),
        ("", False),
    ],
)
def test_a_pattern_means_an_alarm_only_if_a_name_can_be_so_long(before, name, can_be):
    assert can_match(before + name) is can_be
