from datetime import timedelta

import pytest
from situations import INCIDENT, NOW

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
