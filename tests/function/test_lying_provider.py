"""A provider that lies: what is noted of it has an end, and one look alone teaches nothing."""

import uuid

from parts import scheduled

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
