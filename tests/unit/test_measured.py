"""The figures of a pair, and the lines in which they leave the function."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from situations import FAULT, NOW, PRODUCTION, ROLES, a_run, ago, evidence, member, shown

from handler.aws.telemetry import put
from handler.commands.reconcile.measured import measured
from handler.failover.spans import to_order, to_roles_exchanged
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord, PairState, Pause
from handler.model.sight import Refusal, Sight

PAIR = Pair(
    name="analytics", disaster_recovery_id="d", project_id="p", endpoint="https://dws.example",
    credentials_secret="s", max_data_loss_s=3600, probes={PRODUCTION: "127.0.0.1:8000"},
)  # fmt: skip
ARMED = PairState(roles=ROLES, armed=True)
SEEN = Sight(ago(minutes=5), ago(minutes=10), (), ())
READY = Observations(sight=SEEN, probe_up_at={PRODUCTION: ago(minutes=1)})
HEALTHY = shown(status="running")


def figures(*, pair=PAIR, pair_state=ARMED, observations=READY, is_fleet_stopped=False, **seen):
    record = PairRecord(pair_state, None, observations, ())
    return measured(
        pair, record, pair_state, observations, evidence(**seen),
        is_fleet_stopped=is_fleet_stopped,
    )  # fmt: skip


def test_a_healthy_pair_at_a_glance_has_a_figure_for_all_that_was_asked():
    seen = {"detail": HEALTHY, "item": HEALTHY, "production": None, "probe": True}
    assert figures(**seen) == {
        "Ready": 1, "Armed": 1, "IncidentOpen": 0, "DataAge": 300,
        "ProbeWitness": 1, "DisasterRecoveryWitness": 1,
    }  # fmt: skip


def test_a_dead_production_is_minus_one_by_every_witness():
    said = figures(probe=False)
    words = ("ClusterWitness", "ProbeWitness", "DisasterRecoveryWitness")
    assert [said[name] for name in words] == [-1, -1, -1]


def test_a_witness_that_could_not_be_read_says_nothing():
    said = figures(production=None, faults={"production": FAULT})
    assert said["ClusterWitness"] == 0


def test_a_pair_without_probes_has_no_figure_of_one():
    assert "ProbeWitness" not in figures(pair=replace(PAIR, probes={}))


def test_a_pair_that_a_glance_has_armed_is_ready_before_the_next_close_look():
    """What the last one found in the way was that the pair was not armed."""
    was_not = replace(READY, sight=replace(SEEN, refusing=(Refusal("armed", "no sync yet"),)))
    assert figures(observations=was_not)["Ready"] == 1


@pytest.mark.parametrize(
    "pair_state",
    [
        replace(ARMED, armed=False),
        replace(ARMED, holding=frozenset({"run"})),
        replace(ARMED, pause=Pause(ago(hours=-1), "works", "ada", NOW)),
    ],
    ids=["not armed", "held", "paused"],
)
def test_what_can_be_told_without_the_provider_makes_it_not_ready_at_once(pair_state):
    assert figures(pair_state=pair_state)["Ready"] == 0


def test_no_pair_is_ready_while_all_are_paused():
    assert figures(is_fleet_stopped=True)["Ready"] == 0


def test_a_pause_that_is_over_does_not():
    over = replace(ARMED, pause=Pause(ago(minutes=1), "works", "ada", ago(hours=1)))
    assert figures(pair_state=over)["Ready"] == 1


REFUSED = replace(SEEN, refusing=(Refusal("standby_ready", "the standby is read-only"),))


@pytest.mark.parametrize("sight", [None, REFUSED], ids=["never looked", "refused"])
def test_what_the_last_full_check_did_not_find_ready_is_not(sight):
    assert figures(observations=replace(READY, sight=sight))["Ready"] == 0


@pytest.mark.parametrize(
    ("last_sync", "age"),
    [(ago(minutes=5), 300), (ago(seconds=-200), 0), (ago(days=-1), None), (None, None)],
)
def test_the_age_of_the_data_is_never_negative_and_absent_where_it_is_not_believed(last_sync, age):
    one = shown(standby=member("s", last_sync=last_sync))
    assert figures(detail=one, item=one).get("DataAge") == age


def test_nothing_could_be_read_at_all():
    said = figures(detail=None, item=None, production=None, probe=None)
    assert said["DisasterRecoveryWitness"] == 0
    assert "DataAge" not in said


# How long it took


def test_spans_begin_where_they_are_known_to_begin(run):
    sent = replace(run, outage_began_at=ago(seconds=90), alarmed_at=None, requested_at=NOW)
    assert to_order(sent) == {"OutageToOrder": 90}
    exchanged = replace(sent, alarmed_at=ago(seconds=60), exchanged_since=ago(seconds=-30))
    assert to_roles_exchanged(exchanged) == {
        "OutageToRolesExchanged": 120, "AlarmToRolesExchanged": 90,
    }  # fmt: skip


def test_an_order_that_never_left_took_no_time(run):
    assert to_order(replace(run, outage_began_at=ago(seconds=90), requested_at=None)) == {}


@pytest.fixture
def run():
    return a_run()


# The lines


@pytest.fixture
def lines(monkeypatch, capsys):
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "stack")
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_has_the_figures_of_one_pair_and_its_dimensions(lines):
    put("pair", "analytics", {"Ready": 1, "DataAge": 12.5})
    (line,) = lines()
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (line["pair"], line["service"]) == ("analytics", "stack")
    assert sorted(directive["Dimensions"][0]) == ["pair", "service"]
    assert {one["Name"]: one["Unit"] for one in directive["Metrics"]} == {
        "Ready": "Count", "DataAge": "Seconds",
    }  # fmt: skip


def test_a_thousand_pairs_are_a_thousand_lines_that_do_not_mix(lines):
    for number in range(1000):
        put("pair", f"pair-{number}", {"Ready": number % 2})
    assert [(one["pair"], one["Ready"]) for one in lines()] == [
        (f"pair-{number}", [float(number % 2)]) for number in range(1000)
    ]


def test_without_figures_there_is_no_line(lines):
    put("pair", "analytics", {})
    assert lines() == []


@pytest.fixture
def emitted(monkeypatch):
    """For many lines in one test."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "stack")
    said = []
    monkeypatch.setattr("builtins.print", said.append)
    return said


def test_a_hostile_name_is_a_dimension_that_cloudwatch_takes(emitted):
    """CloudWatch API reference, Dimension: ASCII, no control characters, more than a blank."""

    @given(st.text())
    def is_taken(name):
        emitted.clear()
        put("pair", name, {"Ready": 1})
        (text,) = emitted
        assert text.isascii()
        value = json.loads(text)["pair"]
        assert 1 <= len(value) <= 255
        assert value.isascii()
        assert value.isprintable()
        assert value.strip()

    is_taken()
