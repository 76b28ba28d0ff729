"""The life of a run: every state with everything that can become known of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from situations import NOW, a_run

from handler.model.codec import from_plain, to_plain
from handler.model.run import IN_FLIGHT, TRANSITIONS, Run, RunEvent, RunState

S, E = RunState, RunEvent

# One decision on each pair of state and event; whoever adds a state or an event decides here too.
NEXT = {
    S.SUBMITTING: {
        E.ACCEPTED: S.SUBMITTED, E.REJECTED: S.PROVIDER_REJECTED, E.NOT_SENT: S.NOT_STARTED,
        E.DOUBTFUL: S.UNKNOWN, E.ABANDONED: S.UNKNOWN,
    },
    S.UNKNOWN: {
        E.SEEN_SWITCHING: S.SUBMITTED, E.TOLD_BEGUN: S.SUBMITTED, E.SEEN_EXCHANGED: S.SUCCEEDED,
        E.TOLD_FAILED: S.FAILED, E.SEEN_UNTOUCHED: S.NOT_STARTED, E.ACKNOWLEDGED: S.CLOSED,
    },
    S.SUBMITTED: {
        E.SEEN_EXCHANGED: S.SUCCEEDED, E.TOLD_FAILED: S.FAILED, E.ACKNOWLEDGED: S.CLOSED,
    },
    S.NOT_STARTED: {
        E.SEEN_SWITCHING: S.SUBMITTED, E.TOLD_BEGUN: S.SUBMITTED, E.SEEN_EXCHANGED: S.SUCCEEDED,
    },
    S.PROVIDER_REJECTED: {
        E.SEEN_SWITCHING: S.SUBMITTED, E.TOLD_BEGUN: S.SUBMITTED, E.SEEN_EXCHANGED: S.SUCCEEDED,
    },
    S.FAILED: {
        E.SEEN_SWITCHING: S.SUBMITTED, E.TOLD_BEGUN: S.SUBMITTED, E.SEEN_EXCHANGED: S.SUCCEEDED,
    },
    S.CLOSED: {
        E.SEEN_SWITCHING: S.SUBMITTED, E.TOLD_BEGUN: S.SUBMITTED, E.SEEN_EXCHANGED: S.SUCCEEDED,
    },
    S.SUCCEEDED: {},
}  # fmt: skip


@pytest.mark.parametrize("event", RunEvent)
@pytest.mark.parametrize("state", RunState)
def test_a_run_goes_where_it_was_decided_or_nowhere(state, event):
    run, expected = a_run(state), NEXT[state].get(event)
    assert TRANSITIONS[state].get(event) is expected
    if expected is None:
        with pytest.raises(ValueError, match="knows no"):
            run.after(event, NOW)
    else:
        after = run.after(event, NOW)
        assert (after.state, after.transitions) == (expected, run.transitions + 1)


ANSWERS = {E.ACCEPTED, E.REJECTED, E.NOT_SENT, E.DOUBTFUL}


def lives(run, events=(), depth=6):
    """Every way that a run can go from here, each with the events that led there."""
    yield events, run
    for event in TRANSITIONS[run.state] if depth else ():
        answer = {"answer": event} if event in ANSWERS else {}
        yield from lives(run.after(event, NOW, **answer), (*events, event), depth - 1)


def test_no_life_lets_a_second_order_out_without_a_person_or_a_proof_of_nothing():
    """A run lets go of its pair only by an acknowledgement, or if it certainly started nothing."""
    for events, run in lives(a_run(S.SUBMITTING)):
        let_go = events and events[-1] in (E.ACKNOWLEDGED, E.REJECTED, E.NOT_SENT)
        assert run.holds_pair is not bool(let_go), events


@pytest.mark.parametrize("state", [S.NOT_STARTED, S.PROVIDER_REJECTED, S.FAILED, S.CLOSED])
def test_what_is_seen_late_holds_again(state):
    run = a_run(state, acknowledged_at=NOW, answer=E.NOT_SENT)
    for event in TRANSITIONS[state]:
        after = run.after(event, NOW)
        assert after.acknowledged_at is None
        assert after.holds_pair


@pytest.mark.parametrize("state", RunState)
def test_no_way_leads_back_to_submitting(state):
    """The one state in which a request leaves is entered by a claim and by nothing else."""
    assert S.SUBMITTING not in TRANSITIONS[state].values()


@pytest.mark.parametrize("state", RunState)
def test_every_state_that_holds_can_be_acknowledged(state):
    run = a_run(state)
    if not run.holds_pair:
        pytest.skip("holds nothing")
    assert not run.acknowledged(NOW).holds_pair


@pytest.mark.parametrize("state", RunState)
def test_a_run_that_is_no_longer_in_flight_has_ended(state):
    for before, follow in TRANSITIONS.items():
        for event in (one for one, to in follow.items() if to is state):
            run = a_run(before).after(event, NOW)
            assert (run.ended_at is None) == (state in IN_FLIGHT)


@pytest.mark.parametrize(
    ("asked_after", "acknowledged_after", "is_the_same"),
    [
        ({"minutes": 1}, None, True),
        ({"minutes": -1}, None, True),
        ({"hours": 24}, None, True),
        ({"hours": 24, "seconds": 1}, None, False),
        ({"minutes": 1}, {"minutes": 12}, True),
        ({"minutes": 13}, {"minutes": 12}, False),
    ],
    ids=["a repeat", "by an earlier clock", "a day later", "later", "acknowledged since",
         "acknowledged before"],
)  # fmt: skip
def test_a_command_repeats_a_request_for_a_day_and_not_once_a_person_has_ended_it(
    asked_after, acknowledged_after, is_the_same
):
    run = a_run(S.SUCCEEDED)
    if acknowledged_after:
        run = run.acknowledged(run.claimed_at + timedelta(**acknowledged_after))
    assert run.is_repeated_by(run.claimed_at + timedelta(**asked_after)) is is_the_same


@given(
    st.sampled_from(RunState), st.none() | st.sampled_from(RunEvent), st.none() | st.integers(0, 9)
)
def test_a_stored_run_is_read_as_it_was(state, answer, reads):
    run = replace(a_run(state), answer=answer, untouched_reads=reads or 0, ended_at=NOW)
    assert from_plain(Run, to_plain(run)) == run


def test_fields_of_a_newer_version_are_left_out():
    assert from_plain(Run, {**to_plain(a_run()), "colour": "red"}) == a_run()


@pytest.mark.parametrize(
    ("answer", "whose"),
    [(E.ACCEPTED, "ours"), (E.DOUBTFUL, "unclear"), (None, "unclear"), (E.REJECTED, "other"),
     (E.NOT_SENT, "other")],
)  # fmt: skip
def test_reads_prove_that_the_pair_was_switched_but_not_by_whom(answer, whose):
    assert a_run(S.SUCCEEDED, answer=answer).attribution == whose
