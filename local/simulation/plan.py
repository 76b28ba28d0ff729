"""What shall happen in a history: drawn by hypothesis, so that a failing one shrinks."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from local.simulation.faults import Fault, Window

MINUTE = 60
TROUBLE_AT_S = 6 * MINUTE  # by then the pair is known and armed

TROUBLES = ("production dies", "standby dies", "nothing", "probe path is cut", "region goes dark")
PEOPLE = (
    "fail over", "fail over, overriding", "acknowledge", "acknowledge the other", "verify",
    "pause", "resume", "pause all", "resume all",
    "console failover", "console switchover", "production returns", "standby returns",
)  # fmt: skip
DOCUMENTS = ("removed", "elsewhere", "broken", "observe", "back")
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"exchange": "role-words"},
    {"exchange": "never"},
    {"fails": True},
    {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
    {"abnormal_after_s": 600},
    {"requires_abnormal": True, "abnormal_after_s": 120},
    {"order_delay_s": 1200},
    {"order_delay_s": 4200},
    {"reverts_after_s": 60},
    {"reverts_after_s": 600},
    {"exchange_after_s": 900},
    {"switching_s": 1200},
    {"list_lag_s": 90},
    {"detail_lag_s": 90},
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
)
TABLE_STEPS = (
    "table incident", "table claim", "table outcome", "table notice", "table mark",
    "table put_item", "table update_item", "table query", "table get_item", "table batch_get_item",
)  # fmt: skip
PROVIDER_STEPS = (
    "provider failover", "provider detail", "provider list", "provider cluster", "provider events",
)  # fmt: skip
EVERYWHERE = ("kill before", "kill after", "fail", "lose the answer", "slow")


@dataclass(frozen=True)
class Signal:
    """Something that people, alarms or the console do, so many seconds after the trouble began."""

    at_s: int
    what: str
    name: str = ""


@dataclass(frozen=True)
class Plan:
    """One history before it happens."""

    seed: int = 0
    variants: dict[str, Any] = field(default_factory=dict)
    trouble: str = "production dies"
    has_probe: bool = False
    mode: str = "automatic"
    max_data_loss_s: int = 300
    down_for_s: int = 120
    signals: tuple[Signal, ...] = ()
    faults: tuple[Fault, ...] = ()
    windows: tuple[Window, ...] = ()
    missed_reconciles: frozenset[int] = frozenset()
    recovers: bool = False
    repeats: bool = False  # every event that nobody waits for is delivered twice


def plans() -> st.SearchStrategy[Plan]:
    """All histories worth looking at."""
    return st.builds(
        Plan,
        seed=st.integers(0, 2**32 - 1),
        variants=st.sampled_from(VARIANTS),
        trouble=st.sampled_from(TROUBLES[:1] * 5 + TROUBLES),
        has_probe=st.booleans(),
        mode=st.sampled_from(("automatic",) * 7 + ("observe",)),
        max_data_loss_s=st.sampled_from((300, 90, 3600)),
        down_for_s=st.sampled_from((120, 0, 300)),
        signals=st.lists(_signals(), min_size=1, max_size=5).map(tuple),
        faults=st.lists(_faults(), max_size=4).map(tuple),
        windows=st.lists(_windows(), max_size=2).map(tuple),
        missed_reconciles=st.frozensets(st.integers(6, 40), max_size=3),
        recovers=st.sampled_from((False, False, False, True)),
        repeats=st.sampled_from((False, False, False, True)),
    )


def _signals() -> st.SearchStrategy[Signal]:
    soon = st.integers(0, 20 * MINUTE)
    names = st.sampled_from(("dws-outage-a", "dws-outage-b"))
    alarm = st.builds(Signal, soon, st.sampled_from(("ALARM",) * 4 + ("OK",)), names)
    person = st.builds(Signal, st.integers(0, 30 * MINUTE), st.sampled_from(PEOPLE))
    document = st.builds(Signal, soon, st.just("document"), st.sampled_from(DOCUMENTS))
    return st.one_of(alarm, alarm, alarm, person, person, document)


def _faults() -> st.SearchStrategy[Fault]:
    nth, early = st.integers(1, 12), st.integers(1, 3)
    table = st.builds(
        Fault, st.sampled_from(TABLE_STEPS), nth, st.sampled_from((*EVERYWHERE, "throttle"))
    )
    transaction = st.builds(
        Fault,
        st.sampled_from(TABLE_STEPS[:5]),
        early,
        st.sampled_from((*EVERYWHERE, "throttle", "conflict")),
    )
    provider = st.builds(
        Fault,
        st.sampled_from(PROVIDER_STEPS),
        nth,
        st.sampled_from((*EVERYWHERE, "answer 503", "answer 500")),
    )
    order = st.builds(
        Fault,
        st.just("provider failover"),
        early,
        st.sampled_from((*EVERYWHERE, "answer 503", "answer 500")),
    )
    topic = st.builds(Fault, st.just("topic publish"), nth, st.sampled_from(EVERYWHERE))
    return st.one_of(table, transaction, provider, order, order, topic)


def _windows() -> st.SearchStrategy[Window]:
    def of(service: str, first: int, length: int) -> Window:
        began = TROUBLE_AT_S + first
        return Window(service, began, began + length)

    services = st.sampled_from(("provider", "topic", "table"))
    return st.builds(of, services, st.integers(0, 900), st.sampled_from((30, 90, 420)))
