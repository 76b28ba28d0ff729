"""What reconcile keeps of a close look, for people who look without asking."""

from dataclasses import replace

from situations import NOW, PRODUCTION, ago, cluster, evidence, member, shown, situation

from handler.commands.reconcile.sight import remember_sight
from handler.gates.assess import assess
from handler.model.codec import from_plain, to_plain
from handler.model.pair_state import Observations, PairState
from handler.model.signals import Trigger

CONFIRMED = Trigger(kind="command", name="reconcile", is_confirmed=True)


def sight(**changes):
    given = situation(trigger=CONFIRMED, **changes)
    return remember_sight(given.observations, assess(given)).sight


def test_it_is_of_the_moment_in_which_the_evidence_was_read():
    assert sight(evidence=evidence(read_at=ago(seconds=7))).at == ago(seconds=7)


def test_the_last_synchronisation_is_the_standbys():
    assert sight().last_sync == ago(minutes=5)


def test_what_is_not_shown_is_missing():
    assert sight(evidence=evidence(detail=None, item=None)).last_sync is None


def test_each_witness_is_heard():
    said = {one.witness: one.says for one in sight().witnesses}
    assert said == {"cluster": "down", "probe": "silent", "disaster recovery": "down"}


def test_the_disaster_recovery_side_never_says_up():
    running = shown(status="running")
    up = evidence(detail=running, item=running, production=cluster(PRODUCTION))
    said = {one.witness: one.says for one in sight(evidence=up).witnesses}
    assert said == {"cluster": "up", "probe": "silent", "disaster recovery": "silent"}


def test_a_pair_that_only_lacks_an_outage_is_refused_nothing():
    assert sight(evidence=evidence(production=cluster(PRODUCTION))).refusing == ()


def test_every_gate_that_refuses_is_kept_with_its_reason():
    old = shown(primary=member(PRODUCTION, version="8.1.1"))
    kept = sight(evidence=evidence(detail=old, item=old), pair_state=PairState(armed=False))
    assert [one.gate for one in kept.refusing] == ["armed", "roles", "version"]
    assert all(one.reason for one in kept.refusing)


def test_a_long_reason_is_cut():
    odd = shown(status="odd" * 400)
    (refusal,) = [
        one for one in sight(evidence=evidence(detail=odd, item=odd)).refusing
        if one.gate == "pair_state"
    ]  # fmt: skip
    assert len(refusal.reason) <= 300


def test_it_comes_back_from_the_table_as_it_was():
    kept = replace(Observations(checked_at=NOW), sight=sight())
    assert from_plain(Observations, to_plain(kept)) == kept
