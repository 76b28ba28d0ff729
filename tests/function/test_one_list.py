"""Two pairs of one project share its list: the credentials of one must not blind the other."""

import socket
import uuid
from contextlib import closing

import pytest
from neighbours import TROUBLED, rows
from parts import access_key, now

from handler.model.pair_state import PairState

REFUSED = "http://127.0.0.1:9"


@pytest.fixture
def hanging():
    """An IAM that takes connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def put_user(parts, iam_endpoint, name="accounts", id_=TROUBLED):
    """A pair of the same project, whose user's IAM is there."""
    ids = {"production_id": id_.replace("4d4d", "4d4e"), "standby_id": id_.replace("4d4d", "4d4f")}
    parts.emulator.add_pair(id=id_, sync_every_s=1, **ids)
    secret = put_user_secret(parts, name, iam_endpoint)
    parts.put_pair(
        name, disaster_recovery_id=id_, credentials_secret=secret, alarms=[f"dws-{name}"]
    )


def put_user_secret(parts, name, iam_endpoint):
    secret, user = f"{parts.name}/{name}", {"username": "u", "password": "p", "domain": "d"}
    parts.put_secret(secret, **user, iam_endpoint=iam_endpoint)
    return secret


def reconciled(parts, times=1):
    for _ in range(times):
        parts.let_pass(60)
        found = rows(parts, "reconcile")
    return found


def test_a_neighbours_iam_that_cannot_be_reached_keeps_no_pair_from_being_armed(parts):
    put_user(parts, REFUSED)
    reconciled(parts, 12)
    assert parts.record.pair_state.armed
    parts.emulator.break_production()
    (result,) = parts.alarm(at=now() + parts.ahead)
    assert (result["decision"], parts.posts) == ("submitted", 1)


def test_a_neighbours_iam_that_hangs_keeps_no_pair_from_being_learned(parts, hanging):
    put_user(parts, hanging)
    reconciled(parts)
    assert parts.record.observations.agreed_times == 1


def test_many_that_hang_are_asked_after_those_that_could_be_read(parts, hanging):
    """By their turns they would take all of the list's time, every minute."""
    for number in range(3):
        put_user(parts, hanging, f"accounts-{number}", f"{TROUBLED[:-1]}{number + 2}")
    reconciled(parts, 2)
    assert parts.record.observations.agreed_times >= 1


def test_a_pair_whose_iam_goes_is_told_though_its_neighbour_shows_it_in_the_list(parts):
    put_user(parts, parts.emulator.url)
    parts.put_secret(f"{parts.name}/accounts", **access_key(parts.emulator))
    reconciled(parts, 24)  # it is told to be ready at a full check
    parts.notices()
    put_user_secret(parts, "accounts", REFUSED)
    reconciled(parts, 14)
    told = [one.result for one in parts.notices() if one.result["pair"] == "accounts"]
    assert [one["reason_code"] for one in told] == ["readiness_lost"]
    assert told[0]["reason"].startswith("the detail of disaster recovery")
    assert "iam_endpoint of the secret, gives no token" in told[0]["reason"]


@pytest.mark.parametrize("kind", ["refused", "hanging"])
def test_an_iam_that_gives_no_answer_is_named_and_its_host_is_not(parts, hanging, kind):
    address = REFUSED if kind == "refused" else hanging
    put_user(parts, address)
    told = rows(parts)["accounts"]
    assert "the provider's IAM, iam_endpoint of the secret, gives no token" in told["reason"]
    assert told["next_steps"][0].startswith("iam_endpoint: ")
    assert f"{parts.name}/accounts" in told["next_steps"][0]
    assert address.removeprefix("http://") not in str(told)


def test_an_iam_that_stays_out_of_reach_is_told_with_its_setting(parts):
    """A new pair is not left to guess for an hour."""
    put_user(parts, REFUSED)
    reconciled(parts, 3)
    told = [one.result for one in parts.notices() if one.result["pair"] == "accounts"]
    (wrong,) = [one for one in told if one["reason_code"] == "misconfigured"]
    assert wrong["next_steps"][0].startswith("iam_endpoint: ")


def test_a_pairs_times_are_read_by_its_own_document(parts):
    """Times without a zone: with another pair's offset a synchronisation seems to be newer."""
    provider = parts.emulator
    provider.vary(time_format="space", utc_offset="+00:00")
    provider.set_pair(last_sync=now(minutes=-50), sync_every_s=10**6)
    unarmed = PairState(
        roles=parts.roles, roles_since=now(minutes=-20), roles_changed_by="succeeded"
    )
    parts.ledger.save_pair_state(provider.pair.id, unarmed)
    ids = {name: str(uuid.uuid4()) for name in ("id", "production_id", "standby_id")}
    other = provider.add_pair(**ids)
    parts.put_pair()
    parts.put_pair("another", disaster_recovery_id=other.id, provider_utc_offset="-00:45")
    parts.send({"command": "reconcile", "pair": "analytics"})
    parts.send({"command": "reconcile"})
    assert not parts.record.pair_state.armed
