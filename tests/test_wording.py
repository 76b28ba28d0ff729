import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from situations import NOW, ROLES, ago, member, pair, situation, with_detail

from handler.gates import assess
from handler.notice import Severity
from handler.outcome import Decision, Result, about, assessed
from handler.situation import Trigger
from handler.standing import Pause, Standing
from handler.wording import attributes, body, refusal, severity, subject, text, ways_out

TOLD = [
    Decision.SUBMITTED,
    Decision.REFUSED,
    Decision.BLOCKED,
    Decision.PROVIDER_REJECTED,
    Decision.UNKNOWN,
    Decision.NOT_STARTED,
]


def result(decision=Decision.SUBMITTED, code="accepted", given=None, **changes):
    given = given or situation()
    whom = about(given.pair, given.trigger)
    one = Result(decision, code, "the provider accepted", **{**whom, **changes})
    return assessed(one, assess(given))


@pytest.mark.parametrize("decision", TOLD)
def test_a_text_says_what_happened_to_which_pair_what_is_lost_and_what_happens_next(decision):
    told = text(result(decision), "failover-function")
    for word in ("What happened:", "Pair: analytics", "Data loss:", "By itself:", "Gates:"):
        assert word in told


@pytest.mark.parametrize("decision", TOLD)
def test_a_subject_names_severity_pair_and_outcome(decision):
    line = subject(result(decision))
    assert line.startswith(("[CRITICAL] analytics: ", "[WARNING] analytics: "))


@given(st.text(max_size=300))
def test_a_subject_is_a_line_of_at_most_100_ascii_characters(name):
    line = subject(Result(Decision.REFUSED, "armed", "why", pair=name))
    assert len(line) <= 100
    assert line.isascii()
    assert line.isprintable()


def test_only_observed_is_told_as_information():
    observed = result(Decision.REFUSED, "mode")
    assert severity(observed) is Severity.INFO
    assert "would have failed over" in subject(observed)


def test_the_next_command_can_be_pasted():
    told = text(result(next_steps=('{"command": "status"}',)), "failover-function")
    line = next(line for line in told.splitlines() if "aws lambda invoke" in line)
    assert "--function-name failover-function" in line
    assert """--payload '{"command": "status"}'""" in line


def test_loss_that_is_not_known_is_not_called_zero():
    told = text(result(given=with_detail(situation(), standby=member(None))), "f")
    assert "cannot be told" in told


def test_the_message_for_machines_is_the_result():
    told = json.loads(body(result()))
    assert (told["schema"], told["decision"], told["notified"]) == (
        "dws-failover/1",
        "submitted",
        True,
    )


def test_attributes_are_all_there_and_never_empty():
    found = attributes(Result(Decision.IGNORED, "not_listed", "why"), "n")
    assert set(found) == {
        "schema", "decision", "reason_code", "pair", "severity", "notice_id",
    }  # fmt: skip
    assert all(found.values())


def test_a_refusal_that_a_person_may_set_aside_gives_the_exact_command():
    assessment = assess(with_detail(situation(), standby=member("s", last_sync=None)))
    refusing = replace(assessment.situation, standing=Standing(roles=ROLES, armed=True))
    stuck = ways_out(assess(refusing), "analytics", NOW)
    assert any(step.startswith("roles: ") for step in stuck)
    (step,) = ways_out(assess(unsynchronised()), "analytics", NOW)
    command = json.loads(step)
    assert command["override"] == ["rpo"]
    assert command["evidence"] == assess(unsynchronised()).evidence
    assert (command["confirm"], command["requested_at"]) == ("analytics", "2026-01-15T08:30:00Z")


def unsynchronised():
    given = situation()
    standby = replace(given.evidence.detail.standby, last_sync=None)
    return with_detail(given, standby=standby)


def test_what_a_confirmed_command_passes_by_itself_is_not_overridden():
    observed = replace(unsynchronised(), pair=pair(mode="observe"))
    (step,) = ways_out(assess(observed), "analytics", NOW)
    assert json.loads(step)["override"] == ["rpo"]


def test_the_reason_of_a_refusal_names_the_telling_gate_and_counts_the_others():
    observed = replace(unsynchronised(), pair=pair(mode="observe"))
    code, sentence = refusal(assess(observed))
    assert code == "rpo"
    assert "Also not passed: mode" in sentence


def test_a_pause_is_no_thing_to_override():
    paused = situation(
        standing=Standing(roles=ROLES, armed=True, pause=Pause(ago(hours=-1), "works", "ada"))
    )
    (step,) = ways_out(assess(paused), "analytics", NOW)
    assert step.startswith("pause: ")


def test_who_asked_is_told():
    trigger = Trigger("command", "failover", ago(minutes=1), "ada", is_confirmed=True)
    assert "by ada" in text(result(given=situation(trigger=trigger)), "f")
