"""The way from health to a proved failover, by events and notices alone, on both AWS emulators."""

import json

import pytest
from parts import now, signed
from steps import acknowledged

from handler.errors import InvalidSettings


def reconciled(parts, times=1, after_s=60):
    for _ in range(times):
        parts.let_pass(after_s)
        (result,) = parts.send({"command": "reconcile"})["results"]
    return result


@pytest.fixture
def healthy(parts):
    """A pair that reconcile has learnt, looked at and armed; nothing of it was stored by hand."""
    parts.emulator.vary(switching_s=30)
    reconciled(parts, 3)
    parts.emulator.set_pair(last_sync=now(seconds=2) + parts.ahead, sync_every_s=3600)
    assert reconciled(parts)["reason_code"] == "armed"
    parts.notices()
    return parts


def alarmed(parts, **changes):
    (result,) = parts.alarm(at=now() + parts.ahead, **changes)
    return result


def decisions(parts):
    return [notice.result["decision"] for notice in parts.notices()]


def test_what_is_healthy_lacks_nothing_but_an_outage(healthy):
    gates = healthy.send({"command": "rehearse", "pair": "analytics"})["gates"]
    assert {one["gate"] for one in gates if one["verdict"] != "pass"} == {"production_down"}


def test_an_alarm_of_an_outage_gives_one_order_that_is_proved(healthy):
    healthy.emulator.break_production()
    assert alarmed(healthy)["decision"] == "submitted"
    assert alarmed(healthy)["decision"] == "duplicate"
    reconciled(healthy, 3)
    told = decisions(healthy)
    assert (told[0], told.count("succeeded"), healthy.posts) == ("submitted", 1, 1)


def test_after_a_success_the_pair_is_held_until_a_person_acknowledges(healthy):
    healthy.emulator.break_production()
    run = alarmed(healthy)["run_id"]
    reconciled(healthy, 3)
    assert alarmed(healthy, name="dws-outage-again")["decision"] == "duplicate"
    healthy.notices()
    healthy.let_pass(600)  # nobody acknowledges what is just happening
    assert acknowledged(healthy, run_id=run)["decision"] == "acknowledged"
    assert decisions(healthy) == ["acknowledged"]
    assert healthy.posts == 1


def test_an_alarm_without_an_outage_is_refused_and_told_with_its_severity(healthy):
    refused = alarmed(healthy)
    assert (refused["decision"], refused["reason_code"]) == ("refused", "production_down")
    (notice,) = healthy.notices()
    assert notice.result["incident_id"] == refused["incident_id"]
    assert notice.attributes["decision"] == "refused"
    assert notice.attributes.keys() == {
        "schema", "decision", "reason_code", "pair", "severity", "notice_id",
    }  # fmt: skip
    assert healthy.posts == 0


def test_a_person_overrides_a_refusal_with_the_command_that_it_tells(healthy):
    healthy.put_pair(production_down_for_s=0)
    healthy.emulator.set_pair(last_sync=now(hours=-2) + healthy.ahead, sync_every_s=10**6)
    healthy.emulator.break_production()
    assert alarmed(healthy)["decision"] == "refused"
    (notice,) = healthy.notices()
    approval = signed(notice.result, confirm="analytics")
    approved = healthy.send({**approval, "requested_at": (now() + healthy.ahead).isoformat()})
    assert (approved["decision"], healthy.posts) == ("submitted", 1)
    verdicts = {one["gate"]: one["verdict"] for one in approved["gates"]}
    assert verdicts["rpo"] == "overridden"


def test_an_alarm_that_ends_again_ends_its_incident(healthy):
    alarmed(healthy)
    reconciled(healthy)
    assert alarmed(healthy, state="OK", previous="ALARM")["decision"] == "ignored"
    (status,) = healthy.send({"command": "status"})["results"]
    assert status["incident_id"] is None


def test_the_same_request_finds_its_run_again(healthy):
    healthy.emulator.break_production()
    at = (now() + healthy.ahead).isoformat()
    first = healthy.fail_over(request_id="change-7", requested_at=at)
    again = healthy.fail_over(request_id="change-7", requested_at=at)
    assert (again["decision"], again["run_id"]) == ("duplicate", first["run_id"])
    assert healthy.posts == 1


def test_a_pause_of_all_pairs_holds_until_it_is_lifted(healthy):
    healthy.emulator.break_production()
    who = {"reason": "change", "requested_by": "ada"}
    until = (now(hours=1) + healthy.ahead).isoformat()
    healthy.send({"command": "pause", "pair": "*", "until": until, **who})
    assert alarmed(healthy)["reason_code"] == "pause"
    healthy.send({"command": "resume", "pair": "*", **who})
    assert (reconciled(healthy)["decision"], healthy.posts) == ("submitted", 1)


def test_pairs_beyond_one_page_of_parameters_are_all_found(parts):
    """Path reads give ten at a time: Systems Manager API reference, GetParametersByPath."""
    text = json.dumps({"mode": "observe"})
    for number in range(25):
        parts.put_document(f"p{number:02}", text)
    assert len(parts.send({"command": "status", "brief": True})["results"]) == 26


def test_a_secret_that_changes_is_read_anew(healthy):
    healthy.put_secret(f"{healthy.name}/credentials", nothing="")
    with pytest.raises(InvalidSettings):
        healthy.send({"command": "rehearse", "pair": "analytics"})
