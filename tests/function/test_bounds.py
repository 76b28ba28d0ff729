"""Whoever may send alarms may send any number of them, of any time: that stays bounded."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from crowd import kept, muted
from envelopes import queue
from interruptions import step_of, with_table
from parts import arn_of, bus_alarm, command, now
from situations import INCIDENT
from steps import reconciled

from handler import app
from handler.errors import Conflict
from handler.events import parse
from handler.model.alarm_history import LastTransition, PendingAlarm
from handler.model.signals import Alarm


def contributors(number, name="dws-outage-analytics", **changes):
    """One alarm's time series, each with an alarm of its own."""
    return [bus_alarm(name, alarmContributor={"id": str(n)}, **changes) for n in range(number)]


def told(parts):
    """How often people have heard which code since they were asked last."""
    return Counter(one.result["reason_code"] for one in parts.notices())


# Too old


def test_what_comes_too_late_is_told_once_in_ten_minutes(parts):
    parts.arm()
    parts.send(queue(*contributors(20, at=now(minutes=-20)), received=2))
    (notice,) = parts.notices()
    assert notice.result["reason"].endswith("further ones of these ten minutes are in the log only")
    parts.let_pass(600)
    parts.send(queue(*contributors(20, "dws-outage-late", at=now(minutes=-20)), received=2))
    assert told(parts) == {"too_old": 1}


# Bad documents


def test_alarms_of_other_times_do_not_use_up_what_is_told_of_a_bad_document(parts):
    """It is told of the ten minutes in which it comes, whatever time an alarm says."""
    parts.arm()
    parts.put_pair(mode="auto")
    parts.send(queue(*(bus_alarm(f"dws-outage-{n}", at=now(minutes=n)) for n in range(-60, 5, 5))))
    assert told(parts)["invalid_pair"] == 1
    parts.let_pass(1800)
    (result,) = parts.alarm(at=now() + timedelta(minutes=30))
    assert (result["decision"], told(parts)["invalid_pair"]) == ("blocked", 1)


# Waiting for a document


LONG_AFTER = datetime(8990, 1, 1, tzinfo=UTC)


def calls_of(parts, event, what):
    """The calls of the table that say so, as an invocation makes them; by their names."""
    calls = Counter()

    def counting(name, call):
        def counted(**kwargs):
            calls[name] += what in str(kwargs)
            return call(**kwargs)

        return counted

    app.respond(parse(event), with_table(parts, counting), parts.context)
    return +calls


@pytest.mark.parametrize("document", ['{"alarms": 7}', '{"mode": "auto"}', None])
@pytest.mark.parametrize("state", ["ALARM", "OK"])
def test_what_lies_far_ahead_waits_for_no_document(parts, document, state):
    parts.put_document("analytics", document or "{}")
    if document is None:
        parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
        app.adapters.cache_clear()
    event = bus_alarm("dws-outage-analytics", state=state, previous=None, at=LONG_AFTER)
    event["detail"].pop("previousState")
    parts.send(event)
    assert parts.ledger.alarms.pending() == ()


def test_for_one_document_a_hundred_alarms_wait_and_a_hundred_oks(parts):
    """OKs of any number keep no alarm out."""
    parts.put_document("mine", '{"alarms": 7}')
    for state, before in (("OK", "ALARM"), ("ALARM", "OK")):
        for name in ("a", "b"):
            parts.send(queue(*contributors(60, name, state=state, previous=before)))
    waiting = Counter(one.alarm.state for one in parts.ledger.alarms.pending())
    assert waiting == {"OK": 100, "ALARM": 100}


def test_of_a_bad_document_it_is_told_though_no_more_alarms_may_wait_for_it(parts):
    parts.put_pair(mode="auto")
    for name in ("a", "b"):
        parts.send(queue(*contributors(50, f"dws-outage-{name}")))
    parts.let_pass(600)
    parts.notices()
    parts.alarm("dws-outage-last", at=now(minutes=10))
    assert told(parts)["invalid_pair"] == 1


def test_alarms_that_only_wait_cost_reconcile_one_read_of_what_is_open(parts):
    parts.arm()
    oks = contributors(30, "nobodys", state="OK", previous="ALARM")
    before = calls_of(parts, {"command": "reconcile"}, "work#")
    parts.send(queue(*oks))
    after = calls_of(parts, {"command": "reconcile"}, "work#")
    assert after["query"] - before["query"] == 1


def test_alarms_are_taken_up_for_a_share_of_reconciles_time(outage):
    """However many wait, the pairs have their turns; what is left comes a minute later."""
    outage.put_pair("other", disaster_recovery_id=str(uuid4()), alarms=7)
    outage.send(queue(*contributors(30, "another")))
    outage.put_pair("other", disaster_recovery_id=str(uuid4()), alarms=["another"])

    def slow(_, call):
        def slowed(**kwargs):
            outage.ahead += timedelta(seconds=1) * ("waiting#" in str(kwargs.get("TransactItems")))
            return call(**kwargs)

        return slowed

    results = app.respond(parse({"command": "reconcile"}), with_table(outage, slow), outage.context)
    assert 0 < len(outage.ledger.alarms.pending()) < 30
    assert "analytics" in {one["pair"] for one in results["results"]}


def test_what_waits_under_any_key_can_be_removed(parts):
    """What is read of a time is bounded; its key is as it was written."""
    alarm = Alarm("sqs", "a", arn_of("a"), "ALARM", "OK", LONG_AFTER)
    parts.ledger.alarms.keep_pending(PendingAlarm("gone", alarm), None)
    reconciled(parts, after_s=0)
    assert parts.ledger.alarms.pending() == ()


def test_what_an_alarm_calls_its_state_of_before_is_not_kept_at_any_length(parts):
    parts.send(bus_alarm("nobodys", previous="n" * 200_000))
    (waiting,) = parts.ledger.alarms.pending()
    assert len(waiting.alarm.previous_state) < 100


# Muted


LONG = {"mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:ops"}
FAR_AHEAD = {**LONG, "muteWindowEnd": "8990-01-01T00:00:00Z"}


def test_what_is_muted_is_told_once_in_ten_minutes(parts):
    parts.arm()
    parts.send(queue(*contributors(20, muteDetail=LONG)))
    (notice,) = parts.notices()
    assert notice.result["reason"].endswith("further ones of these ten minutes are in the log only")
    parts.let_pass(600)
    parts.send(queue(*contributors(20, "dws-outage-b", muteDetail=LONG)))
    assert told(parts) == {"muted": 1}


def test_that_an_incident_is_over_is_told_though_another_mute_was_told_just_before(parts):
    parts.arm()
    parts.send(muted("dws-outage-first"))
    parts.alarm("dws-outage-second", at=now(seconds=-2))
    ended = parts.record.open_incident
    parts.notices()
    parts.send(muted("dws-outage-second"))
    (notice,) = parts.notices()
    assert notice.result["incident_id"] == ended.incident_id


def test_of_one_pair_a_hundred_muted_alarms_are_kept_and_that_there_are_more_is_told_once(parts):
    parts.arm()
    for name in ("a", "b"):
        parts.send(queue(*contributors(70, f"dws-outage-{name}", muteDetail=LONG)))
    reasons = [one.result["reason"] for one in parts.notices()]
    assert sum("more than 100 alarms of the pair are muted" in one for one in reasons) == 1
    assert len(parts.record.pair_state.muted) == 100
    status = parts.send({"command": "status", "pair": "analytics"})
    assert "MUTED: more than 100 alarms in ALARM order nothing" in status["reason"]


def crowded(parts):
    """More alarms of the pair are muted than it keeps, and those that it keeps are OK by now."""
    id_ = parts.emulator.pair.id
    parts.send(queue(*contributors(101, muteDetail=LONG)))
    parts.ledger.alarms.forget_muted(id_, *parts.record.pair_state.muted)


def test_the_witnesses_open_no_watch_beside_muted_alarms_that_are_not_kept(outage):
    crowded(outage)
    with pytest.raises(Conflict):
        outage.ledger.incidents.open(INCIDENT, outage.record.pair_state)
    assert outage.record.pair_state.has_muted


def test_once_no_muted_alarm_is_kept_the_witnesses_are_heard_again(outage):
    outage.let_pass(30)
    crowded(outage)
    for _ in range(3):
        reconciled(outage)
    assert not outage.record.pair_state.has_muted
    assert outage.posts == 1


def test_a_mute_lasts_no_longer_than_one_can(outage):
    """CloudWatch, API reference, "Schedule": 15 days at most."""
    outage.put_pair(mode="observe")
    outage.alarm(muteDetail=FAR_AHEAD)
    heard = outage.ledger.alarms.last(outage.emulator.pair.id, *outage.record.pair_state.muted)
    assert timedelta(days=14) < heard.mute_ends_at - now() <= timedelta(days=15)


def suppressed(parts):
    """A composite alarm whose suppressor says no end; that it is deleted then, no bus tells."""
    event = bus_alarm("dws-outage-analytics-v1", configuration={"actionsSuppressor": "works"})
    event["detail"]["state"]["actionsSuppressedBy"] = "Alarm"
    assert parts.send(event)["results"][0]["reason_code"] == "muted"


def test_a_mute_that_says_no_end_lasts_no_longer_either(parts):
    parts.arm()
    suppressed(parts)
    for day in range(15):
        assert parts.record.pair_state.has_muted, day
        reconciled(parts, after_s=86_400)
    reconciled(parts)
    assert not parts.record.pair_state.has_muted


def test_after_that_the_witnesses_are_heard_again(parts):
    parts.arm()
    suppressed(parts)
    for _ in range(2):
        reconciled(parts, after_s=16 * 86_400)
        reconciled(parts)
    parts.emulator.set_pair(last_sync=now() + parts.ahead, status="abnormal")
    parts.emulator.break_production()
    for _ in range(3):
        reconciled(parts)
    assert parts.posts == 1


def test_what_is_remembered_of_an_alarm_that_is_not_muted_expires_as_ever():
    heard = LastTransition("an alarm", "outage", "ALARM", now())
    assert heard.mute_ends_at is None


def test_what_is_muted_costs_reconcile_one_read_and_not_one_for_each(parts):
    parts.arm()
    parts.send(queue(*contributors(60, muteDetail=LONG)))
    assert calls_of(parts, {"command": "reconcile"}, "alarm#") == {"batch_get_item": 1}


def test_of_mutes_that_are_over_together_some_call_each_minute(parts):
    parts.arm()
    end = {"muteWindowEnd": now(seconds=30).isoformat()}
    parts.send(queue(*contributors(30, muteDetail={**LONG, **end})))
    reconciled(parts, after_s=60)
    assert (len(kept(parts)), len(parts.record.pair_state.muted)) == (20, 10)
    reconciled(parts, after_s=60)
    assert (len(kept(parts)), parts.record.pair_state.has_muted) == (30, False)


def test_a_muted_alarm_that_is_kept_already_writes_nothing_to_its_pair(parts):
    """Not even a condition: whoever claims meanwhile would meet it."""
    parts.arm()
    parts.send(muted(at=now(seconds=-5)))
    touched = []

    def noting(_, call):
        def noted(**kwargs):
            touched.extend(str(one) for one in kwargs.get("TransactItems", ()))
            return call(**kwargs)

        return noted

    app.respond(parse(muted(at=now())), with_table(parts, noting), parts.context)
    assert touched
    assert not any("state#pair" in one for one in touched)


def muting_before_each_claim(parts):
    """Another alarm of the pair is muted just before each claim is written; for `with_table`."""
    numbers = count()

    def interrupt(name, call):
        def meddled(**kwargs):
            if step_of(name, kwargs) == "claim":
                parts.take(muted(f"dws-outage-{next(numbers)}"))
            return call(**kwargs)

        return meddled

    return interrupt


def test_what_is_muted_before_each_try_of_a_claim_keeps_no_order_out(outage):
    adapters = with_table(outage, muting_before_each_claim(outage))
    result = app.respond(parse(command()), adapters, outage.context)
    assert (result["decision"], outage.posts) == ("submitted", 1)
