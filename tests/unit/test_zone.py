"""Whether the provider's times are read with another UTC offset than it writes."""

from datetime import timedelta

import pytest
from situations import NOW, STANDBY, ago, evidence, member, pair, shown, situation

from handler.commands.reconcile.zone import other_offset
from handler.gates.data_loss import rpo
from handler.model.sight import Sight

LATER = timedelta(minutes=10)


def synchronised(at, text="2026-01-15 16:20:00"):
    one = shown(standby=member(STANDBY, last_sync=at, last_sync_text=text), status="running")
    return evidence(detail=one, item=one)


def offset(at, before=None, text="2026-01-15 16:20:00", configured="+00:00"):
    """The offset that is named for a synchronisation of then, the look before having seen that."""
    sight = Sight(NOW - LATER, before, (), ()) if before else None
    given = pair(provider_utc_offset=configured)
    found = other_offset(given, synchronised(at, text), sight, NOW)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ahead", "configured", "named"),
    [
        (timedelta(hours=7, minutes=50), "+00:00", "+08:00"),
        (timedelta(hours=8), "+00:00", "+08:00"),
        (timedelta(hours=7, minutes=59, seconds=59), "+00:00", "+08:00"),
        (timedelta(hours=2, minutes=40), "-03:00", "+00:00"),
        (timedelta(hours=2, minutes=40), "+05:30", "+08:30"),
    ],
)
def test_what_lies_in_the_future_names_the_offset_that_puts_it_into_the_past(
    ahead, configured, named
):
    assert offset(NOW + ahead, configured=configured) == named


@pytest.mark.parametrize(
    "ahead", [timedelta(), timedelta(seconds=299), timedelta(days=3), -timedelta(hours=8)]
)
def test_what_can_be_true_or_is_no_offset_names_none(ahead):
    assert offset(NOW + ahead) is None


@pytest.mark.parametrize("text", ["2026-01-15T16:20:00Z", "2026-01-15T16:20:00+08:00", None])
def test_a_time_that_says_its_zone_is_no_matter_of_the_setting(text):
    assert offset(NOW + timedelta(hours=8), text=text) is None


def test_a_synchronisation_that_came_between_two_looks_and_is_hours_old_names_the_offset():
    """The provider writes UTC, and it is read as +08:00."""
    before, after = ago(hours=8, minutes=15), ago(hours=8, minutes=5)
    assert offset(after, before, configured="+08:00") == "+00:00"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ago(hours=8, minutes=5)),  # nobody knows since when it is shown
        (ago(hours=8, minutes=5), ago(hours=8, minutes=5)),  # none came: the standby lags
        (ago(minutes=55), ago(minutes=45)),  # an hour's work of a synchronisation
        (ago(hours=3, minutes=50), ago(hours=3, minutes=30)),  # no whole hours
    ],
)
def test_what_a_slow_standby_explains_names_no_offset(before, after):
    assert offset(after, before) is None


def test_why_says_what_was_written_how_it_is_read_and_what_would_fit():
    _, why = other_offset(pair(), synchronised(NOW + timedelta(hours=7, minutes=50)), None, NOW)
    assert why == (
        "the provider wrote «2026-01-15 16:20:00» for the standby's last synchronisation; with"
        " provider_utc_offset +00:00 that is 2026-01-15T16:20:00Z, which lies in the future; with"
        " +08:00 it was finished 10 minutes ago"
    )


def test_a_gate_that_cannot_count_such_a_time_names_the_setting():
    found = rpo(situation(evidence=synchronised(NOW + timedelta(hours=7, minutes=50))))
    assert found.reason == (
        "the last synchronisation lies in the future (2026-01-15T16:20:00Z): the provider wrote"
        " «2026-01-15 16:20:00», read with provider_utc_offset +00:00: correct it"
    )


def test_where_the_time_says_its_zone_it_is_the_clock():
    text = "2026-01-15T16:20:00Z"
    found = rpo(situation(evidence=synchronised(NOW + timedelta(hours=7, minutes=50), text)))
    assert found.reason.endswith("check the clock")
