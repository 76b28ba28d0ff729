"""Production goes down before the function has learned which cluster is production."""

import json

import pytest
from steps import acknowledged

from handler.model.result import is_command


@pytest.fixture
def unlearned(parts):
    """A new pair whose production failed before reconcile came three times."""
    parts.emulator.break_production()
    return parts


def commands(result):
    return [json.loads(step) for step in result["next_steps"] if is_command(step)]


def test_the_refusal_prints_what_teaches_the_roles_and_then_what_orders(unlearned):
    (refused,) = unlearned.alarm()
    assert refused["decision"] == "refused"
    teach, then = commands(refused)
    assert (teach["command"], then) == ("acknowledge", {"command": "rehearse", "pair": "analytics"})
    assert teach["production_cluster_id"] == unlearned.roles.production_cluster_id
    assert refused["next_steps"][0].startswith("roles: say which cluster is production")


def test_as_printed_and_signed_they_lead_to_the_order(unlearned):
    (refused,) = unlearned.alarm()
    signed = {"reason": "seen in the console", "requested_by": "ada"}
    teach, then = commands(refused)
    assert unlearned.send({**teach, **signed})["decision"] == "acknowledged"
    (order,) = commands(unlearned.send(then))
    assert order["override"] == ["armed"]
    ordered = unlearned.send({**order, **signed, "confirm": "analytics"})
    assert (ordered["decision"], unlearned.posts) == ("submitted", 1)


def test_while_all_is_well_three_healthy_checks_are_waited_for(parts):
    found = parts.send({"command": "rehearse", "pair": "analytics"})
    assert commands(found) == []
    assert found["next_steps"][0] == (
        "roles: nothing, three healthy checks teach them by themselves (no healthy check of 3 yet)"
    )


@pytest.fixture
def unlisted(parts):
    """All is well, but the list does not show the pair: its detail does."""
    parts.emulator.fault("list", "respond", status=200, body={"disaster_recovery": []}, times=None)
    parts.send({"command": "reconcile"})
    return parts


def test_that_the_list_lacks_a_new_pair_is_told_with_what_to_look_at(unlisted):
    (notice,) = (one for one in unlisted.notices() if "new_pair" not in one.result["reason_code"])
    told = notice.result
    assert told["reason_code"] == "misconfigured"
    assert told["reason"].startswith("the provider's list of disaster recoveries does not show")
    assert "enterprise project" in told["next_steps"][0]


@pytest.mark.parametrize("name", ["status", "rehearse"])
def test_nobody_is_told_to_wait_for_checks_that_cannot_count(unlisted, name):
    found = unlisted.send({"command": name, "pair": "analytics"})
    said = " ".join(found["next_steps"])
    assert "enterprise project" in said
    assert "nothing, three healthy checks" not in said


def test_status_says_that_the_list_lacks_the_pair(unlisted):
    found = unlisted.send({"command": "status", "pair": "analytics"})
    assert "list of disaster recoveries does not show this pair" in found["reason"]


def test_nor_is_who_has_taught_it_told_to_wait_until_it_is_armed(unlisted):
    unlisted.notices()
    acknowledged(unlisted)
    found = unlisted.send({"command": "status", "pair": "analytics"})
    assert "enterprise project" in found["next_steps"][0]


def test_of_an_armed_pair_one_list_without_it_is_no_news(parts):
    parts.arm()
    parts.emulator.fault("list", "respond", status=200, body={"disaster_recovery": []}, times=1)
    parts.send({"command": "reconcile"})
    assert "misconfigured" not in [one.result["reason_code"] for one in parts.notices()]
