"""Plans in which a person insists on other roles than the provider shows."""

from typing import Any

from hypothesis import strategies as st

from local.simulation.faults import Fault
from local.simulation.happenings import ALARMED_S, NO_EVENTS, SEEDS
from local.simulation.plan import MINUTE, Plan, Signal


def insisting() -> st.SearchStrategy[Plan]:
    """The first order comes to nothing, it seems, and holds; a person orders anew.

    Before that order is executed, which may be late and its answer may be lost, the first run is
    acknowledged with the other cluster as production.
    """

    def built(seed: int, minute: int, after_s: int, executed_s: int, kinds: Any) -> Plan:
        at_s = minute * MINUTE
        return Plan(
            seed,
            {"order_delay_s": executed_s},
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(at_s, "fail over, overriding the first"),
                Signal(at_s + after_s, "acknowledge the first, the other way round"),
            ),
            faults=tuple(Fault("provider failover", n, kind) for n, kind in enumerate(kinds, 1)),
            garbage=NO_EVENTS,
        )

    first = st.sampled_from(("lost on the way", "odd on the way"))
    second = st.sampled_from(("lose the answer", "odd after", "answer 307"))
    return st.builds(
        built,
        SEEDS,
        st.integers(18, 24),
        st.integers(20, 5 * MINUTE),
        st.sampled_from((900, 1200, 4200)),
        st.one_of(st.tuples(first), st.tuples(first, second), st.tuples(first, second)),
    )


def correcting() -> st.SearchStrategy[Plan]:
    """A person insists on the wrong cluster and corrects it later; production dies, or lives on."""

    def built(seed: int, trouble: str, at_s: int, after_s: int, what: str) -> Plan:
        return Plan(
            seed,
            trouble=trouble,
            max_data_loss_s=3600,
            down_for_s=300,
            signals=(
                Signal(ALARMED_S, what, "a" if what == "ALARM" else ""),
                Signal(at_s, "acknowledge the other"),
                Signal(at_s + after_s, "acknowledge"),
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("nothing", "production dies")),
        st.integers(0, 4 * MINUTE),
        st.integers(5, 4 * MINUTE),
        st.sampled_from(("ALARM", "verify")),
    )
