"""How many words it takes, and how long a word counts: each border from both sides."""

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import (
    INCIDENT,
    NOW,
    PRODUCTION,
    STANDBY,
    ago,
    cluster,
    evidence,
    member,
    pair,
    shown,
    situation,
)

from handler.gates import witnesses
from handler.gates.verdict import Verdict, passed, refused
from handler.gates.witnesses import (
    Word,
    counted_anew,
    is_waiting,
    lasts_until,
    only_has_to_last,
    production_down,
    remember_outage,
)
from handler.model.incident import Ending, IncidentState
from handler.model.pair_state import Observations
from handler.model.signals import Trigger

UP, DOWN, SILENT = Word.UP, Word.DOWN, Word.SILENT
A_MOMENT = timedelta(microseconds=1)


def said(by_cluster, by_probe, *, corroborates):
    return witnesses.Testimony(by_cluster, by_probe, corroborates, NOW, "", "", "")


@pytest.mark.parametrize(
    ("by_cluster", "by_probe", "corroborates", "are_two"),
    [
        (DOWN, DOWN, True, True),
        (DOWN, DOWN, False, True),
        (DOWN, SILENT, True, True),
        (SILENT, DOWN, True, True),
        (DOWN, SILENT, False, False),
        (SILENT, DOWN, False, False),
        (SILENT, SILENT, True, False),
        (SILENT, SILENT, False, False),
        (DOWN, UP, True, False),
        (UP, DOWN, True, False),
    ],
)
def test_two_words_say_down_and_none_says_up(by_cluster, by_probe, corroborates, are_two):
    assert said(by_cluster, by_probe, corroborates=corroborates).has_two_words is are_two


@pytest.mark.parametrize(
    ("by_cluster", "by_probe", "is_up"),
    [
        (UP, UP, True),
        (UP, SILENT, True),
        (SILENT, UP, True),
        (UP, DOWN, False),
        (DOWN, UP, False),
        (SILENT, SILENT, False),
    ],
)
def test_up_is_what_someone_says_and_no_one_denies(by_cluster, by_probe, is_up):
    assert said(by_cluster, by_probe, corroborates=True).says_up is is_up


def failed(*, needs_two_words=False, status="running", held_s=180, **changes):
    """Production is FAILED, and has been for so long."""
    one = shown(status=status)
    return situation(
        evidence=evidence(detail=one, item=one),
        observations=Observations(down_since=ago(seconds=held_s), down_seen_at=ago(seconds=60)),
        trigger=Trigger("watch", "watch", NOW, needs_two_words=needs_two_words),
        **changes,
    )


@pytest.mark.parametrize(
    ("needs_two_words", "status", "verdict"),
    [
        (True, "running", Verdict.UNKNOWN),
        (True, "abnormal", Verdict.PASS),
        (False, "running", Verdict.PASS),
    ],
    ids=["no alarm, one word", "no alarm, two words", "an alarm, one word"],
)
def test_where_no_alarm_speaks_one_word_is_not_enough(needs_two_words, status, verdict):
    found = production_down(failed(needs_two_words=needs_two_words, status=status))
    assert found.verdict is verdict


UNREAD = replace(failed(), evidence=evidence(production=None))
ALIVE = replace(failed(), evidence=evidence(production=cluster(PRODUCTION)))
UNLEARNED = replace(failed(), pair_state=replace(failed().pair_state, roles=None))


@pytest.mark.parametrize(
    "given",
    [UNLEARNED, ALIVE, UNREAD, failed(needs_two_words=True), failed(held_s=60)],
    ids=["roles unknown", "up", "cannot tell", "one word", "not for long"],
)
def test_a_person_who_knows_better_may_set_it_aside(given):
    assert production_down(given).overridable


@pytest.mark.parametrize("held_s", [0, -30], ids=["now", "by a clock that was set back"])
def test_what_has_just_begun_has_lasted_no_time(held_s):
    found = production_down(failed(held_s=held_s))
    assert (found.verdict, found.measured) == (Verdict.REFUSE, 0)


def test_where_nothing_is_remembered_it_begins_now():
    given = replace(failed(), observations=Observations())
    assert production_down(given).measured == 0


def test_a_confirmed_command_is_measured_against_no_wait():
    confirmed = Trigger("command", "failover", NOW, "ada", is_confirmed=True)
    assert production_down(replace(failed(), trigger=confirmed)).limit == 0


def gate(name, measured=None):
    return replace(refused("", cause="", measured=measured, limit=None), gate=name)


LASTING, UNCLEAR = gate("production_down", 60), gate("production_down", "unclear")


@pytest.mark.parametrize(
    ("refusing", "waits"),
    [
        ((LASTING,), True),
        ((LASTING, gate("mode")), True),
        ((LASTING, gate("rpo", 7200)), False),
        ((UNCLEAR,), False),
        ((gate("mode"),), False),
        ((), False),
    ],
    ids=["time alone", "time, and it is observed", "more", "not down", "mode alone", "nothing"],
)
def test_it_waits_where_nothing_but_time_is_missing(refusing, waits):
    assert is_waiting(refusing) is waits


@pytest.mark.parametrize(
    ("one", "only_lasts"), [(LASTING, True), (UNCLEAR, False), (gate("armed", 60), False)]
)
def test_a_number_of_seconds_down_has_only_to_last(one, only_lasts):
    assert only_has_to_last(one) is only_lasts


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (NOW, NOW + timedelta(seconds=120)),
        (NOW + A_MOMENT, NOW + timedelta(seconds=121)),
        (NOW - A_MOMENT, NOW + timedelta(seconds=120)),
        (None, None),
    ],
    ids=["whole", "just after", "just before", "it is not down"],
)
def test_it_has_lasted_by_the_next_whole_second(since, due):
    """Who looks then sees a gate that passes: its seconds are cut off."""
    assert lasts_until(Observations(down_since=since), pair()) == due


def probed(seen_at):
    """What a failing probe says, with nothing of the cluster: down needs its word."""
    one = shown(status="abnormal")
    observations = Observations(probe_up_at={PRODUCTION: seen_at}) if seen_at else Observations()
    return replace(
        failed(),
        evidence=evidence(detail=one, item=one, production=None, probe=False),
        observations=observations,
    )


@pytest.mark.parametrize(
    ("seen_at", "is_heard"),
    [
        (ago(hours=24), True),
        (ago(hours=24) - A_MOMENT, False),
        (ago(hours=23, minutes=30), True),
        (NOW + timedelta(hours=24), False),
        (NOW + timedelta(hours=24) - A_MOMENT, True),
        (None, False),
    ],
)
def test_a_probe_is_heard_if_it_was_seen_up_in_a_day(seen_at, is_heard):
    is_down = production_down(probed(seen_at)).measured != "unclear"
    assert is_down is is_heard


def test_a_disaster_recovery_that_cannot_be_read_corroborates_nothing():
    given = replace(
        probed(ago(hours=1)),
        evidence=evidence(detail=None, item=None, production=None, probe=False),
    )
    assert production_down(given).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("known", "is_heard"),
    [("10.0.0.9:8000", True), ("10.0.0.1:8000", False), ("10.0.1.0:8000", False), (None, True)],
    ids=["the same", "one that sorts before", "one that sorts after", "none"],
)
def test_only_the_address_that_was_seen_up_speaks(known, is_heard):
    given = probed(ago(hours=1))
    moved = replace(
        given,
        evidence=replace(given.evidence, probe_address="10.0.0.9:8000"),
        observations=replace(
            given.observations, probe_addresses={PRODUCTION: known} if known else {}
        ),
    )
    assert (production_down(moved).measured != "unclear") is is_heard


# What is remembered from look to look


def looked(seen_at, *, down_of=PRODUCTION):
    before = Observations(down_of=down_of, down_since=ago(minutes=20), down_seen_at=seen_at)
    return remember_outage(before, evidence())


FIVE_MINUTES = [
    (ago(minutes=5), True),
    (ago(minutes=5) - A_MOMENT, False),
    (NOW + timedelta(minutes=5), True),
    (NOW + timedelta(minutes=5) + A_MOMENT, False),
]


@pytest.mark.parametrize(("seen_at", "goes_on"), [*FIVE_MINUTES, (None, False)])
def test_a_stretch_goes_on_between_looks_of_five_minutes(seen_at, goes_on):
    after = looked(seen_at)
    assert (after.down_since == ago(minutes=20)) is goes_on
    assert (after.down_of, after.down_seen_at) == (PRODUCTION, NOW)


def test_a_stretch_of_another_cluster_does_not_go_on():
    assert looked(ago(seconds=60), down_of=STANDBY).down_since == NOW


DOWN_FOR_A_MINUTE = Observations(
    down_of=PRODUCTION, down_since=ago(minutes=2), down_seen_at=ago(minutes=1)
)


def stretch_of(observations):
    return observations.down_of, observations.down_since, observations.down_seen_at


def test_a_stretch_ends_where_a_witness_says_up():
    after = remember_outage(DOWN_FOR_A_MINUTE, evidence(production=cluster(PRODUCTION)))
    assert stretch_of(after) == (None, None, None)


def test_a_stretch_ends_where_one_says_up_and_another_says_down():
    after = remember_outage(DOWN_FOR_A_MINUTE, evidence(probe=True))
    assert stretch_of(after) == (None, None, None)


HEARD_NOTHING = {
    "unreadable": evidence(production=None),
    "neither up nor down": evidence(production=cluster(PRODUCTION, "CREATING")),
    "a probe never seen up": evidence(production=None, probe=False),
}


@pytest.mark.parametrize("look", HEARD_NOTHING.values(), ids=HEARD_NOTHING)
def test_a_look_that_hears_no_word_leaves_the_stretch_as_it_is(look):
    """Gates: what is unreadable is silent. In an outage every second read may be lost."""
    assert stretch_of(remember_outage(DOWN_FOR_A_MINUTE, look)) == stretch_of(DOWN_FOR_A_MINUTE)


@pytest.mark.parametrize("look", HEARD_NOTHING.values(), ids=HEARD_NOTHING)
def test_nor_does_it_begin_one(look):
    assert stretch_of(remember_outage(Observations(), look)) == (None, None, None)


@pytest.mark.parametrize(("seen_at", "goes_on"), FIVE_MINUTES)
def test_a_silence_of_more_than_five_minutes_ends_the_stretch(seen_at, goes_on):
    before = replace(DOWN_FOR_A_MINUTE, down_since=ago(minutes=20), down_seen_at=seen_at)
    after = remember_outage(before, evidence(production=None))
    assert stretch_of(after) == (stretch_of(before) if goes_on else (None, None, None))


@pytest.mark.parametrize(
    ("noted", "at"),
    [
        (None, NOW),
        (ago(minutes=9, seconds=59), ago(minutes=9, seconds=59)),
        (ago(minutes=10), NOW),
        (ago(minutes=10, seconds=30), NOW),
        (ago(hours=3), NOW),
    ],
)
def test_that_a_probe_connects_is_noted_every_ten_minutes(noted, at):
    before = Observations(probe_up_at={PRODUCTION: noted} if noted else {})
    after = remember_outage(before, evidence(production=cluster(PRODUCTION), probe=True))
    assert after.probe_up_at == {PRODUCTION: at}


DOWN_SINCE = Observations(
    down_of=PRODUCTION, down_since=ago(minutes=3), down_seen_at=ago(minutes=1)
)


def ended(because, at):
    return replace(INCIDENT, state=IncidentState.ENDED, ended_because=because, ended_at=at)


@pytest.mark.parametrize(
    ("incident", "is_anew"),
    [
        (None, False),
        (INCIDENT, False),
        (ended(Ending.ALARMS_OK, ago(minutes=1)), True),
        (ended(Ending.PRODUCTION_UP, ago(minutes=1)), True),
        (ended(Ending.ALARMS_OK, ago(minutes=3)), True),
        (ended(Ending.ALARMS_OK, ago(minutes=3) - A_MOMENT), False),
        (ended(Ending.RETRY_TIME_OVER, ago(minutes=1)), False),
        (ended(Ending.ACKNOWLEDGED, ago(minutes=1)), False),
    ],
    ids=[
        "no incident", "an open one", "alarms are OK", "production is up", "just then",
        "before it began", "its time is over", "acknowledged",
    ],
)  # fmt: skip
def test_it_is_counted_anew_once_somebody_has_said_that_production_is_up(incident, is_anew):
    after = counted_anew(DOWN_SINCE, incident)
    assert after == (Observations() if is_anew else DOWN_SINCE)


def test_where_nothing_is_counted_nothing_is_counted_anew():
    assert counted_anew(Observations(), ended(Ending.ALARMS_OK, NOW)) == Observations()


def test_a_gate_that_passes_is_no_wait():
    assert not only_has_to_last(replace(passed("", measured=60), gate="mode"))


def test_disaster_recovery_by_its_production_side_corroborates():
    one = shown(member(PRODUCTION, status="abnormal"), status="running")
    given = replace(failed(needs_two_words=True), evidence=evidence(detail=one, item=one))
    assert production_down(given).verdict is Verdict.PASS
