"""A person acknowledges, pauses and resumes; each refusal says what is wrong."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from parts import now, signed
from steps import acknowledged, infer, pass_time, reconciled

from handler.errors import InvalidEvent, ProviderUnavailable
from handler.model.result import is_command
from handler.model.run import RunState
from handler.model.times import clock_from, isoformat
from local.dws.model.pair import Event


@pytest.fixture
def succeeded(outage):
    """A proved failover, ten minutes ago."""
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        pass_time(outage, seconds=60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED
    pass_time(outage, minutes=10)
    outage.notices()
    return outage


def test_it_sets_the_roles_and_ends_the_hold(succeeded):
    result = acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    assert (result["decision"], result["reason_code"]) == ("acknowledged", "not_armed")
    record = succeeded.record
    assert record.pair_state.roles == succeeded.roles
    assert not record.run.holds_pair


def test_it_never_arms_and_says_so(succeeded):
    result = acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    assert "never arms" in result["reason"]
    assert succeeded.record.pair_state.armed is False


def test_after_a_success_that_cannot_be_overridden(succeeded):
    acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    (armed,) = [
        gate for gate in succeeded.send({"command": "rehearse", "pair": "analytics"})["gates"]
        if gate["gate"] == "armed"
    ]  # fmt: skip
    assert (armed["verdict"], armed["overridable"]) == ("refuse", False)


def test_it_never_says_to_re_establish_disaster_recovery_unseen(succeeded):
    """How the two clusters are is not known here; status looks."""
    result = acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    assert "DR Recovery" not in " ".join(result["next_steps"])
    assert json.loads(result["next_steps"][-1])["command"] == "status"


def test_it_is_told(succeeded):
    acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    (notice,) = succeeded.notices()
    assert (notice.attributes["decision"], notice.attributes["severity"]) == (
        "acknowledged",
        "info",
    )


def test_it_is_told_as_part_of_its_runs_incident(succeeded):
    """By that a pager's alert and a chat's thread of the outage are found again, and closed."""
    run = succeeded.record.run
    assert succeeded.record.open_incident is None
    acknowledged(succeeded, run_id=run.run_id)
    (notice,) = succeeded.notices()
    assert run.incident_id
    assert notice.result["incident_id"] == run.incident_id


def test_the_held_run_must_be_named(succeeded):
    result = acknowledged(succeeded)
    assert (result["decision"], result["reason_code"]) == ("refused", "run_id_missing")
    assert signed(result)["run_id"] == succeeded.record.run.run_id


def test_another_run_is_not_the_held_one(succeeded):
    result = acknowledged(succeeded, run_id="20260115T083000000Z-00000000")
    assert result["reason_code"] == "other_run"
    assert succeeded.record.run.holds_pair


def test_the_next_step_of_a_success_can_be_sent_once_it_is_signed(succeeded):
    result = succeeded.send({"command": "verify", "pair": "analytics"})
    assert succeeded.send(signed(result))["decision"] == "acknowledged"


def test_a_command_that_is_refused_as_too_early_was_told_to_be(outage):
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    for _ in range(2):
        pass_time(outage, seconds=60)
        outage.send({"command": "reconcile"})
    told = outage.notices()[-1].result
    assert told["decision"] == "succeeded"
    refused = outage.send(signed(told))
    assert refused["reason_code"] == "too_early"
    good_from = outage.ledger.run(told["disaster_recovery_id"], result["run_id"]).began_at
    when = f"from {clock_from(good_from + timedelta(minutes=10))} on: "
    assert told["next_steps"][0].startswith(when)
    assert refused["next_steps"][0].startswith(when)


def test_not_in_the_first_ten_minutes_after_the_request(outage):
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    refused = acknowledged(outage, run_id=result["run_id"])
    assert refused["reason_code"] == "too_early"
    pass_time(outage, minutes=10)
    assert acknowledged(outage, run_id=result["run_id"])["decision"] == "acknowledged"


def test_an_open_run_ends_as_closed(outage):
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    pass_time(outage, minutes=10)
    acknowledged(outage, run_id=result["run_id"])
    record = outage.record
    assert (record.run.state, record.run.holds_pair) == (RunState.CLOSED, False)
    assert record.open_incident is None


def test_not_while_the_provider_is_switching(outage):
    outage.emulator.vary(switching_s=3600)
    (result,) = outage.alarm()
    pass_time(outage, minutes=10)
    refused = acknowledged(outage, run_id=result["run_id"], override=["roles"])
    assert refused["reason_code"] == "switching"


def test_not_against_what_the_provider_shows_unless_it_is_overridden(succeeded):
    run, old = succeeded.record.run, succeeded.emulator.pair.standby_id
    against = {"run_id": run.run_id, "production_cluster_id": old}
    assert acknowledged(succeeded, **against)["reason_code"] == "roles"
    assert acknowledged(succeeded, **against, override=["roles"])["decision"] == "acknowledged"
    assert succeeded.record.pair_state.roles.production_cluster_id == old


def test_only_one_of_the_pairs_clusters_can_be_production(succeeded):
    result = acknowledged(
        succeeded, run_id=succeeded.record.run.run_id, production_cluster_id="0" * 36
    )
    assert result["reason_code"] == "unknown_cluster"


def test_what_cannot_be_read_cannot_be_compared(succeeded):
    run_id = succeeded.record.run.run_id
    succeeded.emulator.fault("detail", "cut", times=None)
    with pytest.raises(ProviderUnavailable, match="override"):
        acknowledged(succeeded, run_id=run_id)
    assert acknowledged(succeeded, run_id=run_id, override=["roles"])["decision"] == "acknowledged"


@pytest.fixture
def waiting(outage):
    """Production has just turned down, and is failed over two minutes later."""
    outage.put_pair(production_down_for_s=120)
    outage.alarm()
    assert outage.record.open_incident
    outage.notices()
    return outage


def test_who_says_nothing_new_of_the_roles_says_nothing_of_the_outage(waiting):
    incident = waiting.record.open_incident
    result = acknowledged(waiting)
    assert (result["decision"], result["reason_code"]) == ("acknowledged", "incident_goes_on")
    assert waiting.record.open_incident == incident
    waiting.let_pass(130)
    waiting.send({"command": "reconcile"})
    assert waiting.posts == 1


def test_who_acknowledges_beside_an_open_incident_hears_that_it_goes_on(waiting):
    result = acknowledged(waiting)
    assert "analytics has an incident open since " in result["reason"]
    assert "it is failed over as soon as they pass" in result["reason"]
    assert json.loads(next(filter(is_command, result["next_steps"])))["command"] == "pause"
    (notice,) = waiting.notices()
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith("production is confirmed, the incident goes on; look")


def test_a_person_who_is_sent_to_acknowledge_in_an_outage_lets_it_be_failed_over(outage):
    """The provider writes the roles otherwise than it did, and the runbook says to acknowledge."""
    known = {"role_words": {"production": "primary", "standby": "standby"}}
    observations = replace(outage.record.observations, **known)
    outage.ledger.save_observations(outage.emulator.pair.id, observations)
    outage.emulator.vary(primary_word="master")
    (refused,) = outage.alarm()
    assert refused["reason_code"] == "roles"
    assert "an open incident goes on" in " ".join(refused["next_steps"])
    assert outage.send(signed(refused))["reason_code"] == "incident_goes_on"
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


def test_a_pair_that_is_told_its_roles_in_an_outage_keeps_its_incident(parts):
    parts.emulator.break_production()
    parts.alarm()
    result = acknowledged(parts)
    assert parts.record.open_incident
    assert result["reason_code"] == "incident_goes_on"


def test_whoever_ends_an_incident_by_their_word_is_told_and_so_is_everybody(parts):
    parts.arm()
    parts.alarm()
    parts.notices()
    other = parts.emulator.pair.standby_id
    acknowledged(parts, production_cluster_id=other, override=["roles"])
    (notice,) = parts.notices()
    assert "the incident that was open since " in notice.result["reason"]
    assert "has ended with this word" in notice.result["reason"]
    assert parts.record.open_incident is None


def test_an_incident_that_ends_by_a_true_word_while_production_is_not_seen_down_is_a_warning(parts):
    parts.arm()
    parts.alarm()
    parts.emulator.pair.order("switchover", parts.emulator.clock.now())
    parts.let_pass(1800)
    parts.notices()
    assert acknowledged(parts)["reason_code"] == "incident_ended"
    (notice,) = parts.notices()
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith("a person's word has ended the incident; look at production")


def inferred(outage):
    """An order that was lost, and inferred not to have started: it holds, production is down."""
    run_id = infer(outage)
    reconciled(outage)
    outage.notices()
    return run_id


def test_who_ends_a_run_while_production_is_down_is_told_that_nothing_acts_any_more(outage):
    run_id = inferred(outage)
    result = acknowledged(outage, run_id=run_id)
    assert outage.record.open_incident is None
    assert result["reason_code"] == "still_down"
    production = outage.roles.production_cluster_id
    assert f"{production} looks down since " in result["reason"]
    assert json.loads(next(filter(is_command, result["next_steps"])))["command"] == "rehearse"
    (notice,) = outage.notices()
    assert notice.attributes["severity"] == "critical"
    assert notice.subject.endswith("production looks down, no incident is open; decide now")


def test_who_acknowledges_a_failover_whose_new_production_is_down_hears_of_it(succeeded):
    succeeded.emulator.break_production()
    reconciled(succeeded)
    succeeded.notices()
    result = acknowledged(succeeded, run_id=succeeded.record.run.run_id)
    assert result["reason_code"] == "still_down"
    assert f"{succeeded.roles.production_cluster_id} looks down since " in result["reason"]
    (notice,) = succeeded.notices()
    assert notice.attributes["severity"] == "critical"


def printed(result):
    """The commands of a result's next steps, in their order."""
    return [json.loads(step) for step in result["next_steps"] if is_command(step)]


@pytest.mark.parametrize("name", ["verify", "status", "rehearse"])
def test_of_an_order_that_seems_lost_in_an_outage_the_first_command_is_to_order_once_more(
    outage, name
):
    run_id = inferred(outage)
    first = printed(outage.send({"command": name, "pair": "analytics"}))[0]
    assert (first["command"], first["override"], first["run_id"]) == ("failover", ["hold"], run_id)


def test_what_is_printed_to_order_once_more_works_in_the_outage(outage):
    inferred(outage)
    before = outage.posts
    first, _ = printed(outage.send({"command": "verify", "pair": "analytics"}))
    signature = {"reason": "CTS shows no order", "requested_by": "ada", "confirm": "analytics"}
    assert outage.send({**first, **signature})["decision"] == "submitted"
    assert outage.posts == before + 1


def test_the_word_for_a_run_says_that_an_open_incident_ends_with_it(outage):
    inferred(outage)
    steps = outage.send({"command": "verify", "pair": "analytics"})["next_steps"]
    (sentence,) = (step for step in steps if step.startswith("to end the hold of run "))
    assert "an open incident ends with it, and nothing more is tried for that outage" in sentence


def test_once_production_is_up_nobody_is_offered_to_order_a_lost_order_once_more(outage):
    inferred(outage)
    outage.emulator.restore_production()
    result = outage.send({"command": "status", "pair": "analytics"})
    assert [one["command"] for one in printed(result)] == ["acknowledge"]


def test_who_acknowledges_while_production_looks_down_hears_of_it_without_an_incident(outage):
    outage.emulator.vary(abnormal_after_s=None)
    outage.emulator.set_pair(status="running")
    outage.send({"command": "reconcile"})
    assert outage.record.open_incident is None
    outage.notices()
    assert acknowledged(outage)["reason_code"] == "still_down"
    (notice,) = outage.notices()
    assert notice.attributes["severity"] == "critical"


def wrong_then_right(parts):
    """A person insists on the wrong cluster, and corrects that a minute later."""
    roles = parts.roles
    wrong = {"production_cluster_id": roles.standby_cluster_id, "override": ["roles"]}
    assert acknowledged(parts, **wrong)["reason_code"] == "roles_overridden"
    parts.let_pass(60)
    parts.send({"command": "reconcile"})
    return acknowledged(parts, production_cluster_id=roles.production_cluster_id)


def test_a_wrong_word_that_is_corrected_leaves_what_was_known_before_it(parts):
    parts.arm()
    before = parts.record.pair_state
    assert "It is armed" in wrong_then_right(parts)["reason"]
    after = parts.record.pair_state
    assert replace(after, revision=before.revision) == before


def test_a_wrong_word_that_is_corrected_keeps_nobody_from_failing_over_in_the_outage(outage):
    outage.put_pair(mode="observe")
    result = wrong_then_right(outage)
    assert "only live copy" not in str(result)
    rehearsal = outage.send({"command": "rehearse", "pair": "analytics"})
    assert rehearsal["reason_code"] == "would_submit"


def test_a_wrong_word_in_an_open_incident_is_critical_as_it_ends_it(waiting):
    wrong = {"production_cluster_id": waiting.roles.standby_cluster_id, "override": ["roles"]}
    result = acknowledged(waiting, **wrong)
    assert f"{waiting.roles.production_cluster_id} looks down since " in result["reason"]
    (notice,) = waiting.notices()
    assert notice.attributes["severity"] == "critical"


def test_who_corrects_a_wrong_word_is_told_that_an_incident_has_ended_with_it(waiting):
    """A look since then has heard the other cluster: that production is down has to be found anew."""
    assert wrong_then_right(waiting)["reason_code"] == "incident_ended"
    notice = waiting.notices()[-1]
    assert "has ended with the word that this corrects" in notice.result["reason"]
    assert notice.attributes["severity"] == "warning"


def test_an_alarm_that_rings_under_a_wrong_word_stays_once_that_is_corrected(outage):
    roles = outage.roles
    wrong = {"production_cluster_id": roles.standby_cluster_id, "override": ["roles"]}
    acknowledged(outage, **wrong)
    outage.alarm()
    result = acknowledged(outage, production_cluster_id=roles.production_cluster_id)
    assert result["reason_code"] == "incident_goes_on"
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


def test_an_outage_whose_incident_a_wrong_word_has_ended_is_found_again_by_two_witnesses(waiting):
    waiting.emulator.set_pair(status="abnormal")
    wrong_then_right(waiting)
    for _ in range(5):
        waiting.let_pass(61)
        waiting.send({"command": "reconcile"})
    assert waiting.posts == 1


def test_a_word_that_the_provider_has_borne_out_since_was_none_that_was_wrong(parts):
    """The roles were exchanged and exchanged back: that is a change that was not ours."""
    parts.arm()
    roles = parts.roles
    wrong = {"production_cluster_id": roles.standby_cluster_id, "override": ["roles"]}
    acknowledged(parts, **wrong)
    for _ in range(2):
        parts.emulator.pair.order("switchover", parts.emulator.clock.now())
        parts.let_pass(1800)
        parts.send({"command": "reconcile"})
    acknowledged(parts, production_cluster_id=roles.production_cluster_id)
    pair_state = parts.record.pair_state
    assert (pair_state.armed, pair_state.roles_changed_by) == (False, "other")


def test_a_correction_that_cannot_be_compared_arms_nothing_and_can_be_overridden(outage):
    roles = outage.roles
    wrong = {"production_cluster_id": roles.standby_cluster_id, "override": ["roles"]}
    acknowledged(outage, **wrong)
    outage.emulator.fault("detail", "cut", times=None)
    right = {"production_cluster_id": roles.production_cluster_id, "override": ["roles"]}
    acknowledged(outage, **right)
    pair_state = outage.record.pair_state
    assert (pair_state.armed, pair_state.roles_changed_by) == (False, "acknowledged")


def test_a_pair_whose_roles_nobody_has_seen_yet_can_be_told_them(parts):
    acknowledged(parts)
    assert parts.record.pair_state.roles == parts.roles


def paused(parts, pair="analytics", **changes):
    command = {
        "command": "pause", "pair": pair, "until": now(hours=2).isoformat(),
        "reason": "maintenance", "requested_by": "ada", **changes,
    }  # fmt: skip
    return parts.send(command)


def resumed(parts, pair="analytics", **changes):
    command = {"command": "resume", "pair": pair, "reason": "done", "requested_by": "ada"}
    return parts.send({**command, **changes})


BOB = {"requested_by": "bob", "reason": "storage is exchanged"}


@pytest.mark.parametrize("pair", ["analytics", "*"])
def test_while_it_is_paused_nothing_is_ordered_and_then_it_is(outage, pair):
    assert paused(outage, pair)["decision"] == "paused"
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"], outage.posts) == ("refused", "pause", 0)
    assert resumed(outage, pair)["decision"] == "resumed"
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


def test_a_command_is_paused_as_well(outage):
    paused(outage)
    assert outage.fail_over()["reason_code"] == "pause"


def test_the_brake_is_told_with_who_and_until_when(outage):
    paused(outage)
    (notice,) = outage.notices()
    assert notice.attributes["decision"] == "paused"
    assert notice.result["trigger"]["requested_by"] == "ada"


def test_what_was_not_paused_is_resumed_in_silence(outage):
    assert "not paused" in resumed(outage)["reason"]
    assert outage.notices() == []


@pytest.mark.parametrize("own", [True, False], ids=["paused by itself too", "not paused"])
def test_a_pair_that_is_resumed_says_that_all_pairs_are_still_paused(outage, own):
    paused(outage, "*")
    if own:
        paused(outage)
    result = resumed(outage)
    assert "but all pairs are still paused until " in result["reason"]
    (command,) = filter(is_command, result["next_steps"])
    assert json.loads(command)["pair"] == "*"


def test_a_pause_of_all_pairs_that_is_lifted_says_which_pairs_are_still_paused(outage):
    paused(outage, "*")
    paused(outage)
    result = resumed(outage, "*")
    assert "but analytics is still paused until " in result["reason"]
    assert json.loads(result["next_steps"][-1])["pair"] == "analytics"
    subject = outage.notices()[-1].subject
    assert subject.endswith(": a pause is lifted, another one still holds; look")


@pytest.mark.parametrize("pair", ["analytics", "*"])
@pytest.mark.parametrize(
    ("mode", "next_"),
    [
        ("automatic", "failed over as soon as they pass"),
        ("observe", "nothing is ordered by itself"),
    ],
)
def test_who_resumes_in_an_outage_hears_of_it_and_of_what_happens_next(outage, pair, mode, next_):
    outage.put_pair(mode=mode)
    paused(outage, pair)
    outage.alarm()
    outage.notices()
    result = resumed(outage, pair)
    assert (result["decision"], result["reason_code"]) == ("resumed", "incident")
    assert "analytics has an incident open since " in result["reason"]
    assert next_ in result["reason"]
    assert json.loads(result["next_steps"][-1]) == {"command": "rehearse", "pair": "analytics"}
    (notice,) = outage.notices()
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith("the pause is lifted, an incident is open; look")


def test_who_resumes_while_production_looks_down_hears_of_it_without_an_incident(outage):
    outage.emulator.vary(abnormal_after_s=None)
    outage.emulator.set_pair(status="running")
    outage.send({"command": "reconcile"})
    assert outage.record.open_incident is None
    paused(outage)
    result = resumed(outage)
    assert result["reason_code"] == "down"
    assert "production of analytics has looked down since " in result["reason"]


def test_who_lifts_one_of_two_pauses_in_an_outage_hears_of_both(outage):
    paused(outage, "*")
    paused(outage)
    outage.alarm()
    result = resumed(outage)
    assert "but all pairs are still paused until " in result["reason"]
    assert "analytics has an incident open" in result["reason"]
    notice = outage.notices()[-1]
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith(": a pause is lifted, another one still holds; look")


@pytest.mark.parametrize("pair", ["analytics", "*"])
def test_a_resume_that_was_printed_for_an_earlier_pause_lifts_nobody_elses(outage, pair):
    printed = signed(paused(outage, pair))
    paused(outage, pair, until=now(hours=4).isoformat(), **BOB)
    refused = outage.send(printed)
    assert (refused["decision"], refused["reason_code"]) == ("refused", "other_pause")
    assert "by «bob»: «storage is exchanged»" in refused["reason"]
    outage.alarm()
    assert outage.posts == 0


def test_what_is_printed_for_the_present_pause_lifts_it(outage):
    paused(outage)
    replaced = paused(outage, until=now(hours=4).isoformat(), **BOB)
    assert outage.send(signed(replaced))["decision"] == "resumed"
    assert not outage.record.pair_state.pause.holds(now())


def test_a_refused_resume_prints_the_one_for_the_present_pause(outage):
    printed = signed(paused(outage))
    paused(outage, until=now(hours=4).isoformat(), **BOB)
    refused = outage.send(printed)
    assert "that «bob» has set" in refused["next_steps"][0]
    assert outage.send(signed(refused))["decision"] == "resumed"


def test_a_resume_for_a_pause_that_is_over_says_that_nothing_is_paused(outage):
    printed = signed(paused(outage))
    resumed(outage)
    assert "not paused" in outage.send(printed)["reason"]


def test_who_replaces_a_pause_is_told_whose_and_so_is_everybody(outage):
    paused(outage)
    ends_at = isoformat(outage.record.pair_state.pause.ends_at)
    outage.notices()
    result = paused(outage, until=now(hours=4).isoformat(), **BOB)
    was = f"it replaces the pause until {ends_at}, by «ada»: «maintenance»"
    assert was in result["reason"]
    (notice,) = outage.notices()
    assert was in notice.result["reason"]


def test_who_lifts_a_pause_that_somebody_else_has_set_is_told_whose_and_so_is_everybody(outage):
    paused(outage, **BOB)
    outage.notices()
    result = resumed(outage)
    assert (result["decision"], result["reason_code"]) == ("resumed", "anothers_pause")
    (notice,) = outage.notices()
    assert "by «bob»: «storage is exchanged», is lifted: «done»" in notice.result["reason"]
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith(": somebody else's pause is lifted; tell whoever had set it")


def test_who_lifts_a_pause_of_their_own_reads_that_there_is_nothing_to_do(outage):
    paused(outage)
    outage.notices()
    assert resumed(outage)["reason_code"] == "resumed"
    (notice,) = outage.notices()
    assert notice.attributes["severity"] == "info"


def test_a_short_pause_does_not_replace_one_of_20_days(outage):
    paused(outage, until=now(days=20).isoformat(), **BOB)
    refused = paused(outage, until=now(seconds=5).isoformat())
    assert (refused["decision"], refused["reason_code"]) == ("refused", "paused_longer")
    assert outage.record.pair_state.pause.requested_by == "bob"


@pytest.mark.parametrize("until", [{"days": 31}, {"seconds": -1}], ids=["too long", "over"])
def test_a_pause_ends_in_the_next_30_days(parts, until):
    with pytest.raises(InvalidEvent, match=r"\$\.until"):
        paused(parts, until=now(**until).isoformat())


@pytest.mark.parametrize(
    ("event", "where"),
    [
        ({"command": "pause", "pair": "*"}, r"\$\.until.*\$\.reason.*\$\.requested_by"),
        ({"command": "acknowledge", "pair": "analytics"}, r"\$\.production_cluster_id"),
        ({"command": "verify", "pair": "*"}, r"\$\.pair"),
        ({"command": "verify"}, "pair or disaster_recovery_id"),
        ({"command": "failover", "pair": "analytics", "override": ["roles"]}, r"\$\.override\[0\]"),
    ],
)
def test_a_command_that_lacks_something_names_it(parts, event, where):
    with pytest.raises(InvalidEvent, match=where):
        parts.send(event)


@pytest.fixture
def unsettled(outage):
    """An order whose answer was lost ten minutes ago; the provider may still carry it out."""
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    for _ in range(10):
        outage.let_pass(61)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.UNKNOWN
    outage.notices()
    return outage


def asked(parts, name):
    return parts.send({"command": name, "pair": "analytics"})


@pytest.mark.parametrize("name", ["status", "rehearse", "failover"])
def test_while_a_run_is_not_settled_its_hold_says_to_wait(unsettled, name):
    (hold,) = (one for one in asked(unsettled, name)["gates"] if one["gate"] == "hold")
    assert "wait until it is settled" in hold["reason"]
    assert "acknowledge" not in hold["reason"]


def test_who_closes_a_run_that_is_not_settled_is_told_that_it_may_still_be_executed(unsettled):
    run_id = unsettled.record.run.run_id
    result = acknowledged(unsettled, run_id=run_id)
    assert (result["decision"], result["reason_code"]) == ("acknowledged", "unsettled")
    assert "may still be executed until" in result["reason"]
    (notice,) = unsettled.notices()
    assert notice.attributes["severity"] == "critical"  # production is down, and nothing acts
    assert notice.subject.endswith("its order may still come; never order again")


@pytest.mark.parametrize("name", ["status", "rehearse", "failover"])
def test_no_second_order_is_offered_while_the_first_may_still_be_executed(unsettled, name):
    run_id = unsettled.record.run.run_id
    acknowledged(unsettled, run_id=run_id)
    result = asked(unsettled, name)
    assert not any('"failover"' in step for step in result["next_steps"])
    assert f"run {run_id}" in " ".join(result["next_steps"])
    (armed,) = (one for one in result["gates"] if one["gate"] == "armed")
    assert f"run {run_id}" in armed["reason"]


@pytest.fixture
def said_to_have_failed(outage):
    """An accepted order, not at work yet, of which an event that may be another's says so."""
    outage.emulator.vary(order_delay_s=3600)
    outage.alarm()
    outage.let_pass(20)
    events, now = outage.emulator.pair.events, outage.emulator.clock.now()
    events.append(Event(now, "failoverDisasterRecoveryFail"))
    outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.FAILED
    outage.let_pass(600)
    outage.notices()
    return outage


def test_who_acknowledges_a_failure_is_told_that_its_order_may_still_be_executed(
    said_to_have_failed,
):
    result = acknowledged(said_to_have_failed, run_id=said_to_have_failed.record.run.run_id)
    assert (result["decision"], result["reason_code"]) == ("acknowledged", "unsettled")
    assert "only an event says that it failed" in result["reason"]
    assert "may still be executed until" in result["reason"]


@pytest.mark.parametrize("name", ["status", "rehearse", "failover"])
def test_no_second_order_is_offered_beside_one_that_only_an_event_calls_failed(
    said_to_have_failed, name
):
    run_id = said_to_have_failed.record.run.run_id
    acknowledged(said_to_have_failed, run_id=run_id)
    result = asked(said_to_have_failed, name)
    assert not any('"failover"' in step for step in result["next_steps"])
    assert "whose order failed" in result["next_steps"][0]
    (armed,) = (one for one in result["gates"] if one["gate"] == "armed")
    assert f"the order of run {run_id} may still be executed until " in armed["reason"]


def test_who_orders_by_hand_beside_it_is_told_of_the_first_order(unsettled):
    run_id = unsettled.record.run.run_id
    acknowledged(unsettled, run_id=run_id)
    command = {"command": "rehearse", "pair": "analytics", "override": ["armed"]}
    result = unsettled.send(command)
    assert result["reason_code"] == "would_submit"
    assert f"; but the order of run {run_id} may still be executed until " in result["reason"]


def test_an_unsettled_run_is_no_longer_named_once_its_order_cannot_come_any_more(unsettled):
    acknowledged(unsettled, run_id=unsettled.record.run.run_id)
    unsettled.let_pass(24 * 3600)
    assert "may still be executed" not in str(asked(unsettled, "rehearse"))


def test_the_outage_goes_on_counting_beside_its_run(unsettled):
    """Else it would begin anew once the run is closed, and what is lost would seem to have grown."""
    run = unsettled.record.run
    acknowledged(unsettled, run_id=run.run_id)
    after = asked(unsettled, "rehearse")["estimated_data_loss_s"]
    assert after - run.estimated_data_loss_s <= 2


def test_an_acknowledgement_against_what_the_provider_shows_says_so_and_why(succeeded):
    run, old = succeeded.record.run, succeeded.emulator.pair.standby_id
    against = {"run_id": run.run_id, "production_cluster_id": old, "override": ["roles"]}
    result = acknowledged(succeeded, **against)
    shown = succeeded.emulator.pair.production_id
    assert f"the provider shows {shown} as production" in result["reason"]
    assert "«seen in the console»" in result["reason"]
    (notice,) = succeeded.notices()
    assert notice.attributes["severity"] == "warning"
    assert notice.subject.endswith("other roles than the provider shows; look")


def test_the_way_out_of_a_refused_acknowledgement_is_the_tools_own_option(succeeded):
    run, old = succeeded.record.run, succeeded.emulator.pair.standby_id
    refused = acknowledged(succeeded, run_id=run.run_id, production_cluster_id=old)
    assert "--override roles" in refused["reason"]
