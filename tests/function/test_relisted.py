"""What a pair listens to changes while an incident is open, as by a new name."""

import pytest
from envelopes import records
from interruptions import LOST, with_table
from parts import bus_alarm, now
from steps import reconciled

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


# A document that is gone for a moment lists nothing: an alarm of that moment is kept


def told(parts):
    return {one.attributes["reason_code"] for one in parts.notices()}


def remove_document(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    app.adapters.cache_clear()


def test_an_alarm_that_comes_while_the_document_is_gone_is_taken_in_once_it_is_back(outage):
    remove_document(outage)
    (result,) = outage.alarm("dws-outage-first")
    assert result["reason_code"] == "not_listed"
    outage.put_pair()
    reconciled(outage, after_s=0)
    assert (outage.posts, outage.record.incident.name) == (1, "dws-outage-first")


def test_so_it_is_under_another_name(outage):
    remove_document(outage)
    outage.alarm("dws-outage-first")
    outage.put_pair("warehouse")
    reconciled(outage, after_s=0)
    assert (outage.posts, outage.record.incident.name) == (1, "dws-outage-first")


def test_one_that_is_ok_by_then_opens_nothing(outage):
    remove_document(outage)
    outage.alarm("dws-outage-first", at=now(seconds=-3))
    outage.alarm("dws-outage-first", at=now(seconds=-1), state="OK", previous="ALARM")
    outage.put_pair(mode="observe")
    reconciled(outage, after_s=0)
    assert outage.record.open_incident is None
    assert not outage.ledger.alarms.pending()


def test_one_that_is_listed_when_it_is_too_old_is_told_and_opens_nothing(parts):
    parts.arm()
    remove_document(parts)
    parts.alarm("dws-outage-first")
    parts.let_pass(901)
    parts.put_pair()
    parts.notices()
    reconciled(parts, after_s=0)
    assert parts.record.open_incident is None
    assert "too_old" in told(parts)


def test_one_that_nobody_lists_within_an_hour_goes_without_a_word(outage):
    outage.alarm("another")
    outage.notices()
    outage.let_pass(3601)
    reconciled(outage, after_s=0)
    assert not outage.ledger.alarms.pending()
    assert not any("too_old" in reason for reason in told(outage))


def test_alarms_that_nobody_lists_are_kept_up_to_a_hundred(outage):
    """What rings for others must not make each minute longer."""
    for first in (0, 60):
        outage.send(records(*(bus_alarm(f"another-{first + at}") for at in range(60))))
    assert len(outage.ledger.alarms.pending()) == 100
