"""A further alarm of an outage that is being seen to: it is stored, and costs next to nothing."""

import json

import pytest
from envelopes import queue, records
from outages import PartsBehind
from parts import arn_of, bus_alarm, now
from steps import reconciled

from handler.model.alarm_history import key_of

AT_MOST = 2  # calls to AWS


@pytest.fixture
def seen_to(aws, emulator, proxy):
    """An armed pair whose production is up: its alarm has opened an incident, and was refused."""
    with PartsBehind(aws, emulator, proxy) as made:
        made.arm()
        (result,) = made.alarm("dws-outage-first")
        assert result["decision"] == "refused"
        forget_calls(made)
        yield made


@pytest.fixture
def ordered(seen_to):
    """The same pair, failed over."""
    seen_to.emulator.vary(switching_s=0)
    seen_to.emulator.break_production()
    seen_to.let_pass(20)
    (result,) = seen_to.alarm("dws-outage-second", at=present(seen_to))
    assert result["decision"] == "submitted"
    forget_calls(seen_to)
    return seen_to


def cloud_eye():
    """A rule's alarm as SMN's function hands it on."""
    at = now(seconds=-1).strftime("%Y/%m/%d %H:%M:%S GMT+00:00")
    data = {"IsAlarm": True, "AlarmRuleName": "dws-outage-sessions", "AlarmTime": at}
    topic = "urn:smn:eu-west-101:0123456789abcdef0123456789abcdef:dws-alarms"
    return {
        "smn": {
            "topic_urn": topic, "message_id": "0123456789abcdef", "timestamp": now().isoformat(),
            "subject": None, "message": json.dumps({"version": "v1", "data": data}),
        }
    }  # fmt: skip


def present(parts):
    return now(seconds=-1) + parts.ahead


def forget_calls(parts):
    parts.proxy.clear()
    parts.emulator.clear_journal()


def asked(parts):
    """What has been asked of AWS, and of the provider."""
    calls = [call.operation for call in parts.proxy.calls]
    return calls, [call.operation for call in parts.emulator.journal]


def is_cheap(parts):
    calls, provider = asked(parts)
    assert (len(calls) <= AT_MOST, provider) == (True, []), (calls, provider)


def is_joined(parts, name):
    return key_of(arn_of(name)) in parts.record.incident.alarms


def test_before_the_claim_it_is_answered_by_what_was_decided_a_moment_ago(seen_to):
    (result,) = seen_to.alarm("dws-outage-further")
    is_cheap(seen_to)
    assert (result["decision"], result["reason_code"]) == ("duplicate", "assessed")
    assert seen_to.record.open_incident.reason in result["reason"]
    assert is_joined(seen_to, "dws-outage-further")


@pytest.mark.parametrize("wrap", [records, queue], ids=["SNS", "SQS"])
def test_whatever_bus_brings_it(seen_to, wrap):
    seen_to.send(wrap(bus_alarm("dws-outage-further")))
    is_cheap(seen_to)
    assert is_joined(seen_to, "dws-outage-further")


def test_so_is_one_of_cloud_eye(seen_to):
    """Its message must open nothing when it comes again: that is noted in the write that joins."""
    event = cloud_eye()
    seen_to.send(event)
    is_cheap(seen_to)
    forget_calls(seen_to)
    (result,) = seen_to.send(event)["results"]
    is_cheap(seen_to)
    assert (result["decision"], result["reason_code"]) == ("ignored", "repeated")


def test_so_is_a_copy_of_the_same_transition(seen_to):
    event = bus_alarm("dws-outage-further")
    seen_to.send(event)
    forget_calls(seen_to)
    (result,) = seen_to.send(event)["results"]
    is_cheap(seen_to)
    assert result["reason_code"] == "assessed"


def test_a_decision_of_ten_seconds_ago_is_no_answer(seen_to):
    seen_to.let_pass(10)
    (result,) = seen_to.alarm("dws-outage-further", at=present(seen_to))
    assert (result["decision"], result["reason_code"]) == ("refused", "production_down")
    assert "detail" in asked(seen_to)[1]


def test_nor_is_one_from_before_production_had_been_down_for_long_enough(seen_to):
    seen_to.put_pair(production_down_for_s=8)
    seen_to.emulator.break_production()
    seen_to.let_pass(20)
    (waiting,) = seen_to.alarm("dws-outage-waiting", at=present(seen_to))
    seen_to.let_pass(9)
    (due,) = seen_to.alarm("dws-outage-due", at=present(seen_to))
    assert (waiting["decision"], due["decision"]) == ("refused", "submitted")


def test_nor_one_on_two_words_for_an_alarm_with_which_one_is_enough(seen_to):
    """The first alarm is OK, its watch goes on: no alarm stood behind what was decided of it."""
    seen_to.emulator.vary(abnormal_after_s=None)
    seen_to.send(bus_alarm("dws-outage-first", state="OK", previous="ALARM"))
    seen_to.emulator.set_pair(status="abnormal")
    seen_to.emulator.break_production()
    seen_to.put_pair(production_down_for_s=3600)
    reconciled(seen_to)
    seen_to.put_pair(production_down_for_s=0)
    seen_to.emulator.set_pair(status="running")
    reconciled(seen_to)
    assert (seen_to.record.open_incident.kind, seen_to.posts) == ("watch", 0)
    (result,) = seen_to.alarm("dws-outage-further")
    assert result["decision"] == "submitted"


def test_after_the_claim_it_belongs_to_the_run(ordered):
    (result,) = ordered.alarm("dws-outage-further", at=present(ordered))
    is_cheap(ordered)
    assert (result["decision"], result["run_id"]) == ("duplicate", ordered.record.run.run_id)
    assert is_joined(ordered, "dws-outage-further")


def test_after_the_run_has_ended_it_belongs_to_it_still(ordered):
    for _ in range(3):
        reconciled(ordered)
    run = ordered.record.run
    assert run.state == "succeeded"
    forget_calls(ordered)
    (result,) = ordered.alarm("dws-outage-further", at=present(ordered))
    is_cheap(ordered)
    assert (result["decision"], result["run_id"]) == ("duplicate", run.run_id)


def test_what_could_not_be_judged_is_no_answer_to_it(seen_to):
    seen_to.let_pass(20)
    for read in ("detail", "list"):
        seen_to.emulator.fault(read, "respond", status=503, times=None)
    (result,) = seen_to.alarm("dws-outage-second", at=present(seen_to))
    assert result["decision"] == "blocked"
    seen_to.emulator.clear_faults()
    seen_to.emulator.break_production()
    (result,) = seen_to.alarm("dws-outage-third", at=present(seen_to))
    assert result["decision"] == "submitted"
