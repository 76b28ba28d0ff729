"""Before an incident is pursued, what waits for its pair's document is heard: it may be the OK.

Reconcile takes it in every minute. But an incident is also looked at in the moment in which
production has been down for long enough, in invocations of its own, and with each alarm.
"""

import pytest
from parts import now, scheduled


def at(parts):
    return now() + parts.ahead


@pytest.fixture
def waiting(parts):
    """The only alarm of an incident is OK since its document was bad, which is good again."""
    parts.arm()
    parts.put_pair(production_down_for_s=60)
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    parts.turned_at = at(parts)
    parts.alarm(at=parts.turned_at)
    parts.let_pass(15)
    parts.put_pair(production_down_for_s=60, max_data_loss_s="an hour")
    parts.alarm(at=at(parts), state="OK", previous="ALARM")
    assert [one.alarm.state for one in parts.ledger.alarms.pending()] == ["OK"]
    parts.let_pass(50)
    parts.put_pair(production_down_for_s=60)
    return parts


def look_that_is_due(parts):
    due = at(parts).isoformat()
    return parts.send({**scheduled(at(parts)), "pair": "analytics", "until": due})


def invocation_of_its_own(parts):
    return parts.send({"command": "reconcile", "pair": "analytics"})


def copy_of_the_alarm(parts):
    (result,) = parts.alarm(at=parts.turned_at)
    return result


@pytest.mark.parametrize("pursue", [look_that_is_due, invocation_of_its_own, copy_of_the_alarm])
def test_an_alarm_whose_ok_waits_for_its_document_orders_nothing(waiting, pursue):
    pursue(waiting)
    assert waiting.posts == 0
    assert waiting.record.open_incident is None
    assert waiting.record.incident.ended_because == "alarms_ok"


def test_what_waits_is_reconciles_to_end(waiting):
    look_that_is_due(waiting)
    waiting.send({"command": "reconcile"})
    assert waiting.ledger.alarms.pending() == ()


def test_another_alarm_that_has_joined_is_reason_enough(waiting):
    waiting.alarm("dws-outage-other", at=at(waiting))
    assert waiting.posts == 1
