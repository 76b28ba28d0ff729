"""SMN's messages at the function URL, signed by a throw-away SMN that is asked over TLS."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from smn_url import Url

from handler.aws.queue import Queue
from handler.errors import InvalidSettings
from handler.smn.app import Settings
from handler.smn.message import Message
from local.smn import HOST, REGION, TOPIC, Signer

FORWARDED, REFUSED = (200, "forwarded"), (403, "refused")


@pytest.mark.parametrize("subject", [None, "[Critical Alarm]From Cloud Eye", "仓库"])
def test_a_signed_message_is_handed_on_without_its_signature(smn, url, subject):
    message = smn.notification("it is down", subject)
    assert url.post(message) == FORWARDED
    left = {"type", "signature", "signature_version", "signing_cert_url"}
    assert url.forwarded == [{"smn": {k: v for k, v in message.items() if k not in left}}]


def test_what_is_signed_stands_in_lines_by_turns():
    """The SMN user guide's own example."""
    message = Message(
        type="Notification",
        topic_urn="urn:smn:regionId:74dc9e44d0cc4573adfce91cdfdd3ba9:xxxx",
        message_id="88c726942175432bac921eafd0036163",
        message="My test message",
        timestamp="2016-08-15T07:29:16Z",
        sent_at=datetime(2016, 8, 15, 7, 29, 16, tzinfo=UTC),
        signature=b"",
        signing_cert_url="",
        subject="demo",
    )
    assert message.signed_text.decode().split("\n") == [
        "message", "My test message", "message_id", "88c726942175432bac921eafd0036163",
        "subject", "demo", "timestamp", "2016-08-15T07:29:16Z",
        "topic_urn", "urn:smn:regionId:74dc9e44d0cc4573adfce91cdfdd3ba9:xxxx",
        "type", "Notification", "",
    ]  # fmt: skip


def test_a_blank_subject_is_not_signed(smn, url):
    assert url.post({**smn.notification("it is down"), "subject": " "}) == FORWARDED


def test_a_certificate_is_fetched_once(smn, url):
    for _ in range(3):
        url.post(smn.notification("it is down"))
    assert len(smn.asked) == 1


def test_the_same_message_again_is_answered_and_not_handed_on(smn, url):
    message = smn.notification("it is down")
    assert [url.post(message), url.post(message)] == [FORWARDED, (200, "repeated")]
    assert len(url.forwarded) == 1


FOREIGN = "urn:smn:eu-west-101:ffffffffffffffffffffffffffffffff:dws-alarms"


@pytest.mark.parametrize(
    "other",
    [
        {"topic_urn": FOREIGN},
        {"timestamp": "2025-06-02T14:56:17Z"},
        {"timestamp": "2126-06-02T14:56:17Z"},
        {"signing_cert_url": f"http://{HOST}/smn/SMN_{REGION}_0.pem"},
        {"signing_cert_url": f"https://{HOST}.example.com/smn/SMN_{REGION}_0.pem"},
        {"signing_cert_url": f"https://{HOST}@example.com/smn/SMN_{REGION}_0.pem"},
        {"signing_cert_url": f"https://{HOST}:8443/smn/SMN_{REGION}_0.pem"},
        {"signing_cert_url": f"https://{HOST}/smn/SMN_{REGION}_0.pem?next=//example.com"},
        {"signing_cert_url": f"https://{HOST}/v2/SMN_{REGION}_0.pem"},
        {"signing_cert_url": f"https://{HOST}/smn/../v2/x.pem"},
        {"signing_cert_url": "https://smn.eu-west-102.myhuaweicloud.eu/smn/SMN_0.pem"},
        {"signing_cert_url": f"https://smn.{REGION}.myhuaweicloud.cn/smn/SMN_0.pem"},
        {"signing_cert_url": f"https://obs.{REGION}.myhuaweicloud.eu/smn/SMN_0.pem"},
    ],
    ids=str,
)
def test_what_is_foreign_is_refused_and_nobody_is_asked(smn, url, other):
    assert url.post(smn.notification("it is down", **other)) == REFUSED
    assert (url.forwarded, smn.asked) == ([], [])


@pytest.mark.parametrize(
    "changed",
    ["message", "message_id", "subject", "timestamp"],
)
def test_a_message_that_was_changed_is_refused(smn, url, changed):
    message = smn.notification("it is down", "a subject")
    later = (datetime.now(UTC) + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    message[changed] = later if changed == "timestamp" else message[changed] + "0"
    assert url.post(message) == REFUSED
    assert url.forwarded == []


def test_a_subject_that_was_added_is_refused(smn, url):
    assert url.post({**smn.notification("it is down"), "subject": "new"}) == REFUSED


def test_a_notification_does_not_pass_for_a_confirmation(smn, url):
    url_ = f"https://{HOST}/smn/subscription/confirm?token=1"
    message = {**smn.notification("x"), "type": "SubscriptionConfirmation", "subscribe_url": url_}
    assert url.post(message) == REFUSED


@pytest.mark.parametrize(
    "signer",
    [
        Signer("expired", valid=(timedelta(days=-9), timedelta(days=-1))),
        Signer("of tomorrow", valid=(timedelta(days=1), timedelta(days=9))),
        Signer("short", bits=1024),
    ],
    ids=["expired", "not yet valid", "short key"],
)
def test_a_certificate_that_is_no_good_is_refused(smn, url, signer):
    where = smn.publish_certificate(signer)
    message = smn.notification("it is down", signer=signer, signing_cert_url=where)
    assert url.post(message) == REFUSED


def test_a_certificate_grows_old_while_it_is_kept(smn, url):
    assert url.post(smn.notification("it is down")) == FORWARDED
    url.now += timedelta(days=2)
    at = url.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert url.post(smn.notification("it is down", timestamp=at)) == REFUSED


def test_a_certificate_that_was_renewed_is_fetched_again(smn, url):
    where = smn.publish_certificate(Signer("old", valid=(timedelta(days=-9), timedelta(hours=1))))
    renewed = Signer("new", valid=(timedelta(days=-1), timedelta(days=9)))
    old = smn.notification("it is down", signing_cert_url=where)
    assert url.post(old) == REFUSED  # signed by another: the certificate is kept all the same
    smn.published[where.removeprefix(f"https://{HOST}")] = renewed.pem
    url.now += timedelta(hours=2)
    at = url.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    message = smn.notification("x", signer=renewed, signing_cert_url=where, timestamp=at)
    assert url.post(message) == FORWARDED


def test_lines_cannot_be_moved_from_one_field_to_another(smn, url):
    text = "disk ok\nmessage_id\nFAKE1\nsubject\nhello"
    signed = smn.notification(text, "real subject", message_id="REAL")
    recut = {
        **signed, "message": "disk ok", "message_id": "FAKE1",
        "subject": "hello\nmessage_id\nREAL\nsubject\nreal subject",
    }  # fmt: skip
    assert url.post(recut) == (400, "malformed")


def test_a_known_id_does_not_help_a_forger(smn, url):
    message = smn.notification("it is down")
    url.post(message)
    assert url.post({**message, "message": "changed"}) == REFUSED


def test_another_key_is_refused(smn, url):
    assert url.post(smn.notification("it is down", signer=Signer("somebody"))) == REFUSED


def test_a_certificate_that_smn_does_not_have_is_refused(smn, url):
    where = f"https://{HOST}/smn/SMN_{REGION}_none.pem"
    assert url.post(smn.notification("it is down", signing_cert_url=where)) == REFUSED


@pytest.mark.parametrize("served", [b"no certificate", b"x" * 100_000], ids=["text", "large"])
def test_a_certificate_that_cannot_be_read_has_the_message_sent_again(smn, url, served):
    path = f"/smn/SMN_{REGION}_bad.pem"
    smn.published[path] = served
    message = smn.notification("it is down", signing_cert_url=f"https://{HOST}{path}")
    assert url.post(message) == (503, "failed")


def test_a_host_that_smn_cannot_prove_to_be_is_not_believed(smn, url, monkeypatch, tmp_path):
    other = tmp_path / "other.pem"
    other.write_bytes(Signer("another authority").pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    assert url.post(smn.notification("it is down")) == (503, "failed")
    assert smn.asked == []


def test_what_could_not_be_handed_on_is_sent_again_and_then_taken(smn):
    answers = iter([False, True])
    url = Url(forward=lambda _: next(answers))
    message = smn.notification("it is down")
    assert [url.post(message), url.post(message)] == [(503, "failed"), FORWARDED]


def test_a_queue_that_does_not_take_it_hands_nothing_on():
    class Throttled:
        def send_message(self, **_):
            raise ClientError({"Error": {"Code": "RequestThrottled"}}, "SendMessage")

    assert Queue(Throttled, "https://queue").send({}) is False


def test_a_subscription_confirms_itself(smn, url):
    assert url.post(smn.confirmation()) == (200, "confirmed")
    assert smn.asked[1].startswith("/smn/subscription/confirm?token=")
    assert url.forwarded == []


def test_the_provider_confirms_at_its_console_too(smn, url):
    where = f"https://console.huaweicloud.com/smn/subscription/confirm?token=1&region={REGION}"
    assert url.post(smn.confirmation(subscribe_url=where)) == (200, "confirmed")


@pytest.mark.parametrize(
    "where",
    [
        "https://example.com/smn/subscription/confirm?token=1",
        "http://console.huaweicloud.com/smn/subscription/confirm?token=1",
        "https://console.huaweicloud.com.example.com/smn/subscription/confirm?token=1",
        "https://bucket.obs.myhuaweicloud.com/smn/subscription/confirm?token=1",
        "https://console.huaweicloud.com/smn/subscription/unsubscribe?subscription_urn=1",
        f"https://{HOST}/smn/subscription/confirm",
    ],
)
def test_a_subscription_is_confirmed_nowhere_else(smn, url, where):
    assert url.post(smn.confirmation(subscribe_url=where)) == REFUSED
    assert len(smn.asked) == 1


def test_a_foreign_topic_is_not_confirmed(smn, url):
    assert url.post(smn.confirmation(topic_urn=FOREIGN)) == REFUSED
    assert smn.asked == []


def test_a_confirmation_that_fails_is_sent_again(smn, url):
    message = smn.confirmation()
    smn.refuses_confirmations = True
    assert url.post(message) == (503, "failed")
    smn.refuses_confirmations = False
    assert url.post(message) == (200, "confirmed")


def test_an_unsubscription_is_noticed(smn, url):
    assert url.post(smn.confirmation(type="UnsubscribeConfirmation")) == (200, "unsubscribed")
    assert len(smn.asked) == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", "null", "x" * 3_000_000], ids=len)
def test_what_is_no_message_is_malformed(url, body):
    assert url.post(body) == (400, "malformed")


def test_a_long_message_is_cut_to_what_a_queue_takes(smn, url):
    assert url.post(smn.notification("é" * 130_000)) == FORWARDED
    assert len(json.dumps(url.forwarded[0])) < 256 * 1024


def test_half_a_surrogate_pair_is_refused(smn, url):
    assert url.post({**smn.notification("x"), "message": "\ud800"}) in (REFUSED, (400, "malformed"))


def test_who_is_refused_does_not_learn_why(smn, url):
    told = {
        url.post(smn.notification("x", topic_urn=FOREIGN)),
        url.post(smn.notification("x", timestamp="2020-01-01T00:00:00Z")),
    }
    assert told == {REFUSED}


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"SMN_QUEUE_URL": "q"}, "SMN_TOPIC_URNS: found ''"),
        ({"SMN_QUEUE_URL": "q", "SMN_TOPIC_URNS": f"{TOPIC},x"}, "SMN_TOPIC_URNS: found 'x'"),
        ({"SMN_TOPIC_URNS": TOPIC}, "SMN_QUEUE_URL is not set"),
    ],
)
def test_settings_name_every_fault(environ, fault):
    with pytest.raises(InvalidSettings, match=fault):
        Settings.from_environment(environ)


def test_topics_may_be_separated_by_a_comma_and_a_space():
    environ = {"SMN_TOPIC_URNS": f"{TOPIC}, {FOREIGN}", "SMN_QUEUE_URL": "q"}
    assert Settings.from_environment(environ).topic_urns == {TOPIC, FOREIGN}
