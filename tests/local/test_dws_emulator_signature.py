"""The emulator's own verification of signatures, against vectors made by the official SDK."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from places import SIGNING_VECTORS

from local.dws import Credentials, Emulator

VECTORS = json.loads(SIGNING_VECTORS.read_text())["vectors"]
DETAIL = next(vector for vector in VECTORS if vector["name"] == "detail-get")


@pytest.fixture(scope="module")
def serving():
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(serving):
    serving.reset()
    return serving


def ids(vector):
    return vector["name"]


def signed_at(vector):
    date = vector["headers_out"]["X-Sdk-Date"]
    return datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def send(emulator, vector, **changed):
    """Send a vector byte by byte as it is, for an HTTP library would set its own Host."""
    vector = vector | changed
    body = (vector["body"] or "").encode()
    headers = vector["headers_out"] | {
        "Authorization": vector["authorization"],
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"{vector['method']} {vector['request_uri']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content or b"null")


def prepare(emulator, vector):
    emulator.clock.set(signed_at(vector))
    token = vector["headers_out"].get("X-Security-Token")
    emulator.set_credentials(Credentials(vector["ak"], vector["sk"], token))


@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_every_vector_is_accepted(emulator, vector):
    prepare(emulator, vector)
    status, _ = send(emulator, vector)
    assert status != 401
    assert emulator.journal[-1].auth_valid


def flipped_signature(vector):
    last = "0" if vector["authorization"][-1] != "0" else "1"
    return {"authorization": vector["authorization"][:-1] + last}


def flipped_path(vector):
    path, _, query = vector["request_uri"].partition("?")
    return {"request_uri": path + "X" + (query and "?" + query)}


def flipped_header(vector):
    host = vector["headers_out"]["Host"]
    return {"headers_out": vector["headers_out"] | {"Host": "x" + host}}


def flipped_method(vector):
    return {"method": "PUT" if vector["method"] == "POST" else "POST"}


@pytest.mark.parametrize("flip", [flipped_signature, flipped_path, flipped_header, flipped_method])
@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_every_vector_with_something_changed_is_refused(emulator, vector, flip):
    prepare(emulator, vector)
    status, body = send(emulator, vector, **flip(vector))
    assert (status, body["error_code"]) == (401, "APIGW.0301")
    assert not emulator.journal[-1].auth_valid


def test_a_changed_body_is_refused(emulator):
    vector = next(vector for vector in VECTORS if vector["name"] == "failover-post-empty-json")
    prepare(emulator, vector)
    assert send(emulator, vector, body="[]")[0] == 401


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_14_minutes_off_is_accepted(emulator, minutes):
    prepare(emulator, DETAIL)
    emulator.clock.advance(minutes * 60)
    assert send(emulator, DETAIL)[0] == 200


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_16_minutes_off_is_refused_as_expired(emulator, minutes):
    prepare(emulator, DETAIL)
    emulator.clock.advance(minutes * 60)
    status, body = send(emulator, DETAIL)
    assert status == 401
    assert "signature expired, signature time:20260115T083000Z,server time:" in body["error_msg"]


@pytest.mark.parametrize(
    "credentials",
    [
        Credentials(DETAIL["ak"], "another secret"),
        Credentials(DETAIL["ak"], DETAIL["sk"], security_token="missing in the request"),
    ],
    ids=["secret", "security token"],
)
def test_another_secret_is_refused(emulator, credentials):
    prepare(emulator, DETAIL)
    emulator.set_credentials(credentials)
    assert send(emulator, DETAIL)[0] == 401


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Access=EXAMPLEAKEXAMPLEAK00", "Access=STRANGER"),
        ("SDK-HMAC-SHA256", "SDK-HMAC-MD5"),
        ("content-type;host;x-project-id;x-sdk-date", "content-type;x-project-id;x-sdk-date"),
        ("content-type;", "never-sent;content-type;"),
    ],
    ids=["unknown key", "algorithm", "host not signed", "signed header missing"],
)
def test_an_authorization_of_another_form_is_refused(emulator, was, becomes):
    prepare(emulator, DETAIL)
    status, _ = send(emulator, DETAIL, authorization=DETAIL["authorization"].replace(was, becomes))
    assert status == 401


def test_another_days_derived_key_is_refused(emulator):
    vector = next(vector for vector in VECTORS if vector["name"] == "v11-derived")
    prepare(emulator, vector)
    authorization = vector["authorization"].replace("/20260115/", "/20260114/")
    assert send(emulator, vector, authorization=authorization)[0] == 401


def test_the_journal_knows_the_access_key_and_no_secret(emulator):
    prepare(emulator, DETAIL)
    send(emulator, DETAIL)
    call = emulator.journal[-1]
    assert (call.auth, call.access_key) == ("signature", DETAIL["ak"])
    assert DETAIL["sk"] not in repr(call) + repr(emulator.credentials)


def test_the_time_of_verification_is_the_emulators(emulator):
    prepare(emulator, DETAIL)
    send(emulator, DETAIL)
    assert abs(emulator.journal[-1].at - signed_at(DETAIL)) < timedelta(seconds=5)
