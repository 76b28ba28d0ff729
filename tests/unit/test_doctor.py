"""What the doctor says of alarms, of what brings them, of people and of pairs."""

import json
from dataclasses import replace

import pytest

from failoverctl.doctor.alarms import Place, judge
from failoverctl.doctor.pairs import bad_in, of_status, waiting_in, without_probe
from failoverctl.doctor.people import new_code, of_test_notice, of_topic
from failoverctl.doctor.reach import Reach, names_in, rules_in
from failoverctl.doctor.readings import Alarm, _begin_of_all
from failoverctl.doctor.report import Kind
from handler.model.pair import Pair

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:failover"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
RULE = "arn:aws:events:eu-west-1:123456789012:rule/alarms"
PLACE = Place("123456789012", "eu-west-1")
STATEMENTS = (
    {
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnLike": {"AWS:SourceArn": RULE}},
    },
    {
        "Principal": {"Service": "lambda.alarms.cloudwatch.amazonaws.com"},
        "Condition": {
            "ArnLike": {"AWS:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:dws-*"},
            "StringEquals": {"AWS:SourceAccount": "123456789012"},
        },
    },
    {
        "Principal": {"Service": "sns.amazonaws.com"},
        "Condition": {"ArnLike": {"AWS:SourceArn": TOPIC}},
    },
)
REACH = Reach(FUNCTION, STATEMENTS, ({"prefix": "dws-outage-"},))


def a_pair(name="sales", alarms=("dws-outage-sales",)):
    return Pair(name, "id", "project", "https://dws.example.com", "secret", 60, alarms=alarms)


def an_alarm(name="dws-outage-sales", state="OK", actions=(), region="eu-west-1"):
    arn = f"arn:aws:cloudwatch:{region}:123456789012:alarm:{name}"
    return Alarm(name, arn, state, "noon", actions)


def said(alarms, pairs=None, place=PLACE, reach=REACH, waiting=frozenset()):
    pairs = pairs or [a_pair()]
    return [(one.kind, one.text) for one in judge(pairs[:1], pairs, alarms, place, reach, waiting)]


def test_an_alarm_that_is_there_heard_and_ok_is_fine():
    assert said([an_alarm()]) == [
        (Kind.GOOD, "sales: dws-outage-sales: there, heard, not in ALARM")
    ]


def test_a_pair_none_of_whose_alarms_exists_is_bad():
    ((kind, text),) = said([an_alarm("other")])
    assert kind is Kind.BAD
    assert text == "sales lists dws-outage-sales, and no such alarm exists in eu-west-1"


def test_an_alarm_of_another_region_is_not_the_pairs():
    ((kind, _),) = said([an_alarm(region="eu-central-1")])
    assert kind is Kind.BAD


def test_where_huawei_cloud_brings_alarms_a_name_may_be_a_rule_of_cloud_eye():
    ((kind, _),) = said([], place=Place("123456789012", "eu-west-1", has_smn=True))
    assert kind is Kind.NOTE


def test_one_name_that_does_not_exist_beside_one_that_does_is_noted():
    pair = a_pair(alarms=("dws-outage-sales", "dws-outage-sale"))
    assert said([an_alarm()], [pair]) == [
        (Kind.NOTE, "sales lists dws-outage-sale, which does not exist")
    ]


def test_a_wildcard_that_catches_nothing_beside_a_name_is_fine():
    pair = a_pair(alarms=("dws-outage-sales", "dws-outage-sales-*"))
    ((kind, _),) = said([an_alarm()], [pair])
    assert kind is Kind.GOOD


def test_an_alarm_that_is_in_alarm_without_an_incident_was_never_heard():
    ((kind, text),) = said([an_alarm(state="ALARM")])
    assert kind is Kind.BAD
    assert "is in ALARM since noon, and no incident is open" in text


def test_an_alarm_whose_incident_is_open_is_no_trouble_of_its_own():
    ((kind, _),) = said([an_alarm(state="ALARM")], waiting=frozenset({"sales"}))
    assert kind is Kind.NOTE


def test_the_command_that_sets_an_alarm_back_is_quoted_for_a_shell():
    pair = a_pair(alarms=("*",))
    alarm = an_alarm("dws-outage-; rm -rf ~", state="ALARM")
    (line,) = judge([pair], [pair], [alarm], PLACE, REACH)
    assert "--alarm-name 'dws-outage-; rm -rf ~' " in line.steps[1]


def test_an_alarm_without_data_could_not_fire():
    ((kind, text),) = said([an_alarm(state="INSUFFICIENT_DATA")])
    assert kind is Kind.NOTE
    assert "has no data" in text


@pytest.mark.parametrize(
    ("name", "actions", "kind"),
    [
        ("dws-outage-x", (), Kind.GOOD),
        ("warehouse-x", (), Kind.BAD),
        ("dws-x", (FUNCTION,), Kind.GOOD),
        ("warehouse-x", (FUNCTION,), Kind.BAD),  # the permission is for names that begin otherwise
        ("warehouse-x", (TOPIC,), Kind.GOOD),
        ("warehouse-x", (f"{TOPIC}-other",), Kind.BAD),
    ],
)
def test_an_alarm_must_be_brought_by_a_rule_or_by_an_action_that_may(name, actions, kind):
    pair = a_pair(alarms=(name,))
    ((found, _),) = said([an_alarm(name, actions=actions)], [pair])
    assert found is kind


def test_what_could_not_be_read_of_the_ways_is_not_judged():
    ((kind, _),) = said([an_alarm("warehouse-x")], [a_pair(alarms=("warehouse-x",))], reach=None)
    assert kind is Kind.GOOD


def test_an_alarm_that_anothers_wildcard_catches_is_bad():
    pairs = [a_pair(), a_pair("all", ("dws-outage-*",))]
    ((kind, text),) = said([an_alarm()], pairs)
    assert kind is Kind.BAD
    assert "speaks for sales and for all" in text


def test_an_alarm_that_two_pairs_name_alike_is_meant():
    ((kind, _),) = said([an_alarm()], [a_pair(), a_pair("all")])
    assert kind is Kind.NOTE


def test_a_rule_that_is_off_brings_nothing():
    pattern = json.dumps({"detail": {"alarmName": [{"prefix": "dws-"}, "exactly"]}})
    assert names_in({"State": "ENABLED", "EventPattern": pattern}) == (
        {"prefix": "dws-"}, "exactly",
    )  # fmt: skip
    assert names_in({"State": "DISABLED", "EventPattern": pattern}) == ()


@pytest.mark.parametrize("pattern", ["", "{", "[]", '{"detail": 1}', '{"detail": {}}', "null"])
def test_a_rule_about_something_else_brings_nothing(pattern):
    assert names_in({"State": "ENABLED", "EventPattern": pattern}) == ()


def test_the_rules_are_those_that_may_invoke_the_function():
    assert rules_in(STATEMENTS) == [RULE]


@pytest.mark.parametrize(
    ("names", "prefix"),
    [
        ([], ""),
        (["dws-outage-a"], "dws-outage-a"),
        (["dws-outage-a", "dws-outage-b", "dws-o"], "dws-o"),
        (["dws-outage-a", ""], ""),
        (["a", "b"], ""),
    ],
)
def test_only_alarms_that_some_pattern_can_mean_are_read(names, prefix):
    assert _begin_of_all(names) == prefix


def kinds(lines):
    return [one.kind for one in lines]


def test_who_has_not_confirmed_is_named_and_nobody_at_all_is_bad():
    waiting = {
        "SubscriptionArn": "PendingConfirmation",
        "Protocol": "email",
        "Endpoint": "a@b.example",
    }
    lines = list(of_topic("notifications", [waiting]))
    assert kinds(lines) == [Kind.BAD, Kind.BAD]
    assert "a@b.example" in lines[0].text
    assert kinds(of_topic("notifications", [{"SubscriptionArn": "arn:aws:sns:x"}])) == [Kind.GOOD]


CODE = "K7Q2-M9XD"


@pytest.mark.parametrize(
    ("notified", "typed", "found"),
    [
        (False, None, [Kind.BAD]),
        (True, None, [Kind.GOOD, Kind.NOTE]),
        (True, lambda: f" {CODE.lower()} ", [Kind.GOOD, Kind.GOOD]),
        (True, lambda: "", [Kind.GOOD, Kind.BAD]),
        (True, lambda: "AAAA-AAAA", [Kind.GOOD, Kind.BAD]),
    ],
)
def test_a_test_notice_has_arrived_only_where_its_code_was_read(notified, typed, found):
    assert kinds(of_test_notice({"notified": notified}, CODE, typed)) == found


def test_a_code_is_new_each_time_and_one_that_the_function_takes():
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(one) == 9 and one[4] == "-" for one in codes)


def test_a_pair_that_is_not_ready_is_said_with_what_to_do_and_each_command_as_a_line():
    row = {
        "pair": "sales", "reason_code": "not_ready",
        "reason": "NOT READY because rpo: late; mode automatic. Production is A",
        "next_steps": ["see the console", "orders nothing", '{"command": "rehearse", "pair": "sales"}'],
    }  # fmt: skip
    (line,) = of_status([row], ["--region", "eu-west-1"])
    assert line.kind is Kind.BAD
    assert line.text == "sales: NOT READY because rpo: late; mode automatic"
    command = "failoverctl rehearse sales --region eu-west-1"
    assert line.steps == ("see the console", "orders nothing", command)


LEARNING = "roles: nothing, three healthy checks teach them by themselves (1 of 3)"


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([LEARNING], Kind.NOTE),
        ([LEARNING, "armed: wait until disaster recovery is seen running"], Kind.NOTE),
        ([LEARNING, "rpo: see the console"], Kind.BAD),
        (["armed: wait until disaster recovery is seen running"], Kind.BAD),
    ],
)
def test_a_pair_that_is_only_learning_is_nothing_to_correct(steps, kind):
    row = {"pair": "sales", "reason_code": "not_ready", "reason": "NOT READY", "next_steps": steps}
    assert kinds(of_status([row])) == [kind]


@pytest.mark.parametrize(("probed", "found"), [("new", []), ("old", [Kind.NOTE])])
def test_after_a_failover_the_new_production_without_a_probe_is_remarked(probed, found):
    pair = replace(a_pair(), probes={probed: "10.0.0.5:8000"})
    row = {"pair": "sales", "roles": {"production_cluster_id": "new"}}
    assert kinds(without_probe([row], [pair])) == found


def test_a_pair_without_any_probe_is_not_asked_for_one():
    row = {"pair": "sales", "roles": {"production_cluster_id": "new"}}
    assert kinds(without_probe([row], [a_pair()])) == []


def test_a_document_that_the_function_refuses_is_not_said_twice():
    rows = [
        {"pair": "sales", "reason_code": "invalid_pair"},
        {"pair": "orders", "reason_code": "held"},
    ]
    assert bad_in(rows) == {"sales"}
    assert waiting_in(rows) == {"orders"}
