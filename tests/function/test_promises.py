"""Promises between two steps: what changes between a read and the write that rests on it."""

from dataclasses import replace

import pytest
from interruptions import LOST, after, step_of, take, with_table
from neighbours import TROUBLED, beside, put_troubled
from parts import arn_of, bus_alarm, json, now
from steps import acknowledged, pass_time, reconciled

from handler import app
from handler.aws.writes import changed
from handler.commands.reconcile import look, one_pair
from handler.events import parse
from handler.model.alarm_history import key_of
from handler.model.run import RunState

BAD = '{"disaster_recovery_id": "%s", "alarms": ["dws-outage-*"], "mode": 7}'


def muted(name, until=None, **changes):
    detail = {"mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:works"}
    if until:
        detail["muteWindowEnd"] = until.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return bus_alarm(name, muteDetail=detail, **changes)


def heard_of(parts, name):
    return parts.ledger.alarms.last(parts.emulator.pair.id, key_of(arn_of(name)))


def test_two_alarms_of_one_second_wait_both_for_a_good_document(outage):
    """Events: "A listed alarm is stored before anything else is asked ... and also while its pair's
    document is bad." The second one of the same second is dropped: its notice's id is taken.
    """
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    at = now(seconds=-5).replace(microsecond=100_000)
    outage.send(bus_alarm("dws-outage-a", at=at))
    outage.send(bus_alarm("dws-outage-b", at=at.replace(microsecond=700_000)))
    names = {one.alarm.name for one in outage.ledger.alarms.pending()}
    assert names == {"dws-outage-a", "dws-outage-b"}


def test_so_the_second_ones_outage_is_forgotten_when_the_first_is_ok(outage):
    """Promise 4, "Never forgets": b is in ALARM, listed and young, and nothing pursues it."""
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    at = now(seconds=-5).replace(microsecond=100_000)
    outage.send(bus_alarm("dws-outage-a", at=at))
    outage.send(bus_alarm("dws-outage-b", at=at))
    outage.put_pair(mode="observe")
    outage.send({"command": "reconcile"})
    outage.send(bus_alarm("dws-outage-a", state="OK", previous="ALARM"))
    assert outage.record.open_incident is not None


def test_an_alarm_that_waits_is_not_lost_when_the_mended_document_has_another_name(outage):
    """Pairs: "All state is keyed by the DR id; the name is a label." Promise 2, "Never silent"."""
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    outage.alarm()
    outage.notices()
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    outage.put_pair("analytics-2")
    outage.send({"command": "reconcile"})
    told = [notice.result["reason_code"] for notice in outage.notices()]
    assert outage.ledger.alarms.pending() == ()
    assert outage.record.incident is not None or "waiting_too_old" in told, told


def test_a_waiting_alarm_of_one_pair_is_taken_though_anothers_cannot_be(outage):
    """Reconcile: "one pair's trouble, of whatever kind, never ends the others' turn"."""
    other = outage.emulator.add_pair()
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    outage.put_document("broken", BAD % other.id)
    outage.alarm(at=now(seconds=-2))
    outage.aws.client("dynamodb").put_item(
        TableName=outage.table,
        Item={
            "pk": {"S": other.id},
            "sk": {"S": "state#incident"},
            "state": {"S": "from a newer version"},
        },
    )
    outage.put_pair("broken", disaster_recovery_id=other.id)
    outage.put_pair()
    # The other pair's alarm is the older one.
    from handler.model.alarm_history import PendingAlarm

    (alarm,) = parse(bus_alarm("dws-outage-analytics", at=now(seconds=-30)))
    outage.ledger.alarms.keep_pending(PendingAlarm("broken", alarm), None)
    outage.send({"command": "reconcile"})
    assert outage.record.incident is not None


def meddled(parts, meddle, step="claim"):
    once = [True]

    def interrupt(name, call):
        def meddling(**kwargs):
            if step_of(name, kwargs) == step and once:
                once.pop()
                meddle()
            return call(**kwargs)

        return meddling

    return with_table(parts, interrupt)


def test_no_order_for_an_incident_that_has_ended_before_the_claim(outage):
    """Promises: "Incident: a stored reason to act"; Events: "OK ends its part of an incident". People have
    been told that the incident is over; a moment later its order is claimed and sent.
    """
    ok = []
    adapters = meddled(
        outage,
        lambda: ok.append(
            outage.send(bus_alarm("dws-outage-analytics", state="OK", previous="ALARM", at=now()))
        ),
    )
    result = take(outage, adapters)
    assert ok[0]["results"][0]["reason_code"] == "alarms_ok"
    assert (result.decision, outage.posts) != ("submitted", 1)


def test_a_muted_alarm_never_orders_though_its_incident_is_open(outage):
    """Events: "Muted alarms ... are stored, answered `ignored` (`muted`), told once, and never order"."""
    pausing = {
        "command": "pause", "pair": "analytics", "reason": "works", "requested_by": "ada",
        "until": now(hours=1).isoformat(),
    }  # fmt: skip
    outage.send(pausing)
    outage.alarm(at=now(seconds=-20))
    assert outage.posts == 0
    outage.send(bus_alarm("dws-outage-analytics", state="INSUFFICIENT_DATA", previous="ALARM"))
    (result,) = outage.send(muted("dws-outage-analytics", previous="INSUFFICIENT_DATA"))["results"]
    assert (result["decision"], result["reason_code"]) == ("ignored", "muted")
    assert "nothing is ordered for it" in result["reason"]
    outage.send({"command": "resume", "pair": "analytics", "reason": "x", "requested_by": "ada"})
    reconciled(outage)
    assert outage.posts == 0


def test_the_end_of_a_mute_is_none_of_a_pair_that_lists_the_alarm_no_more(parts):
    """Events: only "an alarm that a pair lists ... opens an incident"."""
    parts.arm()
    parts.send(muted("dws-outage-analytics", until=now(seconds=30)))
    parts.put_pair(alarms=["another"])
    parts.let_pass(60)
    parts.send({"command": "reconcile"})
    assert (parts.record.incident, parts.record.pair_state.muted) == (None, frozenset())


def test_one_exchange_is_not_told_as_the_doing_of_two_orders(outage):
    """Notifications, what people are told must be so: after the second order has been proved, the first one,
    whose hold a person overrode as it had not started, is told as executed late: CRITICAL.
    """
    outage.emulator.vary(switching_s=0)
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    for _ in range(20):
        reconciled(outage)
    first = outage.record.run
    outage.fail_over(override=["hold"], run_id=first.run_id)
    for _ in range(6):
        reconciled(outage)
    assert outage.record.run.state is RunState.SUCCEEDED
    told = [notice.result["reason_code"] for notice in outage.notices()]
    assert "executed_late" not in told


def armed_gate(parts):
    gates = parts.send({"command": "rehearse", "pair": "analytics"})["gates"]
    return next(gate for gate in gates if gate["gate"] == "armed")


def test_a_change_that_was_not_ours_stays_one_when_an_old_hold_is_acknowledged(outage):
    """Gates, armed: overridable, "but not after a `succeeded` run or a change that was not ours"."""
    outage.emulator.fault("failover", "cut", at="request")
    (result,) = outage.alarm()
    assert result["decision"] == "unknown"
    outage.emulator.restore_production()
    for _ in range(20):
        reconciled(outage)
    assert outage.record.run.state is RunState.NOT_STARTED
    # A person fails over at the console; reconcile has not learned it.
    outage.emulator.set_pair(is_exchanged=True)
    result = acknowledged(outage, run_id=outage.record.run.run_id)
    assert result["decision"] == "acknowledged"
    gate = armed_gate(outage)
    assert (gate["verdict"], gate["overridable"]) == ("refuse", False)


def test_after_a_success_it_cannot_be_overridden_whatever_else_is_acknowledged(outage):
    """Gates, armed: overridable, "but not after a `succeeded` run". The second acknowledgement, of an
    older hold, hides that the last change was a proved failover: the old production can be failed
    back to, though it never synchronised.
    """
    outage.emulator.vary(switching_s=0)
    outage.emulator.fault("failover", "cut", at="request")
    (result,) = outage.alarm()
    assert result["decision"] == "unknown"
    for _ in range(20):
        reconciled(outage)
    first = outage.record.run
    assert first.state is RunState.NOT_STARTED
    result = outage.fail_over(override=["hold"], run_id=first.run_id)
    assert result["decision"] == "submitted", result["reason"]
    for _ in range(2):
        reconciled(outage)
    second = outage.record.run
    pass_time(outage, minutes=10)
    assert second.state is RunState.SUCCEEDED
    assert acknowledged(outage, run_id=second.run_id)["decision"] == "acknowledged"
    assert armed_gate(outage)["overridable"] is False
    assert acknowledged(outage, run_id=first.run_id)["decision"] == "acknowledged"
    assert armed_gate(outage)["overridable"] is False


def test_what_a_person_acknowledges_is_not_undone_by_older_looks(parts):
    """Promises: "Expected roles: ... as last seen in health or acknowledged"; nothing has shown the old
    roles since. (Reconcile was away for the minutes of a planned switchover.)
    """
    before = parts.roles
    parts.arm(checked_at=now(minutes=-5), agreed_roles=before, agreed_times=3)
    parts.emulator.set_pair(is_exchanged=True)
    assert parts.roles == before.exchanged
    assert acknowledged(parts)["decision"] == "acknowledged"
    assert parts.record.pair_state.roles == before.exchanged
    parts.send({"command": "reconcile"})
    assert parts.record.pair_state.roles == before.exchanged


def test_two_different_notices_do_not_share_their_id(outage):
    """Notifications: "copies share their `notice_id` and can only follow a crash between publishing and
    marking": whoever drops copies drops the second one, which says something else.
    """
    outage.put_pair(mode="observe")
    take(outage, with_table(outage, after("incident", LOST)))
    reconciled(outage)
    told = {
        (notice.attributes["notice_id"], notice.attributes["reason_code"])
        for notice in outage.notices()
    }
    assert len({notice_id for notice_id, _ in told}) == len(told)


def test_a_copy_of_an_alarm_whose_clock_is_ahead_opens_nothing_after_its_ok(outage):
    """Events: "of each part the newest transition is remembered: older ones and copies change nothing"."""
    outage.put_pair(mode="observe")
    alarm = bus_alarm("dws-outage-analytics", at=now(seconds=200))
    outage.send(alarm)
    outage.send(
        bus_alarm("dws-outage-analytics", at=now(seconds=205), state="OK", previous="ALARM")
    )
    assert outage.record.open_incident is None
    outage.send(alarm)  # at least once, says every bus
    assert outage.record.open_incident is None


def test_an_acknowledgement_is_refused_while_the_list_shows_the_switching(outage):
    """Events, acknowledge: "Refused while switching". One picture that lags hides it."""
    outage.emulator.vary(switching_s=3600)
    (result,) = outage.alarm()
    outage.let_pass(11 * 60)
    outage.emulator.vary(detail_lag_s=12 * 60)
    refused = acknowledged(outage, run_id=result["run_id"])
    assert (refused["decision"], refused["reason_code"]) == ("refused", "switching")


def test_so_a_person_can_order_the_cluster_back_that_never_synchronised(outage):
    """The same, to its end: a second order is accepted, towards the old production that lacks all
    that was written since the failover. `armed` says that this cannot be overridden.
    """
    outage.emulator.vary(switching_s=0, heals_after_s=None)
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    for _ in range(20):
        reconciled(outage)
    first = outage.record.run
    outage.fail_over(override=["hold"], run_id=first.run_id)
    for _ in range(2):
        reconciled(outage)
    second = outage.record.run
    pass_time(outage, minutes=10)
    acknowledged(outage, run_id=second.run_id)
    acknowledged(outage, run_id=first.run_id)
    outage.emulator.restore_production()  # the old one lives, as standby; nothing synchronises
    reconciled(outage)
    outage.emulator.break_production()
    before = outage.posts
    result = outage.fail_over(override=["armed"])
    assert (result["decision"], outage.posts) == ("refused", before), result["reason"]


def test_a_document_older_than_30_s_is_read_again_before_acting(outage, monkeypatch):
    """Credentials: "Pair documents older than 30 s ... are read again before acting." A claim that others
    were in the way of (or a slow provider, or the pairs before this one in the same event) takes
    its time; the mode is `observe` by now, and the function orders by itself.
    """
    monkeypatch.setattr("handler.aws.pairs.MAX_AGE_S", 0)  # any reading would find the new one

    def meddle():
        outage.ledger.save_pair_state(outage.emulator.pair.id, outage.record.pair_state)
        put_document(outage, mode="observe")
        outage.let_pass(120)

    adapters = replace(meddled(outage, meddle), clock=lambda: now() + outage.ahead)
    result = take(outage, adapters)
    assert (result.decision, outage.posts) != ("submitted", 1)


def test_a_second_failover_of_one_pair_counts_for_the_rate_limit(outage, monkeypatch):
    """Gates, rate_limit: "fewer than `MaxFailoversPerHour` runs began by alarms in the last hour over
    all pairs". One an hour is allowed, and the same pair fails over twice in it.
    """
    monkeypatch.setenv("MAX_FAILOVERS_PER_HOUR", "1")
    app.adapters.cache_clear()
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        reconciled(outage)
    pass_time(outage, minutes=10)
    acknowledged(outage, run_id=outage.record.run.run_id)
    pair_state = outage.record.pair_state
    outage.ledger.save_pair_state(
        outage.emulator.pair.id, replace(pair_state, armed=True)
    )  # synchronised again
    outage.emulator.restore_production()
    outage.emulator.break_production()
    pass_time(outage, minutes=32)
    outage.alarm()
    assert outage.posts == 1


def test_a_bug_met_while_an_incident_is_pursued_is_told(outage):
    """Reconcile: "a bug is caught once per pair, told hourly (`internal_error`) and makes the invocation
    fail at its end" - pursuing is "one asynchronous self-invocation each", and there nobody tells.
    """
    outage.put_pair(mode="observe", probes={outage.emulator.pair.production_id: "127.0.0.1:1"})
    outage.send({"command": "pause", "pair": "*", "reason": "w", "requested_by": "a",
                 "until": now(hours=1).isoformat()})  # fmt: skip
    outage.alarm()
    outage.notices()

    def bug(_):
        raise RuntimeError("a bug")

    outage.probe = bug
    with pytest.raises(RuntimeError):
        outage.send({"command": "reconcile", "pair": "analytics"})
    assert "internal_error" in [notice.result["reason_code"] for notice in outage.notices()]


def test_what_cannot_be_read_of_a_pair_in_the_table_is_told(parts):
    """Promise 2, "what a person must know is notified"; promise 3, "Every refusal names its way
    out". An item of a newer version (a roll-back) or a restored one: the pair is not looked at any
    more, for ever, and nobody is told until an alarm comes and is lost to the failure queue.
    """
    parts.arm()
    parts.send({"command": "reconcile"})
    parts.notices()
    parts.aws.client("dynamodb").put_item(
        TableName=parts.table,
        Item={
            "pk": {"S": parts.emulator.pair.id},
            "sk": {"S": "state#incident"},
            "state": {"S": "from a newer version"},
        },
    )
    for _ in range(15):
        reconciled(parts)
    assert parts.notices() != []


def test_roles_that_others_change_a_second_time_are_told_again(parts):
    """Reconcile: "Roles changed by someone else -> `roles_changed`". There, back, and there again."""
    parts.arm()
    parts.emulator.vary(shown_status="abnormal", heals_after_s=None)

    def told_after(*, exchanged):
        parts.emulator.set_pair(is_exchanged=exchanged)
        parts.let_pass(3600)
        parts.send({"command": "reconcile"})
        return [n.result["reason_code"] for n in parts.notices()].count("roles_changed")

    assert told_after(exchanged=True) == 1
    assert told_after(exchanged=False) == 0
    assert told_after(exchanged=True) == 1


def test_the_lists_role_words_contradict_an_order_as_well():
    """Gates, roles: "by position and, where it says so, by the `role` values seen in health". The
    detail shows no words, the list says that the standby is production already.
    """
    from situations import PRODUCTION, STANDBY, evidence, member, shown, situation

    from handler.gates.assess import assess

    words = {"production": "primary", "standby": "standby"}
    item = shown(member(PRODUCTION, role="standby"), member(STANDBY, role="primary"))
    given = situation()
    given = replace(
        given,
        observations=replace(given.observations, role_words=words),
        evidence=evidence(item=item, detail=shown()),
    )
    assert not assess(given).may_act


def test_the_end_of_an_incident_is_not_told_as_if_no_order_were_on_its_way(outage):
    """Notifications: the text says "what happens next by itself". An order's outcome is unknown, and an INFO
    says "the incident is over: alarms are OK ... What happens next: Nothing."
    """
    outage.emulator.fault("failover", "cut", at="request")
    (result,) = outage.alarm()
    assert result["decision"] == "unknown"
    outage.notices()
    (result,) = outage.alarm(state="OK", previous="ALARM", at=now())
    told = [n for n in outage.notices() if n.result["reason_code"] == "alarms_ok"]
    assert outage.record.in_flight
    assert all(n.result["run_id"] for n in told), [n.subject for n in told]


def test_no_watch_is_opened_beside_a_mute_that_came_as_reconcile_looked(outage):
    """Events: "Muted alarms ... never order", and the notice says "while it is in ALARM the witnesses
    open no incident for this pair either": told while reconcile judges what it has read before.
    """
    outage.let_pass(30)
    record = outage.record
    ports = app.Invocation(outage.adapters, outage.context).ports
    pair = outage.adapters.pairs().good[0]
    seen = look.look_closely(ports, pair, record)
    outage.send(muted("dws-outage-analytics"))
    result = one_pair.judge(ports, pair, record, seen)
    assert outage.record.open_incident is None, result.reason


def test_a_mute_of_an_alarm_that_is_listed_no_more_stops_no_watch(outage):
    """Reconcile: "opens a `watch` incident by itself when ... one of them with the DR side
    corroborating". A pair that lists the muted alarm no more is not protected by the watch for as
    long as the mute is remembered (30 days), and no command ends that.
    """
    outage.send(muted("dws-outage-analytics"))
    outage.put_pair(alarms=["another"])
    outage.let_pass(30)
    for _ in range(3):
        outage.send({"command": "reconcile"})
    assert outage.record.open_incident is not None or outage.posts == 1


def test_not_failed_over_is_not_sent_after_the_failover_has_succeeded(outage):
    """Notifications, what people are told must be so: a refusal that SNS did not take is sent minutes after
    "now runs on its standby", with the subject "not failed over" and nothing that says it is late.
    """
    from interruptions import Killed, interrupted, unsent

    outage.emulator.vary(switching_s=0)
    outage.send({"command": "pause", "pair": "analytics", "reason": "w", "requested_by": "a",
                 "until": now(hours=1).isoformat()})  # fmt: skip
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("notice", Killed(), after=True)))
    assert len(unsent(outage)) == 1
    outage.send({"command": "resume", "pair": "analytics", "reason": "x", "requested_by": "a"})
    assert outage.fail_over()["decision"] == "submitted"
    for _ in range(3):
        reconciled(outage)
    assert outage.record.run.state is RunState.SUCCEEDED
    subjects = [notice.subject for notice in outage.notices()]
    assert not [s for s in subjects if "not failed over" in s], subjects


def test_a_hold_of_a_pair_without_document_can_be_ended_though_anothers_is_damaged(outage):
    """Reconcile: "one pair's trouble ... never ends the others' turn"; a hold must be endable."""
    other = outage.emulator.add_pair()
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    pass_time(outage, minutes=11)
    low = "00000000-0000-4000-8000-000000000000"
    table = outage.ledger._table
    table.write(changed(("*", f"work#{low}"), "ADD held :run", {":run": {"20260101T000000000Z-0"}}))
    outage.aws.client("dynamodb").put_item(
        TableName=outage.table,
        Item={"pk": {"S": low}, "sk": {"S": "state#incident"}, "state": {"S": "new"}},
    )
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    app.adapters.cache_clear()
    assert other
    result = acknowledged(outage, run_id=result["run_id"])
    assert result["decision"] == "acknowledged"


def test_no_order_on_a_stretch_of_down_that_an_ok_has_ended_meanwhile(outage):
    """Promise 3: "acts only if every gate passes on evidence just read". Down must have held for
    120 s; an OK that comes before the claim makes the stretch count anew (health.counted_anew), and
    the claim, which rests on pair and fleet only, does not see it.
    """
    outage.put_pair(production_down_for_s=120)
    observations = outage.record.observations
    down = {"down_of": outage.emulator.pair.production_id, "down_since": now(seconds=-200)}
    outage.ledger.save_observations(
        outage.emulator.pair.id, replace(observations, **down, down_seen_at=now(seconds=-20))
    )
    adapters = meddled(
        outage,
        lambda: outage.send(
            bus_alarm("dws-outage-analytics", state="OK", previous="ALARM", at=now())
        ),
    )
    take(outage, adapters)
    assert outage.posts == 0


def test_of_one_moment_the_alarm_waits_though_its_ok_came_before(outage):
    """Events: stored "also while its pair's document is bad". SMN's times are whole seconds: an OK and
    an ALARM of one moment have one key, and the ALARM is dropped.
    """
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    at = now(seconds=-5)
    outage.send(bus_alarm("dws-outage-analytics", at=at, state="OK", previous="ALARM"))
    outage.send(bus_alarm("dws-outage-analytics", at=at))
    assert "ALARM" in {one.alarm.state for one in outage.ledger.alarms.pending()}


def test_evidence_from_the_future_is_not_fresh(outage):
    """Gates, Age: "everything that the gates rest on is at most 10 s old". The clock is set back
    between reading and sending: nobody knows how old the evidence is, and it is sent as fresh.
    """

    def meddle():
        outage.ahead -= replace_span(minutes=1)

    adapters = replace(meddled(outage, meddle), clock=lambda: now() + outage.ahead)
    reads = len(outage.emulator.journal)
    take(outage, adapters)
    assert outage.posts == 1
    calls = [call.operation for call in outage.emulator.journal[reads:]]
    assert "failover" not in calls or "detail" in calls[4 : calls.index("failover")], calls


def replace_span(**span):
    return now(**span) - now()


def put_document(parts, **changes):
    """Another mode by now; the invocation that is at work goes on with its own caches."""
    document = {
        "disaster_recovery_id": parts.emulator.pair.id,
        "project_id": parts.emulator.project_id,
        "endpoint": parts.emulator.url,
        "credentials_secret": f"{parts.name}/credentials",
        "max_data_loss_s": 3600,
        "mode": "automatic",
        "alarms": ["dws-outage-*"],
        "production_down_for_s": 0,
        **changes,
    }
    parts.aws.client("ssm").put_parameter(
        Name=f"{parts.path}/analytics", Value=json.dumps(document), Type="String", Overwrite=True
    )


def test_an_ok_that_comes_while_the_document_is_gone_ends_its_incident_once_it_is_back(outage):
    """Promise 4: an open incident that is no watch has an alarm that is in ALARM."""
    outage.put_pair(mode="observe")
    outage.send(bus_alarm("dws-outage-a"))
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    app.adapters.cache_clear()
    (answer,) = outage.send(bus_alarm("dws-outage-a", state="OK", previous="ALARM"))["results"]
    assert (answer["decision"], answer["reason_code"]) == ("ignored", "ok")
    assert outage.record.open_incident is not None
    outage.put_pair(mode="observe")
    outage.send({"command": "reconcile"})
    assert outage.record.open_incident is None
    assert outage.record.incident.ended_because == "alarms_ok"


def test_so_does_one_whose_alarm_is_listed_no_more_when_it_is_back(outage):
    outage.put_pair(mode="observe")
    outage.send(bus_alarm("dws-outage-a"))
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    app.adapters.cache_clear()
    outage.send(bus_alarm("dws-outage-a", state="OK", previous="ALARM"))
    outage.put_pair(mode="observe", alarms=["something-else"])
    outage.send({"command": "reconcile"})
    assert outage.record.open_incident is None


@pytest.fixture
def neighbours(parts):
    """Two pairs that list one alarm, by which both have an open incident."""
    with beside(parts):
        parts.put_pair(alarms=["dws-region"])
        put_troubled(parts, alarms=["dws-region"])
        parts.send(bus_alarm("dws-region"))
        yield parts


def incident_beside(parts):
    return parts.ledger.read(TROUBLED).open_incident


def remove_troubled(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/accounts")
    app.adapters.cache_clear()


def test_an_ok_ends_the_part_of_a_pair_that_lists_it_no_more_though_another_does(neighbours):
    put_troubled(neighbours, alarms=["dws-another"])
    neighbours.send(bus_alarm("dws-region", state="OK", previous="ALARM"))
    assert incident_beside(neighbours) is None


@pytest.mark.parametrize("alarms", ["dws-region", "dws-another"])
def test_so_does_one_that_comes_while_its_document_is_gone_and_another_lists_it(neighbours, alarms):
    remove_troubled(neighbours)
    neighbours.send(bus_alarm("dws-region", state="OK", previous="ALARM"))
    put_troubled(neighbours, alarms=[alarms])
    neighbours.send({"command": "reconcile"})
    assert incident_beside(neighbours) is None


def test_it_waits_for_as_long_as_the_incident_is_open(neighbours):
    """`retry_for_s` may be four hours, and other alarms wait for one."""
    put_troubled(neighbours, alarms=["dws-region"], retry_for_s=14400)
    neighbours.send(bus_alarm("dws-region-again"))
    remove_troubled(neighbours)
    neighbours.send(bus_alarm("dws-region", state="OK", previous="ALARM"))
    pass_time(neighbours, minutes=59)
    neighbours.send({"command": "reconcile"})
    waiting = {one.alarm.name: one.alarm.state for one in neighbours.ledger.alarms.pending()}
    assert waiting["dws-region"] == "OK"


def test_an_alarm_after_that_ok_is_heard_too_once_the_document_is_back(outage):
    outage.put_pair(mode="observe")
    outage.send(bus_alarm("dws-outage-a", at=now(seconds=-9)))
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    app.adapters.cache_clear()
    outage.send(bus_alarm("dws-outage-a", at=now(seconds=-6), state="OK", previous="ALARM"))
    outage.send(bus_alarm("dws-outage-a", at=now(seconds=-3)))
    outage.put_pair(mode="observe")
    outage.send({"command": "reconcile"})
    assert key_of(arn_of("dws-outage-a")) in outage.record.open_incident.alarms
