from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.model.times import (
    clock_from,
    isoformat,
    parse_offset,
    parse_time,
    parse_typed_time,
    parse_zoned_time,
)

AT = datetime(2023, 3, 27, 20, 16, 34, tzinfo=UTC)
CHINA = parse_offset("+08:00")


@pytest.mark.parametrize(
    "text",
    [
        "2023-03-27T20:16:34Z",
        "2023-03-27T20:16:34.000Z",
        "2023-03-27T20:16:34+00:00",
        "2023-03-27T20:16:34.000+0000",
        "2023-03-28T04:16:34+08:00",
        "2023-03-27T15:46:34-04:30",
        "2023-03-27 20:16:34",
        "2023-03-27T20:16:34",
        " 2023-03-27 20:16:34 ",
        "2023-03-27 20:16:34Z",
        "1679948194000",
        1679948194000,
    ],
)
def test_every_way_in_which_the_provider_writes_a_time_is_read(text):
    assert parse_time(text) == AT


@pytest.mark.parametrize("text", ["2023-03-28 04:16:34", "2023-03-28T04:16:34"])
def test_a_time_without_a_zone_is_in_the_given_one(text):
    assert parse_time(text, CHINA) == AT


@pytest.mark.parametrize("text", ["2023-03-27T20:16:34Z", "1679948194000"])
def test_a_time_that_says_its_zone_is_not_moved(text):
    assert parse_time(text, CHINA) == AT


@pytest.mark.parametrize(
    "text",
    [
        None, "", "N/A", "-", "never", "2023-03-27", "20:16:34", "20230327_201637", "20230327T201634",
        "2023-13-27 20:16:34", "2023-02-30 20:16:34", "2023-W13-1", "99999999999999999", True, [],
        {}, 1.5, "２０２３-03-27 20:16:34", "9" * 5000, f"2023-03-27T20:16:34.{'0' * 60}+08:00",
    ],
)  # fmt: skip
def test_anything_else_is_no_time(text):
    assert parse_time(text) is None


@pytest.mark.parametrize("year", ["0001", "1969", "9001", "9999"])
@pytest.mark.parametrize("rest", ["-01-01T00:00:00Z", "-12-31T23:59:59+14:00", "-12-31 23:59:59"])
def test_no_time_is_read_that_cannot_be_counted_with(year, rest):
    assert parse_time(year + rest) is None
    assert parse_zoned_time(year + rest) is None


@pytest.mark.parametrize(
    "text", ["0001/01/01 00:00:00 GMT+08:00", "01 01, 9999 00:00:00 GMT-08:00"]
)
def test_no_time_that_cloud_eye_displays_either(text):
    assert parse_zoned_time(text) is None


@pytest.mark.parametrize("read", [parse_time, parse_zoned_time])
def test_a_number_too_large_to_be_written_is_no_time(read):
    assert read(10**5000) is None


@pytest.mark.parametrize("value", [None, {}, [[]], "9" * 5000, True])
def test_no_value_without_a_zone_raises(value):
    assert parse_zoned_time(value) is None


@pytest.mark.parametrize(
    "text",
    [
        "2023-03-27T20:16Z",
        "2023-03-27 20:16Z",
        "2023-03-27T21:16+01:00",
        "2023-03-27T21:16+0100",
        " 2023-03-27T20:16:00Z ",
        "2023-03-27T20:16:00.000+00:00",
    ],
)
def test_people_may_leave_out_the_seconds(text):
    assert parse_typed_time(text) == AT.replace(second=0)


@pytest.mark.parametrize(
    "text",
    ["2023-03-27T20:16", "2023-03-27T20:16:34", "2023-03-27 20:16:34", "2023-03-27", "20:16Z",
     "2023-03-27T20Z", "2023-03-27T24:60Z", "tomorrow", "4", None],
)  # fmt: skip
def test_people_must_say_the_zone_of_a_time(text):
    assert parse_typed_time(text) is None


@pytest.mark.parametrize("text", ["2023-03-27T20:16Z", "2023-03-27T20:16"])
def test_whoever_is_no_person_writes_seconds(text):
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("seconds", "says"), [(0, "20:16Z"), (0.000001, "20:17Z"), (3, "20:17Z"), (60, "20:17Z")]
)
def test_the_minute_from_which_something_is_allowed_is_rounded_up(seconds, says):
    assert clock_from(AT.replace(second=0) + timedelta(seconds=seconds)) == says


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.binary()))
def test_no_value_raises(value):
    assert parse_time(value) is None or parse_time(value).tzinfo is UTC


COUNTABLE = {"min_value": datetime(1970, 1, 1), "max_value": datetime(9000, 12, 31)}  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC), **COUNTABLE))
def test_what_is_written_is_read_again(time):
    assert parse_time(isoformat(time)) == time.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "hours"), [("+00:00", 0), ("+08:00", 8), ("-04:30", -4.5), ("+05:45", 5.75)]
)
def test_an_offset_is_read_with_its_sign(text, hours):
    assert parse_offset(text).utcoffset(None) == timedelta(hours=hours)
