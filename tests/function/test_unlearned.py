"""Production goes down before the function has learned which cluster is production."""

import json

import pytest

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
