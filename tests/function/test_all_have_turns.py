"""In each reconcile all pairs are looked at, however long those with an incident take.

Where Lambda takes no invocation, their incidents are pursued by reconcile itself, one by one.
"""

import pytest
from neighbours import TROUBLED, beside, put_troubled
from parts import now, scheduled

from handler import app
from handler.aws.telemetry import metrics


class NoLambda:
    """Lambda takes no invocation."""

    def reconcile(self, *_):
        return False

    def look(self, *_):
        return False


def at(parts):
    return now() + parts.ahead


@pytest.fixture
def two(parts):
    """`analytics` is well and has no incident; `accounts` has one, and takes all the time."""
    with beside(parts):
        parts.instead["invoker"] = NoLambda()
        put_troubled(parts, alarms=["dws-region"], production_down_for_s=3600)
        parts.put_pair(alarms=[])
        parts.troubled.break_production(TROUBLED)
        parts.alarm("dws-region", at=at(parts))
        parts.send(scheduled(at(parts)))
        parts.notices()
        parts.let_pass(60)
        metrics.clear_metrics()
        yield parts
        metrics.clear_metrics()


def hang(parts):
    """What is read of `accounts` takes as long as an invocation lasts."""
    real = app.adapters().side_by_side

    def hanging(reads, within_s):
        before = len(parts.troubled.journal)
        found = real(reads, within_s)
        if "detail" in reads and len(parts.troubled.journal) > before:
            parts.remaining_s = 30.0
        return found

    parts.instead["side_by_side"] = hanging


def test_a_pair_without_an_incident_is_looked_at_before_those_that_take_long(two):
    hang(two)
    two.emulator.vary(abnormal_after_s=0)
    two.emulator.break_production()
    two.send(scheduled(at(two)))
    assert two.record.open_incident.kind == "watch"


def test_what_a_look_has_opened_is_pursued_in_the_same_reconcile(two):
    hang(two)
    two.emulator.vary(abnormal_after_s=0)
    two.emulator.break_production()
    two.put_pair(alarms=[], production_down_for_s=0)
    two.send(scheduled(at(two)))
    assert two.posts == 1


def test_a_reconcile_in_which_all_had_their_turn_is_counted_as_complete(two):
    two.send(scheduled(at(two)))
    assert metrics.metric_set["ReconcileCompleted"]["Value"] == [1]


def test_one_that_had_no_time_for_all_is_not(two):
    """An alarm rings where none is complete."""
    two.remaining_s = 59.0
    two.send(scheduled(at(two)))
    assert "ReconcileCompleted" not in metrics.metric_set
    assert "ReconcileDuration" in metrics.metric_set
