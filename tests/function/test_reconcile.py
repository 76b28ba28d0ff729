"""What reconcile learns and pursues, on real parts."""

from dataclasses import replace

import pytest
from parts import now

from handler import app
from handler.aws.writes import changed
from handler.model.signals import Command


def reconciled(parts, times=1):
    for number in range(times):
        parts.let_pass(60 if number else 0)
        (result,) = parts.send({"command": "reconcile"})["results"]
    return result


def test_three_looks_at_a_healthy_pair_teach_its_roles(parts):
    reconciled(parts, 2)
    assert parts.record.pair_state.roles is None
    parts.let_pass(60)
    reconciled(parts)
    assert parts.record.pair_state.roles == parts.roles


def test_three_looks_within_a_second_do_not(parts):
    for _ in range(3):
        reconciled(parts)
    assert parts.record.pair_state.roles is None


def test_reconciles_that_come_late_and_at_once_end_no_incident(parts):
    """Lambda has kept the function's own invocations of five minutes."""
    parts.arm()
    parts.alarm()
    for _ in range(5):
        parts.send({"command": "reconcile", "pair": "analytics"})
    assert parts.record.open_incident is not None


def test_looks_between_an_alarms_turn_and_its_delivery_do_not_end_its_incident(parts):
    parts.arm()
    parts.alarm("dws-outage-latency")
    for _ in range(4):
        parts.let_pass(60)
        parts.send({"command": "reconcile", "pair": "analytics"})
    turned = now(seconds=-5) + parts.ahead
    assert turned < parts.record.observations.up_counted_at
    parts.alarm(at=turned)
    parts.let_pass(60)
    parts.send({"command": "reconcile", "pair": "analytics"})
    assert parts.record.open_incident is not None


def test_a_synchronisation_after_that_arms_the_pair(parts):
    reconciled(parts, 3)
    assert reconciled(parts)["reason_code"] == "not_armed"
    result = reconciled_after_a_sync(parts)
    assert (result["reason_code"], parts.record.pair_state.armed) == ("armed", True)


def reconciled_after_a_sync(parts):
    """The provider tells whole seconds: a sync of this second might look like one before."""
    parts.emulator.set_pair(last_sync=now(seconds=2) + parts.ahead)
    return reconciled(parts)


def test_a_healthy_pair_is_not_written_every_minute(parts):
    reconciled(parts, 3)
    reconciled_after_a_sync(parts)
    before = parts.record
    reconciled(parts)
    assert parts.record == before


def test_production_that_turns_down_is_remembered(parts):
    parts.arm()
    parts.emulator.break_production()
    reconciled(parts)
    assert parts.record.observations.down_since is not None


def test_an_outage_of_which_every_second_read_is_lost_is_failed_over_in_its_time(parts):
    """Gates: what is unreadable is silent; it has held for production_down_for_s all the same."""
    parts.arm()
    parts.put_pair(production_down_for_s=120)
    parts.emulator.break_production()
    parts.alarm()
    parts.emulator.fault("cluster", "respond", status=503, times=None)
    reconciled(parts, 2)
    assert parts.posts == 0
    parts.emulator.clear_faults()
    parts.let_pass(60)
    reconciled(parts)
    assert parts.posts == 1


def test_an_open_incident_is_pursued_until_its_gates_pass(parts):
    parts.arm()
    (refused,) = parts.alarm()
    assert refused["decision"] == "refused"
    parts.emulator.break_production()
    result = reconciled(parts)
    assert (result["decision"], result["incident_id"]) == ("submitted", refused["incident_id"])
    reconciled(parts)
    assert len(parts.emulator.failover_posts) == 1


@pytest.mark.parametrize("text", ["{", '{"mode": "auto"}'])
def test_a_bad_document_does_not_stop_the_others(parts, text):
    parts.put_document("broken", text)
    results = parts.send({"command": "reconcile"})["results"]
    assert {one["pair"]: one["decision"] for one in results} == {
        "analytics": "reconciled",
        "broken": "blocked",
    }


def test_a_provider_that_is_down_teaches_nothing_and_raises_nothing(parts):
    parts.emulator.fault("any", "cut", times=None)
    assert reconciled(parts)["decision"] == "reconciled"
    assert parts.record.observations.agreed_times == 0


def test_an_open_incident_does_not_keep_reconcile_from_learning(parts):
    """An alarm that comes before the roles are known must not stop them from becoming known."""
    (refused,) = parts.alarm()
    assert refused["decision"] == "refused"
    reconciled(parts, 3)
    assert parts.record.pair_state.roles == parts.roles


def time_over(parts):
    """Let the open incident have been pursued for as long as it may be."""
    table = parts.ledger._table
    key, over = (parts.emulator.pair.id, "state#incident"), now(seconds=-1).isoformat()
    table.write(changed(key, "SET retry_until = :over", {":over": over}))


def test_an_incident_whose_time_is_over_ends_and_is_told(parts):
    parts.arm()
    parts.alarm()
    parts.notices()
    time_over(parts)
    result = reconciled(parts)
    assert (result["decision"], result["reason_code"]) == ("blocked", "retry_time_over")
    assert parts.record.open_incident is None
    (notice,) = parts.notices()
    assert notice.attributes["severity"] == "critical"
    reconciled(parts)
    assert parts.notices() == []


def test_a_later_alarm_opens_an_incident_of_its_own(parts):
    parts.arm()
    (first,) = parts.alarm()
    time_over(parts)
    reconciled(parts)
    (second,) = parts.alarm()
    assert second["incident_id"] not in (None, first["incident_id"])


def seen_down_at_the_last_moment(parts):
    """Production is seen down for the first time, and its incident's time is over."""
    parts.put_pair(production_down_for_s=120)
    parts.arm()
    parts.alarm()
    parts.emulator.break_production()
    reconciled(parts)
    time_over(parts)
    parts.let_pass(60)


def test_an_incident_does_not_end_while_production_only_has_to_be_down_for_longer(parts):
    seen_down_at_the_last_moment(parts)
    result = reconciled(parts)
    assert (result["decision"], result["reason_code"]) == ("refused", "production_down")
    parts.let_pass(60)
    assert reconciled(parts)["decision"] == "submitted"


def test_what_is_refused_once_production_is_down_for_long_enough_is_over_in_minutes(parts):
    """The standby lags behind: no longer wait lets it act."""
    parts.emulator.set_pair(last_sync=now(hours=-3))
    seen_down_at_the_last_moment(parts)
    assert reconciled(parts, 6)["reason_code"] == "rpo"
    assert reconciled_after(parts, 180)["reason_code"] == "retry_time_over"
    assert parts.record.open_incident is None


def test_an_incident_whose_production_is_not_down_any_more_ends_in_its_time(parts):
    seen_down_at_the_last_moment(parts)
    parts.emulator.restore_production()
    assert reconciled(parts)["reason_code"] == "retry_time_over"


def test_it_does_not_end_either_while_it_cannot_be_looked_at(parts):
    seen_down_at_the_last_moment(parts)
    parts.put_secret(f"{parts.name}/credentials", nothing="of use")
    assert reconciled(parts)["reason_code"] == "invalid_credentials"
    assert parts.record.open_incident is not None


def braked(parts, command, pair="analytics", **until):
    who = {"pair": pair, "reason": "network works", "requested_by": "ada"}
    return parts.send({"command": command, **who, **until})


def paused_for(parts, seconds, pair="analytics"):
    until = now(seconds=seconds) + parts.ahead
    return braked(parts, "pause", pair, until=until.isoformat())


def looked_at_for(parts, seconds):
    """The last answer of reconcile, which comes every four minutes here."""
    for _ in range(seconds // 240):
        result = reconciled_after(parts, 240)
    return result


@pytest.fixture(params=["analytics", "*"])
def held_back(request, outage):
    """An outage in a pause, of the pair or of all pairs, that is longer than `retry_for_s`."""
    outage.put_pair(retry_for_s=600)
    paused_for(outage, 2000, request.param)
    outage.alarm()
    assert looked_at_for(outage, 1920)["reason_code"] == "pause"
    return outage, request.param


def test_what_opens_in_a_pause_is_pursued_when_the_pause_has_ended_by_itself(held_back):
    outage, _ = held_back
    assert reconciled_after(outage, 240)["decision"] == "submitted"


def test_what_opens_in_a_pause_is_pursued_when_somebody_resumes(held_back):
    outage, pair = held_back
    braked(outage, "resume", pair)
    assert reconciled_after(outage, 60)["decision"] == "submitted"


@pytest.mark.parametrize("is_lifted", [False, True], ids=["ended by itself", "lifted"])
def test_after_a_pause_an_incident_has_its_whole_time(parts, is_lifted):
    """Nobody says whether production is down."""
    parts.put_pair(retry_for_s=600)
    parts.arm()
    parts.emulator.set_cluster(parts.roles.production_cluster_id, status="REPAIRING")
    paused_for(parts, 5000 if is_lifted else 960)
    parts.alarm()
    looked_at_for(parts, 960)
    if is_lifted:
        braked(parts, "resume")
    assert looked_at_for(parts, 480)["decision"] == "refused"
    assert looked_at_for(parts, 240)["reason_code"] == "retry_time_over"


def test_an_incident_does_not_end_while_it_is_unknown_whether_all_pairs_are_paused(parts):
    parts.arm()
    parts.alarm()
    time_over(parts)
    parts.aws.client("dynamodb").put_item(
        TableName=parts.table,
        Item={"pk": {"S": "*"}, "sk": {"S": "state#fleet"}, "schema": {"N": "2"}},
    )
    reconciled(parts)
    assert parts.record.open_incident is not None


def test_an_incident_without_a_good_document_does_not_end_in_a_pause_either(parts):
    parts.arm()
    paused_for(parts, 600)
    parts.alarm()
    time_over(parts)
    parts.put_document("analytics", "{")
    parts.send({"command": "reconcile"})
    assert parts.record.open_incident is not None
    parts.let_pass(660)
    parts.send({"command": "reconcile"})
    assert parts.record.open_incident is None


def reconciled_after(parts, seconds):
    parts.let_pass(seconds)
    return reconciled(parts)


def test_an_incident_that_led_to_a_failover_is_not_told_as_given_up(outage):
    outage.alarm()
    time_over(outage)
    outage.notices()
    outage.send({"command": "reconcile"})
    assert "blocked" not in {notice.result["decision"] for notice in outage.notices()}


def test_a_rejected_order_is_not_repeated_by_itself(outage):
    outage.emulator.fault("failover", "respond", status=403)
    outage.alarm()
    for _ in range(3):
        reconciled(outage)
    assert outage.posts == 1


@pytest.fixture
def many(parts):
    """A dozen pairs more, of the same project."""
    for number in range(12):
        pair = parts.emulator.add_pair()
        parts.put_pair(f"pair-{number}", disaster_recovery_id=pair.id, alarms=[])
    return parts


def lists_read(parts):
    calls = [call.operation for call in parts.emulator.journal]
    parts.emulator.clear_journal()
    return calls.count("list"), len(calls)


def test_many_pairs_cost_one_list_call_for_each_project(many):
    for _ in range(4):
        many.send({"command": "reconcile"})
        lists, _ = lists_read(many)
        assert lists == 1


def test_once_they_are_known_it_is_all_that_is_read(many):
    for _ in range(3):
        many.let_pass(60)
        many.send({"command": "reconcile"})
    lists_read(many)
    results = many.send({"command": "reconcile"})["results"]
    assert len(results) == 13
    assert lists_read(many) == (1, 1)


def test_ten_minutes_later_all_are_looked_at_closely(many):
    for _ in range(3):
        many.let_pass(60)
        many.send({"command": "reconcile"})
    lists_read(many)
    many.let_pass(601)
    many.send({"command": "reconcile"})
    assert lists_read(many) == (1, 1 + 13 * 3)


def test_a_pair_with_an_incident_gets_an_invocation_of_its_own(many):
    """The function does not exist here: what Lambda does not take is pursued at once."""
    invoked = []

    class Invoker:
        def reconcile(self, function, pair, _now):
            invoked.append((function, pair))
            return True

    many.arm()
    many.alarm()
    adapters = replace(many.adapters, invoker=Invoker())
    results = app.Invocation(adapters, many.context).answer(Command("reconcile"))
    assert invoked == [(many.name, "analytics")]
    assert {one.reason_code for one in results if one.pair == "analytics"} == {"pursued"}
