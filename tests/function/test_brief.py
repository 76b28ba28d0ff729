"""A brief status and the metric `Ready` know what the table knows: brakes, and what was not seen."""

import json

import pytest
from parts import now


@pytest.fixture
def ready(parts):
    parts.arm()
    reconciled(parts)
    return parts


def reconciled(parts, minutes=1):
    parts.let_pass(60 * minutes)
    parts.send({"command": "reconcile"})


def brief(parts):
    (found,) = parts.send({"command": "status", "pair": "analytics", "brief": True})["results"]
    return found


def pause_all(parts):
    until = now(hours=5).isoformat()
    who = {"reason": "patching", "requested_by": "ada"}
    parts.send({"command": "pause", "pair": "*", "until": until, **who})


def test_the_pause_of_all_pairs_is_in_it(ready):
    assert brief(ready)["reason_code"] == "brief"
    pause_all(ready)
    assert brief(ready)["reason"].startswith("PAUSED until ")
    assert "all pairs, by" in brief(ready)["reason"]


def test_a_pair_without_its_secret_is_not_said_to_be_well(ready):
    ready.put_pair(credentials_secret=f"{ready.name}/gone")
    reconciled(ready, 16)
    assert brief(ready)["reason_code"] == "not_checked"


def test_a_key_that_the_provider_does_not_know_is_what_it_says(ready):
    ready.put_secret(f"{ready.name}/credentials", access_key_id="X", secret_access_key="y" * 40)
    reconciled(ready)
    found = brief(ready)
    assert found["reason_code"] == "not_ready"
    assert "the provider shows neither the detail nor the list's item" in found["reason"]


@pytest.mark.parametrize("minutes", [1, 11], ids=["at a glance", "closely"])
def test_no_pair_is_measured_as_ready_while_all_are_paused(ready, capsys, minutes):
    pause_all(ready)
    capsys.readouterr()
    reconciled(ready, minutes)
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines() if '"Ready"' in one]
    assert [one["Ready"] for one in lines] == [[0.0]]
