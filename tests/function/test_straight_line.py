"""From an alarm to its order: what is asked on the way is counted, and what waits for what."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from outages import PartsBehind, alarm_held
from situations import INCIDENT, NOW, pair

from handler.failover.attempt import Stored, trigger_of
from handler.failover.pursue import Opened
from handler.model.pair_state import Observations, PairRecord, PairState
from local.aws.troubles import Drop, Hold

FLEET = "state#fleet"
RECORD = PairRecord(PairState(), INCIDENT, Observations(), ())
TRIGGER = trigger_of(INCIDENT)


OUTCOME = "answered_at"  # in the write of what became of a run


@pytest.fixture
def outage(aws, emulator, proxy):
    """An armed pair whose production has just failed; its document and secret have been read."""
    with PartsBehind(aws, emulator, proxy) as made:
        made.arm()
        made.send({"command": "rehearse", "pair": "analytics"})
        emulator.break_production()
        emulator.clear_journal()
        proxy.clear()
        yield made


def operations(parts):
    return [call.operation for call in parts.proxy.calls]


def test_an_alarm_that_orders_makes_seven_calls_of_aws_in_all(outage):
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    assert operations(outage) == [
        "Query",  # the pair
        "TransactWriteItems",  # the incident, and what was heard of the alarm
        "GetItem",  # the brakes over all pairs
        "TransactWriteItems",  # the claim
        "TransactWriteItems",  # the outcome, its notice, and what was seen before it
        "Publish",
        "TransactWriteItems",  # that it was published
    ]


def test_the_brakes_over_all_pairs_are_read_beside_the_provider(outage):
    """So that three calls are made in turn before an order: the others, and the claim."""
    brakes = Hold()
    outage.proxy.spoil("GetItem", brakes, containing=FLEET)
    answers = []
    alarm = threading.Thread(target=lambda: answers.extend(outage.alarm()))
    alarm.start()
    assert brakes.wait(10)
    wait_for(lambda: len(outage.emulator.journal) == 4)
    brakes.release()
    alarm.join()
    assert answers[0]["decision"] == "submitted"


def test_the_provider_is_read_four_times_and_ordered_once(outage):
    outage.alarm()
    *reads, order = [call.operation for call in outage.emulator.journal]
    assert (sorted(reads), order) == (["cluster", "cluster", "detail", "list"], "failover")


def test_an_alarm_that_has_called_before_and_was_ok_is_stored_without_being_read(outage):
    outage.alarm(state="OK", previous="ALARM")
    outage.proxy.clear()
    (result,) = outage.alarm()
    assert (result["decision"], operations(outage)[:2]) == (
        "submitted",
        ["Query", "TransactWriteItems"],
    )


def test_a_further_alarm_of_an_outage_reads_the_pair_and_joins(outage):
    outage.alarm()
    outage.proxy.clear()
    (result,) = outage.alarm("dws-outage-other")
    assert result["decision"] == "duplicate"
    assert operations(outage) == ["Query", "TransactWriteItems"]


def test_what_was_seen_of_the_outage_is_stored_with_what_became_of_the_order(outage):
    outage.alarm()
    seen = outage.record.observations
    assert seen.down_since == outage.record.run.outage_began_at
    assert seen.down_of == outage.emulator.pair.production_id


def test_what_another_has_seen_meanwhile_keeps_no_outcome_out(outage):
    with alarm_held(outage, OUTCOME) as answers:
        theirs = replace(outage.record.observations, up_times=3)
        outage.ledger.save_observations(outage.emulator.pair.id, theirs)
    assert answers[0]["decision"] == outage.record.run.state == "submitted"
    assert outage.record.observations.up_times == 3
    assert len(outage.notices()) == 1


def test_an_outcome_whose_answer_is_lost_is_stored_and_told_once(outage):
    outage.proxy.spoil("TransactWriteItems", Drop(), moment="after", containing=OUTCOME)
    (result,) = outage.alarm()
    assert result["decision"] == outage.record.run.state == "submitted"
    assert outage.record.observations.down_since is not None
    assert len(outage.notices()) == 1


def test_what_was_read_with_an_alarm_is_not_acted_upon_once_it_is_old():
    opened = Opened(INCIDENT, pair(), TRIGGER, is_new=True, record=RECORD, read_at=NOW)
    ages = (0, 5, 6, -6)
    known = [opened.known(NOW + timedelta(seconds=age)) for age in ages]
    assert known == [Stored(RECORD, NOW), Stored(RECORD, NOW), None, None]
    assert replace(opened, read_at=None).known(NOW) is None


def wait_for(condition, within_s=10):
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
