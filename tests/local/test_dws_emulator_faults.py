"""Scripted faults as a client meets them on a real socket."""

import json
import socket
import threading
import time

import httpx
import pytest

from local.dws import Emulator
from local.dws.model.setup import PAIR_ID, PROJECT_ID

PAIR = f"/v2/{PROJECT_ID}/disaster-recovery/{PAIR_ID}"


@pytest.fixture(scope="module")
def serving():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(serving):
    serving.reset()
    return serving


@pytest.fixture
def client(emulator):
    token = {"X-Auth-Token": emulator.issue_token()}
    with httpx.Client(
        base_url=emulator.url, headers=token, trust_env=False, verify=False, timeout=2
    ) as client:
        yield client


def fail_over(client):
    return client.post(f"{PAIR}/failover")


def wait_until(condition):
    deadline = time.monotonic() + 3
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


@pytest.mark.parametrize("at", ["request", "answer"])
def test_a_stalled_answer_runs_into_the_clients_timeout(emulator, client, at):
    emulator.fault("failover", "stall", at=at, seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        fail_over(client)
    (post,) = emulator.failover_posts
    assert (post.status, post.effect) == (None, at == "answer")


def test_a_stall_before_the_effect_only_delays_it(emulator, client):
    emulator.fault("failover", "stall", at="request", seconds=0.1)
    assert fail_over(client).status_code == 200
    assert emulator.failover_posts[0].effect


def test_an_answer_may_drip_byte_by_byte(emulator, client):
    emulator.fault("detail", "drip", interval_ms=1)
    assert client.get(PAIR).json()["disaster_recovery"]["id"] == PAIR_ID


def test_dripping_headers_outlast_a_read_timeout(emulator, client):
    emulator.fault("detail", "drip", at="headers", interval_ms=4)
    began = time.monotonic()
    assert client.get(PAIR, timeout=0.5).status_code == 200
    assert time.monotonic() - began > 0.5


@pytest.mark.parametrize(
    ("at", "how", "error", "effect"),
    [
        ("request", "rst", httpx.ReadError, False),
        ("request", "fin", httpx.RemoteProtocolError, False),
        ("answer", "rst", httpx.ReadError, True),
        ("answer", "fin", httpx.RemoteProtocolError, True),
        ("headers", "fin", httpx.RemoteProtocolError, True),
        ("body", "fin", httpx.RemoteProtocolError, True),
    ],
)
def test_a_connection_may_be_cut_anywhere(emulator, client, at, how, error, effect):
    emulator.fault("failover", "cut", at=at, how=how)
    with pytest.raises(error):
        fail_over(client)
    (post,) = emulator.failover_posts
    assert post.effect is effect
    assert (post.status is None) is (at != "body")
    assert (emulator.pair.status == "switchovering") is effect


@pytest.mark.parametrize("how", ["rst", "fin"])
def test_a_connection_may_be_cut_before_anything_is_read(emulator, client, how):
    emulator.fault("any", "cut", at="connect", how=how)
    with pytest.raises(httpx.TransportError):
        fail_over(client)
    assert emulator.journal == []


@pytest.mark.parametrize("corruption", ["not-http", "length-too-long"])
def test_an_answer_may_be_no_http(emulator, client, corruption):
    emulator.fault("failover", "corrupt", corruption=corruption)
    with pytest.raises(httpx.RemoteProtocolError):
        fail_over(client)
    assert emulator.failover_posts[0].effect


@pytest.mark.parametrize(
    "corruption", ["truncated-json", "html", "invalid-utf8", "empty", "length-too-short"]
)
def test_an_answer_may_be_no_json(emulator, client, corruption):
    emulator.fault("failover", "corrupt", corruption=corruption)
    answer = fail_over(client)
    assert answer.status_code == 200
    with pytest.raises((ValueError, UnicodeDecodeError)):
        json.loads(answer.content)


def test_an_answer_may_have_wrong_types(emulator, client):
    emulator.fault("detail", "corrupt", corruption="wrong-types")
    found = client.get(PAIR).json()["disaster_recovery"]
    assert (found["id"], found["status"]) == ([7], [7])


def test_an_answer_may_be_huge(emulator, client):
    emulator.fault("detail", "corrupt", corruption="huge", size_mb=3)
    assert len(client.get(PAIR).content) > 3_000_000


def test_another_answer_may_be_given_without_the_effect(emulator, client):
    emulator.fault("failover", "respond", status=429, headers={"Retry-After": "5"}, body={"a": 1})
    answer = fail_over(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert answer.json() == {"a": 1}
    assert not emulator.failover_posts[0].effect
    assert emulator.pair.status == "running"


def test_another_answer_may_be_given_with_the_effect(emulator, client):
    emulator.fault("failover", "respond", status=500, effect=True, body="oops")
    assert fail_over(client).status_code == 500
    assert emulator.failover_posts[0].effect
    assert emulator.pair.status == "switchovering"


def test_a_dripped_answer_may_come_without_the_effect(emulator, client):
    emulator.fault("failover", "drip", interval_ms=0.1, effect=False)
    assert fail_over(client).status_code == 504
    assert emulator.pair.status == "running"


def test_connecting_may_be_refused_for_a_while(emulator, client):
    client.get(PAIR)
    emulator.fault("any", "refuse", seconds=0.2)
    with pytest.raises(httpx.ConnectError):
        fail_over(client)
    wait_until(lambda: _can_connect(emulator))
    assert fail_over(client).status_code == 200


def _can_connect(emulator):
    host, port = emulator.url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionError:
        return False
    return True


def test_connecting_may_be_refused_after_an_operation(emulator, client):
    emulator.fault("detail", "refuse", seconds=30)
    assert client.get(PAIR).status_code == 200
    wait_until(lambda: not _can_connect(emulator))
    with pytest.raises(httpx.ConnectError):
        fail_over(client)
    emulator.clear_faults()
    assert fail_over(client).status_code == 200


def test_a_fault_counts_its_own_operation_and_lets_the_first_calls_through(emulator, client):
    emulator.fault("detail", "respond", status=503, after=1, times=2)
    client.get(f"/v2/{PROJECT_ID}/disaster-recoveries")
    assert [client.get(PAIR).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_may_last(emulator, client):
    emulator.fault("any", "respond", status=503, times=None)
    assert {client.get(PAIR).status_code for _ in range(5)} == {503}


def test_the_journal_names_the_fault(emulator, client):
    emulator.fault("detail", "corrupt", corruption="html")
    client.get(PAIR)
    assert emulator.journal[0].fault == "corrupt:html"


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("stall", {"at": "body"}, "at: "),
        ("cut", {"at": "connect"}, "at: "),
        ("respond", {"status": 99}, "status: "),
        ("respond", {"headers": {"X": "a\r\nb"}}, "headers: "),
    ],
)
def test_a_fault_that_cannot_be_is_refused(emulator, kind, fields, told):
    with pytest.raises(ValueError, match=told):
        emulator.fault("detail", kind, **fields)


@pytest.mark.parametrize(
    "raw", [b"what?\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\x16\x03\x01\x00\n"]
)
def test_what_is_no_http_is_answered_with_400(emulator, raw):
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(raw)
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_stopping_ends_stalled_connections():
    before = set(threading.enumerate())
    with Emulator() as emulator:
        emulator.fault("any", "stall", at="request", seconds=60, times=None)
        stalled = [threading.Thread(target=_ask, args=(emulator.url,)) for _ in range(10)]
        for thread in stalled:
            thread.start()
        wait_until(lambda: len(emulator.journal) == 10)
        began = time.monotonic()
    assert time.monotonic() - began < 10  # it stalls for 60 s
    for thread in stalled:
        thread.join()
    assert set(threading.enumerate()) <= before


def _ask(url):
    with pytest.raises(httpx.TransportError):
        httpx.get(url + PAIR, trust_env=False, verify=False, timeout=30)


def test_calls_side_by_side_take_one_order(emulator):
    token = {"X-Auth-Token": emulator.issue_token()}
    statuses = []

    def post():
        answer = httpx.post(
            f"{emulator.url}{PAIR}/failover", headers=token, trust_env=False, verify=False
        )
        statuses.append(answer.status_code)

    callers = [threading.Thread(target=post) for _ in range(20)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(statuses) == [200] + [400] * 19
    assert len(emulator.pair.orders) == 1


# Of one pair

ANOTHER = "0b6d2c4e-1111-4222-8333-444455556666"


@pytest.fixture
def another(emulator):
    """A second pair, beside the one whose faults are scripted."""
    return emulator.add_pair(id=ANOTHER)


@pytest.mark.parametrize("whose", ["detail", "cluster"])
def test_a_fault_of_one_pair_befalls_calls_about_it_and_its_clusters_alone(
    emulator, client, another, whose
):
    mine = emulator.pair
    paths = {
        "detail": [f"/v2/{PROJECT_ID}/disaster-recovery/{one.id}" for one in (another, mine)],
        "cluster": [f"/v1.0/{PROJECT_ID}/clusters/{one.standby_id}" for one in (another, mine)],
    }
    emulator.fault("any", "respond", status=503, pair=mine.id, times=None)
    assert [client.get(path).status_code for path in paths[whose]] == [200, 503]


def test_a_fault_of_one_pair_does_not_befall_the_list(emulator, client, another):
    emulator.fault("any", "respond", status=503, pair=another.id, times=None)
    assert client.get(f"/v2/{PROJECT_ID}/disaster-recoveries").status_code == 200


def test_the_journal_says_from_which_port_a_call_came(emulator, client):
    with client.stream("GET", PAIR) as answer:
        port = answer.extensions["network_stream"].get_extra_info("client_addr")[1]
        assert emulator.journal[-1].peer == port


def test_who_watches_is_told_of_a_fault_before_the_call_has_an_effect(emulator, client):
    told = []
    emulator.watch_faults(lambda call: told.append((call.operation, [*emulator.pair.orders])))
    emulator.fault("failover", "stall", seconds=0)
    client.get(PAIR)
    assert fail_over(client).status_code == 200
    assert told == [("failover", [])]
    emulator.watch_faults(lambda _: None)


def test_a_gateway_whose_clock_is_ahead_refuses_who_signs_by_the_right_one(emulator, client):
    emulator.set_token_lifetime(600)
    headers = {"X-Auth-Token": emulator.issue_token()}
    emulator.set_gateway_ahead(1200)
    assert client.get(PAIR, headers=headers).status_code == 401
    emulator.set_gateway_ahead(0)
    assert client.get(PAIR, headers=headers).status_code == 200


# People in the console, and time that passes at once


def test_an_order_in_the_console_is_taken_and_is_none_of_the_apis(emulator):
    emulator.order_in_console("failover")
    assert [order.by for order in emulator.pair.orders] == ["console"]
    assert emulator.failover_posts == []


def test_time_that_passes_at_once_brings_what_was_to_come_and_makes_older_what_was(emulator):
    emulator.vary(abnormal_after_s=300)
    emulator.break_production()
    before = emulator.pair.last_sync(emulator.clock.now())
    emulator.let_pass(299)
    assert emulator.pair.status == "running"
    emulator.let_pass(1)
    assert emulator.pair.status == "abnormal"
    passed = before - emulator.pair.last_sync(emulator.clock.now())
    assert passed.total_seconds() == 300
