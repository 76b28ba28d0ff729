"""Services of AWS that are down or never answer, alone and in pairs: each row of docs/degraded.md.

What a row says is what is asserted here. With whom does not answer the clients have less patience
than on Lambda, and of the same kind: a call is tried again after a pause.
"""

import re
from itertools import combinations

import pytest
from outages import (
    CLAIM,
    NEVER_ANSWERS,
    Hurried,
    end_when_waiting,
    is_over_in_the_end,
)
from parts import bus_alarm
from places import ROOT

from handler.errors import LedgerUnavailable

PAGE = (ROOT / "docs" / "degraded.md").read_text()
CELLS = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {tuple(row[0].split(" and ")): row[1:] for row in CELLS.findall(PAGE)}
PAIRS = [services for services in ROWS if len(services) > 1]
SERVICES = ("DynamoDB", "SNS", "SSM", "Secrets Manager", "SQS", "Lambda")
STATUS = {"command": "status", "pair": "analytics"}

# What a cell says: the decision, whether SNS has taken the word, and how many orders there are.
SAYS = {
    "ordered, told": ("submitted", True, 1),
    "ordered, unheard": ("submitted", False, 1),
    "stored, told": ("blocked", True, 0),
    "stored, unheard": ("blocked", False, 0),
    "sent again": (LedgerUnavailable.__name__, None, 0),
}


def test_each_service_that_the_function_calls_and_each_two_of_them_have_a_row():
    assert set(ROWS) == {(one,) for one in SERVICES} | {*combinations(SERVICES, 2)}


@pytest.fixture
def outage(aws, emulator, proxy):
    """An armed automatic pair whose production has just failed; nothing has been read of it."""
    emulator.vary(switching_s=0)
    with Hurried(aws, emulator, proxy) as made:
        made.arm()
        emulator.break_production()
        yield made


def named(service):
    return service.replace(" ", "").lower()


def answered(parts, alarm):
    """What becomes of an alarm, as a cell says it."""
    try:
        (result,) = parts.send(alarm)["results"]
    except LedgerUnavailable as err:
        return type(err).__name__, None, parts.posts
    return result["decision"], result["notified"], parts.posts


def comes_to_one_order(parts, services, alarm):
    """Once they answer again, and the alarm has come again where it was not stored."""
    parts.remaining_s = 300.0
    for service in services:
        parts.bring_back(named(service))
    parts.send(alarm)
    is_over_in_the_end(parts)


def silence(parts, services, patience_s, **since):
    """Take services down that never answer."""
    for service in services:
        parts.hurry(named(service), patience_s)
    return lambda: [parts.take_down(named(one), NEVER_ANSWERS, **since) for one in services]


@pytest.mark.parametrize("services", PAIRS, ids=" and ".join)
def test_both_answer_with_errors_when_the_alarm_comes(outage, services):
    """Of one alone it is in test_service_down.py."""
    for service in services:
        outage.take_down(named(service))
    alarm = bus_alarm("dws-outage-analytics")
    assert answered(outage, alarm) == SAYS[ROWS[services][0]]
    comes_to_one_order(outage, services, alarm)


@pytest.mark.parametrize("services", ROWS, ids=" and ".join)
def test_silent_when_the_alarm_comes_and_nothing_has_been_read(outage, services):
    silence(outage, services, 0.3)()
    alarm = bus_alarm("dws-outage-analytics")
    assert answered(outage, alarm) == SAYS[ROWS[services][0]]
    comes_to_one_order(outage, services, alarm)


@pytest.mark.parametrize("services", ROWS, ids=" and ".join)
def test_silent_when_the_alarm_comes_and_documents_and_secret_have_just_been_read(outage, services):
    begin = silence(outage, services, 1.5)
    outage.send(STATUS)
    begin()
    assert answered(outage, bus_alarm("dws-outage-analytics")) == SAYS[ROWS[services][1]]


@pytest.mark.parametrize("services", ROWS, ids=" and ".join)
def test_silent_from_the_claim_on(outage, services):
    silence(outage, services, 1.5, **CLAIM)()
    end_when_waiting(outage)
    alarm = bus_alarm("dws-outage-analytics")
    assert answered(outage, alarm) == SAYS[ROWS[services][2]]
    comes_to_one_order(outage, services, alarm)
