"""Alarms and events of Huawei Cloud: whom they speak for, and what they open, join and end."""

import json
import uuid

import pytest
from parts import arn_of, bus_alarm, now

from handler.model.alarm_history import key_of

TOPIC = "urn:smn:eu-west-101:0123456789abcdef0123456789abcdef:dws-alarms"
RULE = "dws-outage-sessions"
ONE, OTHER = (f"7e9a1c52-0001-4f3b-9d3a-00000000000{n}" for n in (1, 2))


def verified(message, subject=None):
    return {
        "smn": {
            "topic_urn": TOPIC, "message_id": uuid.uuid4().hex, "timestamp": now().isoformat(),
            "subject": subject, "message": message if isinstance(message, str) else json.dumps(message),
        }
    }  # fmt: skip


def cloud_eye(*, is_alarm=True, rule=RULE, resource=ONE, at=None):
    stamp = (at or now(seconds=-1)).strftime("%Y/%m/%d %H:%M:%S GMT+00:00")
    data = {
        "IsAlarm": is_alarm, "AlarmRuleName": rule, "ResourceId": resource, "AlarmTime": stamp,
        "AlarmRecordID": "ah1", "MetricName": "Sessions",
    }  # fmt: skip
    return verified({"version": "v1", "data": data})


def event(name="disasterRecoveryAbnormal", **fields):
    at = int(now().timestamp() * 1000)
    return verified({"name": name, "name_space": "dws", "occur_time": at, **fields})


def decided(parts, event):
    return [(one["decision"], one["reason_code"]) for one in parts.send(event)["results"]]


REFUSED = [("refused", "production_down")]


@pytest.fixture
def healthy(parts):
    parts.arm()
    return parts


def test_an_alarm_of_cloud_eye_fails_over(outage):
    (result,) = outage.send(cloud_eye())["results"]
    assert (result["decision"], result["trigger"]["kind"]) == ("submitted", "smn")
    assert result["trigger"]["name"] == RULE
    assert outage.posts == 1


def test_a_rule_that_no_pair_lists_is_told_once_a_day(healthy):
    for _ in range(2):
        assert decided(healthy, cloud_eye(rule="cpu")) == [("ignored", "not_listed")]
    (notice,) = healthy.notices()
    assert f"{TOPIC}:cpu" in notice.result["reason"]


def test_a_name_of_cloudwatchs_other_account_stays_foreign(healthy):
    foreign = bus_alarm(RULE, account="999999999999")
    assert decided(healthy, foreign) == [("ignored", "not_listed")]


def test_a_pattern_of_arns_means_no_rule_of_cloud_eye(healthy):
    healthy.put_pair(alarms=["arn:*"])
    assert decided(healthy, cloud_eye()) == [("ignored", "not_listed")]


def test_a_rule_named_like_a_pattern_is_only_a_name(healthy):
    healthy.put_pair(alarms=["dws-outage-sessions"])
    assert decided(healthy, cloud_eye(rule="dws-outage-*")) == [("ignored", "not_listed")]


def test_the_same_message_again_is_not_taken_again(healthy):
    alarm = cloud_eye()
    assert decided(healthy, alarm) == REFUSED
    before = len(healthy.emulator.journal)
    assert decided(healthy, alarm) == [("ignored", "repeated")]
    assert len(healthy.emulator.journal) == before


def test_the_same_message_does_not_open_what_has_ended(healthy):
    alarm = cloud_eye()
    healthy.send(alarm)
    healthy.send(cloud_eye(is_alarm=False, at=now(seconds=1)))
    assert healthy.record.open_incident is None
    assert decided(healthy, alarm) == [("ignored", "repeated")]
    assert healthy.record.open_incident is None


def test_a_recovery_ends_the_incident(healthy):
    healthy.send(cloud_eye())
    over = cloud_eye(is_alarm=False, at=now(seconds=1))
    assert decided(healthy, over) == [("ignored", "alarms_ok")]
    assert healthy.record.open_incident is None


def test_one_resource_of_a_rule_does_not_recover_for_another(healthy):
    healthy.send(cloud_eye(resource=ONE))
    healthy.send(cloud_eye(is_alarm=False, resource=OTHER, at=now(seconds=1)))
    assert healthy.record.open_incident


def test_cloud_eye_does_not_recover_for_an_alarm_of_cloudwatch_of_the_same_name(healthy):
    healthy.alarm(RULE)
    over = f"[Critical Ok]changed to OK from Alarm,Alarm Rule Name: {RULE}, see"
    assert decided(healthy, verified(over)) == [("ignored", "ok")]
    assert healthy.record.open_incident


def test_a_recovery_from_before_the_newest_alarm_ends_nothing(healthy):
    healthy.send(cloud_eye(at=now(seconds=-60)))
    healthy.send(cloud_eye(at=now(seconds=-2)))
    assert decided(healthy, cloud_eye(is_alarm=False, at=now(seconds=-30))) == [("ignored", "ok")]
    assert healthy.record.open_incident


def test_texts_that_no_pair_lists_are_told_once_a_day_for_their_topic(healthy):
    for number in range(3):
        healthy.send(verified("Please look.", f"{'🔥' * 200} at {number}"))
    assert len(healthy.notices()) == 1


def test_cloudwatch_and_cloud_eye_are_parts_of_one_incident(healthy):
    healthy.alarm()
    healthy.send(cloud_eye())
    healthy.send(cloud_eye(is_alarm=False, at=now(seconds=1)))
    assert healthy.record.open_incident.alarms == {key_of(arn_of("dws-outage-analytics"))}


@pytest.mark.parametrize("alarms", [[], ["disasterRecoveryAbnormal"]], ids=["by id", "by both"])
def test_an_event_speaks_for_the_pair_of_its_id(outage, alarms):
    outage.put_pair(alarms=alarms)
    (result,) = outage.send(event(source_id=outage.emulator.pair.id.upper()))["results"]
    assert (result["decision"], result["pair"]) == ("submitted", "analytics")


def test_an_event_without_an_id_speaks_by_its_name(outage):
    outage.put_pair(alarms=["disasterRecovery*"])
    assert decided(outage, event())[0][0] == "submitted"


def test_an_events_own_id_says_nothing_of_what_it_is_about(one_word):
    one_word.put_pair(alarms=["disasterRecoveryAbnormal"])
    told = event(event_id=str(uuid.uuid4()), source_id="")
    assert decided(one_word, told)[0][0] == "submitted"


def test_a_text_with_an_id_of_nobodys_speaks_by_its_name_and_needs_two_words(one_word):
    one_word.put_pair(alarms=["disasterRecoveryAbnormal"])
    told = verified(f"disasterRecoveryAbnormal: cluster {uuid.uuid4()}")
    assert decided(one_word, told) == [("refused", "production_down")]


def test_an_event_of_another_pair_does_not_speak_for_who_lists_its_name(healthy):
    healthy.put_pair(alarms=["*"])
    assert decided(healthy, event(source_id=str(uuid.uuid4()))) == [("ignored", "not_listed")]


def test_an_event_of_no_outage_opens_nothing(healthy):
    told = event("failoverDisasterRecoverySuccess", source_id=healthy.emulator.pair.id)
    assert decided(healthy, told) == [("ignored", "no_outage")]
    assert healthy.record.open_incident is None


def test_an_event_about_a_bad_document_is_told(healthy):
    id_ = healthy.emulator.pair.id
    healthy.put_document("analytics", json.dumps({"disaster_recovery_id": id_}))
    assert decided(healthy, event(source_id=id_)) == [("blocked", "invalid_pair")]


def test_a_text_of_a_template_speaks_by_its_subject(outage):
    outage.put_pair(alarms=["*warehouse*"])
    assert (
        decided(outage, verified("Please look.", "the warehouse is on fire"))[0][0] == "submitted"
    )


def test_an_old_alarm_opens_nothing(healthy):
    assert decided(healthy, cloud_eye(at=now(hours=-1))) == [("ignored", "too_old")]


def test_an_alarm_of_the_future_opens_nothing(healthy):
    assert decided(healthy, cloud_eye(at=now(hours=8))) == [("ignored", "in_the_future")]


def test_a_repeated_alarm_joins_its_incident(healthy):
    healthy.send(cloud_eye())
    first = healthy.record.open_incident.incident_id
    healthy.send(cloud_eye())
    assert healthy.record.open_incident.incident_id == first


def test_one_alarm_speaks_for_several_pairs_each_by_itself(outage):
    other = str(uuid.uuid4())
    outage.put_pair("other", disaster_recovery_id=other)
    results = {one["pair"]: one["decision"] for one in outage.send(cloud_eye())["results"]}
    assert results == {"analytics": "submitted", "other": "blocked"}


ANOTHERS_ID = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def one_word(parts):
    """One witness alone says for long enough that production is down, and no alarm has come."""
    parts.arm()
    parts.put_pair(alarms=[RULE])
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    for _ in range(2):
        parts.send({"command": "reconcile"})
        parts.let_pass(5)
    return parts


@pytest.fixture
def two_words(parts):
    """Two of the witnesses say that production is down."""
    parts.arm()
    parts.put_pair(alarms=[])
    parts.emulator.vary(abnormal_after_s=0)
    parts.emulator.break_production()
    return parts


def test_an_event_by_its_own_field_makes_one_word_enough(one_word):
    assert decided(one_word, event(source_id=one_word.emulator.pair.id))[0][0] == "submitted"


@pytest.mark.parametrize(
    "text",
    [
        "Event stopDisasterRecoverySuccess: DR task disasterRecoveryAbnormal ({id}) was stopped.",
        "The DR task disasterRecoveryAbnormal ({id}) was resized.",
        "Your cluster disasterRecoveryAbnormal-{id} was resized.",
        "recoveryDisasterSuccess: disaster recovery sales ({id}) is no longer abnormal.",
        "Disaster recovery sales ({id}) is abnormal.",
        "name: disasterRecoveryAbnormal\nname_space: dws\nsource_id: {id}",
        '{{"name": "resized", "source_name": "disasterRecoveryAbnormal", "source_id": "{id}"}}',
        '{{"cluster": {{"name": "disasterRecoveryAbnormal", "source_id": "{id}"}}}}',
        '{{"name": "disasterRecoveryAbnormal", "name_space": "dws", "source_name": "{id}"}}',
    ],
)
def test_what_a_text_tells_of_an_event_does_not_make_one_word_enough(one_word, text):
    one_word.send(verified(text.format(id=one_word.emulator.pair.id)))
    assert one_word.posts == 0


def test_a_text_of_before_does_not_make_one_word_enough_later(parts):
    parts.arm()
    parts.send(verified(f"disasterRecoveryAbnormal ({parts.emulator.pair.id})"))
    assert parts.record.open_incident.needs_two_words
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    for _ in range(2):
        parts.send({"command": "reconcile", "pair": "analytics"})
        parts.let_pass(5)
    assert parts.posts == 0


def test_what_a_text_tells_fails_over_where_two_witnesses_say_so(two_words):
    text = f"Disaster recovery sales ({two_words.emulator.pair.id}) is abnormal."
    assert decided(two_words, verified(text))[0][0] == "submitted"


def test_what_a_text_tells_opens_no_more_than_the_witnesses_while_an_alarm_is_muted(two_words):
    two_words.put_pair(alarms=["dws-outage-*"])
    two_words.alarm("dws-outage-works", muteDetail={"mutedByArn": "arn:mute"})
    text = f"Disaster recovery sales ({two_words.emulator.pair.id}) is abnormal."
    assert decided(two_words, verified(text)) == [("ignored", "muted")]
    assert two_words.record.open_incident is None


def test_an_alarm_makes_one_word_enough_where_a_text_has_called_before(one_word):
    one_word.send(verified(f"disasterRecoveryAbnormal ({one_word.emulator.pair.id})"))
    assert decided(one_word, cloud_eye())[0][0] == "submitted"


def test_a_text_does_not_make_an_event_by_its_own_field_an_old_one(one_word):
    id_ = one_word.emulator.pair.id
    of_before = event(source_id=id_)
    one_word.let_pass(5)
    one_word.send(verified(f"disasterRecoveryAbnormal ({id_})"))
    assert decided(one_word, of_before)[0][0] == "submitted"


def test_a_text_that_joins_an_incident_does_not_keep_it_open(healthy):
    healthy.send(cloud_eye())
    healthy.send(verified(f"disasterRecoveryAbnormal ({healthy.emulator.pair.id})"))
    over = cloud_eye(is_alarm=False, at=now(seconds=1))
    assert decided(healthy, over) == [("ignored", "alarms_ok")]


def test_an_event_that_begins_a_text_is_what_it_tells(healthy):
    name = "disasterRecoveryAbnormal"
    text = f"Event stopDisasterRecoverySuccess: DR task {name} ({healthy.emulator.pair.id})"
    assert decided(healthy, verified(text)) == [("ignored", "no_outage")]


def test_a_part_of_a_longer_name_is_no_event(healthy):
    text = f"Your cluster disasterRecoveryAbnormal-{healthy.emulator.pair.id} was resized."
    assert decided(healthy, verified(text)) == [("ignored", "not_listed")]


def test_an_event_that_says_by_its_own_field_what_it_is_tells_of_no_other(healthy):
    told = event("createSnapshotSuccess", source_name=f"disasterRecoveryAbnormal {ONE}")
    assert decided(healthy, told) == [("ignored", "not_listed")]


ALARM_TEXT = (
    "[Critical Alarm][Huawei Cloud] Dear user: the DWS resource {named} (ID: {id}) changed to "
    "Alarm from OK,Alarm Rule Name: {rule},Alarm Time: now, see the console."
)
LINES = "Resource Name: {named}\nResource ID: {id}\nAlarm Rule Name: {rule}\nAlarm Status: alarm\n"


@pytest.mark.parametrize("text", [ALARM_TEXT, LINES], ids=["text", "lines"])
@pytest.mark.parametrize(
    "named",
    [
        "sales", "changed to OK from Alarm", "x][Critical Ok]", "[Critical Ok]",
        *(f"sales{line_break}Alarm Status: ok" for line_break in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"),
        "a, Alarm Rule Name: nobodys, b", "a; 规则名称: nobodys; b",
    ],
)  # fmt: skip
def test_no_name_within_an_alarm_makes_it_another_or_none(outage, text, named):
    told = text.format(named=named, id=ONE, rule=RULE)
    (result,) = outage.send(verified(told, "[Critical Alarm]From Cloud Eye"))["results"]
    assert (result["decision"], result["trigger"]["name"]) == ("submitted", RULE)


def test_no_name_within_an_alarm_ends_its_incident(healthy):
    healthy.send(verified(ALARM_TEXT.format(named="sales", id=ONE, rule=RULE), "[Critical Alarm]"))
    again = ALARM_TEXT.format(named="changed to OK from Alarm", id=ONE, rule=RULE)
    healthy.send(verified(again, "[Critical Alarm]"))
    assert healthy.record.open_incident


def test_an_event_names_no_rule_in_what_others_have_named(healthy):
    told = event("stopDisasterRecoverySuccess", source_name=f"Alarm Rule Name: {RULE}")
    told["smn"]["message"] = told["smn"]["message"].replace(RULE, f"{RULE},")
    assert decided(healthy, told) == [("ignored", "not_listed")]


@pytest.mark.parametrize("name", [f"sales-{ANOTHERS_ID}", f"{ANOTHERS_ID} {ONE}"])
def test_another_id_in_a_text_does_not_keep_it_from_its_pair(two_words, name):
    text = f"Disaster recovery {name} ({two_words.emulator.pair.id}) is abnormal."
    assert decided(two_words, verified(text))[0][0] == "submitted"


def test_another_id_in_a_name_does_not_keep_an_event_from_its_pair(two_words):
    told = event(source_id=two_words.emulator.pair.id, source_name=f"sales-{ANOTHERS_ID}")
    assert decided(two_words, told)[0][0] == "submitted"


def test_a_text_with_the_ids_of_two_pairs_speaks_for_each(two_words):
    two_words.put_pair("other", disaster_recovery_id=ANOTHERS_ID, alarms=[])
    text = f"disasterRecoveryAbnormal {two_words.emulator.pair.id} {ANOTHERS_ID}"
    results = {one["pair"]: one["decision"] for one in two_words.send(verified(text))["results"]}
    assert results == {"analytics": "submitted", "other": "blocked"}


def test_an_event_with_an_id_of_its_own_is_of_no_pair_that_it_names_besides(two_words):
    told = event(source_id=ANOTHERS_ID, source_name=two_words.emulator.pair.id)
    assert decided(two_words, told) == [("ignored", "not_listed")]


def test_a_text_that_comes_for_a_bad_document_needs_two_words_once_it_is_good(one_word):
    id_ = one_word.emulator.pair.id
    one_word.put_document("analytics", json.dumps({"disaster_recovery_id": id_}))
    told = verified(f"disasterRecoveryAbnormal {id_} {ANOTHERS_ID}")
    assert decided(one_word, told) == [("blocked", "invalid_pair")]
    one_word.put_pair(alarms=[])
    one_word.send({"command": "reconcile"})
    assert one_word.record.open_incident.needs_two_words
    assert one_word.posts == 0
