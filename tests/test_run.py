from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from situations import DR, NOW, ROLES, ago

from handler.codec import from_plain, to_plain
from handler.run import IN_FLIGHT, TRANSITIONS, Run, RunState

RUN = Run(
    run_id="20260115T083000Z-1f2e3d4c",
    pair="analytics",
    disaster_recovery_id=DR,
    state=RunState.SUBMITTING,
    claimed_at=ago(seconds=1),
    deadline_at=NOW,
    roles=ROLES,
    configuration={"name": "analytics", "max_data_loss_s": 3600},
    trigger={"kind": "sns"},
    evidence="0" * 16,
    overridden=("rpo",),
)


@pytest.mark.parametrize("before", RunState)
@pytest.mark.parametrize("after", RunState)
def test_a_run_changes_only_as_the_table_says(before, after):
    run = replace(RUN, state=before)
    if after in TRANSITIONS[before]:
        assert run.became(after, NOW).state is after
    else:
        with pytest.raises(ValueError, match="does not go"):
            run.became(after, NOW)


def test_every_state_has_its_row():
    assert set(TRANSITIONS) == set(RunState)


@pytest.mark.parametrize("state", RunState)
def test_a_run_that_is_no_longer_in_flight_has_ended(state):
    reachable = [one for one, follow in TRANSITIONS.items() if state in follow]
    for before in reachable:
        run = replace(RUN, state=before).became(state, NOW)
        assert (run.ended_at is None) == (state in IN_FLIGHT)


@given(st.sampled_from(RunState), st.booleans(), st.none() | st.integers(0, 10**6))
def test_a_stored_run_is_read_as_it_was(state, proved, loss):
    run = replace(RUN, state=state, proved=proved, estimated_data_loss_s=loss, ended_at=NOW)
    assert from_plain(Run, to_plain(run)) == run


def test_fields_of_a_newer_version_are_left_out():
    assert from_plain(Run, {**to_plain(RUN), "colour": "red"}) == RUN
