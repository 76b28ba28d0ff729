"""Plans, drawn by hypothesis, so that one of a failing history shrinks."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from local.simulation.faults import Fault, Garbage, Window
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal
from local.simulation.provider import GARBAGE

TROUBLES = (
    "production dies", "standby dies", "nothing", "probe path is cut", "region goes dark",
    "names are not found", "console switches over", "production dies for a moment",
)  # fmt: skip
PEOPLE = (
    "fail over", "fail over, overriding", "fail over, overriding the first", "acknowledge",
    "acknowledge the first", "acknowledge the other", "verify", "pause", "resume", "pause all",
    "resume all", "console failover", "console switchover", "production returns",
    "production dies again", "standby returns", "disaster recovery runs again",
)  # fmt: skip
DOCUMENTS = ("removed", "elsewhere", "broken", "invalid", "observe", "floats", "back")
NEIGHBOURS = ("document", "secret", "bug", "garbage", "garbage", "dark")
DAMAGED = ("state#lease", "state#pair", "state#incident", "state#health", "run#", "notice#")
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"exchange": "role-words"},
    {"exchange": "never"},
    {"fails": True},
    {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
    {"abnormal_after_s": None},
    {"abnormal_after_s": 600},
    {"requires_abnormal": True, "abnormal_after_s": 120},
    {"order_delay_s": 1200},
    {"order_delay_s": 4200},
    {"order_delay_s": 1200, "shows_switching": False},
    {"reverts_after_s": 60},
    {"reverts_after_s": 600},
    {"exchange_after_s": 900},
    {"switching_s": 1200},
    {"list_lag_s": 90},
    {"detail_lag_s": 90},
    {"detail_lag_s": 300, "switching_s": 600, "second_order": "accepted"},
    {"list_lag_s": 300, "switching_s": 600, "second_order": "accepted"},
    {"time_format": "space", "utc_offset": "+08:00"},
    {"rival_orders_first": True},
    {"rival_orders_first": True, "second_order": "accepted"},
    {"second_order": "accepted"},
    {"second_order": "accepted", "order_delay_s": 1200},
    {"deleted_after_order_s": 30},
    {"both_primary": True},
    {"old_production_returns_after_s": 300},
    {"last_sync": "frozen"},
    {"absent": ("datastore_version", "datastore_type", "role")},
    {"absent": ("role",), "exchange": "never"},
    {"absent": ("role",), "fails": True},
)
TRANSACTIONS = (
    "table incident", "table claim", "table outcome", "table notice", "table mark",
    "table standing", "table other",
)  # fmt: skip
CALLS = (
    "table put_item", "table update_item", "table query", "table get_item", "table batch_get_item",
)  # fmt: skip
PROVIDER_STEPS = (
    "provider failover", "provider detail", "provider list", "provider cluster", "provider events",
)  # fmt: skip
OTHERS = (
    "parameters get", "secrets get", "lambda invoke", "topic attributes", "queue send_message",
)  # fmt: skip
EVERYWHERE = (
    "kill before", "kill after", "fail", "lose the answer", "twice", "slow", "hang", "hang after",
)  # fmt: skip
HTTP = ("odd before", "odd on the way", "odd after", "lost on the way", "very slow", "slow answer")
STATUSES = ("answer 401", "answer 302", "answer 307", "answer 429", "answer 500", "answer 503")
MUTING = ("copy", "copy", "ALARM, muted", "ALARM, muted for a while", "release")
ALARMS = st.sampled_from(("a", "b"))
SOON = st.integers(0, 20 * MINUTE)
ALARMED_S = 10
# Without the provider's events (a permission of its own) it is not known at once what was taken.
NO_EVENTS = (Garbage("events", "a gateway's timeout", 0, 24 * 60 * MINUTE),)
# At the schedule's minutes, so that much happens at once; and just before and after them.
AT_ONCE = st.builds(
    lambda minute, beside: max(0, minute * MINUTE + beside),
    st.integers(0, 30),
    st.sampled_from((0, 0, 0, 1, 2, 5, -1)),
)


def plans() -> st.SearchStrategy[Plan]:
    """All histories worth looking at."""
    return st.sampled_from(_KINDS).flatmap(lambda kind: kind())


def _ordinary() -> st.SearchStrategy[Plan]:
    return st.builds(
        Plan,
        seed=_seeds(),
        variants=st.sampled_from(VARIANTS),
        trouble=st.sampled_from(TROUBLES[:1] * 7 + TROUBLES),
        has_probe=st.booleans(),
        mode=st.sampled_from(("automatic",) * 7 + ("observe",)),
        max_data_loss_s=st.sampled_from((300, 90, 3600)),
        down_for_s=st.sampled_from((120, 0, 300)),
        signals=st.lists(_signals(), min_size=1, max_size=5).map(tuple),
        faults=st.lists(_faults(), max_size=4).map(tuple),
        windows=st.lists(_windows(), max_size=2).map(tuple),
        garbage=st.lists(_garbage(), max_size=1).map(tuple),
        missed_reconciles=st.frozensets(st.integers(6, 40), max_size=3),
        recovers=st.sampled_from((False, False, False, True)),
        repeats=st.sampled_from((False, False, False, True)),
    )


def _of_alarms() -> st.SearchStrategy[Plan]:
    """Alarms and little else: at once, again, out of order, muted, while documents are bad."""
    return st.builds(
        Plan,
        seed=_seeds(),
        variants=st.sampled_from(VARIANTS[:1] * 3 + VARIANTS),
        trouble=st.sampled_from(("nothing", "production dies", "production dies for a moment")),
        has_probe=st.booleans(),
        mode=st.sampled_from(("automatic", "automatic", "observe")),
        signals=st.lists(_groups(), min_size=2, max_size=6).map(lambda all_: sum(all_, ())),
        faults=st.lists(_faults(), max_size=2).map(tuple),
        repeats=st.sampled_from((False, False, False, True)),
    )


def _groups() -> st.SearchStrategy[tuple[Signal, ...]]:
    """One thing, or two in the same moment."""
    two = st.builds(
        lambda at_s, one, other: (replace(one, at_s=at_s), replace(other, at_s=at_s)),
        SOON,
        _alarms(("ALARM", "OK", "OK", "OK"), "a"),
        _alarms(("ALARM", "OK", "OK", "OK"), "b"),
    )
    one = _alarm_signals().map(lambda signal: (signal,))
    begun = st.builds(
        lambda at_s: (Signal(at_s, "ALARM", "a"), Signal(at_s + 1, "ALARM", "b")), SOON
    )
    return st.one_of(one, one, one, two, begun)


def _alarms(what: tuple[str, ...], name: str) -> st.SearchStrategy[Signal]:
    return st.builds(Signal, st.just(0), st.sampled_from(what), st.just(name))


def _beside() -> st.SearchStrategy[Plan]:
    """Alarms come while a person's order is on its way, which the provider then rejects."""
    return st.builds(
        lambda seed, at_s, after_s, more, what: Plan(
            seed,
            max_data_loss_s=3600,
            signals=(
                Signal(at_s, "fail over, overriding"),
                *(Signal(at_s + one, "ALARM", "b") for one in after_s),
                *more,
            ),
            faults=(Fault("provider failover", 1, what),),
        ),
        _seeds(),
        st.integers(1, 10 * MINUTE),
        st.lists(st.integers(0, 7), min_size=1, max_size=2),
        st.lists(_alarm_signals(), max_size=1),
        st.sampled_from(("late answer 429", "late answer 429", "slow", "fail", "hang")),
    )


def _series() -> st.SearchStrategy[Plan]:
    """An order that comes to nothing, or so it seems; what people and the incident do then."""
    first = st.sampled_from(("lost on the way", "lose the answer", "odd after", "answer 307"))
    later = st.sampled_from(
        ("answer 429", "lost on the way", "lose the answer", "fail", "kill after")
    )
    alarms = st.lists(
        st.builds(Signal, st.integers(0, 24 * MINUTE), st.just("ALARM"), ALARMS), max_size=2
    )
    when = st.integers(4 * MINUTE, 34 * MINUTE)
    person = st.builds(Signal, when, st.sampled_from(PEOPLE))
    document = st.builds(Signal, when, st.just("document"), st.sampled_from(DOCUMENTS))
    late = st.one_of(person, person, document)
    overriding = st.builds(
        Signal, st.integers(17 * MINUTE, 32 * MINUTE), st.just("fail over, overriding")
    )

    def built(seed: int, variants: Any, kinds: Any, more: Any, **fields: Any) -> Plan:
        faults = tuple(Fault("provider failover", n, kind) for n, kind in enumerate(kinds, 1))
        signals = (Signal(10, "ALARM", "a"), *(one for some in more for one in some))
        return Plan(seed, variants, signals=signals, faults=faults, **fields)

    slow = (
        {"order_delay_s": 1200},
        {"order_delay_s": 4200},
        {"order_delay_s": 1200, "shows_switching": False},
        {"second_order": "accepted", "order_delay_s": 4200},
    )
    return st.builds(
        built,
        _seeds(),
        st.sampled_from(({}, *slow, *slow)),
        st.tuples(first, later, later),
        st.tuples(alarms, st.lists(overriding, min_size=1, max_size=2), st.lists(late, max_size=2)),
        has_probe=st.booleans(),
        max_data_loss_s=st.just(3600),
        down_for_s=st.sampled_from((0, 120)),
        garbage=st.sampled_from((NO_EVENTS, NO_EVENTS, ())),
        repeats=st.sampled_from((False, False, False, True)),
        forgets=st.booleans(),
    )


def _races() -> st.SearchStrategy[Plan]:
    """An order is executed late in the very moment in which a person orders anew.

    The order leaves as soon as its alarm comes, and is executed just before one of reconcile's
    looks, while the person's evidence, read a moment before, is still on its way.
    """

    def built(seed: int, minute: int, before_s: int, executed_s: float, first: str) -> Plan:
        look_s = minute * MINUTE
        return Plan(
            seed,
            {"order_delay_s": look_s - ALARMED_S - executed_s, "switching_s": 40},
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(14 * MINUTE, "ALARM", "b"),
                Signal(look_s - before_s, "fail over, overriding"),
            ),
            faults=(Fault("provider failover", 1, first),),
            garbage=NO_EVENTS,
            windows=(
                Window(
                    "provider",
                    TROUBLE_AT_S + look_s - before_s,
                    TROUBLE_AT_S + look_s,
                    "slow answer",
                ),
            ),
        )

    return st.builds(
        built,
        _seeds(),
        st.integers(18, 24),
        st.integers(1, 6),
        st.floats(1, 7),
        st.sampled_from(("lose the answer", "odd after", "answer 307")),
    )


def _forgetful() -> st.SearchStrategy[Plan]:
    """Nobody acknowledges before the next outage."""
    return st.builds(
        Plan,
        seed=_seeds(),
        variants=st.sampled_from(VARIANTS),
        has_probe=st.booleans(),
        signals=st.lists(_signals(), min_size=1, max_size=2).map(tuple),
        faults=st.lists(_faults(), max_size=2).map(tuple),
        forgets=st.just(value=True),
    )


def _neighbours() -> st.SearchStrategy[Plan]:
    """One pair has its own trouble, and its neighbour must not mind."""
    garbage = st.builds(
        Garbage, st.sampled_from(("detail", "list", "cluster")), st.sampled_from((*GARBAGE,)),
        st.just(0), st.just(3600),
    )  # fmt: skip
    return st.builds(
        Plan,
        seed=_seeds(),
        trouble=st.sampled_from(("nothing", "production dies")),
        neighbour=st.one_of(
            st.sampled_from(NEIGHBOURS), st.sampled_from(DAMAGED).map("item {}".format)
        ),
        garbage=st.lists(garbage, min_size=1, max_size=2).map(tuple),
        signals=st.lists(_signals(), max_size=2).map(tuple),
    )


def _crowds() -> st.SearchStrategy[Plan]:
    """A region's outage: many pairs in the same moment."""
    return st.builds(
        Plan, seed=_seeds(), crowd=st.integers(10, 20), signals=st.just((Signal(5, "ALARM", "a"),))
    )


def _seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32 - 1)


def _signals() -> st.SearchStrategy[Signal]:
    alarm = st.builds(Signal, SOON, st.sampled_from(("ALARM",) * 4 + ("OK",)), ALARMS)
    person = st.builds(Signal, st.integers(0, 30 * MINUTE), st.sampled_from(PEOPLE))
    document = st.builds(Signal, SOON, st.just("document"), st.sampled_from(DOCUMENTS))
    return st.one_of(alarm, alarm, alarm, person, person, document)


def _alarm_signals() -> st.SearchStrategy[Signal]:
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


def _faults() -> st.SearchStrategy[Fault]:
    nth, early = st.integers(1, 12), st.integers(1, 3)

    def of(steps: tuple[str, ...], which: Any, *kinds: str) -> st.SearchStrategy[Fault]:
        return st.builds(Fault, st.sampled_from(steps), which, st.sampled_from(kinds))

    calls = of(CALLS, nth, *EVERYWHERE, "throttle")
    in_part = st.builds(Fault, st.just("table unprocessed"), nth, st.just("in part"))
    transactions = of(TRANSACTIONS, early, *EVERYWHERE, "throttle", "conflict")
    often = of(TRANSACTIONS, nth, *EVERYWHERE, "throttle", "conflict")
    provider = of(PROVIDER_STEPS, nth, *EVERYWHERE, *HTTP, *STATUSES)
    order = of(PROVIDER_STEPS[:1], early, *EVERYWHERE, *HTTP, *STATUSES)
    topic = of(("topic publish",), nth, *EVERYWHERE, "never", "throttle")
    others = of(OTHERS, nth, "throttle", "fail", "hang", "slow")
    return st.one_of(calls, in_part, transactions, often, provider, order, order, topic, others)


def _windows() -> st.SearchStrategy[Window]:
    def of(service: str, first: int, length: int, what: str) -> Window:
        began = TROUBLE_AT_S + first
        is_slow = what.endswith("slow")
        return Window("provider" if is_slow else service, began, began + length, what)

    services = st.sampled_from(("provider", "topic", "table", "parameters", "secrets", "lambda"))
    kinds = st.sampled_from(("fail", "fail", "hang", "hang after", "slow", "very slow"))
    lengths = st.sampled_from((30, 90, 420))
    return st.builds(of, services, st.integers(0, 900), lengths, kinds)


def _garbage() -> st.SearchStrategy[Garbage]:
    def of(operation: str, kind: str, first: int, length: int) -> Garbage:
        return Garbage(operation, kind, TROUBLE_AT_S + first, TROUBLE_AT_S + first + length)

    return st.builds(
        of,
        st.sampled_from(("detail", "list", "cluster", "cluster", "events", "failover")),
        st.sampled_from((*GARBAGE,)),
        st.integers(0, 900),
        st.sampled_from((90, 420)),
    )


_KINDS = (
    *(_ordinary,) * 22, *(_of_alarms,) * 12, *(_series,) * 12, *(_races,) * 3, *(_beside,) * 3,
    *(_forgetful,) * 3, *(_neighbours,) * 5, _crowds,
)  # fmt: skip
