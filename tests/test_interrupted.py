"""Interrupted after each step, the next invocation finishes what is stored; never a second order.

Steps: the incident's write, the claim, the order, the stored outcome, the publication.
"""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from parts import bus_alarm

from handler import app
from handler.errors import LedgerUnavailable
from handler.ledger import Ledger
from handler.run import RunState
from handler.table import Table


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


class Wrapped:
    """A client of which one call is interrupted, before or after it took effect."""

    def __init__(self, client, interrupt):
        self._client = client
        self._interrupt = interrupt

    def __getattr__(self, name):
        call = getattr(self._client, name)
        return self._interrupt(name, call) if callable(call) else call


def interrupted(operation, error, *, after=False, times=1):
    """Interrupt the first `times` calls of an operation."""
    left = [times]

    def interrupt(name, call):
        def interrupted_call(**kwargs):
            if name != operation or not left[0]:
                return call(**kwargs)
            left[0] -= 1
            if after:
                call(**kwargs)
            raise error

        return interrupted_call

    return interrupt


def with_table(parts, interrupt):
    """The handler's adapters with an interrupted table."""
    adapters = app.adapters()
    client = Wrapped(parts.aws.client("dynamodb"), interrupt)
    return replace(adapters, ledger=Ledger(Table(client, parts.table)))


def take(parts, adapters, name="dws-outage-analytics"):
    from handler.events import parse

    (alarm,) = parse(bus_alarm(name))
    (result,) = app.Invocation(adapters, parts.context).take(alarm)
    return result


LOST = EndpointConnectionError(endpoint_url="http://table")
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "x"}}, "x")


def test_killed_before_the_incident_is_stored_the_bus_sends_it_again(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("put_item", Killed())))
    assert outage.record.incident is None
    assert outage.alarm()[0]["decision"] == "submitted"


def test_a_table_that_is_down_before_the_incident_is_stored_raises(outage):
    with pytest.raises(LedgerUnavailable):
        take(outage, with_table(outage, interrupted("put_item", LOST)))
    assert outage.posts == 0


def test_killed_after_the_incident_is_stored_reconcile_pursues_it(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("put_item", Killed(), after=True)))
    (result,) = outage.send({"command": "reconcile"})["results"]
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_killed_before_the_claim_nothing_is_held(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("transact_write_items", Killed())))
    assert (outage.record.run, outage.posts) == (None, 0)
    (result,) = outage.send({"command": "reconcile"})["results"]
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_killed_after_the_claim_the_pair_is_held_and_nothing_was_sent(outage):
    killed = interrupted("transact_write_items", Killed(), after=True)
    with pytest.raises(Killed):
        take(outage, with_table(outage, killed))
    assert (outage.record.run.state, outage.posts) == (RunState.SUBMITTING, 0)
    assert outage.alarm()[0]["decision"] == "duplicate"
    outage.send({"command": "reconcile"})
    assert outage.posts == 0


def test_a_claim_whose_answer_was_lost_is_ours(outage):
    lost = interrupted("transact_write_items", LOST, after=True)
    result = take(outage, with_table(outage, lost))
    assert (result.decision, outage.posts) == ("submitted", 1)


@pytest.mark.parametrize("error", [LOST, THROTTLED], ids=["down", "throttled"])
def test_a_claim_that_was_not_made_orders_nothing(outage, error):
    failed = interrupted("transact_write_items", error)
    result = take(outage, with_table(outage, failed))
    assert (result.decision, result.reason_code) == ("blocked", "ledger_unavailable")
    assert (outage.posts, outage.record.run) == (0, None)


def test_a_claim_that_someone_else_made_void_is_tried_on_fresh_evidence(outage):
    """Another write to the pair between look and claim: the first claim fails, the second holds."""
    once = [True]

    def interrupt(name, call):
        def meddled(**kwargs):
            if name == "transact_write_items" and once.pop() if once else False:
                standing = outage.record.standing
                outage.ledger.save_standing(outage.emulator.pair.id, standing)
            return call(**kwargs)

        return meddled

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, outage.posts) == ("submitted", 1)


def test_a_table_that_is_down_after_the_order_does_not_silence_it(outage):
    """The claim is the first transaction, the outcome the second and what follows."""
    seen = []

    def interrupt(name, call):
        def failing(**kwargs):
            if name == "transact_write_items":
                seen.append(name)
                if len(seen) > 1:
                    raise LOST
            return call(**kwargs)

        return failing

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, result.notified, outage.posts) == ("submitted", True, 1)
    assert "could not be recorded" in result.reason
    (notice,) = outage.notices()
    assert "could not be recorded" in notice.result["reason"]
    assert outage.record.run.state is RunState.SUBMITTING
    assert outage.alarm()[0]["decision"] == "duplicate"


def test_killed_after_the_outcome_is_stored_its_notice_is_kept_unsent(outage):
    seen = []

    def interrupt(name, call):
        def killing(**kwargs):
            answer = call(**kwargs)
            if name == "transact_write_items":
                seen.append(name)
                if len(seen) > 1:
                    raise Killed
            return answer

        return killing

    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupt))
    assert outage.record.run.state is RunState.SUBMITTED
    stored = unsent(outage)
    assert [one["attributes"]["M"]["decision"]["S"] for one in stored] == ["submitted"]


def unsent(parts):
    answer = parts.aws.client("dynamodb").query(
        TableName=parts.table,
        KeyConditionExpression="pk = :all AND begins_with(sk, :notice)",
        ExpressionAttributeValues={":all": {"S": "*"}, ":notice": {"S": "notice#"}},
    )
    return [item for item in answer["Items"] if "published_at" not in item]


def test_a_table_that_goes_down_after_the_incident_is_stored_is_told_and_not_raised(outage):
    """The incident is kept: reconcile will pursue it, the bus need not send it again."""
    is_stored = []

    def interrupt(name, call):
        def failing(**kwargs):
            if is_stored:
                raise LOST
            answer = call(**kwargs)
            if name == "put_item":
                is_stored.append(name)
            return answer

        return failing

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, result.reason_code) == ("blocked", "ledger_unavailable")
    assert (result.notified, outage.posts) == (True, 0)


def test_what_is_published_is_marked(outage):
    outage.alarm()
    assert unsent(outage) == []
