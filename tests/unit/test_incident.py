from datetime import timedelta

import pytest
from situations import DR, INCIDENT, NOW

from handler.commands.history_rows import incident_row
from handler.model.incident import DECIDE, Ending

TOLD = INCIDENT.told(("armed",), NOW)


@pytest.mark.parametrize(
    ("incident", "refusing", "minutes", "news"),
    [
        (INCIDENT, ("armed",), 0, True),
        (TOLD, ("armed",), 59, False),
        (TOLD, ("armed",), 60, True),
        (TOLD, ("rpo",), 9, False),
        (TOLD, ("rpo",), 10, True),
        (TOLD, ("armed", DECIDE), 1, True),
        (INCIDENT.told(("armed", DECIDE), NOW), ("rpo", DECIDE), 1, False),
    ],
    ids=[
        "first",
        "the same",
        "hourly",
        "changed too soon",
        "changed",
        "a person must decide now",
        "they know that they must",
    ],
)
def test_a_refusal_is_told_at_first_when_it_changes_and_hourly(incident, refusing, minutes, news):
    assert incident.has_news(refusing, NOW + timedelta(minutes=minutes)) is news


def test_an_incident_that_failed_over_is_not_remembered_by_an_earlier_refusal():
    refused = INCIDENT.decided("refused", "gate pause: the pair is paused.", NOW)
    row = incident_row(DR, refused.ended(Ending.FAILED_OVER, NOW))
    assert (row["decision"], row["reason"]) == ("succeeded", "the run of its outage has succeeded")
    row = incident_row(DR, refused.ended(Ending.ALARMS_OK, NOW))
    assert (row["decision"], row["reason"]) == ("refused", "gate pause: the pair is paused.")
