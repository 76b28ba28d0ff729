"""What a look at the provider means for a run (reference, "A run")."""

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import NOW, PRODUCTION, ROLES, STANDBY, a_run, ago, cluster, member, shown

from handler.failover.remind import reminder
from handler.failover.results import about_run, reminded
from handler.failover.settle import (
    RolesSeen,
    Sighting,
    is_watched,
    look,
    mark_overdue,
    settle,
)
from handler.model.disaster_recovery import Event
from handler.model.pair_state import PairState
from handler.model.run import RunEvent, RunState
from handler.notifications.command_lines import Address
from handler.notifications.text import text

UNKNOWN, SUBMITTED = RunState.UNKNOWN, RunState.SUBMITTED
BEFORE = shown()
AFTER = shown(member(STANDBY), member(PRODUCTION))
SWITCHING = shown(status="switchovering")
WORDS = {PRODUCTION: "primary", STANDBY: "standby"}

HERE = Address("failover", "eu-central-1")


ONE = {"notified_at": NOW, "last_notified_as": "submitted"}
PROGRESS = {"notified_at": NOW, "last_notified_as": "in_progress"}
JUST_SENT = {"claimed_at": NOW, "requested_at": NOW, **ONE}


def seen(detail, after_s=0, **more):
    return Sighting(NOW + timedelta(seconds=after_s), detail, **more)


def settled(run, *sightings):
    for sighting in sightings:
        run = settle(run, sighting)
    return run


@pytest.mark.parametrize("state", [UNKNOWN, SUBMITTED])
@pytest.mark.parametrize("status", ["abnormal", "running", "stopped", "dr_migrating"])
def test_two_reads_of_exchanged_roles_are_success_whatever_the_status(state, status):
    after = replace(AFTER, status=status)
    run = settled(a_run(state), seen(after), seen(after, 30))
    assert (run.state, run.exchanged_since) == (RunState.SUCCEEDED, NOW)


def test_two_reads_that_are_too_close_prove_nothing():
    assert settled(a_run(), seen(AFTER), seen(AFTER, 29)).state is SUBMITTED


@pytest.mark.parametrize(
    "between", [BEFORE, SWITCHING, shown(member(STANDBY), member("another"))],
    ids=["back", "switching", "other clusters"],
)  # fmt: skip
def test_the_two_reads_must_have_nothing_else_between_them(between):
    run = settled(a_run(), seen(AFTER), seen(between, 20), seen(AFTER, 40))
    assert run.state is SUBMITTED
    assert settle(run, seen(AFTER, 70)).state is RunState.SUCCEEDED


def test_a_look_that_shows_nothing_is_neither_for_nor_against():
    run = settled(a_run(), seen(AFTER), seen(None, 20), seen(AFTER, 40))
    assert run.state is RunState.SUCCEEDED


@pytest.mark.parametrize("status", ["running", "abnormal"])
def test_a_status_alone_is_no_success(status):
    one = replace(BEFORE, status=status)
    assert settled(a_run(), *(seen(one, 60 * n) for n in range(99))).state is SUBMITTED


def test_a_new_production_that_does_not_serve_is_no_success_yet():
    down, up = cluster(STANDBY, "FAILED"), cluster(STANDBY)
    run = settled(a_run(), *(seen(AFTER, 60 * n, new_production=down) for n in range(3)))
    assert run.state is SUBMITTED
    run = settled(run, seen(AFTER, 200, new_production=up), seen(AFTER, 240, new_production=up))
    assert run.state is RunState.SUCCEEDED


DOWN = {"new_production": cluster(STANDBY, "FAILED")}


def test_that_the_new_production_is_down_is_told_at_once_and_hourly():
    run = settle(a_run(**ONE), seen(AFTER, **DOWN))
    assert (run.new_down_since, reminder(run, NOW)) == (NOW, "new_production_down")
    run = settle(run.told("new_production_down", NOW), seen(AFTER, 60, **DOWN))
    assert run.new_down_since == NOW
    assert reminder(run, NOW + timedelta(minutes=59)) is None
    assert reminder(run, NOW + timedelta(minutes=60)) == "new_production_down"


def test_it_is_told_of_a_run_that_is_overdue_as_well():
    run = settle(
        a_run(**{**ONE, "last_notified_as": "overdue"}, overdue_at=NOW), seen(AFTER, **DOWN)
    )
    assert reminder(run, NOW) == "new_production_down"


@pytest.mark.parametrize(
    ("after", "since"),
    [
        (seen(AFTER, 60, new_production=cluster(STANDBY)), None),
        (seen(AFTER, 60), None),
        (seen(None, 60), NOW),
    ],
    ids=["it serves", "it cannot be read", "the pair cannot be read"],
)
def test_it_is_down_until_a_look_shows_something_else(after, since):
    assert settled(a_run(), seen(AFTER, **DOWN), after).new_down_since == since


def test_a_standby_that_is_down_before_the_roles_are_exchanged_is_no_production():
    assert settle(a_run(), seen(BEFORE, **DOWN)).new_down_since is None
    assert settle(a_run(), seen(SWITCHING, **DOWN)).new_down_since is None


def test_with_both_down_the_way_out_wipes_nothing():
    run = settle(a_run(), seen(AFTER, **DOWN))
    told = reminded(run, "new_production_down")
    assert f"{STANDBY}, production now, is FAILED" in told.reason
    assert f"it wipes {PRODUCTION}" in told.next_steps[0]


def test_other_clusters_than_the_runs_own_are_no_success():
    other = shown(member("x" * 36), member(PRODUCTION))
    assert settled(a_run(), seen(other), seen(other, 60)).state is SUBMITTED


@pytest.mark.parametrize(
    ("detail", "shows"),
    [
        (shown(member(PRODUCTION, role="standby"), member(STANDBY, role="primary")),
         RolesSeen.EXCHANGED),
        (shown(member(STANDBY, role="primary"), member(PRODUCTION, role="standby")),
         RolesSeen.EXCHANGED),
        (shown(member(STANDBY, role="standby"), member(PRODUCTION, role="primary")), RolesSeen.OTHER),
        (shown(member(PRODUCTION, role="primary"), member(STANDBY, role="primary")), RolesSeen.OTHER),
        (shown(member(PRODUCTION, role="primary"), member(STANDBY, role="standby")),
         RolesSeen.UNTOUCHED),
        (AFTER, RolesSeen.EXCHANGED),
        (BEFORE, RolesSeen.UNTOUCHED),
    ],
    ids=["words only", "places and words", "places against words", "both primary", "nothing",
         "places, no words", "nothing, no words"],
)  # fmt: skip
def test_roles_are_told_by_places_and_by_words(detail, shows):
    assert look(a_run(role_words=WORDS), seen(detail)) is shows


def test_a_provider_that_switches_has_taken_the_request():
    run = settle(a_run(UNKNOWN), seen(SWITCHING))
    assert (run.state, run.switching_at) == (SUBMITTED, NOW)


def events(*names, minutes_ago=59):
    return {"events": tuple(Event(name, ago(minutes=minutes_ago)) for name in names)}


BEGUN, FAILED = "beginFailoverDisasterRecovery", "failoverDisasterRecoveryFail"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (events(BEGUN), SUBMITTED),
        (events(BEGUN, FAILED), RunState.FAILED),
        (events(BEGUN, BEGUN, FAILED), SUBMITTED),
        (events(BEGUN, minutes_ago=120), UNKNOWN),
        (events("beginSwitchoverDisasterRecovery"), UNKNOWN),
    ],
    ids=["begun", "failed", "one of two failed", "of an earlier one", "of something else"],
)
def test_the_providers_own_events_are_evidence(told, state):
    assert settle(a_run(UNKNOWN), seen(BEFORE, **told)).state is state


def test_an_event_of_the_millisecond_in_which_the_order_left_is_its_own():
    run = a_run(UNKNOWN, requested_at=ago(seconds=60) + timedelta(microseconds=999))
    assert settle(run, seen(BEFORE, **events(BEGUN, minutes_ago=1))).state is SUBMITTED


def test_an_event_of_failure_is_nothing_against_exchanged_roles():
    told = events(BEGUN, FAILED)
    run = settled(a_run(), seen(AFTER, **told), seen(AFTER, 30, **told))
    assert run.state is RunState.SUCCEEDED


def untouched(run, reads, every_s):
    return settled(run, *(seen(BEFORE, every_s * n) for n in range(reads)))


@pytest.mark.parametrize(
    ("reads", "every_s", "state"),
    [(5, 225, RunState.NOT_STARTED), (4, 300, UNKNOWN), (5, 224, UNKNOWN), (60, 15, UNKNOWN)],
    ids=["enough", "too few", "too soon", "many but too soon"],
)
def test_five_untouched_reads_in_15_minutes_mean_that_nothing_was_started(reads, every_s, state):
    assert untouched(a_run(UNKNOWN), reads, every_s).state is state


@pytest.mark.parametrize("status", ["failovering", "recovering", "stopping", "stopped", None])
@pytest.mark.parametrize("picture", ["detail", "item"])
def test_a_status_in_which_something_may_be_under_way_is_no_untouched_read(picture, status):
    """What the provider says while an exception switchover runs is documented for nobody."""
    pictures = {"detail": BEFORE, "item": BEFORE, picture: replace(BEFORE, status=status)}
    run = settled(
        a_run(UNKNOWN), *(Sighting(NOW + timedelta(minutes=n), **pictures) for n in range(60))
    )
    assert (run.state, run.untouched_since) == (UNKNOWN, None)


def test_such_a_status_between_begins_the_untouched_reads_anew():
    run = settled(
        untouched(a_run(UNKNOWN), 4, 220), seen(replace(BEFORE, status="failovering"), 880)
    )
    assert settle(run, seen(BEFORE, 900)).untouched_reads == 1


def test_that_a_failover_failed_is_believed_whatever_the_status():
    """The provider's own event says so, and the roles are untouched."""
    one = replace(BEFORE, status="failover_failed")
    assert settle(a_run(UNKNOWN), seen(one, **events(BEGUN, FAILED))).state is RunState.FAILED


def test_not_started_that_is_only_inferred_holds():
    run = untouched(a_run(UNKNOWN, answer=RunEvent.DOUBTFUL), 6, 300)
    assert (run.never_started, run.holds_pair) == (False, True)


def test_after_a_success_status_it_is_never_inferred():
    assert untouched(a_run(UNKNOWN, has_2xx=True), 60, 300).state is UNKNOWN


def test_an_accepted_run_is_never_taken_for_not_started():
    assert untouched(a_run(SUBMITTED), 60, 300).state is SUBMITTED


@pytest.mark.parametrize(("after_s", "state"), [(60, RunState.SUBMITTING), (61, UNKNOWN)])
def test_a_claim_whose_invocation_is_over_is_unknown_after_a_minute(after_s, state):
    run = a_run(RunState.SUBMITTING, deadline_at=NOW)
    assert settle(run, seen(SWITCHING, after_s)).state is state


@pytest.mark.parametrize(
    "state",
    [RunState.NOT_STARTED, RunState.PROVIDER_REJECTED, RunState.FAILED, RunState.CLOSED],
)
def test_an_order_that_is_executed_late_is_seen(state):
    assert settle(a_run(state), seen(SWITCHING)).state is SUBMITTED
    assert settled(a_run(state), seen(AFTER), seen(AFTER, 60)).state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("state", "is_in_doubt"), [(RunState.PROVIDER_REJECTED, True), (RunState.NOT_STARTED, False)]
)
def test_whose_doing_it_is_after_a_rejected_order_is_not_claimed(state, is_in_doubt):
    for run in (
        settle(a_run(state), seen(SWITCHING)),
        settled(a_run(state), *[seen(AFTER), seen(AFTER, 60)]),
    ):
        assert ("may be somebody else's doing" in run.reason) is is_in_doubt


def test_a_closed_run_is_not_opened_again_by_what_was_known_when_it_was_closed():
    closed = a_run(RunState.CLOSED, ended_at=ago(minutes=1))
    assert settle(closed, seen(BEFORE, **events(BEGUN))).state is RunState.CLOSED


EXPECTED = PairState(roles=ROLES)


@pytest.mark.parametrize(
    ("run", "pair_state", "watched"),
    [
        (a_run(UNKNOWN, claimed_at=ago(days=9)), EXPECTED, True),
        (a_run(RunState.SUCCEEDED), EXPECTED, False),
        (a_run(RunState.NOT_STARTED), EXPECTED, True),
        (a_run(RunState.NOT_STARTED, answer=RunEvent.NOT_SENT), EXPECTED, False),
        (a_run(RunState.PROVIDER_REJECTED, answer=RunEvent.REJECTED), EXPECTED, True),
        (a_run(RunState.NOT_STARTED, claimed_at=ago(hours=25)), EXPECTED, False),
        (a_run(RunState.CLOSED), PairState(roles=ROLES.exchanged), False),
        (a_run(RunState.CLOSED, acknowledged_at=NOW), EXPECTED, True),
        (a_run(RunState.CLOSED, acknowledged_at=NOW), replace(EXPECTED, armed=True), False),
    ],
    ids=["in flight", "proved", "ended", "never sent", "rejected", "a day later", "other roles were set", "closed",
         "closed and armed again"],
)  # fmt: skip
def test_a_run_is_watched_as_long_as_a_look_may_change_it(run, pair_state, watched):
    assert is_watched(run, pair_state, NOW) is watched


def test_a_synchronisation_before_the_switch_is_not_lost():
    later = shown(standby=member(STANDBY, last_sync=ago(minutes=1)))
    run = settle(a_run(outage_began_at=ago(minutes=2), last_sync=ago(hours=1)), seen(later))
    assert (run.last_sync, run.estimated_data_loss_s) == (ago(minutes=1), 0)


def test_after_the_switch_last_sync_stays_what_it_was():
    run = a_run(last_sync=ago(hours=1))
    assert settled(run, seen(AFTER), seen(AFTER, 60)).last_sync == ago(hours=1)


def test_recovery_time_and_data_loss_are_measured():
    run = a_run(outage_began_at=ago(minutes=10), last_sync=ago(minutes=15))
    run = settled(run, seen(SWITCHING), seen(AFTER, 120), seen(AFTER, 180))
    assert run.recovery_time_s == 720
    assert (run.estimated_data_loss_s, run.at_most_data_loss_s) == (300, 900)


def test_what_was_estimated_at_the_decision_is_kept_beside_what_is_known_afterwards():
    later = shown(standby=member(STANDBY, last_sync=ago(minutes=3)))
    run = a_run(
        outage_began_at=ago(minutes=2), last_sync=ago(minutes=12), estimate_at_decision_s=600
    )
    run = settled(run, seen(later), seen(AFTER, 120), seen(AFTER, 180))
    result = about_run(run)
    assert (run.estimate_at_decision_s, result.estimated_data_loss_s) == (600, 60)
    assert result.timings["estimate_at_decision_s"] == 600
    assert "When it was decided, 600 s (10 min 0 s) were estimated" in text(result, HERE)


def test_an_open_run_is_overdue_after_its_pairs_deadline():
    assert mark_overdue(a_run(), NOW, 3600).overdue_at is None
    assert mark_overdue(a_run(), NOW, 3599).overdue_at == NOW
    assert mark_overdue(a_run(RunState.SUCCEEDED), NOW, 0).overdue_at is None


@pytest.mark.parametrize(
    ("run", "minutes", "kind"),
    [
        (a_run(**JUST_SENT), 9, None),
        (a_run(**JUST_SENT), 10, "not_switching"),
        (a_run(untouched_since=NOW, untouched_reads=9, **JUST_SENT), 9, None),
        (a_run(untouched_since=NOW, untouched_reads=9, **JUST_SENT), 10, "not_switching"),
        (a_run(exchanged_since=NOW, **JUST_SENT), 10, None),
        (a_run(**{**ONE, "last_notified_as": "not_switching"}), 59, None),
        (a_run(**{**ONE, "last_notified_as": "not_switching"}), 60, "not_switching"),
        (a_run(switching_at=ago(hours=1), untouched_since=NOW, **PROGRESS), 9, None),
        (a_run(switching_at=ago(hours=1), untouched_since=NOW, **PROGRESS), 10, "not_switching"),
        (a_run(switching_at=NOW, **ONE), 0, "in_progress"),
        (a_run(switching_at=NOW, reason_code="seen_switching", **ONE), 14, None),
        (a_run(switching_at=NOW, reason_code="seen_switching", **ONE), 15, "in_progress"),
        (a_run(switching_at=NOW, notified_at=NOW, last_notified_as="in_progress"), 14, None),
        (
            a_run(switching_at=NOW, notified_at=NOW, last_notified_as="in_progress"),
            15,
            "in_progress",
        ),
        (a_run(UNKNOWN, **ONE), 59, None),
        (a_run(UNKNOWN, **ONE), 60, "unknown"),
        (a_run(UNKNOWN, overdue_at=NOW, **ONE), 0, "overdue"),
        (a_run(UNKNOWN, overdue_at=NOW, notified_at=NOW, last_notified_as="overdue"), 59, None),
        (
            a_run(UNKNOWN, overdue_at=NOW, notified_at=NOW, last_notified_as="overdue"),
            60,
            "overdue",
        ),
        (a_run(RunState.FAILED, **ONE), 6000, None),
    ],
)
def test_an_open_run_is_told_again(run, minutes, kind):
    assert reminder(run, NOW + timedelta(minutes=minutes)) == kind
