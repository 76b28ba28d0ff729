"""What happens in a plan, drawn by hypothesis: signals, faults, windows and garbage."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from local.simulation.choices import (
    CALLS,
    DOCUMENTS,
    EVERYWHERE,
    HTTP,
    MUTING,
    OTHERS,
    PEOPLE,
    PROVIDER_STEPS,
    STATUSES,
    TRANSACTIONS,
)
from local.simulation.faults import Fault, Garbage, Window
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Signal
from local.simulation.provider import GARBAGE

SEEDS = st.integers(0, 2**32 - 1)
ALARMED_S = 10  # the first alarm, after the trouble
# Without the provider's events (a permission of its own) it is not known at once what was taken.
NO_EVENTS = (Garbage("events", "a gateway's timeout", 0, 24 * 60 * MINUTE),)
ALARMS = st.sampled_from(("a", "b"))
SOON = st.integers(0, 20 * MINUTE)
# At the schedule's minutes, so that much happens at once; and just before and after them.
AT_ONCE = st.builds(
    lambda minute, beside: max(0, minute * MINUTE + beside),
    st.integers(0, 30),
    st.sampled_from((0, 0, 0, 1, 2, 5, -1)),
)


def groups() -> st.SearchStrategy[tuple[Signal, ...]]:
    """One thing, or two in the same moment."""
    two = st.builds(
        lambda at_s, one, other: (replace(one, at_s=at_s), replace(other, at_s=at_s)),
        SOON,
        _alarms(("ALARM", "OK", "OK", "OK"), "a"),
        _alarms(("ALARM", "OK", "OK", "OK"), "b"),
    )
    one = alarm_signals().map(lambda signal: (signal,))
    begun = st.builds(
        lambda at_s: (Signal(at_s, "ALARM", "a"), Signal(at_s + 1, "ALARM", "b")), SOON
    )
    return st.one_of(one, one, one, two, begun)


def _alarms(what: tuple[str, ...], name: str) -> st.SearchStrategy[Signal]:
    return st.builds(Signal, st.just(0), st.sampled_from(what), st.just(name))


def signals() -> st.SearchStrategy[Signal]:
    """What alarms, people and documents do."""
    alarm = st.builds(Signal, SOON, st.sampled_from(("ALARM",) * 4 + ("OK",)), ALARMS)
    person = st.builds(Signal, st.integers(0, 30 * MINUTE), st.sampled_from(PEOPLE))
    document = st.builds(Signal, SOON, st.just("document"), st.sampled_from(DOCUMENTS))
    return st.one_of(alarm, alarm, alarm, person, person, document)


def alarm_signals() -> st.SearchStrategy[Signal]:
    """The same where all is about alarms."""
    what = ("ALARM",) * 6 + ("OK",) * 4 + MUTING
    alarm = st.builds(
        Signal,
        SOON | AT_ONCE | AT_ONCE,
        st.sampled_from(what),
        ALARMS,
        st.sampled_from(("bus", "bus", "action", "queue")),
        st.sampled_from((False, False, False, True)),
    )
    document = st.builds(
        Signal, SOON, st.just("document"), st.sampled_from(("invalid", "removed", "back", "back"))
    )
    flap = st.builds(Signal, SOON, st.sampled_from(("production returns", "production dies again")))
    person = st.builds(
        Signal, SOON, st.sampled_from(("acknowledge", "pause", "resume", "fail over"))
    )
    return st.one_of(alarm, alarm, alarm, alarm, alarm, document, flap, person)


def faults() -> st.SearchStrategy[Fault]:
    """One call that goes wrong."""
    nth, early = st.integers(1, 12), st.integers(1, 3)

    def of(steps: tuple[str, ...], which: Any, *kinds: str) -> st.SearchStrategy[Fault]:
        return st.builds(Fault, st.sampled_from(steps), which, st.sampled_from(kinds))

    calls = of(CALLS, nth, *EVERYWHERE, "throttle")
    in_part = st.builds(Fault, st.just("table unprocessed"), nth, st.just("in part"))
    transactions = of(TRANSACTIONS, early, *EVERYWHERE, "throttle", "conflict")
    often = of(TRANSACTIONS, nth, *EVERYWHERE, "throttle", "conflict")
    # What is between here and the provider may lose a request, but must not deliver it twice: that
    # an order is taken twice then is nobody's to prevent.
    once = (kind for kind in EVERYWHERE if kind != "twice")
    of_http = (*once, *HTTP, *STATUSES)
    provider = of(PROVIDER_STEPS, nth, *of_http)
    order = of(PROVIDER_STEPS[:1], early, *of_http)
    topic = of(("topic publish",), nth, *EVERYWHERE, "never", "throttle")
    others = of(OTHERS, nth, "throttle", "fail", "hang", "slow")
    return st.one_of(calls, in_part, transactions, often, provider, order, order, topic, others)


def windows() -> st.SearchStrategy[Window]:
    """A service that is away for a while."""

    def of(service: str, first: int, length: int, what: str) -> Window:
        began = TROUBLE_AT_S + first
        is_slow = what.endswith("slow")
        return Window("provider" if is_slow else service, began, began + length, what)

    services = st.sampled_from(("provider", "topic", "table", "parameters", "secrets", "lambda"))
    kinds = st.sampled_from(("fail", "fail", "hang", "hang after", "slow", "very slow"))
    lengths = st.sampled_from((30, 90, 420))
    return st.builds(of, services, st.integers(0, 900), lengths, kinds)


def garbage() -> st.SearchStrategy[Garbage]:
    """Answers that nobody should trust, for a while."""

    def of(operation: str, kind: str, first: int, length: int) -> Garbage:
        return Garbage(operation, kind, TROUBLE_AT_S + first, TROUBLE_AT_S + first + length)

    return st.builds(
        of,
        st.sampled_from(("detail", "list", "cluster", "cluster", "events", "failover")),
        st.sampled_from((*GARBAGE,)),
        st.integers(0, 900),
        st.sampled_from((90, 420)),
    )
