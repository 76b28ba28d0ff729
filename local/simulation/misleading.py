"""Plans in which something says that production is down, or the pair at rest, and it is not so."""

from hypothesis import strategies as st

from local.simulation.faults import Garbage
from local.simulation.happenings import ALARMED_S, SEEDS
from local.simulation.plan import MINUTE, Plan, Signal
from local.simulation.provider import GARBAGE

_ALWAYS_S = 24 * 60 * MINUTE


def lagging() -> st.SearchStrategy[Plan]:
    """Someone fails it over in the console; the detail or the list shows that only later."""

    def built(seed: int, lagging: str, console_s: int, after_s: int, what: str) -> Plan:
        return Plan(
            seed,
            {lagging: 90, "switching_s": 600, "second_order": "accepted"},
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(
                Signal(console_s, "console failover"),
                Signal(console_s + after_s, what, "a" if what == "ALARM" else ""),
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("detail_lag_s", "list_lag_s")),
        st.integers(1, 50),
        st.integers(1, 80),
        st.sampled_from(("ALARM", "fail over", "fail over, overriding")),
    )


def mistaken() -> st.SearchStrategy[Plan]:
    """Production is alive; who says otherwise speaks of another cluster, or has no name for it."""

    def built(seed: int, how: str, kind: str, down_for_s: int, alarms: list[int]) -> Plan:
        return Plan(
            seed,
            trouble=how,
            has_probe=how == "names are not found",
            max_data_loss_s=3600,
            down_for_s=down_for_s,
            signals=(
                Signal(2, "disaster recovery turns abnormal"),
                *(Signal(ALARMED_S + at_s, "ALARM", "a") for at_s in alarms),
            ),
            garbage=(Garbage("production", kind, 0, _ALWAYS_S),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("nothing", "names are not found")),
        st.sampled_from(("a dead other cluster", "nothing", "a gateway's timeout")),
        st.sampled_from((0, 120)),
        st.lists(st.integers(0, 10 * MINUTE), max_size=1),
    )


def passed_on() -> st.SearchStrategy[Plan]:
    """The pair is failed over in the console; soon the new production dies as well."""

    def built(seed: int, at_s: tuple[int, ...], whose: str) -> Plan:
        console_s, died_s, seen_s, ordered_s = (sum(at_s[: one + 1]) for one in range(4))
        return Plan(
            seed,
            {"switching_s": 5},
            max_data_loss_s=3600,
            down_for_s=0,
            mode="observe",
            signals=(
                Signal(console_s, "console failover"),
                Signal(died_s, "the new production dies"),
                Signal(seen_s, whose),
                Signal(ordered_s, "fail over, overriding"),
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.tuples(
            st.integers(61, 200), st.integers(6, 150), st.integers(1, 150), st.integers(1, 150)
        ),
        st.sampled_from(("acknowledge", "acknowledge", "verify")),
    )


def garbled() -> st.SearchStrategy[Plan]:
    """An alarm while what the provider says is not fit to be stored or told."""

    def built(seed: int, trouble: str, operation: str, kind: str, to_s: int) -> Plan:
        return Plan(
            seed,
            trouble=trouble,
            max_data_loss_s=3600,
            signals=(Signal(ALARMED_S, "ALARM", "a"),),
            garbage=(Garbage(operation, kind, 0, to_s),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("production dies", "nothing")),
        st.sampled_from(("detail", "list", "cluster")),
        st.sampled_from((*GARBAGE,)),
        st.sampled_from((5 * MINUTE, _ALWAYS_S)),
    )
