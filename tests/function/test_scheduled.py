"""The reconcile that nobody waits for: it is counted, and never fills the failure queue."""

from datetime import timedelta

import pytest
from parts import now, scheduled

from handler.aws.telemetry import metrics
from handler.commands.reconcile.scheduled import LAST_AFTER
from handler.errors import LedgerUnavailable

# Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
RETRIES = (timedelta(minutes=1), timedelta(minutes=2))
AS_LATE_AS = timedelta(minutes=1)  # the scheduler's own precision


class Bug(Exception):
    pass


@pytest.fixture
def counted():
    """The metrics of what a test sends."""
    metrics.clear_metrics()
    yield lambda: {name: one["Value"] for name, one in metrics.metric_set.items()}
    metrics.clear_metrics()


def break_pairs(parts, err):
    """Nothing that reconcile does works."""

    def fail(*_):
        raise err

    parts.instead["side_by_side"] = fail


def test_a_round_is_counted_with_how_long_it_took(parts, counted):
    parts.send(scheduled())
    assert counted()["ReconcileCompleted"] == [1]
    assert counted()["ReconcileDuration"][0] > 0
    assert (counted()["OverdueRuns"], counted()["UndeliveredNotices"]) == ([0], [0])


def test_a_second_one_at_the_same_time_completes_nothing(parts, counted):
    parts.ledger.reconcile_lock.take(now(), now(minutes=1))
    (answer,) = parts.send(scheduled())["results"]
    assert answer["reason_code"] == "busy"
    assert "ReconcileCompleted" not in counted()


def test_an_overdue_run_is_counted_each_time(parts, counted):
    parts.arm()
    parts.emulator.break_production()
    parts.emulator.vary(switching_s=None)
    parts.alarm()
    parts.let_pass(5401)
    parts.send(scheduled(parts.adapters.clock()))
    metrics.clear_metrics()
    parts.let_pass(61)
    parts.send(scheduled(parts.adapters.clock()))
    assert counted()["OverdueRuns"] == [1]


def test_notices_that_sns_has_not_taken_are_counted(parts, counted):
    parts.arm()
    parts.aws.client("sns").delete_topic(TopicArn=parts.topic)
    parts.alarm()
    parts.let_pass(61)
    parts.send(scheduled(parts.adapters.clock()))
    assert counted()["UndeliveredNotices"][0] > 0


def test_a_bug_makes_the_invocation_fail_the_first_time(parts, counted):
    break_pairs(parts, Bug())
    with pytest.raises(Bug):
        parts.send(scheduled())
    assert counted()["InternalError"]


@pytest.mark.parametrize("late", [timedelta(), AS_LATE_AS], ids=["in time", "a minute late"])
def test_what_lambda_sends_for_the_last_time_answers_and_leaves_nothing_in_the_queue(parts, late):
    last = now() - sum(RETRIES, late)
    break_pairs(parts, Bug())
    (answer,) = parts.send(scheduled(last))["results"]
    assert answer["reason_code"] == "internal_error"


def test_the_first_time_is_never_taken_for_the_last():
    assert AS_LATE_AS < LAST_AFTER <= sum(RETRIES, timedelta())


def test_a_person_who_reconciles_hears_what_keeps_it_from_working(parts, counted):
    parts.aws.client("dynamodb").delete_table(TableName=parts.table)
    with pytest.raises(LedgerUnavailable):
        parts.send({"command": "reconcile"})
    assert "ReconcileFailed" not in counted()


def test_a_pair_that_cannot_be_pursued_is_answered_by_its_name(parts, counted):
    parts.aws.client("dynamodb").delete_table(TableName=parts.table)
    answer = parts.send(scheduled(pair="analytics"))
    (answer,) = answer.get("results", [answer])
    assert (answer["decision"], answer["pair"]) == ("blocked", "analytics")
    assert counted()["ReconcileFailed"] == [1]


@pytest.mark.parametrize("at", ["yesterday", 7, "<aws.scheduler.scheduled-time>"])
def test_a_time_that_is_none_is_refused(parts, at):
    from handler.errors import InvalidEvent

    with pytest.raises(InvalidEvent, match=r"\$\.scheduled_at"):
        parts.send({"command": "reconcile", "scheduled_at": at})
