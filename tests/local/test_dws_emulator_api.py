"""The provider's operations over HTTP: shapes, refusals, tokens, the official SDK as a client."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from local.dws import Emulator
from local.dws.model.setup import PAIR_ID, PRODUCTION_ID, PROJECT_ID, STANDBY_ID, STANDBY_PROJECT_ID

NOW = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
PAIR = f"/v2/{PROJECT_ID}/disaster-recovery/{PAIR_ID}"
LIST = f"/v2/{PROJECT_ID}/disaster-recoveries"
CLUSTER = f"/v1.0/{PROJECT_ID}/clusters"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
LOGIN = {"name": "failover", "password": "example-password", "domain": {"name": "example-domain"}}


@pytest.fixture(scope="module")
def serving():
    with Emulator(now=NOW, is_frozen=True) as emulator:
        yield emulator


@pytest.fixture
def emulator(serving):
    serving.clock.set(NOW)
    serving.reset()
    return serving


@pytest.fixture
def client(emulator):
    token = {"X-Auth-Token": emulator.issue_token()}
    with httpx.Client(
        base_url=emulator.url, headers=token, trust_env=False, verify=False
    ) as client:
        yield client


def fail_over(client):
    return client.post(f"{PAIR}/failover")


def ask_for_token(emulator, user=None, project=None):
    password = {"user": LOGIN if user is None else user}
    body = {
        "auth": {
            "identity": {"methods": ["password"], "password": password},
            "scope": {"project": project or {"id": PROJECT_ID}},
        }
    }
    return httpx.post(
        f"{emulator.url}/v3/auth/tokens?nocatalog=true", json=body, trust_env=False, verify=False
    )


def test_the_list_is_an_array_under_a_singular_key(client):
    (item,) = client.get(LIST).json()["disaster_recovery"]
    assert item["id"] == PAIR_ID
    assert item["primary_cluster_id"] == PRODUCTION_ID
    assert item["last_disaster_time"] == "2026-01-15T08:25:00Z"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"id": PAIR_ID}, 1),
        ({"id": UNKNOWN_ID}, 0),
        ({"primary_cluster_id": PRODUCTION_ID}, 1),
        ({"primary_cluster_id": STANDBY_ID}, 0),
        ({"standby_cluster_id": STANDBY_ID}, 1),
        ({"standby_cluster_id": PRODUCTION_ID}, 0),
    ],
)
def test_the_list_can_be_filtered(client, query, found):
    assert len(client.get(LIST, params=query).json()["disaster_recovery"]) == found


def test_the_detail_has_the_documented_fields(client):
    found = client.get(PAIR).json()["disaster_recovery"]
    assert set(found) == {
        "id",
        "name",
        "dr_type",
        "status",
        "primary_cluster",
        "standby_cluster",
        "dr_sync_period",
        "start_time",
        "create_time",
    }
    assert found["primary_cluster"]["datastore_version"] == "8.1.3.320"
    assert found["primary_cluster"]["datastore_type"] == "dws"


def test_progress_has_its_own_version_in_the_path(client):
    path = f"/v1/{PROJECT_ID}/disaster-recovery/{PAIR_ID}/show-progress"
    found = client.get(path).json()["disaster_recovery_progress"]
    assert found["standby_cluster"]["action_type"] == "Restore"
    assert found["latest_barrier_time"] == "2026-01-15 08:25:00"


def test_progress_may_be_missing(emulator, client):
    emulator.vary(progress="missing")
    path = f"/v1/{PROJECT_ID}/disaster-recovery/{PAIR_ID}/show-progress"
    assert client.get(path).status_code == 404


def test_a_failover_is_answered_with_200_and_the_id(emulator, client):
    answer = fail_over(client)
    assert (answer.status_code, answer.json()) == (200, {"disaster_recovery": {"id": PAIR_ID}})
    assert emulator.pair.status == "switchovering"


@pytest.mark.parametrize("order", ["switchover", "pause"])
def test_other_orders_are_answered_alike(client, order):
    assert client.post(f"{PAIR}/{order}").json() == {"disaster_recovery": {"id": PAIR_ID}}


@pytest.mark.parametrize("order", ["recovery", "start"])
def test_an_order_in_a_wrong_state_is_answered_with_400(emulator, client, order):
    emulator.vary(wrong_state_code="DWS.0042")
    answer = client.post(f"{PAIR}/{order}")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "DWS.0042")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/v2/{PROJECT_ID}/disaster-recovery/{UNKNOWN_ID}", 400, "DWS.10101"),
        (f"/v2/{PROJECT_ID}/disaster-recovery/prod1", 400, "DWS.5064"),
        (f"{CLUSTER}/prod1", 400, "DWS.5064"),
        (f"{CLUSTER}/{UNKNOWN_ID}", 404, "DWS.5001"),
        (f"/v2/{PROJECT_ID}/nothing", 404, "APIGW.0101"),
        ("/v2/" + "0" * 32 + "/disaster-recoveries", 403, "APIGW.0302"),
    ],
)
def test_what_does_not_exist_is_refused_as_documented(client, path, status, code):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_every_answer_bears_a_request_id_and_the_gateways_have_it_in_the_body(emulator, client):
    answer = client.get(f"/v2/{PROJECT_ID}/nothing")
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"]
    assert client.get(PAIR).headers["X-Request-Id"] == emulator.journal[-1].request_id


def test_a_request_without_identity_is_refused(emulator):
    answer = httpx.get(emulator.url + PAIR, trust_env=False, verify=False)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")


@pytest.mark.parametrize("version", ["v1.0", "v2"])
def test_clusters_are_listed(client, version):
    found = client.get(f"/{version}/{PROJECT_ID}/clusters").json()
    assert found["count"] == 2
    assert {cluster["status"] for cluster in found["clusters"]} == {"AVAILABLE"}


def test_a_cluster_shows_its_death(emulator, client):
    emulator.break_production()
    assert client.get(f"{CLUSTER}/{PRODUCTION_ID}").json()["cluster"]["status"] == "FAILED"


def test_a_dark_production_cannot_be_read(emulator, client):
    emulator.vary(production_dark=True)
    assert client.get(f"{CLUSTER}/{PRODUCTION_ID}").status_code == 504
    assert client.get(f"{CLUSTER}/{STANDBY_ID}").status_code == 200
    assert client.get(CLUSTER).json()["count"] == 1


def test_events_are_told_newest_first_in_milliseconds(emulator, client):
    fail_over(client)
    emulator.clock.advance(5)
    found = client.get(f"/v2/{PROJECT_ID}/events").json()
    assert found["count"] == 2
    assert found["events"][0]["name"] == "failoverDisasterRecoverySuccess"
    assert found["events"][0]["occur_time"] == int(NOW.timestamp() * 1000) + 5000
    assert found["events"][0]["source_id"] == PAIR_ID


def test_events_can_be_paged(emulator, client):
    fail_over(client)
    emulator.clock.advance(5)
    found = client.get(f"/v2/{PROJECT_ID}/events", params={"offset": 1, "limit": 1}).json()
    assert [event["name"] for event in found["events"]] == ["beginFailoverDisasterRecovery"]


def test_a_cross_region_pair_is_seen_from_both_projects(emulator, client):
    pair = emulator.add_pair(name="far", dr_type="region")
    token = {"X-Auth-Token": emulator.issue_token(STANDBY_PROJECT_ID)}
    path = f"/disaster-recovery/{pair.id}"
    assert client.post(f"/v2/{PROJECT_ID}{path}/failover").status_code == 400
    answer = client.post(f"/v2/{STANDBY_PROJECT_ID}{path}/failover", headers=token)
    assert answer.status_code == 200


def test_a_token_is_created_for_a_login(emulator):
    answer = ask_for_token(emulator)
    assert answer.status_code == 201
    assert answer.json()["token"]["expires_at"] == "2026-01-16T08:30:00.000000Z"
    token = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
    assert (
        httpx.get(emulator.url + PAIR, headers=token, trust_env=False, verify=False).status_code
        == 200
    )


def test_a_token_can_be_asked_for_by_the_projects_name(emulator):
    answer = ask_for_token(emulator, project={"name": "eu-west-101"})
    assert answer.json()["token"]["project"]["id"] == PROJECT_ID


@pytest.mark.parametrize(
    "asked",
    [{"user": LOGIN | {"password": "wrong"}}, {"user": {}}, {"project": {"id": "0" * 32}}],
    ids=["password", "no user", "project"],
)
def test_a_wrong_login_gets_iams_own_401(emulator, asked):
    answer = ask_for_token(emulator, **asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 401)


def test_an_expired_token_must_be_updated(emulator, client):
    emulator.clock.advance(24 * 60 * 60)
    answer = client.get(PAIR)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0307")


def test_a_revoked_token_must_be_updated(emulator, client):
    assert emulator.revoke_tokens() >= 1
    assert client.get(PAIR).json()["error_code"] == "APIGW.0307"


def test_an_unknown_token_is_refused(client):
    answer = client.get(PAIR, headers={"X-Auth-Token": "stranger"})
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")


def test_a_token_is_good_for_its_project_only(emulator, client):
    emulator.add_pair(dr_type="region")
    assert client.get(f"/v2/{STANDBY_PROJECT_ID}/disaster-recoveries").status_code == 403


def test_the_journal_tells_what_was_asked_and_answered(emulator, client):
    client.get(LIST, params={"id": PAIR_ID})
    fail_over(client)
    listed, failed_over = emulator.journal
    assert (listed.operation, listed.query, listed.effect) == ("list", f"id={PAIR_ID}", False)
    assert (failed_over.method, failed_over.path) == ("POST", f"{PAIR}/failover")
    assert (failed_over.status, failed_over.effect, failed_over.auth) == (200, True, "token")
    assert failed_over.at == NOW
    assert emulator.failover_posts == [failed_over]


def test_a_refused_failover_is_in_the_journal_without_effect(emulator, client):
    emulator.vary(requires_abnormal=True)
    fail_over(client)
    (post,) = emulator.failover_posts
    assert (post.status, post.effect) == (400, False)


USE_THE_SDK = """
import json, sys
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdws import v2 as dws

url, project_id, pair_id, access_key, secret_key = sys.argv[1:]
credentials = BasicCredentials(access_key, secret_key, project_id)
client = dws.DwsClient.new_builder().with_credentials(credentials).with_endpoint(url).build()
try:
    steps = [
        client.list_disaster_recover(dws.ListDisasterRecoverRequest()),
        client.show_disaster_detail(dws.ShowDisasterDetailRequest(disaster_recovery_id=pair_id)),
        client.show_disaster_progress(dws.ShowDisasterProgressRequest(disaster_recovery_id=pair_id)),
        client.switch_failover_disaster(
            dws.SwitchFailoverDisasterRequest(disaster_recovery_id=pair_id)
        ),
    ]
    print(json.dumps([step.to_json_object() for step in steps]))
except ClientRequestException as err:
    print(json.dumps([err.status_code, err.error_code, err.request_id]))
"""


def use_the_sdk(tmp_path, secret_key):
    """In a process of its own, with real time: importing it warns and writes into the home."""
    with Emulator() as emulator:
        known = emulator.credentials
        arguments = [emulator.url, PROJECT_ID, PAIR_ID, known.access_key]
        done = subprocess.run(
            [sys.executable, "-c", USE_THE_SDK, *arguments, secret_key or known.secret_key],
            env={"HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout), emulator


def test_the_official_sdk_lists_shows_and_fails_over(tmp_path):
    (listed, detail, progress, failover), emulator = use_the_sdk(tmp_path, None)
    assert listed["disaster_recovery"][0]["id"] == PAIR_ID
    assert detail["disaster_recovery"]["primary_cluster"]["id"] == PRODUCTION_ID
    assert progress["disaster_recovery_progress"]["primary_cluster"]["action_type"] == "Backup"
    assert failover["disaster_recovery"]["id"] == PAIR_ID
    assert [call.auth_valid for call in emulator.journal] == [True] * 4
    assert emulator.failover_posts[0].effect


def test_the_official_sdk_with_a_wrong_secret_gets_401(tmp_path):
    (status, code, request_id), emulator = use_the_sdk(tmp_path, "wrong")
    assert (status, code) == (401, "APIGW.0301")
    assert request_id == emulator.journal[0].request_id
