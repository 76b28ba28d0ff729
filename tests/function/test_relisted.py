"""What a pair listens to changes while an incident is open, as by a new name."""

import pytest
from envelopes import records
from interruptions import LOST, with_table
from parts import bus_alarm

from handler import app
from handler.errors import LedgerUnavailable
from handler.events import parse


def test_the_ok_of_an_alarm_that_is_listed_no_more_ends_its_part(outage):
    outage.put_pair(mode="observe")
    assert outage.alarm("dws-outage-first")[0]["decision"] == "refused"
    outage.put_pair(mode="observe", alarms=["dws-outage-sales"])
    (result,) = outage.alarm("dws-outage-first", state="OK", previous="ALARM")
    assert result["reason_code"] != "not_listed"
    assert outage.record.open_incident is None


def test_an_ok_that_is_part_of_no_incident_is_listed_nowhere(outage):
    outage.put_pair(mode="observe", alarms=["dws-outage-sales"])
    outage.alarm("dws-outage-sales")
    (result,) = outage.alarm("dws-outage-first", state="OK", previous="ALARM")
    assert result["reason_code"] == "not_listed"
    assert outage.record.open_incident is not None


def test_an_alarm_that_is_listed_no_more_opens_and_joins_nothing(outage):
    outage.put_pair(mode="observe", alarms=["dws-outage-sales"])
    outage.alarm("dws-outage-sales")
    outage.send(bus_alarm("dws-outage-first"))
    assert len(outage.record.open_incident.alarms) == 1


def test_where_the_open_incidents_cannot_be_read_the_event_is_kept_and_its_other_alarms_are_stored(
    outage,
):
    """An OK of nobody's asks for them; what cannot be answered comes again."""
    outage.put_pair(mode="observe", alarms=["dws-outage-sales"])
    failed = []

    def interrupt(name, call):
        def unreadable(**kwargs):
            if name == "query" and "work#" in str(kwargs) and not failed:
                failed.append(name)
                raise LOST
            return call(**kwargs)

        return unreadable

    event = records(
        bus_alarm("dws-outage-first", state="OK", previous="ALARM"), bus_alarm("dws-outage-sales")
    )
    with pytest.raises(LedgerUnavailable):
        app.respond(parse(event), with_table(outage, interrupt), outage.context)
    assert failed
    assert outage.record.open_incident is not None
