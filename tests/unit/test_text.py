import json
import re
import shlex
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT
from situations import (
    FAULT,
    NOW,
    PRODUCTION,
    ROLES,
    STANDBY,
    a_run,
    ago,
    evidence,
    member,
    pair,
    shown,
    situation,
    with_detail,
)

from failoverctl.words import command_in, sentence_of
from handler.failover.results import about, about_run, assessed, rehearsal
from handler.gates.assess import assess
from handler.model.command_words import OPTIONS
from handler.model.notice import Severity
from handler.model.pair_state import Fleet, Observations, PairState, Pause
from handler.model.quoting import quoted, word
from handler.model.result import Decision, Reason, Result, is_command
from handler.model.run import RunState
from handler.model.signals import Trigger
from handler.notifications.command_lines import NEVER_PRINTED, Address, command_lines
from handler.notifications.headline import severity, subject
from handler.notifications.next_steps import next_steps_for
from handler.notifications.phrases import BY_ITSELF, HEADLINES, SEVERITIES, WHY_NOT, WHY_UNKNOWN
from handler.notifications.text import attributes, body, late, refusal, text

TOLD = [
    Decision.SUBMITTED,
    Decision.REFUSED,
    Decision.BLOCKED,
    Decision.PROVIDER_REJECTED,
    Decision.UNKNOWN,
    Decision.NOT_STARTED,
]
TITLES = (
    "Late:", "What happened:", "Pair:", "Data loss:", "Recovery time:", "What happens next:",
    "What to do:", "Triggered by:", "Gates:", "reason code:", "run:", "incident:", "provider request:", "evidence:",
)  # fmt: skip
HERE = Address("failover-function", "eu-central-1")
SCHEMAS = ROOT / "src" / "handler" / "model" / "schemas"
COMMAND = Trigger("command", "failover", is_confirmed=True)


def result(decision=Decision.SUBMITTED, code="accepted", given=None, **changes):
    given = given or situation()
    reason = Reason(code, "the provider accepted")
    one = about(given.pair, given.trigger).result(decision, reason)
    return assessed(replace(one, **changes), assess(given))


def refused(given):
    """A refusal as it is told."""
    assessment = assess(given)
    subject, steps = about(given.pair, given.trigger), next_steps_for(assessment)
    one = subject.result(Decision.REFUSED, refusal(assessment), next_steps=steps)
    return assessed(one, assessment)


@pytest.mark.parametrize("decision", TOLD)
def test_a_text_says_what_happened_to_which_pair_what_is_lost_and_what_happens_next(decision):
    told = text(result(decision), HERE)
    for word_ in (
        "What happened:",
        "Pair: analytics",
        "Data loss:",
        "What happens next:",
        "Gates:",
    ):
        assert word_ in told


@pytest.mark.parametrize("decision", TOLD)
def test_a_subject_names_severity_pair_and_outcome(decision):
    line = subject(result(decision))
    assert line.startswith(("[CRITICAL] analytics: ", "[WARNING] analytics: "))


@given(st.text(max_size=300))
def test_a_subject_is_a_line_of_at_most_99_ascii_characters(name):
    line = subject(Result(Decision.REFUSED, "armed", "why", pair=name))
    assert len(line) <= 99
    assert line.isascii()
    assert line.isprintable()


def test_loss_that_is_not_known_is_not_called_zero():
    told = text(result(given=with_detail(situation(), standby=member(None))), HERE)
    assert "Data loss: unknown: the last synchronisation is not shown, or cannot be right." in told


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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("sales is watched", "sales is watched."),
        ("max_data_loss_s is 60", "max_data_loss_s is 60."),
        ("failoverctl doctor sales: finds it", "failoverctl doctor sales: finds it."),
        ("the alarm is OK", "The alarm is OK."),
    ],
)
def test_a_name_that_a_sentence_begins_with_stays_as_it_is_written(said, told):
    shown = Result(Decision.IGNORED, "ok", said, pair="sales", next_steps=(said,))
    assert f"What happened: {told}\n" in text(shown, HERE)


def test_who_asked_is_told():
    trigger = Trigger("command", "failover", ago(minutes=1), "ada", is_confirmed=True)
    assert "by «ada»" in text(result(given=situation(trigger=trigger)), HERE)


def test_the_reason_of_a_refusal_names_the_telling_gate_and_counts_the_others():
    observed = replace(unsynchronised(), pair=pair(mode="observe"))
    told = refusal(assess(observed))
    assert told.code == "rpo"
    assert "Also not passed: mode" in told.sentence


# Headlines


def test_that_only_the_mode_refuses_is_told_as_what_it_would_have_done():
    observed = refused(situation(pair=pair(mode="observe")))
    assert subject(observed) == (
        "[CRITICAL] analytics: would have failed over, is only observed; order it yourself"
    )
    assert "In mode automatic the failover would have been ordered now" in text(observed, HERE)


def test_an_observed_pair_says_in_every_refusal_that_it_never_orders_by_itself():
    told = refused(replace(unsynchronised(), pair=pair(mode="observe")))
    assert "Nothing is ordered by itself" in text(replace(told, incident_id="i"), HERE)


def test_an_observed_pair_whose_time_has_not_come_has_not_failed_over_in_thought():
    told = replace(refused(waiting(pair=pair(mode="observe"))), incident_id="i")
    assert subject(told) == (
        "[WARNING] analytics: production looks down, the pair is only observed; look"
    )
    assert [json.loads(step)["command"] for step in told.next_steps if is_command(step)] == [
        "failover"
    ]


def test_observed_is_not_said_where_another_gate_refuses_as_well():
    observed = refused(replace(unsynchronised(), pair=pair(mode="observe")))
    assert "would have failed over" not in subject(replace(observed, reason_code="mode"))


def waiting(**changes):
    return situation(
        observations=Observations(down_since=ago(seconds=2), down_seen_at=NOW), **changes
    )


def test_while_production_must_be_down_for_longer_it_says_when_it_acts_by_itself():
    told = replace(refused(waiting()), incident_id="i")
    assert subject(told) == (
        "[WARNING] analytics: production looks down, fails over at about 08:31:58Z; stop it or wait"
    )
    nothing, _, step = told.next_steps
    assert nothing == "nothing to do: it fails over by itself at about 08:31:58Z if nothing changes"
    assert json.loads(step) == {
        "command": "pause", "pair": "analytics", "until": "2026-01-15T09:30:00Z",
        "reason": "<why>", "requested_by": "<who>",
    }  # fmt: skip
    assert "It fails over at about 08:31:58Z, unless" in text(told, HERE)


@pytest.mark.parametrize(
    "given_",
    [
        waiting(pair=pair(mode="observe")),
        waiting(pair_state=PairState(roles=ROLES)),
    ],
    ids=["observed", "not armed"],
)
def test_it_does_not_promise_to_act_by_itself_where_it_would_not(given_):
    told = refused(given_)
    assert not any("by itself" in step for step in told.next_steps)
    assert "It fails over at" not in text(replace(told, incident_id="i"), HERE)


@pytest.mark.parametrize("mode", ["automatic", "observe"])
def test_a_gate_that_only_waits_is_never_said_first_while_another_refuses(mode):
    """Else the reader looks up what to do about waiting: nothing."""
    given_ = behind(observations=waiting().observations)
    told = refused(replace(given_, pair=pair(mode=mode, max_data_loss_s=1800)))
    assert told.reason_code == "rpo"
    assert subject(told).endswith("too much data would be lost; decide (+1 more)")
    assert "Also not passed: " in told.reason


def test_that_no_incident_is_pursued_is_said_only_where_none_is():
    assert "no incident is open" in text(refused(unsynchronised()), HERE)
    assert "no incident" not in text(replace(refused(unsynchronised()), incident_id="i"), HERE)


@pytest.mark.parametrize("decision", [Decision.SUBMITTED, Decision.SUCCEEDED])
def test_what_was_executed_late_is_critical_and_says_so(decision):
    told = result(decision, "executed_late")
    assert subject(told) == (
        "[CRITICAL] analytics: an order thought dead was executed LATE; tell all, move clients"
    )


@pytest.mark.parametrize("decision", [Decision.SUBMITTED, Decision.SUCCEEDED])
def test_of_a_rejected_order_it_is_not_said_that_it_was_executed(decision):
    told = replace(result(decision, "executed_late"), attribution="other")
    assert subject(told) == (
        "[CRITICAL] analytics: roles change, though the order was rejected; tell all, move clients"
    )


@pytest.mark.parametrize(
    ("decision", "code", "level", "headline", "next_"),
    [
        (Decision.BLOCKED, "internal_error", "CRITICAL", "a bug keeps", "every hour"),
        (Decision.RECONCILED, "internal_error", "CRITICAL", "a bug keeps", "every hour"),
        (Decision.IGNORED, "too_old", "CRITICAL", "too late", "opens no incident"),
        (Decision.IGNORED, "waiting_too_old", "CRITICAL", "too long", "opens no incident"),
        (Decision.IGNORED, "muted", "WARNING", "nothing is ordered", "counts as a new"),
        (Decision.IGNORED, "not_listed", "WARNING", "no pair lists", "all of them together"),
        (Decision.BLOCKED, "tried_too_often", "CRITICAL", "not failed", "Nothing more is ordered"),
        (Decision.BLOCKED, "retry_time_over", "CRITICAL", "not failed", "may still be down"),
        (Decision.BLOCKED, "invalid_pair", "CRITICAL", "document is bad", "kept until it is good"),
        (Decision.RECONCILED, "old_production_back", "CRITICAL", "two writers", "cannot cut"),
        (Decision.RECONCILED, "new_production_down", "CRITICAL", "decide now", "orders none back"),
        (Decision.RECONCILED, "roles_changed", "CRITICAL", "somebody else", "acknowledged"),
    ],
)
def test_each_reason_has_its_words(decision, code, level, headline, next_):
    told = Result(decision, code, "why", pair="analytics", incident_id="i")
    assert subject(told).startswith(f"[{level}] analytics: ")
    assert headline in subject(told)
    assert next_ in text(told, HERE)


@pytest.mark.parametrize("words", [*HEADLINES.values(), *WHY_NOT.values(), *WHY_UNKNOWN.values()])
def test_a_headline_is_short_enough_to_stand_beside_a_name(words):
    assert len(words) <= 65
    assert words.isascii()
    assert not words.startswith("failed")


def test_each_refusing_gate_has_a_subject_of_its_own():
    assert len({*WHY_NOT.values(), *WHY_UNKNOWN.values()}) == len(WHY_NOT) + len(WHY_UNKNOWN)


def test_a_subject_names_the_gate_in_words_and_counts_the_others():
    assert subject(refused(unsynchronised())) == (
        "[CRITICAL] analytics: not failed over: how much data would be lost is unknown; decide"
    )
    given_ = replace(behind(), pair_state=PairState(roles=ROLES))
    assert subject(refused(given_)).endswith("; decide (+1 more)")


def test_a_persons_command_is_refused_and_not_the_failover_of_an_alarm():
    assert subject(refused(behind(trigger=COMMAND))) == (
        "[WARNING] analytics: command refused: too much data would be lost; decide"
    )


def test_a_long_name_gives_way_to_the_headline_and_keeps_both_its_ends():
    told = replace(refused(behind()), pair="warehouse-of-the-production-in-frankfurt-for-sales")
    assert subject(told) == (
        "[CRITICAL] warehouse-o..t-for-sales: not failed over: too much data would be lost; decide"
    )


def test_words_are_of_reasons_that_have_a_headline():
    counted = {"all_ready", "not_all_ready"}  # the report's subject has the number of its pairs
    assert set(SEVERITIES) <= set(HEADLINES) | counted
    assert set(BY_ITSELF) <= set(HEADLINES) | counted


# The one next command


def unsynchronised():
    """The last synchronisation is not shown: a person may set that aside."""
    given_ = situation()
    return with_detail(given_, standby=replace(given_.evidence.detail.standby, last_sync=None))


def behind(**changes):
    """Synchronised three hours and a second ago, which is too long ago."""
    synchronised = member(evidence().detail.standby.id, last_sync=ago(hours=3, seconds=1))
    return with_detail(situation(pair=pair(max_data_loss_s=1800), **changes), standby=synchronised)


PAUSED = PairState(roles=ROLES, armed=True, pause=Pause(ago(hours=-1), "works", "ada"))


@pytest.mark.parametrize(
    ("given_", "gate"),
    [
        (behind, "rpo"),
        (lambda: situation(pair=pair(mode="observe")), "mode"),
        (lambda: situation(pair_state=PairState(roles=ROLES)), "armed"),
        (lambda: situation(pair_state=PAUSED), "pause"),
        (lambda: situation(max_failovers_per_hour=0), "rate_limit"),
        (lambda: situation(evidence=evidence(standby=None)), "standby_ready"),
        (lambda: behind(observations=waiting().observations), "rpo"),
    ],
    ids=["rpo", "mode", "armed", "pause", "rate_limit", "standby_ready", "rpo while it waits"],
)
def test_production_is_down_and_nothing_acts_by_itself_that_wakes_somebody(given_, gate):
    told = refused(given_())
    assert (told.reason_code, severity(told)) == (gate, Severity.CRITICAL)


@pytest.mark.parametrize(
    "given_",
    [
        waiting,
        lambda: waiting(pair=pair(mode="observe")),
        lambda: unread_by(None, corroborates=True),
        lambda: unread_by("AVAILABLE", corroborates=True),
        lambda: behind(trigger=COMMAND),
        lambda: situation(pair_state=PairState(roles=ROLES.exchanged, armed=True)),
    ],
    ids=[
        "it only waits", "an observed pair waits", "no witness", "up", "a person has asked",
        "another one is production",
    ],
)  # fmt: skip
def test_where_waiting_is_right_or_production_is_not_down_a_refusal_is_a_warning(given_):
    assert severity(refused(given_())) is Severity.WARNING


def test_a_person_who_looks_much_later_is_not_told_a_time_of_another_day():
    run = a_run(RunState.SUCCEEDED, notified_at=a_run().requested_at)
    sentence, _ = about_run(run, now=run.requested_at + timedelta(days=1)).next_steps
    assert sentence.startswith("to end the hold")


def test_a_refusal_that_a_person_may_set_aside_gives_the_exact_command():
    _, step = next_steps_for(assess(behind()))
    assert json.loads(step) == {
        "command": "failover",
        "pair": "analytics",
        "reason": "<why>",
        "requested_by": "<who>",
        "requested_at": "2026-01-15T08:30:00Z",
        "override": ["rpo"],
        "evidence": assess(behind()).evidence,
    }


def test_a_rehearsal_does_not_call_a_gate_that_is_set_aside_one_that_passes():
    trigger = replace(behind().trigger, is_confirmed=True, override=frozenset({"rpo"}))
    found = rehearsal(assess(replace(behind(), trigger=trigger)))
    assert found.reason == (
        "every gate passes or is set aside (rpo): a confirmed command would fail over now"
    )


def test_what_only_a_sender_of_the_json_needs_is_left_out_by_the_tool():
    for step in (*next_steps_for(assess(behind())), *about_run(a_run(RunState.FAILED)).next_steps):
        said = sentence_of(step)
        assert "JSON" not in said
        assert command_in(step) or ("<why>" not in said and said)


def test_the_sentence_before_a_command_says_what_it_does():
    sentence, _ = next_steps_for(assess(behind()))
    assert sentence.startswith(
        "to fail over now, setting aside rpo (up to 10,801 s of data are lost, the limit is 1,800 s)"
    )
    assert "; it orders nothing as it stands, and is good until 09:00Z" in sentence
    assert """add "confirm": "<the pair's name>", and replace <why> and <who>""" in sentence


def test_a_loss_that_is_not_known_is_said_before_the_command():
    sentence, _ = next_steps_for(assess(unsynchronised()))
    assert "how much data is lost is unknown" in sentence


def test_no_command_is_confirmed_by_the_one_who_prints_it():
    assert "confirm" not in json.loads(next_steps_for(assess(behind()))[1])


def test_the_command_keeps_what_the_person_has_said_of_the_outage():
    trigger = replace(COMMAND, outage_began_at=ago(hours=2))
    _, step = next_steps_for(assess(behind(trigger=trigger)))
    assert json.loads(step)["outage_began_at"] == "2026-01-15T06:30:00Z"


def test_what_a_confirmed_command_passes_by_itself_is_not_overridden():
    observed = replace(unsynchronised(), pair=pair(mode="observe"))
    _, step = next_steps_for(assess(observed))
    assert json.loads(step)["override"] == ["rpo"]


@pytest.mark.parametrize(
    ("lifecycle", "probe"), [("AVAILABLE", None), (None, True), ("FAILED", True), ("ACTIVE", False)]
)
def test_no_override_is_offered_where_a_witness_says_up(lifecycle, probe):
    production = replace(evidence().production, status=lifecycle)
    given_ = behind(observations=Observations(probe_up_at={production.id: ago(hours=1)}))
    seen = replace(given_.evidence, production=production, probe=probe)
    (step,) = next_steps_for(assess(replace(given_, evidence=seen)))
    assert "planned switchover" in step
    assert not is_command(step)


def unread_by(lifecycle, *, corroborates, probe=None):
    """Production by what its cluster says; a probe that fails was up an hour ago."""
    production = lifecycle and replace(evidence().production, status=lifecycle)
    status = "abnormal" if corroborates else "running"
    seen = replace(
        evidence(),
        detail=shown(status=status), item=shown(status=status), production=production, standby=None,
        probe=probe, faults={"production": FAULT, "standby": FAULT},
    )  # fmt: skip
    up_at = {PRODUCTION: ago(hours=1)}
    return situation(evidence=seen, observations=Observations(probe_up_at=up_at))


@pytest.mark.parametrize("lifecycle", [None, "FROZEN"], ids=["unreadable", "neither up nor down"])
@pytest.mark.parametrize("corroborates", [True, False], ids=["DR abnormal", "DR running"])
def test_no_override_is_offered_where_no_witness_says_down(lifecycle, corroborates):
    steps = next_steps_for(assess(unread_by(lifecycle, corroborates=corroborates)))
    assert not any(is_command(step) for step in steps)
    assert "no witness says that production is down" in steps[0]
    assert "read again every minute" in steps[0]


def test_an_override_is_offered_where_one_witness_says_down_and_none_up():
    *_, step = next_steps_for(assess(unread_by(None, corroborates=False, probe=False)))
    assert json.loads(step)["override"] == ["production_down", "standby_ready"]


def test_who_sets_production_down_aside_by_hand_is_told_that_no_witness_says_it():
    trigger = replace(COMMAND, override=frozenset({"production_down", "standby_ready"}))
    given_ = replace(unread_by(None, corroborates=True), trigger=trigger)
    found = rehearsal(assess(given_))
    assert found.reason_code == "would_submit"
    assert found.reason.endswith("; but no witness says that production is down")


def test_who_sets_aside_that_production_is_up_is_told_that_a_witness_says_so():
    trigger = replace(COMMAND, override=frozenset({"production_down"}))
    production = replace(evidence().production, status="AVAILABLE")
    given_ = situation(evidence=replace(evidence(), production=production), trigger=trigger)
    assert rehearsal(assess(given_)).reason.endswith("; but a witness says that production is up")


@pytest.mark.parametrize("lifecycle", ["AVAILABLE", None], ids=["up", "unknown"])
def test_no_most_of_what_is_lost_is_said_while_production_may_take_writes(lifecycle):
    given_ = replace(unread_by(lifecycle, corroborates=True), trigger=COMMAND)
    found = rehearsal(assess(given_))
    assert found.estimated_data_loss_s is not None
    assert found.at_most_data_loss_s is None
    assert ", more, if production still takes writes" in text(found, HERE)
    assert "at most" not in text(found, HERE)


def test_the_most_that_can_be_lost_is_said_where_production_is_called_down():
    assert rehearsal(assess(situation(trigger=COMMAND))).at_most_data_loss_s == 300


@pytest.mark.parametrize("state", [RunState.SUBMITTED, RunState.SUCCEEDED], ids=str)
def test_nor_is_it_said_at_the_end_of_an_order_on_a_production_that_was_not_down(state):
    run = a_run(
        state, outage_began_at=ago(hours=1), last_sync=ago(hours=1), switching_at=ago(minutes=59),
        may_take_writes=True,
    )  # fmt: skip
    told = about_run(run)
    assert (told.estimated_data_loss_s, told.at_most_data_loss_s) == (0, None)
    assert ", more, if production still takes writes" in text(told, HERE)


def test_a_pause_is_no_thing_to_override():
    paused = situation(
        pair_state=PairState(roles=ROLES, armed=True, pause=Pause(ago(hours=-1), "works", "ada"))
    )
    why, whose, step = next_steps_for(assess(paused))
    assert why.startswith("pause: ")
    assert "«ada»" in whose
    assert json.loads(step) == {
        "command": "resume", "pair": "analytics", "reason": "<why>", "requested_by": "<who>",
    }  # fmt: skip


def test_a_pause_of_all_pairs_is_lifted_for_all():
    paused = situation(fleet=Fleet(pause=Pause(ago(hours=-1), "works", "ada")))
    *_, step = next_steps_for(assess(paused))
    assert json.loads(step)["pair"] == "*"


def test_other_roles_name_what_would_be_acknowledged():
    given_ = situation(pair_state=PairState(roles=ROLES.exchanged, armed=True))
    *_, sentence, step = next_steps_for(assess(given_))
    assert ROLES.production_cluster_id in sentence
    assert json.loads(step)["production_cluster_id"] == ROLES.production_cluster_id


@pytest.mark.parametrize(
    ("state", "command"),
    [(RunState.SUCCEEDED, "acknowledge"), (RunState.UNKNOWN, "verify")],
    ids=str,
)
def test_a_hold_names_its_run_and_its_command(state, command):
    run = a_run(state)
    given_ = situation(run=run, held=(run,))
    *_, step = next_steps_for(assess(given_))
    assert (json.loads(step)["command"], json.loads(step)["run_id"]) == (command, run.run_id)


def test_a_run_that_was_inferred_to_be_nothing_is_named_by_the_override():
    run = a_run(RunState.NOT_STARTED)
    _, step = next_steps_for(assess(situation(run=run, held=(run,))))
    assert (json.loads(step)["override"], json.loads(step)["run_id"]) == (["hold"], run.run_id)


def test_the_minute_from_which_an_acknowledgement_is_taken_has_begun_by_then():
    """Whoever sends it when the clock shows that minute must not be refused."""
    requested_at = a_run().requested_at + timedelta(seconds=3)
    run = a_run(RunState.SUCCEEDED, requested_at=requested_at, notified_at=requested_at)
    sentence, _ = about_run(run).next_steps
    assert sentence.startswith("from 07:41Z on: to end the hold")


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(1, "from 07:40Z on: to end the hold"), (9, "from 07:40Z on: "), (10, "to end the hold")],
)
def test_an_acknowledgement_that_would_be_too_early_says_from_when_on(minutes, says):
    run = a_run(RunState.SUCCEEDED, notified_at=a_run().requested_at + timedelta(minutes=minutes))
    sentence, step = about_run(run).next_steps
    assert sentence.startswith(says)
    assert json.loads(step)["production_cluster_id"] == ROLES.standby_cluster_id


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("failover-function", '{"command": "status"}'),
        ("a function; touch pwned", """{"pair": "x'; touch pwned; echo '"}"""),
        ("$(touch pwned)", '{"pair": "`touch pwned`\\\\"}'),
    ],
)
def test_the_next_command_can_be_pasted_whatever_is_in_it(name, step):
    told = text(result(next_steps=("shows it", step)), Address(name, "eu-central-1"))
    tool, cli = (line.strip() for line in told.splitlines() if " --function" in line)
    words = shlex.split(cli)
    assert words[:2] == ["printf", "%s"]
    assert words[words.index("--function-name") + 1] == name
    assert json.loads(words[2]) == json.loads(step)
    assert words.index("|") == 3
    assert len(words) == 16
    assert shlex.split(tool)[shlex.split(tool).index("--function") + 1] == name


def lines_of(**command):
    return command_lines(json.dumps(command), HERE)


def test_the_first_line_is_for_the_tool_and_leaves_out_what_the_tool_asks_for():
    tool, _ = lines_of(
        command="failover", pair="sales", reason="<why>", requested_by="<who>",
        requested_at="2026-01-15T08:30:00Z", confirm="sales", override=["rpo", "armed"],
        evidence="0123456789abcdef", outage_began_at="2026-01-15T08:00:00Z",
    )  # fmt: skip
    assert tool == (
        "failoverctl failover sales --override rpo --override armed --evidence 0123456789abcdef"
        " --outage-began-at 2026-01-15T08:00:00Z --function failover-function --region eu-central-1"
    )


def test_a_line_has_no_option_that_its_command_does_not_say():
    assert lines_of(command="status", pair="sales")[0] == (
        "failoverctl status sales --function failover-function --region eu-central-1"
    )


def test_a_pair_that_is_called_like_an_option_is_none():
    assert lines_of(command="status", pair="--json")[0] == (
        "failoverctl status --function failover-function --region eu-central-1 -- --json"
    )


def test_the_second_line_gives_the_function_its_time():
    _, cli = lines_of(command="status", pair="sales")
    assert cli == (
        """printf %s '{"command": "status", "pair": "sales"}' | aws lambda invoke"""
        " --function-name failover-function --region eu-central-1 --cli-read-timeout 330"
        " --payload fileb:///dev/stdin /dev/stdout"
    )


def test_each_field_of_a_command_is_an_option_or_never_printed():
    """A new field is decided on here: what a line leaves out, a pasted command does not say."""
    fields = json.loads((SCHEMAS / "command.json").read_text())["properties"]
    named = {"command", "pair", "disaster_recovery_id"}
    never_in_a_notice = {"brief", "code", "limit", "scheduled_at"}
    assert set(fields) == {*OPTIONS, *NEVER_PRINTED, *named, *never_in_a_notice}


# What others wrote

HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*TITLES, "\n", "\r\n", "\x1b[2J", "\u2028", "\u202e", "»", "    printf ", "{"]
        ),
        max_size=12,
    ).map("".join),
    st.characters(categories=["Cs"]),
)


@given(HOSTILE)
def test_foreign_text_is_one_printable_line_between_its_marks(foreign):
    line = quoted(foreign)
    assert line.replace("\ufffd", "").isprintable()
    assert (line[0], line[-1]) == ("«", "»")
    assert not {"«", "»"} & set(line[1:-1])
    assert len(line) <= 302
    line.encode()


@pytest.mark.parametrize("mark", "«»‹›≪≫⋘⋙⟨⟩⟪⟫〈〉〈〉《》❬❭❮❯❰❱⪡⪢⪻⪼᚛᚜︽︾⨠", ids=ascii)
def test_no_mark_that_looks_like_its_end_stands_in_a_quotation(mark):
    assert quoted(f"ops{mark}. It is over") == '«ops". It is over»'


def test_other_quotation_marks_are_left_as_they_were_written():
    said = "“so”, ‘so’, „so“, 「so」, it’s a < b > c"
    assert quoted(said) == f"«{said}»"


@given(HOSTILE)
def test_a_word_is_left_as_it_is_only_if_it_is_one(foreign):
    assert word(foreign) in (foreign, quoted(foreign))
    assert word(foreign) == quoted(foreign) or re.fullmatch(r"[A-Za-z0-9_.-]+", word(foreign))


@given(st.data())
def test_nothing_from_outside_can_begin_a_line_like_a_part_of_ours(data):
    def foreign():
        return data.draw(HOSTILE)

    told = refused(behind(trigger=replace(situation().trigger, name=foreign())))
    hostile = replace(
        told,
        reason=foreign(),
        pair=foreign(),
        disaster_recovery_id=foreign(),
        incident_id=foreign(),
        run_id=foreign(),
        provider_request_id=foreign(),
        trigger={**told.trigger, "requested_by": foreign()},
        gates=tuple({**gate, "reason": foreign()} for gate in told.gates),
        next_steps=(f"orders {foreign()}", json.dumps({"pair": foreign()})),
    )
    lines = text(hostile, HERE).split("\n")
    assert all(line.isprintable() for line in lines)
    titles = [title for line in lines for title in TITLES if line.startswith(title)]
    assert len(titles) == len(set(titles))
    other = [line for line in lines if line and not line.startswith((*TITLES, "  "))]
    assert other == []
    assert sum(line.startswith("    printf ") for line in lines) == 1
    assert sum(line.startswith("    failoverctl ") for line in lines) == 1
    text(hostile, HERE).encode()


# Late


def test_a_notice_that_could_not_be_sent_says_when_it_was_written():
    told = late("What happened: it.\n", ago(minutes=11), NOW)
    assert told == ("Late: written at 08:19Z, it could not be sent before.\n\nWhat happened: it.\n")


def test_a_notice_of_another_day_names_the_day():
    assert late("it", ago(days=1), NOW).startswith("Late: written at 2026-01-14 08:30Z, it could")


def test_a_notice_that_is_sent_soon_is_sent_as_it_is():
    assert late("it", ago(minutes=10), NOW) == "it"


# No sentence denies another one


def test_nothing_to_do_is_not_said_of_a_pair_that_is_not_armed():
    told = Result(Decision.ACKNOWLEDGED, "not_armed", "why", pair="analytics")
    assert subject(told) == (
        "[INFO] analytics: production is confirmed, not armed; ask status for the rest"
    )


def test_nothing_to_do_is_not_said_where_another_pause_still_holds():
    lifted = Result(Decision.RESUMED, "resumed", "why", pair="analytics")
    assert subject(lifted).endswith("the pause is lifted; nothing to do")
    told = replace(lifted, next_steps=('{"command": "resume", "pair": "*"}',))
    assert "nothing to do" not in subject(told)
    assert "What happens next: No failover is ordered for what is still paused" in text(told, HERE)


def test_a_pair_that_is_acknowledged_and_armed_is_not_said_to_wait_until_it_is_armed():
    told = text(Result(Decision.ACKNOWLEDGED, "armed", "it is armed", pair="analytics"), HERE)
    assert "before it is armed" not in told
    assert "What happens next: Alarms of the pair count again, with every gate." in told


def test_a_synchronisation_of_the_future_is_not_called_absent():
    given = with_detail(situation(), standby=member(STANDBY, last_sync=ago(hours=-2)))
    told = text(result(given=given), HERE)
    assert "lies in the future" in told
    assert "no last synchronisation" not in told
    assert "Data loss: unknown: the last synchronisation is not shown, or cannot be right." in told
