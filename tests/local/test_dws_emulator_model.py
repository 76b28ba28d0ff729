"""The model of a pair alone: no sockets, no clock, each undocumented variant."""

from datetime import UTC, datetime, timedelta

import pytest

from local.dws import Variants
from local.dws.api import responses
from local.dws.model.orders import OrderRefused
from local.dws.model.setup import PRODUCTION_ID, STANDBY_ID, PairSetup, make_pair

START = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


def a_pair(setup=None, **variants):
    return make_pair(setup or PairSetup(), START, Variants(**variants))


def a_dead_pair(**variants):
    pair = a_pair(**variants)
    pair.break_production(at(0))
    pair.advance(at(60))
    return pair


def seen(pair, seconds):
    """Status and ids by place, as the detail shows them at a time."""
    pair.advance(at(seconds))
    found = responses.detail(pair, at(seconds))["disaster_recovery"]
    return found["status"], found["primary_cluster"]["id"], found["standby_cluster"]["id"]


def detail(pair, seconds):
    pair.advance(at(seconds))
    return responses.detail(pair, at(seconds))["disaster_recovery"]


def test_a_new_pair_runs_and_its_last_sync_is_a_sixth_of_a_period_old():
    pair = a_pair()
    assert seen(pair, 0) == ("running", PRODUCTION_ID, STANDBY_ID)
    assert detail(pair, 0)["standby_cluster"]["last_success_time"] == "2026-01-15T07:55:00Z"


@pytest.mark.parametrize(
    ("seconds", "last"),
    [(0, -300), (1499, -300), (1500, 1500), (3299, 1500), (86_400, 85_500 + 600)],
)
def test_syncs_come_each_period(seconds, last):
    assert a_pair().last_sync(at(seconds)) == at(last)


def test_the_period_shown_may_differ_from_the_period_lived():
    pair = a_pair(PairSetup(sync_every_s=1))
    assert detail(pair, 0)["dr_sync_period"] == "30m"
    assert at(9) < pair.last_sync(at(10)) <= at(10)


def test_syncs_end_with_production():
    pair = a_pair(PairSetup(sync_every_s=1))
    pair.break_production(at(10))
    assert pair.last_sync(at(500)) <= at(10)


def test_syncs_begin_anew_after_a_pause():
    pair = a_pair(action_s=0)
    pair.order("pause", at(0))
    assert (pair.status, pair.last_sync(at(7200))) == ("stopped", at(-300))
    pair.order("start", at(7200))
    assert (pair.status, pair.last_sync(at(8999))) == ("running", at(-300))
    assert pair.last_sync(at(9000)) == at(9000)


def test_a_sync_shows_in_the_clusters_states():
    pair = a_pair()
    states = {
        (detail(pair, s)["primary_cluster"]["status"], detail(pair, s)["standby_cluster"]["status"])
        for s in range(0, 1500, 30)
    }
    assert states == {("waiting", "waiting"), ("backuping", "waiting"), ("waiting", "restoring")}


@pytest.mark.parametrize(
    ("abnormal_after_s", "expected"), [(10, "abnormal"), (1800, "running"), (None, "running")]
)
def test_after_death_the_status_turns_late_or_never(abnormal_after_s, expected):
    pair = a_pair(abnormal_after_s=abnormal_after_s)
    pair.break_production(at(0))
    assert pair.state.production.status == "FAILED"
    assert seen(pair, 0)[0] == "running"
    assert seen(pair, 60)[0] == expected


def test_a_broken_standby_turns_the_status_and_production_lives():
    pair = a_pair()
    pair.break_standby(at(0))
    assert seen(pair, 10)[0] == "abnormal"
    assert pair.state.production.is_alive
    assert detail(pair, 10)["standby_cluster"]["status"] == "abnormal"


def test_a_failover_switches_then_exchanges_and_rests_abnormal():
    pair = a_dead_pair()
    pair.order("failover", at(60))
    assert seen(pair, 60) == ("switchovering", PRODUCTION_ID, STANDBY_ID)
    assert seen(pair, 65) == ("abnormal", STANDBY_ID, PRODUCTION_ID)
    assert (pair.production_id, pair.standby_id) == (STANDBY_ID, PRODUCTION_ID)


def test_a_failover_tells_its_events():
    pair = a_dead_pair()
    pair.order("failover", at(60))
    pair.advance(at(100))
    assert [event.name for event in pair.events] == [
        "disasterRecoveryAbnormal",
        "beginFailoverDisasterRecovery",
        "failoverDisasterRecoverySuccess",
    ]


def test_a_failover_is_taken_while_running():
    pair = a_pair()
    pair.order("failover", at(0))
    assert seen(pair, 5) == ("abnormal", STANDBY_ID, PRODUCTION_ID)


def test_a_failover_may_be_refused_while_running():
    pair = a_pair(requires_abnormal=True, wrong_state_code="DWS.0815")
    with pytest.raises(OrderRefused) as refused:
        pair.order("failover", at(0))
    assert refused.value.code == "DWS.0815"


def test_a_failover_may_be_executed_an_hour_after_its_order():
    pair = a_dead_pair(order_delay_s=4200)
    pair.order("failover", at(60))
    assert seen(pair, 4259) == ("abnormal", PRODUCTION_ID, STANDBY_ID)
    assert seen(pair, 4260)[0] == "switchovering"


def test_a_failover_may_fail_and_leave_all_as_before():
    pair = a_pair(fails=True)
    pair.order("failover", at(0))
    assert seen(pair, 4)[0] == "switchovering"
    assert seen(pair, 5) == ("running", PRODUCTION_ID, STANDBY_ID)
    assert pair.events[-1].name == "failoverDisasterRecoveryFail"


def test_a_failover_to_a_dead_standby_fails():
    pair = a_dead_pair()
    pair.break_standby(at(60))
    pair.order("failover", at(60))
    assert seen(pair, 65) == ("abnormal", PRODUCTION_ID, STANDBY_ID)


def test_a_failover_may_exchange_nothing():
    pair = a_pair(exchange="never")
    pair.order("failover", at(0))
    assert seen(pair, 3600) == ("abnormal", PRODUCTION_ID, STANDBY_ID)


def test_a_failover_may_exchange_role_words_only():
    pair = a_dead_pair(exchange="role-words")
    pair.order("failover", at(60))
    found = detail(pair, 65)
    assert seen(pair, 65)[1:] == (PRODUCTION_ID, STANDBY_ID)
    assert found["primary_cluster"]["role"] == "standby"
    assert found["standby_cluster"]["role"] == "primary"


def test_the_exchange_may_show_long_after_switching():
    pair = a_dead_pair(exchange_after_s=3600)
    pair.order("failover", at(60))
    assert seen(pair, 3664) == ("abnormal", PRODUCTION_ID, STANDBY_ID)
    assert seen(pair, 3665) == ("abnormal", STANDBY_ID, PRODUCTION_ID)


def test_the_exchange_may_be_undone():
    pair = a_dead_pair(reverts_after_s=60)
    pair.order("failover", at(60))
    assert seen(pair, 124)[1] == STANDBY_ID
    assert seen(pair, 125)[1] == PRODUCTION_ID


def test_switching_may_not_show():
    pair = a_pair(shows_switching=False, resting_status="running", abnormal_after_s=None)
    pair.break_production(at(0))
    pair.order("failover", at(0))
    assert [seen(pair, s)[0] for s in (0, 4, 5, 60)] == ["running"] * 4


@pytest.mark.parametrize("delay_s", [0, 60])
def test_a_second_failover_is_refused_while_the_first_is_under_way(delay_s):
    pair = a_dead_pair(order_delay_s=delay_s)
    pair.order("failover", at(60))
    with pytest.raises(OrderRefused):
        pair.order("failover", at(61))


def test_a_second_failover_may_be_accepted_and_exchanges_once():
    pair = a_dead_pair(second_order="accepted")
    pair.order("failover", at(60))
    pair.order("failover", at(61))
    assert seen(pair, 600)[1] == STANDBY_ID
    assert len(pair.orders) == 2


def test_a_rival_may_come_first():
    pair = a_dead_pair(rival_orders_first=True)
    with pytest.raises(OrderRefused):
        pair.order("failover", at(60))
    assert [order.by for order in pair.orders] == ["console"]
    assert seen(pair, 65)[1] == STANDBY_ID


def test_a_planned_switchover_ends_running_with_nothing_lost():
    pair = a_pair()
    pair.order("switchover", at(0))
    assert seen(pair, 5) == ("running", STANDBY_ID, PRODUCTION_ID)
    assert pair.last_sync(at(5)) == at(5)


def test_a_planned_switchover_may_degrade():
    pair = a_pair(switchover_degrades=True)
    pair.order("switchover", at(0))
    assert seen(pair, 5) == ("abnormal", STANDBY_ID, PRODUCTION_ID)
    assert "switchoverContinueAsFailoverDisasterRecovery" in {e.name for e in pair.events}


@pytest.mark.parametrize(
    ("order", "status", "is_taken"),
    [
        *[("failover", status, True) for status in ("running", "abnormal", "stopped", "new")],
        *[("failover", status, False) for status in ("creating", "unstart", "start_failed")],
        ("failover", "deleting", False),
        ("start", "stopped", True),
        ("start", "running", False),
        ("pause", "running", True),
        ("pause", "abnormal", False),
        ("switchover", "running", True),
        ("switchover", "abnormal", False),
        ("recovery", "abnormal", True),
        ("recovery", "running", False),
    ],
)
def test_an_order_is_taken_in_its_states_only(order, status, is_taken):
    pair = a_pair(heals_after_s=None)
    pair.set(at(0), status=status)
    try:
        pair.order(order, at(0))
    except OrderRefused:
        assert not is_taken
    else:
        assert is_taken


def test_recovery_makes_the_old_production_the_standby():
    pair = a_dead_pair()
    pair.order("failover", at(60))
    with pytest.raises(OrderRefused):
        pair.order("recovery", at(70))
    pair.restore(at(80))
    pair.order("recovery", at(80))
    assert seen(pair, 84)[0] == "recovering"
    assert seen(pair, 85) == ("running", STANDBY_ID, PRODUCTION_ID)


def test_an_old_production_that_returns_leaves_the_pair_abnormal():
    pair = a_pair(old_production_returns_after_s=90)
    pair.break_production(at(0))
    pair.order("failover", at(60))
    assert seen(pair, 3600) == ("abnormal", STANDBY_ID, PRODUCTION_ID)
    assert pair.both_alive


@pytest.mark.parametrize(("heals_after_s", "status"), [(45, "running"), (None, "abnormal")])
def test_abnormal_is_transient_or_lasting(heals_after_s, status):
    pair = a_pair(heals_after_s=heals_after_s)
    pair.set(at(0), status="abnormal")
    assert seen(pair, 44)[0] == "abnormal"
    assert seen(pair, 46)[0] == status


@pytest.mark.parametrize(
    ("variants", "of_list", "of_detail"),
    [
        ({}, "abnormal", "abnormal"),
        ({"list_lag_s": 60}, "running", "abnormal"),
        ({"detail_lag_s": 60}, "abnormal", "running"),
    ],
    ids=["together", "list behind", "list ahead"],
)
def test_list_and_detail_may_disagree_for_a_while(variants, of_list, of_detail):
    pair = a_pair(abnormal_after_s=0, **variants)
    pair.break_production(at(100))
    assert responses.list_item(pair, at(130))["status"] == of_list
    assert detail(pair, 130)["status"] == of_detail
    assert responses.list_item(pair, at(160))["status"] == detail(pair, 160)["status"] == "abnormal"


@pytest.mark.parametrize(
    ("time_format", "utc_offset", "expected"),
    [
        ("iso-z", "+08:00", "2026-01-15T07:55:00Z"),
        ("iso-offset", "+08:00", "2026-01-15T15:55:00+08:00"),
        ("iso-local", "+08:00", "2026-01-15T15:55:00"),
        ("space", "+08:00", "2026-01-15 15:55:00"),
        ("space", "+00:00", "2026-01-15 07:55:00"),
        ("ms", "+08:00", "1768463700000"),
    ],
)
def test_times_may_be_written_in_many_ways(time_format, utc_offset, expected):
    pair = a_pair(time_format=time_format, utc_offset=utc_offset)
    assert detail(pair, 0)["standby_cluster"]["last_success_time"] == expected
    assert responses.list_item(pair, at(0))["last_disaster_time"] == expected


@pytest.mark.parametrize(
    ("last_sync", "expected"),
    [
        ("empty", ""),
        ("na", "N/A"),
        ("future", "2026-01-15T12:00:00Z"),
        ("frozen", "2026-01-15T07:55:00Z"),
        ("true", "2026-01-15T10:55:00Z"),
        ("absent", None),
    ],
)
def test_the_last_sync_may_be_shown_wrongly(last_sync, expected):
    pair = a_pair(last_sync=last_sync)
    assert detail(pair, 10_800)["standby_cluster"].get("last_success_time") == expected


def test_fields_may_be_absent():
    pair = a_pair(absent=("role", "datastore_version", "primary_cluster_project_id"))
    assert not detail(pair, 0)["primary_cluster"].keys() & {"role", "datastore_version"}
    assert "primary_cluster_project_id" not in responses.list_item(pair, at(0))


def test_detail_and_list_may_say_what_is_not_true():
    pair = a_pair(
        detail_says={"dr_sync_period": "9d", "standby_cluster.role": "leader"},
        list_says={"standby_cluster_role": "follower"},
    )
    found = detail(pair, 0)
    assert (found["dr_sync_period"], found["standby_cluster"]["role"]) == ("9d", "leader")
    assert responses.list_item(pair, at(0))["standby_cluster_role"] == "follower"


def test_both_clusters_may_bear_the_primarys_word():
    found = detail(a_pair(both_primary=True), 0)
    assert found["primary_cluster"]["role"] == found["standby_cluster"]["role"] == "primary"


def test_a_status_may_be_unheard_of():
    assert seen(a_pair(shown_status="dr_migrating"), 0)[0] == "dr_migrating"


def test_a_cross_region_failover_is_taken_in_the_standbys_project_only():
    pair = a_pair(PairSetup(dr_type="region"))
    with pytest.raises(OrderRefused) as refused:
        pair.order("failover", at(0), pair.state.production.project_id)
    assert refused.value.code == "DWS.5095"
    pair.order("failover", at(0), pair.state.standby.project_id)
    assert pair.status == "switchovering"


def test_a_pair_may_vanish_after_an_order():
    pair = a_dead_pair(deleted_after_order_s=2)
    pair.order("failover", at(60))
    pair.advance(at(62))
    assert pair.is_deleted


@pytest.mark.parametrize(("progress", "spoilt"), [("true", 0), ("disagreeing", 3600)])
def test_progress_tells_the_age_of_the_data(progress, spoilt):
    pair = a_pair(progress=progress)
    found = responses.progress(pair, at(0))["disaster_recovery_progress"]
    assert found["recovery_point_object"] == 300 + spoilt
