"""Plans in which what is decided is not said at once: SNS is away, or who decided has ended."""

from typing import Any

from hypothesis import strategies as st

from local.simulation.choices import TRANSACTIONS
from local.simulation.faults import Fault, Window
from local.simulation.happenings import ALARMED_S, NO_EVENTS, SEEDS, alarm_signals, signals
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal


def unsaid() -> st.SearchStrategy[Plan]:
    """When SNS is back, what it refuses comes before what it would take."""

    def built(seed: int, mode: str, length_s: int, how: str, nth: int, more: Any) -> Plan:
        return Plan(
            seed,
            mode=mode,
            max_data_loss_s=3600,
            signals=(Signal(ALARMED_S, "ALARM", "a"), *more),
            faults=(Fault("topic publish", nth, "never"),),
            windows=(Window("topic", TROUBLE_AT_S, TROUBLE_AT_S + length_s, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("automatic", "automatic", "observe")),
        st.sampled_from((90, 200, 420)),
        st.sampled_from(("fail", "fail", "hang")),
        st.integers(2, 4),
        st.lists(signals(), max_size=2),
    )


def unready() -> st.SearchStrategy[Plan]:
    """A pair that was ready is ready no more, and who was about to say so has ended."""

    def built(seed: int, at_s: int, back_s: int, step: str, nth: int, how: str) -> Plan:
        return Plan(
            seed,
            trouble="nothing",
            signals=(Signal(at_s, "standby dies"), Signal(at_s + back_s, "standby returns")),
            faults=(Fault(step, nth, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.integers(8 * MINUTE, 22 * MINUTE),
        st.integers(11 * MINUTE, 20 * MINUTE),
        st.sampled_from(("table notice", "table notice", "table put_item", "table mark")),
        st.integers(1, 2),
        st.sampled_from(("kill before", "kill before", "kill after", "lose the answer")),
    )


def braked() -> st.SearchStrategy[Plan]:
    """A person pauses the pair, or all of them, and resumes; one of these calls does not end."""

    def built(seed: int, what: str, at_s: int, step: str, nth: int, how: str) -> Plan:
        return Plan(
            seed,
            trouble="nothing",
            signals=(Signal(at_s, f"pause{what}"), Signal(2 * at_s, f"resume{what}")),
            faults=(Fault(step, nth, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("", " all")),
        st.integers(MINUTE, 10 * MINUTE),
        st.sampled_from(("table standing", "table notice", "table put_item")),
        st.integers(1, 2),
        st.sampled_from(("kill before", "kill after", "lose the answer")),
    )


def too_late() -> st.SearchStrategy[Plan]:
    """While the table is away, a queue gives an alarm again and again, until it is too old."""

    def built(seed: int, via: str, away_s: int, how: str, more: Any) -> Plan:
        return Plan(
            seed,
            trouble="nothing",
            signals=(Signal(ALARMED_S, "ALARM", "a", via), *more),
            windows=(Window("table", TROUBLE_AT_S, TROUBLE_AT_S + away_s, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("queue", "queue", "bus")),
        st.integers(10 * MINUTE, 18 * MINUTE),
        st.sampled_from(("hang", "hang", "fail")),  # what hangs comes again later
        st.lists(alarm_signals(), max_size=1),
    )


def unstored() -> st.SearchStrategy[Plan]:
    """The provider has taken the order, which cannot be stored at once, and executes it late."""

    def built(seed: int, delay_s: int, nth: int, how: str, more: Any) -> Plan:
        return Plan(
            seed,
            {"order_delay_s": delay_s, "shows_switching": False},
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(Signal(ALARMED_S, "ALARM", "a"), *more),
            faults=(Fault("table outcome", nth, how),),
            garbage=NO_EVENTS,
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from((1200, 4200)),
        st.sampled_from((1, 1, 1, 2)),
        st.sampled_from(("fail", "throttle", "hang", "lose the answer", "kill before")),
        st.lists(alarm_signals(), max_size=1),
    )


def cut_short() -> st.SearchStrategy[Plan]:
    """An invocation ends just after it has stored something, and little else happens."""

    def built(seed: int, mode: str, step: str, nth: int, how: str, more: Any) -> Plan:
        return Plan(
            seed,
            mode=mode,
            max_data_loss_s=3600,
            signals=(Signal(ALARMED_S, "ALARM", "a"), *more),
            faults=(Fault(step, nth, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("automatic", "observe")),
        st.sampled_from(("table incident", *TRANSACTIONS)),
        st.integers(1, 6),
        st.sampled_from(("kill after", "kill after", "kill before", "lose the answer")),
        st.lists(signals(), max_size=1),
    )
