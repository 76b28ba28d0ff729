"""What a pair listens to changes while an incident is open, as by a new name."""

from parts import bus_alarm


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
