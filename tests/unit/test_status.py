"""How a pair stands: what holds comes first, and nothing in it denies another part of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from situations import (
    NOW,
    PRODUCTION,
    ROLES,
    STANDBY,
    a_run,
    ago,
    cluster,
    member,
    pair,
    shown,
    situation,
    with_detail,
)

from handler.commands.status import TRIGGER, describe
from handler.commands.status_of_all import rows
from handler.commands.stored import brief_status
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.gates.assess import assess
from handler.model.documents import BadPair, Pairs
from handler.model.incident import Incident, IncidentState
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState, Pause
from handler.model.result import is_command
from handler.model.run import RunState
from handler.model.sight import Refusal, Sight
from handler.model.signals import Command
from handler.notifications.next_steps import UNMUTE, correct_document

STANDING = PairState(revision=4, roles=ROLES, roles_since=ago(hours=9), armed=True)
INCIDENT = Incident(
    "i", "analytics", "dr", IncidentState.OPEN, "eventbridge", "a", ago(minutes=2),
    ago(minutes=2), NOW + timedelta(hours=1), alarms=frozenset({"k"}),
)  # fmt: skip
PAUSE = Pause(ago(hours=-1), "works", "ada")


def status(*, held=(), incident=None, pair_state=STANDING, fleet=None, given=None, **changes):
    """What is said of a pair that is held by these runs, and of which this is stored."""
    pair_state = replace(pair_state, holding=frozenset(run.run_id for run in held))
    run = held[0] if held else None
    asked = {"trigger": TRIGGER, "pair_state": pair_state, "run": run, "held": tuple(held)}
    one = replace(given or situation(), **asked, fleet=fleet or Fleet(), **changes)
    record = PairRecord(pair_state, incident, one.observations, tuple(held), tuple(held))
    return describe(record, assess(one))


def commands(result):
    return [json.loads(step)["command"] for step in result.next_steps if is_command(step)]


def up():
    """Nothing is wrong at all."""
    one = shown(status="running")
    found = replace(situation().evidence, detail=one, item=one, production=cluster(PRODUCTION))
    return situation(evidence=found, observations=Observations())


def test_a_healthy_pair_is_ready_in_its_mode():
    result = status(given=up())
    assert result.reason.startswith("READY; mode automatic. Production is ")
    assert (result.reason_code, result.next_steps) == ("ready", ())


def test_an_observed_pair_says_in_the_first_line_that_alarms_order_nothing():
    result = status(given=replace(up(), pair=pair(mode="observe")))
    assert result.reason.startswith("READY; mode observe: alarms order nothing. ")


def test_after_a_success_the_new_production_is_named():
    run = a_run(RunState.SUCCEEDED)
    switched = shown(member(STANDBY), member(PRODUCTION))
    seen = replace(situation().evidence, detail=switched, item=switched)
    result = status(held=[run], evidence=seen)
    assert result.reason.startswith(
        f"HELD by run {run.run_id} (succeeded, not acknowledged yet); mode automatic. Production is"
        f" {STANDBY}, standby {PRODUCTION} since run {run.run_id} (not acknowledged yet). "
    )
    assert result.roles == ROLES.exchanged
    assert "The provider shows" not in result.reason
    assert "NOT READY" not in result.reason
    assert commands(result) == ["acknowledge"]


def test_after_a_success_the_witnesses_are_said_to_speak_of_the_old_production():
    """They are asked about the expected roles, which are the old ones until a person agrees."""
    result = status(held=[a_run(RunState.SUCCEEDED)])
    (said,) = (one["reason"] for one in result.gates if one["gate"] == "production_down")
    assert said.startswith(f"of {PRODUCTION}, which was production before: production has been")
    assert "which was production before" not in str(status(held=[a_run(RunState.SUBMITTED)]).gates)


def test_what_the_provider_shows_is_said_where_it_is_not_what_is_expected():
    switched = shown(member(STANDBY), member(PRODUCTION))
    seen = replace(situation().evidence, detail=switched, item=switched)
    result = status(held=[a_run(RunState.SUBMITTED)], evidence=seen)
    assert f"Production is {PRODUCTION}" in result.reason
    assert f"The provider shows {STANDBY} as production" in result.reason


def test_all_runs_that_hold_are_named_with_a_command_each():
    runs = [a_run(RunState.SUBMITTED), a_run(RunState.NOT_STARTED, run_id="20260114T000000000Z-a")]
    result = status(held=runs)
    assert all(run.run_id in result.reason.split(". ")[0] for run in runs)
    assert commands(result) == ["verify", "acknowledge"]
    ids = [json.loads(step)["run_id"] for step in filter(is_command, result.next_steps)]
    assert ids == [run.run_id for run in runs]


def test_a_run_that_is_overdue_says_so():
    result = status(held=[a_run(RunState.SUBMITTED, overdue_at=NOW)])
    assert "(submitted, overdue)" in result.reason
    assert commands(result) == ["acknowledge"]


def test_an_open_incident_is_the_headline():
    result = status(
        incident=INCIDENT, given=with_detail(situation(), standby=member(STANDBY, last_sync=None))
    )
    assert result.reason.startswith(
        "INCIDENT open since 2026-01-15T08:28:00Z; NOT READY because rpo: "
    )
    assert (result.reason_code, result.incident_id) == ("incident", "i")
    assert commands(result) == ["failover"]


def test_a_fact_that_is_a_sentence_ends_in_one_full_stop():
    told = replace(INCIDENT, decision="refused", reason="gate hold: it waits.")
    assert ".." not in status(incident=told, given=situation()).reason


def test_an_incident_that_acts_by_itself_offers_no_order():
    result = status(incident=INCIDENT)
    assert commands(result) == []
    assert "it is failed over in the next minute" in result.next_steps[0]


def test_an_incident_that_waits_says_until_when():
    waits = Observations(down_since=ago(seconds=2), down_seen_at=NOW)
    result = status(incident=INCIDENT, observations=waits)
    assert "fails over by itself at about 08:31:58Z" in result.next_steps[0]
    assert commands(result) == ["pause"]


def test_an_incident_of_an_observed_pair_needs_a_person():
    given = replace(situation(), pair=pair(mode="observe"))
    assert commands(status(incident=INCIDENT, given=given)) == ["failover"]


def test_a_pause_is_a_headline_with_who_and_why():
    result = status(given=up(), pair_state=replace(STANDING, pause=PAUSE))
    assert result.reason.startswith("PAUSED until 2026-01-15T09:30:00Z (by «ada»: «works»); mode ")
    assert (result.reason_code, commands(result)) == ("paused", ["resume"])


def test_both_pauses_are_lifted_by_a_command_each():
    result = status(given=up(), pair_state=replace(STANDING, pause=PAUSE), fleet=Fleet(pause=PAUSE))
    steps = [json.loads(step)["pair"] for step in result.next_steps if is_command(step)]
    assert steps == ["analytics", "*"]
    assert "PAUSED until 2026-01-15T09:30:00Z (all pairs, by «ada»" in result.reason


def test_a_hold_an_incident_and_a_pause_are_all_said_the_hold_first():
    result = status(
        held=[a_run()], incident=INCIDENT, pair_state=replace(STANDING, pause=PAUSE), given=up()
    )
    first = result.reason.split(". ")[0]
    assert first.index("HELD") < first.index("INCIDENT") < first.index("PAUSED")
    assert result.reason_code == "held"


def test_that_alarms_are_muted_is_a_headline():
    """Nothing is ordered on them, and while they are in ALARM no witness opens an incident."""
    result = status(given=up(), pair_state=replace(STANDING, muted=frozenset({"a", "b"})))
    assert result.reason.startswith("MUTED: 2 alarms in ALARM order nothing; mode automatic. ")
    assert (result.reason_code, result.next_steps) == ("muted", (UNMUTE,))


def test_a_version_that_cannot_be_read_is_no_reason_to_upgrade():
    given = up()
    unread = shown(
        member(PRODUCTION, version=None), member(STANDBY, version=None), status="running"
    )
    blind = replace(given.evidence, detail=unread, item=unread, production=None)
    (step,) = status(given=replace(given, evidence=blind)).next_steps
    assert step.startswith("version: unknown now, and read again every minute; ")
    assert "upgrade" not in step


def test_each_gate_that_is_not_ready_names_its_way_out():
    given = up()
    weak = replace(given.evidence, standby=cluster(STANDBY, "FAILED"))
    result = status(given=replace(given, evidence=weak), pair_state=replace(STANDING, armed=False))
    assert result.reason.startswith("NOT READY because armed: ")
    assert [step.partition(":")[0] for step in result.next_steps] == ["armed", "standby_ready"]


def after_care(new, old, *, status="abnormal", by="succeeded"):
    """What is said to be done once a failover was acknowledged, by how both clusters are."""
    one = shown(member(STANDBY), member(PRODUCTION), status=status)
    seen = replace(
        situation().evidence, detail=one, item=one, production_id=STANDBY,
        production=new and cluster(STANDBY, new), standby=old and cluster(PRODUCTION, old),
    )  # fmt: skip
    state = PairState(roles=ROLES.exchanged, roles_since=ago(minutes=9), roles_changed_by=by)
    given = situation(evidence=seen, observations=Observations())
    return " ".join(status_(given, state).next_steps)


def status_(given, state):
    return status(given=given, pair_state=state)


@pytest.mark.parametrize("new", ["FAILED", None, "FROZEN"])
def test_while_the_new_production_is_not_up_nobody_is_told_to_wipe_the_old_one(new):
    said = after_care(new, "AVAILABLE")
    assert "DR Recovery" not in said
    assert f"{PRODUCTION}, which was production before, may be the only live copy" in said


@pytest.mark.parametrize("old", ["AVAILABLE", "ACTIVE", None])
def test_while_the_old_production_may_answer_it_is_cut_off_before_anything_is_wiped(old):
    said = after_care("AVAILABLE", old)
    assert "DR Recovery" not in said
    assert f"cut {PRODUCTION}, which was production before, off from clients" in said


def test_where_disaster_recovery_is_to_be_established_it_is_said_what_that_wipes():
    said = after_care("AVAILABLE", "FAILED")
    assert "(DR Recovery)" in said
    assert f"it wipes {PRODUCTION}" in said


def test_a_pair_that_was_never_failed_over_needs_no_recovery():
    assert "DR Recovery" not in after_care("AVAILABLE", "FAILED", by="learned")
    assert "DR Recovery" not in after_care("AVAILABLE", "FAILED", status="running")


def test_a_last_run_that_is_over_lends_no_figures_of_its_own():
    run = a_run(RunState.NOT_STARTED, acknowledged_at=NOW, last_sync=ago(hours=9))
    one = replace(up(), trigger=TRIGGER, run=run)
    result = describe(PairRecord(STANDING, None, one.observations, (run,)), assess(one))
    assert (result.run_id, result.estimated_data_loss_s) == (run.run_id, 300)


# Many at once


def listed(pairs, look=lambda _: status(given=up()), **options):
    bad = BadPair("bad", ("$.mode: found 1",), "dr-2")
    return rows(Pairs(pairs, (bad,)), Command("status"), look, **options)


def test_a_bad_document_is_a_row_with_its_way_out():
    bad = listed((pair(),))[-1]
    assert (bad.decision, bad.reason_code, bad.pair) == ("status", "invalid_pair", "bad")
    assert bad.reason == "NOT READY because its document is bad: $.mode: found 1"
    assert bad.next_steps == correct_document("bad")


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (InvalidSettings("bad secret"), "invalid_credentials"),
        (LedgerUnavailable("x"), "unavailable"),
    ],
)
def test_one_pairs_trouble_is_its_row(trouble, code):
    def look(one):
        if one.name == "other":
            raise trouble
        return status(given=up())

    found = {row.pair: row for row in listed((pair(), pair(name="other")), look)}
    assert found["analytics"].reason_code == "ready"
    assert found["other"].reason_code == code
    assert found["other"].next_steps


def test_where_no_pair_can_be_told_the_caller_hears_it():
    def look(_):
        raise LedgerUnavailable("the table is down")

    with pytest.raises(LedgerUnavailable):
        rows(Pairs((pair(),), ()), Command("status"), look)


def test_one_that_cannot_be_told_does_not_hide_the_bad_ones():
    def look(_):
        raise LedgerUnavailable("the table is down")

    assert [row.reason_code for row in listed((pair(),), look)] == ["unavailable", "invalid_pair"]


def test_a_brief_row_of_a_bad_document_is_short():
    long = BadPair("bad", tuple(f"$.{number}: unknown field" for number in range(99)))
    (row,) = rows(Pairs((), (long,)), Command("status", brief=True), lambda _: None)
    assert len(row.reason) < 300


# In brief, by what is stored alone

SEEN_DOWN = Observations(
    checked_at=ago(seconds=60), down_since=ago(minutes=3), down_seen_at=ago(seconds=60)
)


CHECKED = Observations(checked_at=ago(minutes=9))


def in_brief(pair_state=STANDING, incident=None, observations=CHECKED, held=(), fleet=None):
    record = PairRecord(pair_state, incident, observations, held, held)
    return brief_status(pair(), record, fleet or Fleet(), NOW)


def test_in_brief_a_pair_of_which_nothing_is_open_says_so():
    found = in_brief()
    assert (found.reason_code, found.reason) == (
        "brief",
        "nothing is open; armed; mode automatic",
    )


REFUSING = (Refusal("pair_state", "cannot be read: HTTP 401"), Refusal("armed", "not armed"))
UNREAD = Sight(ago(minutes=9), None, (), REFUSING)


@pytest.mark.parametrize(
    ("given", "code", "begins"),
    [
        ({"incident": INCIDENT}, "incident", "INCIDENT open since 2026-01-15T08:28:00Z; armed"),
        ({"held": (a_run(),)}, "held", "HELD by run 20260115T073000000Z-1f2e3d4c (submitted); "),
        ({"observations": SEEN_DOWN}, "down", "PRODUCTION IS DOWN, say its witnesses, since "),
        (
            {"observations": replace(CHECKED, lone_witness_since=ago(minutes=3))},
            "lone_witness",
            "ONE WITNESS says since 2026-01-15T08:27:00Z that production is down; ",
        ),
        ({"pair_state": replace(STANDING, pause=PAUSE)}, "paused", "PAUSED until "),
        ({"pair_state": replace(STANDING, muted=frozenset({"k"}))}, "muted", "MUTED: 1 alarm "),
        ({"fleet": Fleet(pause=PAUSE)}, "paused", "PAUSED until "),
        ({"observations": replace(CHECKED, is_ready=False)}, "not_ready", "NOT READY when it was "),
        (
            {"observations": replace(CHECKED, sight=UNREAD)},
            "not_ready",
            "NOT READY when it was last checked (pair_state: cannot be read: HTTP 401); armed",
        ),
        ({"observations": Observations()}, "not_checked", "NOT CHECKED YET; armed"),
        (
            {"observations": Observations(checked_at=ago(minutes=16))},
            "not_checked",
            "NOT CHECKED since 2026-01-15T08:14:00Z: ask without brief; armed",
        ),
    ],
)
def test_in_brief_what_is_wrong_is_the_headline(given, code, begins):
    found = in_brief(**given)
    assert found.reason_code == code
    assert found.reason.startswith(begins)


@pytest.mark.parametrize(
    ("observations", "said"),
    [
        (SEEN_DOWN, "old production down, say its witnesses, since 2026-01-15T08:27:00Z"),
        (
            Observations(lone_witness_since=ago(minutes=3)),
            "one witness says since 2026-01-15T08:27:00Z that the old production is down",
        ),
    ],
)
def test_in_brief_it_is_the_old_production_that_is_down_after_a_success(observations, said):
    held = a_run(RunState.SUCCEEDED)
    standing = replace(STANDING, holding=frozenset({held.run_id}))
    found = in_brief(standing, observations=observations, held=(held,))
    assert found.reason_code == "held"
    assert f"; {said}; " in found.reason
    assert "PRODUCTION" not in found.reason


def test_in_brief_an_outage_that_nobody_has_seen_for_long_is_not_of_now():
    long_ago = replace(CHECKED, down_since=ago(hours=2), down_seen_at=ago(hours=1))
    assert in_brief(observations=long_ago).reason_code == "brief"


def test_production_that_is_down_before_any_incident_is_the_headline():
    found = status()
    assert found.reason_code == "down"
    assert found.reason.startswith("PRODUCTION IS DOWN, say its witnesses: at 2026-01-15T08:30:00Z")


def test_roles_that_are_not_learned_say_how_far_that_has_come():
    observed = Observations(agreed_times=1)
    found = status(pair_state=PairState(), given=up(), observations=observed)
    assert "The roles are not known yet: healthy check 1 of 3" in found.reason
