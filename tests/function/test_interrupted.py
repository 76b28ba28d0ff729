"""Interrupted after each step, the next invocation finishes what is stored; never a second order.

Steps: the incident's write, the claim, the order, the stored outcome, the publication.
"""

import pytest
from botocore.exceptions import ClientError
from interruptions import LOST, Killed, after, interrupted, take, unsent, with_table
from parts import now

from handler.aws.writes import changed
from handler.errors import LedgerUnavailable
from handler.model.run import RunState

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "x"}}, "x")


def test_killed_before_the_incident_is_stored_the_bus_sends_it_again(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("incident", Killed())))
    assert outage.record.incident is None
    assert outage.alarm()[0]["decision"] == "submitted"


def test_a_table_that_is_down_before_the_incident_is_stored_raises(outage):
    with pytest.raises(LedgerUnavailable):
        take(outage, with_table(outage, interrupted("incident", LOST)))
    assert outage.posts == 0


def test_killed_after_the_incident_is_stored_reconcile_pursues_it(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("incident", Killed(), after=True)))
    (result,) = outage.send({"command": "reconcile"})["results"]
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_a_table_that_is_down_after_the_order_does_not_silence_it(outage):
    result = take(outage, with_table(outage, after("claim", LOST)))
    assert (result.decision, result.notified, outage.posts) == ("submitted", True, 1)
    assert "could not be recorded" in result.reason
    (notice,) = outage.notices()
    assert "could not be recorded" in notice.result["reason"]
    assert outage.record.run.state is RunState.SUBMITTING
    assert outage.alarm()[0]["decision"] == "duplicate"


def test_killed_after_the_outcome_is_stored_reconcile_sends_its_notice(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("outcome", Killed(), after=True)))
    assert outage.record.run.state is RunState.SUBMITTED
    assert outage.notices() == []
    (stored,) = unsent(outage)
    lease_over(outage, stored)
    outage.send({"command": "reconcile"})
    assert "submitted" in [notice.result["decision"] for notice in outage.notices()]
    assert unsent(outage) == []


def test_a_notice_that_someone_is_publishing_is_left_to_them(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("outcome", Killed(), after=True)))
    outage.send({"command": "reconcile"})
    assert "submitted" not in {notice.result["decision"] for notice in outage.notices()}


def test_killed_between_publishing_and_marking_a_copy_follows_with_the_same_id(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("mark", Killed())))
    (stored,) = unsent(outage)
    lease_over(outage, stored)
    outage.send({"command": "reconcile"})
    sent = [notice.attributes["notice_id"] for notice in outage.notices()]
    assert sent.count(stored["notice_id"]["S"]) == 2


def lease_over(parts, notice):
    table = parts.ledger._table
    key = (notice["pk"]["S"], notice["sk"]["S"])
    table.write(changed(key, "SET leased_until = :now", {":now": now().isoformat()}))
    notice_id = notice["notice_id"]["S"]
    assert parts.ledger.notices.get(notice_id).leased_until <= now()


def test_a_table_that_goes_down_after_the_incident_is_stored_is_told_and_not_raised(outage):
    """The incident is kept: reconcile will pursue it, the bus need not send it again."""
    result = take(outage, with_table(outage, after("incident", LOST)))
    assert (result.decision, result.reason_code) == ("blocked", "ledger_unavailable")
    assert (result.notified, outage.posts) == (True, 0)


def test_what_is_published_is_marked(outage):
    outage.alarm()
    assert unsent(outage) == []
