"""Plans in which looks come late, or soon after each other, and what they show has changed."""

from hypothesis import strategies as st

from local.simulation.faults import Window
from local.simulation.happenings import ALARMED_S, SEEDS
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal

_ALONE = {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"}
# The list, then the probe, which is refused twice; then the clusters are asked, and answer late.
_LOOKED_S = 9


def overtaken() -> st.SearchStrategy[Plan]:
    """Reconcile's look at a dead production is held up; meanwhile that lives, and dies again."""

    def built(seed: int, waits_s: tuple[float, ...], down_for_s: int) -> Plan:
        back_s = MINUTE + _LOOKED_S + waits_s[0]
        called_s = back_s + waits_s[1]
        minute_s = TROUBLE_AT_S + MINUTE
        return Plan(
            seed,
            _ALONE,
            trouble="nothing",
            has_probe=True,
            max_data_loss_s=3600,
            down_for_s=down_for_s,
            signals=(
                Signal(5, "production dies again"),
                Signal(back_s, "production returns"),
                Signal(called_s, "ALARM", "a"),
                Signal(called_s + waits_s[2], "production dies again"),
            ),
            windows=(Window("provider", minute_s - 1, minute_s + _LOOKED_S, "slow answer"),),
        )

    waits = st.tuples(st.floats(0, 0.5), st.floats(0.1, 0.5), st.floats(1, 3))
    return st.builds(built, SEEDS, waits, st.sampled_from((10, 20, 30)))


def blinking() -> st.SearchStrategy[Plan]:
    """Production lives again after an alarm; looks come twice, and further alarms join."""

    def built(seed: int, back_s: int, joins_s: list[int], *, repeats: bool) -> Plan:
        joined = enumerate(joins_s)
        return Plan(
            seed,
            _ALONE,
            max_data_loss_s=3600,
            down_for_s=300,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(ALARMED_S + back_s, "production returns"),
                *(Signal(at_s, "ALARM", "bcd"[number]) for number, at_s in joined),
            ),
            repeats=repeats,
        )

    joins = st.lists(st.integers(20, 6 * MINUTE), max_size=3)
    return st.builds(built, SEEDS, st.integers(1, 100), joins, repeats=st.booleans())
