"""When a pause ends, as people type it."""

from datetime import UTC, datetime, timedelta

import pytest

from failoverctl.failures import ExitCode, Failure
from failoverctl.until import time_of


@pytest.mark.parametrize(
    ("typed", "span"),
    [("90min", timedelta(minutes=90)), ("4h", timedelta(hours=4)), (" 2 d ", timedelta(days=2))],
)
def test_a_length_of_time_is_counted_from_now_on(typed, span):
    ends_at = datetime.fromisoformat(time_of(typed))
    assert abs(ends_at - datetime.now(UTC) - span) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "typed", ["2026-01-15T08:30Z", "2026-01-15T09:30:00+01:00", "2026-01-15 08:30:00.5Z"]
)
def test_a_time_that_says_its_zone_stays_as_it_is(typed):
    assert time_of(typed) == typed


@pytest.mark.parametrize("typed", ["4", "yesterday", "4 hours", "2026-01-15T08:30", "", "\x1b[2J"])
def test_anything_else_is_refused_with_the_forms_that_are_allowed(typed):
    with pytest.raises(Failure) as caught:
        time_of(typed)
    assert caught.value.code is ExitCode.USAGE
    assert caught.value.sentence.isprintable()
    assert all(form in caught.value.sentence for form in ("4h", "90min", "2d", "T08:30Z"))
