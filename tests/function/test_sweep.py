"""What reconcile does by itself: it needs two words, and no old run blinds it."""

import pytest
from botocore.exceptions import EndpointConnectionError
from parts import command, now, signed
from steps import acknowledged, fail_alone, second_word

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.topic import Publisher
from handler.events import parse
from handler.model.run import RunState


def reconciled(parts, times=1, every_s=60):
    """What reconcile answers, a minute apart; the last of the answers."""
    for _ in range(times):
        parts.let_pass(every_s)
        (result,) = parts.send({"command": "reconcile"})["results"]
    return result


def alarm(parts, name="dws-outage-analytics", **changes):
    (result,) = parts.alarm(name, at=now() + parts.ahead, **changes)
    return result


def ok(parts, name="dws-outage-analytics"):
    return alarm(parts, name, state="OK", previous="ALARM")


def told(parts):
    """The codes of what has been told since, without what is about readiness."""
    codes = [notice.attributes["reason_code"] for notice in parts.notices()]
    return [code for code in codes if not code.startswith("readiness")]


@pytest.fixture
def armed(parts):
    parts.arm()
    return parts


# Two words


def test_after_its_alarms_are_ok_one_lone_witness_never_orders(armed):
    """Whoever said OK has said that production is up."""
    armed.put_pair(production_down_for_s=120)
    fail_alone(armed)
    assert alarm(armed)["decision"] == "refused"
    assert ok(armed)["reason_code"] == "alarms_ok"
    reconciled(armed, 10)
    assert (armed.record.open_incident, armed.posts) == (None, 0)


def test_one_lone_witness_without_any_alarm_never_orders_and_is_told_once(armed):
    fail_alone(armed)
    reconciled(armed, 10)
    assert (armed.record.incident, armed.posts) == (None, 0)
    assert told(armed) == ["lone_witness"]


def test_after_its_alarms_are_ok_two_words_are_counted_anew(armed):
    """Production was down for ten minutes before the OK: those do not count."""
    armed.put_pair(production_down_for_s=120)
    fail_alone(armed)
    reconciled(armed, 10)
    armed.put_pair(production_down_for_s=3600)
    alarm(armed)
    armed.put_pair(production_down_for_s=120)
    ok(armed)
    second_word(armed)
    reconciled(armed)
    assert (armed.record.open_incident.kind, armed.posts) == ("watch", 0)
    reconciled(armed)
    assert armed.posts == 0
    reconciled(armed)
    assert armed.posts == 1


def test_a_watch_whose_second_witness_falls_away_orders_nothing(armed):
    armed.put_pair(production_down_for_s=120)
    fail_alone(armed)
    second_word(armed)
    reconciled(armed)
    assert armed.record.open_incident.kind == "watch"
    second_word(armed, "running")
    result = reconciled(armed, 10)
    assert (result["decision"], result["reason_code"]) == ("refused", "production_down")
    assert "one witness alone, and no alarm" in result["reason"]
    assert armed.posts == 0


def test_a_watch_that_an_alarm_joins_needs_one_word_until_it_is_ok_again(armed):
    armed.put_pair(production_down_for_s=3600)
    fail_alone(armed)
    second_word(armed)
    reconciled(armed)
    second_word(armed, "running")
    alarm(armed)
    ok(armed)
    armed.put_pair(production_down_for_s=60)
    reconciled(armed, 5)
    assert (armed.record.open_incident.kind, armed.posts) == ("watch", 0)
    assert alarm(armed)["decision"] == "submitted"


def test_what_was_said_of_a_watch_is_told(armed):
    armed.put_pair(production_down_for_s=120)
    fail_alone(armed)
    second_word(armed)
    reconciled(armed)
    assert "production_down" in told(armed)


# Old runs


def fail_over(parts):
    """An outage, seen through to its end."""
    parts.emulator.vary(switching_s=0)
    parts.emulator.break_production()
    assert alarm(parts)["decision"] == "submitted"
    reconciled(parts, 2)
    assert parts.record.run.state is RunState.SUCCEEDED


def establish(parts):
    """Disaster recovery runs again with the exchanged roles, and is armed anew."""
    parts.emulator.restore_production()
    parts.emulator.pair.order("recovery", parts.emulator.clock.now())
    parts.let_pass(60)
    reconciled(parts, 8)
    assert parts.record.pair_state.armed
    assert parts.record.pair_state.roles == parts.roles


@pytest.fixture
def held(armed):
    """A week ago a failover succeeded; nobody has acknowledged it, and all is well again."""
    fail_over(armed)
    establish(armed)
    armed.let_pass(7 * 86_400)
    reconciled(armed)
    armed.emulator.vary(abnormal_after_s=0)
    assert armed.record.run.holds_pair
    armed.notices()
    return armed


def test_an_unacknowledged_run_of_last_week_does_not_blind_the_watch(held):
    held.emulator.break_production()
    result = reconciled(held)
    assert held.record.open_incident.kind == "watch"
    assert (result["decision"], held.posts) == ("refused", 1)
    refusing = {one["gate"] for one in result["gates"] if one["verdict"] != "pass"}
    assert refusing == {"hold"}


def test_a_person_hears_that_the_old_run_is_in_the_way(held):
    run_id = held.record.run.run_id
    held.emulator.break_production()
    reconciled(held)
    (notice,) = [one for one in held.notices() if one.attributes["decision"] == "refused"]
    assert notice.attributes["severity"] in ("warning", "critical")
    assert run_id in notice.result["reason"]
    assert signed(notice.result)["command"] == "acknowledge"


def test_a_run_of_this_very_outage_keeps_the_watch_closed(armed):
    """A person orders it, the provider says that it failed, then the second witness speaks."""
    fail_alone(armed)
    reconciled(armed)
    armed.emulator.vary(switching_s=0, fails=True)
    assert (
        armed.fail_over(requested_at=(now() + armed.ahead).isoformat())["decision"] == "submitted"
    )
    reconciled(armed, 2)
    assert armed.record.run.state is RunState.FAILED
    second_word(armed)
    reconciled(armed, 5)
    assert (armed.record.incident, armed.posts) == (None, 1)


# After it has succeeded


@pytest.fixture
def succeeded(armed):
    """A failover has just succeeded; the old production is still dead."""
    fail_over(armed)
    armed.notices()
    return armed


def test_roles_that_are_switched_back_are_told(succeeded):
    run = succeeded.record.run
    succeeded.emulator.pair.change(succeeded.emulator.clock.now(), is_exchanged=False)
    reconciled(succeeded, 2)
    found = [one for one in succeeded.notices() if one.attributes["reason_code"] == "roles_changed"]
    assert len(found) == 1
    assert found[0].attributes["severity"] == "critical"
    assert run.roles.production_cluster_id in found[0].result["reason"]


def test_roles_that_stay_as_they_were_exchanged_are_not_told(succeeded):
    reconciled(succeeded, 3)
    assert told(succeeded) == []


@pytest.fixture
def lost_again(succeeded):
    """Before anybody has acknowledged it the new production dies, and the old one lives."""
    run = succeeded.record.run
    succeeded.emulator.restore_production()
    succeeded.emulator.set_cluster(run.roles.standby_cluster_id, status="FAILED")
    return succeeded


def test_a_new_production_that_is_down_is_told_once_with_both_clusters(lost_again):
    roles = lost_again.record.run.roles
    reconciled(lost_again, 3)
    (notice,) = (
        one for one in lost_again.notices()
        if one.attributes["reason_code"] in ("new_production_down", "old_production_back")
    )  # fmt: skip
    assert (notice.attributes["reason_code"], notice.attributes["severity"]) == (
        "new_production_down", "critical",
    )  # fmt: skip
    assert f"{roles.standby_cluster_id}, production since run" in notice.result["reason"]
    assert (
        f"{roles.production_cluster_id}, production before, is AVAILABLE"
        in (notice.result["reason"])
    )
    assert f"it wipes {roles.production_cluster_id}" in notice.result["next_steps"][0]


def test_a_new_production_that_is_down_again_is_told_again(lost_again):
    new = lost_again.record.run.roles.standby_cluster_id
    for status in ("FAILED", "AVAILABLE", "FAILED"):
        lost_again.emulator.set_cluster(new, status=status)
        reconciled(lost_again, 2)
    assert told(lost_again).count("new_production_down") == 2


@pytest.mark.parametrize("name", ["status", "rehearse", "failover"])
def test_with_the_roles_exchanged_nobody_is_sent_to_the_planned_switchover(lost_again, name):
    roles = lost_again.record.run.roles
    result = lost_again.send({"command": name, "pair": "analytics"})
    assert "planned switchover" not in str(result)
    said = {one["gate"]: one["reason"] for one in result["gates"]}
    old, new = roles.production_cluster_id, roles.standby_cluster_id
    assert said["production_down"].startswith(f"of {old}, which was production before: it is up; ")
    assert said["standby_ready"] == f"{new} is production by now, and no standby: FAILED NORMAL"


def test_status_says_that_the_new_production_is_down(lost_again):
    reconciled(lost_again, 1)
    new = lost_again.record.run.roles.standby_cluster_id
    for fields in ({}, {"brief": True}):
        result = lost_again.send({"command": "status", "pair": "analytics", **fields})
        result = result["results"][0] if "results" in result else result
        assert f"THE NEW PRODUCTION {new} IS DOWN" in result["reason"]


def test_an_alarm_of_the_new_production_does_not_end_because_the_old_one_is_up(lost_again):
    lost_again.let_pass(2400)
    alarm(lost_again)
    reconciled(lost_again, 7)
    assert lost_again.record.open_incident
    assert "production_up" not in told(lost_again)


@pytest.mark.parametrize("status", ["FAILED", "UNKNOWN", None])
def test_an_old_production_that_only_its_probe_sees_is_told(succeeded, status):
    old = succeeded.record.run.roles.production_cluster_id
    if status:
        succeeded.emulator.set_cluster(old, status=status)
    else:
        succeeded.emulator.fault("cluster", "cut", times=None)
    succeeded.put_pair(probes={old: "127.0.0.1:9"})
    succeeded.probe = lambda _: True
    reconciled(succeeded, 2)
    assert told(succeeded) == ["old_production_back"]


@pytest.mark.parametrize("more", [{}, {"brief": True}], ids=["status", "in brief"])
def test_that_two_writers_are_possible_is_what_status_says_first(succeeded, more):
    succeeded.emulator.restore_production()
    reconciled(succeeded, 2)
    answer = succeeded.send({"command": "status", "pair": "analytics", **more})
    (found,) = answer.get("results", [answer])
    assert found["reason_code"] == "old_production_back"
    assert "TWO WRITERS POSSIBLE: the old production answers again" in found["reason"]


def test_an_old_production_that_comes_back_once_more_is_told_once_more(succeeded):
    old = succeeded.record.run.roles.production_cluster_id
    succeeded.put_pair(probes={old: "127.0.0.1:9"})
    for answers in (True, False, True):
        succeeded.probe = lambda _, answers=answers: answers
        reconciled(succeeded, 2)
    assert told(succeeded) == ["old_production_back"] * 2


def test_an_old_production_whose_probe_fails_is_not_told(succeeded):
    old = succeeded.record.run.roles.production_cluster_id
    succeeded.put_pair(probes={old: "127.0.0.1:9"})
    succeeded.probe = lambda _: False
    reconciled(succeeded, 2)
    assert told(succeeded) == []


@pytest.fixture
def recovered(succeeded):
    """Disaster recovery runs and synchronises again; nobody has acknowledged the failover."""
    establish(succeeded)
    assert succeeded.record.proved
    succeeded.notices()
    return succeeded


def in_another_outage(parts):
    """Production of now turns down for three minutes; what has been told of it."""
    parts.emulator.break_production()
    reconciled(parts, 3)
    return told(parts)


OF_A_LOST_PAIR = {"new_production_down", "old_production_back"}


def test_once_disaster_recovery_has_run_again_another_outage_is_an_ordinary_one(recovered):
    """The mail that says so must not be denied by one that takes the standby for a live copy."""
    codes = in_another_outage(recovered)
    assert codes.count("hold") == 1
    assert not OF_A_LOST_PAIR.intersection(codes)


@pytest.mark.parametrize("when", ["before the outage", "in the outage"])
def test_a_standby_that_has_synchronised_is_no_old_production_once_that_was_acknowledged(
    recovered, when
):
    """An acknowledgement disarms; it does not undo that disaster recovery has run again."""
    run_id = recovered.record.run.run_id
    if when == "before the outage":
        acknowledged(recovered, run_id=run_id)
        codes = in_another_outage(recovered)
    else:
        in_another_outage(recovered)
        acknowledged(recovered, run_id=run_id)
        reconciled(recovered, 3)
        codes = told(recovered)
    assert recovered.record.pair_state.armed is False
    assert not OF_A_LOST_PAIR.intersection(codes)


@pytest.mark.parametrize("more", [{}, {"brief": True}], ids=["status", "in brief"])
def test_status_calls_no_new_production_down_once_disaster_recovery_has_run_again(recovered, more):
    in_another_outage(recovered)
    answer = recovered.send({"command": "status", "pair": "analytics", **more})
    (found,) = answer.get("results", [answer])
    assert "THE NEW PRODUCTION" not in found["reason"]
    assert "old production down" not in found["reason"]


def delete_document(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    app.adapters.cache_clear()


DOCUMENTS = {
    "no JSON": lambda parts: parts.put_document("analytics", "{"),
    "bad": lambda parts: parts.put_pair(mode="auto"),
    "deleted": delete_document,
}


def minutes(parts, count):
    for _ in range(count):
        parts.let_pass(60)
        parts.send({"command": "reconcile"})


@pytest.mark.parametrize("spoil", DOCUMENTS.values(), ids=DOCUMENTS)
def test_an_old_production_is_told_whatever_has_become_of_the_document(succeeded, spoil):
    spoil(succeeded)
    minutes(succeeded, 1)
    assert "old_production_back" not in told(succeeded)
    succeeded.emulator.restore_production()
    minutes(succeeded, 3)
    (one,) = (
        notice
        for notice in succeeded.notices()
        if notice.attributes["reason_code"] == "old_production_back"
    )
    assert one.attributes["severity"] == "critical"


def test_an_old_production_of_a_bad_document_is_told_after_its_run_was_acknowledged(succeeded):
    run = succeeded.record.run
    succeeded.let_pass(600)
    new = {"production_cluster_id": run.roles.standby_cluster_id, "run_id": run.run_id}
    who = {"reason": "seen", "requested_by": "ada"}
    sent = {"command": "acknowledge", "pair": "analytics", **new, **who}
    assert succeeded.send(sent)["decision"] == "acknowledged"
    succeeded.put_pair(mode="auto")
    succeeded.emulator.restore_production()
    minutes(succeeded, 2)
    assert told(succeeded).count("old_production_back") == 1


# Seen late


def inferred(parts):
    """Its answer was lost, and for long nothing showed."""
    parts.emulator.fault("failover", "cut", at="request")
    assert alarm(parts)["decision"] == "unknown"
    reconciled(parts, 16)
    return RunState.NOT_STARTED


def rejected(parts):
    parts.emulator.fault("failover", "respond", status=403)
    assert alarm(parts)["decision"] == "provider_rejected"
    return RunState.PROVIDER_REJECTED


def closed(parts):
    parts.emulator.fault("failover", "cut", at="request")
    alarm(parts)
    parts.let_pass(601)
    who = {"reason": "seen in the console", "requested_by": "ada"}
    run = parts.record.run
    parts.send({
        "command": "acknowledge", "pair": "analytics", "run_id": run.run_id,
        "production_cluster_id": run.roles.production_cluster_id, **who,
    })  # fmt: skip
    return RunState.CLOSED


LATE = pytest.mark.parametrize("over", [inferred, rejected, closed])


def execute(parts, **variants):
    """The provider carries out an order that everybody thought was over."""
    ok(parts)
    parts.notices()
    parts.emulator.vary(**variants)
    parts.emulator.pair.order("failover", parts.emulator.clock.now())


@LATE
def test_what_is_executed_late_unseen_is_told_once_as_that_and_critical(outage, over):
    """No look has met it while it was switching."""
    assert over(outage) is outage.record.run.state
    execute(outage, switching_s=0)
    reconciled(outage, 5)
    assert outage.record.run.state is RunState.SUCCEEDED
    notices = outage.notices()
    late = [one for one in notices if one.attributes["reason_code"] == "executed_late"]
    assert [one.attributes["decision"] for one in late] == ["succeeded"]
    assert late[0].attributes["severity"] == "critical"
    assert "roles_changed" not in {one.attributes["reason_code"] for one in notices}


@LATE
def test_what_is_seen_switching_late_is_critical_and_holds_again(outage, over):
    over(outage)
    execute(outage, switching_s=600)
    reconciled(outage)
    run = outage.record.run
    assert (run.state, run.holds_pair) == (RunState.SUBMITTED, True)
    (late,) = [one for one in outage.notices() if one.attributes["reason_code"] == "executed_late"]
    assert (late.attributes["decision"], late.attributes["severity"]) == ("submitted", "critical")
    outage.let_pass(600)
    reconciled(outage, 3)
    assert outage.record.run.state is RunState.SUCCEEDED
    assert "roles_changed" not in told(outage)


# Not failed over


class Between:
    """The table's client: before a write that is like this, another invocation has its way."""

    def __init__(self, client, is_it, meanwhile):
        self._client, self._is_it, self._meanwhile = client, is_it, meanwhile

    def __getattr__(self, name):
        return getattr(self._client, name)

    def transact_write_items(self, **transaction):
        if self._meanwhile and self._is_it(transaction["TransactItems"]):
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return self._client.transact_write_items(**transaction)


def tells_a_refusal(writes):
    puts = [one["Put"]["Item"] for one in writes if "Put" in one]
    return any('"refused"' in item.get("body", {}).get("S", "") for item in puts)


def not_failed_over(parts):
    return [one for one in parts.notices() if "not failed over" in one.subject]


def order(parts):
    """Another invocation: a person fails over, whatever the witnesses say."""
    overrides = command(override=["production_down"])
    result = app.Invocation(parts.other, parts.context).answer(parse(overrides))
    assert result.decision == "submitted"


@pytest.fixture
def racing(armed):
    """Production is up, so that the alarm is refused; its table can be waited for."""
    armed.other = armed.adapters

    def meanwhile(is_it):
        table = Between(armed.aws.client("dynamodb"), is_it, lambda: order(armed))
        armed.instead["ledger"] = Ledger(Table(table, armed.table))

    armed.meanwhile = meanwhile
    return armed


def test_a_claim_just_before_the_refusal_is_written_silences_it(racing):
    racing.meanwhile(tells_a_refusal)
    alarm(racing)
    assert racing.record.in_flight
    assert not_failed_over(racing) == []


def test_a_claim_while_the_evidence_is_read_silences_the_refusal(racing):
    """The refusal's evidence is from before the other one's claim."""
    asked = []

    def probe(_):
        if not asked:
            asked.append(1)
            order(racing)
        return True

    racing.put_pair(probes={racing.roles.production_cluster_id: "127.0.0.1:9"})
    racing.probe = probe
    result = alarm(racing)
    assert result["decision"] in ("duplicate", "refused")
    assert racing.record.in_flight
    assert not_failed_over(racing) == []


def test_a_claim_just_before_a_commands_refusal_is_written_silences_it(racing):
    alarm(racing)
    racing.notices()
    racing.meanwhile(tells_a_refusal)
    result = racing.fail_over()
    assert result["decision"] in ("duplicate", "refused")
    assert racing.record.in_flight
    assert not_failed_over(racing) == []


def test_a_refusal_whose_incident_ends_meanwhile_is_not_told(racing):
    asked = []

    def probe(_):
        if not asked:
            asked.append(1)
            racing.instead.clear()
            ok(racing)
        return True

    racing.put_pair(probes={racing.roles.production_cluster_id: "127.0.0.1:9"})
    racing.probe = probe
    assert alarm(racing)["reason_code"] == "incident_over"
    assert racing.record.open_incident is None
    assert told(racing) == ["alarms_ok"]


class Down:
    """An SNS that takes nothing."""

    def publish(self, **_):
        raise EndpointConnectionError(endpoint_url="http://sns")

    def get_topic_attributes(self, **_):
        raise EndpointConnectionError(endpoint_url="http://sns")


def test_an_old_refusal_is_not_published_while_a_run_is_in_flight(armed):
    """SNS was down when it was refused; it is up again when the order is on its way."""
    armed.instead["publisher"] = Publisher(Down(), armed.topic)
    assert alarm(armed)["decision"] == "refused"
    armed.emulator.vary(switching_s=600)
    armed.emulator.break_production()
    reconciled(armed)
    assert armed.record.in_flight
    armed.instead.clear()
    reconciled(armed, 3)
    assert not_failed_over(armed) == []


def test_the_end_of_an_incident_is_not_told_while_its_run_is_in_flight(armed):
    armed.emulator.fault("failover", "cut", at="request")
    armed.emulator.break_production()
    assert alarm(armed)["decision"] == "unknown"
    armed.put_pair(retry_for_s=0)
    ok(armed)
    reconciled(armed, 5)
    assert not_failed_over(armed) == []
