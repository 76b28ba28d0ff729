"""Events that somebody made up, while production is down: what any of them took for real would order."""

import pytest
from attacks.alarms import ALARMS, NAME
from attacks.orders import ORDERS
from parts import bus_alarm, command

from handler.errors import InvalidEvent
from handler.events import parse

EVENTS = {
    **{f"an order {name}": made for name, made in ORDERS.items()},
    **{f"an alarm {name}": made for name, made in ALARMS.items()},
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_made_up_event_orders_nothing_and_opens_no_incident(request, name):
    event = EVENTS[name]()
    if why := refused(parse, event):
        assert why.isprintable()
        return
    outage = request.getfixturevalue("outage")
    refused(outage.send, event)
    assert outage.posts == 0
    assert outage.record.incident is None


def refused(take, event):
    """Why an event is none; None where it is answered."""
    try:
        take(event)
    except InvalidEvent as err:
        return str(err)
    return None


@pytest.mark.parametrize("make", [lambda: bus_alarm(NAME), command], ids=["alarm", "order"])
def test_the_ones_that_they_are_made_of_do(outage, make):
    outage.send(make())
    assert outage.posts == 1
