"""Promises between two steps: what changes between a read and the write that rests on it."""

from parts import arn_of, bus_alarm, now
from test_acknowledging import acknowledged
from test_interrupted import LOST, after, step_of, take, with_table
from test_settled import pass_time, reconciled

from handler.events import parse
from handler.heard import key_of
from handler.run import RunState

BAD = '{"disaster_recovery_id": "%s", "alarms": ["dws-outage-*"], "mode": 7}'


def muted(name, until=None, **changes):
    detail = {"mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:works"}
    if until:
        detail["muteWindowEnd"] = until.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return bus_alarm(name, muteDetail=detail, **changes)


def heard_of(parts, name):
    return parts.ledger.heard(parts.emulator.pair.id, key_of(arn_of(name)))


def test_two_alarms_of_one_second_wait_both_for_a_good_document(outage):
    """§4: "A listed alarm is stored before anything else is asked ... and also while its pair's
    document is bad." The second one of the same second is dropped: its notice's id is taken.
    """
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    at = now(seconds=-5).replace(microsecond=100_000)
    outage.send(bus_alarm("dws-outage-a", at=at))
    outage.send(bus_alarm("dws-outage-b", at=at.replace(microsecond=700_000)))
    names = {one.alarm.name for one in outage.ledger.waiting()}
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
    """§2: "All state is keyed by the DR id; the name is a label." Promise 2, "Never silent"."""
    outage.put_document("analytics", BAD % outage.emulator.pair.id)
    outage.alarm()
    outage.notices()
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    outage.put_pair("analytics-2")
    outage.send({"command": "reconcile"})
    told = [notice.result["reason_code"] for notice in outage.notices()]
    assert outage.ledger.waiting() == ()
    assert outage.record.incident is not None or "waiting_too_old" in told, told


def test_a_waiting_alarm_of_one_pair_is_taken_though_anothers_cannot_be(outage):
    """§8: "one pair's trouble, of whatever kind, never ends the others' turn"."""
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
    from handler.heard import Waiting

    (alarm,) = parse(bus_alarm("dws-outage-analytics", at=now(seconds=-30)))
    outage.ledger.keep_waiting(Waiting("broken", alarm), None)
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
    """§1: "Incident: a stored reason to act"; §4: "OK ends its part of an incident". People have
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
    """§4: "Muted alarms ... are stored, answered `ignored` (`muted`), told once, and never order"."""
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
    """§4: only "an alarm that a pair lists ... opens an incident"."""
    parts.arm()
    parts.send(muted("dws-outage-analytics", until=now(seconds=30)))
    parts.put_pair(alarms=["another"])
    parts.let_pass(60)
    parts.send({"command": "reconcile"})
    assert (parts.record.incident, parts.record.standing.muted) == (None, frozenset())


def test_one_exchange_is_not_told_as_the_doing_of_two_orders(outage):
    """§9, what people are told must be so: after the second order has been proved, the first one,
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
    """§6, armed: overridable, "but not after a `succeeded` run or a change that was not ours"."""
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
    """§6, armed: overridable, "but not after a `succeeded` run". The second acknowledgement, of an
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
    """§1: "Expected roles: ... as last seen in health or acknowledged"; nothing has shown the old
    roles since. (Reconcile was away for the minutes of a planned switchover.)
    """
    before = parts.roles
    parts.arm(looked_at=now(minutes=-5), agreed_roles=before, agreed_times=3)
    parts.emulator.set_pair(is_exchanged=True)
    assert parts.roles == before.exchanged
    assert acknowledged(parts)["decision"] == "acknowledged"
    assert parts.record.standing.roles == before.exchanged
    parts.send({"command": "reconcile"})
    assert parts.record.standing.roles == before.exchanged


def test_two_different_notices_do_not_share_their_id(outage):
    """§9: "copies share their `notice_id` and can only follow a crash between publishing and
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
    """§4: "of each part the newest transition is remembered: older ones and copies change nothing"."""
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
    """§4, acknowledge: "Refused while switching". One picture that lags hides it."""
    outage.emulator.vary(switching_s=3600)
    (result,) = outage.alarm()
    outage.let_pass(11 * 60)
    outage.emulator.vary(detail_lag_s=12 * 60)
    refused = acknowledged(outage, run_id=result["run_id"])
    assert (refused["decision"], refused["reason_code"]) == ("refused", "switching")
