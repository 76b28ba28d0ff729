from dataclasses import replace
from datetime import timedelta

import pytest
from situations import (
    DR,
    INCIDENT,
    NOW,
    PRODUCTION,
    ROLES,
    STANDBY,
    a_run,
    ago,
    cluster,
    evidence,
    member,
    shown,
)

from handler.commands.reconcile.endings import is_up
from handler.commands.reconcile.learn import learn, remember_observations, remember_ups
from handler.gates.witnesses import remember_outage
from handler.model.pair_state import Observations, PairRecord, PairState
from handler.model.run import RunState

UP = evidence(production=cluster(PRODUCTION))
DOWN = evidence()
RUNNING = shown(status="running")
HEALTHY = evidence(detail=RUNNING, item=RUNNING, production=cluster(PRODUCTION))


def record(*runs):
    return PairRecord(PairState(), None, Observations(), runs)


def later(observed, **span):
    return replace(observed, read_at=NOW + timedelta(**span))


def test_the_first_look_that_says_down_begins_the_stretch():
    assert remember_outage(Observations(), DOWN).down_since == NOW


def test_later_looks_keep_its_beginning():
    observations = remember_outage(Observations(), DOWN)
    observations = remember_outage(observations, later(DOWN, minutes=1))
    assert (observations.down_since, observations.down_seen_at) == (NOW, NOW + timedelta(minutes=1))


def test_a_look_that_says_up_ends_it():
    after = remember_outage(remember_outage(Observations(), DOWN), later(UP, minutes=1))
    assert (after.down_of, after.down_since, after.down_seen_at) == (None, None, None)


def test_a_look_from_before_what_is_stored_changes_nothing():
    """It was held up on its way: what is stored was seen since."""
    up = remember_outage(Observations(), later(UP, seconds=20))
    assert remember_outage(up, DOWN) == up
    assert remember_outage(up, later(DOWN, seconds=20)).down_since is not None


def test_a_late_look_that_said_up_breaks_the_stretch_all_the_same():
    """In a row of looks it stands where it was made, not where it came in."""
    down = remember_outage(Observations(), DOWN)
    down = remember_outage(down, later(DOWN, seconds=60))
    assert remember_outage(down, later(DOWN, seconds=30)) == down
    assert remember_outage(down, later(replace(DOWN, production=None), seconds=30)) == down
    after = remember_outage(down, later(UP, seconds=30))
    assert (after.down_since, after.looked_at) == (NOW + timedelta(seconds=60), down.looked_at)


def test_a_late_look_that_said_up_since_production_was_last_seen_down_ends_the_stretch():
    """Looks since then have heard nothing: nobody has said down after it."""
    silent = later(replace(DOWN, production=None), seconds=60)
    down = remember_outage(remember_outage(Observations(), DOWN), silent)
    assert down.down_since == NOW
    assert remember_outage(down, later(UP, seconds=30)).down_since is None


def test_what_is_stored_from_a_time_that_is_still_to_come_stands_in_no_looks_way():
    """No look is held up for longer than its invocation lasts."""
    wrong = remember_outage(Observations(), later(UP, seconds=301))
    assert remember_outage(wrong, DOWN).down_since == NOW


def test_two_looks_too_far_apart_do_not_make_a_stretch():
    observations = remember_outage(Observations(), DOWN)
    after = later(DOWN, minutes=6)
    assert remember_outage(observations, after).down_since == after.read_at


def test_a_probe_that_connects_is_remembered():
    observations = remember_outage(Observations(), replace(UP, probe=True))
    assert observations.probe_up_at == {PRODUCTION: NOW}


def test_it_is_not_written_every_minute():
    observations = remember_outage(Observations(), replace(UP, probe=True))
    after = remember_outage(observations, later(replace(UP, probe=True), minutes=9))
    assert after.probe_up_at == observations.probe_up_at


def checked_at(times, observed=HEALTHY, observations=None, apart_s=60):
    """What is known after so many looks, the last of them now."""
    observations = observations or Observations()
    for number in range(times):
        span = timedelta(seconds=(number + 1 - times) * apart_s)
        looked = replace(observed, read_at=observed.read_at + span)
        observations = remember_observations(observations, looked)
    return observations


def test_roles_are_expected_after_three_agreeing_looks_at_a_running_pair():
    standings = [learn(PairState(), checked_at(n), HEALTHY, record(), NOW) for n in (1, 2, 3)]
    assert [pair_state.roles for pair_state in standings] == [None, None, ROLES]


@pytest.mark.parametrize(("apart_s", "counted"), [(0, 1), (49, 2), (50, 3), (60, 3)])
def test_looks_that_follow_each_other_at_once_are_one_look(apart_s, counted):
    """Roles are a minute's matter: a provider that is just switching is asked again later."""
    assert checked_at(3, apart_s=apart_s).agreed_times == counted


def test_a_look_that_does_not_agree_starts_again():
    swapped = shown(member(STANDBY), member(PRODUCTION), status="running")
    odd = replace(HEALTHY, item=swapped)
    assert checked_at(2, observations=checked_at(1, odd, checked_at(2))).agreed_times == 2


def ups(*after_s, incident=INCIDENT):
    """How many looks that found production up have counted, so long after it was opened."""
    observations = Observations()
    for span in after_s:
        observations = remember_ups(observations, later(UP, seconds=span), incident)
    return observations.up_times


def test_looks_that_found_production_up_count_a_minute_apart():
    assert (ups(5, 65, 125, 185, 245), ups(5, 55, 105, 155, 205)) == (5, 5)


@pytest.mark.parametrize("looks", [(5, 6, 7, 8, 9), (5, 15, 25, 35, 45, 54)])
def test_of_many_looks_within_a_minute_one_counts(looks):
    """A backlog of invocations, and each alarm of a storm, looks as well."""
    assert ups(*looks) == 1


def test_an_alarm_that_joins_begins_the_count_anew():
    joined = replace(INCIDENT, joined_at=NOW + timedelta(seconds=250))
    observations = Observations(up_times=4, up_counted_at=NOW + timedelta(seconds=245))
    assert remember_ups(observations, later(UP, seconds=305), joined).up_times == 1


def test_an_alarm_that_has_turned_before_the_last_look_and_came_after_it_does_so_too():
    turned, heard = NOW + timedelta(seconds=242), NOW + timedelta(seconds=249)
    joined = replace(INCIDENT, last_alarm_at=turned, joined_at=heard)
    observations = Observations(up_times=4, up_counted_at=NOW + timedelta(seconds=245))
    assert remember_ups(observations, later(UP, seconds=305), joined).up_times == 1


@pytest.mark.parametrize(
    ("times", "after_s", "is_enough"),
    [(5, 245, False), (5, 250, True), (4, 305, False), (6, 305, True)],
    ids=["from before it was heard", "just then", "too few", "enough"],
)
def test_looks_from_before_the_newest_alarm_was_heard_end_no_incident(times, after_s, is_enough):
    joined = replace(INCIDENT, joined_at=NOW + timedelta(seconds=250))
    counted_at = NOW + timedelta(seconds=after_s)
    assert is_up(Observations(up_times=times, up_counted_at=counted_at), joined) is is_enough


def test_a_count_that_does_not_say_of_when_it_is_ends_none():
    assert not is_up(Observations(up_times=5), INCIDENT)


@pytest.mark.parametrize(("observed", "incident"), [(DOWN, INCIDENT), (UP, None)])
def test_a_look_that_does_not_say_up_or_is_of_no_incident_ends_the_count(observed, incident):
    observations = Observations(up_times=4, up_counted_at=NOW)
    after = remember_ups(observations, later(observed, seconds=60), incident)
    assert (after.up_times, after.up_counted_at) == (0, None)


def test_a_clock_that_was_set_back_holds_no_count_up():
    ahead = Observations(up_times=2, up_counted_at=NOW + timedelta(hours=1))
    assert remember_ups(ahead, later(UP, seconds=60), INCIDENT).up_times == 3


def test_an_abnormal_pair_teaches_nothing():
    assert checked_at(3, DOWN).agreed_times == 0


def test_what_health_is_like_is_remembered_by_cluster():
    one = shown(member(PRODUCTION, role="primary"), member(STANDBY, role="standby"),
                status="running")  # fmt: skip
    observations = checked_at(3, replace(HEALTHY, detail=one, item=one))
    assert observations.role_words == {"production": "primary", "standby": "standby"}
    assert observations.versions == {PRODUCTION: "8.1.3.320", STANDBY: "8.1.3.320"}
    assert observations.editions == {PRODUCTION: "dws", STANDBY: "dws"}


def healthy(primary=None, standby=None, **changes):
    """A running pair whose two pictures show the same, with these changes of its clusters."""
    one = shown(
        member(PRODUCTION, **(primary or {}), **changes),
        member(STANDBY, **(standby or {}), **changes),
        status="running",
    )
    return replace(HEALTHY, detail=one, item=one)


def bearing(production, standby):
    return healthy({"role": production}, {"role": standby})


KNOWN = Observations(
    role_words={"production": "primary", "standby": "standby"},
    versions={PRODUCTION: "8.1.3.320", STANDBY: "8.1.3.320"},
    editions={PRODUCTION: "dws", STANDBY: "dws"},
)
OTHERS = {"production": "leader", "standby": "follower"}
SILENT = healthy(version=None, edition=None)


def test_one_look_that_shows_something_else_teaches_nothing():
    odd = healthy({"role": "leader"}, {"role": "follower"}, version="8.1.1", edition="hybrid")
    observations = checked_at(3, SILENT, checked_at(2, odd, KNOWN))
    assert observations.role_words == KNOWN.role_words
    assert (observations.versions, observations.editions) == (KNOWN.versions, KNOWN.editions)


def test_looks_in_a_row_that_show_the_same_teach_it_anew():
    observations = checked_at(3, healthy(version="8.2.0", edition="dws3.0"), KNOWN)
    assert observations.versions == {PRODUCTION: "8.2.0", STANDBY: "8.2.0"}
    assert observations.editions == {PRODUCTION: "dws3.0", STANDBY: "dws3.0"}


def test_what_is_no_longer_shown_stays_as_it_was_learned():
    observations = checked_at(5, SILENT, KNOWN)
    assert (observations.versions, observations.editions) == (KNOWN.versions, KNOWN.editions)


def test_what_is_known_of_other_clusters_is_forgotten():
    known = replace(KNOWN, versions={**KNOWN.versions, DR: "8.1.1"})
    assert checked_at(3, HEALTHY, known).versions == KNOWN.versions


def test_role_words_that_the_provider_writes_otherwise_are_learned_anew():
    assert checked_at(2, bearing("leader", "follower"), KNOWN).role_words == KNOWN.role_words
    assert checked_at(3, bearing("leader", "follower"), KNOWN).role_words == OTHERS


@pytest.mark.parametrize("words", [("standby", "primary"), ("standby", "x"), ("x", "primary")])
def test_role_words_that_cross_over_tell_of_a_switch_and_are_never_learned(words):
    observations = checked_at(9, bearing(*words), KNOWN)
    assert (observations.role_words, observations.agreed_times) == (KNOWN.role_words, 0)


def test_role_words_are_not_learned_where_another_cluster_is_expected_as_production():
    observed = replace(bearing("leader", "follower"), production_id=STANDBY)
    assert checked_at(3, observed, KNOWN).role_words == KNOWN.role_words


def test_role_words_on_which_list_and_detail_differ_are_not_learned():
    detail = bearing("leader", "follower").detail
    observed = replace(bearing("first", "second"), detail=detail)
    assert checked_at(3, observed, KNOWN).role_words == KNOWN.role_words


def test_a_pair_is_not_armed_before_its_new_role_words_are_learned():
    observed = bearing("leader", "follower")
    before, after = checked_at(2, observed, KNOWN), checked_at(3, observed, KNOWN)
    armed = [learn(LEARNED, one, observed, record(), NOW).armed for one in (before, after)]
    assert armed == [False, True]


def synchronised(at):
    one = shown(standby=member(STANDBY, last_sync=at), status="running")
    return replace(HEALTHY, detail=one, item=one)


LEARNED = PairState(roles=ROLES, roles_since=ago(minutes=10))


def test_a_synchronisation_since_the_roles_changed_arms():
    armed = learn(LEARNED, checked_at(3), synchronised(ago(minutes=9)), record(), NOW)
    assert armed.armed is True


@pytest.mark.parametrize("stale", ["detail", "item"])
def test_a_picture_that_shows_no_synchronisation_since_keeps_from_arming(stale):
    """The other one may be wrong: of what is lost the worse of both counts as well."""
    observed = synchronised(ago(minutes=9))
    older = getattr(synchronised(ago(minutes=11)), stale)
    armed = learn(LEARNED, checked_at(3), replace(observed, **{stale: older}), record(), NOW)
    assert armed.armed is False


def test_what_turns_between_that_synchronisation_and_the_look_is_of_another_outage():
    armed = learn(LEARNED, checked_at(3), synchronised(ago(minutes=9)), record(), NOW)
    assert armed.armed_since == ago(minutes=9)


def test_a_provider_whose_clock_is_ahead_arms_no_later_than_now():
    armed = learn(LEARNED, checked_at(3), synchronised(ago(minutes=-2)), record(), NOW)
    assert (armed.armed, armed.armed_since) == (True, NOW)


def test_an_earlier_synchronisation_does_not():
    assert (
        learn(LEARNED, checked_at(3), synchronised(ago(minutes=11)), record(), NOW).armed is False
    )


def test_a_synchronisation_in_the_future_does_not():
    ahead = synchronised(NOW + timedelta(minutes=6))
    assert learn(LEARNED, checked_at(3), ahead, record(), NOW).armed is False


def test_other_roles_seen_three_times_in_health_are_learned_and_disarm():
    other = replace(LEARNED, roles=ROLES.exchanged, armed=True)
    learned = learn(other, checked_at(3), synchronised(ago(minutes=1)), record(), NOW)
    assert (learned.roles, learned.armed, learned.roles_changed_by) == (ROLES, False, "other")


def test_roles_are_not_learned_while_a_run_is_in_flight():
    other = replace(LEARNED, roles=ROLES.exchanged)
    run = a_run(RunState.SUBMITTED)
    assert learn(other, checked_at(3), synchronised(ago(minutes=1)), record(run), NOW) == other


def test_armed_stays_armed_while_disaster_recovery_is_abnormal():
    armed = replace(LEARNED, armed=True)
    assert learn(armed, checked_at(1, DOWN), DOWN, record(), NOW) == armed
