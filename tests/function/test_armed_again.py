"""After a failover that was acknowledged: whose is the next alarm, the last run's or its own."""

from datetime import timedelta

import pytest
from steps import acknowledged

from handler.model.run import RunState


def reconciled(parts, times=1):
    for _ in range(times):
        parts.let_pass(60)
        parts.send({"command": "reconcile"})


@pytest.fixture
def acknowledged_run(outage):
    """A failover was proved, and a person has acknowledged it; nothing is armed yet."""
    outage.emulator.vary(switching_s=0)
    alarmed(outage, "dws-outage-first", seconds=1)
    reconciled(outage, 2)
    assert outage.record.run.state is RunState.SUCCEEDED
    outage.let_pass(600)
    acknowledged(outage, run_id=outage.record.run.run_id)
    return outage


@pytest.fixture
def armed_again(acknowledged_run):
    """Disaster recovery was re-established and has synchronised since."""
    parts = acknowledged_run
    parts.emulator.restore_production()
    parts.emulator.pair.order("recovery", parts.emulator.clock.now())
    parts.let_pass(30)
    reconciled(parts, 4)
    assert parts.record.pair_state.armed
    return parts


def alarmed(parts, name, **span):
    """What is answered to an alarm that turned so long ago."""
    (result,) = parts.alarm(name, at=parts.emulator.clock.now() - timedelta(**span))
    return result


def test_an_alarm_after_the_pair_was_armed_again_is_the_next_outages(armed_again):
    """Twenty minutes after the last run's end, which alone would make it that run's."""
    armed_again.emulator.break_production()
    found = alarmed(armed_again, "dws-outage-second", seconds=1)
    assert found["decision"] == "submitted"
    assert armed_again.posts == 2


def test_an_alarm_from_before_the_pair_was_armed_again_is_the_last_runs(armed_again):
    """It turned in the outage that is over, and only comes late."""
    armed_again.emulator.break_production()
    found = alarmed(armed_again, "dws-outage-second", minutes=8)
    assert (found["decision"], found["run_id"]) == ("duplicate", armed_again.record.run.run_id)
    assert armed_again.posts == 1


def test_an_alarm_after_an_acknowledgement_alone_is_the_last_runs(acknowledged_run):
    found = alarmed(acknowledged_run, "dws-outage-second", seconds=1)
    assert found["decision"] == "duplicate"
    assert acknowledged_run.record.open_incident is None
