import json

import pytest

from handler.errors import InvalidEvent, InvalidSettings
from handler.pairs import parse_pairs, speaks_for

DR = "e59d6b86-9072-46eb-a996-13f8b44994c1"
OTHER_DR = "0a1b2c3d-9072-46eb-a996-13f8b44994c1"
GOOD = {
    "disaster_recovery_id": DR,
    "project_id": "89cd04f168b84af6be287f71730fdb4b",
    "endpoint": "https://dws.eu-west-101.myhuaweicloud.eu",
    "credentials_secret": "dws-failover/credentials",
    "max_data_loss_s": 3600,
}
CLUSTER = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"


def one(**changes):
    return parse_pairs({"analytics": json.dumps({**GOOD, **changes})})


def faults(text):
    (bad,) = parse_pairs({"analytics": text}).bad
    return bad.faults


def test_a_document_with_the_required_fields_is_a_pair_with_the_defaults():
    (pair,) = one().good
    assert (pair.name, pair.mode, pair.alarms) == ("analytics", "observe", ())
    assert (pair.max_event_age_s, pair.production_down_for_s) == (900, 120)
    assert (pair.retry_for_s, pair.completion_deadline_s) == (3600, 5400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("disaster_recovery_id", "prod1"),
        ("disaster_recovery_id", DR + "\n"),
        ("project_id", "x"),
        ("project_id", 89),
        ("endpoint", "http://dws.eu-west-101.myhuaweicloud.eu"),
        ("endpoint", "http://127.0.0.1.evil.example"),
        ("endpoint", "https://user@dws.example.com"),
        ("endpoint", "https://dws.example.com/path"),
        ("endpoint", "https://dws.example.com#"),
        ("credentials_secret", ""),
        ("credentials_secret", None),
        ("max_data_loss_s", 59),
        ("max_data_loss_s", "3600"),
        ("max_data_loss_s", True),
        ("mode", "auto"),
        ("alarms", "dws-*"),
        ("alarms", [""]),
        ("alarms", [1]),
        ("probes", {"not-an-id": "host:1"}),
        ("probes", {CLUSTER: "host"}),
        ("probes", {CLUSTER: "host:0"}),
        ("provider_utc_offset", "8"),
        ("provider_utc_offset", "+15:00"),
        ("max_event_age_s", 59),
        ("max_event_age_s", 3601),
        ("production_down_for_s", -1),
        ("production_down_for_s", 3601),
        ("retry_for_s", 14401),
        ("completion_deadline_s", 1799),
        ("completion_deadline_s", 21601),
        ("dissaster_recovery_id", DR),
    ],
)
def test_a_bad_field_is_named_with_what_was_found_and_what_is_allowed(field, value):
    (bad,) = one(**{field: value}).bad
    (fault,) = bad.faults
    assert fault.startswith(f"$.{field}")
    assert "allowed: " in fault


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://127.0.0.1:8080"),
        ("endpoint", "http://localhost:8080"),
        ("endpoint", "http://[::1]:8080"),
        ("endpoint", "https://dws.otc.t-systems.com:443/"),
        ("probes", {CLUSTER: "dws.example.com:8000"}),
        ("probes", {CLUSTER: "[fd00::1]:8000"}),
        ("provider_utc_offset", "+08:00"),
        ("max_data_loss_s", 60),
        ("mode", "automatic"),
    ],
)
def test_a_good_field_is_taken(field, value):
    assert one(**{field: value}).good


def test_all_faults_of_a_document_come_in_one_message():
    (bad,) = one(mode="auto", max_data_loss_s=1, project_id="x").bad
    assert len(bad.faults) == 3
    assert all(name in bad.sentence for name in ("$.mode", "$.max_data_loss_s", "$.project_id"))


def test_missing_fields_are_each_named():
    assert len(faults("{}")) == 5


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "3", '{"mode": NaN}', '{"a": 1, "a": 2}', "[" * 100_000]
)
def test_what_is_no_document_is_a_bad_pair(text):
    assert faults(text)[0].startswith("$")


def test_a_bad_pair_does_not_stop_the_others():
    pairs = parse_pairs({"good": json.dumps(GOOD), "bad": "{"})
    assert [pair.name for pair in pairs.good] == ["good"]


def test_one_id_in_two_documents_makes_both_bad():
    upper = {**GOOD, "disaster_recovery_id": DR.upper()}
    pairs = parse_pairs({"a": json.dumps(GOOD), "b": json.dumps(upper)})
    assert pairs.good == ()
    assert ["b" in pairs.bad[0].sentence, "a" in pairs.bad[1].sentence] == [True, True]


def test_a_pair_is_found_by_name_or_by_id():
    pairs = one()
    assert pairs.find("analytics", None) == pairs.find(None, DR.upper()) == pairs.good[0]


@pytest.mark.parametrize(
    ("name", "id_"), [("other", None), (None, OTHER_DR), ("analytics", OTHER_DR)]
)
def test_a_pair_that_is_not_there_is_an_invalid_event(name, id_):
    with pytest.raises(InvalidEvent, match=r"allowed: a configured pair \(analytics\)"):
        one().find(name, id_)


def test_a_bad_pair_that_is_named_is_invalid_settings():
    with pytest.raises(InvalidSettings, match=r"\$\.mode"):
        one(mode="auto").find("analytics", None)


ARN = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:dws-outage-analytics"


@pytest.mark.parametrize(
    ("pattern", "account", "region", "speaks"),
    [
        ("dws-outage-analytics", "111122223333", "eu-central-1", True),
        ("dws-outage-*", "111122223333", "eu-central-1", True),
        ("*", "111122223333", "eu-central-1", True),
        ("dws-outage-", "111122223333", "eu-central-1", False),
        ("dws-outage-analytic?", "111122223333", "eu-central-1", False),
        ("dws-outage-*", "444455556666", "eu-central-1", False),
        ("dws-outage-*", "111122223333", "eu-west-1", False),
        (ARN, "444455556666", "eu-west-1", True),
        ("arn:aws:cloudwatch:*:111122223333:alarm:dws-*", "444455556666", "eu-west-1", True),
        ("arn:aws:cloudwatch:*:999999999999:alarm:dws-*", "444455556666", "eu-west-1", False),
    ],
)
def test_an_alarm_speaks_by_name_in_the_own_account_or_by_its_arn(pattern, account, region, speaks):
    assert speaks_for((pattern,), ARN, account, region) is speaks
