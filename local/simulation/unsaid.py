"""Plans in which what is decided is not said at once: SNS is away, or who decided has ended."""

from typing import Any

from hypothesis import strategies as st

from local.simulation.choices import TRANSACTIONS
from local.simulation.faults import Fault, Window
from local.simulation.happenings import ALARMED_S, signals
from local.simulation.plan import TROUBLE_AT_S, Plan, Signal


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
        st.integers(0, 2**32 - 1),
        st.sampled_from(("automatic", "automatic", "observe")),
        st.sampled_from((90, 200, 420)),
        st.sampled_from(("fail", "fail", "hang")),
        st.integers(2, 4),
        st.lists(signals(), max_size=2),
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
        st.integers(0, 2**32 - 1),
        st.sampled_from(("automatic", "observe")),
        st.sampled_from(("table incident", *TRANSACTIONS)),
        st.integers(1, 6),
        st.sampled_from(("kill after", "kill after", "kill before", "lose the answer")),
        st.lists(signals(), max_size=1),
    )
