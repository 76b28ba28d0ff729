"""The provider's client on real sockets: bounds, and what it never does."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hosts import EVERYWHERE, HOSTS

from handler.dws.auth import AccessKey, Tokens, User
from handler.dws.client import Dws, Unreadable
from handler.dws.http import BODY_LIMIT, Transport
from handler.dws.side_by_side import side_by_side
from handler.model.evidence import Cause
from handler.model.hosts import AllowedHosts


def clock():
    return datetime.now(UTC)


@pytest.fixture
def wire():
    made = Transport(HOSTS)
    yield made
    made.close()


def connected(emulator, wire, credentials=None):
    key = credentials or AccessKey(emulator.credentials.access_key, emulator.credentials.secret_key)
    return Dws(
        wire, emulator.url, emulator.project_id, UTC, lambda _renew: key, Tokens(wire, clock), clock
    )


def user(emulator, **changes):
    login = emulator.credentials.login
    known = {"name": login.username, "domain": login.domain, "password": login.password}
    return User(**{**known, "iam_endpoint": emulator.url, **changes})


def unreadable(read):
    with pytest.raises(Unreadable) as raised:
        read()
    return raised.value


def test_a_detail_and_its_list_item_tell_the_same(emulator, wire):
    dws, pair = connected(emulator, wire), emulator.pair
    detail = dws.detail(pair.id, 5)
    (item,) = dws.listed(5, pair.id)
    assert (detail.roles, detail.status, detail.dr_type) == (item.roles, item.status, item.dr_type)
    assert detail.standby.last_sync == item.standby.last_sync
    assert (detail.primary.version, detail.primary.edition) == ("8.1.3.320", "dws")


def test_a_cluster_shows_its_lifecycle(emulator, wire):
    dws = connected(emulator, wire)
    emulator.set_cluster(emulator.pair.standby_id, sub_status="DEGRADED | READONLY")
    cluster = dws.cluster(emulator.pair.standby_id, 5)
    assert (cluster.status, cluster.sub_statuses) == ("AVAILABLE", {"DEGRADED", "READONLY"})


OTHER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("id_", [OTHER, "x'; touch pwned; echo '", None, 7, "", [OTHER]])
def test_what_is_said_about_another_cluster_or_about_none_is_not_read(emulator, wire, id_):
    body = {"cluster": {"id": id_, "status": "FAILED", "version": "8.1.3.320"}}
    emulator.fault("cluster", "respond", status=200, body=body)
    err = unreadable(lambda: connected(emulator, wire).cluster(emulator.pair.production_id, 5))
    assert (err.code, err.is_transient, "touch" in str(err)) == ("garbled", True, False)


@pytest.mark.parametrize("id_", [OTHER, "x'; touch pwned; echo '", None])
def test_what_is_said_about_another_pair_or_about_none_is_not_read(emulator, wire, id_):
    body = {"disaster_recovery": {"id": id_, "status": "running"}}
    emulator.fault("detail", "respond", status=200, body=body)
    err = unreadable(lambda: connected(emulator, wire).detail(emulator.pair.id, 5))
    assert (err.code, "touch" in str(err)) == ("garbled", False)


@pytest.mark.parametrize(
    ("fault", "code", "is_transient"),
    [
        ({"kind": "respond", "status": 403}, "denied", False),
        ({"kind": "respond", "status": 404}, "not_found", False),
        ({"kind": "respond", "status": 400, "body": {"error_code": "DWS.10101"}}, "not_found",
         False),
        ({"kind": "respond", "status": 429}, "throttled", True),
        ({"kind": "respond", "status": 503}, "unavailable", True),
        ({"kind": "respond", "status": 302, "headers": {"Location": "/"}}, "unavailable", False),
        ({"kind": "respond", "status": 200, "body": "[]"}, "garbled", True),
        ({"kind": "corrupt", "corruption": "html"}, "garbled", True),
        ({"kind": "corrupt", "corruption": "truncated-json"}, "garbled", True),
        ({"kind": "corrupt", "corruption": "invalid-utf8"}, "garbled", True),
        ({"kind": "corrupt", "corruption": "huge"}, "unavailable", True),
        ({"kind": "corrupt", "corruption": "not-http"}, "unavailable", True),
        ({"kind": "cut"}, "unavailable", True),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_whether_to_try_again(
    emulator, wire, fault, code, is_transient
):
    emulator.fault("detail", times=None, **fault)
    err = unreadable(lambda: connected(emulator, wire).detail(emulator.pair.id, 5))
    assert (err.code, err.is_transient) == (code, is_transient)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "stall", "seconds": 30},
        {"kind": "drip", "at": "headers", "interval_ms": 200},
        {"kind": "drip", "at": "body", "interval_ms": 200},
    ],
    ids=["stall", "drip of headers", "drip of body"],
)
def test_an_exchange_ends_at_its_deadline_whatever_the_peer_does(emulator, wire, fault):
    emulator.fault("detail", **fault)
    began = time.monotonic()
    unreadable(lambda: connected(emulator, wire).detail(emulator.pair.id, 1))
    assert time.monotonic() - began < 10  # the answer needs longer


def test_redirects_are_not_followed(emulator, wire):
    with_location = {"Location": f"{emulator.url}/v2/elsewhere"}
    emulator.fault("detail", "respond", status=302, headers=with_location)
    unreadable(lambda: connected(emulator, wire).detail(emulator.pair.id, 5))
    assert len(emulator.journal) == 1


def test_a_proxy_in_the_environment_is_not_used(emulator, monkeypatch):
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fresh = Transport(HOSTS)
    assert connected(emulator, fresh).detail(emulator.pair.id, 5).status == "running"
    fresh.close()


@pytest.mark.parametrize(
    "host",
    [
        f"https://{'a' * 70}.example",
        "https://a..b",
        "http://127.0.0.1:99999",
        "https://xn--a.example",
        "https://xn--ls8h.la:x",
        "dws.example",
        "ftp://dws.example",
    ],
)
def test_an_endpoint_that_cannot_be_is_proved_not_sent(emulator, host):
    wire = Transport(EVERYWHERE)
    dws = replace(connected(emulator, wire), endpoint=host)
    assert dws.fail_over(emulator.pair.id, 2).meaning == "not_started"
    assert unreadable(lambda: dws.detail(emulator.pair.id, 2)).code == "unavailable"
    wire.close()


def test_nothing_goes_to_a_host_that_is_not_allowed(emulator):
    """A run is settled with the document that it began with, from when other hosts were allowed."""
    wire = Transport(AllowedHosts.parse("dws.example.com, *.127.example.com"))
    dws = connected(emulator, wire)
    answer, err = dws.fail_over(emulator.pair.id, 5), unreadable(lambda: dws.listed(5))
    assert (answer.meaning, answer.reason_code) == ("not_started", "not_sent")
    assert (err.code, err.is_transient) == ("denied", False)
    assert str(err) == (
        f"nothing was sent to {emulator.url.replace('http:', 'https:')}, allowed: a host of"
        " AllowedProviderHosts (dws.example.com, *.127.example.com)"
    )
    assert emulator.journal == []


def test_no_password_goes_to_an_iam_that_is_not_allowed(emulator, wire):
    stranger = user(emulator, iam_endpoint=emulator.url.replace("127.0.0.1", "127.0.0.2"))
    dws = connected(emulator, wire, stranger)
    err = unreadable(lambda: dws.detail(emulator.pair.id, 5))
    assert (err.code, "127.0.0.2" in str(err)) == ("denied", False)
    assert dws.fail_over(emulator.pair.id, 5).meaning == "not_started"
    assert emulator.journal == []


def test_cookies_are_not_kept(emulator):
    sent = []

    def answer(request):
        sent.append(request.headers)
        return httpx.Response(
            503, headers={"Set-Cookie": "a=b; Path=/"}, stream=httpx.ByteStream(b"")
        )

    dws = connected(emulator, Transport(HOSTS, httpx.MockTransport(answer)))
    for _ in range(2):
        unreadable(lambda: dws.detail(emulator.pair.id, 5))
    assert len(sent) == 2
    assert not any("cookie" in headers for headers in sent)


def test_bodies_are_bounded():
    assert BODY_LIMIT <= 2 * 1024 * 1024


def test_an_id_from_outside_cannot_leave_its_path(emulator, wire):
    unreadable(lambda: connected(emulator, wire).cluster("../../v2/x/disaster-recovery/y", 5))
    (call,) = emulator.journal
    assert call.operation in ("cluster", "unknown")
    assert call.path.startswith(f"/v1.0/{emulator.project_id}/clusters/")


def test_a_temporary_key_sends_and_signs_its_token(emulator, wire):
    from local.dws.auth.identity import Credentials

    emulator.set_credentials(
        Credentials(access_key="TEMPORARY", secret_key="s" * 40, security_token="t" * 20)
    )
    key = AccessKey("TEMPORARY", "s" * 40, "t" * 20)
    assert connected(emulator, wire, key).detail(emulator.pair.id, 5).status == "running"
    without = AccessKey("TEMPORARY", "s" * 40)
    assert unreadable(
        lambda: connected(emulator, wire, without).detail(emulator.pair.id, 5)
    ).code == "denied"  # fmt: skip


def logins(emulator):
    return [call.operation for call in emulator.journal].count("token")


class TestTokens:
    def test_a_token_is_fetched_once_and_kept(self, emulator, wire):
        dws = connected(emulator, wire, user(emulator))
        assert [dws.detail(emulator.pair.id, 5).status for _ in range(3)] == ["running"] * 3
        assert [call.operation for call in emulator.journal].count("token") == 1

    def test_a_token_is_renewed_shortly_before_its_end(self, emulator, wire):
        emulator.set_token_lifetime(60)
        dws = connected(emulator, wire, user(emulator))
        for _ in range(2):
            dws.detail(emulator.pair.id, 5)
        assert [call.operation for call in emulator.journal].count("token") == 2

    def test_a_token_that_is_no_longer_taken_is_renewed_once(self, emulator, wire):
        dws = connected(emulator, wire, user(emulator))
        dws.detail(emulator.pair.id, 5)
        emulator.revoke_tokens()
        assert dws.detail(emulator.pair.id, 5).status == "running"

    def test_a_failover_works_with_a_token(self, emulator, wire):
        emulator.break_production()
        answer = connected(emulator, wire, user(emulator)).fail_over(emulator.pair.id, 5)
        assert answer.meaning == "submitted"

    def test_without_a_token_nothing_is_sent(self, emulator, wire):
        wrong = user(emulator, password="wrong")
        answer = connected(emulator, wire, wrong).fail_over(emulator.pair.id, 5)
        assert (answer.meaning, emulator.failover_posts) == ("not_started", [])

    @pytest.mark.parametrize("password", [None, "wrong"], ids=["taken", "refused"])
    def test_reads_that_begin_at_once_log_in_once(self, emulator, wire, password):
        """IAM locks who fails a few times; and what it gives one of them is good for all."""
        changes = {"password": password} if password else {}
        dws = connected(emulator, wire, user(emulator, **changes))
        side_by_side({str(n): lambda: dws.detail(emulator.pair.id, 5) for n in range(4)}, 6)
        assert logins(emulator) == 1

    def test_a_password_that_was_refused_is_tried_again_after_five_minutes(self, emulator, wire):
        late = [timedelta()]
        wrong = user(emulator, password="wrong")
        tokens = Tokens(wire, lambda: clock() + late[0])
        dws = replace(connected(emulator, wire, wrong), tokens=tokens)
        for minutes, count in ((0, 1), (4, 1), (5, 2)):
            late[0] = timedelta(minutes=minutes)
            err = unreadable(lambda: dws.detail(emulator.pair.id, 5))
            assert (err.code, err.cause, logins(emulator)) == ("denied", Cause.NO_TOKEN, count)

    def test_a_password_that_was_corrected_is_tried_at_once(self, emulator, wire):
        """Though the secret was read a moment ago, and is read again only after five minutes."""
        wrong, right = user(emulator, password="wrong"), user(emulator)
        dws = connected(emulator, wire, wrong)
        unreadable(lambda: dws.detail(emulator.pair.id, 5))
        corrected = replace(dws, credentials=lambda renew: right if renew else wrong)
        assert corrected.detail(emulator.pair.id, 5).status == "running"

    def test_an_order_logs_in_whatever_was_refused_before(self, emulator, wire):
        dws = connected(emulator, wire, user(emulator, password="wrong"))
        unreadable(lambda: dws.detail(emulator.pair.id, 5))
        assert dws.fail_over(emulator.pair.id, 5).meaning == "not_started"
        assert logins(emulator) == 2

    def test_that_iam_is_not_at_work_is_no_refusal(self, emulator, wire):
        emulator.fault("token", "respond", status=503, times=1)
        dws = connected(emulator, wire, user(emulator))
        unreadable(lambda: dws.detail(emulator.pair.id, 5))
        assert dws.detail(emulator.pair.id, 5).status == "running"

    def test_a_password_is_not_shown(self, emulator):
        shown = repr(user(emulator, password="hush")) + repr(AccessKey("a", "hush", "hush"))
        assert "hush" not in shown
