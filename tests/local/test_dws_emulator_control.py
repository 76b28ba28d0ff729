"""The control API, the scenarios, the probes and the command line of the DWS emulator."""

import json
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime

import httpx
import pytest

from local.dws import SCENARIOS, Emulator
from local.dws.model.orders import OrderRefused
from local.dws.model.setup import PAIR_ID, PRODUCTION_ID, PROJECT_ID, STANDBY_ID

NOW = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
PAIR = f"/v2/{PROJECT_ID}/disaster-recovery/{PAIR_ID}"
LIST = f"/v2/{PROJECT_ID}/disaster-recoveries"
CLUSTER = f"/v1.0/{PROJECT_ID}/clusters"


@pytest.fixture(scope="module")
def serving():
    with Emulator(now=NOW, is_frozen=True) as emulator:
        yield emulator


@pytest.fixture
def emulator(serving):
    serving.clock.freeze()
    serving.clock.set(NOW)
    serving.reset()
    return serving


@pytest.fixture
def control(emulator):
    with httpx.Client(
        base_url=f"{emulator.url}/_emulator", trust_env=False, verify=False
    ) as client:
        yield client


@pytest.fixture
def client(emulator):
    token = {"X-Auth-Token": emulator.issue_token()}
    with httpx.Client(
        base_url=emulator.url, headers=token, trust_env=False, verify=False, timeout=2
    ) as client:
        yield client


def detail(client):
    return client.get(PAIR).json()["disaster_recovery"]


def fail_over(client):
    return client.post(f"{PAIR}/failover")


def test_it_describes_itself(control):
    routes = control.get("").json()["routes"]
    by_request = {route["request"]: route for route in routes}
    assert "GET /_emulator/journal" in by_request
    fields = by_request["PATCH /_emulator/pairs/{id}/variants"]["fields"]
    assert fields["order_delay_s"] == {
        "allowed": "a number, 0 or more",
        "default": 0,
        "means": "seconds from an accepted failover to its execution",
    }
    assert all("means" in field for field in fields.values())


def test_the_journal_can_be_read_and_cleared(control, client):
    fail_over(client)
    found = control.get("/journal").json()
    assert found["failover_posts"] == 1
    assert found["calls"][0]["at"] == "2026-01-15T08:30:00.000+00:00"
    assert found["calls"][0]["status"] == 200
    assert control.delete("/journal").json()["calls"] == []


def test_control_calls_and_tokens_do_not_stand_in_the_journal(control, emulator):
    text = emulator.issue_token()
    httpx.get(emulator.url + PAIR, headers={"X-Auth-Token": text}, trust_env=False, verify=False)
    found = control.get("/journal")
    assert len(found.json()["calls"]) == 1
    assert text not in found.text


def test_the_clock_can_be_set_moved_and_let_run(control, emulator):
    control.put("/clock", json={"now": "2026-02-01T00:00:00+00:00", "advance_s": 90})
    assert emulator.clock.now() == datetime(2026, 2, 1, 0, 1, 30, tzinfo=UTC)
    control.put("/clock", json={"is_frozen": False})
    assert emulator.clock.now() > datetime(2026, 2, 1, 0, 1, 30, tzinfo=UTC)


def test_a_pair_can_be_added_changed_and_removed(control, client):
    added = control.post("/pairs", json={"name": "second", "sync_period": "2H"}).json()
    assert len(client.get(LIST).json()["disaster_recovery"]) == 2
    changed = control.patch(
        f"/pairs/{added['id']}", json={"status": "stopped", "name": "renamed"}
    ).json()
    assert (changed["status"], changed["shown"]["name"]) == ("stopped", "renamed")
    control.delete(f"/pairs/{added['id']}")
    assert len(client.get(LIST).json()["disaster_recovery"]) == 1


def test_the_last_sync_can_be_forced(control, client):
    control.patch(f"/pairs/{PAIR_ID}", json={"last_sync": "2026-01-15T04:00:00Z"})
    assert detail(client)["standby_cluster"]["last_success_time"] == "2026-01-15T04:00:00Z"


def test_a_cluster_can_be_changed(control, client):
    control.patch(f"/clusters/{STANDBY_ID}", json={"sub_status": "READONLY", "version": "9.1.0"})
    found = client.get(f"{CLUSTER}/{STANDBY_ID}").json()["cluster"]
    assert (found["sub_status"], found["version"]) == ("READONLY", "9.1.0")


def test_variants_can_be_set(control, client):
    control.patch(f"/pairs/{PAIR_ID}/variants", json={"absent": ["role"], "shown_status": "new"})
    assert detail(client)["status"] == "new"
    assert "role" not in detail(client)["primary_cluster"]


def be_failed_over(emulator):
    """Production is dead, the other cluster has taken over, and nothing synchronises."""
    emulator.break_production()
    emulator.pair.order("failover", emulator.clock.now())
    emulator.clock.advance(60)
    assert (emulator.pair.status, emulator.pair.production_id) == ("abnormal", STANDBY_ID)


@pytest.mark.parametrize("path", ["/recover", f"/pairs/{PAIR_ID}/recover"])
def test_dr_recovery_makes_a_pair_healthy_again_with_the_roles_that_it_has(control, emulator, path):
    be_failed_over(emulator)
    assert control.post(path).json()["status"] == "recovering"
    emulator.clock.advance(60)
    pair = emulator.pair
    assert (pair.status, pair.production_id, pair.both_alive) == ("running", STANDBY_ID, True)
    assert pair.last_sync(emulator.clock.now()) > NOW


def test_dr_recovery_is_refused_while_disaster_recovery_runs(control, emulator):
    answer = control.post("/recover")
    assert answer.status_code == 409
    assert "running; recovery is not allowed now" in answer.json()["errors"][0]["found"]
    assert emulator.pair.status == "running"


def test_dr_recovery_of_an_unknown_pair_is_not_found(control):
    assert control.post("/pairs/none/recover").status_code == 404


def test_production_can_be_broken_and_restored(control, emulator, client):
    control.post("/break-production")
    emulator.clock.advance(10)
    assert detail(client)["status"] == "abnormal"
    control.post(f"/pairs/{PAIR_ID}/restore-production")
    emulator.clock.advance(5)
    assert detail(client)["status"] == "running"


def test_access_keys_can_be_added_and_secrets_do_not_come_back(control):
    answer = control.put("/credentials", json={"access_key": "AK2", "secret_key": "hush"})
    assert answer.json() == {"access_keys": ["EXAMPLEAKEXAMPLEAK00", "AK2"]}


def test_tokens_can_be_revoked(control, client):
    assert client.get(PAIR).status_code == 200
    assert control.delete("/tokens").json()["revoked"] >= 1
    assert client.get(PAIR).status_code == 401


def test_faults_can_be_set_seen_and_removed(control, client):
    fault = {"operation": "detail", "kind": "respond", "status": 418, "times": None}
    added = control.post("/faults", json=fault).json()
    assert client.get(PAIR).status_code == 418
    assert control.get("/faults").json()["faults"][0]["seen"] == 1
    control.delete(f"/faults/{added['id']}")
    assert client.get(PAIR).status_code == 200


def test_who_orders_a_refusal_of_connections_gets_an_answer(control, emulator):
    answer = control.post("/faults", json={"kind": "refuse", "operation": "any", "seconds": 30})
    assert answer.status_code == 200
    emulator.clear_faults()


@pytest.mark.parametrize(
    ("method", "path", "body", "mistake"),
    [
        (
            "PATCH",
            f"/pairs/{PAIR_ID}/variants",
            {"switching_s": "long"},
            {"path": "$.switching_s", "found": "long", "allowed": "a number, 0 or more"},
        ),
        (
            "PATCH",
            f"/pairs/{PAIR_ID}/variants",
            {"exchange": "all"},
            {"path": "$.exchange", "found": "all", "allowed": "one of ids, role-words, never"},
        ),
        (
            "PATCH",
            f"/pairs/{PAIR_ID}/variants",
            {"utc_offset": "Beijing"},
            {"path": "$.utc_offset", "found": "Beijing", "allowed": "such as +08:00"},
        ),
        (
            "PATCH",
            f"/pairs/{PAIR_ID}/variants",
            {"absent": [1]},
            {"path": "$.absent", "found": [1], "allowed": "an array of texts"},
        ),
        (
            "POST",
            "/pairs",
            {"sync_period": "half an hour"},
            {"path": "$.sync_period", "found": "half an hour", "allowed": "such as 30m, 2H or 1d"},
        ),
        (
            "POST",
            "/faults",
            {"times": True},
            {"path": "$.times", "found": True, "allowed": "a whole number, 0 or more, or null"},
        ),
        (
            "PUT",
            "/clock",
            {"now": "yesterday"},
            {"path": "$.now", "found": "yesterday", "allowed": "an ISO 8601 time, or null"},
        ),
        ("POST", "/faults", [], {"path": "$", "found": [], "allowed": "an object"}),
    ],
)
def test_bad_input_is_told_where_what_and_what_is_allowed(control, method, path, body, mistake):
    answer = control.request(method, path, json=body)
    assert (answer.status_code, answer.json()["errors"]) == (400, [mistake])


def test_all_mistakes_are_told_at_once(control):
    answer = control.post("/faults", json={"operation": "lunch", "kind": "nap", "x": 1})
    assert {error["path"] for error in answer.json()["errors"]} == {"$.operation", "$.kind", "$.x"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/pairs/none"),
        ("GET", "/nothing"),
        ("POST", "/scenarios/none"),
        ("PATCH", "/clusters/none"),
    ],
)
def test_what_control_does_not_know_is_404(control, method, path):
    assert control.request(method, path).status_code == 404


def test_broken_json_is_a_mistake(control):
    answer = control.post("/faults", content=b"{")
    assert (answer.status_code, answer.json()["errors"][0]["allowed"]) == (400, "JSON")


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_loads_and_lives_through_an_outage(control, emulator, name):
    answer = control.post(f"/scenarios/{name}").json()
    assert answer["says"] == SCENARIOS[name].says
    for pair in emulator.pairs[:1]:
        emulator.break_production(pair.id)
        emulator.clock.advance(60)
        try:
            pair.order("failover", emulator.clock.now())
        except OrderRefused:
            continue
        emulator.clock.advance(6000)
        assert emulator.pair.orders


def test_scenarios_are_listed_with_a_sentence_each(control):
    found = control.get("/scenarios").json()["scenarios"]
    assert set(found) == set(SCENARIOS)
    assert all(says.endswith((".", ")")) for says in found.values())


@pytest.mark.parametrize(
    ("name", "status", "is_taken"),
    [
        ("healthy", 200, True),
        ("accept-then-500", 500, True),
        ("accept-then-html", 200, True),
        ("unavailable", 503, False),
        ("redirected", 302, False),
        ("token-expired-mid-run", 401, False),
        ("forbidden", 403, False),
        ("not-found", 404, False),
        ("throttled", 429, False),
        ("refused-while-running", 400, False),
        ("rival-order", 400, False),
        ("rival-order-accepted", 200, True),
        ("missing-pair", 400, False),
    ],
)
def test_a_scenario_answers_the_failover_as_it_says(emulator, client, name, status, is_taken):
    emulator.scenario(name)
    assert fail_over(client).status_code == status
    assert emulator.failover_posts[0].effect is is_taken


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("accept-then-timeout", True),
        ("accept-then-reset", True),
        ("accept-then-half-an-answer", True),
        ("accept-then-garbage", True),
        ("reset-after-send", False),
        ("executed-after-20-minutes", True),
        ("executed-after-70-minutes", True),
    ],
)
def test_a_scenario_loses_the_answer_as_it_says(emulator, client, name, is_taken):
    emulator.scenario(name)
    with pytest.raises(httpx.TransportError):
        fail_over(client)
    assert emulator.failover_posts[0].effect is is_taken


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("status-flips-after-12s", 11, 12),
        ("status-flips-after-90s", 89, 90),
        ("executed-after-20-minutes", 1199, 1200),
        ("executed-after-70-minutes", 4199, 4200),
    ],
)
def test_a_scenario_switches_late(emulator, name, before, after):
    emulator.scenario(name)
    emulator.pair.order("failover", NOW)
    emulator.clock.set(datetime.fromtimestamp(NOW.timestamp() + before, UTC))
    assert emulator.pair.status == "running"
    emulator.clock.advance(after - before)
    assert emulator.pair.status == "switchovering"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("undocumented-status", "dr_migrating"),
        ("stopped", "stopped"),
        ("abnormal-transient", "abnormal"),
        ("abnormal-lasting", "abnormal"),
        ("healthy", "running"),
    ],
)
def test_a_scenario_shows_the_status_that_it_says(emulator, client, name, status):
    emulator.scenario(name)
    assert detail(client)["status"] == status


def test_running_throughout_never_shows_anything_else(emulator, client):
    emulator.scenario("running-throughout")
    emulator.break_production()
    fail_over(client)
    seen = []
    for _ in range(8):
        seen.append(detail(client)["status"])
        emulator.clock.advance(1)
    assert set(seen) == {"running"}
    assert detail(client)["primary_cluster"]["id"] == STANDBY_ID


def test_deleted_mid_run_answers_dws_10101_afterwards(emulator, client):
    emulator.scenario("deleted-mid-run")
    fail_over(client)
    emulator.clock.advance(2)
    assert client.get(PAIR).json()["error_code"] == "DWS.10101"


def test_a_region_outage_breaks_forty_pairs(emulator, client):
    emulator.scenario("region-outage")
    assert len(client.get(LIST).json()["disaster_recovery"]) == 40
    clusters = client.get(CLUSTER).json()["clusters"]
    assert [cluster["status"] for cluster in clusters].count("FAILED") == 40


def test_the_provider_is_five_minutes_ahead():
    with Emulator() as emulator:
        emulator.scenario("clock-5-minutes-ahead")
        ahead = emulator.clock.now() - datetime.now(UTC)
    assert round(ahead.total_seconds()) == 300


def can_connect(address):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port))).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_probe_connects_while_the_cluster_lives(control, emulator):
    found = control.get("/clusters").json()["clusters"]
    address = next(cluster["probe"] for cluster in found if cluster["id"] == PRODUCTION_ID)
    assert can_connect(address)
    emulator.break_production()
    assert not can_connect(address)
    assert can_connect(emulator.probe_address(STANDBY_ID))
    emulator.restore_production()
    assert can_connect(address)


def test_a_probe_follows_what_happens_by_itself(emulator):
    emulator.vary(old_production_returns_after_s=30)
    emulator.break_production()
    address = emulator.probe_address(PRODUCTION_ID)
    emulator.clock.advance(30)
    deadline = time.monotonic() + 3
    while not can_connect(address) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert can_connect(address)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line_serves_until_told_to_stop(number):
    command = [sys.executable, "-m", "local.dws", "--scenario", "stopped", "--sync-every-s", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()
        url = first.split()[3].rstrip(",")
        pair = httpx.get(f"{url}/_emulator/pairs", trust_env=False, verify=False).json()["pairs"][0]
        process.send_signal(number)
        rest = process.stdout.read()
    assert (pair["status"], pair["sync_every_s"]) == ("stopped", 1)
    assert PAIR_ID in rest
    assert rest.endswith("Stopped.\n")
    assert process.returncode == 0


def test_the_command_line_listens_on_loopback_only():
    command = [sys.executable, "-m", "local.dws", "--host", "0.0.0.0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected a loopback address" in done.stderr


def test_control_answers_are_json_throughout(control):
    for route in control.get("").json()["routes"]:
        method, path = route["request"].split()
        if method == "GET" and "{" not in path:
            answer = control.get(path.removeprefix("/_emulator"))
            assert json.loads(answer.content)
