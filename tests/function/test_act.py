"""From an alarm to one order and its notification, with everything real but Lambda itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from parts import bus_alarm, now
from pasting import texts

from handler.model.run import RunState


def test_an_alarm_of_an_outage_fails_over_once(outage):
    (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("submitted", 1)
    assert outage.emulator.failover_posts[0].status == 200


def test_the_run_is_stored_with_what_the_provider_answered(outage):
    (result,) = outage.alarm()
    run = outage.record.run
    assert (run.run_id, run.state) == (result["run_id"], RunState.SUBMITTED)
    assert run.provider_request_id == outage.emulator.failover_posts[0].request_id
    assert run.configuration["max_data_loss_s"] == 3600


def test_a_subscriber_is_told_what_was_decided(outage):
    (result,) = outage.alarm()
    (notice,) = outage.notices()
    assert notice.subject == (
        "[CRITICAL] analytics: switching to the standby now; get clients ready to move"
    )
    assert notice.result == result
    assert notice.attributes["decision"] == "submitted"
    assert notice.attributes["severity"] == "critical"
    assert notice.attributes["notice_id"] == f"{result['run_id']}/1-submitted"


def test_a_result_has_every_field_of_the_contract(outage):
    (result,) = outage.alarm()
    assert set(result) == {
        "schema", "command", "decision", "reason_code", "reason", "retryable", "pair",
        "disaster_recovery_id", "incident_id", "run_id", "trigger", "gates", "evidence",
        "estimated_data_loss_s", "at_most_data_loss_s", "roles", "attribution",
        "provider_request_id", "timings", "next_steps", "notified",
    }  # fmt: skip
    assert result["schema"] == "dws-failover/1"
    assert result["notified"] is True
    assert len(result["gates"]) == 13


def test_a_second_alarm_is_a_duplicate_of_the_run(outage):
    (first,) = outage.alarm()
    (second,) = outage.alarm("dws-outage-other")
    assert (second["decision"], second["run_id"]) == ("duplicate", first["run_id"])
    assert outage.posts == 1


def test_many_alarms_at_once_give_one_order(outage):
    alarms = [bus_alarm(f"dws-outage-{number}") for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(outage.take, alarms))
    submitted = [one for one in results if one.decision == "submitted"]
    assert (len(submitted), outage.posts) == (1, 1)
    assert {one.run_id for one in results if one.run_id} == {submitted[0].run_id}


def test_alarms_of_other_names_join_the_open_incident(parts):
    parts.arm()
    (first,) = parts.alarm("dws-outage-a")
    (second,) = parts.alarm("dws-outage-b")
    assert first["incident_id"] == second["incident_id"]
    assert len(parts.record.open_incident.alarms) == 2


def test_the_incident_is_stored_before_the_provider_is_read(outage):
    outage.emulator.fault("any", "cut", times=None)
    (result,) = outage.alarm()
    assert result["decision"] == "blocked"
    assert outage.record.open_incident.incident_id == result["incident_id"]


def test_an_alarm_while_production_is_up_is_refused_and_told(parts):
    parts.arm()
    (result,) = parts.alarm()
    assert (result["decision"], result["reason_code"]) == ("refused", "production_down")
    assert parts.posts == 0
    (notice,) = parts.notices()
    assert notice.subject == "[WARNING] analytics: not failed over: production is up; look"


def test_a_refusal_tells_its_incident_and_that_it_is_pursued(parts):
    parts.arm()
    (result,) = parts.alarm()
    (notice,) = parts.notices()
    assert notice.result["incident_id"] == result["incident_id"] is not None
    assert "asked again every minute" in texts(parts)[-1]


def test_the_same_refusal_is_not_told_again(parts):
    parts.arm()
    parts.alarm()
    parts.alarm("dws-outage-other")
    assert len(parts.notices()) == 1


def test_that_a_person_must_decide_now_is_told_at_once_and_once(parts):
    """The alarm came before the witnesses turned: nobody may be woken an hour late."""
    parts.arm()
    parts.put_pair(mode="observe")
    parts.alarm()
    parts.emulator.break_production()
    for _ in range(4):
        parts.let_pass(60)
        parts.send({"command": "reconcile"})
    told = [one.attributes["severity"] for one in parts.notices() if one.result["incident_id"]]
    assert told == ["warning", "critical"]


def test_in_observe_nothing_is_posted_and_it_is_told_what_would_have_been(outage):
    outage.put_pair(mode="observe")
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"], outage.posts) == ("refused", "mode", 0)
    (notice,) = outage.notices()
    assert notice.subject == (
        "[CRITICAL] analytics: would have failed over, is only observed; order it yourself"
    )


def test_production_must_have_been_down_for_long_enough(outage):
    outage.put_pair(production_down_for_s=60)
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("refused", "production_down")
    assert outage.record.observations.down_since is not None


def test_what_reconcile_has_seen_down_counts(outage):
    outage.put_pair(production_down_for_s=60)
    stored = outage.record.observations
    seen = {"down_since": now(seconds=-90), "down_seen_at": now(seconds=-30)}
    outage.ledger.save_observations(outage.emulator.pair.id, replace(stored, **seen))
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"


def test_an_unarmed_pair_is_not_failed_over(parts):
    parts.emulator.break_production()
    (result,) = parts.alarm()
    assert result["decision"] == "refused"
    refusing = {one["gate"] for one in result["gates"] if one["verdict"] in ("refuse", "unknown")}
    assert {"armed", "roles"} <= refusing
