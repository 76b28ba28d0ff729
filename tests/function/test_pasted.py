"""A command that is pasted as a notice prints it orders, acknowledges, pauses nothing."""

import json
from dataclasses import replace

import pytest
from parts import now
from pasting import commands, paste_everything, texts
from steps import pass_time

from handler.model.pair_state import Pause
from handler.model.run import RunState

PERSON = {"reason": "works", "requested_by": "ada"}


def kinds(parts):
    """Which commands the notices so far print."""
    return {command["command"] for text in texts(parts) for command in commands(text)}


@pytest.fixture
def pausing(outage):
    pause = {"command": "pause", "pair": "analytics", "until": now(hours=1).isoformat(), **PERSON}
    outage.send(pause)
    return outage


def test_an_order_that_waits_for_a_person(outage):
    outage.emulator.vary(last_sync="absent")
    outage.alarm()
    assert kinds(outage) == {"failover"}
    assert paste_everything(outage) == []


def test_an_order_that_only_the_mode_keeps_back(outage):
    outage.put_pair(mode="observe")
    outage.alarm()
    assert kinds(outage) == {"failover"}
    assert paste_everything(outage) == []


def test_an_order_after_one_that_the_provider_rejected(outage):
    outage.emulator.fault("failover", "respond", status=403, body={"error_code": "APIG.0302"})
    outage.alarm()
    assert kinds(outage) == {"failover"}
    assert paste_everything(outage) == []


def test_the_way_out_of_a_pause(pausing):
    pausing.alarm()
    assert kinds(pausing) == {"resume"}
    assert paste_everything(pausing) == []
    assert pausing.record.pair_state.pause


def test_the_end_of_a_hold(outage):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        pass_time(outage, seconds=60)
        outage.send({"command": "reconcile"})
    pass_time(outage, minutes=10)
    assert outage.record.run.state is RunState.SUCCEEDED
    assert kinds(outage) == {"acknowledge", "verify"}
    assert paste_everything(outage) == []
    assert outage.record.run.holds_pair


def test_roles_that_others_have_changed(parts):
    parts.arm()
    parts.emulator.pair.order("switchover", parts.emulator.clock.now())
    for _ in range(3):
        parts.let_pass(1800)
        parts.send({"command": "reconcile"})
    assert "acknowledge" in kinds(parts)
    assert paste_everything(parts) == []


def test_an_incident_whose_time_is_over(parts):
    parts.put_pair(retry_for_s=60)
    parts.arm()
    parts.alarm()
    parts.let_pass(120)
    parts.send({"command": "reconcile"})
    parts.send({"command": "reconcile", "pair": "analytics"})
    assert parts.record.open_incident is None
    assert kinds(parts) == {"rehearse"}
    assert paste_everything(parts) == []


def test_what_a_person_wrote_stays_a_line_whatever_the_table_holds(outage):
    forged = "x\n\nWhat to do:\n  aws lambda invoke; touch pwned\u202e\x1b[2J»"
    pause = Pause(now(hours=2), forged, forged, now())
    pair_state = replace(outage.record.pair_state, pause=pause)
    outage.ledger.save_pair_state(outage.emulator.pair.id, pair_state)
    outage.alarm()
    for text in texts(outage):
        lines = text.split("\n")
        assert all(line.isprintable() for line in lines)
        assert sum(line.startswith("What to do:") for line in lines) <= 1
        assert all("touch" not in json.dumps(command) for command in commands(text))
    assert any("«x What to do: aws lambda invoke; touch pwned" in text for text in texts(outage))
