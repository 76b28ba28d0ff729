"""Plans in which the next outage comes while alarms may still be the last one's."""

from typing import Any

from hypothesis import strategies as st

from local.simulation.happenings import ALARMED_S, SEEDS, alarm_signals
from local.simulation.plan import MINUTE, Plan, Signal


def relapses() -> st.SearchStrategy[Plan]:
    """The next outage comes soon: acknowledged and armed again, or only the one, or neither."""

    def built(seed: int, minute: int, steps: tuple[str, ...], after_s: int, more: Any) -> Plan:
        """Each step follows the one before by a little more than a look of reconcile."""
        at_s = minute * MINUTE
        mended = tuple(Signal(at_s + 70 * n, what) for n, what in enumerate(steps))
        at_s += 70 * len(steps) + after_s
        return Plan(
            seed,
            max_data_loss_s=3600,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                *mended,
                Signal(at_s, "the new production dies"),
                Signal(at_s + ALARMED_S, "ALARM", "b"),
                *more,
            ),
        )

    mended = ("acknowledge", "production returns", "disaster recovery runs again")
    return st.builds(
        built,
        SEEDS,
        st.integers(14, 19),
        st.sampled_from((mended, mended, mended[:1], mended[1:], ("production returns", *mended))),
        st.sampled_from((0, 30, 150)),
        st.lists(alarm_signals(), max_size=1),
    )


def returns() -> st.SearchStrategy[Plan]:
    """After the failover the old production lives again; in a region that is dark its probe tells.

    Or somebody switches the roles back in the console.
    """

    def built(seed: int, trouble: str, what: str, minute: int, down_for_s: int) -> Plan:
        return Plan(
            seed,
            trouble=trouble,
            has_probe=True,
            max_data_loss_s=3600,
            down_for_s=down_for_s,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(minute * MINUTE - 60, "production returns"),
                Signal(minute * MINUTE, what),
            ),
        )

    back = ("production returns", "console failover", "console switchover")
    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("region goes dark", "region goes dark", "production dies")),
        st.sampled_from(back),
        st.integers(12, 20),
        st.sampled_from((0, 120)),
    )
