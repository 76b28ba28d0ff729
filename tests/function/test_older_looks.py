"""A look that is judged late says nothing against what a newer one has shown since.

Another pair's provider may hang until the end of a round of looks, so that a picture of all pairs is
up to 40 s old when it is judged; and an invocation may be held up between a read and a write.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from outages import PartsBehind, alarm_held
from parts import now

from handler import app


@pytest.fixture
def armed(parts):
    parts.arm()
    parts.emulator.vary(abnormal_after_s=None)
    parts.put_pair(production_down_for_s=60)
    return parts


def at(parts):
    return now() + parts.ahead


def after_the_looks(parts, meanwhile):
    """Have something done once reconcile has looked at its pairs, before it judges any."""
    real, left = app.adapters().side_by_side, [meanwhile]

    def looked(reads, within_s):
        found = real(reads, within_s)
        if "analytics" in reads and left:
            left.pop()()
        return found

    parts.instead["side_by_side"] = looked


def alarmed(parts, name="dws-outage-analytics"):
    (result,) = parts.alarm(name, at=at(parts))
    return result


def test_an_older_look_does_not_undo_that_production_was_up(armed):
    def meanwhile():
        armed.let_pass(20)
        armed.emulator.restore_production()
        assert alarmed(armed)["decision"] == "refused"

    after_the_looks(armed, meanwhile)
    armed.emulator.break_production()
    armed.send({"command": "reconcile"})
    assert armed.record.observations.down_since is None


def test_production_that_was_up_in_between_has_to_be_down_for_its_time_anew(armed):
    def meanwhile():
        armed.let_pass(20)
        armed.emulator.restore_production()
        alarmed(armed)

    after_the_looks(armed, meanwhile)
    armed.emulator.break_production()
    armed.send({"command": "reconcile"})
    armed.let_pass(35)
    armed.emulator.break_production()
    armed.let_pass(5)
    result = armed.send({"command": "reconcile", "pair": "analytics"})
    assert (result["decision"], armed.posts) == ("refused", 0)


def test_an_older_look_tells_nothing_of_roles_that_a_run_has_changed_since(armed):
    armed.put_pair(production_down_for_s=0)

    def meanwhile():
        armed.emulator.break_production()
        assert alarmed(armed)["decision"] == "submitted"
        for after_s in (6, 31):
            armed.let_pass(after_s)
            verified = armed.send({"command": "verify", "pair": "analytics"})
        assert verified["decision"] == "succeeded"

    after_the_looks(armed, meanwhile)
    armed.send({"command": "reconcile"})
    codes = [notice.attributes["reason_code"] for notice in armed.notices()]
    assert "roles_changed" not in codes


def test_a_look_that_says_down_is_not_believed_once_another_reconcile_may_have_looked(armed):
    """What that one saw may have been as it should be: then nothing was stored of it."""
    after_the_looks(armed, lambda: armed.let_pass(56))
    armed.emulator.break_production()
    armed.send({"command": "reconcile"})
    assert armed.record.observations.down_since is None


@pytest.fixture
def behind(aws, emulator, proxy):
    """The same pair, whose table's writes can be held."""
    with PartsBehind(aws, emulator, proxy) as made:
        made.arm()
        emulator.vary(abnormal_after_s=None)
        made.put_pair(production_down_for_s=60)
        made.send({"command": "rehearse", "pair": "analytics"})
        yield made


def test_that_production_is_up_is_stored_though_an_older_look_was_stored_just_before(behind):
    behind.emulator.restore_production()
    before = at(behind) - timedelta(seconds=5)
    with alarm_held(behind, "state#health"):
        seen = behind.record.observations
        older = replace(seen, down_since=before, down_seen_at=before, looked_at=before)
        behind.ledger.save_observations(behind.emulator.pair.id, older)
    assert behind.record.observations.down_since is None


def test_an_order_that_production_has_overtaken_leaves_no_stretch_of_down(behind):
    behind.put_pair(production_down_for_s=0)
    behind.emulator.break_production()
    with alarm_held(behind, "state#fleet") as answers:
        behind.let_pass(11)
        behind.emulator.restore_production()
    assert answers[0]["reason_code"] == "evidence_changed"
    assert behind.record.observations.down_since is None
