"""Every row of the meaning table (reference, "A run"), provoked on a real socket."""

import time

import pytest

from handler.errors import InvalidSettings
from handler.model.run import RunState

SUBMITTED, REJECTED = RunState.SUBMITTED, RunState.PROVIDER_REJECTED
NOT_STARTED, UNKNOWN = RunState.NOT_STARTED, RunState.UNKNOWN


def respond(status, code=None, **more):
    body = {"error_code": code, "error_msg": "no"} if code else more.pop("body", "")
    return {"kind": "respond", "status": status, "body": body, **more}


ACCEPTED = {"disaster_recovery": {"id": "e59d6b86-9072-46eb-a996-13f8b44994c1"}}
OTHER = {"disaster_recovery": {"id": "00000000-0000-0000-0000-000000000000"}}

ROWS = {
    "403": (respond(403, "APIGW.0302"), REJECTED),
    "404": (respond(404, "APIGW.0101"), REJECTED),
    "413": (respond(413), REJECTED),
    "414": (respond(414), REJECTED),
    "429 with a time to wait": (respond(429, "APIGW.0308", headers={"Retry-After": "1"}), REJECTED),
    "400 no such pair": (respond(400, "DWS.10101"), REJECTED),
    "400 tenant": (respond(400, "DWS.5045"), REJECTED),
    "400 no UUID": (respond(400, "DWS.5064"), REJECTED),
    "400 instance type": (respond(400, "DWS.5095"), REJECTED),
    "400 version": (respond(400, "DWS.5206"), REJECTED),
    "400 gateway": (respond(400, "APIG.0308"), REJECTED),
    "400 another code": (respond(400, "DWS.5204"), UNKNOWN),
    "400 without a code": (respond(400), UNKNOWN),
    "409": (respond(409, "DWS.5204"), UNKNOWN),
    "500": (respond(500, "DWS.5001"), UNKNOWN),
    "500, accepted all the same": (respond(500, effect=True), UNKNOWN),
    "502": (respond(502, body="<html>bad gateway</html>"), UNKNOWN),
    "503": (respond(503), UNKNOWN),
    "504, accepted all the same": (respond(504, effect=True), UNKNOWN),
    "302": (respond(302, headers={"Location": "http://127.0.0.1:9/"}), UNKNOWN),
    "307": (respond(307, headers={"Location": "http://127.0.0.1:9/"}), UNKNOWN),
    "302 to no host, accepted all the same": (
        respond(302, headers={"Location": "https://xn--ls8h.la/"}, effect=True), UNKNOWN,
    ),
    "302 to no URL, accepted all the same": (
        respond(302, headers={"Location": "https:login"}, effect=True), UNKNOWN,
    ),
    "201": (respond(201, body=ACCEPTED), UNKNOWN),
    "202": (respond(202, body=ACCEPTED), UNKNOWN),
    "204": (respond(204), UNKNOWN),
    "200 with another id": (respond(200, body=OTHER), UNKNOWN),
    "200 with HTML": ({"kind": "corrupt", "corruption": "html"}, UNKNOWN),
    "200 cut short": ({"kind": "corrupt", "corruption": "truncated-json"}, UNKNOWN),
    "200 of wrong types": ({"kind": "corrupt", "corruption": "wrong-types"}, UNKNOWN),
    "200 in no encoding": ({"kind": "corrupt", "corruption": "invalid-utf8"}, UNKNOWN),
    "200 that is empty": ({"kind": "corrupt", "corruption": "empty"}, UNKNOWN),
    "200 of 16 MB": ({"kind": "corrupt", "corruption": "huge"}, UNKNOWN),
    "shorter than it says": ({"kind": "corrupt", "corruption": "length-too-long"}, UNKNOWN),
    "not HTTP": ({"kind": "corrupt", "corruption": "not-http"}, UNKNOWN),
    "reset before it is read": ({"kind": "cut", "at": "request"}, UNKNOWN),
    "reset after it was taken": ({"kind": "cut", "at": "answer"}, UNKNOWN),
    "closed after it was taken": ({"kind": "cut", "at": "answer", "how": "fin"}, UNKNOWN),
    "cut in the headers": ({"kind": "cut", "at": "headers"}, UNKNOWN),
    "cut in the body": ({"kind": "cut", "at": "body"}, UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_an_answer_leads_to_its_state_and_is_not_repeated(outage, row):
    fault, state = ROWS[row]
    outage.emulator.fault("failover", **fault)
    (result,) = outage.alarm()
    run = outage.record.run
    # What was taken all the same shows in the reads that follow at once.
    was_taken = state is UNKNOWN and outage.emulator.pair.orders
    assert run.state is (SUBMITTED if was_taken else state)
    assert result["decision"] == run.state.value
    assert outage.notices()[0].result["decision"] == state.value
    assert outage.posts == 1
    assert run.holds_pair is (state is UNKNOWN)


def test_200_with_our_id_is_submitted(outage):
    (result,) = outage.alarm()
    assert result["decision"] == SUBMITTED.value


def test_one_401_is_renewed_and_repeated(outage):
    outage.emulator.fault("failover", **respond(401, "APIGW.0301"))
    (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == (SUBMITTED.value, 2)
    assert [post.effect for post in outage.emulator.failover_posts] == [False, True]


def test_a_second_401_is_a_rejection(outage):
    outage.emulator.fault("failover", times=None, **respond(401, "APIGW.0301"))
    (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == (REJECTED.value, 2)


@pytest.mark.parametrize("fault", ["stall", "drip"])
def test_an_answer_that_takes_too_long_is_unknown_at_the_deadline(outage, fault):
    outage.remaining_s = 31
    script = {"stall": {"seconds": 60}, "drip": {"at": "headers", "interval_ms": 400}}[fault]
    outage.emulator.fault("failover", fault, **script)
    began = time.monotonic()
    (result,) = outage.alarm()
    assert result["decision"] == UNKNOWN.value
    assert 15 < time.monotonic() - began < 28


def in_turn(reads, _within_s):
    return {name: read() for name, read in reads.items()}


def test_a_refused_connection_is_proved_not_sent(outage):
    outage.instead["side_by_side"] = in_turn  # the second cluster is the last that is read
    outage.emulator.fault("cluster", "refuse", after=1, seconds=5)
    (result,) = outage.alarm()
    run = outage.record.run
    assert (result["decision"], run.never_started, run.holds_pair) == (
        NOT_STARTED.value,
        True,
        False,
    )
    assert outage.emulator.failover_posts == []


def test_a_tls_failure_is_proved_not_sent(outage):
    """The endpoint speaks no TLS: the handshake fails before anything of the request leaves."""
    from dataclasses import replace

    from handler.dws.answers import Meaning

    (pair,) = outage.adapters.pairs().good
    tls = replace(pair, endpoint=pair.endpoint.replace("http://", "https://"))
    answer = outage.adapters.connect(tls).fail_over(pair.disaster_recovery_id, 5)
    assert answer.meaning is Meaning.NOT_STARTED


def test_a_rejection_while_the_pair_is_switching_is_unknown(outage):
    """Someone else at the console was first: the rejection is about their switchover."""
    outage.emulator.vary(rival_orders_first=True)
    (result,) = outage.alarm()
    assert outage.notices()[0].result["decision"] == UNKNOWN.value
    assert (result["attribution"], outage.record.run.holds_pair) == ("unclear", True)


def test_a_rejection_that_no_read_can_confirm_is_unknown(outage):
    outage.emulator.fault("failover", **respond(403, "APIGW.0302"))
    outage.emulator.fault("detail", "cut", after=1, times=None)
    (result,) = outage.alarm()
    assert result["decision"] == UNKNOWN.value


def test_a_secret_that_vanishes_before_the_order_is_proved_not_sent(outage):
    from handler.dws.answers import Meaning

    (pair,) = outage.adapters.pairs().good
    dws = outage.adapters.connect(pair)

    def vanished(_renew):
        raise InvalidSettings("the secret is gone")

    from dataclasses import replace

    answer = replace(dws, credentials=vanished).fail_over(pair.disaster_recovery_id, 5)
    assert answer.meaning is Meaning.NOT_STARTED
