"""A provider that lies: what is noted of it has an end, and one look alone teaches nothing."""

import uuid

import pytest
from parts import now, scheduled
from steps import acknowledged

from handler.errors import LedgerUnavailable
from handler.model.pair_state import Observations
from handler.model.run import RunState

LONGEST_ITEM = 400 * 1024


def look(parts, times=1):
    """Let reconcile look at the pair closely, so many times, ten minutes apart."""
    for _ in range(times):
        parts.let_pass(601)
        parts.send(scheduled(at=parts.adapters.clock()))


def show_other_clusters(parts):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    parts.emulator.vary(
        detail_says={"primary_cluster.id": one, "standby_cluster.id": other},
        list_says={"primary_cluster_id": one, "standby_cluster_id": other},
    )


def fill(parts):
    """Fill what is stored of a pair's health, so that not one more time fits in."""
    id_, fits, too_long = parts.emulator.pair.id, 0, LONGEST_ITEM
    while too_long - fits > 1:
        length = (fits + too_long) // 2
        before = parts.record.observations
        try:
            filled = Observations(revision=before.revision, versions={id_: "8" * length})
            parts.ledger.save_observations(id_, filled)
            fits = length
        except LedgerUnavailable:
            too_long = length


def test_an_outcome_is_stored_though_what_was_seen_before_it_is_too_long(outage):
    fill(outage)
    (result,) = outage.alarm()
    assert (result["decision"], outage.record.run.state) == ("submitted", RunState.SUBMITTED)


def test_nobody_is_told_that_such_an_outcome_could_not_be_recorded(outage):
    fill(outage)
    (result,) = outage.alarm()
    assert "could not be recorded" not in result["reason"]


def test_of_however_many_clusters_that_are_shown_only_two_are_noted(parts):
    parts.arm()
    look(parts)
    for _ in range(3):
        show_other_clusters(parts)
        look(parts)
    noted = parts.record.observations
    assert max(map(len, (noted.versions, noted.editions, noted.project_ids))) <= 2


# What health is like

LIES = {
    "primary_cluster.role": "leader",
    "standby_cluster.role": "follower",
    "primary_cluster.datastore_type": "hybrid",
    "primary_cluster.datastore_version": "8.1.1",
}
LEARNED = {"production": "leader", "standby": "follower"}


def gates(result):
    return {one["gate"]: one for one in result["gates"]}


@pytest.fixture
def misled(parts):
    """What was learned of an armed pair is wrong, and the provider shows less than it did."""
    production = parts.emulator.pair.production_id
    parts.arm(role_words=LEARNED, versions={production: "8.1.1"}, editions={production: "hybrid"})
    parts.emulator.vary(absent=("datastore_type", "datastore_version"))
    for cluster in parts.emulator.pair.clusters:
        parts.emulator.set_cluster(cluster.id, version="")
    parts.emulator.break_production()
    return parts


def test_one_look_alone_is_not_believed_for_ever(parts):
    parts.arm()
    parts.emulator.vary(detail_says=LIES)
    look(parts)
    parts.emulator.vary(detail_says={})
    look(parts)
    parts.emulator.break_production()
    (result,) = parts.alarm(at=now() + parts.ahead)
    assert result["decision"] == "submitted"


def test_a_provider_that_writes_its_role_words_otherwise_is_ready_again_after_three_looks(parts):
    parts.arm()
    look(parts, times=3)
    parts.emulator.vary(primary_word="leader", standby_word="follower")
    look(parts)
    assert parts.record.observations.is_ready is False
    look(parts, times=2)
    assert parts.record.observations.is_ready is True


def test_role_words_that_were_learned_wrong_refuse_until_a_person_acknowledges_the_roles(misled):
    (result,) = misled.alarm()
    assert result["reason_code"] == "roles"
    assert acknowledged(misled)["decision"] == "acknowledged"
    result = misled.send({"command": "rehearse", "pair": "analytics"})
    assert gates(result)["roles"]["verdict"] == "pass"


def test_what_was_learned_of_the_clusters_is_unknown_once_a_person_acknowledges_the_roles(misled):
    found = gates(misled.alarm()[0])
    assert [found[name]["verdict"] for name in ("version", "edition")] == ["refuse", "refuse"]
    acknowledged(misled)
    result = misled.fail_over(override=["version", "edition"])
    assert (result["decision"], misled.posts) == ("submitted", 1)


def test_a_refusal_by_what_was_learned_names_the_acknowledgement_as_its_way_out(misled):
    (result,) = misled.alarm()
    assert any(
        step.startswith("edition: ") and "acknowledge" in step for step in result["next_steps"]
    )


def test_an_acknowledgement_keeps_the_role_words_that_the_provider_goes_on_showing(parts):
    words = {"production": "primary", "standby": "standby"}
    parts.arm(role_words=words)
    acknowledged(parts)
    assert parts.record.observations.role_words == words


def test_an_acknowledgement_against_what_is_shown_teaches_no_role_words(parts):
    words = {"production": "primary", "standby": "standby"}
    parts.arm(role_words=words)
    standby = parts.emulator.pair.standby_id
    acknowledged(parts, production_cluster_id=standby, override=["roles"])
    assert parts.record.observations.role_words == words


# What is lost


@pytest.mark.parametrize(
    "says",
    [
        {"list_says": {"last_disaster_time": "2026-01-01T00:00:00Z"}},
        {"detail_says": {"standby_cluster.last_success_time": "2026-01-01T00:00:00Z"}},
    ],
    ids=["the list", "the detail"],
)
def test_a_picture_by_which_too_much_is_lost_keeps_from_ordering(outage, says):
    outage.emulator.vary(**says)
    (result,) = outage.alarm()
    assert (result["reason_code"], outage.posts) == ("rpo", 0)
    assert result["estimated_data_loss_s"] > 3600


# How long a new pair may take


@pytest.mark.parametrize(
    ("period", "hours", "is_told"), [("9999d", 25, True), ("9999d", 24, False), ("2H", 3, True)]
)
def test_a_new_pair_is_told_not_to_be_ready_after_a_day_whatever_its_period(
    parts, period, hours, is_told
):
    parts.emulator.vary(detail_says={"dr_sync_period": period}, shown_status="stopped")
    look(parts)
    parts.let_pass(hours * 3600)
    look(parts)
    told = [notice.result["reason_code"] for notice in parts.notices()]
    assert ("readiness_lost" in told) is is_told
