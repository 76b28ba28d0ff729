import json
import time
from dataclasses import fields
from datetime import timedelta

import httpx
import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hosts import EVERYWHERE
from hypothesis import given
from hypothesis import strategies as st

from handler.errors import InvalidEvent, InvalidSettings
from handler.model.alarm_patterns import speaks_for
from handler.model.codec import from_plain, to_plain
from handler.model.documents import parse_pairs
from handler.model.pair import Pair

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
    return parse_pairs({"analytics": json.dumps({**GOOD, **changes})}, EVERYWHERE)


def faults(text):
    (bad,) = parse_pairs({"analytics": text}, EVERYWHERE).bad
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
        ("endpoint", "https://xn--a.example"),
        ("endpoint", "https://dws.XN--fiqs8s.example"),
        ("endpoint", "https://dws..example.com"),
        ("endpoint", "https://dws-.example.com"),
        ("endpoint", f"https://{'a' * 64}.example.com"),
        ("endpoint", f"https://{'a.' * 127}com"),
        ("endpoint", "https://999.1.1.1"),
        ("endpoint", "https://1.2.3"),
        ("endpoint", "https://dws.example.com:65536"),
        ("endpoint", "https://dws.example.com:0"),
        ("endpoint", "http://127.0.0.999"),
        ("probes", {CLUSTER: "dws..example.com:8000"}),
        ("probes", {CLUSTER: f"{'a' * 64}.example.com:8000"}),
        ("probes", {CLUSTER: "dws.example.com:65536"}),
        ("probes", {CLUSTER: "10.0.0.256:8000"}),
        ("probes", {CLUSTER: "[:::]:8000"}),
        ("probes", {CLUSTER[:-2] + f"{number:02d}": "h:1" for number in range(11)}),
        ("alarms", ["dws-\ud800"]),
        ("alarms", ["dws-\nWhat to do:"]),
        ("alarms", ["a"] * 101),
        ("max_data_loss_s", 3600.5),
        ("max_data_loss_s", 1e300),
        ("max_data_loss_s", 10**40),
        ("retry_for_s", -0.5),
    ],
    ids=lambda value: str(value)[:40],
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
        ("endpoint", "https://10.0.0.1:8443"),
        ("endpoint", f"https://{'a' * 63}.example.com:65535"),
        ("probes", {CLUSTER: "10.0.0.1:65535"}),
        ("alarms", ["数据仓库-*", "a b:c"]),
        ("alarms", ["a"] * 100),
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
    "text",
    [
        "", "{", "null", "[]", "3", '{"mode": NaN}', '{"a": 1, "a": 2}', "[" * 100_000,
        '{"max_data_loss_s": 1e400}', '{"max_data_loss_s": %s}' % ("9" * 5000), '"\\ud800"',
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_what_is_no_document_is_a_bad_pair(text):
    assert faults(text)[0].startswith("$")
    (bad,) = parse_pairs({"analytics": text}, EVERYWHERE).bad
    assert not bad.is_readable


def test_of_a_bad_document_is_kept_what_can_be_read():
    listed = ["dws-outage-*", 7, "", "x" * 1601]
    (bad,) = one(mode="auto", alarms=listed, disaster_recovery_id=DR.upper()).bad
    assert bad.is_readable
    assert (bad.alarms, bad.disaster_recovery_id) == (("dws-outage-*",), DR)


@pytest.mark.parametrize(
    "changes",
    [{"alarms": {"names": ["a"]}}, {"alarms": [["a"]]}, {"alarms": 7}, {"alarm": ["dws-outage-*"]}],
    ids=json.dumps,
)
def test_nobody_knows_what_it_lists_where_the_list_is_what_is_bad(changes):
    (bad,) = one(**changes).bad
    assert not bad.is_readable


def test_an_id_that_is_none_is_not_passed_on():
    (bad,) = one(disaster_recovery_id="x\nWhat to do:").bad
    assert (bad.is_readable, bad.disaster_recovery_id) == (True, None)


def test_a_name_where_a_list_belongs_is_still_heard():
    (bad,) = one(alarms="dws-outage-*").bad
    assert bad.alarms == ("dws-outage-*",)


@pytest.mark.parametrize(
    "field",
    ["max_data_loss_s", "max_event_age_s", "production_down_for_s", "retry_for_s",
     "completion_deadline_s"],
)  # fmt: skip
def test_a_whole_number_may_be_written_with_a_point(field):
    (pair,) = one(**{field: 3600.0}).good
    assert type(getattr(pair, field)) is int


NUMBERS = [one.name for one in fields(Pair) if one.type is int]
HOSTS = st.from_regex(r"([a-z0-9]{1,5}[.-]){0,3}[a-z0-9]{1,5}", fullmatch=True)
ADDRESSES = st.builds("{}:{}".format, HOSTS, st.integers(1, 70_000))
URLS = st.builds("https://{}/".format, HOSTS | ADDRESSES)
SPANS = st.integers(1800, 3600) | st.integers(1800, 3600).map(float) | st.integers()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FITTING = {
    "endpoint": URLS,
    "max_data_loss_s": SPANS | st.floats(),
    "mode": st.sampled_from(["observe", "automatic"]),
    "alarms": st.lists(st.text(min_size=1), max_size=2),
    "probes": st.dictionaries(st.sampled_from([CLUSTER, CLUSTER.upper(), DR]), ADDRESSES),
    "provider_utc_offset": st.from_regex(r"[+-][01][0-9]:[0-5][0-9]", fullmatch=True),
    "retry_for_s": SPANS,
    "completion_deadline_s": SPANS,
}
CHANGES = st.fixed_dictionaries({}, optional=FITTING) | st.dictionaries(
    st.sampled_from(sorted([*GOOD, *FITTING])), ANYTHING, max_size=2
)


@given(CHANGES)
def test_what_validates_can_be_built_packed_and_read_back(changes):
    """As a run keeps its pair's configuration: a pair that reads READY can be claimed."""
    pairs = one(**changes)
    assert len(pairs.good) + len(pairs.bad) == 1
    for bad in pairs.bad:
        assert bad.sentence.isprintable()
    for pair in pairs.good:
        packed = TypeSerializer().serialize(to_plain(pair))
        assert len(json.dumps(packed).encode()) < 400_000
        assert from_plain(Pair, TypeDeserializer().deserialize(packed)) == pair
        assert httpx.URL(pair.endpoint).host
        assert timedelta(seconds=sum(getattr(pair, name) for name in NUMBERS))
        assert pair.zone


def test_a_bad_pair_does_not_stop_the_others():
    pairs = parse_pairs({"good": json.dumps(GOOD), "bad": "{"}, EVERYWHERE)
    assert [pair.name for pair in pairs.good] == ["good"]


def test_one_id_in_two_documents_makes_both_bad():
    upper = {**GOOD, "disaster_recovery_id": DR.upper()}
    pairs = parse_pairs({"a": json.dumps(GOOD), "b": json.dumps(upper)}, EVERYWHERE)
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
        ("arn:*", "444455556666", "eu-west-1", False),
        ("arn:aws:cloudwatch:*:alarm:dws-*", "444455556666", "eu-west-1", False),
        ("arn:*:*:*:*:*:*", "444455556666", "eu-west-1", True),
    ],
)
def test_an_alarm_speaks_by_name_in_the_own_account_or_by_its_arn(pattern, account, region, speaks):
    assert speaks_for((pattern,), ARN, account, region) is speaks


NAMED = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:team:a:dws"


@pytest.mark.parametrize(
    ("pattern", "speaks"),
    [("team:*:dws", True), ("*", True), ("team*dws", True), (NAMED, True), ("team", False),
     ("arn:aws:cloudwatch:eu-central-1:111122223333:alarm:team*", True),
     ("arn:aws:cloudwatch:eu-central-1:*:dws", False)],
)  # fmt: skip
def test_within_a_name_a_star_stands_for_colons_too(pattern, speaks):
    assert speaks_for((pattern,), NAMED, "111122223333", "eu-central-1") is speaks


def test_an_alarm_of_another_account_does_not_speak_through_a_name_like_its_arn():
    patterns = ("*:*:*:*:*:*:*", "*")
    assert not speaks_for(patterns, ARN, "444455556666", "eu-central-1")


def test_twelve_stars_take_no_time():
    began = time.thread_time()
    assert not speaks_for(("a*" * 12 + "b",), ARN + "a" * 200, "111122223333", "eu-central-1")
    assert time.thread_time() - began < 0.5
