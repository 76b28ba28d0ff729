"""What a person sends, on real parts."""

import json
from datetime import timedelta

import pytest
from parts import bus_alarm, command, now, signed
from steps import acknowledged

from handler.errors import InvalidEvent, InvalidSettings, ProviderUnavailable
from handler.model.pair_state import Observations, PairState
from handler.model.result import is_command
from handler.model.run import RunState
from handler.model.times import isoformat


def test_without_confirm_it_is_a_rehearsal_that_says_how_to_confirm(outage):
    result = outage.send({"command": "failover", "pair": "analytics"})
    assert (result["decision"], result["reason_code"]) == ("rehearsed", "would_submit")
    assert '"confirm": "<the pair\'s name>"' in result["next_steps"][0]
    assert outage.posts == 0
    assert outage.send(signed(result, confirm="analytics"))["decision"] == "submitted"


def test_confirmed_it_fails_over_in_either_mode(outage):
    outage.put_pair(mode="observe")
    result = outage.fail_over()
    assert (result["decision"], outage.posts) == ("submitted", 1)
    assert result["trigger"]["requested_by"] == "on-call"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"confirm": "analytic"}, "wrong_confirmation"),
        ({"confirm": ""}, "wrong_confirmation"),
        ({"confirm": "ANALYTICS"}, "wrong_confirmation"),
        ({"requested_at": now(hours=-1).isoformat()}, "stale_request"),
        ({"requested_at": now(minutes=-31).isoformat()}, "stale_request"),
        ({"requested_at": now(days=1).isoformat()}, "stale_request"),
        ({"evidence": "0" * 16}, "evidence_changed"),
    ],
)
def test_a_command_that_does_not_hold_is_refused(outage, changes, code):
    result = outage.fail_over(**changes)
    assert (result["decision"], result["reason_code"]) == ("refused", code)
    assert outage.posts == 0


def test_the_evidence_of_a_rehearsal_can_be_relied_on(outage):
    rehearsed = outage.send({"command": "rehearse", "pair": "analytics"})
    assert outage.fail_over(evidence=rehearsed["evidence"])["decision"] == "submitted"


def test_the_same_request_id_again_returns_the_same_run(outage):
    first = outage.fail_over(request_id="ticket-4711")
    again = outage.fail_over(request_id="ticket-4711")
    assert (again["decision"], again["run_id"]) == ("duplicate", first["run_id"])
    assert outage.posts == 1


def failed_over_and_acknowledged(outage, **of_command):
    """A run that is proved and acknowledged, and a new production that fails like the first."""
    run_id = outage.fail_over(**of_command)["run_id"]
    for _ in range(12):
        outage.let_pass(61)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED
    assert acknowledged(outage, run_id=run_id)["decision"] == "acknowledged"
    return run_id


def test_a_request_id_of_an_outage_that_is_over_is_refused(outage):
    """It would be answered with that run's success, while nothing is ordered."""
    run_id = failed_over_and_acknowledged(outage, request_id="ticket-4711")
    outage.let_pass(1)
    at = (now() + outage.ahead).isoformat()
    with pytest.raises(InvalidEvent) as caught:
        outage.fail_over(request_id="ticket-4711", requested_at=at)
    assert str(caught.value) == (
        f'$.request_id: found "ticket-4711", which has made run {run_id} at'
        f" {isoformat(outage.record.run.claimed_at)}; allowed: a new request_id, or none"
    )
    assert outage.posts == 1


def test_a_request_id_of_more_than_a_day_ago_is_refused(outage):
    """Nobody has acknowledged its run: it holds the pair, and is no other outage's answer."""
    first = outage.fail_over(request_id="ticket-4711")
    outage.let_pass(25 * 3600)
    outage.send({"command": "reconcile"})
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    at = (now() + outage.ahead).isoformat()
    with pytest.raises(InvalidEvent, match=first["run_id"]):
        outage.fail_over(request_id="ticket-4711", requested_at=at)


def test_the_same_command_that_comes_again_after_its_run_was_acknowledged_returns_the_run(outage):
    """It is no later command: it says itself when it was given."""
    at = (now() + timedelta(minutes=5)).isoformat()
    run_id = failed_over_and_acknowledged(outage, request_id="ticket-4711", requested_at=at)
    again = outage.fail_over(request_id="ticket-4711", requested_at=at)
    assert (again["decision"], again["run_id"]) == ("duplicate", run_id)


def test_an_override_sets_aside_what_it_names(parts):
    parts.emulator.set_pair(sync_every_s=3600)  # none comes between the two
    parts.arm()
    refused = parts.fail_over()
    assert (refused["decision"], refused["reason_code"]) == ("refused", "production_down")
    done = parts.fail_over(override=["production_down"], evidence=refused["evidence"])
    assert done["decision"] == "submitted"
    verdicts = {one["gate"]: one["verdict"] for one in done["gates"]}
    assert verdicts["production_down"] == "overridden"


@pytest.mark.parametrize(("is_dead", "is_bounded"), [(True, True), (False, False)])
def test_an_order_says_what_is_lost_at_most_only_where_production_was_down(
    parts, is_dead, is_bounded
):
    parts.arm()
    if is_dead:
        parts.emulator.break_production()
    done = parts.fail_over(override=["production_down"])
    assert done["decision"] == "submitted"
    assert (done["at_most_data_loss_s"] is not None) is is_bounded
    assert (parts.record.run.at_most_data_loss_s is not None) is is_bounded


def unsynchronised(outage):
    """A person may set aside that the standby's last synchronisation is not shown."""
    outage.emulator.vary(last_sync="absent")
    return outage


def test_a_refusal_gives_the_command_that_would_be_taken(outage):
    command_ = signed(unsynchronised(outage).fail_over())
    assert outage.send(command_)["decision"] == "rehearsed"
    assert outage.send({**command_, "confirm": "analytics"})["decision"] == "submitted"


@pytest.mark.parametrize(
    "changes",
    [{"confirm": "analytic"}, {"requested_at": now(hours=-1).isoformat()}],
    ids=["wrong name", "too old"],
)
def test_a_command_that_does_not_hold_is_given_back_as_it_would(outage, changes):
    asked = {"override": ["rpo"], "evidence": unsynchronised(outage).fail_over()["evidence"]}
    refused = outage.fail_over(**asked, **changes)
    assert outage.send(signed(refused, confirm="analytics"))["decision"] == "submitted"


def test_while_production_is_up_no_order_is_offered(parts):
    parts.arm()
    (step,) = parts.fail_over()["next_steps"]
    assert "planned switchover" in step


@pytest.mark.parametrize("status", [429, 503, 403])
def test_two_reads_that_fail_offer_no_order_of_a_healthy_pair(parts, status):
    """Pasted, it would switch a production that is up."""
    parts.arm()
    parts.emulator.fault("cluster", "respond", status=status, times=None)
    for asked in ("rehearse", "status"):
        steps = parts.send({"command": asked, "pair": "analytics"})["next_steps"]
        assert not any(is_command(step) and "override" in step for step in steps)
    result = parts.fail_over(override=["production_down", "standby_ready"])
    (gate,) = (one for one in result["gates"] if one["gate"] == "production_down")
    assert "no witness says that production is down" in gate["reason"]


def test_what_was_approved_on_cannot_tell_is_not_ordered_once_production_is_up(parts):
    parts.emulator.set_pair(sync_every_s=3600)  # none comes between the two
    parts.arm()
    parts.emulator.vary(production_dark=True)
    refused = parts.fail_over()
    assert refused["reason_code"] == "production_down"
    parts.emulator.vary(production_dark=False)
    approved = parts.fail_over(override=["production_down"], evidence=refused["evidence"])
    assert (approved["reason_code"], parts.posts) == ("evidence_changed", 0)


def test_what_was_approved_on_cannot_tell_is_ordered_while_that_is_so(parts):
    parts.emulator.set_pair(sync_every_s=3600)
    parts.arm()
    parts.emulator.vary(production_dark=True)
    (refused,) = parts.alarm()
    done = parts.fail_over(override=["production_down"], evidence=refused["evidence"])
    assert done["decision"] == "submitted"


def set_standby(parts, status, *sub_statuses):
    standby = parts.emulator.pair.standby_id
    changes = {"sub_status": sub_statuses[0]} if sub_statuses else {}
    parts.emulator.set_cluster(standby, status=status, **changes)


def set_status(parts, status):
    parts.emulator.vary(shown_status=status)


ANOTHER_CAUSE = {
    "a read-only standby dies": (
        lambda parts: set_standby(parts, "AVAILABLE", "READONLY"),
        lambda parts: set_standby(parts, "FAILED"),
    ),
    "disaster recovery is wiped and restored": (
        lambda parts: set_status(parts, "stop_failed"),
        lambda parts: set_status(parts, "recovering"),
    ),
}


@pytest.mark.parametrize(("first", "then"), ANOTHER_CAUSE.values(), ids=ANOTHER_CAUSE)
def test_what_was_approved_is_not_ordered_once_its_gate_refuses_for_something_else(
    outage, first, then
):
    outage.emulator.set_pair(sync_every_s=3600)  # none comes between the two
    first(outage)
    (refused,) = outage.alarm()
    then(outage)
    result = outage.send(signed(refused, confirm="analytics"))
    assert (result["reason_code"], outage.posts) == ("evidence_changed", 0)


def test_what_was_approved_is_ordered_a_minute_later_when_nothing_but_time_has_passed(outage):
    """More data would be lost with each second: that is no other picture."""
    outage.emulator.set_pair(sync_every_s=36000)
    set_standby(outage, "AVAILABLE", "READONLY")
    outage.let_pass(7200)
    (refused,) = outage.alarm(at=now() + outage.ahead)
    assert {one["gate"] for one in refused["gates"] if one["verdict"] != "pass"} == {
        "standby_ready",
        "rpo",
    }
    outage.let_pass(60)
    assert outage.send(signed(refused, confirm="analytics"))["decision"] == "submitted"


def not_yet_armed(parts):
    """Its roles have just been learned, and the standby's next synchronisation is far away."""
    id_ = parts.emulator.pair.id
    parts.emulator.set_pair(sync_every_s=36000)
    parts.ledger.save_pair_state(id_, PairState(roles=parts.roles, roles_since=now()))
    parts.ledger.save_observations(id_, Observations(first_checked_at=now(minutes=-5)))
    parts.emulator.break_production()
    return parts


def test_what_was_approved_before_an_order_orders_nothing_after_it(parts):
    """The answer is lost and a person closes the run; the provider takes its order, hours later.

    The gate that was set aside refuses as it did then, but this order may still be executed.
    """
    not_yet_armed(parts).emulator.vary(order_delay_s=7200, second_order="accepted")
    (refused,) = parts.alarm()
    approved = signed(refused, confirm="analytics")
    parts.emulator.fault("failover", "cut", at="answer")
    run_id = parts.send(approved)["run_id"]
    parts.let_pass(660)
    assert acknowledged(parts, run_id=run_id)["decision"] == "acknowledged"
    result = parts.send({**approved, "requested_at": (now() + parts.ahead).isoformat()})
    assert result["reason_code"] == "evidence_changed"
    assert [order.kind for order in parts.emulator.pair.orders] == ["failover"]


def test_what_was_approved_before_an_order_that_came_to_nothing_orders_nothing_either(parts):
    (refused,) = not_yet_armed(parts).alarm()
    approved = signed(refused, confirm="analytics")
    parts.emulator.fault("failover", "respond", status=403)
    assert parts.send(approved)["decision"] == "provider_rejected"
    assert parts.send(approved)["reason_code"] == "evidence_changed"
    assert parts.posts == 1


def test_a_commands_refusal_says_that_the_incident_goes_on(parts):
    parts.arm()
    (alarm,) = parts.alarm()
    assert parts.fail_over()["incident_id"] == alarm["incident_id"]


def test_a_commands_refusal_without_an_incident_names_none(parts):
    parts.arm()
    assert parts.fail_over()["incident_id"] is None


def test_a_rehearsal_of_a_healthy_pair_is_ready_and_shows_every_gate(parts):
    parts.arm()
    result = parts.send({"command": "rehearse", "pair": "analytics"})
    assert (result["decision"], result["reason_code"]) == ("rehearsed", "ready")
    assert len(result["gates"]) == 13
    assert {call.method for call in parts.emulator.journal} == {"GET"}


def test_a_rehearsal_changes_nothing_in_the_ledger(outage):
    before = outage.record
    outage.send({"command": "rehearse", "pair": "analytics"})
    assert outage.record == before


def test_a_rehearsal_and_the_real_thing_see_the_same(outage):
    rehearsed = outage.send({"command": "rehearse", "pair": "analytics"})
    done = outage.fail_over()
    assert verdicts(rehearsed) == verdicts(done)


def verdicts(result):
    return [(one["gate"], one["verdict"]) for one in result["gates"]]


def test_status_says_ready_first(parts):
    parts.arm()
    result = parts.send({"command": "status", "pair": "analytics"})
    assert result["decision"] == "status"
    assert result["reason"].startswith("READY")


def test_status_says_why_not(parts):
    result = parts.send({"command": "status", "pair": "analytics"})
    assert result["reason"].startswith("NOT READY because ")


def test_status_names_the_run_that_holds(outage):
    done = outage.fail_over()
    result = outage.send({"command": "status", "pair": "analytics"})
    assert result["reason"].startswith(f"HELD by run {done['run_id']}")


def test_status_of_all_pairs_is_a_list(parts):
    parts.arm()
    answer = parts.send({"command": "status"})
    assert [one["pair"] for one in answer["results"]] == ["analytics"]


def test_a_brief_status_asks_the_ledger_alone(outage):
    run_id = outage.fail_over()["run_id"]
    before = len(outage.emulator.journal)
    (result,) = outage.send({"command": "status", "pair": "analytics", "brief": True})["results"]
    assert (result["run_id"], len(outage.emulator.journal)) == (run_id, before)
    assert "gates" not in result


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("analytics", ["analytics"]),
        ("an*", ["analytics"]),
        ("*", ["analytics", "other"]),
        ("x*", []),
    ],
)
def test_status_takes_a_pattern_of_names(parts, pattern, names):
    parts.put_pair("other", disaster_recovery_id="f7a2c1d0-0000-4d4d-8d8d-0000000000d1")
    answer = parts.send({"command": "status", "pair": pattern, "brief": True})
    assert [one["pair"] for one in answer["results"]] == names


@pytest.mark.parametrize("command_", ["rehearse", "failover", "verify", "acknowledge", "pause"])
def test_no_other_command_takes_a_pattern(parts, command_):
    with pytest.raises(InvalidEvent, match=r"\$\.pair"):
        parts.send({"command": command_, "pair": "an*"})


def test_verify_finds_the_run_of_a_request(outage):
    run_id = outage.fail_over(request_id="change-7")["run_id"]
    result = outage.send({"command": "verify", "pair": "analytics", "request_id": "change-7"})
    assert (result["decision"], result["run_id"]) == ("in_progress", run_id)


def test_a_request_that_made_no_run_has_none(outage):
    outage.fail_over(request_id="change-7")
    result = outage.send({"command": "verify", "pair": "analytics", "request_id": "change-8"})
    assert (result["decision"], result["run_id"]) == ("no_run", None)


def test_a_request_has_no_run_of_an_outage_that_was_over_before_it(outage):
    """Whoever lost the answer to an order looks for it: another one's end would be taken for it."""
    run_id = failed_over_and_acknowledged(outage, request_id="change-7")
    look = {"command": "verify", "pair": "analytics", "request_id": "change-7"}
    at = (now() + outage.ahead).isoformat()
    assert outage.send({**look, "requested_at": at})["decision"] == "no_run"
    assert outage.send(look)["run_id"] == run_id


def test_a_commands_refusal_is_told_whatever_was_told_of_an_incident(parts):
    parts.arm()
    parts.alarm()
    parts.notices()
    assert parts.fail_over()["notified"]
    assert [notice.result["command"] for notice in parts.notices()] == ["failover"]


def test_a_pair_may_be_named_by_its_id(parts):
    result = parts.send({"command": "rehearse", "disaster_recovery_id": parts.emulator.pair.id})
    assert result["pair"] == "analytics"


@pytest.mark.parametrize("name", ["rehearse", "failover"])
def test_a_provider_that_is_down_is_worth_a_retry(parts, name):
    parts.emulator.fault("any", "cut", times=None)
    with pytest.raises(ProviderUnavailable):
        parts.send(command(command=name) if name == "failover" else rehearsal())


def rehearsal():
    return {"command": "rehearse", "pair": "analytics"}


def test_a_provider_that_says_no_is_not(parts):
    parts.put_secret(f"{parts.name}/credentials", access_key_id="A", secret_access_key="B")
    result = parts.send(rehearsal())
    assert (result["decision"], result["reason_code"]) == ("blocked", "provider_denied")
    assert result["retryable"] is False
    named, _, step = result["next_steps"]
    assert f"the secret «{parts.name}/credentials»" in named
    assert json.loads(step)["command"] == "rehearse"


def test_an_unknown_pair_is_an_invalid_event(parts):
    with pytest.raises(InvalidEvent, match="analytics"):
        parts.send({"command": "rehearse", "pair": "nowhere"})


def test_bad_credentials_are_invalid_settings_for_a_command(parts):
    parts.put_secret(f"{parts.name}/credentials", access_key_id="A")
    with pytest.raises(InvalidSettings, match="secret_access_key"):
        parts.send(rehearsal())


def test_bad_credentials_block_an_alarm_whose_incident_is_kept(parts):
    parts.put_secret(f"{parts.name}/credentials", access_key_id="A")
    (result,) = parts.send(bus_alarm("dws-outage-analytics"))["results"]
    assert (result["decision"], result["reason_code"]) == ("blocked", "invalid_credentials")
    assert parts.record.open_incident is not None
    assert result["notified"] is True
