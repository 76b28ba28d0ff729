from dataclasses import replace
from datetime import timedelta

import pytest
from situations import (
    DR,
    NOW,
    PRODUCTION,
    PROJECT,
    ROLES,
    STANDBY,
    a_run,
    ago,
    cluster,
    evidence,
    member,
    pair,
    shown,
    situation,
    with_detail,
)

from handler.gates import brakes, witnesses
from handler.gates import data_loss as data
from handler.gates import eligibility as shape
from handler.gates.assess import ABOUT_AN_OUTAGE, GATES, NAMES, NEVER_OVERRIDABLE, Verdict, assess
from handler.model.pair_state import Fleet, Observations, PairState, Pause
from handler.model.run import RunEvent, RunState
from handler.model.signals import Trigger
from handler.notifications.next_steps import fails_over_at

COMMAND = Trigger("command", "failover", ago(minutes=1), "ada", is_confirmed=True)
PASS, REFUSE, UNKNOWN = Verdict.PASS, Verdict.REFUSE, Verdict.UNKNOWN


def test_every_gate_passes_on_an_armed_pair_whose_production_has_failed():
    verdicts = assess(situation()).verdicts
    assert [v.verdict for v in verdicts] == [PASS] * len(GATES)


def test_all_gates_answer_even_where_many_refuse():
    bare = replace(
        situation(),
        pair=pair(mode="observe"),
        evidence=evidence(detail=None, item=None, production=None, standby=None),
        pair_state=PairState(),
        observations=Observations(),
    )
    assessment = assess(bare)
    assert [v.gate for v in assessment.verdicts] == list(NAMES)
    assert not assessment.may_act


def test_every_verdict_says_why_in_a_sentence():
    assert all(v.reason.strip() for v in assess(situation()).verdicts)


@pytest.mark.parametrize(
    ("mode", "trigger", "verdict"),
    [
        ("automatic", situation().trigger, PASS),
        ("observe", situation().trigger, REFUSE),
        ("observe", COMMAND, PASS),
    ],
)
def test_mode_lets_alarms_act_only_where_it_is_automatic(mode, trigger, verdict):
    given = situation(pair=pair(mode=mode), trigger=trigger)
    assert brakes.mode(given).verdict is verdict


PAUSED = Pause(NOW + timedelta(hours=1), "maintenance", "ada")
PAUSE_OVER = Pause(ago(seconds=1), "maintenance", "ada")


@pytest.mark.parametrize(
    ("of_pair", "of_all", "verdict"),
    [
        (None, None, PASS),
        (PAUSED, None, REFUSE),
        (None, PAUSED, REFUSE),
        (PAUSE_OVER, PAUSE_OVER, PASS),
    ],
)
def test_a_pause_holds_until_its_end(of_pair, of_all, verdict):
    given = situation(pair_state=PairState(pause=of_pair), fleet=Fleet(pause=of_all))
    assert brakes.pause(given).verdict is verdict


@pytest.mark.parametrize(
    ("run", "verdict", "overridable"),
    [
        (None, PASS, False),
        (a_run(RunState.SUBMITTING), REFUSE, False),
        (a_run(RunState.SUBMITTED), REFUSE, False),
        (a_run(RunState.UNKNOWN), REFUSE, False),
        (a_run(RunState.SUCCEEDED), REFUSE, False),
        (a_run(RunState.FAILED), REFUSE, False),
        (a_run(RunState.SUCCEEDED, acknowledged_at=NOW), PASS, False),
        (a_run(RunState.NOT_STARTED), REFUSE, True),
        (a_run(RunState.NOT_STARTED, answer=RunEvent.NOT_SENT), PASS, False),
        (a_run(RunState.PROVIDER_REJECTED), PASS, False),
    ],
    ids=lambda value: getattr(value, "state", None) and f"{value.state}",
)
def test_a_run_that_may_have_been_accepted_holds_until_acknowledged(run, verdict, overridable):
    found = brakes.hold(situation(run=run))
    assert (found.verdict, found.overridable) == (verdict, overridable)


@pytest.mark.parametrize(
    ("minutes", "trigger", "verdict"),
    [
        ([], None, PASS),
        ([1, 2, 3, 4], None, PASS),
        ([1, 2, 3, 4, 5], None, REFUSE),
        ([61, 62, 63, 64, 65], None, PASS),
        ([1, 2, 3, 4, 5], COMMAND, PASS),
    ],
)
def test_alarms_fail_over_at_most_so_many_pairs_an_hour(minutes, trigger, verdict):
    fleet = Fleet(claims={f"pair {one}": ago(minutes=one) for one in minutes})
    given = situation(fleet=fleet, trigger=trigger or situation().trigger)
    assert brakes.rate_limit(given).verdict is verdict


def test_a_pairs_own_earlier_order_is_no_other_failover():
    """An order that started nothing is tried again: the brake is against many pairs at once."""
    given = situation(fleet=Fleet(claims={DR: ago(minutes=1)}), max_failovers_per_hour=1)
    assert brakes.rate_limit(given).verdict is PASS


HELD = a_run(RunState.NOT_STARTED)


@pytest.mark.parametrize(
    ("run_id", "may_act"),
    [(None, False), ("another", False), (HELD.run_id, True)],
    ids=["not named", "another", "named"],
)
def test_a_hold_is_overridden_only_with_the_held_runs_id(run_id, may_act):
    trigger = replace(COMMAND, override=frozenset({"hold"}), run_id=run_id)
    assert assess(situation(run=HELD, trigger=trigger)).may_act is may_act


@pytest.mark.parametrize(
    "held",
    [(HELD, replace(HELD, run_id="another")), ()],
    ids=["two of them", "one that is not stored"],
)
def test_a_hold_is_overridden_only_where_one_run_holds_and_is_known(held):
    holding = frozenset({HELD.run_id, *(run.run_id for run in held)})
    pair_state = replace(situation().pair_state, holding=holding)
    given = replace(situation(pair_state=pair_state), held=held)
    assert not brakes.hold(given).overridable


def test_a_person_may_exceed_the_rate_limit():
    fleet = Fleet(claims={"another pair": ago(minutes=1)})
    assert brakes.rate_limit(situation(fleet=fleet, max_failovers_per_hour=1)).overridable


@pytest.mark.parametrize(
    ("pair_state", "verdict", "overridable"),
    [
        (PairState(roles=ROLES, armed=True), PASS, False),
        (PairState(), REFUSE, True),
        (PairState(roles=ROLES, roles_changed_by="learned"), REFUSE, True),
        (PairState(roles=ROLES, roles_changed_by="acknowledged"), REFUSE, True),
        (PairState(roles=ROLES, roles_changed_by="succeeded"), REFUSE, False),
        (PairState(roles=ROLES, roles_changed_by="other"), REFUSE, False),
    ],
)
def test_a_pair_is_armed_by_a_synchronisation_since_its_roles_changed(
    pair_state, verdict, overridable
):
    found = brakes.armed(situation(pair_state=pair_state))
    assert (found.verdict, found.overridable) == (verdict, overridable)


WAITING_FOR_A_SYNC = [
    ("learned", "the roles were learned"),
    ("acknowledged", "a person acknowledged the roles"),
    ("succeeded", "the failover's roles were confirmed"),
    ("other", "the roles changed"),
    ("damaged", "the roles changed"),
]


def running(**changes):
    one = shown(status="running", sync_period_s=1800, **changes)
    return evidence(detail=one, item=one)


@pytest.mark.parametrize(("by", "change"), WAITING_FOR_A_SYNC)
def test_what_is_not_armed_says_what_it_waits_for_and_after_what(by, change):
    pair_state = PairState(roles=ROLES, roles_since=ago(minutes=2), roles_changed_by=by)
    found = brakes.armed(situation(pair_state=pair_state, evidence=running()))
    assert found.reason == (
        f"waiting for the standby's next synchronisation after {change} (2026-01-15T08:28:00Z); the last one was finished at"
        " 2026-01-15T08:25:00Z, one is due every 1800 s"
    )


def test_a_synchronisation_that_no_check_has_seen_yet_is_not_waited_for():
    pair_state = PairState(roles=ROLES, roles_since=ago(hours=1), roles_changed_by="acknowledged")
    found = brakes.armed(situation(pair_state=pair_state, evidence=running()))
    assert found.reason == (
        "synchronised at 2026-01-15T08:25:00Z, after a person acknowledged the roles"
        " (2026-01-15T07:30:00Z): the next check that finds it running with these roles arms the pair"
    )


def test_a_synchronisation_of_the_very_moment_of_the_change_is_not_after_it():
    pair_state = PairState(roles=ROLES, roles_since=ago(minutes=5), roles_changed_by="learned")
    found = brakes.armed(situation(pair_state=pair_state, evidence=running()))
    assert found.reason.startswith("waiting for the standby's next synchronisation")


def test_where_none_is_shown_it_is_not_said_when_the_next_is_due():
    pair_state = PairState(roles=ROLES, roles_since=ago(minutes=2), roles_changed_by="learned")
    never = running(standby=member(STANDBY, last_sync=None))
    found = brakes.armed(situation(pair_state=pair_state, evidence=never))
    assert found.reason == (
        "waiting for the standby's next synchronisation after the roles were learned"
        " (2026-01-15T08:28:00Z)"
    )


def test_without_disaster_recovery_at_work_no_synchronisation_is_waited_for():
    pair_state = PairState(roles=ROLES, roles_since=ago(minutes=20), roles_changed_by="succeeded")
    found = brakes.armed(situation(pair_state=pair_state))
    assert found.reason == (
        "disaster recovery is abnormal: it must run, and finish a synchronisation after the"
        " failover's roles were confirmed (2026-01-15T08:10:00Z)"
    )


@pytest.mark.parametrize(
    ("times", "progress"), [(0, "no healthy check of 3 yet"), (1, "healthy check 1 of 3")]
)
def test_how_far_learning_the_roles_has_come_is_said(times, progress):
    unknown = situation(pair_state=PairState(), observations=Observations(agreed_times=times))
    assert brakes.armed(unknown).reason == (
        f"which cluster is production is not known yet ({progress}); the first synchronisation"
        " after that arms the pair"
    )
    assert shape.roles(unknown).reason == (
        "which cluster is production is not known yet: three healthy checks in a row, a minute"
        f" apart, teach it ({progress})"
    )


@pytest.mark.parametrize(
    ("status", "verdict", "overridable"),
    [
        ("abnormal", PASS, False),
        ("running", PASS, False),
        ("creating", REFUSE, False),
        ("create_failed", REFUSE, False),
        ("unstart", REFUSE, False),
        ("starting", REFUSE, False),
        ("start_failed", REFUSE, False),
        ("switchovering", REFUSE, False),
        ("deleting", REFUSE, False),
        ("deleted", REFUSE, False),
        ("stopping", REFUSE, True),
        ("stop_failed", REFUSE, True),
        ("stopped", REFUSE, True),
        ("recovering", REFUSE, True),
        ("ABNORMAL", REFUSE, True),
        ("never heard of", REFUSE, True),
        (None, UNKNOWN, True),
    ],
)
def test_only_two_states_pass_and_some_are_closed_to_everyone(status, verdict, overridable):
    found = shape.pair_state(with_detail(situation(), status=status))
    assert (found.verdict, found.overridable) == (verdict, overridable)


def words(production, standby):
    return shown(member(PRODUCTION, role=production), member(STANDBY, role=standby))


SEEN_WORDS = Observations(role_words={"production": "primary", "standby": "standby"})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, PASS),
        ({"pair_state": PairState()}, UNKNOWN),
        ({"evidence": evidence(detail=None, item=None)}, UNKNOWN),
        ({"evidence": evidence(detail=None)}, PASS),
        ({"evidence": evidence(detail=shown(member(STANDBY), member(PRODUCTION)), item=None)},
         REFUSE),
        ({"evidence": evidence(item=shown(member(STANDBY), member(PRODUCTION)))}, UNKNOWN),
        ({"evidence": evidence(detail=shown(member(PRODUCTION), member("x" * 36)), item=None)},
         REFUSE),
        ({"evidence": evidence(detail=shown(member(PRODUCTION), member(PRODUCTION)), item=None)},
         REFUSE),
        ({"evidence": evidence(detail=shown(standby=member(None)), item=None)}, UNKNOWN),
        ({"evidence": evidence(detail=words("primary", "standby")), "observations": SEEN_WORDS}, PASS),
        ({"evidence": evidence(detail=words("standby", "primary")), "observations": SEEN_WORDS}, REFUSE),
        ({"evidence": evidence(detail=words(None, None)), "observations": SEEN_WORDS}, PASS),
        ({"evidence": evidence(detail=words("odd", "odder"))}, PASS),
    ],
    ids=[
        "as expected", "not learned", "nothing shown", "only the list", "exchanged",
        "list disagrees", "other standby", "both the same", "standby not shown",
        "words as seen", "words exchanged", "no words", "words never seen",
    ],
)  # fmt: skip
def test_roles_are_as_expected_by_position_and_by_word(changes, verdict):
    found = shape.roles(situation(**changes))
    assert (found.verdict, found.overridable) == (verdict, False)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (evidence(detail=None, item=None), "neither the detail"),
        (evidence(detail=shown(standby=member(None)), item=None), "both clusters"),
    ],
    ids=["nothing", "one cluster"],
)
def test_what_is_missing_to_tell_the_roles_is_named(seen, reason):
    assert reason in shape.roles(situation(evidence=seen)).reason


OTHER = "0" * 32


@pytest.mark.parametrize("types", [("region", "az"), ("az", "region"), ("region", "region")])
def test_whoever_says_that_it_is_cross_region_is_heeded(types):
    detail, item = (shown(dr_type=one) for one in types)
    standby = replace(item, standby=member(STANDBY, project_id=OTHER))
    found = shape.site(situation(evidence=evidence(detail=detail, item=standby)))
    assert found.verdict is REFUSE


def cross_region(project, **changes):
    return evidence(
        detail=shown(dr_type="region"),
        item=shown(dr_type="region", standby=member(STANDBY, project_id=project)),
        **changes,
    )


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (situation(), PASS),
        (situation(evidence=cross_region(PROJECT)), PASS),
        (situation(evidence=cross_region(OTHER)), REFUSE),
        (situation(evidence=cross_region(None)), UNKNOWN),
        (situation(evidence=cross_region(None), observations=Observations(project_ids={STANDBY: PROJECT})),
         PASS),
        (with_detail(situation(), dr_type=None), UNKNOWN),
    ],
    ids=["intra-region", "standby's", "production's", "not shown", "as last seen", "no type"],
)  # fmt: skip
def test_a_cross_region_pair_is_failed_over_in_the_standbys_project(given, verdict):
    found = shape.site(given)
    assert (found.verdict, found.overridable) == (verdict, verdict is UNKNOWN)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("8.1.1.300", REFUSE),
        ("8.1.2", PASS),
        ("8.1.10", PASS),
        ("8.2.1.210", PASS),
        ("9.1.0.226", PASS),
        ("8.0.1", REFUSE),
        ("1.7.2", REFUSE),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("8.1", UNKNOWN),
        ("8.1.2.3.4", UNKNOWN),
        ("8.1.x", UNKNOWN),
        ("v8.1.3", UNKNOWN),
        ("latest", UNKNOWN),
        ("٨.١.٣", UNKNOWN),
    ],
)
@pytest.mark.parametrize("side", ["primary", "standby"])
def test_both_clusters_are_new_enough_part_by_part(text, verdict, side):
    id_ = PRODUCTION if side == "primary" else STANDBY
    found = shape.version(with_detail(situation(), **{side: member(id_, version=text)}))
    assert (found.verdict, found.overridable) == (verdict, verdict is UNKNOWN)


@pytest.mark.parametrize(("of", "verdict"), [(PRODUCTION, PASS), (STANDBY, UNKNOWN)])
def test_a_version_that_is_not_shown_is_as_its_own_cluster_says(of, verdict):
    hidden = shown(member(PRODUCTION, version=None))
    lifecycle = replace(cluster(of), version="8.1.3")
    seen = evidence(detail=hidden, item=None)
    seen = replace(seen, **{"production" if of == PRODUCTION else "standby": lifecycle})
    assert shape.version(situation(evidence=seen)).verdict is verdict


def test_a_version_that_is_not_shown_is_as_last_seen():
    given = with_detail(situation(), primary=member(PRODUCTION, version=None))
    seen = replace(given, observations=Observations(versions={PRODUCTION: "8.1.3"}))
    assert shape.version(seen).verdict is PASS


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("dws", PASS),
        ("dws3.0", REFUSE),
        ("hybrid", REFUSE),
        (None, UNKNOWN),
        ("stream", UNKNOWN),
        ("DWS", UNKNOWN),
    ],
)
def test_exception_switchover_is_for_the_coupled_edition(text, verdict):
    found = shape.edition(with_detail(situation(), standby=member(STANDBY, edition=text)))
    assert (found.verdict, found.overridable) == (verdict, verdict is UNKNOWN)


def test_an_edition_that_is_not_shown_is_as_last_seen():
    given = with_detail(situation(), standby=member(STANDBY, edition=None))
    seen = replace(given, observations=Observations(editions={STANDBY: "dws"}))
    assert shape.edition(seen).verdict is PASS


SEEN_UP = {PRODUCTION: ago(hours=1)}
SEEN_LONG_AGO = {PRODUCTION: ago(hours=25)}


def witnessed(cluster_status, probe, dr="running", side="waiting", seen_up=SEEN_UP, held_s=180):
    """A situation in which the witnesses say this, and have for so long."""
    lifecycle = cluster(PRODUCTION, cluster_status) if cluster_status else None
    one = shown(member(PRODUCTION, status=side), status=dr)
    return situation(
        evidence=evidence(detail=one, item=one, production=lifecycle, probe=probe),
        observations=Observations(
            down_since=ago(seconds=held_s), down_seen_at=NOW, probe_up_at=seen_up
        ),
    )


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (witnessed("FAILED", None), PASS),
        (witnessed("FAILED", None, "running", "waiting"), PASS),
        (witnessed("FAILED", False), PASS),
        (witnessed("FAILED", True), UNKNOWN),
        (witnessed("AVAILABLE", None), REFUSE),
        (witnessed("ACTIVE", None), REFUSE),
        (witnessed("AVAILABLE", None, "abnormal"), REFUSE),
        (witnessed("AVAILABLE", True, "abnormal", "abnormal"), REFUSE),
        (witnessed("AVAILABLE", False, "abnormal"), UNKNOWN),
        (witnessed(None, None), UNKNOWN),
        (witnessed(None, None, "abnormal", "abnormal"), UNKNOWN),
        (witnessed(None, True, "abnormal"), REFUSE),
        (witnessed(None, False), UNKNOWN),
        (witnessed(None, False, "abnormal"), PASS),
        (witnessed(None, False, "running", "abnormal"), PASS),
        (witnessed(None, False, "abnormal", seen_up={}), UNKNOWN),
        (witnessed(None, False, "abnormal", seen_up=SEEN_LONG_AGO), UNKNOWN),
        (witnessed("FROZEN", None, "abnormal"), UNKNOWN),
        (witnessed("FROZEN", False, "abnormal"), PASS),
        (witnessed("CREATING", True), REFUSE),
        (witnessed("DELETED", None), UNKNOWN),
        (witnessed("failed", None), UNKNOWN),
        (witnessed("FAILED", None, held_s=119), REFUSE),
        (witnessed("FAILED", None, held_s=120), PASS),
    ],
    ids=[
        "cluster failed", "failed while DR runs and waits", "failed and probe down",
        "failed but probe up", "available", "active", "DR abnormal, production available",
        "all up, DR abnormal", "available but probe down", "no witness", "DR alone",
        "only the probe, up", "probe alone", "probe down, DR abnormal",
        "probe down, DR side abnormal", "probe never up", "probe up long ago", "frozen",
        "frozen and probe down", "creating and probe up", "deleted", "unknown word",
        "not long enough", "just long enough",
    ],
)  # fmt: skip
def test_production_is_down_only_if_the_witnesses_say_so(given, verdict):
    assert witnesses.production_down(given).verdict is verdict


def test_a_confirmed_command_does_not_wait():
    given = replace(witnessed("FAILED", None, held_s=0), trigger=COMMAND)
    assert witnesses.production_down(given).verdict is PASS


def test_production_that_is_up_recommends_the_planned_switchover():
    reason = witnesses.production_down(witnessed("AVAILABLE", None)).reason
    assert "planned switchover" in reason


def test_the_gate_lists_what_each_witness_said_and_when():
    reason = witnesses.production_down(witnessed("FAILED", False, "abnormal")).reason
    assert "2026-01-15T08:30:00Z" in reason
    assert all(word in reason for word in ("FAILED", "probe", "abnormal"))


@pytest.mark.parametrize(
    ("status", "subs", "dr_side", "verdict"),
    [
        ("AVAILABLE", ["NORMAL"], "waiting", PASS),
        ("ACTIVE", ["NORMAL"], "waiting", PASS),
        ("AVAILABLE", ["DEGRADED", "UNBALANCED"], "restoring", PASS),
        ("AVAILABLE", ["DEGRADED", "READONLY"], "waiting", REFUSE),
        ("FAILED", ["NORMAL"], "waiting", REFUSE),
        ("FROZEN", ["NORMAL"], "waiting", REFUSE),
        ("AVAILABLE", ["NORMAL"], "abnormal", REFUSE),
        ("AVAILABLE", ["NORMAL"], "drDeleted", REFUSE),
        ("AVAILABLE", ["NORMAL"], "stopped", REFUSE),
        ("AVAILABLE", ["NORMAL"], None, UNKNOWN),
        (None, ["NORMAL"], "waiting", UNKNOWN),
        ("AVAILABLE", ["REDISTRIBUTING"], "waiting", PASS),
        ("AVAILABLE", ["redistribution_failure"], "waiting", PASS),
        ("AVAILABLE", ["READ_ONLY"], "waiting", REFUSE),
        ("AVAILABLE", ["Readonly"], "waiting", REFUSE),
        ("AVAILABLE", ["read-only"], "waiting", REFUSE),
        ("AVAILABLE", ["NORMAL", "READ"], "waiting", UNKNOWN),
        ("AVAILABLE", ["LOCKED"], "waiting", UNKNOWN),
    ],
)
def test_the_standby_is_available_writable_and_sound(status, subs, dr_side, verdict):
    one = shown(standby=member(STANDBY, status=dr_side))
    found = data.standby_ready(
        situation(evidence=evidence(detail=one, item=one, standby=cluster(STANDBY, status, *subs)))
    )
    assert (found.verdict, found.overridable) == (verdict, verdict is not PASS)


def test_a_standby_that_shows_no_sub_status_is_unknown():
    """NORMAL is the documented word for a sound one: nothing is not."""
    silent = replace(cluster(STANDBY), sub_statuses=frozenset())
    found = data.standby_ready(situation(evidence=evidence(standby=silent)))
    assert (found.verdict, found.overridable) == (UNKNOWN, True)


def synchronised(at, **changes):
    return with_detail(situation(**changes), standby=member(STANDBY, last_sync=at))


@pytest.mark.parametrize(
    ("given", "verdict", "measured"),
    [
        (synchronised(ago(minutes=5)), PASS, 120),
        (synchronised(ago(minutes=2)), PASS, 0),
        (synchronised(ago(minutes=63)), PASS, 3600),
        (synchronised(ago(minutes=63, seconds=1)), REFUSE, 3601),
        (synchronised(None), UNKNOWN, None),
        (synchronised(NOW + timedelta(seconds=300)), PASS, 0),
        (synchronised(NOW + timedelta(seconds=301)), UNKNOWN, "2026-01-15T08:35:01Z"),
    ],
    ids=["recent", "since the outage", "just", "too old", "absent", "a little ahead", "future"],
)
def test_no_more_data_than_allowed_is_lost(given, verdict, measured):
    found = data.rpo(given)
    assert (found.verdict, found.measured) == (verdict, measured)


def pictured(detail, item, **changes):
    """A situation in which detail and list show the standby synchronised at these times."""
    one, other = (shown(standby=member(STANDBY, last_sync=at)) for at in (detail, item))
    return situation(evidence=evidence(detail=one, item=other), **changes)


OLD, NEW, AHEAD = ago(hours=30), ago(minutes=5), NOW + timedelta(seconds=301)


@pytest.mark.parametrize(
    ("detail", "item", "verdict", "last"),
    [
        (NEW, OLD, REFUSE, OLD),
        (OLD, NEW, REFUSE, OLD),
        (NEW, NEW, PASS, NEW),
        (NEW, None, PASS, NEW),
        (None, NEW, PASS, NEW),
        (NEW, AHEAD, UNKNOWN, NEW),
        (AHEAD, NEW, UNKNOWN, NEW),
    ],
)
def test_of_two_pictures_the_one_by_which_more_is_lost_counts(detail, item, verdict, last):
    given = pictured(detail, item)
    assert (data.rpo(given).verdict, data.last_sync(given)) == (verdict, last)


def test_that_a_picture_is_older_than_the_other_is_said():
    assert "by the older of list and detail" in data.rpo(pictured(NEW, OLD)).reason
    assert "older" not in data.rpo(pictured(NEW, ago(minutes=6))).reason


def test_there_is_no_estimate_where_either_picture_is_ahead():
    assert data.estimated_data_loss_s(pictured(NEW, AHEAD)) is None


@pytest.mark.parametrize("pictures", [(OLD, NEW), (NEW, OLD)])
def test_an_outage_before_a_synchronisation_that_either_picture_shows_is_none(pictures):
    given = pictured(*pictures, observations=Observations())
    given = replace(given, trigger=replace(COMMAND, outage_began_at=ago(minutes=40)))
    assert data.outage_start(given) == NOW


def test_a_person_may_set_a_synchronisation_of_the_future_aside():
    assert data.rpo(synchronised(NOW + timedelta(hours=1))).overridable


@pytest.mark.parametrize(
    ("at", "loss_s"),
    [
        (ago(minutes=5), 120),
        (NOW, 0),
        (NOW + timedelta(seconds=300), 0),
        (NOW + timedelta(seconds=301), None),
        (None, None),
    ],
)
def test_what_is_estimated_is_never_less_than_nothing(at, loss_s):
    """Down for three minutes."""
    assert data.estimated_data_loss_s(synchronised(at)) == loss_s


def test_without_a_stretch_of_down_the_outage_began_with_the_alarm():
    given = witnessed(None, None)
    assert data.outage_start(given) == given.trigger.occurred_at


def test_a_command_may_say_when_the_outage_began():
    trigger = replace(COMMAND, outage_began_at=ago(minutes=4))
    assert data.outage_start(replace(witnessed(None, None), trigger=trigger)) == ago(minutes=4)


A_DAY_AGO, LONG_AGO = ago(days=1), ago(days=3)


@pytest.mark.parametrize(
    ("sync", "began_at", "is_taken"),
    [
        (ago(minutes=5), ago(minutes=5), True),
        (ago(minutes=5), ago(minutes=5, seconds=1), False),
        (LONG_AGO, A_DAY_AGO, True),
        (LONG_AGO, A_DAY_AGO - timedelta(seconds=1), False),
    ],
    ids=["as it was synchronised", "before that", "a day ago", "more than a day ago"],
)
def test_what_a_person_says_is_taken_from_the_synchronisation_on_and_for_a_day(
    sync, began_at, is_taken
):
    trigger = replace(COMMAND, outage_began_at=began_at)
    given = with_detail(witnessed(None, None), standby=member(STANDBY, last_sync=sync))
    assert data.outage_start(replace(given, trigger=trigger)) == (began_at if is_taken else NOW)


@pytest.mark.parametrize("began_at", [ago(minutes=40), ago(days=2)], ids=["synced since", "old"])
def test_an_outage_that_cannot_have_begun_then_is_one_of_unknown_beginning(began_at):
    """An outage before the last synchronisation would turn ten hours of loss into none."""
    given = replace(witnessed(None, None), trigger=replace(COMMAND, outage_began_at=began_at))
    assert data.outage_start(given) == given.now


def test_when_a_command_was_asked_for_says_nothing_of_the_outage():
    asked = replace(witnessed(None, None), trigger=replace(COMMAND, occurred_at=ago(minutes=29)))
    assert data.outage_start(asked) == asked.now


def test_with_nothing_known_the_outage_begins_now():
    trigger = Trigger("command", "failover", is_confirmed=True)
    assert data.outage_start(replace(witnessed(None, None), trigger=trigger)) == NOW


def test_an_override_sets_aside_the_gates_it_names_and_no_other():
    given = synchronised(None, trigger=replace(COMMAND, override=frozenset({"rpo", "roles"})))
    given = replace(given, pair_state=replace(given.pair_state, armed=False))
    refusing = [v.gate for v in assess(given).refusing]
    assert refusing == ["armed"]


@pytest.mark.parametrize("gate", sorted(NEVER_OVERRIDABLE))
def test_some_gates_are_never_set_aside(gate):
    given = situation(
        pair=pair(mode="observe"), pair_state=PairState(pause=PAUSED), trigger=situation().trigger
    )
    trigger = replace(given.trigger, override=frozenset(NAMES))
    refusing = {v.gate for v in assess(replace(given, trigger=trigger)).refusing}
    assert gate in refusing


def test_ready_means_that_only_the_outage_is_missing():
    up = witnessed("AVAILABLE", None)
    assert {v.gate for v in assess(up).refusing} == ABOUT_AN_OUTAGE
    assert assess(up).is_ready


def with_standby(status, *sub_statuses, side="waiting"):
    one = shown(standby=member(STANDBY, status=side))
    standby = cluster(STANDBY, status, *sub_statuses)
    return situation(evidence=evidence(detail=one, item=one, standby=standby))


def in_state(detail, item):
    shown_ = evidence(detail=shown(status=detail), item=shown(status=item))
    return situation(evidence=shown_)


def not_armed(by="learned", *unsettled, hours_ago=9):
    since = ago(hours=hours_ago)
    pair_state = PairState(roles=ROLES, roles_since=since, roles_changed_by=by)
    return situation(pair_state=pair_state, unsettled=unsettled)


def with_production(status, **of_lifecycle):
    lifecycle = cluster(PRODUCTION, status) if status else None
    return situation(evidence=evidence(production=lifecycle, **of_lifecycle))


def of_versions(production, standby):
    members = {"primary": member(PRODUCTION, version=production),
               "standby": member(STANDBY, version=standby)}  # fmt: skip
    return with_detail(situation(), **members)


def of_editions(production, standby):
    members = {"primary": member(PRODUCTION, edition=production),
               "standby": member(STANDBY, edition=standby)}  # fmt: skip
    return with_detail(situation(), **members)


CAUSES = {
    "the standby dies": (with_standby("AVAILABLE", "READONLY"), with_standby("FAILED")),
    "a read-only standby dies": (
        with_standby("AVAILABLE", "READONLY"), with_standby("FAILED", "READONLY"),
    ),
    "another status of the standby": (with_standby("FAILED"), with_standby("RESTORING")),
    "another sub-status": (with_standby("AVAILABLE", "ODD"), with_standby("AVAILABLE", "ODDER")),
    "the standby's side, too": (
        with_standby("AVAILABLE", "READONLY"),
        with_standby("AVAILABLE", "READONLY", side="drDeleted"),
    ),
    "the standby can be read": (
        situation(evidence=evidence(standby=None)), with_standby("AVAILABLE", "READONLY"),
    ),
    "another state": (in_state("stop_failed", "stop_failed"), in_state("recovering", "recovering")),
    "the list says another": (
        in_state("stop_failed", "stop_failed"), in_state("stop_failed", "recovering"),
    ),
    "a status beside none": (in_state(None, "abnormal"), in_state(None, "recovering")),
    "acknowledged meanwhile": (not_armed(), not_armed("acknowledged")),
    "acknowledged again": (
        not_armed("acknowledged", hours_ago=2), not_armed("acknowledged", hours_ago=1),
    ),
    "an order may still come": (
        not_armed("acknowledged"), not_armed("acknowledged", a_run()),
    ),
    "another hold": (
        situation(run=a_run(RunState.NOT_STARTED)), situation(run=a_run(RunState.FAILED)),
    ),
    "another version": (of_versions("?", "8.1.3"), of_versions("8.1.3", "?")),
    "another edition": (of_editions("odd", "dws"), of_editions("odder", "dws")),
    "production is read, and unclear": (with_production(None), with_production("RESTORING")),
    "a synchronisation of the future": (
        synchronised(None), synchronised(NOW + timedelta(hours=1)),
    ),
}  # fmt: skip


class TestEvidenceHash:
    def test_is_the_same_for_an_alarm_and_for_a_command(self):
        observed = situation(pair=pair(mode="observe"))
        by_alarm = assess(observed).evidence
        by_command = assess(replace(observed, trigger=COMMAND)).evidence
        assert by_alarm == by_command

    def test_is_the_same_a_minute_later_when_nothing_but_time_has_passed(self):
        given = synchronised(None)
        later = replace(
            given,
            now=NOW + timedelta(minutes=1),
            trigger=replace(COMMAND, occurred_at=NOW + timedelta(minutes=1)),
            evidence=replace(given.evidence, read_at=NOW + timedelta(minutes=1)),
            observations=replace(given.observations, down_seen_at=NOW + timedelta(minutes=1)),
        )
        assert assess(given).evidence == assess(later).evidence

    @pytest.mark.parametrize("now", ["AVAILABLE", "FAILED"])
    def test_of_cannot_be_told_is_none_of_up_nor_of_down(self, now):
        """The same gate may refuse: what a person has approved was not this."""
        assert assess(witnessed(None, None)).evidence != assess(witnessed(now, None)).evidence

    @pytest.mark.parametrize(
        "other",
        [
            witnessed("AVAILABLE", None),
            witnessed(None, True),
            witnessed("AVAILABLE", True),
            witnessed(None, False),
            witnessed(None, None, "abnormal"),
        ],
        ids=["cluster up", "probe up", "both up", "probe down", "DR side"],
    )
    def test_covers_each_witnesss_word(self, other):
        seen = [
            assess(one).evidence
            for one in (witnessed(None, None), witnessed("FAILED", None), other)
        ]
        assert len(set(seen)) == 3

    def test_is_not_changed_by_what_follows_a_dead_cluster(self):
        """The disaster-recovery side turns abnormal seconds after the first refusal is printed."""
        at_once, then = witnessed("FAILED", None), witnessed("FAILED", None, "abnormal")
        assert assess(at_once).evidence == assess(then).evidence

    @pytest.mark.parametrize("refusals", CAUSES.values(), ids=CAUSES)
    def test_of_one_cause_is_none_of_another_of_the_same_gate(self, refusals):
        """A person has judged the one that was shown, and set that aside."""
        first, second = (assess(one) for one in refusals)
        assert [v.gate for v in first.refusing] == [v.gate for v in second.refusing]
        assert first.evidence != second.evidence

    @pytest.mark.parametrize("run_id", [None, "20260115T070000000Z-00000000"])
    def test_from_before_an_order_is_none_of_after_it(self, run_id):
        """Whatever has become of the order: what was approved before it was another picture."""
        given = synchronised(None)
        before = replace(given, pair_state=replace(given.pair_state, run_id=run_id))
        after = replace(given, pair_state=replace(given.pair_state, run_id=a_run().run_id))
        assert assess(before).evidence != assess(after).evidence

    def test_outlasts_that_more_data_would_be_lost_with_each_second(self):
        given = synchronised(ago(hours=2), observations=Observations(), trigger=COMMAND)
        given = replace(given, evidence=replace(given.evidence, production=None))
        later = replace(given, now=NOW + timedelta(seconds=1))
        measured = [one.measured for each in (given, later) for one in assess(each).verdicts[-1:]]
        assert (measured[1] - measured[0], assess(given).evidence) == (1, assess(later).evidence)

    def test_is_not_changed_by_an_override(self):
        given = synchronised(None, trigger=COMMAND)
        trigger = replace(COMMAND, override=frozenset({"rpo"}))
        assert assess(given).evidence == assess(replace(given, trigger=trigger)).evidence

    @pytest.mark.parametrize(
        "other",
        [
            synchronised(ago(minutes=6)),
            situation(pair_state=PairState(roles=ROLES)),
            with_detail(situation(), primary=member(STANDBY), standby=member(PRODUCTION)),
        ],
        ids=["another data point", "another refusal", "other roles"],
    )
    def test_changes_with_what_a_person_relies_on(self, other):
        assert assess(other).evidence != assess(situation()).evidence


def asked_at(address, known):
    """A probe that fails at an address, with the disaster-recovery side abnormal."""
    seen = witnessed(None, False, "abnormal")
    return replace(
        seen,
        evidence=replace(seen.evidence, probe_address=address),
        observations=replace(seen.observations, probe_addresses=known),
    )


def test_a_probe_that_was_moved_says_nothing_until_it_connects_there():
    """That a mistyped address fails is no word about production."""
    moved = asked_at("10.0.0.9:8001", {PRODUCTION: "10.0.0.9:8000"})
    stayed = asked_at("10.0.0.9:8000", {PRODUCTION: "10.0.0.9:8000"})
    assert [witnesses.production_down(one).verdict for one in (moved, stayed)] == [UNKNOWN, PASS]


def test_where_a_probe_connects_is_remembered_with_when():
    up = evidence(probe=True)
    up = replace(up, production_id=PRODUCTION, probe_address="10.0.0.9:8001")
    before = Observations(
        probe_up_at={PRODUCTION: up.read_at}, probe_addresses={PRODUCTION: "10.0.0.9:8000"}
    )
    after = witnesses.remember_outage(before, up)
    assert after.probe_addresses == {PRODUCTION: "10.0.0.9:8001"}


def test_an_order_is_promised_for_when_production_has_been_down_for_long_enough():
    """It has been down for 60 s of 120 s: the order would come in a minute."""
    waits = witnessed("FAILED", None, held_s=60)
    waits = replace(
        waits,
        pair=replace(waits.pair, production_down_for_s=120),
        trigger=replace(waits.trigger, kind="eventbridge"),
    )
    assert fails_over_at(assess(waits)) == NOW + timedelta(seconds=60)
