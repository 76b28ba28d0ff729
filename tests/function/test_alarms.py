"""No alarm is lost between two invocations: it is in an open incident, or belongs to a run."""

import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest
from crowd import at_once, damage, kept, muted, ok, taking
from envelopes import notification, queue, records
from interruptions import LOST, interrupted, with_table
from meddling import before_the
from parts import arn_of, bus_alarm, command, now
from steps import pass_time, reconciled

from handler import app
from handler.events import parse
from handler.model.alarm_history import key_of
from handler.model.incident import Ending
from handler.model.run import RunState

JOINING = 40


def keys(*names):
    return {key_of(arn_of(name)) for name in names}


def many(number=JOINING, stem="dws-outage"):
    return [f"{stem}-{one}" for one in range(number)]


# Joining and ending


def test_no_alarm_that_joins_beside_an_end_is_lost(parts):
    parts.arm()
    parts.alarm("dws-outage-first")
    others = [taking(parts, bus_alarm(name)) for name in many()]
    at_once(taking(parts, ok("dws-outage-first")), *others)
    assert keys(*many()) <= kept(parts)


def let_its_time_end(parts):
    pass_time(parts, hours=2)


def let_production_be_up(parts):
    for _ in range(4):
        reconciled(parts)
    pass_time(parts, seconds=60)


@pytest.mark.parametrize("reason", [let_its_time_end, let_production_be_up])
def test_an_end_takes_no_alarm_along_that_it_has_not_read(parts, reason):
    """One joins between the last look at the incident and its end."""
    parts.arm()
    parts.alarm("dws-outage-first")
    reason(parts)
    join = before_the("end", lambda: parts.take(bus_alarm("dws-outage-second")))
    app.respond(parse({"command": "reconcile"}), with_table(parts, join), parts.context)
    assert keys("dws-outage-second") <= kept(parts)


def test_an_alarm_that_finds_its_incident_ended_opens_another_in_the_same_invocation(parts):
    """The other is OK between the read and the join."""
    parts.arm()
    parts.alarm("dws-outage-first")
    first = parts.record.incident
    meddled = before_the("join", lambda: parts.take(ok("dws-outage-first")))
    (alarm,) = parse(bus_alarm("dws-outage-second"))
    adapters = with_table(parts, meddled)
    (result,) = app.Invocation(adapters, parts.context).answer((alarm,))
    assert result.incident_id not in (None, first.incident_id)
    assert kept(parts) == keys("dws-outage-second")


def test_two_alarms_that_are_ok_at_once_end_their_incident(parts):
    parts.arm()
    for number in range(20):
        pair = many(2, f"dws-outage-{number}")
        for name in pair:
            parts.take(bus_alarm(name))
        at_once(*(taking(parts, ok(name)) for name in pair))
        incident = parts.record.incident
        assert (number, incident.ended_because) == (number, Ending.ALARMS_OK)
    told = Counter(one.attributes["notice_id"] for one in parts.notices())
    assert sum(notice_id.endswith("/ended") for notice_id in told) == 20
    assert set(told.values()) == {1}


@pytest.mark.parametrize("step", ["get_item", "query"])
def test_an_alarm_that_comes_between_two_reads_of_its_own_ok_is_ended_by_it(parts, step):
    """The OK was the faster one: what opens an incident meanwhile is over all the same."""
    parts.arm()
    alarm, over = bus_alarm("dws-outage-first"), ok("dws-outage-first")
    meddled = with_table(parts, before_the(step, lambda: parts.take(alarm)))
    app.Invocation(meddled, parts.context).answer(parse(over))
    assert parts.record.open_incident is None


def test_any_number_of_alarms_that_are_ok_at_once_end_their_incident(parts):
    parts.arm()
    at_once(*(taking(parts, bus_alarm(name)) for name in many()))
    answers = at_once(*(taking(parts, ok(name)) for name in many()))
    assert Counter(one.reason_code for one in answers) == {"ok": JOINING - 1, "alarms_ok": 1}
    assert parts.record.open_incident is None


def test_an_open_incident_has_the_alarms_that_are_in_alarm_and_no_others(parts):
    """Half of them turn OK again while the others come."""
    parts.arm()
    early, late = many(10, "dws-outage-early"), many(10, "dws-outage-late")
    at_once(*(taking(parts, bus_alarm(name)) for name in early))
    events = [*map(ok, early), *map(bus_alarm, late)]
    at_once(*(taking(parts, event) for event in events))
    assert kept(parts) == keys(*late)


# An order on its way


def ordered(parts, status, meddle):
    """A person's order, which is answered so; something happens before that is stored."""
    parts.emulator.fault("failover", "respond", status=status)
    meddled = with_table(parts, before_the("outcome", meddle))
    app.respond(parse(command()), meddled, parts.context)


def test_an_alarm_during_an_order_that_is_rejected_is_pursued(outage):
    answers = []
    ordered(outage, 429, lambda: answers.extend(outage.alarm()))
    (result,) = answers
    assert (result["decision"], result["run_id"]) == ("duplicate", outage.record.run.run_id)
    assert outage.record.run.state is RunState.PROVIDER_REJECTED
    assert kept(outage) == keys("dws-outage-analytics")
    (result,) = reconciled(outage)
    assert (result["decision"], outage.posts) == ("submitted", 2)


def test_an_alarm_that_joins_during_an_order_that_is_rejected_is_pursued(outage):
    """Its incident's other alarm is OK meanwhile."""
    outage.emulator.fault("failover", "respond", status=429)

    def swap():
        outage.alarm("dws-outage-second")
        outage.send(ok("dws-outage-first"))

    meddled = with_table(outage, before_the("outcome", swap))
    app.respond(parse(bus_alarm("dws-outage-first")), meddled, outage.context)
    assert kept(outage) == keys("dws-outage-second")
    (result,) = reconciled(outage)
    assert (result["decision"], outage.posts) == ("submitted", 2)


def test_an_alarm_during_an_order_that_succeeds_belongs_to_its_run(outage):
    outage.emulator.vary(switching_s=0)
    outage.fail_over()
    (result,) = outage.alarm()
    assert (result["decision"], result["run_id"]) == ("duplicate", outage.record.run.run_id)
    assert kept(outage) == keys("dws-outage-analytics")
    for _ in range(2):
        reconciled(outage)
    assert outage.record.run.state is RunState.SUCCEEDED
    assert outage.record.incident.ended_because is Ending.FAILED_OVER
    assert outage.posts == 1


# One part each


def of_region(region, event):
    """The same alarm in another region."""
    name = event["detail"]["alarmName"]
    return {**event, "region": region, "resources": [arn_of(name, region=region)]}


def test_alarms_of_one_name_in_two_regions_are_two_parts(parts):
    parts.put_pair(alarms=["arn:aws:cloudwatch:*:000000000000:alarm:dws-outage-*"])
    parts.arm()
    name, regions = "dws-outage-analytics", ("us-east-1", "eu-west-1")
    for region in regions:
        parts.send(of_region(region, bus_alarm(name)))
    parts.send(of_region("us-east-1", ok(name)))
    assert kept(parts) == {key_of(arn_of(name, region="eu-west-1"))}
    parts.send(of_region("eu-west-1", ok(name)))
    assert parts.record.open_incident is None


def contributor(one, **changes):
    """One series' change of state, of an alarm over many."""
    event = bus_alarm("dws-outage-many", **changes)
    event["detail-type"] = "CloudWatch Alarm Contributor State Change"
    event["detail"]["alarmContributor"] = {"id": one, "attributes": {"host": one}}
    del event["detail"]["previousState"]
    return event


def test_contributors_of_one_alarm_are_parts_of_their_own(parts):
    parts.arm()
    for one in ("a", "b"):
        parts.send(contributor(one))
    parts.send(contributor("a", state="OK", at=now()))
    assert kept(parts) == {key_of(f"{arn_of('dws-outage-many')} (b)")}


# A document that is bad for a while

BAD = {"bad": '{"mode": "auto", "alarms": ["dws-outage-*"]}', "no JSON": "{", "no object": "[]"}


@pytest.fixture(params=BAD)
def misconfigured(outage, request):
    """A pair whose document is bad."""
    outage.put_document("analytics", BAD[request.param])
    return outage


def told(parts, *codes):
    """How often people have heard of each reason since they were asked last."""
    return Counter(
        one.attributes["reason_code"]
        for one in parts.notices()
        if not codes or one.attributes["reason_code"] in codes
    )


def test_an_alarm_that_comes_while_the_document_is_bad_is_acted_upon_once_it_is_good(misconfigured):
    misconfigured.alarm()
    reconciled(misconfigured)
    misconfigured.put_pair()
    assert "submitted" in [one["decision"] for one in reconciled(misconfigured)]
    assert kept(misconfigured) == keys("dws-outage-analytics")
    reconciled(misconfigured)
    assert misconfigured.posts == 1


def test_a_contributor_that_comes_while_the_document_is_bad_is_acted_upon_too(outage):
    """Its event says nothing of the state before."""
    outage.put_document("analytics", '{"alarms": ["dws-outage-*"], "mode": "auto"}')
    outage.send(contributor("a"))
    outage.put_pair()
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


def test_what_is_ok_again_when_the_document_is_good_is_no_reason_to_act(misconfigured):
    misconfigured.alarm(at=now(seconds=-2))
    misconfigured.send(ok("dws-outage-analytics"))
    misconfigured.put_pair()
    misconfigured.emulator.restore_production()
    reconciled(misconfigured)
    assert (kept(misconfigured), misconfigured.posts) == (set(), 0)


def test_what_is_too_old_when_the_document_is_good_is_told_once(misconfigured):
    misconfigured.emulator.restore_production()
    misconfigured.alarm()
    misconfigured.let_pass(16 * 60)
    misconfigured.put_pair()
    for _ in range(3):
        misconfigured.send({"command": "reconcile"})
    assert told(misconfigured, "too_old") == {"too_old": 1}
    assert (kept(misconfigured), misconfigured.ledger.alarms.pending()) == (set(), ())


def test_what_has_waited_too_long_for_a_document_is_told_once(misconfigured):
    misconfigured.alarm()
    for _ in range(3):
        misconfigured.let_pass(30 * 60 + 1)
        misconfigured.send({"command": "reconcile"})
    assert told(misconfigured, "waiting_too_old") == {"waiting_too_old": 1}
    assert misconfigured.ledger.alarms.pending() == ()


def test_what_may_have_been_meant_for_a_document_that_nobody_can_read_is_told_once_a_day(parts):
    """Every alarm waits for it, whoever else lists it: a storm is no storm of messages."""
    parts.put_document("dark", "{")
    alarms = [bus_alarm(f"other-{s}", at=now(seconds=-s)) for s in range(1, 21)]
    parts.send(records(*alarms))
    for _ in range(2):
        parts.let_pass(3601)
        parts.send({"command": "reconcile"})
    assert told(parts, "waiting_too_old") == {"waiting_too_old": 1}
    assert parts.ledger.alarms.pending() == ()


def test_that_an_alarm_waits_is_told_at_once_and_once(outage):
    outage.put_document("analytics", BAD["bad"])
    event = bus_alarm("dws-outage-analytics")
    answers = [outage.send(event)["results"] for _ in range(2)]
    assert {one["reason_code"] for (one,) in answers} == {"invalid_pair"}
    assert told(outage) == {"invalid_pair": 1}


def test_an_alarm_whose_document_has_another_name_by_now_is_acted_upon(misconfigured):
    misconfigured.alarm()
    parameters = misconfigured.aws.client("ssm")
    parameters.delete_parameter(Name=f"{misconfigured.path}/analytics")
    misconfigured.put_pair("warehouse")
    reconciled(misconfigured)
    assert (kept(misconfigured), misconfigured.posts) == (keys("dws-outage-analytics"), 1)


def test_trouble_with_one_alarm_that_waits_keeps_no_other_out(outage):
    """The table holds of another pair what nobody can read."""
    other = outage.emulator.add_pair().id
    document = '{"mode": "auto", "alarms": ["dws-outage-other"]}'
    outage.put_document("aaa", document)
    outage.put_document("analytics", BAD["bad"])
    outage.alarm("dws-outage-other", at=now(seconds=-5))
    outage.alarm()
    damage(outage, other)
    outage.put_pair("aaa", disaster_recovery_id=other, alarms=["dws-outage-other"])
    outage.put_pair()
    outage.send({"command": "reconcile"})
    assert (keys("dws-outage-analytics") <= kept(outage), outage.posts) == (True, 1)
    assert [one.alarm.name for one in outage.ledger.alarms.pending()] == ["dws-outage-other"]


# Copies, in any order


def test_a_late_copy_of_an_alarm_that_is_ok_again_opens_nothing(parts):
    parts.arm()
    event = bus_alarm("dws-outage-analytics")
    parts.send(event)
    parts.send(ok("dws-outage-analytics"))
    (result,) = parts.send(event)["results"]
    assert (result["decision"], result["reason_code"]) == ("ignored", "repeated")
    assert parts.record.open_incident is None


def test_a_copy_of_an_alarm_changes_nothing_of_its_incident(parts):
    parts.arm()
    event = bus_alarm("dws-outage-analytics")
    parts.send(event)
    before = parts.record.incident
    for _ in range(3):
        parts.send(event)
    after = parts.record.incident
    assert (after.joins, after.retry_until, after.alarms) == (
        before.joins, before.retry_until, before.alarms,
    )  # fmt: skip


def test_an_ok_from_before_an_alarm_ends_nothing(parts):
    parts.arm()
    late = ok("dws-outage-analytics")
    parts.send(bus_alarm("dws-outage-analytics", at=now(seconds=1)))
    parts.send(late)
    assert kept(parts) == keys("dws-outage-analytics")


@pytest.mark.parametrize("last", ["OK", "ALARM"])
def test_in_whatever_order_they_come_the_newest_transition_decides(parts, last):
    parts.arm()
    states = ["ALARM", "OK", "ALARM", "OK"][: 3 if last == "ALARM" else 4]
    names = many(0)
    for number, order in enumerate(permutations(range(len(states)))):
        names.append(f"dws-outage-{number}")
        begin = now(seconds=-60)
        for turn in (*order, order[0]):
            at, state = begin + timedelta(seconds=turn), states[turn]
            previous = "OK" if state == "ALARM" else "ALARM"
            parts.take(bus_alarm(names[-1], at=at, state=state, previous=previous))
    assert kept(parts) == (keys(*names) if last == "ALARM" else set())


# A queue's records


def test_a_record_of_which_a_write_fails_comes_again_and_is_acted_upon(outage):
    """Five minutes later: it must not be too old by then."""
    alarm = bus_alarm("dws-outage-analytics")
    adapters = with_table(outage, interrupted("incident", LOST))
    failed = app.respond(parse(queue(alarm)), adapters, outage.context)
    assert failed == {"batchItemFailures": [{"itemIdentifier": "q-0"}]}
    outage.let_pass(300)
    assert outage.send(queue(alarm, received=2)) == {"batchItemFailures": []}
    assert outage.record.run.state is RunState.SUBMITTED
    assert told(outage) == {"accepted": 1}


def test_a_record_that_comes_again_after_it_was_acted_upon_is_not_told_as_too_old(outage):
    """Its first delivery has stored it; only its answer was lost."""
    alarm = bus_alarm("dws-outage-analytics")
    outage.send(queue(alarm))
    outage.notices()
    outage.let_pass(1000)
    outage.send(queue(alarm, received=2))
    assert told(outage) == {}


def test_a_record_that_fails_keeps_no_other_of_its_batch_out(parts):
    parts.arm()
    alarms = [bus_alarm(name) for name in many(3)]
    adapters = with_table(parts, interrupted("incident", LOST))
    failed = app.respond(parse(queue(*alarms)), adapters, parts.context)
    assert failed == {"batchItemFailures": [{"itemIdentifier": "q-0"}]}
    assert kept(parts) == keys(*many(3)[1:])


# Muted


def released(name="dws-outage-analytics"):
    """A composite alarm's own action, after its suppressor has let it go."""
    event = bus_alarm(name, previous="ALARM", at=now())
    event["detail"]["previousState"]["actionsSuppressedBy"] = "WaitPeriod"
    return event


def both_witnesses(parts):
    """The cluster has failed, and its probe, which was answered before, is not any more."""
    production = parts.roles.production_cluster_id
    parts.put_pair(probes={production: "127.0.0.1:9"})
    observations = parts.record.observations
    seen = replace(observations, probe_up_at={production: now(minutes=-5)})
    parts.ledger.save_observations(parts.emulator.pair.id, seen)
    parts.probe = lambda _: False


def test_a_muted_alarm_is_ignored_and_told_once_whatever_number_of_copies_comes(outage):
    event = muted()
    answers = [outage.send(event)["results"][0] for _ in range(3)]
    assert {one["decision"] for one in answers} == {"ignored"}
    assert answers[0]["reason_code"] == "muted"
    assert told(outage) == {"muted": 1}


def test_a_muted_alarm_never_orders(outage):
    """Nor do the witnesses by themselves: somebody is at work."""
    both_witnesses(outage)
    outage.send(muted())
    for _ in range(3):
        reconciled(outage)
    assert (outage.posts, outage.record.open_incident) == (0, None)


def test_without_the_mute_the_same_outage_is_failed_over(outage):
    both_witnesses(outage)
    outage.send(muted())
    outage.send(ok("dws-outage-analytics"))
    reconciled(outage)
    assert outage.posts == 1


def test_a_mute_that_takes_an_incidents_last_alarm_says_that_this_incident_is_over(parts):
    parts.arm()
    parts.alarm(at=now(seconds=-2))
    incident = parts.record.open_incident
    parts.notices()
    (result,) = parts.send(muted())["results"]
    assert (result["reason_code"], result["incident_id"]) == ("muted", incident.incident_id)
    assert "its incident is over" in result["reason"]
    assert parts.record.open_incident is None


def test_the_release_of_a_muted_alarm_is_its_transition(outage):
    outage.send(muted(at=now(seconds=-2)))
    (result,) = outage.send(released())["results"]
    assert (result["decision"], outage.posts) == ("submitted", 1)
    assert outage.record.pair_state.muted == frozenset()


def test_the_end_of_a_mutes_window_releases_what_is_still_in_alarm(outage):
    outage.send(muted())
    reconciled(outage, after_s=59 * 60)
    assert outage.posts == 0
    for _ in range(2):
        reconciled(outage, after_s=61)
    assert (outage.posts, kept(outage)) == (1, keys("dws-outage-analytics"))


def test_the_end_of_a_mutes_window_releases_nothing_that_is_ok(parts):
    parts.arm()
    parts.send(muted(at=now(seconds=-2)))
    parts.send(ok("dws-outage-analytics"))
    reconciled(parts, after_s=61 * 60)
    assert parts.record.incident is None


def test_an_alarm_that_turns_again_while_it_is_muted_is_no_reason_to_act_any_more(outage):
    """Its OK in between has been overtaken, and is too old when it comes."""
    outage.put_pair(mode="observe")
    outage.alarm(at=now(seconds=-20))
    outage.send(muted())
    outage.send(ok("dws-outage-analytics", at=now(seconds=-9)))
    outage.put_pair()
    reconciled(outage)
    assert (outage.posts, kept(outage)) == (0, set())


# Crowds


def test_700_long_names_that_join_do_not_break_an_incident(parts):
    parts.arm()
    names = many(700, "dws-outage-" + "n" * 230)
    for first in range(0, 700, 100):
        batch = [notification(bus_alarm(name)) for name in names[first : first + 100]]
        assert parts.send(queue(*batch)) == {"batchItemFailures": []}
    incident = parts.record.open_incident
    assert incident.is_crowded
    assert incident.alarms < keys(*names)
    assert parts.alarm("dws-outage-last")[0]["incident_id"] == incident.incident_id
    assert parts.send(ok(names[0]))["results"][0]["decision"] == "ignored"
    assert parts.record.open_incident is not None


def details(parts):
    return [call.operation for call in parts.emulator.journal].count("detail")


def test_20_alarms_that_join_at_once_are_assessed_once(parts):
    """The first of them reads for a while; the others wait for what it decides."""
    parts.arm()
    parts.alarm("dws-outage-first")
    parts.let_pass(20)
    before = details(parts)
    parts.emulator.fault("detail", "stall", seconds=2)
    patient = replace(parts.adapters, wait=time.sleep)

    def take(name):
        event = parse(bus_alarm(name, at=now(seconds=19)))
        (result,) = app.Invocation(patient, parts.context).answer(event)
        return result.reason_code

    answers = at_once(*(partial(take, name) for name in many(20)))
    assert Counter(answers) == {"assessed": 19, "production_down": 1}
    assert details(parts) - before == 1
    assert keys(*many(20)) <= kept(parts)


@pytest.mark.parametrize("wrap", [records, queue], ids=["SNS", "SQS"])
@pytest.mark.parametrize("is_open", [False, True], ids=["opening", "joining"])
def test_20_alarms_of_one_event_are_assessed_once(parts, wrap, is_open):
    parts.arm()
    if is_open:
        parts.alarm("dws-outage-first")
        parts.let_pass(20)
    before = details(parts)
    parts.send(wrap(*(bus_alarm(name, at=now(seconds=19 * is_open - 1)) for name in many(20))))
    assert details(parts) - before == 1
    assert keys(*many(20)) <= kept(parts)


def test_60_alarms_that_no_pair_lists_are_one_message_a_day(parts):
    at_once(*(taking(parts, bus_alarm(name)) for name in many(30, "other")))
    parts.send(records(*(bus_alarm(name) for name in many(30, "another"))))
    assert told(parts) == {"not_listed": 1}
    parts.let_pass(24 * 3600)
    parts.send(bus_alarm("other-0", at=now(days=1)))
    assert told(parts) == {"not_listed": 1}


def test_a_release_that_is_dated_in_the_future_is_no_release(parts):
    """Whoever may send alarms could open an incident that belongs to no run, years ahead."""
    parts.arm()
    parts.send(muted("dws-outage-x"))
    (result,) = parts.alarm("dws-outage-x", at=now(days=1))
    assert (result["reason_code"], parts.record.open_incident) == ("in_the_future", None)


def test_an_alarm_that_its_bus_has_brought_too_late_is_told(parts):
    """EventBridge tries for a quarter of an hour, then Lambda does, and neither says so."""
    parts.arm()
    parts.alarm(at=now(minutes=-25))
    assert told(parts, "too_old") == {"too_old": 1}


def test_one_of_long_ago_is_tried_out_and_told_to_nobody(parts):
    parts.arm()
    parts.alarm(at=now(days=-30))
    assert not told(parts, "too_old")


# Alarms without data


def test_each_alarm_without_data_is_told_once_a_day(parts):
    """The day's word of one alarm must not hide that another one could not tell an outage."""
    for name in ("dws-outage-second", "dws-outage-main", "dws-outage-main"):
        parts.alarm(name, state="INSUFFICIENT_DATA")
    told = [one.result["reason"] for one in parts.notices()]
    assert [reason.split("»")[0].split("«")[-1] for reason in told] == [
        "dws-outage-second",
        "dws-outage-main",
    ]
