"""What becomes of a run and of an incident, on real parts, minute by minute."""

from dataclasses import replace

import pytest
from interruptions import Down
from parts import now, signed
from steps import pass_time, reconciled

from handler import app
from handler.aws.topic import Publisher
from handler.model.notice import Notice
from handler.model.run import RunState
from handler.model.signals import Command


def verified(parts, **fields):
    return parts.send({"command": "verify", "pair": "analytics", **fields})


def decisions(parts):
    return [notice.result["decision"] for notice in parts.notices()]


@pytest.fixture
def submitted(outage):
    """A run whose order the provider has accepted and carried out."""
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    outage.notices()
    return outage


def test_reconcile_proves_success_with_the_second_look(submitted):
    assert reconciled(submitted)[0]["decision"] == "in_progress"
    (result,) = reconciled(submitted)
    assert (result["decision"], result["attribution"]) == ("succeeded", "ours")
    assert submitted.record.run.state is RunState.SUCCEEDED
    assert submitted.record.open_incident is None


def test_success_is_told_with_its_figures_and_the_next_command(submitted):
    reconciled(submitted)
    submitted.notices()
    reconciled(submitted)
    (notice,) = submitted.notices()
    told = notice.result
    assert (notice.attributes["decision"], notice.attributes["severity"]) == (
        "succeeded",
        "warning",
    )
    assert told["timings"]["recovery_time_s"] >= 60
    assert told["estimated_data_loss_s"] <= told["at_most_data_loss_s"]
    assert told["roles"]["production_cluster_id"] == submitted.emulator.pair.production_id
    assert (signed(told)["command"], signed(told)["run_id"]) == ("acknowledge", told["run_id"])


def test_verify_settles_as_well(submitted):
    assert verified(submitted)["decision"] == "in_progress"
    pass_time(submitted, seconds=30)
    result = verified(submitted)
    assert (result["command"], result["decision"]) == ("verify", "succeeded")


def test_verify_of_a_pair_without_a_run_has_nothing_to_do(parts):
    parts.arm()
    assert verified(parts)["decision"] == "no_run"
    assert verified(parts, run_id="20260115T083000000Z-00000000")["decision"] == "no_run"


def test_an_alarm_after_success_is_a_duplicate(submitted):
    reconciled(submitted)
    reconciled(submitted)
    (result,) = submitted.alarm("dws-outage-late")
    assert (result["decision"], result["run_id"]) == ("duplicate", submitted.record.run.run_id)


def test_a_run_is_seen_through_though_its_document_is_gone(submitted):
    submitted.aws.client("ssm").delete_parameter(Name=f"{submitted.path}/analytics")
    reconciled(submitted)
    assert reconciled(submitted)[0]["decision"] == "succeeded"


def test_a_run_is_seen_through_where_it_was_begun(submitted):
    submitted.put_pair(endpoint="http://127.0.0.1:9", project_id="0" * 32)
    reconciled(submitted)
    assert reconciled(submitted)[0]["decision"] == "succeeded"


@pytest.fixture
def lost(outage):
    """A run whose order was lost on its way: the provider has not taken it."""
    outage.emulator.fault("failover", "cut", at="request")
    (result,) = outage.alarm()
    assert result["decision"] == "unknown"
    outage.notices()
    return outage


def test_five_untouched_looks_in_15_minutes_mean_that_nothing_was_started(lost):
    for _ in range(15):
        reconciled(lost)
    assert lost.record.run.state is RunState.NOT_STARTED
    assert lost.record.run.holds_pair
    (notice,) = [one for one in lost.notices() if one.result["decision"] == "not_started"]
    assert notice.attributes["severity"] == "critical"


def test_it_is_ordered_again_only_by_a_person_who_names_the_run(lost):
    for _ in range(15):
        reconciled(lost)
    run_id = lost.record.run.run_id
    assert lost.fail_over(override=["hold"])["decision"] == "refused"
    assert lost.fail_over(override=["hold"], run_id=run_id)["decision"] == "submitted"


def test_an_order_that_is_executed_after_that_is_seen_late_and_holds_again(lost):
    for _ in range(15):
        reconciled(lost)
    lost.emulator.pair.order("failover", lost.emulator.clock.now())
    reconciled(lost)
    assert lost.record.run.state is RunState.SUBMITTED
    lost.emulator.clock.advance(30)
    reconciled(lost)
    reconciled(lost)
    assert lost.record.run.state is RunState.SUCCEEDED


def test_what_is_executed_late_is_seen_though_its_document_is_gone(lost):
    for _ in range(15):
        reconciled(lost)
    lost.aws.client("ssm").delete_parameter(Name=f"{lost.path}/analytics")
    from handler import app

    app.adapters.cache_clear()
    lost.emulator.pair.order("failover", lost.emulator.clock.now())
    reconciled(lost)
    assert lost.record.run.state is RunState.SUBMITTED
    (notice,) = [one for one in lost.notices() if one.result["reason_code"] == "executed_late"]
    assert notice.attributes["severity"] == "critical"


def test_an_open_run_is_overdue_after_its_deadline_and_told_hourly(lost):
    lost.emulator.fault("any", "cut", times=None)
    pass_time(lost, seconds=5400)
    assert reconciled(lost)[0]["decision"] == "overdue"
    for _ in range(59):
        reconciled(lost)
    told = [notice for notice in lost.notices() if notice.result["decision"] == "overdue"]
    assert len(told) == 1
    assert told[0].attributes["severity"] == "critical"
    reconciled(lost)
    assert "overdue" in decisions(lost)


def test_a_rejection_is_tried_again_after_a_minute_then_after_two(outage):
    outage.emulator.fault("failover", "respond", status=403, times=None)
    outage.alarm()
    assert reconciled(outage, after_s=50)[0]["decision"] == "duplicate"
    assert reconciled(outage, after_s=15)[0]["decision"] == "provider_rejected"
    assert reconciled(outage, after_s=100)[0]["decision"] == "duplicate"
    assert reconciled(outage, after_s=25)[0]["decision"] == "provider_rejected"
    assert outage.posts == 3


def test_after_six_more_tries_it_is_blocked(outage):
    outage.emulator.fault("failover", "respond", status=403, times=None)
    outage.alarm()
    for _ in range(8):
        (result,) = reconciled(outage, after_s=301)
    assert (result["decision"], result["reason_code"]) == ("blocked", "tried_too_often")
    assert outage.posts == 7
    assert outage.record.open_incident is not None


def test_a_second_alarm_does_not_shorten_the_wait(outage):
    outage.emulator.fault("failover", "respond", status=403)
    outage.alarm()
    assert outage.alarm("dws-outage-b")[0]["decision"] == "duplicate"
    assert outage.posts == 1


def test_the_last_alarm_that_is_ok_again_ends_the_incident_and_that_is_told(parts):
    parts.arm()
    parts.alarm("dws-outage-a")
    parts.alarm("dws-outage-b")
    parts.alarm("dws-outage-a", state="OK", previous="ALARM", at=now())
    assert len(parts.record.open_incident.alarms) == 1
    parts.notices()
    (result,) = parts.alarm("dws-outage-b", state="OK", previous="ALARM", at=now())
    assert (result["decision"], result["reason_code"]) == ("ignored", "alarms_ok")
    assert parts.record.open_incident is None
    (notice,) = parts.notices()
    assert notice.attributes["severity"] == "info"


def test_an_ok_from_before_the_incident_does_not_end_it(parts):
    parts.arm()
    parts.alarm("dws-outage-a")
    parts.alarm("dws-outage-a", state="OK", previous="ALARM", at=now(seconds=-60))
    assert parts.record.open_incident is not None


def test_production_that_is_up_five_times_ends_the_incident(parts):
    parts.arm()
    parts.alarm()
    for _ in range(4):
        assert reconciled(parts)[0]["decision"] == "refused"
    parts.notices()
    assert reconciled(parts)[0]["reason_code"] == "production_up"
    assert parts.record.open_incident is None
    assert [one.attributes["reason_code"] for one in parts.notices()] == ["production_up"]


def test_an_alarm_that_joins_late_is_pursued_for_as_long_as_any_other(parts):
    parts.arm()
    parts.alarm("dws-outage-a")
    parts.emulator.fault("cluster", "cut", times=None)
    pass_time(parts, seconds=3500)
    parts.alarm("dws-outage-b")
    assert reconciled(parts, after_s=200)[0]["decision"] == "refused"
    assert reconciled(parts, after_s=3500)[0]["reason_code"] == "retry_time_over"


def test_looks_before_an_incident_do_not_count_for_its_end(parts):
    parts.arm()
    parts.alarm()
    for _ in range(5):
        reconciled(parts)
    assert parts.record.open_incident is None
    parts.alarm("dws-outage-b")
    for _ in range(4):
        assert reconciled(parts)[0]["decision"] == "refused"
    assert reconciled(parts)[0]["reason_code"] == "production_up"


def test_an_incident_whose_document_is_gone_ends_in_its_time(parts):
    parts.arm()
    parts.alarm()
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    from handler import app

    app.adapters.cache_clear()
    assert reconciled(parts, after_s=3601)[0]["reason_code"] == "retry_time_over"
    assert parts.record.open_incident is None


# What the witnesses say without an alarm


def test_two_witnesses_are_reason_enough_to_act(parts):
    parts.arm()
    parts.emulator.break_production()
    parts.emulator.set_pair(status="abnormal")
    parts.send({"command": "reconcile"})
    assert parts.record.incident.kind == "watch"
    assert parts.posts == 1


def test_one_witness_alone_is_told_once_and_nothing_more(parts):
    parts.arm()
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    parts.send({"command": "reconcile"})
    parts.send({"command": "reconcile"})
    assert (parts.record.incident, parts.posts) == (None, 0)
    assert [one.attributes["reason_code"] for one in parts.notices()] == ["lone_witness"]


def test_the_outage_nobody_may_sleep_through(parts):
    """For six minutes the evidence is bad; in the seventh it is good, and no alarm comes again."""
    parts.put_pair(production_down_for_s=0)
    parts.arm()
    production = parts.emulator.pair.production_id
    assert parts.alarm()[0]["decision"] == "refused"
    for _ in range(3):
        assert reconciled(parts)[0]["decision"] == "refused"
    parts.emulator.fault("cluster", "cut", times=None)
    for _ in range(3):
        assert reconciled(parts)[0]["decision"] == "refused"
    parts.emulator.clear_faults()
    parts.emulator.set_cluster(production, status="FAILED")
    assert reconciled(parts)[0]["decision"] == "submitted"
    assert parts.posts == 1


# After-care


def settled(parts):
    reconciled(parts)
    reconciled(parts)
    parts.notices()


def test_old_production_that_answers_again_is_told_once(submitted):
    settled(submitted)
    submitted.emulator.restore_production()
    submitted.emulator.set_cluster(submitted.roles.standby_cluster_id, status="AVAILABLE")
    for _ in range(2):
        submitted.let_pass(60)
        submitted.send({"command": "reconcile"})
    told = [one for one in submitted.notices() if one.attributes["reason_code"] != "readiness_lost"]
    assert [one.attributes["reason_code"] for one in told] == ["old_production_back"]
    assert told[0].attributes["severity"] == "critical"


def test_roles_that_someone_else_changed_are_told_once(parts):
    parts.arm()
    parts.emulator.pair.change(parts.emulator.clock.now(), is_exchanged=True)
    parts.send({"command": "reconcile"})
    parts.send({"command": "reconcile"})
    told = [one.attributes["reason_code"] for one in parts.notices()]
    assert told.count("roles_changed") == 1


def test_roles_seen_three_times_in_health_are_expected_from_then_on_and_not_armed(parts):
    parts.arm()
    parts.emulator.pair.change(parts.emulator.clock.now(), is_exchanged=True)
    for _ in range(3):
        reconciled(parts)
    pair_state = parts.record.pair_state
    assert pair_state.roles == parts.roles
    assert pair_state.roles_changed_by == "other"


def test_readiness_that_is_lost_and_regained_is_told(parts):
    parts.arm()
    reconciled(parts)
    parts.emulator.set_cluster(parts.roles.standby_cluster_id, sub_status="READONLY")
    parts.emulator.set_pair(status="abnormal")
    reconciled(parts)
    (lost,) = parts.notices()
    assert lost.attributes["reason_code"] == "readiness_lost"
    assert "standby_ready" in lost.result["reason"]
    parts.emulator.set_cluster(parts.roles.standby_cluster_id, sub_status="NORMAL")
    parts.emulator.set_pair(status="running")
    reconciled(parts, after_s=601)
    assert [one.attributes["reason_code"] for one in parts.notices()] == ["readiness_regained"]


def test_credentials_that_are_bad_are_told_once_a_day(parts):
    parts.arm()
    reconciled(parts)
    parts.put_secret(f"{parts.name}/credentials", access_key_id="only half")
    for _ in range(3):
        reconciled(parts)
    told = [one.attributes["reason_code"] for one in parts.notices()]
    assert told == ["misconfigured"]


def test_what_can_never_work_is_told(parts):
    parts.arm()
    parts.put_pair(alarms=["arn:aws:s3:::bucket"], max_data_loss_s=60)
    reconciled(parts)
    reasons = [one.result["reason"] for one in parts.notices()]
    assert any("arn:aws:s3" in reason for reason in reasons)
    assert any("max_data_loss_s is 60" in reason for reason in reasons)


# One at a time, and not a call too many


def test_reconcile_is_one_at_a_time(parts):
    parts.ledger.reconcile_lock.take(now(), now(seconds=30))
    (result,) = parts.send({"command": "reconcile"})["results"]
    assert (result["decision"], result["reason_code"]) == ("ignored", "busy")


def test_a_lease_is_another_ones_though_his_clock_is_a_little_ahead(parts):
    parts.ledger.reconcile_lock.take(now(seconds=5), now(seconds=60))
    (result,) = parts.send({"command": "reconcile"})["results"]
    assert (result["decision"], result["reason_code"]) == ("ignored", "busy")


def test_a_lease_that_was_given_back_can_be_taken(parts):
    parts.send({"command": "reconcile"})
    (result,) = parts.send({"command": "reconcile"})["results"]
    assert result["decision"] == "reconciled"


def test_a_healthy_known_pair_costs_one_list_call(parts):
    parts.arm()
    reconciled(parts)
    before = len(parts.emulator.journal)
    reconciled(parts)
    assert [call.operation for call in parts.emulator.journal[before:]] == ["list"]


def test_while_sns_is_down_one_try_a_minute_is_enough(parts):
    """Each takes long, and the pairs wait."""
    parts.send({"command": "reconcile"})  # it tells that the pair is new
    for number in range(3):
        parts.ledger.notices.save(
            Notice(f"n-{number}", "-", now(), now(minutes=-1), "s", "t", "{}", {"pair": "-"})
        )
    topic = Down()
    adapters = replace(parts.adapters, publisher=Publisher(topic, "topic"))
    app.Invocation(adapters, parts.context).answer(Command("reconcile"))
    assert topic.tries == 1
    parts.let_pass(31)
    parts.send({"command": "reconcile"})
    assert all(parts.ledger.notices.get(f"n-{number}").published_at for number in range(3))


@pytest.fixture
def both_down(submitted):
    """The roles are exchanged, and what is production now has died of it."""
    submitted.emulator.set_cluster(submitted.emulator.pair.production_id, status="FAILED")
    return submitted


def test_a_new_production_that_dies_before_its_run_is_proved_is_told_at_once(both_down):
    reconciled(both_down)
    (notice,) = both_down.notices()
    assert (notice.attributes["reason_code"], notice.attributes["severity"]) == (
        "new_production_down", "critical",
    )  # fmt: skip
    assert notice.result["run_id"] == both_down.record.run.run_id
    assert f"it wipes {both_down.record.run.roles.production_cluster_id}" in str(
        notice.result["next_steps"]
    )
    reconciled(both_down)
    assert both_down.notices() == []


@pytest.mark.parametrize("brief", [False, True], ids=["in full", "in brief"])
def test_status_says_so_before_all_else(both_down, brief):
    reconciled(both_down)
    answer = both_down.send({"command": "status", "pair": "analytics", "brief": brief})
    (result,) = answer.get("results", [answer])
    new = both_down.emulator.pair.production_id
    assert result["reason_code"] == "new_production_down"
    assert result["reason"].startswith(f"THE NEW PRODUCTION {new} IS DOWN; HELD by run")


def test_a_late_order_whose_new_production_is_down_is_told_as_that(lost):
    """Its run is over, so that nobody is reminded of it."""
    for _ in range(15):
        reconciled(lost)
    lost.notices()
    lost.emulator.vary(switching_s=0)
    lost.emulator.pair.order("failover", lost.emulator.clock.now())
    lost.emulator.set_cluster(lost.emulator.pair.production_id, status="FAILED")
    reconciled(lost)
    assert "new_production_down" in [one.result["reason_code"] for one in lost.notices()]


def test_an_accepted_order_that_nothing_shows_is_told_after_ten_minutes_as_that(outage):
    outage.emulator.vary(order_delay_s=24 * 3600)
    outage.alarm()
    outage.notices()
    for _ in range(9):
        reconciled(outage)
    assert outage.notices() == []
    reconciled(outage, after_s=90)
    (notice,) = outage.notices()
    told = notice.result
    assert (told["decision"], told["reason_code"]) == ("in_progress", "not_switching")
    assert notice.attributes["severity"] == "critical"
    assert "nothing is being switched" in told["reason"]
    assert "nothing is seen switching" in notice.subject
