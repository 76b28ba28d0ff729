"""Each file of events/ through the real handler: they are fixtures and documentation at once."""

import json

import pytest
from parts import now
from places import ROOT

from handler.errors import InvalidEvent
from handler.smn import web
from handler.smn.app import respond
from handler.smn.certificates import Certificates
from handler.smn.ingress import Ingress
from handler.smn.post import read_post

FILES = sorted(path.name for path in (ROOT / "events").glob("*.json"))
OLD, STALE = ("ignored", "too_old"), ("refused", "stale_request")

ANSWERS = {
    "alarm-action.json": OLD,
    "bus-alarm.json": OLD,
    "bus-composite-alarm.json": OLD,
    "sns-alarm.json": OLD,
    "smn-verified-alarm.json": OLD,
    "smn-verified-event.json": OLD,
    "failover-confirmed.json": STALE,
    "failover-override.json": STALE,
    "failover-rehearsal.json": ("rehearsed", "ready"),
    "rehearse.json": ("rehearsed", "ready"),
    "status.json": ("status", "ready"),
    "report.json": [("rehearsed", "all_ready"), ("rehearsed", "ready")],
    "history.json": ("status", "history"),
    "reconcile.json": ("reconciled", "armed"),
    "verify.json": ("no_run", "no_run"),
    "acknowledge.json": ("refused", "other_run"),
    "test-notice.json": ("tested", "test_notice"),
}
POSTS = ["smn-alarm.json", "smn-subscription.json"]
TIMES = {"alarm-action.json", "bus-alarm.json", "bus-composite-alarm.json", "sns-alarm.json"}


def event(name, **replaced):
    text = (ROOT / "events" / name).read_text()
    for old, new in replaced.items():
        text = text.replace(old, new)
    return json.loads(text)


@pytest.fixture
def first(parts):
    """The pair that the events are about."""
    parts.arm()
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    parts.put_pair("first")
    return parts


def test_every_file_has_its_answer():
    assert sorted([*ANSWERS, *POSTS, "pause.json", "resume.json", "sqs-alarms.json"]) == FILES


@pytest.mark.parametrize("name", POSTS)
def test_a_saved_post_of_smn_is_read_and_refused_as_old(name):
    message = read_post(event(name))
    ingress = Ingress(frozenset([message.topic_urn]), Certificates(web.fetch), print, bool, now)
    assert message.has_own_certificate
    assert respond(event(name), ingress)["statusCode"] == 403


def test_an_event_of_dws_a_moment_ago_fails_over(first):
    first.emulator.break_production()
    fresh = event(
        "smn-verified-event.json", **{"1768465815000": str(int(now().timestamp() * 1000))}
    )
    (result,) = first.send(fresh)["results"]
    assert (result["decision"], result["trigger"]["kind"]) == ("submitted", "smn")


def test_a_saved_batch_of_a_queue_has_no_failures(first):
    assert first.send(event("sqs-alarms.json")) == {"batchItemFailures": []}
    assert first.emulator.failover_posts == []


def test_the_same_batch_a_moment_ago_fails_over_once(first):
    first.emulator.break_production()
    text = (ROOT / "events" / "sqs-alarms.json").read_text()
    stamp = now(seconds=-1).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    batch = json.loads(text.replace("2026-01-15T08:30:00.409+0000", stamp))
    assert first.send(batch) == {"batchItemFailures": []}
    assert len(first.emulator.failover_posts) == 1


def test_a_saved_pause_is_over(first):
    with pytest.raises(InvalidEvent, match=r"\$\.until"):
        first.send(event("pause.json"))


def test_a_saved_resume_lifts_no_brake_before_somebody_says_whose(first):
    until = now(hours=1).isoformat()
    first.send({**event("pause.json"), "until": until})
    with pytest.raises(InvalidEvent, match=r'\$\.pair: found "<pair>"'):
        first.send(event("resume.json"))
    assert first.ledger.fleet().pause
    assert first.send(event("resume.json", **{"<pair>": "*"}))["decision"] == "resumed"


@pytest.mark.parametrize("name", ANSWERS)
def test_a_saved_event_is_answered_and_orders_nothing(first, name):
    answer = first.send(event(name))
    results = answer.get("results", [answer])
    expected = ANSWERS[name] if isinstance(ANSWERS[name], list) else [ANSWERS[name]]
    assert [(one["decision"], one["reason_code"]) for one in results] == expected
    assert first.emulator.failover_posts == []


@pytest.mark.parametrize("name", sorted(TIMES))
def test_the_same_alarm_a_moment_ago_fails_over(first, name):
    first.emulator.break_production()
    text = (ROOT / "events" / name).read_text()
    stamp = now(seconds=-1).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    fresh = json.loads(text.replace("2026-01-15T08:30:00.409+0000", stamp))
    (result,) = first.send(fresh)["results"]
    assert result["decision"] == "submitted"
    assert result["trigger"]["name"] == "dws-outage-first"


@pytest.mark.parametrize("name", ["failover-confirmed.json"])
def test_the_same_command_of_this_moment_fails_over(first, name):
    first.emulator.break_production()
    fresh = event(name, **{"2026-01-15T08:30:00Z": now().isoformat()})
    assert first.send(fresh)["decision"] == "submitted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "OK"}, "ok"),
        ({"state": "INSUFFICIENT_DATA"}, "insufficient_data"),
        ({"previous": "ALARM"}, "no_transition"),
        ({"at": now(minutes=-16)}, "too_old"),
        ({"at": now(days=1)}, "in_the_future"),
        ({"account": "111122223333"}, "not_listed"),
        ({"name": "another-alarm"}, "not_listed"),
    ],
    ids=["ok", "no data", "no transition", "too old", "in the future", "account", "name"],
)
def test_what_is_no_reason_to_act_is_ignored(parts, changes, code):
    parts.arm()
    parts.emulator.break_production()
    (result,) = parts.alarm(**changes)
    assert (result["decision"], result["reason_code"]) == ("ignored", code)
    assert (parts.emulator.journal, parts.record.incident) == ([], None)


def test_an_alarm_of_no_pair_is_warned_about_once_a_day(parts):
    answers = [parts.alarm("another-alarm") for _ in range(3)]
    assert [one["notified"] for (one,) in answers] == [True, False, False]
    (notice,) = parts.notices()
    assert notice.attributes["severity"] == "warning"


def test_a_listed_alarm_without_data_is_warned_about_once_a_day(parts):
    answers = [parts.alarm(state="INSUFFICIENT_DATA") for _ in range(2)]
    assert [one["notified"] for (one,) in answers] == [True, False]


def test_one_alarm_may_speak_for_several_pairs(parts):
    other = parts.emulator.add_pair(sync_every_s=1)
    parts.arm()
    parts.put_pair("other", disaster_recovery_id=other.id)
    results = parts.alarm()
    assert sorted(one["pair"] for one in results) == ["analytics", "other"]
