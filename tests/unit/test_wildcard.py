"""Patterns with `*`: the same as regular expressions say, and in a time that can be foreseen."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.model.wildcard import matches, matches_arn

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
