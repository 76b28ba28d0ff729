"""Plans in which an alarm turns while its pair's document is gone or bad, or has just been."""

from typing import Any

from hypothesis import strategies as st

from local.simulation.happenings import ALARMED_S, SEEDS, alarm_signals
from local.simulation.plan import Plan, Signal


def ending() -> st.SearchStrategy[Plan]:
    """An incident orders nothing for now; its alarm is OK while nobody can tell whose it is."""

    def built(seed: int, mode: str, how: str, waits_s: tuple[int, ...], more: Any) -> Plan:
        gone_s = ALARMED_S + waits_s[0]
        over_s = gone_s + waits_s[1]
        return Plan(
            seed,
            mode=mode,
            down_for_s=300,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(gone_s, "document", how),
                Signal(over_s, "OK", "a"),
                Signal(over_s + waits_s[2], "document", "back"),
                *more,
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("observe", "automatic")),
        st.sampled_from(("removed", "removed", "invalid")),
        st.tuples(st.integers(5, 60), st.integers(5, 90), st.integers(5, 120)),
        st.lists(alarm_signals(), max_size=1),
    )


def over_when_due() -> st.SearchStrategy[Plan]:
    """The document is good again just before production has been down for long enough."""

    def built(seed: int, waits_s: tuple[int, ...], how: str, before_s: int) -> Plan:
        gone_s = ALARMED_S + waits_s[0]
        over_s = gone_s + waits_s[1]
        back_s = over_s + waits_s[2]
        return Plan(
            seed,
            {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
            max_data_loss_s=3600,
            down_for_s=back_s - ALARMED_S + before_s,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(gone_s, "document", how),
                Signal(over_s, "OK", "a"),
                Signal(back_s, "document", "back"),
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.tuples(st.integers(3, 20), st.integers(32, 45), st.integers(3, 30)),
        st.sampled_from(("removed", "invalid", "invalid")),
        st.integers(3, 40),
    )


def listed_again() -> st.SearchStrategy[Plan]:
    """An alarm comes just after its document, while some may still know that none lists it."""

    def built(seed: int, trouble: str, at_s: tuple[int, ...], more: Any) -> Plan:
        gone_s, back_s, after_s = at_s
        return Plan(
            seed,
            trouble=trouble,
            signals=(
                Signal(gone_s, "document", "removed"),
                Signal(gone_s + back_s, "document", "back"),
                Signal(gone_s + back_s + after_s, "ALARM", "a"),
                *more,
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("nothing", "nothing", "production dies")),
        st.tuples(st.integers(0, 90), st.integers(1, 60), st.integers(1, 35)),
        st.lists(alarm_signals(), max_size=1),
    )
