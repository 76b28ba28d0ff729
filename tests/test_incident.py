from datetime import timedelta

import pytest
from situations import DR, NOW

from handler.incident import ALARMS_KEPT, Incident, IncidentState

INCIDENT = Incident(
    "20260115T083000Z-00000000",
    "analytics",
    DR,
    IncidentState.OPEN,
    "sns",
    "dws-outage-analytics",
    NOW,
    NOW,
    revision=1,
    alarms=("dws-outage-analytics",),
)
TOLD = INCIDENT.told(("armed",), NOW)


@pytest.mark.parametrize(
    ("incident", "refusing", "minutes", "news"),
    [
        (INCIDENT, ("armed",), 0, True),
        (TOLD, ("armed",), 59, False),
        (TOLD, ("armed",), 60, True),
        (TOLD, ("rpo",), 9, False),
        (TOLD, ("rpo",), 10, True),
    ],
    ids=["first", "the same", "hourly", "changed too soon", "changed"],
)
def test_a_refusal_is_told_at_first_when_it_changes_and_hourly(incident, refusing, minutes, news):
    assert incident.has_news(refusing, NOW + timedelta(minutes=minutes)) is news


def test_another_alarm_joins():
    joined = INCIDENT.joined_by("dws-outage-probe")
    assert (joined.alarms, joined.revision) == (("dws-outage-analytics", "dws-outage-probe"), 2)


def test_the_same_alarm_again_changes_nothing():
    assert INCIDENT.joined_by("dws-outage-analytics") is INCIDENT


def test_a_storm_of_alarms_does_not_grow_without_end():
    incident = INCIDENT
    for number in range(ALARMS_KEPT + 5):
        incident = incident.joined_by(f"alarm-{number}")
    assert len(incident.alarms) == ALARMS_KEPT
